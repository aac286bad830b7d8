/**
 * The labelled world as files: `hubspot/` and `salesforce/` in the CRMs' own field names (`accord sandbox --seed DIR`), and `expected.jsonl`.
 * Run after a change of the cases: `node test/flows/labelled-world/render.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ACCOUNT_ID, labelledWorld, nameOfRecord } from './ids.ts'

/** File name → text, one JSON object a line. */
export function files(): Readonly<Record<string, string>> {
  const world = labelledWorld()
  const rows = (object: string): unknown[] => world.filter(({ reference }) => reference.object === object).map(({ row }) => row)
  return {
    'hubspot/contacts.jsonl': lines(rows('contacts')),
    'salesforce/Account.jsonl': lines([{ Id: ACCOUNT_ID, Name: 'Menuiserie des Tilleuls', CreatedDate: '2020-01-06T09:00:00.000+0000' }]),
    'salesforce/Contact.jsonl': lines(rows('Contact')),
    'salesforce/Lead.jsonl': lines(rows('Lead')),
    'expected.jsonl': lines(
      world.map(({ reference, person, why, context, label, linked }) => ({
        record: nameOfRecord(reference),
        person,
        why,
        ...(Object.keys(context).length === 0 ? {} : { context }),
        ...label,
        linked,
      })),
    ),
  }
}

function lines(items: readonly unknown[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('')
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(files())) {
    const path = join(import.meta.dirname, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

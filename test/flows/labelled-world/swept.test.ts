import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stage, type Scene } from '../scene.ts'
import { storedRows, type StoredRow } from '../stored.ts'

type Label = { record: string; findings: string[]; context?: unknown; linked: string[] }

const folder = fileURLToPath(new URL('.', import.meta.url))

/** The same people as in labels.test.ts, but pulled over HTTP, stored, and written back. */
describe('the labelled world, swept', () => {
  let scene: Scene
  let rows: ReadonlyMap<string, StoredRow>
  let labels: Label[]
  beforeAll(async () => {
    labels = (await readFile(`${folder}expected.jsonl`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Label)
    scene = await stage({ seedDir: folder })
    const landscape = await scene.open({ asOf: '2026-11-21' })
    try {
      await landscape.provision(false, new AbortController().signal)
      const sweep = (write: boolean) =>
        landscape.sweep({ full: false, keep: true, write, progress: () => undefined }, new AbortController().signal)
      const summaries = await sweep(false)
      expect(summaries.map(({ connection, records, error }) => ({ connection, records, error }))).toEqual([
        { connection: 'hubspot', records: labels.filter((label) => label.record.startsWith('hubspot:')).length, error: undefined },
        { connection: 'salesforce', records: labels.filter((label) => label.record.startsWith('salesforce:')).length, error: undefined },
      ])
      rows = await storedRows(landscape.db)
      // Writing settles some of it: an opt-out that was set elsewhere alone is set here, too.
      await sweep(true)
    } finally {
      await landscape.close()
    }
  })
  afterAll(() => scene.close())

  it('has every expected finding, and no other', () => {
    // Requests and suppressions are not in a CRM: labels.test.ts gives them by hand.
    const told = labels.filter((label) => label.context === undefined)
    expect(told.length).toBeGreaterThan(220)
    const found = told.map(({ record }) => [record, rulesOf(rows.get(refOf(record)))])
    expect(found).toEqual(told.map(({ record, findings }) => [record, [...findings].sort()]))
  })

  it('shows the findings in the CRM itself', async () => {
    const written = await scene.crm.row(
      'Contact',
      labels.find((label) => label.record.startsWith('salesforce:Contact:') && label.findings.length > 0)!.record.split(':')[2]!,
    )
    expect(written).toMatchObject({
      Accord_Status__c: expect.stringMatching(/^(attention|blocked)$/),
      Accord_Findings__c: expect.stringMatching(/\w+\.\w+/),
    })
  })
})

function refOf(record: string): string {
  return record.split(':').slice(1).join('/')
}

function rulesOf(row: StoredRow | undefined): string[] {
  return (row?.verdict?.findings ?? []).map(([rule]) => rule).sort()
}

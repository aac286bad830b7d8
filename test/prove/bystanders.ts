/** Records of people whom nobody asked to erase: whole, so that any touch shows. */
import type { Sandbox } from '../../src/sandbox/server.ts'
import { useCrms } from '../flows/crms.ts'

/** By a name of each record: everything that its CRM tells of it. `but`: fields that a sweep may write meanwhile, and what tells that it has. */
export async function everybodyElse(
  sandbox: Pick<Sandbox, 'hubspot' | 'salesforce' | 'control'>,
  { contacts, rows, but }: { contacts: readonly string[]; rows: readonly string[]; but?: RegExp },
): Promise<ReadonlyMap<string, string>> {
  const crm = useCrms(sandbox)
  const records = new Map<string, string>()
  const textOf = (record: object | null): string =>
    JSON.stringify(record && Object.entries(record).filter(([name]) => but?.test(name) !== true))
  for (const id of contacts) records.set(`hubspot contact ${id}`, textOf(await crm.contact(id)))
  for (const id of rows) records.set(`salesforce Contact ${id}`, textOf(await crm.row('Contact', id)))
  return records
}

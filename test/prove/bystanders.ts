/** Records of people whom nobody asked to erase: whole, with their dates of change, so that any touch shows. */
import type { Sandbox } from '../../src/sandbox/server.ts'
import { useCrms } from '../flows/crms.ts'

/** By a name of each record: everything that its CRM tells of it. */
export async function everybodyElse(
  sandbox: Pick<Sandbox, 'hubspot' | 'salesforce' | 'control'>,
  { contacts, rows }: { contacts: readonly string[]; rows: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const crm = useCrms(sandbox)
  const records = new Map<string, string>()
  for (const id of contacts) records.set(`hubspot contact ${id}`, JSON.stringify(await crm.contact(id)))
  for (const id of rows) records.set(`salesforce Contact ${id}`, JSON.stringify(await crm.row('Contact', id)))
  return records
}

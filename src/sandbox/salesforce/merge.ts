/** Merging two or three records: losers go to the bin and name the winner, what pointed to them points to the winner. Salesforce docs: merge(). */
import { changeRecord, liveRow } from './dml.ts'
import { checkInput } from './write-cells.ts'
import { childrenOf } from './cascade.ts'
import { DELETED, setStage, writeRow } from './table.ts'
import { isPerson } from './person-account.ts'
import { parseId } from './ids.ts'
import { readOf } from './after-write.ts'
import { recordError } from './fault.ts'
import { stamp, touched } from './stamp.ts'
import { tableOf } from './grants.ts'
import type { Input } from './write-cells.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

export type Merged =
  | { ok: true; id: string; mergedRecordIds: string[]; updatedRelatedIds: string[] }
  | { ok: false; id: string | null; errors: RecordError[] }

const MOST_LOSERS = 2
/** unverified: codes and words of these refusals. */
const REFUSED = {
  count: recordError('MERGE_FAILED', 'A merge takes one winner and one or two losers'),
  itself: recordError('MERGE_FAILED', 'A record cannot be merged with itself'),
  kinds: recordError('INVALID_PERSON_ACCOUNT_OPERATION', 'A person account can only be merged with person accounts'),
}

/** `input` are fields to set on the winner, as the caller of merge() sends them with its Id. */
export function mergeRecords(org: Org, table: Table, winner: string, losers: readonly string[], input: Input = {}): Merged {
  const { object } = table
  const refuse = (error: RecordError): Merged => ({ ok: false, id: parseId(winner) ?? null, errors: [error] })
  if (!object.mergeable) return refuse(recordError('INVALID_TYPE_FOR_OPERATION', `entity type ${object.name} does not support merge`))
  if (losers.length === 0 || losers.length > MOST_LOSERS) return refuse(REFUSED.count)
  const found: { row: number; id: string }[] = []
  for (const text of [winner, ...losers]) {
    const each = liveRow(org, table, text)
    if ('statusCode' in each) return refuse(each)
    found.push(each)
  }
  const [master, ...rest] = found
  if (master === undefined || new Set(found.map(({ id }) => id)).size !== found.length) return refuse(REFUSED.itself)
  if (new Set(found.map(({ row }) => isPerson(org, table, row))).size > 1) return refuse(REFUSED.kinds)
  const { cells, errors } = checkInput(org, table, input, 'update')
  if (errors.length > 0) return { ok: false, id: master.id, errors }
  const individual = chosenIndividual(org, table, [master, ...rest])
  if (individual !== undefined) cells.set('IndividualId', individual)
  const updatedRelatedIds = rest.flatMap((loser) => absorb(org, table, master.id, loser))
  changeRecord(org, table, master.row, cells)
  return { ok: true, id: master.id, mergedRecordIds: rest.map(({ id }) => id), updatedRelatedIds }
}

/** The master's Individual stays, unless the org prefers the one that changed last (unverified: by which setting). */
function chosenIndividual(org: Org, table: Table, merged: readonly { row: number }[]): string | undefined {
  const organization = tableOf(org, 'Organization')
  const individuals = org.tables.get('individual')
  if (!table.object.byName.has('individualid') || individuals === undefined) return undefined
  if (readOf(organization, 0, 'PreferencesAutoSelectIndividualOnMerge') !== true) return undefined
  let chosen: { id: string; at: number } | undefined
  for (const { row } of merged) {
    const id = readOf(table, row, 'IndividualId')
    const at = typeof id === 'string' ? individuals.rows.get(id) : undefined
    const changed = at === undefined ? null : readOf(individuals, at, 'LastModifiedDate')
    if (typeof id === 'string' && typeof changed === 'number' && (chosen === undefined || changed > chosen.at)) chosen = { id, at: changed }
  }
  return chosen?.id
}

/** The loser's children, and then the loser itself; of a person account its Contact's too. Returns the ids of the children. */
function absorb(org: Org, table: Table, winner: string, loser: { row: number; id: string }): string[] {
  const moved: string[] = []
  const contact = table.object.name === 'Account' && isPerson(org, table, loser.row) ? readOf(table, loser.row, 'PersonContactId') : null
  const winnerRow = table.rows.get(winner)
  const winnerContact = winnerRow === undefined ? null : readOf(table, winnerRow, 'PersonContactId')
  for (const { child, field, row } of childrenOf(org, table, loser.id)) {
    if (contact !== null && child.ids[row] === contact) continue
    writeRow(child, row, [[field.name, winner], ...touched(org, child.object)])
    moved.push(child.ids[row] ?? '')
  }
  writeRow(table, loser.row, [['MasterRecordId', winner], ...touched(org, table.object)])
  setStage(table, loser.row, DELETED, { deletedAt: stamp(org), purgedAt: null, root: loser.id })
  if (typeof contact !== 'string' || typeof winnerContact !== 'string') return moved
  const contacts = tableOf(org, 'Contact')
  const row = contacts.rows.get(contact)
  return row === undefined ? moved : [...moved, ...absorb(org, contacts, winnerContact, { row, id: contact })]
}

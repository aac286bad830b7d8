/** A person account is an Account, and behind it a Contact that nobody can delete: what hangs on the person hangs on the one or on the other. */
import type { RecordRef } from '../connector.ts'
import { isDeletedRow, rowsWith, textAt } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/** Key prefix of accounts. */
const accountPrefix = '001'

export function isAccount(id: string): boolean {
  return id.startsWith(accountPrefix)
}

/** By id of the Contact, that of its account. `unseen`: live accounts whose Contact this user may not see. `ids`: of `refs`, checked. */
export async function contactsBehind(
  org: Org,
  refs: readonly RecordRef[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ accounts: ReadonlyMap<string, string>; unseen: readonly string[] }> {
  const values = refs.flatMap(({ object }, i) => (object === 'Account' ? [ids[i] ?? ''] : []))
  const accounts = new Map<string, string>()
  const unseen: string[] = []
  for (const found of await rowsWith(org, 'Account', { fields: ['PersonContactId'], any: ['Id'], values }, signal)) {
    const contact = recordId(textAt(found, 'PersonContactId') ?? '', null)
    if (contact !== null) accounts.set(contact, found.id)
    else if (!isDeletedRow(found)) unseen.push(found.id)
  }
  return { accounts, unseen }
}

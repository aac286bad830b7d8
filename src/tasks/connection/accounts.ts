/** Is a connection still the account (portal, organisation) that it was? Ids of records mean nothing anywhere else. */
import type { Kysely } from 'kysely'
import { ConnectorError, type Connector } from '../../connectors/connector.ts'
import { loadAccount, loadOtherIds, noteAccount, noteGrant, type KnownAccount, type SeenAccount } from '../../store/accounts.ts'
import type { Lost } from '../../core/erasure/lost.ts'
import { loadLoss, loadLossOf } from '../../store/connection-loss.ts'
import type { Tables } from '../../store/tables.ts'

export type Linkable = { name: string; crm: string; connector: Pick<Connector, 'account' | 'grant'> }
/** `configured`: every id of connections.yaml. `note`: the first account that a connection shows becomes its own. */
export type AccountOptions = { configured: readonly string[]; note: boolean }

/** Another account than the one that is stored. */
export class OtherAccount extends ConnectorError {
  override name = 'OtherAccount'
}

/** The account, once it is sure that it is the right one; null: nothing is known of this connection, and nothing was noted. */
export async function settleAccount(
  db: Kysely<Tables>,
  { name, crm, connector }: Linkable,
  { configured, note }: AccountOptions,
  signal: AbortSignal,
): Promise<string | null> {
  await refuseLost(db, name)
  const known = await loadAccount(db, name)
  const grant = connector.grant ?? null
  const isGranted = known !== null && known.crm === crm && grant !== null && known.grant === grant
  const seen = { connection: name, crm, account: isGranted ? known.account : await connector.account(signal) }
  await refuseLostAccount(db, seen)
  if (known !== null) refuseOther(seen, known)
  const others = await loadOtherIds(db, seen)
  refuseTwin(
    seen,
    others.filter((one) => configured.includes(one)),
  )
  if (known?.forgotten !== false) {
    refuseFormer(
      seen,
      others.filter((one) => !configured.includes(one)),
    )
    if (!note) return null
    await noteAccount(db, seen)
    refuseOther(seen, (await loadAccount(db, name))!)
  }
  if (note && grant !== null && !isGranted) await noteGrant(db, name, grant)
  return seen.account
}

/** The same for whoever only looks: why it would be refused, or null. */
export async function accountProblem(
  db: Kysely<Tables>,
  linked: Linkable,
  configured: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await settleAccount(db, linked, { configured, note: false }, signal)
    return null
  } catch (error) {
    if (error instanceof OtherAccount) return error.message
    throw error
  }
}

/** What to do about a connection that shows another account; null: it is the one that is known. */
function otherAccount(seen: SeenAccount, known: KnownAccount): string | null {
  if (seen.crm === known.crm && seen.account === known.account) return null
  const { connection, account } = seen
  const one = `${connection} is the ${seen.crm} account ${account} now`
  if (known.forgotten)
    return `${one}, and this id was that of account ${known.account}, which was forgotten but for its refusals: give account ${account} an id of its own in connections.yaml`
  return (
    `${one}, and what is stored of it is of account ${known.account}: nothing is read or written. ` +
    `Put the credentials of ${known.account} back, or give account ${account} an id of its own in connections.yaml`
  )
}

function refuseOther(seen: SeenAccount, known: KnownAccount): void {
  const message = otherAccount(seen, known)
  if (message !== null) throw new OtherAccount('refused', message)
}

/** What was under way went on without it, and people were told that it is gone: that it is not stands in the ledger before anybody works there. */
async function refuseLost(db: Kysely<Tables>, connection: string): Promise<void> {
  const lost = await loadLoss(db, connection)
  if (lost === null) return
  throw new OtherAccount(
    'refused',
    `${connection} ${declaredLost(lost)} ` +
      `Take it out of connections.yaml, or, if its account is there after all, run "accord connection regained ${connection}"`,
  )
}

/** Under another id it is the same account. */
async function refuseLostAccount(db: Kysely<Tables>, { connection, ...seen }: SeenAccount): Promise<void> {
  const lost = await loadLossOf(db, seen)
  if (lost === null) return
  throw new OtherAccount(
    'refused',
    `${connection} is the ${seen.crm} account ${seen.account}, which as ${lost.connection} ${declaredLost(lost)} ` +
      `If it is there after all, give it that id again in connections.yaml and run "accord connection regained ${lost.connection}"`,
  )
}

function declaredLost({ at }: Lost): string {
  return `was declared lost for good on ${new Date(at).toISOString().slice(0, 10)}, and requests have gone on without it: nothing is read or written.`
}

/** Everything of such an account would be read, judged, written and erased twice. */
export function twinMessage({ connection, crm, account }: SeenAccount, others: readonly string[]): string {
  return (
    `${[connection, ...others].join(' and ')} of connections.yaml are one and the same ${crm} account ${account}: nothing is read or written over ${connection}. ` +
    `Leave one of them there (several objects are one connection), or give the other the credentials of its own account`
  )
}

function refuseTwin(seen: SeenAccount, twins: readonly string[]): void {
  if (twins.length > 0) throw new OtherAccount('refused', twinMessage(seen, twins))
}

/** One that was known under another name must not be taken for a second CRM. */
function refuseFormer({ connection, crm, account }: SeenAccount, former: readonly string[]): void {
  if (former.length === 0) return
  throw new OtherAccount(
    'refused',
    `${connection} is the ${crm} account ${account} that was swept as ${former.join(', ')}, which connections.yaml no longer has: ` +
      `run "accord connection rename ${former[0]} ${connection}" to keep what is known of it, or "accord connection forget ${former[0]}"`,
  )
}

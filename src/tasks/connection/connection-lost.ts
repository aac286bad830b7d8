/**
 * A CRM is gone for good, its account closed or its contract ended: nobody can look or erase there any more. Somebody says so and answers for it; whatever is under
 * way goes on without it, and nothing there ever counts as erased or looked at (GDPR art. 5(2)).
 */
import type { Kysely } from 'kysely'
import { decide as decideChange } from '../../core/request/change-decide.ts'
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { evolve as evolveErasure } from '../../core/erasure/evolve.ts'
import type { ErasureEvent } from '../../core/erasure/erasure.ts'
import type { Lost } from '../../core/erasure/lost.ts'
import { decideCase } from '../../core/retention/act-decide.ts'
import type { Actor } from '../../core/request/request.ts'
import { casesSeenIn, deleteLoss, saveLoss, unfinishedLists } from '../../store/connection-loss.ts'
import { StoreError } from '../../store/error.ts'
import { appendBlock } from '../../store/ledger.ts'
import { takeTurn } from '../../store/records.ts'
import { forgetReappearances } from '../../store/reappearances.ts'
import { listNotClosed } from '../../store/request-lists.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { loadCases, loadList, type StoredCase } from '../../store/retention-lists.ts'
import { wakeLists } from '../../store/retention-turns.ts'
import type { Tables } from '../../store/tables.ts'
import { tellOf as tellOfChange } from '../change/change.ts'
import { changeComeback, endComebacks } from '../comeback/file.ts'
import { openPerson, type ErasureDeps } from '../erasure/deps.ts'
import { ownMarks } from '../erasure/suppress.ts'
import { announce } from '../notify/notices.ts'
import { asChange, asErasure, changeRequest, type Change } from '../request/file.ts'
import { changeList, type CaseChange } from '../retention/file.ts'
import { endOf } from '../retention/what-if.ts'
import { inTurn, type TurnShell } from '../turn.ts'

type Deps = Pick<ErasureDeps, 'shell' | 'policy' | 'recipients'>
/** Ids of what goes on without the connection. `comebacks`: of cases. `damagedLists`: of which nobody can read whether they count on it. */
export type Affected = Requests & Lists & { readonly comebacks: readonly string[] }
type Lists = { readonly lists: readonly string[]; readonly damagedLists: readonly string[] }
/** `damaged`: of which nobody can read whether they count on it. */
export type Requests = { readonly requests: readonly string[]; readonly damaged: readonly string[] }

/** What a declaration would change, by what is stored now. Changes nothing. */
export async function affectedBy(db: Kysely<Tables>, lost: Lost): Promise<Affected> {
  const requests = await changedBy(db, { type: 'lose', lost }, lost.at)
  return { ...requests, ...(await listsChangedBy(db, lost)), comebacks: await casesSeenIn(db, lost.connection) }
}

/** First of all, and beside nobody: whoever opens the connection from now on is refused. */
export function declareLoss(db: Kysely<Tables>, lost: Lost): Promise<void> {
  return db.transaction().execute(async (trx) => {
    await takeTurn(trx)
    await saveLoss(trx, lost)
    await appendBlock(trx, [JSON.stringify(['connection', lost.connection, 'lost', lost.because, lost.by])], iso(lost.at))
  })
}

/** Safe to repeat: whoever dies half-way leaves the rest to the next time, and until then the connection cannot be forgotten. */
export async function loseConnection(deps: Deps, lost: Lost): Promise<Affected> {
  const affected = await affectedBy(deps.shell.db, lost)
  // First, so that no request that goes on without it ends a case as erased. What is left of a case is looked at now: until now no look at it could end.
  for (const id of affected.comebacks) await inTurn(deps.shell, (turn) => changeComeback(turn, id, { type: 'lose', lost }, turn.now()))
  for (const id of affected.requests) await told(deps, id, { type: 'lose', lost })
  for (const id of affected.lists) await leaveList(deps, id, lost)
  await inTurn(deps.shell, async (turn) => {
    await forgetReappearances(turn.db, lost.connection)
    await wakeLists(turn.db, iso(turn.now()))
  })
  await deps.shell.sign()
  return affected
}

/** Open requests that go on without it: they carry the loss along, also once the connection is forgotten. */
export function requestsWithout(db: Kysely<Tables>, connection: string, by: Actor): Promise<Requests> {
  return changedBy(db, { type: 'regain', by, connection }, 0)
}

/**
 * It is there after all. Requests that are still open take it up again, and none of them stays proved without a look there; whoever else was erased meanwhile is
 * seen again by its next sweep.
 */
export async function regainConnection(deps: Deps, connection: string, by: Actor): Promise<Requests> {
  const found = await requestsWithout(deps.shell.db, connection, by)
  for (const id of found.requests) await told(deps, id, { type: 'regain', by, connection })
  await inTurn(deps.shell, async (turn) => {
    await deleteLoss(turn.db, connection)
    await appendBlock(turn.db, [JSON.stringify(['connection', connection, 'regained', by])], iso(turn.now()))
  })
  await deps.shell.sign()
  return found
}

type Command = { type: 'lose'; lost: Lost } | { type: 'regain'; by: Actor; connection: string }

function told(deps: Deps, id: string, command: Command): ReturnType<typeof changeRequest> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change> => {
    const events = eventsOf(file, command, turn.now())
    const erasure = events.flatMap((entry) => (entry.stream === 'erasure' ? [entry.event] : []))
    await tellOf(deps, turn, file, erasure)
    await tellOfChange(
      deps,
      turn,
      file,
      events.flatMap((entry) => (entry.stream === 'change' ? [entry.event] : [])),
    )
    return { events }
  })
}

/** Open requests of which the command changes something. One that cannot be read keeps the others from nothing. */
async function changedBy(db: Kysely<Tables>, command: Command, now: number): Promise<Requests> {
  const { files, damaged } = await listNotClosed(db)
  const changed = files.filter((file) => eventsOf(file, command, now).length > 0)
  return { requests: changed.map(({ id }) => id), damaged: damaged.map(({ id }) => id) }
}

function eventsOf(file: StoredRequest, command: Command, now: number): Change['events'] {
  if (file.request.status === 'closed') return []
  const erasing = decideErasure(file.erasure, command, now)
  const changing = decideChange(file.change, command, now)
  return [...asErasure(erasing.ok ? erasing.events : []), ...asChange(changing.ok ? changing.events : [])]
}

/** What can be carried out is: others are told of it now (art. 19), and whoever was to go by it is no longer back. */
async function tellOf({ recipients, policy }: Deps, turn: TurnShell, file: StoredRequest, events: readonly ErasureEvent[]): Promise<void> {
  const after = events.reduce(evolveErasure, file.erasure)
  if (events.length === 0 || after.status !== 'settled' || after.standing === 'not-proved') return
  if (file.vault !== null && recipients.length > 0)
    await announce(turn, recipients, { request: file.id, right: 'erasure', person: ownMarks(openPerson(turn, file), policy) })
  await endComebacks(turn, [{ request: file.id, events: [{ type: 'settled', at: turn.now(), standing: after.standing }] }])
}

/** What nobody has approved is looked at anew without it; of an approved list go those of whom nothing is destroyed yet. */
async function leaveList({ shell }: Deps, id: string, lost: Lost): Promise<void> {
  const by = lost.by.kind === 'staff' ? lost.by.user : null
  const changed = await changeList({ shell }, id, async (list, turn) =>
    list.retention.status === 'shown'
      ? endOf(turn, list, { because: 'superseded', by })
      : { cases: (await loadCases(turn.db, id)).flatMap((file) => changeOf(file, lost, turn.now())) },
  )
  if (changed.outcome === 'refused') throw new Error(changed.message)
}

/** Lists of which the loss changes something. One that cannot be read keeps the others from nothing. */
async function listsChangedBy(db: Kysely<Tables>, lost: Lost): Promise<Lists> {
  const lists: string[] = []
  const damagedLists: string[] = []
  for (const id of await unfinishedLists(db))
    try {
      if (await isChangedBy(db, id, lost)) lists.push(id)
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'damaged') throw error
      damagedLists.push(id)
    }
  return { lists, damagedLists }
}

/** Whoever has begun and goes on without it already names it until the last look, and waits for nothing there. */
async function isChangedBy(db: Kysely<Tables>, id: string, lost: Lost): Promise<boolean> {
  const list = await loadList(db, id)
  const cases = await loadCases(db, id)
  if (list?.retention.status === 'shown') return cases.some(({ entry }) => isIn(entry, lost))
  return cases.some((file) => changeOf(file, lost, lost.at).length > 0)
}

function isIn({ records }: StoredCase['entry'], lost: Lost): boolean {
  return records.some(({ connection }) => connection === lost.connection)
}

function changeOf(file: StoredCase, lost: Lost, now: number): CaseChange[] {
  const { n } = file
  if (file.case.status === 'begun') {
    const erasing = decideErasure(file.erasure, { type: 'lose', lost }, now)
    return erasing.ok && erasing.events.length > 0 ? [{ n, erasure: erasing.events }] : []
  }
  if (!isIn(file.entry, lost)) return []
  const dropping = decideCase(file.case, { type: 'drop', why: 'lost' }, now)
  return dropping.ok && dropping.events.length > 0 ? [{ n, events: dropping.events }] : []
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Cases of those who came back as other systems are told of them, and what these decide: the same words and the same rules as on the command line. */
import type { Arrival, Comeback, SeenRecord } from '../../core/erasure/comeback.ts'
import { toApprove, type Accepted } from '../../core/erasure/erasure.ts'
import { listComebacks, loadComeback, type StoredComeback } from '../../store/comebacks.ts'
import { eraseAgain, keepComeback, lookAtComeback } from './decisions.ts'
import type { ErasureDeps } from '../erasure/deps.ts'

/** References alone: nobody's name or address. `cameBackBy` null: nobody has looked yet. `days`: YYYY-MM-DD. */
export type ToldCase = {
  id: string
  request: string
  status: 'open' | 'closed'
  openedAt: string
  again: string | null
  ended: { how: 'erased' | 'gone' | 'kept' | 'lost'; at: string; because: Accepted | null; by: string | null } | null
  records: {
    connection: string
    object: string
    id: string
    seenAt: string
    cameBackBy: Arrival['way'] | null
    vouched: boolean
    gone: boolean
    outOfReach: boolean
    consents: { purpose: string; channel: string; day: string }[]
  }[]
}
export type CaseDecision = { case: string; user: string } & ({ decision: 'erase' } | { decision: 'keep'; because: Accepted })
/** `toApprove`: the request by which they go again, once somebody approves exactly that. */
export type CaseDecided =
  | { outcome: 'changed'; case: ToldCase; toApprove: { request: string; digest: string; records: number } | null }
  | { outcome: 'refused'; message: string }
  | { outcome: 'unknown' }

const MOST = 200

/** The open ones first, the oldest of them first. */
export async function tellCases({ shell }: ErasureDeps): Promise<ToldCase[]> {
  return (await listComebacks(shell.db, MOST)).flatMap(toldOf)
}

export async function tellCase({ shell }: ErasureDeps, id: string): Promise<ToldCase | null> {
  const file = await loadComeback(shell.db, id)
  return file === null ? null : (toldOf(file)[0] ?? null)
}

/** Looked at first where nobody has yet, since what is decided on is how they came back. @throws ConnectorError when a CRM cannot be read now */
export async function decideCase(deps: ErasureDeps, decided: CaseDecision, signal: AbortSignal): Promise<CaseDecided> {
  const { db } = deps.shell
  const file = await loadComeback(db, decided.case)
  if (file === null || file.state.status === 'none') return { outcome: 'unknown' }
  if (file.state.status === 'open' && file.state.records.some(({ arrival, gone }) => arrival === null && !gone))
    await lookAtComeback(deps, file.id, signal)
  if (decided.decision === 'keep') {
    const kept = await keepComeback(deps, file.id, decided, signal)
    if (kept.outcome === 'refused') return kept
    return { outcome: 'changed', case: toldOf(kept.file)[0]!, toApprove: null }
  }
  const prepared = await eraseAgain(deps, file.id, decided.user, signal)
  if (prepared.outcome === 'refused') return prepared
  const waiting = toApprove(prepared.request.erasure)
  return {
    outcome: 'changed',
    case: (await tellCase(deps, file.id))!,
    toApprove: waiting === null ? null : { request: prepared.request.id, ...waiting },
  }
}

/** None of a case that was never opened. */
function toldOf({ id, request, state }: StoredComeback): ToldCase[] {
  if (state.status === 'none') return []
  const { status, openedAt, again, records } = state
  return [{ id, request, status, openedAt: iso(openedAt), again, ended: endOf(state), records: records.map(recordOf) }]
}

function endOf(state: Comeback): ToldCase['ended'] {
  if (state.status !== 'closed') return null
  const at = iso(state.at)
  if (state.ended !== 'kept') return { how: state.ended, at, because: null, by: null }
  return { how: 'kept', at, because: state.because, by: state.by.kind === 'staff' ? state.by.user : state.by.kind }
}

function recordOf({ key, at, arrival, consents, gone, lost }: SeenRecord): ToldCase['records'][number] {
  const [connection = '', object = '', id = ''] = key.split(':')
  return {
    connection,
    object,
    id,
    seenAt: iso(at),
    cameBackBy: arrival?.way ?? null,
    vouched: arrival?.vouched ?? false,
    // The case is over with both, and nobody has seen that what is lost is gone.
    gone: gone && lost !== true,
    outOfReach: lost === true,
    consents: consents.map(({ purpose, channel, at: given }) => ({ purpose, channel, day: iso(given).slice(0, 10) })),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

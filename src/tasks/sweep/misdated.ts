/**
 * A clock that was ahead for an hour dates what it does years ahead, and nothing of that would come to its turn: looks, closings, other tries. What can be dated
 * anew is; what cannot stands still. The DPO hears of both.
 */
import { COPY_LINK_LIFE_MS } from '../../core/access/copy-link.ts'
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { nextDue } from '../../core/request/due.ts'
import { bringForward, misdatedPersons, misdatedRequests } from '../../store/misdated.ts'
import { waitUntil } from '../../store/request-turns.ts'
import { loadCases } from '../../store/retention-lists.ts'
import { postponeList } from '../../store/retention-turns.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { alarmDpo, dayOf } from '../notify/alarm.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { asErasure, changeRequest, type Change } from '../request/file.ts'
import type { RetentionDeps } from '../retention/deps.ts'
import { changeList } from '../retention/file.ts'
import type { TurnShell } from '../turn.ts'

const DAY_MS = 24 * 3_600_000
/** The last look at an erasure comes after 31 days: nothing of a request is ever due later than that. */
const FARTHEST_MS = 40 * DAY_MS
/** Another try comes within hours; one of a recipient within its five days. */
const FARTHEST = { tries: DAY_MS, notices: 6 * DAY_MS }
const PER_LOOK = 200

/** Answers how many rows were dated anew. */
export async function mendDates({ shell }: Pick<ErasureDeps, 'shell'>): Promise<number> {
  const now = shell.now()
  const ids = await misdatedRequests(shell.db, iso(now + FARTHEST_MS), PER_LOOK)
  let mended = 0
  const failed: unknown[] = []
  for (const id of ids) {
    try {
      if ((await changeRequest(shell, id, dateAnew)).outcome === 'changed') mended++
    } catch (error) {
      failed.push(error)
    }
  }
  const tries = await bringForward(shell.db, iso(now), { tries: iso(now + FARTHEST.tries), notices: iso(now + FARTHEST.notices) })
  const count = ids.length + tries
  if (count > 0) await alarmDpo(shell, { kind: 'clock-ahead', event: dayOf(shell), count })
  // One that cannot be dated anew keeps no other waiting.
  if (failed.length > 0) throw failed[0]
  return mended + tries
}

/** The looks at an erasure are counted from now; anything else is due when it would be, had it been done now. */
async function dateAnew(file: StoredRequest, turn: TurnShell): Promise<Change | { message: string }> {
  const now = turn.now()
  const redated = decideErasure(file.erasure, { type: 'redate' }, now)
  if (redated.ok && redated.events.length > 0) return { events: asErasure(redated.events) }
  const due = nextDue(file.request, file)
  const isCopy = file.request.status === 'answered' && (file.kind === 'access' || file.kind === 'portability')
  const at = due === 'now' || due === null ? now : due > now + FARTHEST_MS && isCopy ? now + COPY_LINK_LIFE_MS : due
  if (at > now + FARTHEST_MS) return { message: 'it stands still: nobody knows when that was meant to be' }
  await waitUntil(turn.db, file.id, iso(at))
  return { events: [] }
}

/** The same for persons of retention lists who are under way. Answers how many. */
export async function mendPersons(deps: RetentionDeps): Promise<number> {
  const { shell } = deps
  const persons = await misdatedPersons(shell.db, iso(shell.now() + FARTHEST_MS), PER_LOOK)
  for (const [list, group] of Map.groupBy(persons, (one) => one.list)) {
    const numbers = group.map(({ n }) => n)
    await changeList(deps, list, async (_, turn) => {
      const cases = (await loadCases(turn.db, list, numbers)).flatMap(({ n, erasure }) => {
        const redated = decideErasure(erasure, { type: 'redate' }, turn.now())
        return redated.ok && redated.events.length > 0 ? [{ n, erasure: redated.events }] : []
      })
      return { cases }
    })
    await postponeList(shell.db, list, { dueAt: iso(shell.now()), fault: null })
  }
  if (persons.length > 0) await alarmDpo(shell, { kind: 'clock-ahead', event: `retention ${dayOf(shell)}`, count: persons.length })
  return persons.length
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

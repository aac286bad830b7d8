/** An older copy of the database is brought up to what was erased since: nobody comes back by a restore. What it cannot do is told: requests that are missing. */
import { markErased, pendingLines, type ErasedAct, type ErasedLine } from '../../store/erased-journal.ts'
import { carryAgain, liftAgain, requestsThere, shredAgain, suppressAgain } from '../../store/erased-replay.ts'
import { appendBlock } from '../../store/ledger.ts'
import { alarmIn } from '../notify/alarm.ts'
import type { Shell } from '../shell.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** `missing`: received since the copy was made, and not in it; `reopened`: closed since, and open in it. `lastDay`: to answer, YYYY-MM-DD. */
export type Replayed = {
  readonly lines: number
  readonly suppressed: number
  readonly keys: number
  readonly missing: readonly { request: string; right: string; lastDay: string; closed: boolean }[]
  readonly reopened: readonly string[]
}

/** Null: this database knows of everything that was noted in the folder. */
export async function replayErased(shell: Shell, dir: string): Promise<Replayed | null> {
  if ((await pendingLines(shell.db, dir)).lines.length === 0) return null
  return inTurn(shell, async (turn) => {
    // Another process may have done it meanwhile.
    const { journal, lines } = await pendingLines(turn.db, dir)
    const last = lines.at(-1)
    if (last === undefined) return null
    const done = await replay(turn, lines)
    await markErased(turn.db, journal, last.id)
    await appendBlock(turn.db, [JSON.stringify(['replayed', done.suppressed, done.keys, done.missing.length])], iso(turn))
    const { missing, reopened, ...counts } = done
    turn.log('erased.replayed', { ...counts, missing: missing.length, reopened: reopened.length })
    for (const { request, right, lastDay, closed } of missing) turn.log('erased.request-missing', { request, right, lastDay, closed })
    await alarmIn(turn, { kind: 'replayed', event: last.id, count: missing.filter(({ closed }) => !closed).length })
    return done
  })
}

async function replay(turn: TurnShell, lines: readonly ErasedLine[]): Promise<Replayed> {
  let [suppressed, keys] = [0, 0]
  for (const { at, acts } of lines)
    for (const act of acts) {
      if (act.act === 'suppressed') {
        await suppressAgain(turn.db, act, { at })
        suppressed += act.hashes.length
      } else if (act.act === 'carried') suppressed += await carryAgain(turn.db, act)
      else if (act.act === 'lifted') await liftAgain(turn.db, act)
      else if (act.act === 'shredded') keys += await shredAgain(turn.db, act, { at })
    }
  const acts = lines.flatMap((line) => line.acts)
  const closed = new Set(acts.flatMap((act) => (act.act === 'closed' ? [act.request] : [])))
  const received = acts.flatMap((act): Extract<ErasedAct, { act: 'received' }>[] => (act.act === 'received' ? [act] : []))
  const there = await requestsThere(turn.db, [...closed, ...received.map(({ request }) => request)])
  return {
    lines: lines.length,
    suppressed,
    keys,
    missing: received
      .filter(({ request }) => !there.has(request))
      .map(({ request, right, lastDay }) => ({ request, right, lastDay, closed: closed.has(request) })),
    reopened: [...closed].filter((request) => there.get(request) === false),
  }
}

function iso({ now }: TurnShell): string {
  return new Date(now()).toISOString()
}

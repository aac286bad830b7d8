/** What people decide about a list: let it go, or stop it. */
import { decide } from '../../core/retention/act-decide.ts'
import { momentOf, type RetentionDeps } from './deps.ts'
import { changeList, type ListChange, type ListChanged } from './file.ts'
import { checkGuards } from './guard.ts'
import { endOf } from './what-if.ts'

/** `user`: an opaque id of somebody of the company. `digest`: of the list as it was shown. `count`: how many records go, asked for above the brake. */
export async function approveList(
  deps: RetentionDeps,
  id: string,
  { user, digest, count }: { user: string; digest: string; count: number | null },
  signal: AbortSignal,
): Promise<ListChanged> {
  const stops = await checkGuards(deps, signal)
  const changed = await changeList(deps, id, async ({ retention }, turn) => {
    const approved = decide(retention, { type: 'approve', by: user, digest, count }, await momentOf(deps, turn.db, stops))
    return approved.ok ? { events: approved.events } : { message: approved.message }
  })
  if (changed.outcome === 'changed') await deps.shell.sign()
  return changed
}

/** Whoever has not begun is kept; whoever has is looked after to the end. */
export function stopList(deps: RetentionDeps, id: string, user: string): Promise<ListChanged> {
  return changeList(deps, id, async (list, turn): Promise<ListChange | { message: string }> => {
    const decided = decide(list.retention, { type: 'end', because: 'stopped', by: user }, await momentOf(deps, turn.db, []))
    if (!decided.ok) return { message: decided.message }
    if (decided.events.length === 0) return {}
    return endOf(turn, list, { because: 'stopped', by: user })
  })
}

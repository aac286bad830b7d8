/** Files of requests whose time is over go whole; the ledger keeps what it said of them, without the person. Called once a day, when the clock is believed. */
import { dayMs } from '../../core/time/calendar.ts'
import { addDuration, subtractDuration } from '../../core/policy/duration.ts'
import { fileRetention, isStillHeld } from '../../core/retention/file-retention.ts'
import { appendBlock } from '../../store/ledger.ts'
import { countClosed, deleteFiles, loadOldFiles, type OldFile } from '../../store/old-files.ts'
import { listThese } from '../../store/request-lists.ts'
import { mayForget } from './own-brake.ts'
import type { RetentionDeps } from './deps.ts'
import { inTurn } from '../turn.ts'

const PER_PAGE = 500

/** `stopped`: more than the brake lets pass in a day; nothing was forgotten. */
export type ForgottenFiles = { readonly files: number; readonly stopped: boolean }

export async function forgetOldFiles(deps: Pick<RetentionDeps, 'shell' | 'policy' | 'calendar' | 'today'>): Promise<ForgottenFiles> {
  const { shell, policy, calendar } = deps
  const day = Math.floor(Date.parse(deps.today()) / dayMs)
  const kept = fileRetention(policy, day)
  if (kept === null) return { files: 0, stopped: false }
  // The day is counted at the controller: one more than may be due is looked at.
  const until = new Date((subtractDuration(day, kept) + 2) * dayMs).toISOString()
  const due: string[] = []
  for (let after: string | null = null; ;) {
    const page = await loadOldFiles(shell.db, until, after, PER_PAGE)
    const over = page.filter(({ closedAt }) => day >= addDuration(calendar.localDay(closedAt), kept))
    const held = await stillHeld(deps, over, day)
    due.push(...over.flatMap(({ id }) => (held.has(id) ? [] : [id])))
    if (page.length < PER_PAGE) break
    after = page.at(-1)!.id
  }
  if (due.length === 0) return { files: 0, stopped: false }
  const detail = `${due.length} files of requests are kept no longer all at once: does the policy mean it?`
  if (!(await mayForget(deps, { kind: 'files-many', due: due.length, total: await countClosed(shell.db), detail })))
    return { files: 0, stopped: true }
  for (let at = 0; at < due.length; at += PER_PAGE) {
    const some = due.slice(at, at + PER_PAGE)
    await inTurn(shell, async (turn) => {
      await deleteFiles(turn.db, some)
      await appendBlock(turn.db, [JSON.stringify(['files-forgotten', some.length])], new Date(turn.now()).toISOString())
    })
  }
  await shell.sign()
  shell.log('files.forgotten', { files: due.length })
  return { files: due.length, stopped: false }
}

/** Ids of files that are needed to tell when nothing holds what was kept. Of one that cannot be read nobody knows. */
async function stillHeld({ shell }: Pick<RetentionDeps, 'shell'>, over: readonly OldFile[], day: number): Promise<ReadonlySet<string>> {
  const keeping = over.flatMap(({ id, keeps }) => (keeps ? [id] : []))
  if (keeping.length === 0) return new Set()
  const { files, damaged } = await listThese(shell.db, keeping)
  return new Set([...files.filter(({ erasure }) => isStillHeld(erasure, day)), ...damaged].map(({ id }) => id))
}

/** Carries approved lists on day and night, notes the clock, and once a day draws up what the policy lets pass by itself. Without an approval, or such a rule, it destroys nothing. */
import type { Jobs } from '../../store/jobs.ts'
import { openStops } from '../../store/retention-guard.ts'
import { dueLists } from '../../store/retention-turns.ts'
import { claimWindow } from '../../store/windows.ts'
import { advanceList } from './retention.ts'
import { forgetOldFiles } from './file-retention.ts'
import { forgetOldProofs } from './proof-retention.ts'
import type { RetentionDeps } from './deps.ts'
import { checkGuards } from './guard.ts'
import { mendPersons } from '../sweep/misdated.ts'
import { regularly } from '../worker/regularly.ts'
import { whatIf } from './what-if.ts'
import { limitsOf } from '../../core/retention/brake.ts'

const LOOK_EVERY_MS = 60_000
const PER_LOOK = 20
/** The job that looks once a day; any other key is that of a list. */
const DAILY = 'daily'
/** Windows of a clock that was wrong by more than this do not count. */
const AHEAD_DAYS = 1

export async function startKeeper(deps: RetentionDeps, jobs: Jobs, signal: AbortSignal): Promise<{ stop: () => Promise<void> }> {
  const { shell } = deps
  await jobs.work('retention', { lanes: 1 }, async (job) => {
    const either = AbortSignal.any([signal, job.signal])
    if (job.key === DAILY) await lookDaily(deps, either)
    else await advanceList(deps, job.key, either)
  })
  const look = async (): Promise<void> => {
    await mendPersons(deps)
    if (await fireDaily(deps, jobs)) jobs.nudge('retention')
    const due = await dueLists(shell.db, new Date(shell.now()).toISOString(), await shell.claims.living(), PER_LOOK)
    // Also where a job seems to be at work: its worker may be dead, and one bell more finds nothing to do.
    for (const key of due) await jobs.ring(shell.db, { queue: 'retention', key })
  }
  return regularly(look, { everyMs: LOOK_EVERY_MS, log: shell.log, event: 'keeper.unreachable', atOnce: true })
}

/** Once a day at the controller, whoever looks. */
function fireDaily({ shell, today }: RetentionDeps, jobs: Jobs): Promise<boolean> {
  const horizon = new Date(shell.now() + AHEAD_DAYS * 86_400_000).toISOString().slice(0, 10)
  return shell.db.transaction().execute(async (trx) => {
    if (!(await claimWindow(trx, { connection: '*', kind: 'retention', opens: today() }, horizon))) return false
    await jobs.ring(trx, { queue: 'retention', key: DAILY })
    return true
  })
}

/** Also without any automatic rule the clock and the fields are noted: a later day is compared with this one. */
export async function lookDaily(deps: RetentionDeps, signal: AbortSignal): Promise<void> {
  const rules = deps.policy.retention.rules.filter(({ automatic, enabled }) => automatic && enabled)
  if (rules.length === 0) await checkGuards(deps, signal)
  else await drawUp(deps, signal)
  // What Accord itself keeps is no CRM's, and needs no list: but the day has to be believed, and nothing to be amiss.
  if ((await openStops(deps.shell.db)).length > 0) return
  await forgetOldProofs(deps)
  await forgetOldFiles(deps)
}

async function drawUp(deps: RetentionDeps, signal: AbortSignal): Promise<void> {
  const { count } = limitsOf(deps.policy)
  const drawn = await whatIf(deps, { atMost: count, which: 'automatic' }, signal)
  if (drawn.outcome === 'shown') deps.shell.log('retention.drawn-up', { list: drawn.list.id, people: drawn.people })
}

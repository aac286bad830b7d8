/** What carries one right out, as the queue and the answer see it. */
import type { Outcome } from '../../core/request/request.ts'
import type { StoredRequest } from '../../store/requests.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import type { Meeting } from './meeting.ts'
import type { Changed } from './file.ts'

/**
 * `what`: for the log, without personal data. `run` acts at the CRM first, then stores what came of it: whoever dies in between does it again. `meeting`: of all
 * tasks that run at the same time; each comes to it, or passes.
 */
export type Task = { what: string; run: (signal: AbortSignal, meeting: Meeting) => Promise<Changed> }
export type Carrier = {
  /** What can be done now without anybody's word, side by side; none: nothing is due. */
  tasks: (deps: ErasureDeps, file: StoredRequest) => readonly Task[]
  /** What the person may be told, or why nothing can be yet. */
  truth: (file: StoredRequest) => { told: Outcome } | { message: string }
}

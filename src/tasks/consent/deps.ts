/** Where statements are taken down and confirmed. */
import type { ActDay } from '../../core/judge/judge.ts'
import type { Landscape, Shell } from '../shell.ts'
import type { TurnShell } from '../turn.ts'

/**
 * `landscape`: the configured places, as they stand in this transaction. `actOn`: the day on which an instant restarts a retention clock, if a yes does.
 * `ringMail`: a mail is to be sent, once this transaction has ended.
 */
export type ConsentDeps = {
  shell: Shell
  landscape: (shell: TurnShell) => Promise<Landscape>
  actOn: (at: number) => ActDay
  ringMail: (trx: TurnShell['db']) => Promise<void>
}

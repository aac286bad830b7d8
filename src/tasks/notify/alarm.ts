/** Tells the DPO what is about no single request: once for each event, however many workers notice it. */
import type { Alarm } from '../../core/alarms.ts'
import { noteAlarm } from '../../store/alarms.ts'
import { leaveMail } from './leave-mail.ts'
import type { Shell } from '../shell.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** In the transaction of what it tells; says whether it was news. */
export async function alarmIn(turn: TurnShell, { kind, event, about = '', count = 1 }: Alarm): Promise<boolean> {
  if (!(await noteAlarm(turn.db, { kind, event }, new Date(turn.now()).toISOString()))) return false
  turn.log('dpo.alarm', { kind, about, count })
  const facts = { alarm: kind, about, count: String(count) }
  await leaveMail(turn, { template: 'alert', confirmation: null, link: null, language: null, facts, to: null })
  return true
}

export function alarmDpo(shell: Shell, alarm: Alarm): Promise<boolean> {
  return inTurn(shell, (turn) => alarmIn(turn, alarm))
}

/** What comes again and again is told once a day. */
export function dayOf({ now }: Pick<Shell, 'now'>): string {
  return new Date(now()).toISOString().slice(0, 10)
}

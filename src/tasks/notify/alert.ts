/** Tells the DPO what happens to a request: once for each event, however many workers notice it. */
import type { Alert } from '../../core/request/alerts.ts'
import { countWaiting, isMailboxFull, noteAlert, tellTogether } from '../../store/request-alerts.ts'
import { alarmIn } from './alarm.ts'
import { leaveMail } from './leave-mail.ts'
import type { TurnShell } from '../turn.ts'

/** Of one kind. Somebody who plays with a form must not fill the mailbox that everything else is told to, on that day or weeks later. */
const MOST_AN_HOUR = 60
const HOUR_MS = 3_600_000

/** In the transaction of what it tells; says whether it was news. The mail holds the request's number, right and last day, and nobody's name or address. */
export async function alertDpo(turn: TurnShell, { request, ...alert }: Alert & { request: string }): Promise<boolean> {
  const told = await noteAlert(turn.db, request, alert, new Date(turn.now()).toISOString())
  if (told === null) return false
  turn.log('request.alert', { request, kind: alert.kind })
  const since = new Date(turn.now() - HOUR_MS).toISOString()
  if (await isMailboxFull(turn.db, { request, ...alert }, { since, most: MOST_AN_HOUR })) return true
  const facts = { request, kind: alert.kind, right: told.right, lastDay: told.lastDay }
  await leaveMail(turn, { template: 'alert', confirmation: null, link: null, language: null, facts, to: null })
  return true
}

/** What was more than the mailbox takes, by one mail for each kind and hour. */
export async function tellRest(turn: TurnShell): Promise<void> {
  const hour = new Date(turn.now()).toISOString().slice(0, 13)
  for (const { kind, count } of await countWaiting(turn.db))
    if (await alarmIn(turn, { kind: 'many-alerts', event: `${kind} ${hour}`, about: kind, count })) await tellTogether(turn.db, kind)
}

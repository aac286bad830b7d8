/** Tells the DPO what happens to a request: once for each event, however many workers notice it. */
import type { Alert } from '../core/request-alerts.ts'
import { countAlerts, noteAlert } from '../store/request-alerts.ts'
import { leaveMail } from './leave-mail.ts'
import type { TurnShell } from './turn.ts'

/** Somebody who plays with a form must not fill the mailbox that everything else is told to. */
const MOST_RECEIVED_AN_HOUR = 60
const HOUR_MS = 3_600_000

/** In the transaction of what it tells; says whether it was news. The mail holds the request's number, right and last day, and nobody's name or address. */
export async function alertDpo(turn: TurnShell, { request, ...alert }: Alert & { request: string }): Promise<boolean> {
  const told = await noteAlert(turn.db, request, alert, new Date(turn.now()).toISOString())
  if (told === null) return false
  turn.log('request.alert', { request, kind: alert.kind })
  if (
    alert.kind === 'received' &&
    (await countAlerts(turn.db, 'received', new Date(turn.now() - HOUR_MS).toISOString())) > MOST_RECEIVED_AN_HOUR
  )
    return true
  const facts = { request, kind: alert.kind, right: told.right, lastDay: told.lastDay }
  await leaveMail(turn, { template: 'alert', confirmation: null, link: null, language: null, facts, to: null })
  return true
}

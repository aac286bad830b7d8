/** Puts a request off that something is in the way of: later each time, however long it takes. Nobody else waits for it, and the DPO hears of it. */
import type { ConnectorError } from '../../connectors/connector.ts'
import { howOften, postponeRequest } from '../../store/request-turns.ts'
import { alertDpo } from '../notify/alert.ts'
import { faultFacts, INTERNAL } from '../fault.ts'
import type { Shell } from '../shell.ts'
import { inTurn } from '../turn.ts'

/** `reason`: what exactly, in words that hold no personal data; null where the fault says all. */
export type Postponed = { outcome: 'postponed'; fault: string; reason: string | null; until: number }

/** `fault`: of a CRM, by its kind. */
export type InTheWay = Pick<Postponed, 'fault' | 'reason'>

const LONGEST_REASON = 400

/** A connector's message holds codes and names alone (see the port). One that has an address in it all the same is a mistake of ours, and is not kept. */
export function inTheWayOf(error: ConnectorError, what: string): InTheWay {
  const reason = `${what}: ${error.message}`
  return { fault: error.kind, reason: reason.includes('@') ? null : reason.slice(0, LONGEST_REASON) }
}

const FIRST_WAIT_MS = 60_000
const DAY_MS = 24 * 3_600_000
const LONGEST_WAIT_MS = 6 * 3_600_000

export async function postpone(shell: Shell, id: string, { fault, reason }: InTheWay): Promise<Postponed> {
  const { attempts, version } = await howOften(shell.db, id)
  // Not all at the same moment again: one of them may be what the CRM fails at.
  const spread = 0.75 + Math.random() / 4
  const until = Math.round(shell.now() + waitOf(attempts) * spread)
  await postponeRequest(shell.db, id, { dueAt: new Date(until).toISOString(), fault, reason })
  await tell(shell, id, fault, { attempts, version })
  return { outcome: 'postponed', fault, reason, until }
}

/**
 * What fails by itself fails again, most likely, and for this request alone: somebody has to look at it.
 * @throws what the database says when it is not there: then nobody's turn has come.
 */
export function putOff(shell: Shell, id: string, error: unknown): Promise<Postponed> {
  shell.log('request.failed', { request: id, ...faultFacts(error) })
  return postpone(shell, id, { fault: INTERNAL, reason: null })
}

/** Once for each time that it is stuck: what was stored last is the same until it goes on. A failure of ours that comes again is none that passes; a CRM's has a day. */
async function tell(shell: Shell, id: string, fault: string, { attempts, version }: { attempts: number; version: number }): Promise<void> {
  const isOurs = fault === INTERNAL
  const isTime = isOurs ? attempts > 0 : heldFor(attempts) < DAY_MS && heldFor(attempts + 1) >= DAY_MS
  if (isTime) await inTurn(shell, (turn) => alertDpo(turn, { request: id, kind: isOurs ? 'failed' : 'held-up', event: String(version) }))
}

/** How long so many waits have been together. */
function heldFor(attempts: number): number {
  return Array.from({ length: attempts }, (_, index) => waitOf(index)).reduce((sum, wait) => sum + wait, 0)
}

/** How long after so many tries in a row the next one comes. */
export function waitOf(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempts, 12), LONGEST_WAIT_MS)
}

/** Takes a request down, whatever right it is for: from then on the time runs. */
import { randomUUID } from 'node:crypto'
import { isoOf } from '../../core/time/calendar.ts'
import { unchanged } from '../../core/request/change-evolve.ts'
import type { Corrections } from '../../core/request/corrections.ts'
import { unbegun } from '../../core/erasure/evolve.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import { decide } from '../../core/request/decide.ts'
import { unborn } from '../../core/request/evolve.ts'
import { isProven, type Origin } from '../../core/request/identity.ts'
import type { Actor, Right, Asked as Wanted } from '../../core/request/request.ts'
import { insertRequest, type StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import { personFrom, sealPerson, type Asked, type ErasureDeps } from '../erasure/deps.ts'
import { asRequest, store, type Changed } from './file.ts'
import { readPersonAgain } from './freeze.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/**
 * `at`: when it reached the company, epoch milliseconds. `user`: an opaque id of who took it down; null: nobody did, it came by itself. `language`: of the
 * person, as far as it is known.
 */
export type Received = {
  asked: Asked
  right: Right
  scope: Wanted['scope']
  origin: Origin
  at: number
  user: string | null
  language?: 'fr' | 'en' | null
  /** Of a rectification: how the person wants to be described. */
  corrections?: Corrections | null
}

export function receiveRequest(deps: ErasureDeps, received: Received): Promise<Changed> {
  return inTurn(deps.shell, (turn) => takeDown(deps, turn, received))
}

/** In a transaction that has the turn. One that came through a proven channel is of a known person at once. */
export async function takeDown({ calendar }: ErasureDeps, turn: TurnShell, received: Received): Promise<Changed> {
  const { asked, right, scope, origin, at, user, language = null, corrections = null } = received
  const moment = { now: turn.now(), calendar }
  const decided = decide(unborn, { type: 'receive', at, origin, right, scope }, moment)
  if (!decided.ok) return { outcome: 'refused', message: decided.message }
  const [event] = decided.events
  if (event?.type !== 'received') throw new TypeError('a request begins by being received')
  const id = randomUUID()
  const vault = sealPerson(turn, id, {
    asked,
    // Before anybody has looked no number is theirs for certain.
    subject: { person: { ...personFrom(asked), phones: [] }, names: [] },
    ...(corrections === null ? {} : { corrections }),
  })
  const lastDay = isoOf(event.deadline.lastDay)
  await insertRequest(turn.db, {
    id,
    kind: right,
    language,
    receivedAt: new Date(at).toISOString(),
    lastDay,
    person: personHash(turn, asked),
    vault,
  })
  const blank: StoredRequest = {
    id,
    kind: right,
    language,
    version: 0,
    request: unborn,
    erasure: unbegun,
    change: unchanged,
    vault,
    receivedAt: at,
    lastDay,
    dueAt: null,
    attempts: 0,
    fault: null,
  }
  const file = await store(turn, blank, { events: asRequest(decided.events) })
  turn.note({ act: 'received', request: id, right, lastDay })
  await alertDpo(turn, { request: id, kind: 'received', event: '' })
  await readPersonAgain(turn, file)
  if (!isProven(origin)) return { outcome: 'changed', file }
  const by: Actor = user === null ? { kind: 'service' } : { kind: 'staff', user }
  const known = decide(file.request, { type: 'identify', by, proof: { by: origin } }, moment)
  // Thrown, so that nothing of it stays.
  if (!known.ok) throw new TypeError(known.message)
  return { outcome: 'changed', file: await store(turn, file, { events: asRequest(known.events) }) }
}

/** The same person asks when the same address does, however it is written. */
function personHash({ hasher }: TurnShell, { emails, phones }: Asked): Buffer {
  const [email] = emails
  return Buffer.from(
    email === undefined ? hasher.suppression('phone', phones[0] ?? '') : hasher.suppression('email', suppressionForm(email)),
  )
}

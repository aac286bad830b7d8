/** A request that another system hands in: taken down once, and the person asked for who they are where that is open. */
import type { Corrections } from '../../core/request/corrections.ts'
import { isImmediate, type Asked as Wanted, type Right } from '../../core/request/request.ts'
import type { Origin } from '../../core/request/identity.ts'
import { loadRequest, type StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import type { Asked, ErasureDeps } from '../erasure/deps.ts'
import { once, type Idempotency, type Once } from '../once.ts'
import { leaveLink } from './link.ts'
import { takeDown } from './receive.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** `ring`: a mail is to be sent, and the request may be carried on, once this transaction has ended. `mails`: whether any can be sent at all. */
export type PostDeps = ErasureDeps & { ring: (trx: TurnShell['db'], request: string) => Promise<void>; mails: boolean }
/** `at`: when it reached the company, epoch milliseconds. */
export type PostedRequest = {
  asked: Asked
  right: Right
  scope: Wanted['scope']
  origin: Exclude<Origin, 'signed-link'>
  at: number
  language: 'fr' | 'en' | null
  corrections: Corrections | null
  apiKey: string
  idempotency: Idempotency | null
}
/** The same whether or not anybody has heard of the address. `identity`: what is still to be done about who asks. */
export type Told = {
  id: string
  right: Right
  status: StoredRequest['request']['status']
  receivedAt: string
  answerBy: string
  identity: 'settled' | 'not_needed' | 'to_be_confirmed' | 'to_be_asked'
}

export function postRequest(deps: PostDeps, posted: PostedRequest): Promise<Once<Told>> {
  return inTurn(deps.shell, (turn) =>
    once(turn, posted, async () => {
      const taken = await takeDown(deps, turn, { ...posted, user: null })
      // Thrown, so that nothing of it stays: what can be wrong with a body is told before.
      if (taken.outcome === 'refused') throw new TypeError(taken.message)
      const told = toldOf(taken.file, deps)
      if (told.identity === 'to_be_confirmed') await leaveLink(turn, taken.file)
      // A request that reached the company counts, whoever asks them who they are.
      if (told.identity === 'to_be_asked') await alertDpo(turn, { request: told.id, kind: 'not-asked', event: '' })
      await deps.ring(turn.db, taken.file.id)
      return told
    }),
  )
}

export async function lookUpRequest({ shell, mails }: PostDeps, id: string): Promise<Told | null> {
  const file = await loadRequest(shell.db, id)
  return file === null ? null : toldOf(file, { mails })
}

function toldOf({ id, kind, request, receivedAt, lastDay }: StoredRequest, { mails }: Pick<PostDeps, 'mails'>): Told {
  const open = mails ? 'to_be_confirmed' : 'to_be_asked'
  const waits = request.status === 'received' || request.status === 'identity-check'
  return {
    id,
    right: kind,
    status: request.status,
    receivedAt: new Date(receivedAt).toISOString(),
    answerBy: lastDay,
    identity: request.status !== 'none' && isImmediate(request) ? 'not_needed' : waits ? open : 'settled',
  }
}

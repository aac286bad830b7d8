/** An erasure under way stands still while its person asks for what contradicts it, a restriction instead (GDPR art. 18(1)(b)): what goes now cannot be kept any more. */
import type { Erasure } from '../../core/erasure/erasure.ts'
import { dueSteps } from '../../core/erasure/steps.ts'
import { relationOf } from '../../core/request/together.ts'
import { rights } from '../../core/request/request.ts'
import { contradictedAmong, postponeRequest } from '../../store/request-turns.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import type { Shell } from '../shell.ts'
import { inTurn } from '../turn.ts'

export const CONTRADICTED = 'contradicted'
const LOOK_AGAIN_MS = 3_600_000
const contradicting = rights.filter((right) => relationOf('erasure', right) === 'ask')

/** Of requests that are about to take a step those that wait instead, with when they are looked at again (epoch milliseconds). The DPO is told. */
export async function standStill(shell: Shell, files: readonly StoredRequest[]): Promise<ReadonlyMap<string, number>> {
  const ids = files.filter(({ erasure }) => isDestroying(erasure)).map(({ id }) => id)
  const torn = ids.length === 0 ? [] : [...(await contradictedAmong(shell.db, ids, contradicting))]
  const until = shell.now() + LOOK_AGAIN_MS
  for (const id of torn) {
    await postponeRequest(shell.db, id, { dueAt: new Date(until).toISOString(), fault: CONTRADICTED, reason: null })
    await inTurn(shell, (turn) => alertDpo(turn, { request: id, kind: 'contradicted', event: '' }))
    shell.log('request.contradicted', { request: id })
  }
  return new Map(torn.map((id) => [id, until]))
}

function isDestroying(erasure: Erasure): boolean {
  return dueSteps(erasure).some(({ act }) => act === 'prepare' || act === 'erase')
}

/** A call that comes twice under one key has one effect and one answer, for a day. */
import { createHmac } from 'node:crypto'
import { forgetAnswered, loadAnswered, saveAnswered } from '../store/idempotency.ts'
import type { Shell } from './shell.ts'
import type { TurnShell } from './turn.ts'

/** `key`: the caller's own; `body`: as it came. */
export type Idempotency = { key: string; body: string }
export type Once<T> = { outcome: 'recorded' | 'repeated'; answer: T } | { outcome: 'key used otherwise' }

const REMEMBERED_MS = 24 * 3_600_000

/** In the transaction that has the turn. `idempotency` null: each call stands for itself. The answer must be JSON without personal data. */
export async function once<T>(
  turn: TurnShell,
  { apiKey, idempotency }: { apiKey: string; idempotency: Idempotency | null },
  work: () => Promise<T>,
): Promise<Once<T>> {
  if (idempotency === null) return { outcome: 'recorded', answer: await work() }
  const now = turn.now()
  const asked = keyed(turn, apiKey, idempotency)
  const before = await loadAnswered(turn.db, apiKey, asked.key, iso(now - REMEMBERED_MS))
  if (before !== null) {
    const same = before.request.equals(asked.request)
    return same ? { outcome: 'repeated', answer: JSON.parse(before.answer) as T } : { outcome: 'key used otherwise' }
  }
  const answer = await work()
  await forgetAnswered(turn.db, iso(now - REMEMBERED_MS))
  await saveAnswered(turn.db, { apiKey, ...asked, answer: JSON.stringify(answer) }, iso(now))
  return { outcome: 'recorded', answer }
}

/** Both the key and the body may hold an address, so neither is kept as it is. */
function keyed({ hashKey }: Shell, apiKey: string, { key, body }: Idempotency): { key: Buffer; request: Buffer } {
  const mac = (text: string): Buffer => createHmac('sha256', hashKey).update(text).digest()
  return { key: mac(`idempotency:key:${apiKey}:${key}`), request: mac(`idempotency:body:${body}`) }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

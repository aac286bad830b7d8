/** Several requests of one person at once: whose turn it is. */
import { turnOf, type OpenRequest } from '../core/request-together.ts'
import { openRequestsOfPerson, type StoredRequest } from '../store/requests.ts'
import type { TurnShell } from './turn.ts'

/** Null: it may begin. Otherwise what comes first, for people. */
export async function mayTakeTurn(db: TurnShell['db'], file: StoredRequest): Promise<string | null> {
  const others = await openRequestsOfPerson(db, file.id)
  // Who was refused, or has thought better of it, wants nothing any more, however long its end takes.
  const wanted = others.filter(({ request: { status } }) => status !== 'withdrawn' && status !== 'refused')
  const turn = turnOf(openOf(file), wanted.map(openOf))
  return turn.turn === 'go' ? null : waitWord(turn)
}

function openOf({ id, kind, receivedAt, request }: StoredRequest): OpenRequest {
  return { id, right: kind, receivedAt, begun: request.status === 'in-progress' || request.status === 'answered' }
}

function waitWord(turn: Exclude<ReturnType<typeof turnOf>, { turn: 'go' }>): string {
  switch (turn.turn) {
    case 'join':
      return `the same person asks for the same thing in ${turn.request}: that one is carried out, and answers this one`
    case 'wait':
      return `${turn.for.join(', ')} of the same person comes first: what it shows must still be there`
    case 'ask':
      return `${turn.about.join(', ')} of the same person contradicts this one: ask them what they want`
    default:
      return turn satisfies never
  }
}

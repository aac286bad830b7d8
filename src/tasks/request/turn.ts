/** Several open requests of one person: which of them may proceed. */
import { turnOf, type OpenRequest, type Turn } from '../../core/request/together.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { openRequestsOfPerson } from '../../store/request-lists.ts'
import type { TurnShell } from '../turn.ts'

/** Null if this request may begin; otherwise a message that says what has to come first. */
export async function mayTakeTurn(db: TurnShell['db'], file: StoredRequest): Promise<string | null> {
  const { turn } = await turnAmong(db, file)
  return turn.turn === 'go' ? null : waitWord(turn)
}

/** The earlier request for the same thing, which this one is carried out and answered with; null if there is none. */
export async function joinedTo(db: TurnShell['db'], file: StoredRequest): Promise<StoredRequest | null> {
  const { turn, others } = await turnAmong(db, file)
  return turn.turn === 'join' ? others.find(({ id }) => id === turn.request)! : null
}

async function turnAmong(db: TurnShell['db'], file: StoredRequest): Promise<{ turn: Turn; others: readonly StoredRequest[] }> {
  const others = await openRequestsOfPerson(db, file.id)
  // A refused or withdrawn request is ignored even if it is not closed yet.
  const wanted = others.filter(({ request: { status } }) => status !== 'withdrawn' && status !== 'refused')
  return { turn: turnOf(openOf(file), wanted.map(openOf)), others: wanted }
}

function openOf({ id, kind, receivedAt, request }: StoredRequest): OpenRequest {
  const answeredAt = request.status === 'answered' ? request.at : null
  return { id, right: kind, receivedAt, begun: request.status === 'in-progress' || answeredAt !== null, answeredAt }
}

function waitWord(turn: Exclude<Turn, { turn: 'go' }>): string {
  switch (turn.turn) {
    case 'join':
      return `the same person asks for the same thing in ${turn.request}: that one is carried out, and its answer is noted for this one by "accord request answer"`
    case 'wait':
      return `${turn.for.join(', ')} of the same person comes first: what it shows must still be there`
    case 'ask':
      return `${turn.about.join(', ')} of the same person contradicts this one: ask them what they want`
    default:
      return turn satisfies never
  }
}

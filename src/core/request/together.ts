/** Several requests of one person at once: which goes first, which are one, and where only the person can say what they mean. */
import type { Right } from './request.ts'

/**
 * Of the first right to the second. `apart`: neither minds the other. `before`, `after`: what an access or a copy would show must still be there.
 * `joins`: the same thing asked for twice is done once, and answered twice. `ask`: they contradict each other (art. 18(1)(b): restriction instead of
 * erasure), and nothing destructive happens before the person has said what they want.
 */
export type Relation = 'apart' | 'before' | 'after' | 'joins' | 'ask'

const apart = {
  access: 'apart',
  rectification: 'apart',
  erasure: 'apart',
  restriction: 'apart',
  objection: 'apart',
  portability: 'apart',
  withdrawal: 'apart',
} as const

const relations: { readonly [A in Right]: { readonly [B in Right]: Relation } } = {
  access: { ...apart, access: 'joins', erasure: 'before' },
  rectification: { ...apart, erasure: 'ask' },
  erasure: { ...apart, access: 'after', rectification: 'ask', erasure: 'joins', restriction: 'ask', portability: 'after' },
  restriction: { ...apart, erasure: 'ask', restriction: 'joins' },
  objection: apart,
  portability: { ...apart, erasure: 'before', portability: 'joins' },
  withdrawal: apart,
}

export function relationOf(mine: Right, other: Right): Relation {
  return relations[mine][other]
}

/** `begun`: it is being carried out, or was. `answeredAt`: when the person was told; null: not yet. Times in epoch milliseconds. */
export type OpenRequest = {
  readonly id: string
  readonly right: Right
  readonly receivedAt: number
  readonly begun: boolean
  readonly answeredAt: number | null
}
export type Turn =
  | { readonly turn: 'go' }
  | { readonly turn: 'wait'; readonly for: readonly string[] }
  | { readonly turn: 'join'; readonly request: string }
  | { readonly turn: 'ask'; readonly about: readonly string[] }

/**
 * May this request begin, beside the other open requests of the same person? Of two that join, the older one is carried out. Whoever asks again after the answer
 * asks anew: whether that is excessive (art. 12(5)) is somebody's decision, with its reasons, and never a matter of course.
 */
export function turnOf(mine: OpenRequest, others: readonly OpenRequest[]): Turn {
  const related = others.filter(({ id }) => id !== mine.id).map((other) => ({ other, relation: relationOf(mine.right, other.right) }))
  const of = (wanted: Relation): readonly OpenRequest[] => related.filter(({ relation }) => relation === wanted).map(({ other }) => other)
  const contradicting = [...of('ask').filter(isStanding), ...of('before').filter((other) => other.begun && isStanding(other))]
  if (contradicting.length > 0) return { turn: 'ask', about: contradicting.map(({ id }) => id).sort() }
  const elder = of('joins')
    .filter((other) => isElder(other, mine) && (other.answeredAt === null || mine.receivedAt <= other.answeredAt))
    .sort((a, b) => (isElder(a, b) ? -1 : 1))[0]
  if (elder !== undefined) return { turn: 'join', request: elder.id }
  const first = of('after')
  return first.length > 0 ? { turn: 'wait', for: first.map(({ id }) => id).sort() } : { turn: 'go' }
}

/** What was answered contradicts nothing any more, but for a restriction: it is in force until it is lifted. */
function isStanding({ right, answeredAt }: OpenRequest): boolean {
  return answeredAt === null || right === 'restriction'
}

/** One that has begun comes before one that has not, whenever they were received; ids break a tie, so that two workers agree. */
function isElder(a: OpenRequest, b: OpenRequest): boolean {
  if (a.begun !== b.begun) return a.begun
  return a.receivedAt !== b.receivedAt ? a.receivedAt < b.receivedAt : a.id < b.id
}

/**
 * What comes back from the thread that judges: columns, since cloning a thousand objects costs more than judging them. What repeats (verdicts, patches,
 * kinds of facts) crosses once and is then named by number.
 */
import { factKindKey, type ConsentFact, type FactKind } from '../../core/consent/consent.ts'
import type { ActDay, RawFields } from '../../core/judge/judge.ts'
import type { VerdictDraft } from '../../core/judge/verdict-body.ts'
import type { Assessed } from './assess.ts'

/**
 * `…New`: what is named by number from now on. `again`: the numbers start anew. A column of texts is one text, since each that crosses by itself costs as
 * much as a hash: a line for each record, '' for none, several hashes joined by spaces.
 */
export type Reply = {
  readonly again: boolean
  readonly draftsNew: readonly VerdictDraft[]
  readonly patchesNew: readonly RawFields[]
  readonly kindsNew: readonly FactKind[]
  readonly drafts: Int32Array<ArrayBuffer>
  readonly patches: Int32Array<ArrayBuffer>
  readonly reviews: string
  readonly contents: Float64Array<ArrayBuffer>
  readonly givens: Uint16Array<ArrayBuffer>
  readonly families: Uint16Array<ArrayBuffer>
  readonly personal: Int32Array<ArrayBuffer>
  /** NaN for none, infinity for an unknown day. */
  readonly acts: Float64Array<ArrayBuffer>
  readonly emails: string
  readonly quiet: string
  readonly names: string
  /** By the number of the record, where there are some. */
  readonly named: ReadonlyMap<number, readonly string[]>
  /** Null: nobody had asked for it. */
  readonly own: string | null
  /** By record how many facts, and then for each its kind and its time, NaN for none. */
  readonly factCounts: Uint16Array<ArrayBuffer>
  readonly facts: Float64Array<ArrayBuffer>
}

const NO_PATCH = -1
/** Beyond it both sides forget and start anew: memory must not grow with the number of contacts. */
const MOST_NUMBERED = 4_000

export function createPacker(): (all: readonly Assessed[]) => { reply: Reply; transfer: ArrayBuffer[] } {
  const drafts = createNumbering<VerdictDraft>((draft) => draft.key)
  const patches = createNumbering<RawFields>((patch) => JSON.stringify(patch))
  const kinds = createNumbering<FactKind>(factKindKey)
  return (all) => {
    const again = drafts.size() > MOST_NUMBERED || patches.size() > MOST_NUMBERED
    if (again) for (const one of [drafts, patches, kinds]) one.forget()
    const facts: number[] = []
    const columns = emptyColumns(all.length)
    for (const [index, one] of all.entries()) {
      const { draft, patch } = one.alone
      columns.drafts[index] = drafts.numberOf(draft)
      columns.patches[index] = patch === null ? NO_PATCH : patches.numberOf(patch)
      columns.contents[index] = one.content
      columns.givens[index] = one.given
      columns.families[index] = one.family
      columns.personal[index] = one.personal
      columns.acts[index] = one.lastAct === null ? Number.NaN : one.lastAct === 'unknown' ? Infinity : one.lastAct
      columns.factCounts[index] = one.facts.length
      for (const fact of one.facts) facts.push(kinds.numberOf(fact), fact.at ?? Number.NaN)
    }
    const numbers = { ...columns, facts: Float64Array.from(facts) }
    const reply = {
      again,
      draftsNew: drafts.fresh(),
      patchesNew: patches.fresh(),
      kindsNew: kinds.fresh(),
      ...numbers,
      reviews: lines(all, ({ alone }) => alone.reviewOn ?? ''),
      emails: lines(all, (one) => one.emails.join(' ')),
      quiet: lines(all, (one) => one.quiet.join(' ')),
      names: lines(all, (one) => one.names.join(' ')),
      named: new Map(all.flatMap(({ named }, index) => (named.length === 0 ? [] : [[index, named] as const]))),
      own: all.some(({ own }) => own !== null) ? lines(all, ({ own }) => own ?? '') : null,
    }
    return { reply, transfer: Object.values(numbers).map((column) => column.buffer) }
  }
}

/** To be filled one by one: to make each out of the records takes twice as long. */
function emptyColumns(length: number) {
  return {
    drafts: new Int32Array(length),
    patches: new Int32Array(length),
    contents: new Float64Array(length),
    givens: new Uint16Array(length),
    families: new Uint16Array(length),
    personal: new Int32Array(length),
    acts: new Float64Array(length),
    factCounts: new Uint16Array(length),
  }
}

/** One for each thread: it remembers what the numbers stand for. */
export function createReader(): (reply: Reply) => Assessed[] {
  const drafts: VerdictDraft[] = []
  const patches: RawFields[] = []
  const kinds: FactKind[] = []
  return (reply) => {
    if (reply.again) for (const list of [drafts, patches, kinds]) list.length = 0
    drafts.push(...reply.draftsNew)
    patches.push(...reply.patchesNew)
    kinds.push(...reply.kindsNew)
    let at = 0
    const nextFact = (): ConsentFact => {
      const kind = kinds[reply.facts[at]!]!
      const time = reply.facts[at + 1]!
      at += 2
      return { ...kind, at: Number.isNaN(time) ? null : time }
    }
    const [reviews, emails, quiet, names] = [reply.reviews, reply.emails, reply.quiet, reply.names].map((lines) => lines.split('\n'))
    const own = reply.own?.split('\n')
    const all: Assessed[] = []
    for (const [index, content] of reply.contents.entries()) {
      const patch = reply.patches[index]!
      all.push({
        content,
        emails: split(emails![index]!),
        quiet: split(quiet![index]!),
        names: split(names![index]!),
        named: reply.named.get(index) ?? NOTHING,
        own: own?.[index] ?? null,
        given: reply.givens[index]!,
        family: reply.families[index]!,
        personal: reply.personal[index]!,
        facts: factsOf(reply.factCounts[index]!, nextFact),
        lastAct: actOf(reply.acts[index]!),
        alone: {
          draft: drafts[reply.drafts[index]!]!,
          reviewOn: reviews![index]! || null,
          patch: patch === NO_PATCH ? null : patches[patch]!,
        },
      })
    }
    return all
  }
}

function factsOf(count: number, next: () => ConsentFact): readonly ConsentFact[] {
  if (count === 0) return NOTHING
  const facts: ConsentFact[] = []
  while (facts.length < count) facts.push(next())
  return facts
}

function lines(all: readonly Assessed[], of: (one: Assessed) => string): string {
  return all.map(of).join('\n')
}

function actOf(day: number): ActDay {
  return Number.isNaN(day) ? null : day === Infinity ? 'unknown' : day
}

const NOTHING: readonly never[] = Object.freeze([])

function split(joined: string): readonly string[] {
  return joined === '' ? NOTHING : joined.includes(' ') ? joined.split(' ') : [joined]
}

type Numbering<T> = { numberOf: (value: T) => number; fresh: () => T[]; size: () => number; forget: () => void }

function createNumbering<T>(keyOf: (value: T) => string): Numbering<T> {
  const numbers = new Map<string, number>()
  let fresh: T[] = []
  return {
    numberOf(value) {
      const key = keyOf(value)
      let number = numbers.get(key)
      if (number === undefined) {
        numbers.set(key, (number = numbers.size))
        fresh.push(value)
      }
      return number
    },
    fresh() {
      const taken = fresh
      fresh = []
      return taken
    },
    size: () => numbers.size,
    forget: () => numbers.clear(),
  }
}

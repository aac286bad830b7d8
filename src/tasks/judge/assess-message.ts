/**
 * What comes back from the thread that judges: columns, since cloning a thousand objects costs more than judging them. What repeats (verdicts, patches,
 * kinds of facts) crosses once and is then named by number.
 */
import type { ConsentFact, FactKind } from '../../core/consent/consent.ts'
import { createKindTable } from '../../core/consent/kind-table.ts'
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
  /**
   * Of each record the draft, the patch, the content, the tags of the names, `personal`, the last act (NaN for none, infinity for an unknown day) and how many
   * facts follow, each with its kind and its time (NaN for none). One list: to hand over another buffer costs a tenth of judging the records.
   */
  readonly numbers: Float64Array<ArrayBuffer>
  readonly reviews: string
  readonly emails: string
  readonly quiet: string
  readonly names: string
  /** By the number of the record, where there are some. */
  readonly named: ReadonlyMap<number, readonly string[]>
  /** Null: nobody had asked for it. */
  readonly own: string | null
}

const NO_PATCH = -1
/** Of each record, and of each of its facts. */
const [NUMBERS, NUMBERS_OF_FACT] = [8, 2]
/** Beyond it both sides forget and start anew: memory must not grow with the number of contacts. */
const MOST_NUMBERED = 4_000

export function createPacker(): (all: readonly Assessed[]) => { reply: Reply; transfer: ArrayBuffer[] } {
  const drafts = createNumbering<VerdictDraft, VerdictDraft>((draft) => draft)
  const patches = createNumbering<RawFields, string>((patch) => JSON.stringify(patch))
  const kinds = createKindNumbering()
  return (all) => {
    const again = drafts.size() > MOST_NUMBERED || patches.size() > MOST_NUMBERED
    if (again) for (const one of [drafts, patches, kinds]) one.forget()
    const numbers = new Float64Array(all.reduce((sum, { facts }) => sum + NUMBERS + NUMBERS_OF_FACT * facts.length, 0))
    let at = 0
    for (const one of all) {
      const { draft, patch } = one.alone
      numbers[at++] = drafts.numberOf(draft)
      numbers[at++] = patch === null ? NO_PATCH : patches.numberOf(patch)
      numbers[at++] = one.content
      numbers[at++] = one.given
      numbers[at++] = one.family
      numbers[at++] = one.personal
      numbers[at++] = one.lastAct === null ? Number.NaN : one.lastAct === 'unknown' ? Infinity : one.lastAct
      numbers[at++] = one.facts.length
      for (const fact of one.facts) {
        numbers[at++] = kinds.numberOf(fact)
        numbers[at++] = fact.at ?? Number.NaN
      }
    }
    const reply = {
      again,
      draftsNew: drafts.fresh(),
      patchesNew: patches.fresh(),
      kindsNew: kinds.fresh(),
      numbers,
      reviews: lines(all, ({ alone }) => alone.reviewOn ?? ''),
      emails: lines(all, (one) => joined(one.emails)),
      quiet: lines(all, (one) => joined(one.quiet)),
      names: lines(all, (one) => joined(one.names)),
      named: namedOf(all),
      own: all.some(({ own }) => own !== null) ? lines(all, ({ own }) => own ?? '') : null,
    }
    return { reply, transfer: [numbers.buffer] }
  }
}

function lines(all: readonly Assessed[], of: (one: Assessed) => string): string {
  return all.map(of).join('\n')
}

function joined(hashes: readonly string[]): string {
  return hashes.length === 0 ? '' : hashes.length === 1 ? hashes[0]! : hashes.join(' ')
}

function namedOf(all: readonly Assessed[]): ReadonlyMap<number, readonly string[]> {
  const named = new Map<number, readonly string[]>()
  for (let index = 0; index < all.length; index++) if (all[index]!.named.length > 0) named.set(index, all[index]!.named)
  return named
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
    const { numbers } = reply
    const [reviews, emails, quiet, names] = [reply.reviews, reply.emails, reply.quiet, reply.names].map((text) => text.split('\n'))
    const own = reply.own?.split('\n')
    const all: Assessed[] = []
    for (let at = 0; at < numbers.length; at += NUMBERS + NUMBERS_OF_FACT * numbers[at + 7]!) {
      const index = all.length
      const patch = numbers[at + 1]!
      all.push({
        content: numbers[at + 2]!,
        emails: split(emails![index]!),
        quiet: split(quiet![index]!),
        names: split(names![index]!),
        named: reply.named.get(index) ?? NOTHING,
        own: own?.[index] ?? null,
        given: numbers[at + 3]!,
        family: numbers[at + 4]!,
        personal: numbers[at + 5]!,
        facts: factsOf(numbers, at + NUMBERS, numbers[at + 7]!, kinds),
        lastAct: actOf(numbers[at + 6]!),
        alone: {
          draft: drafts[numbers[at]!]!,
          reviewOn: reviews![index]! || null,
          patch: patch === NO_PATCH ? null : patches[patch]!,
        },
      })
    }
    return all
  }
}

function factsOf(numbers: Reply['numbers'], from: number, count: number, kinds: readonly FactKind[]): readonly ConsentFact[] {
  if (count === 0) return NOTHING
  const facts: ConsentFact[] = []
  for (let at = from; facts.length < count; at += NUMBERS_OF_FACT) {
    const time = numbers[at + 1]!
    facts.push({ ...kinds[numbers[at]!]!, at: Number.isNaN(time) ? null : time })
  }
  return facts
}

function actOf(day: number): ActDay {
  return Number.isNaN(day) ? null : day === Infinity ? 'unknown' : day
}

const NOTHING: readonly never[] = Object.freeze([])

function split(line: string): readonly string[] {
  return line === '' ? NOTHING : line.includes(' ') ? line.split(' ') : [line]
}

type Numbering<T> = { numberOf: (value: T) => number; fresh: () => T[]; size: () => number; forget: () => void }

/** `keyOf`: best the object itself, where equal ones are mostly the same one. */
function createNumbering<T, K>(keyOf: (value: T) => K): Numbering<T> {
  const numbers = new Map<K, number>()
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

function createKindNumbering(): Numbering<FactKind> {
  const numbers = createKindTable<number>()
  let size = 0
  let fresh: FactKind[] = []
  return {
    numberOf(kind) {
      const known = numbers.get(kind)
      if (known !== undefined) return known
      numbers.set(kind, size)
      fresh.push(kind)
      return size++
    },
    fresh() {
      const taken = fresh
      fresh = []
      return taken
    },
    size: () => size,
    forget() {
      numbers.clear()
      size = 0
    },
  }
}

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

/** Takes one record after the other: whatever else was made for it is garbage at once. Kept until all of a sheet are done, it outlived two collections. */
export type Packer = { add: (one: Assessed) => void; end: () => { reply: Reply; transfer: ArrayBuffer[] } }

export function createPacker(): Packer {
  const drafts = createNumbering<VerdictDraft, VerdictDraft>((draft) => draft)
  const patches = createNumbering<RawFields, string>((patch) => JSON.stringify(patch))
  const kinds = createKindNumbering()
  const numbers = createNumbers()
  let again = false
  let columns = noColumns()
  return {
    add(one) {
      const { draft, patch, reviewOn } = one.alone
      numbers.put(drafts.numberOf(draft), patch === null ? NO_PATCH : patches.numberOf(patch))
      numbers.put(one.content, one.given)
      numbers.put(one.family, one.personal)
      numbers.put(one.lastAct === null ? Number.NaN : one.lastAct === 'unknown' ? Infinity : one.lastAct, one.facts.length)
      for (let i = 0; i < one.facts.length; i++) numbers.put(kinds.numberOf(one.facts[i]!), one.facts[i]!.at ?? Number.NaN)
      columns.reviews.push(reviewOn ?? '')
      columns.emails.push(joined(one.emails))
      columns.quiet.push(joined(one.quiet))
      columns.names.push(joined(one.names))
      if (one.named.length > 0) columns.named.set(columns.own.length, one.named)
      columns.own.push(one.own ?? '')
    },
    end() {
      const { reviews, emails, quiet, names, named, own } = columns
      const reply = {
        again,
        draftsNew: drafts.fresh(),
        patchesNew: patches.fresh(),
        kindsNew: kinds.fresh(),
        numbers: numbers.take(),
        reviews: reviews.join('\n'),
        emails: emails.join('\n'),
        quiet: quiet.join('\n'),
        names: names.join('\n'),
        named,
        own: own.some((hash) => hash !== '') ? own.join('\n') : null,
      }
      columns = noColumns()
      again = drafts.size() > MOST_NUMBERED || patches.size() > MOST_NUMBERED
      if (again) for (const one of [drafts, patches, kinds]) one.forget()
      return { reply, transfer: [reply.numbers.buffer] }
    },
  }
}

type Columns = Record<'reviews' | 'emails' | 'quiet' | 'names' | 'own', string[]> & { named: Map<number, readonly string[]> }

function noColumns(): Columns {
  return { reviews: [], emails: [], quiet: [], names: [], own: [], named: new Map() }
}

/** They are kept in place from sheet to sheet. */
function createNumbers() {
  let numbers = new Float64Array(1 << 14)
  let used = 0
  return {
    put(first: number, second: number): void {
      if (used + 2 > numbers.length) {
        const more = new Float64Array(2 * numbers.length)
        more.set(numbers)
        numbers = more
      }
      numbers[used] = first
      numbers[used + 1] = second
      used += 2
    },
    take(): Float64Array<ArrayBuffer> {
      const taken = numbers.slice(0, used)
      used = 0
      return taken
    },
  }
}

function joined(hashes: readonly string[]): string {
  return hashes.length === 0 ? '' : hashes.length === 1 ? hashes[0]! : hashes.join(' ')
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

/**
 * What comes back from the thread that judges: columns, since cloning a thousand objects costs more than judging them. What repeats (verdicts, patches,
 * kinds of facts) crosses once and is then named by number.
 */
import { factKindKey, type ConsentFact, type FactKind } from '../core/consent.ts'
import type { ActDay, RawFields } from '../core/judge.ts'
import type { VerdictDraft } from '../core/verdict-body.ts'
import type { Assessed } from './assess.ts'

/** `…New`: what is named by number from now on. `again`: the numbers start anew. Several hashes of one record are joined by spaces, '' is none. */
export type Reply = {
  readonly again: boolean
  readonly draftsNew: readonly VerdictDraft[]
  readonly patchesNew: readonly RawFields[]
  readonly kindsNew: readonly FactKind[]
  readonly drafts: Int32Array<ArrayBuffer>
  readonly patches: Int32Array<ArrayBuffer>
  readonly reviews: readonly (string | null)[]
  readonly contents: Float64Array<ArrayBuffer>
  readonly givens: Uint16Array<ArrayBuffer>
  readonly families: Uint16Array<ArrayBuffer>
  readonly personal: Int32Array<ArrayBuffer>
  readonly acts: readonly ActDay[]
  readonly emails: readonly string[]
  readonly quiet: readonly string[]
  readonly names: readonly string[]
  readonly named: readonly (readonly string[])[]
  readonly own: readonly (string | null)[]
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
    for (const { facts: said } of all) {
      for (const { at, ...kind } of said) facts.push(kinds.numberOf(kind), at ?? Number.NaN)
    }
    const columns = {
      drafts: Int32Array.from(all, ({ alone }) => drafts.numberOf(alone.draft)),
      patches: Int32Array.from(all, ({ alone }) => (alone.patch === null ? NO_PATCH : patches.numberOf(alone.patch))),
      contents: Float64Array.from(all, (one) => one.content),
      givens: Uint16Array.from(all, (one) => one.given),
      families: Uint16Array.from(all, (one) => one.family),
      personal: Int32Array.from(all, (one) => one.personal),
      factCounts: Uint16Array.from(all, (one) => one.facts.length),
      facts: Float64Array.from(facts),
    }
    const reply = {
      again,
      draftsNew: drafts.fresh(),
      patchesNew: patches.fresh(),
      kindsNew: kinds.fresh(),
      ...columns,
      reviews: all.map(({ alone }) => alone.reviewOn),
      acts: all.map((one) => one.lastAct),
      emails: all.map((one) => one.emails.join(' ')),
      quiet: all.map((one) => one.quiet.join(' ')),
      names: all.map((one) => one.names.join(' ')),
      named: all.map((one) => one.named),
      own: all.map((one) => one.own),
    }
    return { reply, transfer: Object.values(columns).map((column) => column.buffer) }
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
    return reply.emails.map((emails, index) => ({
      content: reply.contents[index]!,
      emails: split(emails),
      quiet: split(reply.quiet[index]!),
      names: split(reply.names[index]!),
      named: reply.named[index]!,
      own: reply.own[index]!,
      given: reply.givens[index]!,
      family: reply.families[index]!,
      personal: reply.personal[index]!,
      facts: reply.factCounts[index] === 0 ? NOTHING : Array.from({ length: reply.factCounts[index]! }, nextFact),
      lastAct: reply.acts[index]!,
      alone: {
        draft: drafts[reply.drafts[index]!]!,
        reviewOn: reply.reviews[index]!,
        patch: reply.patches[index] === NO_PATCH ? null : patches[reply.patches[index]!]!,
      },
    }))
  }
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

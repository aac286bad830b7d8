/** The small language that the word lists are written in, and how a phrase is found among words. */
import { collapse, type Words } from './text.ts'

/**
 * `words`: alternatives separated by white space; a phrase joins its words by `_`; `|` gives choices for one word; `mala~de,des`
 * adds endings to a stem that counts too; `@people` is a class; a word in capitals counts only when written in capitals. Between two words of a phrase
 * up to two fillers (articles, adverbs, short prepositions) may stand.
 */
export type Rule = {
  readonly words: string
  /** What else must be true: a person named near, or nothing before the word in its clause (notes drop their subject). */
  readonly needs?: 'person' | 'personOrStart'
  /** Words that take the meaning away: right before, right after (articles aside), or within eight words in the same sentence. */
  readonly unlessBefore?: string
  readonly unlessAfter?: string
  readonly unlessNear?: string
  /** The last word is a given name as well: capitalised before another capitalised word it is one (`The buyer is Christian Meyer`). */
  readonly givenName?: boolean
  /** A negation right before releases it. Facts about a person stay facts when negated; a judgement does not. */
  readonly negatable?: boolean
}
export type Classes = Readonly<Record<string, string>>

type Element = { readonly exact: ReadonlySet<string>; readonly long: ReadonlySet<string>; readonly upper: ReadonlySet<string> }
type Guards = { readonly before: Element; readonly after: Element; readonly near: Element }
export type Pattern = {
  readonly elements: readonly Element[]
  readonly trigger: number
  readonly guards: Guards
  readonly needs: 'person' | 'personOrStart' | 'nothing'
  readonly negatable: boolean
  readonly givenName: boolean
}
export type Span = { readonly first: number; readonly last: number }

/** From here on a doubled or lost double letter is forgiven: shorter words turn into others (`il`, `ill`). */
const longWord = 7
const nearWords = 8

export function compileRule(rule: Rule, classes: Classes): readonly Pattern[] {
  const guards = {
    before: elementOf(rule.unlessBefore ?? '', classes),
    after: elementOf(rule.unlessAfter ?? '', classes),
    near: elementOf(rule.unlessNear ?? '', classes),
  }
  return splitWords(rule.words).map((phrase) => {
    const elements = phrase.split('_').map((choices) => elementOf(choices.replaceAll('|', ' '), classes))
    return {
      elements,
      trigger: rarest(elements),
      guards,
      needs: rule.needs ?? 'nothing',
      negatable: rule.negatable === true,
      givenName: rule.givenName === true,
    }
  })
}

/** The forms that make it worth trying a pattern. */
export function triggersOf(pattern: Pattern): readonly string[] {
  const element = pattern.elements[pattern.trigger]
  return element === undefined ? [] : [...element.exact, ...element.long, ...element.upper]
}

export function elementOf(source: string, classes: Classes): Element {
  const items = splitWords(source)
  // A class alone is most of what phrases are made of: they share its sets.
  if (items.length === 1 && source.startsWith('@')) return classOf(source.slice(1), classes)
  const exact = new Set<string>()
  const upper = new Set<string>()
  for (const item of items) {
    if (item.startsWith('@')) {
      const inner = classOf(item.slice(1), classes)
      for (const form of inner.exact) exact.add(form)
      for (const form of inner.upper) upper.add(form)
      continue
    }
    const [stem = '', endings] = item.split('~')
    for (const ending of new Set(['', ...(endings ?? '').split(',')])) {
      const form = stem + ending
      if (form.length > 1 && form === form.toUpperCase()) upper.add(form.toLowerCase())
      else exact.add(form)
    }
  }
  return { exact, upper, long: new Set([...exact].map(collapse).filter((form) => form.length >= longWord)) }
}

const expanded = new WeakMap<Classes, Map<string, Element>>()

/** Classes stand in hundreds of phrases, and in each other: each is expanded once. */
function classOf(name: string, classes: Classes): Element {
  let known = expanded.get(classes)
  if (known === undefined) expanded.set(classes, (known = new Map()))
  let element = known.get(name)
  if (element === undefined) known.set(name, (element = elementOf(classes[name] ?? unknownClass(name), classes)))
  return element
}

function splitWords(source: string): readonly string[] {
  return source.split(/\s+/).filter((item) => item !== '')
}

function unknownClass(name: string): never {
  throw new TypeError(`the word list names a class that does not exist: @${name}`)
}

/** The element with the fewest and longest forms: a phrase of common words must not wake the scanner in every note. */
function rarest(elements: readonly Element[]): number {
  const scores = elements.map(({ exact, upper }) => {
    const lengths = [...exact, ...upper].map((form) => form.length)
    return Math.min(8, ...lengths) - lengths.length * 0.1
  })
  return scores.indexOf(Math.max(...scores))
}

export function matches(element: Element, text: Words, i: number): boolean {
  const word = text.words[i]
  if (word === undefined) return false
  if (element.exact.has(word)) return true
  if (element.upper.size > 0 && element.upper.has(word) && text.shapes[i] === 'upper') return true
  return word.length >= longWord && element.long.has(collapse(word))
}

/** The words that a pattern covers when its trigger is word `i`; `null` when the phrase is not there. Guards are not looked at. */
export function spanAt(pattern: Pattern, text: Words, i: number, fillers: ReadonlySet<string>): Span | null {
  let first = i
  let last = i
  for (let e = pattern.trigger - 1; e >= 0; e--) {
    const at = neighbour(pattern.elements[e], text, first, -1, fillers)
    if (at === -1) return null
    first = at
  }
  for (let e = pattern.trigger + 1; e < pattern.elements.length; e++) {
    const at = neighbour(pattern.elements[e], text, last, 1, fillers)
    if (at === -1) return null
    last = at
  }
  return { first, last }
}

function neighbour(element: Element | undefined, text: Words, from: number, way: 1 | -1, fillers: ReadonlySet<string>): number {
  if (element === undefined) return -1
  for (let steps = 1; steps <= 3; steps++) {
    const at = from + way * steps
    if (text.clauses[at] !== text.clauses[from]) return -1
    if (matches(element, text, at)) return at
    if (!fillers.has(text.words[at] ?? '')) return -1
  }
  return -1
}

/** True when a guard word takes the meaning away. */
export function isGuarded(guards: Guards, text: Words, { first, last }: Span): boolean {
  if (isBeside(guards.before, text, first - 1, -1) || isBeside(guards.after, text, last + 1, 1)) return true
  if (guards.near.exact.size === 0 && guards.near.upper.size === 0) return false
  // `Diabétique, prévoir une pause pendant la formation`: what stands in a clause of its own is about the person, not about the rest of the sentence.
  return !isAlone(text, first, last) && isNear(guards.near, text, first, last)
}

function isAlone(text: Words, first: number, last: number): boolean {
  return (
    first === last &&
    last + 1 < text.words.length &&
    text.clauses[first - 1] !== text.clauses[first] &&
    text.clauses[last + 1] !== text.clauses[last] &&
    !isListed(text, first)
  )
}

/** `Salon : diabète, cancer, obésité`: one word among others, each between commas, tells what the sentence is about. */
function isListed({ clauses, sentences }: Words, at: number): boolean {
  const beforeIsOne = clauses[at - 2] !== clauses[at - 1] && sentences[at - 2] === sentences[at]
  const afterIsOne = clauses[at + 2] !== clauses[at + 1] && sentences[at + 1] === sentences[at]
  return beforeIsOne || afterIsOne
}

const articles: ReadonlySet<string> = new Set('de du des d le la les l the of'.split(' '))

/** The very next word, or the one that it belongs to. */
function isBeside(element: Element, text: Words, next: number, way: 1 | -1): boolean {
  if (element.exact.size === 0 && element.upper.size === 0) return false
  const sentence = text.sentences[next - way]
  if (text.sentences[next] === sentence && matches(element, text, next)) return true
  const at = pastArticles(text, next, way)
  return at !== next && text.sentences[at] === sentence && matches(element, text, at)
}

/** `rue de la Mosquée`, `cancer du marché`: two articles at most stand between a word and what it belongs to. */
export function pastArticles(text: Words, from: number, way: 1 | -1): number {
  let at = from
  while (at !== from + 2 * way && articles.has(text.words[at] ?? '')) at += way
  return at
}

/** Some word of the element within eight words, in the same sentence. */
export function isNear(element: Element, text: Words, first: number, last: number): boolean {
  const sentence = text.sentences[first]
  for (let i = Math.max(0, first - nearWords); i <= last + nearWords && i < text.words.length; i++) {
    if ((i < first || i > last) && text.sentences[i] === sentence && matches(element, text, i)) return true
  }
  return false
}

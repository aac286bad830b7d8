/** Looks for what must not stand in a CRM's free text. Finds, never erases: a person decides. */
import type { Severity } from '../judge/verdict.ts'
import { quickMap, type Lookup } from '../text/quick-set.ts'
import { visible } from '../text/visible.ts'
import { classes, negationFillers, negations } from './lexicon-classes.ts'
import { politics, religion } from './lexicon-beliefs.ts'
import { body } from './lexicon-body.ts'
import { offences } from './lexicon-conduct.ts'
import { health } from './lexicon-health.ts'
import { illness } from './lexicon-illness.ts'
import { insults } from './lexicon-insults.ts'
import { origin, sexLife } from './lexicon-origin.ts'
import { pregnancy } from './lexicon-pregnancy.ts'
import { privateLife } from './lexicon-private.ts'
import { fillerWords, isGlossed, isName, isStreet, people } from './names.ts'
import { findNumbers, type NumberHit } from './numbers.ts'
import { compileRule, elementOf, isGuarded, isNear, matches, spanAt, triggersOf, type Pattern, type Rule, type Span } from './pattern.ts'
import { findSecrets, secretTriggers } from './secrets.ts'
import { collapse, createPrefilter, wordsOf, type Words } from './text.ts'

export type DetectorAction = 'block' | 'review' | 'warn'
/** One line of the policy's `detectors`. With `lexicon`, the id names the word list: secrets, special, offences, insults, private_life. */
export type Detector = {
  readonly id: string
  readonly how: 'nirKey' | 'cardNumber' | 'lexicon' | 'iban'
  readonly severity: Severity
  readonly action: DetectorAction
}
/** `start` and `end` are UTF-16 offsets into what a reader sees of the text (`visible`); the value itself is never copied. */
export type SensitiveHit = {
  readonly detector: string
  readonly severity: Severity
  readonly action: DetectorAction
  readonly start: number
  readonly end: number
}
export interface Scanner {
  /** Hits by start; overlapping hits of one detector are merged. Linear in the length of the text. */
  scan(text: string): readonly SensitiveHit[]
}

const lists: Readonly<Record<string, readonly Rule[]>> = {
  special: [...health, ...illness, ...body, ...pregnancy, ...religion, ...politics, ...origin, ...sexLife],
  offences,
  insults,
  private_life: privateLife,
  secrets: [],
}
/** The shortest number looked for is an IBAN of Norway, with 13 digits; an IBAN of the Netherlands may have 12, a NIR 13. */
const minDigits = 12
const none: readonly SensitiveHit[] = []

type Found = { readonly detector: Detector; readonly start: number; readonly end: number }
/** `triggers`: what wakes the pattern, with doubled letters made one. */
type Phrase = { readonly pattern: Pattern; readonly triggers: readonly string[] }
type Compiled = { readonly detector: Detector; readonly pattern: Pattern }

/** Throws TypeError when a lexicon detector has an id that no word list answers to. */
export function createScanner(options: { readonly detectors: readonly Detector[] }): Scanner {
  const byTrigger = new Map<string, Compiled[]>()
  for (const detector of options.detectors) {
    if (detector.how !== 'lexicon') continue
    for (const { pattern, triggers } of phrasesOf(detector.id)) {
      const one = { detector, pattern }
      for (const trigger of triggers) {
        const known = byTrigger.get(trigger)
        if (known === undefined) byTrigger.set(trigger, [one])
        else known.push(one)
      }
    }
  }
  const secrets = options.detectors.find(({ how, id }) => how === 'lexicon' && id === 'secrets')
  const woken = quickMap(byTrigger)
  const numbers = new Map<NumberHit['kind'], Detector>()
  for (const detector of options.detectors) if (detector.how !== 'lexicon') numbers.set(detector.how, detector)
  const prefilter = createPrefilter(byTrigger.keys(), secrets === undefined ? [] : secretTriggers)
  return {
    scan(raw) {
      // Rich text is looked through as it is read. Plain text, nearly all of it, pays for two searches of one sign.
      const text = raw.includes('<') || raw.includes('&') ? visible(raw) : raw
      const { maybe, secret, digits } = prefilter.glance(text)
      const withNumbers = digits >= minDigits && numbers.size > 0
      if (!maybe && !withNumbers) return none
      const found: Found[] = maybe ? findWords(text, woken) : []
      if (secret && secrets !== undefined) for (const hit of findSecrets(text)) found.push({ detector: secrets, ...hit })
      if (withNumbers) {
        for (const { kind, start, end } of findNumbers(text)) {
          const detector = numbers.get(kind)
          if (detector !== undefined) found.push({ detector, start, end })
        }
      }
      return merged(found)
    },
  }
}

const compiled = new Map<string, readonly Phrase[]>()

/** The word lists are the same for every policy: each is compiled once, when the first policy asks for it. */
function phrasesOf(id: string): readonly Phrase[] {
  const known = compiled.get(id)
  if (known !== undefined) return known
  const rules = lists[id]
  if (rules === undefined) throw new TypeError(`detector ${id} has no word list; known lists: ${Object.keys(lists).join(', ')}`)
  const phrases = rules
    .flatMap((rule) => compileRule(rule, classes))
    .map((pattern) => ({ pattern, triggers: [...new Set(triggersOf(pattern).map(collapse))] }))
  compiled.set(id, phrases)
  return phrases
}

function findWords(text: string, woken: Lookup<readonly Compiled[]>): Found[] {
  const found: Found[] = []
  const words = wordsOf(text)
  for (let i = 0; i < words.words.length; i++) {
    for (const { detector, pattern } of woken.get(collapse(words.words[i] ?? '')) ?? []) {
      const span = spanIfMeant(pattern, words, i)
      if (span !== null) found.push({ detector, start: words.starts[span.first] ?? 0, end: words.ends[span.last] ?? 0 })
    }
  }
  return found
}

function spanIfMeant(pattern: Pattern, text: Words, i: number): Span | null {
  const trigger = pattern.elements[pattern.trigger]
  if (trigger === undefined || !matches(trigger, text, i)) return null
  // In a shouted note capitals prove nothing: AVC may be a stroke or "avec".
  if (pattern.elements.length === 1 && text.shouted && !trigger.exact.has(text.words[i] ?? '')) return null
  const span = spanAt(pattern, text, i, fillerWords)
  if (span === null || isName(text, span) || isStreet(text, span) || isGuarded(pattern.guards, text, span)) return null
  if (span.first === span.last && trigger.upper.size > 0 && !trigger.exact.has(text.words[i] ?? '') && isGlossed(text, i)) return null
  if (isSupposed(text, span) || isOfAnimal(text, span)) return null
  if (pattern.negatable && isNegated(pattern, text, span)) return null
  if (pattern.givenName && text.shapes[span.last] === 'capitalised' && text.shapes[span.last + 1] === 'capitalised') return null
  if (pattern.needs === 'nothing' || isNear(people, text, span.first, span.last)) return span
  return pattern.needs === 'personOrStart' && opensClause(text, span.first) ? span : null
}

const negationWords = new Set(negations.split(' '))
const negationGaps = new Set(negationFillers.split(' '))

/** A negation right before the phrase, or inside it and no part of it (`est pas con`). */
function isNegated({ elements }: Pattern, text: Words, { first, last }: Span): boolean {
  for (let i = first + 1; i < last; i++) {
    if (negationWords.has(text.words[i] ?? '') && !elements.some((element) => matches(element, text, i))) return true
  }
  for (let i = first - 1; i >= first - 4 && text.clauses[i] === text.clauses[first]; i--) {
    const word = text.words[i] ?? ''
    if (negationWords.has(word)) return true
    if (!negationGaps.has(word)) return false
  }
  return false
}

/** `En cas de maladie`, `si jamais il tombait malade`, `in case of theft`: said of nobody yet. */
function isSupposed(text: Words, { first }: Span): boolean {
  for (let i = first - 1; i >= first - 6 && text.clauses[i] === text.clauses[first]; i--) {
    const word = text.words[i]
    if (word === 'cas' || word === 'case') return text.words[i - 1] === 'en' || text.words[i - 1] === 'au' || text.words[i - 1] === 'in'
    if (word === 'jamais' && text.words[i - 1] === 'si') return true
  }
  return false
}

const animals = elementOf('@animal', classes)
const animalLinks = new Set('est etait a avait fait ete is was has had got very tres un une le la mort morte died of en with'.split(' '))

/** `Le chien est épileptique`, `cat died of cancer`, `deaf puppy`; not `chien d'aveugle`, who is somebody's eyes. */
function isOfAnimal(text: Words, { first, last }: Span): boolean {
  if (text.clauses[last + 1] === text.clauses[last] && matches(animals, text, last + 1)) return true
  for (let i = first - 1; i >= first - 4 && text.clauses[i] === text.clauses[first]; i--) {
    if (matches(animals, text, i)) return true
    if (!animalLinks.has(text.words[i] ?? '')) return false
  }
  return false
}

/** Nothing before the word in its clause but fillers, or one word joined by "and": `rude and stupid`, `aigri et moche`. */
function opensClause(text: Words, first: number): boolean {
  let joined = false
  for (let i = first - 1; i >= 0 && text.clauses[i] === text.clauses[first]; i--) {
    const word = text.words[i] ?? ''
    if (i < first - 4) return false
    if (fillerWords.has(word)) {
      joined ||= i === first - 1 && (word === 'et' || word === 'and')
      continue
    }
    if (!joined) return false
    joined = false
  }
  return true
}

function merged(found: readonly Found[]): readonly SensitiveHit[] {
  const ends = new Map<string, SensitiveHit>()
  const hits: SensitiveHit[] = []
  for (const { detector, start, end } of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = ends.get(detector.id)
    if (last !== undefined && start < last.end) {
      if (end > last.end) {
        const wider = { ...last, end }
        hits[hits.lastIndexOf(last)] = wider
        ends.set(detector.id, wider)
      }
      continue
    }
    const hit = { detector: detector.id, severity: detector.severity, action: detector.action, start, end }
    ends.set(detector.id, hit)
    hits.push(hit)
  }
  return hits
}

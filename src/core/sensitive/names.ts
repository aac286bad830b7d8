/** What reads like a sensitive word and is part of a name: of a person, a company, a street. */
import { classes, fillers } from './lexicon-classes.ts'
import { elementOf, matches, pastArticles, type Span } from './pattern.ts'
import type { Words } from './text.ts'

export const people = elementOf('@person', classes)
export const fillerWords: ReadonlySet<string> = new Set(fillers.split(/\s+/))
const civilities = elementOf(classes['civility'] ?? '', classes)
const plainWords = new Set('depuis suite pendant jusqu apres avant since after until during because'.split(' '))
const streets = new Set(
  'rue rues avenue avenues av boulevard boulevards bd impasse allee allees ruelle quai quais chemin faubourg'.split(' '),
)

/** `Mme Chrétien`, `Gay Lussac`, `Mental Health Programmes`: capitalised words after a title or beside another capitalised word. */
export function isName(text: Words, { first, last }: Span): boolean {
  if (first === last && text.shapes[first] === 'upper') return isCompany(text, first)
  for (let i = first; i <= last; i++) if (text.shapes[i] !== 'capitalised') return false
  if (text.sentences[first - 1] === text.sentences[first] && matches(civilities, text, first - 1)) return true
  if (isTitleCase(text, first)) return false
  const before = text.clauses[first - 1] === text.clauses[first] ? first - 1 : -1
  const opensBefore = before === -1 || text.clauses[before - 1] !== text.clauses[before]
  if (before !== -1 && !opensBefore && text.shapes[before] === 'capitalised') return true
  return text.clauses[last + 1] === text.clauses[last] && text.shapes[last + 1] === 'capitalised'
}

/** `ALD Automotive`, `PMA Conseil`: letters and a word with a capital, unless that is somebody (`RQTH Mme Durand`). */
function isCompany(text: Words, at: number): boolean {
  const beside = text.clauses[at + 1] === text.clauses[at] && text.shapes[at + 1] === 'capitalised'
  return beside && !matches(people, text, at + 1) && !isTitleCase(text, at)
}

/** `rue du Cancer`, `quai des Célibataires`, `impasse Sourde`; not `à la rue, malade`. */
export function isStreet(text: Words, { first }: Span): boolean {
  const at = pastArticles(text, first - 1, -1)
  const isNamed = at !== first - 1 || text.shapes[first] === 'capitalised'
  return isNamed && text.clauses[at] === text.clauses[first] && streets.has(text.words[at] ?? '')
}

/** `Arrêt Maladie Depuis Mars`, `Cliente Dépressive`: where nothing in the clause is small, not even what no name begins with, capitals say nothing. */
function isTitleCase(text: Words, at: number): boolean {
  const clause = text.clauses[at]
  let first = at
  while (first > 0 && text.clauses[first - 1] === clause) first--
  let told = false
  for (let i = first; text.clauses[i] === clause; i++) {
    if (text.shapes[i] === 'lower') return false
    // `La Poste`, `Le Goff`: an article at the head of a name is no sign.
    told ||= matches(people, text, i) || (i > first && fillerWords.has(text.words[i] ?? '')) || plainWords.has(text.words[i] ?? '')
  }
  return told
}

/** `PMA : plan de maintenance annuel`: the letters stand for the words behind them. */
export function isGlossed(text: Words, at: number): boolean {
  const letters = text.words[at] ?? ''
  let told = 0
  for (let i = at + 1; told < letters.length && i <= at + 2 * letters.length && text.sentences[i] === text.sentences[at]; i++) {
    if (text.words[i]?.charCodeAt(0) === letters.charCodeAt(told)) told++
    else if (!fillerWords.has(text.words[i] ?? '')) return false
  }
  return told === letters.length
}

/** Names as far as they are needed to keep two people on one mailbox apart. */
import { quickSet } from '../text/quick-set.ts'
import { remember } from '../text/remember.ts'

const honorific = quickSet(
  'm mr mme mlle mrs ms miss dr pr prof me maitre monsieur madame mademoiselle herr frau sir sr sra sig'.split(' '),
)

/** A few thousand names are most of mankind. */
const mostNames = 16_384

/**
 * First token of the given name, folded (NFKD, no accents, lower case); '' when unknown. `Jean-Marc` and `Jean Marc` give `jean`.
 * A one-letter initial is unknown: `J` may be Jean or Julie. With no first name, a "First LAST" last name is used only when the
 * family name is told apart by its capitals.
 */
export function givenNameKey(first: string | null, last: string | null): string {
  if (first !== null) {
    const plain = plainName(first)
    if (plain !== '') return plain
    const key = firstToken(first)
    if (key !== '') return key
  }
  return last === null ? '' : firstToken(capitalisedApart(last))
}

/** `Marie` and `MARIE` without the cost of Unicode; '' when the text needs more than that. */
function plainName(name: string): string {
  if (name.length < 3 || name.length > 30) return ''
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i) | 32
    if (c < 97 || c > 122) return ''
  }
  const lower = name.toLowerCase()
  return honorific.has(lower) ? '' : lower
}

const firstToken = remember((name: string): string => {
  if (name.includes('@')) return ''
  for (const token of folded(name).split(/[^\p{L}\p{N}]+/u)) {
    if (token !== '' && !honorific.has(token)) return [...token].length > 1 && /^\p{L}/u.test(token) ? token : ''
  }
  return ''
}, mostNames)

/** NFKD, no accents, lower case, no further than a name can go. */
const folded = remember((name: string): string => {
  const text = name.slice(0, 200)
  // oxlint-disable-next-line no-control-regex -- ASCII needs no work
  return (/^[\x00-\x7f]*$/.test(text) ? text : text.normalize('NFKD').replace(/\p{M}+/gu, '')).toLowerCase()
}, mostNames)

/** `Jean DUPONT` or `DUPONT Jean` in the last-name field gives `Jean`; `Dupont`, `De La Tour` and `DUPONT` give ''. */
function capitalisedApart(last: string): string {
  const tokens = last.slice(0, 200).trim().split(/\s+/)
  const family = tokens.filter((token) => token.length > 1 && token === token.toUpperCase())
  const given = tokens.filter((token) => token !== token.toUpperCase())
  return family.length > 0 && given.length > 0 && !/^(de|du|des|d|la|le|les|von|van|di|da|el|al|ben)$/i.test(given[0] ?? '')
    ? (given[0] ?? '')
    : ''
}

const particle = quickSet('de du des von van der den zu zum zur ter ten da do dos das di del della dello dei degli'.split(' '))
/** Part of the word that follows, whether written with it or apart: `Le Gall`, `Saint-Clair`, `El Amrani`. */
const prefix = quickSet('le la les saint sainte st ste san santa mac mc el al ben bin ibn abu ould'.split(' '))
const placeholder = quickSet('unknown inconnu inconnue notprovided nonrenseigne nc na none null nom lastname undefined'.split(' '))
const ligatures: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ø: 'o', ł: 'l', ß: 'ss', đ: 'd', ı: 'i' }

/**
 * First part of the family name, folded as above and without particles; '' when unknown: `de La Tour` and `LA TOUR` give `latour`,
 * `Durand-Bernard` and `Durand` give `durand`. Where the given name is unknown the whole, in alphabetical order, since a given name may be among
 * it. `given`: as `givenNameKey` has it; it may stand in the last name, and the family name in the first.
 */
export function familyNameKey(first: string | null, last: string | null, given: string): string {
  if (last !== null) {
    const plain = plainName(last)
    if (plain !== '' && plain !== given && !particle.has(plain) && !prefix.has(plain) && !placeholder.has(plain)) return plain
  }
  const words = familyWords(last, given)
  const parts = words.length > 0 || first === null ? words : familyWords(wordsBehind(first), given)
  if (parts.length === 0 || placeholder.has(parts.join(''))) return ''
  const key = given === '' ? parts.toSorted().join('') : (parts[0] ?? '')
  return key.length > 1 ? key : ''
}

/** `Marie Durand` in the first-name field gives `Durand`; `Jean-Marc` gives nothing. */
function wordsBehind(first: string): string | null {
  const [, ...rest] = first.slice(0, 200).trim().split(/\s+/)
  return rest.length === 0 ? null : rest.join(' ')
}

const wordsOf = remember((whole: string): readonly string[] => {
  const text = whole
    .replace(/[œæøłßđı]/g, (letter) => ligatures[letter] ?? letter)
    .replace(/(?<!\p{L})d['’]/gu, '')
    .replace(/['’]/g, '')
  return text.split(/[^\p{L}\p{N}]+/u)
}, mostNames)

function familyWords(name: string | null, given: string): readonly string[] {
  if (name === null || name.includes('@')) return []
  const whole = folded(name)
  if (/^[a-z]{2,}$/.test(whole)) return whole === given || honorific.has(whole) || particle.has(whole) ? [] : [whole]
  const parts: string[] = []
  let start = ''
  for (const word of wordsOf(whole)) {
    if (word === '' || (start === '' && (word === given || honorific.has(word) || particle.has(word)))) continue
    if (prefix.has(word)) start += word === 'st' || word === 'ste' ? (word === 'st' ? 'saint' : 'sainte') : word
    else {
      parts.push(start + word)
      start = ''
    }
  }
  if (start !== '') parts.push(start)
  return parts
}

/**
 * Whether the local part of an address names this person in full: the family name, and the given name or its initial (`marie.durand@`, `mdurand@`,
 * `durand.m@`). Such a mailbox is somebody's own; `durand@` may be a household, `marie@` her successor's. `email`: identity form.
 */
export function namesPerson(email: string, given: string, family: string): boolean {
  if (given === '' || family.length < 3) return false
  const plus = email.indexOf('+')
  const at = email.lastIndexOf('@')
  const local = email.slice(0, plus > 0 && plus < at ? plus : at)
  const where = local.indexOf(family)
  if (where >= 0) return holdsGiven(local.slice(0, where) + local.slice(where + family.length), given)
  // `marie.de-la-tour@`, which is rare: most addresses that lack the name lack its beginning, too.
  if (!local.includes(family.slice(0, 2))) return false
  const letters = local.replace(/[^\p{L}]+/gu, '')
  const inside = letters.indexOf(family)
  return inside >= 0 && holdsGiven(letters.slice(0, inside) + letters.slice(inside + family.length), given)
}

/** The rest of a local part: the given name somewhere, or nothing but its initial. */
function holdsGiven(rest: string, given: string): boolean {
  if (given.length > 2 && rest.includes(given)) return true
  const letters = rest.replace(/[^\p{L}]+/gu, '')
  return letters === given || letters === given.charAt(0)
}

/** Numbers in free text that must not be there: NIR, payment cards, bank accounts. Harmless look-alikes (SIRET, IMEI, orders) pass. */
import { isAddress } from './text.ts'
import { ibanLength, isCardNumber, isIban, isLuhn, isNir, isNirBody, isRib } from './checksums.ts'

export type NumberHit = { readonly kind: 'nirKey' | 'cardNumber' | 'iban'; readonly start: number; readonly end: number }

/** One separator between digits: space, dot, hyphen, slash, and the no-break spaces of French typography. */
const gap = '[ .\\-\\/\\u00A0\\u202F]'
const open = '(?<![\\p{L}\\p{N}])'
const close = `(?![\\p{L}\\p{N}])`
// Every pattern has a bounded length and no choice between two ways to read a character: linear, whatever the input.
const nir = new RegExp(
  `${open}[123478]${gap}?\\d\\d${gap}?\\d\\d${gap}?(?:\\d\\d|2[ABab])${gap}?\\d{3}${gap}?\\d{3}(?:${gap}{0,3}(?:cl[eé]${gap}?)?\\d\\d)?${close}`,
  'gu',
)
const card = new RegExp(
  `${open}(?:\\d{13,19}|\\d{4}(${gap})\\d{4}\\1\\d{4}\\1\\d{4}(?:\\1\\d{3})?|\\d{4}(${gap})\\d{6}\\2\\d{4,5})${close}`,
  'gu',
)
const iban = new RegExp(`${open}[A-Za-z]{2}${gap}?\\d{2}(?:${gap}?[A-Za-z0-9]){11,30}`, 'gu')
const word = '(?:[ :,.\\-/]{0,3}(?:code|n°|no|num[eé]ro|guichet|agence|compte|cl[eé]|rib|de)){0,4}[ :,.\\-/]{0,3}'
const rib = new RegExp(`${open}(\\d{5})${word}(\\d{5})${word}([0-9A-Za-z]{11})${word}(\\d{2})${close}`, 'gu')

/** Right before a number (a `n°` or `:` may stand between), these say that it is something else. */
const reference =
  /(?:commandes?|cde|order|invoice|factures?|fact|r[eé]f(?:[eé]rence)?|ref|suivi|colis|tracking|s[eé]rie|serial|sn|contrats?|dossiers?|imei|siret|siren|ticket|devis|bl|article|art|lot|ean|gtin|sku|client|customer|abonn[eé]|police|policy|case|id)\s*(?:client)?\s*(?:n\s*[°ºo]|no|num[eé]ro|number|nr|#)?\s*[.:=#]?\s*$/iu
const nirWord = /(?:s[eé]cu(?:rit[eé] sociale)?|\bnir|\bss|insee|ameli|assur[eé]|cpam|social security)[^.!?\n]{0,24}$/iu
const lookBehind = 40

/** Hits by start, none overlapping. Offsets are UTF-16. */
export function findNumbers(text: string): readonly NumberHit[] {
  const hits: NumberHit[] = []
  for (const match of text.matchAll(iban)) addIban(hits, match)
  for (const match of text.matchAll(rib)) {
    const [all, bank = '', branch = '', account = '', key = ''] = match
    if (isRib(bank, branch, account, key)) hits.push({ kind: 'iban', start: match.index, end: match.index + all.length })
  }
  for (const match of text.matchAll(nir)) {
    if (isNirHere(text, match)) hits.push({ kind: 'nirKey', start: match.index, end: match.index + match[0].length })
  }
  for (const match of text.matchAll(card)) {
    if (isCardHere(text, match)) hits.push({ kind: 'cardNumber', start: match.index, end: match.index + match[0].length })
  }
  if (hits.length === 0) return hits
  const addresses = addressesIn(text)
  let reached = 0
  let address = 0
  return hits
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter(({ start, end }) => {
      while ((addresses[address]?.end ?? Number.POSITIVE_INFINITY) <= start) address++
      if (start < reached || (addresses[address]?.start ?? Number.POSITIVE_INFINITY) <= start) return false
      reached = end
      return true
    })
}

function addIban(hits: NumberHit[], match: RegExpExecArray): void {
  const length = ibanLength(match[0].slice(0, 2))
  if (length === undefined) return
  let kept = 0
  let end = 0
  while (end < match[0].length && kept < length) if (/[A-Za-z0-9]/.test(match[0][end++] ?? '')) kept++
  if (/[A-Za-z0-9]/.test(match[0][end] ?? '')) return
  const value = match[0].slice(0, end).replace(/[^A-Za-z0-9]/g, '')
  if (isIban(value)) hits.push({ kind: 'iban', start: match.index, end: match.index + end })
}

function isNirHere(text: string, match: RegExpExecArray): boolean {
  const value = match[0].replace(/cl[eé]/iu, '').replace(/[^0-9A-Za-z]/g, '')
  const before = text.slice(Math.max(0, match.index - lookBehind), match.index)
  const announced = nirWord.test(before)
  if (value.length === 13) return announced && isNirBody(value)
  if (!isNir(value)) return false
  if (announced) return true
  // Sex 3, 4, 7, 8 are rare and temporary; an IMEI has 15 digits too, and passes Luhn.
  return /^[12]/.test(value) && !reference.test(before)
}

function isCardHere(text: string, match: RegExpExecArray): boolean {
  const digits = match[0].replace(/\D/g, '')
  return isCardNumber(digits) && isLuhn(digits) && !reference.test(text.slice(Math.max(0, match.index - lookBehind), match.index))
}

/** Runs without white space that are URLs or e-mail addresses: what they hold is a key of some site, not a number of a person. */
function addressesIn(text: string): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const run of text.matchAll(/\S+/gu)) {
    if (isAddress(run[0])) found.push({ start: run.index, end: run.index + run[0].length })
  }
  return found
}

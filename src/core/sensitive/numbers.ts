/** Numbers in free text that must not be there: NIR, payment cards, bank accounts. Harmless look-alikes (SIRET, IMEI, orders) pass. */
import { isAddress } from './text.ts'
import { ibanLength, isCardNumber, isIban, isLuhn, isNir, isNirBody, isRib } from './checksums.ts'

export type NumberHit = { readonly kind: 'nirKey' | 'cardNumber' | 'iban'; readonly start: number; readonly end: number }

/** A separator between digits: space, tab, dot, hyphen, slash, and the no-break spaces of French typography. */
const gap = '[ \\t.\\-\\/\\u00A0\\u202F]'
const open = '(?<![\\p{L}\\p{N}])'
const close = `(?![\\p{L}\\p{N}])`
// Every pattern has a bounded length and no choice between two ways to read a character: linear, whatever the input.
const nir = new RegExp(
  `${open}[123478]${gap}{0,2}\\d\\d${gap}{0,2}\\d\\d${gap}{0,2}(?:\\d\\d|2[AB])${gap}{0,2}\\d{3}${gap}{0,2}\\d{3}(?:[ \\t.,:(\\-\\/\\u00A0\\u202F]{0,3}(?:cl[eé]f?[ \\t.:\\u00A0\\u202F]{0,3})?\\d\\d)?${close}`,
  'giu',
)
const card = new RegExp(
  `${open}(?:\\d{13,19}|\\d{4}(${gap})\\d{4}\\1\\d{4}\\1\\d{4}(?:\\1\\d{3})?|\\d{4}(${gap})\\d{6}\\2\\d{4,5})${close}`,
  'gu',
)
const iban = new RegExp(`${open}[A-Za-z]{2}${gap}?\\d{2}(?:${gap}?[A-Za-z0-9]){11,30}`, 'gu')
/** As printed on any RIB: `Code banque … Code guichet … N° de compte … Clé RIB …`, on one line or four, or in a table. */
const word = '(?:[\\s:,.\\-/|()]{0,3}(?:code|n\\s?[°º]|no|num[eé]ro|guichet|agence|compte|cl[eé]f?|rib|de|du)){0,4}[\\s:,.\\-/|()]{0,3}'
const rib = new RegExp(`${open}(\\d{5})${word}(\\d{5})${word}([0-9A-Z]{11})${word}(\\d{2})${close}`, 'giu')

/** Right before a number (a `n°` or `:` may stand between), these say that it is something else. */
const references =
  'commandes?|cde|order|invoice|factures?|fact|r[eé]f(?:[eé]rence)?|suivi|colis|tracking|s[eé]rie|serial|sn|contrats?|imei|siret|siren|ticket|devis|bl|article|art|lot|ean|gtin|sku|abonn[eé]|police|policy|case|id'
const reference = referenceOf(references)
const cardReference = referenceOf(`${references}|dossiers?`)
const nirWord =
  /(?:s[eé]cu(?:rit[eé])?\.?(?: ?soc(?:iale)?\.?)?|(?<![\p{L}\p{N}])n\.?i\.?r\.?|(?<![\p{L}\p{N}])ss|insee|ameli|assur[eé]e?|cpam|vitale|social security)[^.!?\n]{0,24}$/iu
/** Whatever else stands before it, it is meant as a card. */
const cardWord = /(?<![\p{L}\p{N}])(?:cb|carte|card|visa|mastercard|amex|paid|pay[eé]e?|paiement|payment)(?![\p{L}\p{N}])[^.!?\n]{0,24}$/iu
const spelledOut = new RegExp(`^\\d${gap}+\\d\\d${gap}+\\d\\d${gap}+\\d[\\dab]${gap}+\\d{3}${gap}+\\d{3}`, 'iu')
const lookBehind = 40

function referenceOf(words: string): RegExp {
  return new RegExp(`${open}(?:${words})\\s*(?:client)?\\s*(?:n\\s*[°ºo]|no|num[eé]ro|number|nr|#)?\\s*[.:=#]?\\s*$`, 'iu')
}

/** Hits by start, none overlapping. Offsets are UTF-16. */
export function findNumbers(text: string): readonly NumberHit[] {
  const hits: NumberHit[] = []
  collect(text, iban, hits, ibanIn)
  collect(text, rib, hits, ([all, bank = '', branch = '', account = '', key = '']) =>
    isRib(bank, branch, account, key) ? { kind: 'iban', length: all.length } : null,
  )
  collect(text, nir, hits, (match) => (isNirHere(text, match) ? { kind: 'nirKey', length: match[0].length } : null))
  collect(text, card, hits, (match) => (isCardHere(text, match) ? { kind: 'cardNumber', length: match[0].length } : null))
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

type Proved = { readonly kind: NumberHit['kind']; readonly length: number }

/** What does not prove itself swallows nothing: the next one may begin within it. */
function collect(text: string, pattern: RegExp, hits: NumberHit[], prove: (match: RegExpExecArray) => Proved | null): void {
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const proved = prove(match)
    if (proved === null) pattern.lastIndex = match.index + 1
    else hits.push({ kind: proved.kind, start: match.index, end: match.index + proved.length })
  }
}

function ibanIn([found]: RegExpExecArray): Proved | null {
  const length = ibanLength(found.slice(0, 2))
  if (length === undefined) return null
  let kept = 0
  let end = 0
  while (end < found.length && kept < length) if (/[A-Za-z0-9]/.test(found[end++] ?? '')) kept++
  if (/[A-Za-z0-9]/.test(found[end] ?? '')) return null
  return isIban(found.slice(0, end).replace(/[^A-Za-z0-9]/g, '')) ? { kind: 'iban', length: end } : null
}

function isNirHere(text: string, match: RegExpExecArray): boolean {
  const value = match[0].replace(/cl[eé]f?/iu, '').replace(/[^0-9A-Za-z]/g, '')
  const before = text.slice(Math.max(0, match.index - lookBehind), match.index)
  const announced = nirWord.test(before)
  if (value.length === 13) return announced && isNirBody(value)
  if (!isNir(value)) return false
  if (announced) return true
  // Sex 3, 4, 7, 8 are rare and temporary; an IMEI has 15 digits too, and passes Luhn. Nobody spaces another number like this one.
  return /^[12]/.test(value) && (spelledOut.test(match[0]) || !reference.test(before))
}

function isCardHere(text: string, match: RegExpExecArray): boolean {
  const digits = match[0].replace(/\D/g, '')
  if (!isCardNumber(digits) || !isLuhn(digits)) return false
  const before = text.slice(Math.max(0, match.index - lookBehind), match.index)
  return cardWord.test(before) || !cardReference.test(before)
}

/** Runs without white space that are URLs or e-mail addresses: what they hold is a key of some site, not a number of a person. */
function addressesIn(text: string): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const run of text.matchAll(/\S+/gu)) {
    if (isAddress(run[0])) found.push({ start: run.index, end: run.index + run[0].length })
  }
  return found
}

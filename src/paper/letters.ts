/**
 * What the fonts that every reader of PDF has can print (PDF 32000-1, annex D: WinAnsiEncoding), and how the rest is written with it. The files beside a paper
 * have each letter as it is; a paper says where it has not.
 */

/** Besides Latin-1. */
const winAnsi = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ')
const pairs = (list: string): ReadonlyMap<string, string> =>
  new Map(list.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)] as const))
/** Letters with a stroke, which is no accent that could be taken off, and signs that have a plain twin. */
const struck = pairs('ŁL łl ĐD đd ĦH ħh ŦT ŧt ıi ŊN ŋn ‐- ‑- −- ―–')
/** Greek as on a passport (ELOT 743), letter by letter; Cyrillic as in most passports (ICAO 9303), Serbian and Macedonian letters by their Latin twins. */
const transcribed = pairs(
  'αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo ' +
    'аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya ' +
    'іi їyi єye ґg ўu ђdj јj љlj њnj ћc џdz ѓg ќk ѕdz',
)
const standIn = '\u00BF'

/** A letter that cannot be printed loses its accent, or is written in Latin letters; a turned question mark stands for what is left. */
export function plain(text: string): string {
  const flat = flatten(text)
  if (isLatin1(flat)) return flat
  const letters = Array.from(flat.replace(/([οΟ])[υύ]/g, '$1u').replace(/Ο[ΥΎ]/g, 'ΟU'))
  return letters
    .map((letter, i) => {
      if (isPrintable(letter)) return letter
      const near = nearest(letter)
      return near.length > 1 && isCapital(letter) && (isCapital(letters[i + 1]) || isCapital(letters[i - 1])) ? near.toUpperCase() : near
    })
    .join('')
}

/** Whether `plain` prints every letter as it is. */
export function isExact(text: string): boolean {
  const flat = flatten(text)
  return isLatin1(flat) || Array.from(flat).every((letter) => isPrintable(letter) || /[\p{Cc}\p{Cf}\u2010\u2011\u2015\u2212]/u.test(letter))
}

function flatten(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u202F\u2007\u2009]/g, '\u00A0')
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
}

function isLatin1(flat: string): boolean {
  // oxlint-disable-next-line no-control-regex -- exactly what prints as it is
  return /^[\n\x20-\x7e\xa0-\xff]*$/.test(flat)
}

function isPrintable(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0
  return letter === '\n' || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || winAnsi.has(letter)
}

function isCapital(letter: string | undefined): boolean {
  return letter !== undefined && /\p{Lu}/u.test(letter)
}

function nearest(letter: string): string {
  if (/[\p{Cc}\p{Cf}]/u.test(letter)) return ''
  const known = struck.get(letter) ?? written(letter)
  if (known !== undefined) return known
  const base = letter.normalize('NFKD').replace(/\p{M}+/gu, '')
  if (base === '') return standIn
  const parts = Array.from(base, (one) => (isPrintable(one) ? one : written(one)))
  return parts.includes(undefined) ? standIn : parts.join('')
}

function written(letter: string): string | undefined {
  const small = letter.toLowerCase()
  const latin = transcribed.get(small)
  return latin === undefined || small === letter ? latin : latin.slice(0, 1).toUpperCase() + latin.slice(1)
}

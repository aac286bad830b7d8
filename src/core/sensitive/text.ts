/** Free text as folded words with their places. One pass, no regular expression: a note of 64 KB must not cost more than its length. */

/** Folding per UTF-16 unit: 0 = not a letter, `ignored` = drops out of a word, else up to three lower-case ASCII letters, low byte first. */
const ignored = 0xffffffff
const folds = foldTable()

export type Words = {
  /** Folded (NFKD, no marks, lower case). */
  readonly words: readonly string[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Number of the sentence and of the clause that a word stands in; a clause ends at any punctuation but a hyphen or apostrophe. */
  readonly sentences: readonly number[]
  readonly clauses: readonly number[]
  readonly shapes: readonly Shape[]
  /** Most of the text is in capitals, so capitals say nothing. */
  readonly shouted: boolean
}
export type Shape = 'lower' | 'capitalised' | 'upper'

/** Counts of one quick pass: `maybe` when some word may be a trigger, `secret` when it may be one of a secret. */
export type Glance = { readonly maybe: boolean; readonly secret: boolean; readonly digits: number }

const filterBits = 20
const filterMask = (1 << filterBits) - 1

export interface Prefilter {
  glance(text: string): Glance
}

/** A one-hash Bloom filter over the triggers, doubled letters read as one: about one word in a thousand passes for nothing. */
export function createPrefilter(triggers: Iterable<string>, secrets: Iterable<string>): Prefilter {
  const ofSecrets = bitsOf(secrets)
  const bits = bitsOf(triggers, ofSecrets)
  return {
    glance(text) {
      let hashed = seed
      let last = 0
      let digits = 0
      let maybe = false
      let secret = false
      for (let i = 0; i <= text.length; i++) {
        const c = i === text.length ? 32 : text.charCodeAt(i)
        const fold = folds[c] ?? 0
        if (fold === 0) {
          if (c >= 48 && c <= 57) digits++
          if (hashed !== seed) {
            const bit = hashed & filterMask
            if ((((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1) {
              maybe = true
              secret ||= (((ofSecrets[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1
            }
            hashed = seed
            last = 0
          }
        } else if (fold !== ignored) {
          for (let rest = fold; rest !== 0; rest >>>= 8) {
            const letter = rest & 0xff
            if (letter !== last) hashed = step(hashed, letter)
            last = letter
          }
        }
      }
      return { maybe, secret, digits }
    },
  }
}

function bitsOf(words: Iterable<string>, before: Uint32Array | null = null): Uint32Array {
  const bits = before === null ? new Uint32Array(1 << (filterBits - 5)) : before.slice()
  for (const word of words) {
    const bit = hashOf(word) & filterMask
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }
  return bits
}

const seed = 0x811c9dc5 | 0

function step(hashed: number, letter: number): number {
  const mixed = Math.imul(hashed ^ letter, 0x01000193)
  return mixed ^ (mixed >>> 15)
}

function hashOf(word: string): number {
  let hashed = seed
  const collapsed = collapse(word)
  for (let i = 0; i < collapsed.length; i++) hashed = step(hashed, collapsed.charCodeAt(i))
  return hashed
}

/** Doubled letters are the commonest slip of the keyboard: `depresion` and `depression` share one form. */
export function collapse(word: string): string {
  for (let i = 1; i < word.length; i++) if (word.charCodeAt(i) === word.charCodeAt(i - 1)) return word.replace(/(.)\1+/g, '$1')
  return word
}

/** Words in order; those inside a URL or an e-mail address are left out. */
export function wordsOf(text: string): Words {
  const found = {
    words: [] as string[],
    starts: [] as number[],
    ends: [] as number[],
    sentences: [] as number[],
    clauses: [] as number[],
    shapes: [] as Shape[],
  }
  let sentence = 0
  let clause = 0
  let uppers = 0
  let runEnd = 0
  for (let i = 0; i < text.length;) {
    const c = text.charCodeAt(i)
    const fold = folds[c] ?? 0
    if (fold === 0 || fold === ignored) {
      if (endsSentence(text, i, c)) sentence++
      if (fold === 0 && !joins(c) && !(c === 46 && isInitial(text, i))) clause++
      i++
      continue
    }
    if (i >= runEnd) {
      runEnd = endOfRun(text, i)
      if (isAddress(text.slice(i, runEnd))) {
        i = runEnd
        continue
      }
    }
    const plain = endOfPlain(text, i)
    const { word, end } = plain === -1 ? readWord(text, i) : { word: text.slice(i, plain), end: plain }
    const shape = plain === -1 ? shapeOf(text.slice(i, end)) : 'lower'
    if (shape === 'upper' && word.length > 1) uppers++
    found.words.push(word)
    found.starts.push(i)
    found.ends.push(end)
    found.sentences.push(sentence)
    found.clauses.push(clause)
    found.shapes.push(shape)
    i = end
  }
  return { ...found, shouted: uppers >= 3 && uppers > found.words.length * 0.6 }
}

/** Most words are small letters without accents, and fold to themselves: where such a word ends; -1 for any other. */
function endOfPlain(text: string, start: number): number {
  let end = start
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end)
    if (c >= 97 && c <= 122) continue
    return end > start && (folds[c] ?? 0) === 0 ? end : -1
  }
  return end
}

function readWord(text: string, start: number): { word: string; end: number } {
  let word = ''
  let end = start
  for (; end < text.length; end++) {
    const fold = folds[text.charCodeAt(end)] ?? 0
    if (fold === 0) break
    if (fold === ignored) continue
    for (let rest = fold; rest !== 0; rest >>>= 8) word += String.fromCharCode(rest & 0xff)
  }
  return { word, end }
}

function shapeOf(original: string): Shape {
  const lower = original.toLowerCase()
  if (original === lower) return 'lower'
  return original === original.toUpperCase() ? 'upper' : 'capitalised'
}

/** A full stop ends a sentence, unless it follows a single letter (`M. Dupont`) or stands between two characters (`n.c`). */
function endsSentence(text: string, i: number, c: number): boolean {
  if (c === 10 || c === 33 || c === 63 || c === 59) return true
  if (c !== 46) return false
  const next = text.charCodeAt(i + 1)
  const isOpen = Number.isNaN(next) || next === 32 || next === 10 || next === 13
  return isOpen && !followsOne(text, i)
}

function followsOne(text: string, i: number): boolean {
  return i === 1 || (i > 1 && text.charCodeAt(i - 2) === 32)
}

/** `M. Christian Gay`: the stop of an initial or of a title ends no clause. */
function isInitial(text: string, i: number): boolean {
  const c = text.charCodeAt(i - 1)
  return followsOne(text, i) && c >= 65 && c <= 90
}

/** Space, apostrophes, hyphens, digits and the degree sign do not break a clause. */
function joins(c: number): boolean {
  return (
    c === 32 ||
    c === 39 ||
    c === 0x2019 ||
    c === 45 ||
    c === 0xa0 ||
    c === 0x202f ||
    (c >= 48 && c <= 57) ||
    c === 0xb0 ||
    c === 0x2010 ||
    c === 0x2011
  )
}

function endOfRun(text: string, start: number): number {
  let end = start
  while (end < text.length && !isSpace(text.charCodeAt(end))) end++
  return end
}

function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13) || c === 0xa0 || c === 0x202f
}

/** A run without white space that is a URL or an e-mail address. */
export function isAddress(run: string): boolean {
  return run.includes('://') || /^www\./i.test(run) || /^[^@]+@[^@]+\.[a-z]/i.test(run)
}

function foldTable(): Uint32Array {
  const table = new Uint32Array(0x10000)
  for (const [from, to] of [
    [0x41, 0x7a],
    [0xaa, 0x24f],
    [0x1e00, 0x1eff],
    [0x2100, 0x214f],
    [0xfb00, 0xfb06],
    [0xff21, 0xff5a],
  ] as const) {
    for (let c = from; c <= to; c++) table[c] = pack(String.fromCharCode(c))
  }
  for (const [letter, folded] of [
    ['œ', 'oe'],
    ['Œ', 'oe'],
    ['æ', 'ae'],
    ['Æ', 'ae'],
    ['ß', 'ss'],
    ['ø', 'o'],
    ['Ø', 'o'],
    ['ł', 'l'],
    ['Ł', 'l'],
    ['đ', 'd'],
    ['ı', 'i'],
  ] as const) {
    table[letter.charCodeAt(0)] = pack(folded)
  }
  for (let c = 0x300; c <= 0x36f; c++) table[c] = ignored
  for (const c of [0xad, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff]) table[c] = ignored
  return table
}

function pack(text: string): number {
  const letters = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  if (!/^[a-z]{1,3}$/.test(letters)) return 0
  return [...letters].reduce((packed, letter, i) => packed | (letter.charCodeAt(0) << (8 * i)), 0) >>> 0
}

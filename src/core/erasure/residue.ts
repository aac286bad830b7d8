/** What is left of a person in the texts of others: notes, mails, file names. Identifiers in, places out; a look-alike is no hit. */
import { normaliseEmail } from '../identity/email.ts'
import { normalisePhone } from '../identity/phone.ts'
import { visibleWithPlaces, type Seen } from '../text/visible.ts'

/** In clear, for the time of one step. `names`: full names as the records spell them; a single word is no name. */
export type Traits = {
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  readonly names: readonly { readonly given: string; readonly family: string }[]
}
/** `start`, `end`: UTF-16 positions in the text. A name alone may be a namesake's: `possible`, for somebody to look at. */
export type ResidueHit = {
  readonly kind: 'email' | 'phone' | 'name'
  readonly certainty: 'certain' | 'possible'
  readonly start: number
  readonly end: number
}
export type ResidueMatcher = (text: string) => readonly ResidueHit[]

/** Also percent-encoded as in a link, or as an HTML entity. */
const atSign = /@|%40|&#0{0,4}64;|&#x0{0,4}40;/gi
const notLocal = /[\s"(),:;<>[\]\\/?=&|#@]/
const domainRun = /[\p{L}\p{N}.-]{1,253}/uy
const longestLocal = 64
const fileEnding = /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|csv|txt|eml|msg|html?|jpe?g|png|gif|heic|zip|ics|vcf|mp3|mp4|wav)$/i
/** A number as people write it: digits, some of them in brackets, with blanks, dots, hyphens or slashes between them. */
const numberLike = /(?<![\p{L}\p{N}])\+?(?:\(\d{1,4}\)|\d)(?:[\s.\-/\u00A0\u202F]{0,2}(?:\(\d{1,4}\)|\d)){5,17}(?![\p{L}\p{N}])/gu
const longestText = 2_000_000

/** `homeCountry`: where a national number without a country is dialled. Texts beyond two million characters are looked at up to there. */
export function compileResidue(traits: Traits, homeCountry: string): ResidueMatcher {
  const emails = new Set(traits.emails)
  const phones = new Set(traits.phones)
  const names = traits.names.flatMap(({ given, family }) => {
    const pattern = namePattern(given, family)
    return pattern === null ? [] : [pattern]
  })
  return (whole) => {
    const text = whole.slice(0, longestText)
    const hits = hitsIn(text)
    const seen = visibleWithPlaces(text)
    const more = seen === null ? [] : placed(hits, hitsIn(seen.text), seen, text.length)
    return [...hits, ...more].sort((a, b) => a.start - b.start || b.end - a.end)
  }
  function hitsIn(text: string): ResidueHit[] {
    const hits = [...(emails.size > 0 ? emailsIn(text, emails) : []), ...(phones.size > 0 ? phonesIn(text, phones, homeCountry) : [])]
    for (const pattern of names) hits.push(...namesIn(text, pattern))
    return hits
  }
}

const bitOf = { email: 1, phone: 2, name: 4 } as const

/** What a reader sees across tags and references, at its place in the text; nothing that stands there in clear. */
function placed(clear: readonly ResidueHit[], found: readonly ResidueHit[], { starts, ends }: Seen, length: number): ResidueHit[] {
  const covered = new Uint8Array(length)
  for (const { kind, start, end } of clear) for (let i = start; i < end; i++) covered[i] = (covered[i] ?? 0) | bitOf[kind]
  return found.flatMap((hit) => {
    const start = starts[hit.start] ?? 0
    const end = ends[hit.end - 1] ?? 0
    return covered.subarray(start, end).some((bits) => (bits & bitOf[hit.kind]) !== 0) ? [] : [{ ...hit, start, end }]
  })
}

/** From each at sign a bounded way to both sides: a pattern for the whole would try every start of a long run again. */
function emailsIn(text: string, emails: ReadonlySet<string>): ResidueHit[] {
  const hits: ResidueHit[] = []
  for (const { index, 0: sign } of text.matchAll(atSign)) {
    domainRun.lastIndex = index + sign.length
    const run = domainRun.exec(text)?.[0]
    if (run === undefined) continue
    let start = index
    while (start > 0 && index - start <= longestLocal && !notLocal.test(text[start - 1] ?? '')) start--
    // A full stop or hyphen behind an address ends the sentence, not the domain.
    const domain = run.replace(/[.-]+$/, '')
    const hit = addressIn(text.slice(start, index), domain, emails)
    if (hit === null) continue
    const end = index + sign.length + domain.length - hit.behind
    hits.push({ kind: 'email', certainty: hit.before === 0 ? 'certain' : 'possible', start: start + hit.before, end })
  }
  return hits
}

/** `before`, `behind`: characters that belong to a file's name (`CV_ada@example.test.pdf`), not to the address. */
function addressIn(
  local: string,
  domain: string,
  emails: ReadonlySet<string>,
): { readonly before: number; readonly behind: number } | null {
  const isSought = (name: string, host: string): boolean => {
    const email = normaliseEmail(`${name}@${host}`)
    return email !== null && emails.has(email)
  }
  if (isSought(local, domain)) return { before: 0, behind: 0 }
  const host = domain.replace(fileEnding, '')
  if (host === domain) return null
  const behind = domain.length - host.length
  if (isSought(local, host)) return { before: 0, behind }
  for (let at = local.indexOf('_'); at >= 0; at = local.indexOf('_', at + 1)) {
    if (isSought(local.slice(at + 1), host)) return { before: at + 1, behind }
  }
  return null
}

function phonesIn(text: string, phones: ReadonlySet<string>, homeCountry: string): ResidueHit[] {
  const hits: ResidueHit[] = []
  for (const match of text.matchAll(numberLike)) {
    const [raw] = match
    const phone = normalisePhone(raw, homeCountry)
    if (phone !== null && phones.has(phone))
      hits.push({ kind: 'phone', certainty: 'certain', start: match.index, end: match.index + raw.length })
  }
  return hits
}

/** Both orders, any spacing, with or without a comma. `null`: half a name, which is nobody's in particular. */
function namePattern(given: string, family: string): RegExp | null {
  const [first, last] = [folded(given).trim(), folded(family).trim()]
  if (first.length < 2 || last.length < 2) return null
  const [a, b] = [spaced(first), spaced(last)]
  // A hyphen or apostrophe beside it makes it a longer name: Anne-Marie Durand, Marie Durand-Petit.
  return new RegExp(`(?<![\\p{L}\\p{N}'’-])(?:${a}[\\s\\u00A0]{1,4}${b}|${b},?[\\s\\u00A0]{1,4}${a})(?![\\p{L}\\p{N}]|['’-]\\p{L})`, 'gu')
}

function spaced(name: string): string {
  return name
    .split(/[\s\u00A0]+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('[\\s\\u00A0]{1,4}')
}

function namesIn(text: string, pattern: RegExp): ResidueHit[] {
  const { plain, at } = foldedWithPlaces(text)
  return Array.from(plain.matchAll(pattern), (match) => ({
    kind: 'name',
    certainty: 'possible',
    start: at(match.index),
    end: at(match.index + match[0].length),
  }))
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

/** Folding may change lengths: where each character of the folded text came from. */
function foldedWithPlaces(text: string): { readonly plain: string; readonly at: (place: number) => number } {
  // oxlint-disable-next-line no-control-regex -- ASCII keeps its places
  if (/^[\x00-\x7f]*$/.test(text)) return { plain: text.toLowerCase(), at: (place) => place }
  let plain = ''
  const places: number[] = []
  let index = 0
  for (const character of text) {
    const fold = folded(character)
    for (let i = 0; i < fold.length; i++) places.push(index)
    plain += fold
    index += character.length
  }
  return { plain, at: (place) => places[place] ?? text.length }
}

/** As somebody has read it who knows whom the text means: a name alone counts like an address. */
export function asCertain(hits: readonly ResidueHit[]): readonly ResidueHit[] {
  return hits.map((hit) => ({ ...hit, certainty: 'certain' }))
}

/** The text without what was certain; `possible` hits stay, since they may be somebody else's. Overlapping hits become one gap. */
export function redact(text: string, hits: readonly ResidueHit[], mark: string): string {
  let result = ''
  let from = 0
  for (const { certainty, start, end } of hits) {
    if (certainty !== 'certain' || end <= from) continue
    if (start >= from) result += text.slice(from, start) + mark
    from = end
  }
  return result + text.slice(from)
}

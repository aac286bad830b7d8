/** What a reader sees of a text that may be HTML: the same for whoever looks through it, strikes from it or prints it. */
import { decodeEntities, referencesIn } from './entities.ts'

/** Elements of HTML, and of the mails that Outlook writes. A `<` before anything else is a sign, or the start of an address: `Ada <ada@example.test>`. */
const inline = new Set(
  'a abbr acronym b bdi bdo big center cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)
const block = new Set(
  `address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend
    li main nav ol option p pre section summary table tbody tfoot thead title tr ul`
    .trim()
    .split(/\s+/),
)
const other = new Set(
  `applet area audio base basefont button canvas col colgroup datalist dir embed frame frameset iframe img input link map math menu meta meter noframes
    noscript object optgroup output param picture progress rp rt ruby select slot source svg td template textarea th track video xml path g rect circle`
    .trim()
    .split(/\s+/),
)
/** Nothing in them is shown, up to their ends. */
const hidden: ReadonlyMap<string, RegExp> = new Map([
  ['style', /<\/style\s*>/gi],
  ['script', /<\/script\s*>/gi],
  ['head', /<\/head\s*>/gi],
  ['!--', /-->/g],
])
const tag = /<(?:(\/?)([a-z][a-z0-9]*)(?::([a-z0-9]+))?(?=[\s/>])[^<>]*>|(!--)|[!?](?:[a-z]|\[)[^<>]*>)/iy
const wordy = /\s(?:alt|title|aria-label|content|placeholder|value)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi
/** Signs that nobody sees, and digits and letters in the width of Chinese signs. */
const odd = /[\p{Cf}\uFF01-\uFF5E]/u
const odds = new RegExp(odd, 'gu')
/** What was escaped twice is read twice; nobody escapes a text more often than that and means it. */
const mostRounds = 8

/**
 * Tags are gone, character references read, and what has no width is taken out. A text without any of these is given back as it is. Never longer than the
 * text, in time that is linear in it, and the same when it is read again.
 */
export function visible(text: string): string {
  const hasTags = text.includes('<')
  if (!hasTags && !text.includes('&')) return odd.test(text) ? text.replace(odds, plainly) : text
  let seen = text
  for (let round = 0; round < mostRounds; round++) {
    const read = decodeEntities(untagged(seen))
    if (read === seen) break
    seen = read
  }
  if (seen === text) return odd.test(text) ? text.replace(odds, plainly) : text
  const told = seen.replace(odds, plainly).replaceAll('\u00A0', ' ')
  return hasTags
    ? told
        .replace(/[ \t]{2,}/g, ' ')
        .replace(/ ?\n[ \n]*/g, '\n')
        .trim()
    : told
}

/** What a reader sees, and where each of its characters stands in the text. `null` where the two are the same. Read once: what was escaped twice stays so. */
export type Seen = { readonly text: string; readonly starts: readonly number[]; readonly ends: readonly number[] }

export function visibleWithPlaces(text: string): Seen | null {
  const tags = tagsIn(text).map(({ start, end, gap }) => ({ start, end, sign: gap }))
  const pieces = [...tags, ...referencesIn(text)].toSorted((one, two) => one.start - two.start)
  if (pieces.length === 0) return null
  const starts: number[] = []
  const ends: number[] = []
  let seen = ''
  let from = 0
  const keep = (until: number): void => {
    for (; from < until; from++) {
      seen += text[from] ?? ''
      starts.push(from)
      ends.push(from + 1)
    }
  }
  for (const { start, end, sign } of pieces) {
    // A reference within a tag is gone with it.
    if (start < from) continue
    keep(start)
    for (const unit of sign.split('')) {
      seen += unit
      starts.push(start)
      ends.push(end)
    }
    from = end
  }
  keep(text.length)
  return { text: seen, starts, ends }
}

/** What markup says in words and no reader sees: comments, and attributes such as `alt`. One a line. */
export function hiddenWords(text: string): string {
  return tagsIn(text)
    .flatMap(({ start, end }) => {
      const markup = text.slice(start, end)
      return markup.startsWith('<!--') ? [markup.slice(4, -3)] : Array.from(markup.matchAll(wordy), ([, one = '', two = '']) => one + two)
    })
    .map(decodeEntities)
    .join('\n')
}

function untagged(text: string): string {
  const tags = tagsIn(text)
  if (tags.length === 0) return text
  // Where blocks make the lines, a line end of the source is a space.
  const isLined = tags.some(({ gap }) => gap === '\n')
  let seen = ''
  let from = 0
  const keep = (until: number): void => {
    const part = text.slice(from, until)
    seen += isLined ? part.replace(/[\r\n]+/g, ' ') : part
  }
  for (const { start, end, gap } of tags) {
    keep(start)
    seen += gap
    from = end
  }
  keep(text.length)
  return seen
}

type Tag = { readonly start: number; readonly end: number; readonly gap: string }

/** Each `<` is looked at once, and an end that is missing is looked for once. In order, none within another. */
function tagsIn(text: string): readonly Tag[] {
  const tags: Tag[] = []
  const endless = new Set<string>()
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    tag.lastIndex = at
    const found = tag.exec(text)
    const gap = found === null ? null : gapOf(found)
    const end = found === null || gap === null ? null : endOf(found, text, endless)
    if (gap === null || end === null) {
      at++
      continue
    }
    tags.push({ start: at, end, gap })
    at = end
  }
  return tags
}

/** What stands where a tag stood; `null` when it is none. */
function gapOf([, , element, space]: RegExpExecArray): string | null {
  if (element === undefined || space !== undefined) return ''
  const name = element.toLowerCase()
  if (inline.has(name)) return ''
  if (block.has(name)) return '\n'
  return other.has(name) || hidden.has(name) ? ' ' : null
}

/** The place behind a tag, or behind all that it hides; `null` when that has no end, so that nothing is hidden. */
function endOf({ 0: whole, 1: slash, 2: element, 4: comment, index }: RegExpExecArray, text: string, endless: Set<string>): number | null {
  const name = comment ?? element?.toLowerCase() ?? ''
  const ending = slash === '/' ? undefined : hidden.get(name)
  if (ending === undefined) return index + whole.length
  if (endless.has(name)) return null
  ending.lastIndex = index
  const end = ending.exec(text)
  if (end !== null) return end.index + end[0].length
  endless.add(name)
  return null
}

function plainly(sign: string): string {
  const code = sign.charCodeAt(0)
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : ''
}

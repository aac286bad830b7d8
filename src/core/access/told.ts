/** One piece as it goes to the person: what is of others is taken out or held back, and each change says so. */
import type { AccessEntry, AccessField, AccessKind, AccessVersion, Provenance } from './entry.ts'
import type { Others } from './others.ts'
import { decodeEntities } from '../text/entities.ts'
import { hiddenWords, visible } from '../text/visible.ts'

type Ref = { readonly object: string; readonly id: string }
/**
 * `colleague`: somebody of the company's, by their part alone. `others`: addresses, numbers or names of others are out. `withheld`: the text may name others,
 * and nobody has released it.
 */
export type Note = 'colleague' | 'others' | 'withheld'
export type ToldField = Pick<AccessField, 'name' | 'label' | 'value' | 'shown' | 'at' | 'source' | 'provenance'> & {
  readonly note: Note | null
}
export type ToldVersion = AccessVersion & { readonly note: Note | null }
export type ToldEntry =
  | { readonly part: 'record'; readonly of: Ref; readonly fields: readonly ToldField[] }
  | { readonly part: 'history'; readonly of: Ref; readonly name: string; readonly label: string; readonly versions: readonly ToldVersion[] }
  | { readonly part: AccessKind; readonly of: Ref; readonly object: string; readonly id: string; readonly fields: readonly ToldField[] }
/** `system`: the connection. */
export type Told = { readonly system: string; readonly entry: ToldEntry }
export type Decision = 'release' | 'withhold'
/** `key` names this very text in this very thing. `decision`: null while nobody has decided. */
export type Decided = { readonly key: string; readonly decision: Decision | null }
/** A text that may name somebody else. `place`: `system:object:id#field`. `text`: in clear, without what was certain. */
export type Marked = Decided & { readonly place: string; readonly text: string }

export type Telling = {
  readonly others: Others
  /** What somebody of the company has decided of what a reader sees of a text, in that thing: `system:object:id`. */
  readonly decided: (thing: string, text: string) => Decided
  readonly words: { readonly colleague: string; readonly other: string; readonly withheld: string }
}

/** Nothing of the piece gets lost: where a value is not told, its label, time and source still are. */
export function tell(system: string, entry: AccessEntry, telling: Telling): { told: Told; marked: readonly Marked[] } {
  const marked: Marked[] = []
  const clean = (
    place: string,
    { value, shown, provenance, holds }: Pick<AccessField, 'value' | 'shown' | 'provenance' | 'holds'>,
  ): Cleaned => {
    const cleaned = cleanedOf(telling, place, { value, shown, provenance, holds })
    if (cleaned.marked !== null) marked.push(cleaned.marked)
    return cleaned
  }
  const itself = entry.part === 'record' || entry.part === 'history' ? entry.of : { object: entry.object, id: entry.id }
  const at = `${system}:${itself.object}:${itself.id}`
  if (entry.part === 'history') {
    const { holds, versions, ...rest } = entry
    const told = versions.map(({ value, ...version }): ToldVersion => {
      const { value: left, note } = clean(`${at}#${entry.name}`, { value, shown: null, provenance: version.provenance, holds })
      return { ...version, value: left, note }
    })
    return { told: { system, entry: { ...rest, versions: told } }, marked }
  }
  const fields = entry.fields.map(({ holds, ...field }): ToldField => {
    const { value, shown, note } = clean(`${at}#${field.name}`, { ...field, holds })
    return { ...field, value, shown, note }
  })
  return { told: { system, entry: { ...entry, fields } }, marked }
}

type Cleaned = { readonly value: string; readonly shown: string | null; readonly note: Note | null; readonly marked: Marked | null }

function cleanedOf(
  telling: Telling,
  place: string,
  { value, shown, provenance, holds }: Pick<AccessField, 'value' | 'shown' | 'provenance' | 'holds'>,
): Cleaned {
  const { others, decided, words } = telling
  const plain = { value, shown, note: null, marked: null }
  // Their own words are theirs, whomever they speak of.
  if (value === '' || holds === 'plain' || (provenance === 'person' && holds === 'text')) return plain
  if (holds === 'colleague') return { value: words.colleague, shown: null, note: 'colleague', marked: null }
  const { text, struck } = holds === 'parties' ? others.parties(decodeEntities(value), words.other) : strike(telling, value)
  const note = struck > 0 ? 'others' : null
  const isClear = holds === 'another' ? text === words.other || others.isOwn(value) : holds === 'parties' || !others.mayName(visible(text))
  if (isClear) return { value: text, shown: struck > 0 ? null : shown, note, marked: null }
  // A preview that repeats a note is decided about with it.
  const marked = { place, text, ...decided(place.slice(0, place.indexOf('#')), visible(value).replace(/\s+/g, ' ').trim()) }
  if (marked.decision === 'release') return { value: text, shown: struck > 0 ? null : shown, note, marked }
  return { value: words.withheld, shown: null, note: 'withheld', marked }
}

/**
 * What is struck is what a reader sees, however it is written: `06&nbsp;99…`, `paul&#64;…`, a number across tags. The value keeps its markup where striking
 * from it comes to the same; otherwise what goes to the person is what a reader sees.
 */
function strike({ others, words: { other } }: Telling, value: string): { text: string; struck: number } {
  const raw = others.strike(value, other)
  const seen = visible(value)
  if (seen === value) return raw
  const read = others.strike(seen, other)
  const isSame =
    visible(raw.text) === read.text && others.strike(decodeEntities(raw.text), other).struck === 0 && !others.mayName(hiddenWords(raw.text))
  return isSame ? raw : { text: read.text, struck: Math.max(raw.struck, read.struck) }
}

/** What the person gave, or what was observed of them (GDPR art. 20(1); WP 242): neither what was concluded nor what others wrote. */
function isGiven(provenance: Provenance): boolean {
  return provenance === 'person' || provenance === 'observed'
}

/**
 * The piece as portability has it; null when nothing of it was given. `own`: fields of a record by which the person is called and reached: who asks with an
 * address has given it, whoever typed it in. A field that a connector can tell nothing about is not taken for given.
 */
export function portable({ system, entry }: Told, own: (object: string, field: string) => boolean): Told | null {
  if (entry.part === 'history') {
    const versions = entry.versions.filter(({ provenance, value }) => isGiven(provenance) && value !== '')
    return versions.length === 0 ? null : { system, entry: { ...entry, versions } }
  }
  const fields = entry.fields.filter(
    ({ name, provenance, note }) => note === null && (isGiven(provenance) || (entry.part === 'record' && own(entry.of.object, name))),
  )
  return fields.length === 0 ? null : { system, entry: { ...entry, fields } }
}

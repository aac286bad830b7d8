/** How a contact field is read from the CRM fields that are mapped to it. */
import { contactFieldKind, ownFields, type ContactFieldKind } from './contact-field.ts'
import { foldWord } from '../text/fold.ts'
import type { FieldSource, ObjectMapping } from './mapping.ts'
import { compileOwnName } from '../identity/own-name.ts'
import { isNoAddress, isNoWork, isPlaceholder } from '../text/placeholder.ts'
import { remember } from '../text/remember.ts'
import type { ColumnOf, Row } from './row.ts'
import type { Text } from '../text/text.ts'
import type { Vocabulary } from '../policy/vocabulary.ts'

/**
 * `plain`: the one column that holds it; `null` when there is more to do. `word`: what a filled text stands for, `null` for nothing and
 * `undefined` when nobody knows.
 */
export type Slot = {
  readonly field: string
  readonly kind: ContactFieldKind
  readonly plain: number | null
  readonly read: (row: Row) => Text
  readonly word: ((text: string) => Text) | null
}

export type SlotOptions = {
  readonly mapping: ObjectMapping
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
  readonly columnOf: ColumnOf
  /** CRM fields that this connection can read. */
  readonly readable: ReadonlySet<string>
}

export function compileSlot(field: string, options: SlotOptions): Slot {
  return {
    field,
    kind: contactFieldKind(field),
    plain: field === 'company' ? null : plainColumn(field, options),
    read: field === 'company' ? compileCompany(options) : compileRead(field, options),
    word: compileWord(field, options),
  }
}

function compileCompany(options: SlotOptions): Slot['read'] {
  const read = compileRead('company', options)
  const isOwnName = compileOwnName(options.mapping, options.columnOf)
  return (row) => {
    const text = read(row)
    return typeof text === 'string' && isOwnName(row, text) ? null : text
  }
}

function plainColumn(field: string, { mapping, readable, columnOf }: SlotOptions): number | null {
  const source = mapping.fields[field]
  const [name, ...others] = source?.from ?? []
  return name !== undefined && others.length === 0 && !ownFields.includes(field) && readable.has(name) ? columnOf(name) : null
}

function compileRead(field: string, { mapping, readable, columnOf }: SlotOptions): (row: Row) => Text {
  const source = mapping.fields[field]
  if (ownFields.includes(field)) return () => null
  if (source === undefined) return () => undefined
  if (source === null) return () => null
  const { from } = source
  const empty = emptyTest(field) ?? (() => false)
  // One that this connection hides leaves the question open, and so does all that stands behind it.
  const hidden = from.findIndex((name) => !readable.has(name))
  const shown = (hidden === -1 ? from : from.slice(0, hidden)).map(columnOf)
  return (row) => {
    for (let i = 0; i < shown.length; i++) {
      const text = row[shown[i] ?? -1]
      if (text !== null && (text === undefined || from.length === 1 || !empty(text))) return text
    }
    return hidden === -1 ? null : undefined
  }
}

function emptyTest(field: string): ((text: string) => boolean) | null {
  if (contactFieldKind(field) !== 'text') return null
  if (field === 'company' || field === 'jobTitle') return isNoWork
  return field === 'address' ? isNoAddress : isPlaceholder
}

/** Distinct texts whose word is kept, per field. */
const maxKept = 1_024

/** Of a field that the mapping translates or the policy compares, each text is looked up once. */
function compileWord(field: string, { mapping, vocabularies }: SlotOptions): Slot['word'] {
  const vocabulary = vocabularies.get(field)
  const source = mapping.fields[field] ?? null
  const isEmpty = emptyTest(field)
  const plain = isEmpty === null ? null : (text: string): Text => (isEmpty(text) ? null : text)
  if (source === null || ownFields.includes(field)) return null
  if (source.values === null && vocabulary === undefined) return plain
  return remember(translateBy(source, vocabulary, plain), maxKept)
}

/** Exactly what the mapping names comes first, then other spellings of it, then the words of the policy. */
function translateBy(
  { values, otherwise }: NonNullable<FieldSource>,
  vocabulary: Vocabulary | undefined,
  plain: ((text: string) => Text) | null,
): (text: string) => Text {
  const folded = new Map([...(values ?? [])].map(([value, word]) => [foldWord(value), word]))
  const wordOf = (text: string): string | undefined => vocabulary?.words.get(foldWord(text))
  return (text) => {
    if (values === null) {
      const word = wordOf(text)
      if (word !== undefined) return word
      const rest = plain === null ? text : plain(text)
      return rest !== null && vocabulary?.closed === true ? undefined : rest
    }
    const named = values.get(text) ?? folded.get(foldWord(text))
    if (named === undefined && plain !== null && plain(text) === null) return null
    const meant = named ?? otherwise ?? undefined
    return meant === undefined ? undefined : (wordOf(meant) ?? meant)
  }
}

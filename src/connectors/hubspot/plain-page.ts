/**
 * A list page straight out of its bytes. Of a hundred properties four in five are null, and to make an object of them all only to take it apart again costs
 * more than storing the record. Only the plain form is read, as HubSpot writes it; with anything else, well-formed or not, the page is left to the reader of
 * all JSON, which also says what is wrong.
 */
import type { z } from 'zod'
import { ABSENT, CELL, createMarks, NULL, textAt, type Sheet } from '../sheet.ts'
import { CrmObject, ListPage } from './payloads.ts'
import { afterString, COLON, COMMA, documentOf, expected, isAt, type Document, type Expected } from './plain-json.ts'
import { jsonOf } from './refusal.ts'
import { ValueText } from './value-text.ts'

/** `results`: of each record only the properties that a pull itself needs. `sheet`: those that were asked for, without the times. */
export type PlainPage = {
  readonly results: CrmObject[]
  readonly paging: z.output<typeof ListPage>['paging']
  readonly sheet: Omit<Sheet, 'modifiedAt'>
}
/** Null: not in the plain form. */
export type PageReader = (page: Buffer) => PlainPage | null

const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const CLOSING_BRACKET = 0x5d

const START = expected('{"results":[')
const PROPERTIES = expected('"properties":{')
const NOTHING = expected('null')
const LITERALS = [NOTHING, expected('true'), expected('false')]

/** What a record says beside its properties. */
const HEADS = ['id', 'updatedAt', 'archivedAt'].map((name) => expected(`"${name}":`))
const ID = 0
const UPDATED = 1
const ARCHIVED = 2

/** `asked`: the fields of the records. `needed`: the properties that the pull itself needs. Nothing is kept of a page. */
export function createPageReader(asked: readonly string[], needed: readonly string[]): PageReader {
  const names = [...new Set(asked)]
  const walker = new Walker(names, needed)
  return (bytes) => {
    const page = documentOf(bytes)
    const end = walker.walk(page)
    const { owns, ...sheet } = walker.take()
    if (end < 0) return null
    const rest = bytes.toString('utf8', end)
    const last = ListPage.safeParse(jsonOf(`{"results":[]${rest}`))
    if (!last.success || rest.includes('"results"')) return null
    const results = owns.map((own) => objectFrom(sheet, own, needed))
    return results.every(({ id }) => isId(id)) ? { results, paging: last.data.paging, sheet: { names, ...sheet } } : null
  }
}

const isId = (id: string): boolean => CrmObject.shape.id.safeParse(id).success

/** Its methods answer the index behind what they have read, or -1 for what is not in the plain form. */
class Walker {
  readonly #names: readonly string[]
  readonly #order: Order
  readonly #values = new ValueText()
  readonly #marks = createMarks(2_000 * CELL)
  // Of the record that is being read. `own`: its heads, and then what is needed.
  readonly #fields: Cells
  readonly #own: Cells
  /** Of the names: whether the first record lacks it. */
  #lacks: boolean[] = []
  #owns: Cells[] = []

  constructor(names: readonly string[], needed: readonly string[]) {
    this.#names = names
    this.#order = createOrder(names, needed)
    this.#fields = createCells(names.length)
    this.#own = createCells(HEADS.length + needed.length)
  }

  /** What was read; begins anew. */
  take(): Pick<Sheet, 'text' | 'wide' | 'marks' | 'missing'> & { owns: readonly Cells[] } {
    const owns = this.#owns
    this.#owns = []
    const missing = owns.length === 0 ? [] : this.#names.filter((_, i) => this.#lacks[i])
    return { ...this.#values.end(), marks: this.#marks.take(), missing, owns }
  }

  /** Reads as far as the end of the records. */
  walk(page: Document): number {
    if (!isAt(page, 0, START)) return -1
    let at = START.length
    if (page.bytes[at] === CLOSING_BRACKET) return at + 1
    for (;;) {
      at = this.#record(page, at)
      if (at < 0) return -1
      this.#keep()
      const byte = page.bytes[at++]
      if (byte === CLOSING_BRACKET) return at
      if (byte !== COMMA) return -1
    }
  }

  #record(page: Document, from: number): number {
    const own = this.#own
    clear(this.#fields)
    clear(own)
    if (page.bytes[from] !== OPENING_BRACE) return -1
    let read = false
    let at = from
    do {
      at++
      if (!isAt(page, at, PROPERTIES)) at = this.#head(page, at)
      else if (read) return -1
      else {
        at = this.#properties(page, at + PROPERTIES.length)
        read = true
      }
      if (at < 0) return -1
    } while (page.bytes[at] === COMMA)
    return read && own.lengths[ID]! > 0 && own.lengths[UPDATED]! >= 0 && page.bytes[at] === CLOSING_BRACE ? at + 1 : -1
  }

  #head(page: Document, at: number): number {
    const head = HEADS.findIndex((key) => isAt(page, at, key))
    if (head < 0) return afterMember(page, at)
    const value = at + HEADS[head]!.length
    const isNull = isAt(page, value, NOTHING)
    const end = isNull ? value + NOTHING.length : this.#values.take(page, value)
    this.#own.starts[head] = this.#values.start
    this.#own.lengths[head] = isNull ? NULL : this.#values.length
    return end
  }

  #properties(page: Document, from: number): number {
    const order = this.#order
    const values = this.#values
    let at = from
    if (page.bytes[at] === CLOSING_BRACE) return at + 1
    for (let turn = 0; ; turn++) {
      let due = order.list[turn]
      if (due === undefined || !isAt(page, at, due.key)) {
        turn = order.find(page, at)
        due = order.list[turn]
        if (due === undefined || !isAt(page, at, due.key)) return -1
      }
      at += due.key.length
      let length = NULL
      if (isAt(page, at, NOTHING)) at += NOTHING.length
      else {
        at = values.take(page, at)
        if (at < 0) return -1
        length = values.length || NULL
      }
      if (due.field >= 0) put(this.#fields, due.field, values.start, length)
      if (due.own >= 0) put(this.#own, due.own, values.start, length)
      const byte = page.bytes[at++]
      if (byte === CLOSING_BRACE) return at
      if (byte !== COMMA) return -1
    }
  }

  /** What is null is left out, and so are those that the first record lacks altogether (see `Sheet`). */
  #keep(): void {
    const { starts, lengths } = this.#fields
    if (this.#owns.length === 0) this.#lacks = Array.from(lengths, (length) => length === ABSENT)
    this.#marks.record(this.#own.starts[ID]!, this.#own.lengths[ID]!)
    for (let i = 0; i < lengths.length; i++) {
      const length = lengths[i]!
      if (length === ABSENT ? this.#lacks[i] : length === NULL && !this.#lacks[i]) continue
      this.#marks.field(i, starts[i]!, length)
    }
    this.#owns.push({ starts: this.#own.starts.slice(), lengths: this.#own.lengths.slice() })
  }
}

/** Behind a member of a record that nobody asks for: a text, or a word of JSON's own. */
function afterMember(page: Document, at: number): number {
  const colon = afterString(page, at)
  if (colon < 0 || page.bytes[colon] !== COLON) return -1
  const literal = LITERALS.find((one) => isAt(page, colon + 1, one))
  return literal === undefined ? afterString(page, colon + 1) : colon + 1 + literal.length
}

function objectFrom(sheet: Pick<Sheet, 'text' | 'wide'>, { starts, lengths }: Cells, needed: readonly string[]): CrmObject {
  const valueAt = (cell: number): string | null => (lengths[cell]! < 0 ? null : textAt(sheet, starts[cell]!, lengths[cell]!))
  const properties: Record<string, string | null> = {}
  for (const [index, name] of needed.entries())
    if (lengths[HEADS.length + index] !== ABSENT) properties[name] = valueAt(HEADS.length + index)
  return { id: valueAt(ID)!, properties, updatedAt: valueAt(UPDATED)!, archivedAt: valueAt(ARCHIVED) }
}

/** Places of values in the text. */
type Cells = { readonly starts: Int32Array; readonly lengths: Int32Array }

function createCells(count: number): Cells {
  return { starts: new Int32Array(count), lengths: new Int32Array(count) }
}

function clear({ lengths }: Cells): void {
  lengths.fill(ABSENT)
}

function put({ starts, lengths }: Cells, cell: number, start: number, length: number): void {
  starts[cell] = start
  lengths[cell] = length
}

/** A property of the records: how it is written, and its place among those that were asked for and in `own`, or -1. */
type Due = { readonly key: Expected; readonly field: number; readonly own: number }
/** More than any portal has; whoever has other properties in each record is left to the reader of all JSON. */
const MOST_PROPERTIES = 5_000

/** All records have the same properties in the same order: to compare with the one that is due costs a tenth of looking it up by its name. */
type Order = {
  readonly list: readonly Due[]
  /** Whose turn it is, by the name that stands there; -1 where none does. */
  readonly find: (page: Document, at: number) => number
}

function createOrder(names: readonly string[], needed: readonly string[]): Order {
  const places = new Map(names.map((name, index) => [name, index]))
  const list: Due[] = []
  const turns = new Map<string, number>()
  return {
    list,
    find(page, at) {
      const colon = afterString(page, at)
      // Of an empty name there is not even a word.
      if (colon < at + 3) return -1
      const name = page.bytes.toString('utf8', at + 1, colon - 1)
      const known = turns.get(name)
      if (known !== undefined) return known
      if (list.length === MOST_PROPERTIES) return -1
      const index = needed.indexOf(name)
      turns.set(name, list.length)
      return list.push({ key: expected(`"${name}":`), field: places.get(name) ?? -1, own: index < 0 ? -1 : HEADS.length + index }) - 1
    },
  }
}

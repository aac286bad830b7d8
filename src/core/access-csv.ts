/** A copy of somebody's data as tables (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe in front: in the JSON it is exact. */
import type { Told } from './access-told.ts'

/** Excel reads UTF-8 only with it. */
export const byteOrderMark = '\uFEFF'

/** What a spreadsheet may run: OWASP, CSV injection. A full-width sign counts, since some programs fold it. */
const formula = /^[\s\u00A0]*[=+\-@\t\r|%＝＋－＠]/u

export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => cellOf(cell ?? '')).join(',')}\r\n`
}

function cellOf(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

export type Table = {
  readonly file: string
  readonly header: readonly string[]
  readonly rowsOf: (told: Told) => readonly (readonly (string | null)[])[]
}

const fieldColumns = ['name', 'label', 'value', 'shown', 'since', 'source', 'given_by', 'note'] as const

/** The tables of a copy, each line for one value. */
export const tables: readonly Table[] = [
  {
    file: 'records.csv',
    header: ['system', 'object', 'record', ...fieldColumns],
    rowsOf: ({ system, entry }) =>
      entry.part !== 'record' ? [] : entry.fields.map((field) => [system, entry.of.object, entry.of.id, ...cellsOf(field)]),
  },
  {
    file: 'history.csv',
    header: ['system', 'object', 'record', 'name', 'label', 'value', 'at', 'source', 'given_by', 'note'],
    rowsOf: ({ system, entry }) =>
      entry.part !== 'history'
        ? []
        : entry.versions.map(({ value, at, source, provenance, note }) => {
            return [system, entry.of.object, entry.of.id, entry.name, entry.label, value, at, source, provenance, note]
          }),
  },
  {
    file: 'around.csv',
    header: ['system', 'kind', 'object', 'id', 'record', ...fieldColumns],
    rowsOf: ({ system, entry }) =>
      entry.part === 'record' || entry.part === 'history'
        ? []
        : entry.fields.map((field) => [system, entry.part, entry.object, entry.id, entry.of.id, ...cellsOf(field)]),
  },
]

type Field = Extract<Told['entry'], { part: 'record' }>['fields'][number]

function cellsOf({ name, label, value, shown, at, source, provenance, note }: Field): readonly (string | null)[] {
  return [name, label, value, shown, at, source, provenance, note]
}

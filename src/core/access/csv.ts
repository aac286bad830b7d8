/**
 * A copy of somebody's data as tables (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front, and a line end in a cell is a space:
 * in the JSON both are exact.
 */
import type { Language } from '../text/language.ts'
import type { Told } from './told.ts'

/** Excel reads UTF-8 only with it. */
export const byteOrderMark = '\uFEFF'

/** What a French Excel splits by when a file is opened with a double click is no comma. */
export const separators: Readonly<Record<Language, ',' | ';'>> = { fr: ';', en: ',' }

/** What may stand before a sign without keeping a spreadsheet from running it: white space, signs without width, a quote. */
const before = String.raw`[\s\u00A0\p{Cf}"]*`
const sign = '[=+\\-@|%＝＋－＠]'
/** What a spreadsheet may run: OWASP, CSV injection. A full-width sign counts, since some programs fold it. */
const formula = new RegExp(String.raw`^(?:${before}${sign}|[\t\r])`, 'u')
/** The same behind whatever a spreadsheet of another country takes for the end of a cell. A plain number is none: "0612345678; +33612345678". */
const inner = new RegExp(String.raw`([;,\t])(?=${before}${sign})(?!${before}[+\-][\d\s.()/\u00A0]*(?:[;,\t]|$))`, 'gu')

export function csvLine(cells: readonly (string | null)[], separator: ',' | ';'): string {
  return `${cells.map((cell) => cellOf(cell ?? '')).join(separator)}\r\n`
}

/** Quoted in any case, so that the other separator ends no cell. */
function cellOf(text: string): string {
  const line = text.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, ' ')
  const safe = (formula.test(text) ? `'${line}` : line).replace(inner, "$1'")
  return `"${safe.replaceAll('"', '""')}"`
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

/**
 * A company that is called exactly as its person: Salesforce wants a company of every Lead, and for private people their own name is put there. Who trades
 * under it looks alike, so that a SIREN settles it; without one it is in doubt, and the stricter reading holds.
 */
import { foldWord } from '../text/fold.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import type { ColumnOf, Row } from '../record/row.ts'

/** What stands beside the name of people who are filed as a household: `M. et Mme Martin`, `Martin Household`, `Martin (particulier)`. */
const besides =
  /(?<![\p{L}\p{N}])(?:m|mr|mme|mlle|mrs|ms|monsieur|madame|mademoiselle|herr|frau|et|and|und|famille|family|familie|familia|foyer|household|particuliers?|priv[ée]e?|private?)(?![\p{L}\p{N}])/iu
const allBesides = new RegExp(besides, 'giu')

export function compileOwnName(mapping: ObjectMapping, columnOf: ColumnOf): (row: Row, company: string) => boolean {
  const columns = (field: string): readonly number[] => (mapping.fields[field]?.from ?? []).map(columnOf)
  const [firsts, lasts, sirens] = [columns('firstName'), columns('lastName'), columns('siren')]
  return (row, company) => {
    const last = textOf(row, lasts)
    if (last === null) return false
    const first = textOf(row, firsts)
    // Most companies are told apart by their length.
    const both = first === null ? -9 : first.length + last.length + 1
    const isOther = Math.abs(company.length - both) > 1 && company.length !== last.length
    if (isOther && !besides.test(company)) return false
    if (isNumbered(textOf(row, sirens))) return false
    const own = [wordsOf(last), ...(first === null ? [] : [wordsOf(`${first} ${last}`)])]
    return own.includes(wordsOf(company)) || own.includes(wordsOf(company.replaceAll(allBesides, ' ')))
  }
}

function textOf(row: Row, columns: readonly number[]): string | null {
  for (let i = 0; i < columns.length; i++) {
    const text = row[columns[i] ?? -1]
    if (typeof text === 'string') return text
  }
  return null
}

/** A SIREN has nine digits, a SIRET five more: `n/a` is none. */
function isNumbered(siren: string | null): boolean {
  return siren !== null && siren.replace(/\D+/g, '').length >= 9
}

/** In whatever order: `Martin Alix` and `Alix MARTIN`. */
function wordsOf(text: string): string {
  return foldWord(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .toSorted()
    .join(' ')
}

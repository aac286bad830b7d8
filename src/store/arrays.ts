import { sql } from 'kysely'

/**
 * Lists as Postgres reads them, for `unnest(${…}::type[])`. Written out here where a batch has thousands of elements: the driver looks through each
 * for what has to be escaped, which takes 0.2 µs against 0.04.
 */

/** Of what never needs quotes: numbers, numbers in decimal, days as YYYY-MM-DD. */
export function plainArray(values: readonly (number | string | null)[]): string {
  let text = ''
  for (const value of values) text += value === null ? ',NULL' : `,${value}`
  return `{${text.slice(1)}}`
}

export function textArray(values: readonly (string | null)[]): string {
  let text = ''
  for (const value of values) text += value === null ? ',NULL' : `,"${escaped(value)}"`
  return `{${text.slice(1)}}`
}

function escaped(value: string): string {
  return value.includes('"') || value.includes('\\') ? value.replaceAll(/["\\]/g, '\\$&') : value
}

/**
 * Some records of one source, to be joined by both. The number of the source is a column: as a constant of the query it would be looked for by itself, in an
 * index of which the server may not know that this source has nearly all of it.
 */
export const named = (source: number, ids: readonly string[]) =>
  sql`unnest(${plainArray(ids.map(() => source))}::smallint[], ${textArray(ids)}::text[]) as named (source, id)`

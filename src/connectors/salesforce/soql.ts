/** The only place where a value becomes part of a SOQL text. */
import { ConnectorError } from '../connector.ts'

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,79}$/
const PATH = /^[A-Za-z][A-Za-z0-9_]{0,79}(\.[A-Za-z][A-Za-z0-9_]{0,79})?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
// Control and format characters, line separators and lone surrogates: what a reader could take for something else.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A string literal. The backslash goes first: escaping only quotes lets `\'` close the literal (SOQL guide: quoted string escape sequences). */
export function quote(value: string): string {
  return `'${escape(value)}'`
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('"', '\\"').replace(UNSAFE, inUnicode)
}

/** Format characters beyond the basic plane take two escapes, as in JSON. */
function inUnicode(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
}

/** An object or field name, as it stands; throws on anything that could be more than a name. */
export function name(text: string): string {
  if (!NAME.test(text))
    throw new ConnectorError('refused', 'a Salesforce object name holds letters, digits and underscores only; check the mapping')
  return text
}

/** A field of the object or of one parent (`Account.Name`). */
export function path(text: string): string {
  if (!PATH.test(text))
    throw new ConnectorError('refused', 'a Salesforce field is a name, or one parent and a name (Account.Name); check the mapping')
  return text
}

/** A datetime literal from epoch milliseconds; it takes no quotes. */
export function instant(ms: number): string {
  const text = new Date(ms).toISOString()
  if (!INSTANT.test(text))
    throw new ConnectorError('bad-cursor', 'a position of the pull lies outside the years SOQL knows; start a full pull')
  return text
}

export type Select = { fields: readonly string[]; object: string; where?: string; orderBy?: readonly string[]; limit?: number }

export function select({ fields, object, where, orderBy, limit }: Select): string {
  const parts = [`SELECT ${fields.map(path).join(',')} FROM ${name(object)}`]
  if (where !== undefined) parts.push(`WHERE ${where}`)
  if (orderBy !== undefined) parts.push(`ORDER BY ${orderBy.map(path).join(', ')}`)
  if (limit !== undefined) parts.push(`LIMIT ${limit}`)
  return parts.join(' ')
}

/** What an entry of the ledger may hold. No fractions: two languages print them differently, and then the hash is another. */
export type EntryValue = string | number | boolean | null | readonly EntryValue[] | { readonly [key: string]: EntryValue | undefined }

/**
 * The one text of a value: keys sorted by UTF-16 code unit, no blanks, absent properties left out (RFC 8785 without its floats).
 * The text never holds a line break, so entries can be joined by one.
 * @throws TypeError for what has no single text: fractions, integers beyond 2^53, functions, class instances.
 */
export function entryText(value: EntryValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return integerText(value)
  if (typeof value !== 'object') throw new TypeError(`a ledger entry cannot hold a ${typeof value}`)
  if (isList(value)) return `[${value.map(entryText).join(',')}]`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('a ledger entry holds plain objects only')
  const members: string[] = []
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${entryText(member)}`)
  }
  return `{${members.join(',')}}`
}

function integerText(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('a ledger entry holds whole numbers up to 2^53 only; give fractions as text')
  return value === 0 ? '0' : String(value)
}

function isList(value: object): value is readonly EntryValue[] {
  return Array.isArray(value)
}

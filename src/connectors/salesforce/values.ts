/**
 * Field values as text, and back. REST answers with JSON and Bulk with CSV: the same record must give the same text
 * from both, or every record would seem changed when a pull takes the other road.
 */
import type { FieldValue } from '../connector.ts'
import { unreadable } from './payloads.ts'

const NUMBERS = new Set(['double', 'int', 'long', 'currency', 'percent'])
const UTC = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,3})\d*)?(?:Z|[+-]00:?00)$/

/** `type` is the describe's; `path` only names the field in an error. */
export function textOf(value: unknown, type: string, path: string): FieldValue {
  if (value === null || value === '') return null
  switch (typeof value) {
    case 'string':
      return fromText(value, type)
    case 'boolean':
    case 'number':
      return String(value)
    default:
      throw unreadable('a record', path)
  }
}

/** Whether text of this type is handed on as it stands. */
export function isKept(type: string): boolean {
  return type !== 'datetime' && type !== 'boolean' && !NUMBERS.has(type)
}

export function fromText(text: string, type: string): string {
  if (type === 'datetime') return datetime(text)
  if (type === 'boolean') return text.toLowerCase()
  if (NUMBERS.has(type)) return number(text)
  return text
}

/** ISO 8601, UTC, milliseconds, Z. What is no UTC datetime is handed on as it stands: the core says what is wrong with it. */
function datetime(text: string): string {
  if (text.length === 24 && text.endsWith('Z')) return text
  if (text.endsWith('.000+0000')) return `${text.slice(0, -5)}Z`
  const parts = UTC.exec(text)
  return parts ? `${parts[1]}.${(parts[2] ?? '').padEnd(3, '0')}Z` : text
}

/** JSON has already lost the difference between 1.0E7 and 10000000; CSV has not. */
function number(text: string): string {
  const value = Number(text)
  return Number.isFinite(value) ? String(value) : text
}

/** Text as JSON for a write; empty text clears the field, as Salesforce itself stores no empty text. */
export function jsonOf(value: FieldValue, type: string): string | number | boolean | null {
  // A checkbox has no empty state: null would be refused.
  if (type === 'boolean') return value === 'true'
  if (value === null || value === '') return null
  if (NUMBERS.has(type) && Number.isFinite(Number(value))) return Number(value)
  return value
}

/** Multi-selects come back in the order of the picklist, whatever the order they were written in. */
export function sameValue(held: FieldValue, wanted: FieldValue, type: string): boolean {
  const want = wanted === '' ? null : wanted
  if (held === want) return true
  if (held === null || want === null) return type === 'boolean' && (held ?? 'false') === (want ?? 'false')
  if (type === 'multipicklist') return sorted(held) === sorted(want)
  return fromText(want, type) === held
}

function sorted(multi: string): string {
  return [...new Set(multi.split(';'))].sort().join(';')
}

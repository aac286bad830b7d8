/** One value a client sent, as a cell: typed, measured, checked against picklists. Errors as Salesforce words them. */
import { Fault, recordError } from './fault.ts'
import { parseId } from './ids.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { RecordError } from './fault.ts'

export type Parsed = { cell: Cell } | { error: RecordError }

/** JSON values and CSV texts alike: `'true'`, `'12'` and `'2024-01-01'` are read by the field's type. */
export function parseInput(field: Field, value: unknown): Parsed {
  if (value === null || value === undefined || value === '') return { cell: field.type === 'boolean' ? false : null }
  switch (field.type) {
    case 'boolean':
      return parseBoolean(field, value)
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return parseNumber(field, value)
    case 'date':
    case 'datetime':
      return parseTime(field, value)
    case 'id':
    case 'reference':
      return parseReference(field, value)
    default:
      return parseText(field, value)
  }
}

/** A value of the wrong JSON type spoils the whole call, not one record. */
function unreadable(type: string, value: unknown): Fault {
  const kind =
    typeof value === 'string'
      ? 'VALUE_STRING'
      : typeof value === 'number'
        ? 'VALUE_NUMBER_FLOAT'
        : typeof value === 'boolean'
          ? 'VALUE_TRUE'
          : 'START_OBJECT'
  const shown = typeof value === 'object' ? '' : ` value ${String(value)}`
  return new Fault(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${kind}${shown} or request may be missing a required field at [line:1, column:1]`,
  )
}

function parseBoolean(_: Field, value: unknown): Parsed {
  if (typeof value === 'boolean') return { cell: value }
  const text = String(value).toLowerCase()
  if (text === 'true' || text === '1') return { cell: true }
  if (text === 'false' || text === '0') return { cell: false }
  throw unreadable('boolean', value)
}

function parseNumber(field: Field, value: unknown): Parsed {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (!Number.isFinite(number) || (field.type === 'int' && !Number.isInteger(number)))
    throw unreadable(field.type === 'int' ? 'int' : 'double', value)
  const whole = field.precision > 0 ? field.precision - field.scale : field.digits
  if (whole > 0 && Math.abs(number) >= 10 ** whole) {
    const message = `${field.label}: value outside of valid range on numeric field: ${number}`
    return { error: recordError('NUMBER_OUTSIDE_VALID_RANGE', message, [field.name]) }
  }
  return { cell: number }
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

function parseTime(field: Field, value: unknown): Parsed {
  const text = typeof value === 'string' ? value.trim() : ''
  if (!(field.type === 'date' ? DATE : DATETIME).test(text)) throw unreadable(field.type, value)
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  const day = Date.parse(text.slice(0, 10))
  if (Number.isNaN(time) || Number.isNaN(day) || !new Date(day).toISOString().startsWith(text.slice(0, 10)))
    throw unreadable(field.type, value)
  // Salesforce keeps whole seconds.
  return { cell: Math.floor(time / 1_000) * 1_000 }
}

function parseReference(field: Field, value: unknown): Parsed {
  const id = parseId(value)
  if (id !== undefined) return { cell: id }
  return { error: recordError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(value)}`, [field.name]) }
}

const EMAIL = /^[^\s@,;<>()"]+@[^\s@,;<>()"]+\.[^\s@,;<>()".]+$/

function parseText(field: Field, value: unknown): Parsed {
  if (typeof value === 'object') throw unreadable('string', value)
  const text = String(value).trim()
  if (text === '') return { cell: null }
  const refuse = (code: string, message: string): Parsed => ({ error: recordError(code, `${field.label}: ${message}`, [field.name]) })
  if (field.length > 0 && text.length > field.length)
    return refuse('STRING_TOO_LONG', `data value too large: ${text} (max length=${field.length})`)
  if (field.type === 'email' && !EMAIL.test(text)) return refuse('INVALID_EMAIL_ADDRESS', `invalid email address: ${text}`)
  if (field.type === 'picklist' || field.type === 'multipicklist') {
    const parts =
      field.type === 'picklist'
        ? [text]
        : text
            .split(';')
            .map((part) => part.trim())
            .filter((part) => part !== '')
    const wrong = field.restricted
      ? parts.find((part) => !field.picklist.some(({ value: known }) => known.toLowerCase() === part.toLowerCase()))
      : undefined
    if (wrong !== undefined) return refuse('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `bad value for restricted picklist field: ${wrong}`)
    return { cell: parts.map((part) => canonical(field, part)).join(';') }
  }
  return { cell: text }
}

/** A picklist stores its own spelling of a value. */
const canonical = (field: Field, text: string): string =>
  field.picklist.find(({ value }) => value.toLowerCase() === text.toLowerCase())?.value ?? text

import { invalidRequest, invalidValues, missingScopes } from './errors.ts'
import type { ValueProblem } from './errors.ts'
import { instant, parseInstant } from './instant.ts'
import type { ObjectTable } from './table.ts'
import type { ObjectKind } from './object-kind.ts'
import type { Property } from './property.ts'
import { LIFECYCLE_STAGES } from './standard.ts'
import type { Values } from './store.ts'
import type { Token } from './tokens.ts'

const DAY_MS = 86_400_000
/** Source: HubSpot docs, "Properties": the longest string value. */
const LONGEST_STRING = 65_536
const EMAIL = /^[^\s@<>(),;:"]+@[^\s@<>(),;:".]+(\.[^\s@<>(),;:".]+)+$/

type Parsed = { value: string } | { code: string; message: string }

/**
 * Values of one write, checked against the definitions: property index → stored text, '' to clear. `before` holds the record's present
 * values. Throws the 400 that lists every bad value, or the 403 for a property the token may not see.
 */
export function acceptValues(table: ObjectTable, token: Token, input: unknown, before: Values): Map<number, string> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalidRequest('properties must be an object of names and values')
  const changes = new Map<number, string>()
  const problems: ValueProblem[] = []
  for (const [name, raw] of Object.entries(input)) {
    const property = table.properties.find(name)
    if (property !== undefined && !canSee(table.kind, token, property, 'write'))
      throw missingScopes([sensitiveScope(table.kind, property, 'write')])
    const parsed = acceptValue(property, name, raw, before.get(table.properties.indexOf(name)))
    if ('code' in parsed) problems.push({ property: name, ...parsed })
    else changes.set(table.properties.indexOf(name), parsed.value)
  }
  if (problems.length > 0) throw invalidValues(table.portal.id, problems)
  return changes
}

/** What an email says, and to whom. */
const EMAIL_CONTENT = /^hs_(email_(subject|text|html|headers|(from|sender|to|cc|bcc)_\w+)|body_preview\w*)$/
/** unverified: whether content without the scope is left out, as here, or replaced by a placeholder. */
export const EMAIL_CONTENT_SCOPE = 'sales-email-read'

export function canSee(kind: ObjectKind, token: Token, property: Property, access: 'read' | 'write'): boolean {
  if (access === 'read' && kind.name === 'emails' && EMAIL_CONTENT.test(property.name)) return token.scopes.has(EMAIL_CONTENT_SCOPE)
  return property.dataSensitivity === 'non_sensitive' || token.scopes.has(sensitiveScope(kind, property, access))
}

/** Source: HubSpot docs, "Sensitive data". */
export function sensitiveScope(kind: ObjectKind, property: Property, access: 'read' | 'write'): string {
  if (property.dataSensitivity === 'non_sensitive') return EMAIL_CONTENT_SCOPE
  return `crm.objects.${kind.name}.${property.dataSensitivity}.${access}`
}

function acceptValue(property: Property | undefined, name: string, raw: unknown, before: string | undefined): Parsed {
  if (property === undefined || property.archivedAt !== null) {
    return { code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` }
  }
  if (property.calculated) return { code: 'READ_ONLY_VALUE', message: `"${name}" is a calculated property; its value cannot be set.` }
  if (property.readOnlyValue) return { code: 'READ_ONLY_VALUE', message: `"${name}" is a read only property; its value cannot be set.` }
  if (raw !== null && !['string', 'number', 'boolean'].includes(typeof raw)) {
    return { code: 'INVALID_VALUE', message: `Property "${name}" takes text, a number or a boolean` }
  }
  const text = raw === null ? '' : String(raw)
  return text === '' ? { value: '' } : parseValue(property, text, before)
}

/** One non-empty value in the stored form of its type. */
export function parseValue(property: Property, text: string, before: string | undefined): Parsed {
  if (property.name === 'email') {
    return EMAIL.test(text.trim())
      ? { value: text.trim().toLowerCase() }
      : { code: 'INVALID_EMAIL', message: `Email address ${text} is invalid` }
  }
  if (property.name === 'lifecyclestage') return parseStage(property, text, before)
  switch (property.type) {
    case 'bool':
      return parseBoolean(text)
    case 'number':
      return parseNumber(text)
    case 'date':
      return parseDate(text)
    case 'datetime': {
      const ms = parseInstant(text)
      return ms === undefined ? invalidDate(text) : { value: instant(ms) }
    }
    case 'enumeration':
      return parseOptions(property, text, before)
    default:
      if (text.length > LONGEST_STRING)
        return { code: 'INVALID_LENGTH', message: `Property "${property.name}" is longer than ${LONGEST_STRING} characters` }
      return { value: text }
  }
}

function parseBoolean(text: string): Parsed {
  const value = text.toLowerCase()
  return value === 'true' || value === 'false' ? { value } : notAnOption(text, ['true', 'false'])
}

function parseNumber(text: string): Parsed {
  const trimmed = text.trim()
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(trimmed))
    return { code: 'INVALID_INTEGER', message: `${text} was not a valid number.` }
  if (/^[+-]?\d+$/.test(trimmed) && trimmed.length > 19) return { code: 'INVALID_LONG', message: `${text} was not a valid long.` }
  return { value: trimmed }
}

function parseDate(text: string): Parsed {
  const ms = parseInstant(text)
  if (ms === undefined) return invalidDate(text)
  if (ms % DAY_MS !== 0)
    return { code: 'INVALID_DATE', message: `${text} is at ${new Date(ms).toISOString().slice(11, 23)} UTC, not midnight!` }
  return { value: new Date(ms).toISOString().slice(0, 10) }
}

function invalidDate(text: string): Parsed {
  return { code: 'INVALID_DATE', message: `${text} was not a valid date.` }
}

/** A multi-checkbox takes a `;` list; with a leading `;` the values are added to the present ones. */
function parseOptions(property: Property, text: string, before: string | undefined): Parsed {
  const multiple = property.fieldType === 'checkbox'
  const values = multiple ? text.split(';').filter((value) => value !== '') : [text]
  const known = new Set(property.options.map((choice) => choice.value))
  const open = property.externalOptions || (property.hubspotDefined && known.size === 0)
  const wrong = open ? undefined : values.find((value) => !known.has(value))
  if (wrong !== undefined) return notAnOption(wrong, [...known])
  if (!multiple) return { value: text }
  const present = text.startsWith(';') ? (before ?? '').split(';').filter((value) => value !== '') : []
  return { value: [...new Set([...present, ...values])].join(';') }
}

/** The lifecycle only moves forward; a step back is ignored unless the stage was cleared first (HubSpot docs, "Lifecycle stage"). */
function parseStage(property: Property, text: string, before: string | undefined): Parsed {
  const order = (stage: string): number => LIFECYCLE_STAGES.findIndex((known) => known === stage)
  const parsed = parseOptions(property, text, undefined)
  if ('code' in parsed || before === undefined) return parsed
  return order(text) >= 0 && order(text) < order(before) ? { value: before } : parsed
}

function notAnOption(text: string, options: readonly string[]): Parsed {
  return { code: 'INVALID_OPTION', message: `${text} was not one of the allowed options: [${options.join(', ')}]` }
}

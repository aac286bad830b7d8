/** How single values of config/policy.yaml are written, and what to write instead. */
import { z } from 'zod'
import { dayOfIso } from '../time/calendar.ts'
import { parseDuration } from './duration.ts'

export const text = z.string().min(1)
export const id = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'an id is written in lower case letters, digits and _ (at most 40)' })
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, { error: 'a contact field is written like firstName' })
export const country = z.string().regex(/^[A-Z]{2}$/, { error: 'a country is written as two capital letters, in quotes if it is "NO"' })
export const confidence = z.enum(['primary', 'secondary', 'unverified', 'own']).default('unverified')
export const label = z.strictObject({ fr: text, en: text })
export const duration = z.string().refine((value) => parseDuration(value) !== null, {
  error: (issue) => `impossible duration "${String(issue.input)}"`,
  params: { instead: 'an ISO 8601 duration such as P3Y, P1M, P30D or PT24H' },
})
export const date = z.string().refine(isDate, { error: 'no such date', params: { instead: 'a date in quotes, such as "2026-08-11"' } })
export const law = { ref: text, confidence }
export const life = { enabled: z.boolean().default(true), validFrom: date.optional(), validTo: date.optional() }

function isDate(value: string): boolean {
  try {
    dayOfIso(value)
    return true
  } catch {
    return false
  }
}

export function isTimeZone(value: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value)
    return true
  } catch {
    return false
  }
}

/** Ids that it had before: what was refused under them is refused under this one. */
export const formerly = z.array(id).default([])

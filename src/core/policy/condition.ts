/** Conditions of a policy (`when`, `who`, `refuseWhen`): their shape. What they mean for a record: condition-compile.ts. */
import { z } from 'zod'
import { parseDuration } from './duration.ts'

/** All given parts must hold. `lists` may be `freeProviders`, the list of domains at which anybody can open a mailbox. */
export type Predicate =
  | { readonly is: 'filled' | 'empty' }
  | { readonly is: 'equal'; readonly value: string }
  | { readonly is: 'flag'; readonly value: boolean }
  | { readonly is: 'in' | 'notIn'; readonly values: readonly string[] }
  | { readonly is: 'ageBelow'; readonly years: number }
  | { readonly is: 'within'; readonly period: string }
  | {
      readonly is: 'email'
      readonly localPartIn: DomainList | null
      readonly domainIn: DomainList | null
      readonly domainNotIn: DomainList | null
    }
export type DomainList = 'freeProviders' | readonly string[]
export type Condition = readonly { readonly field: string; readonly predicate: Predicate }[]

type Fault = { readonly at: readonly string[]; readonly message: string; readonly instead: string }

/** `{field: predicate, …}`; every field must hold. */
export const ConditionSchema = z.record(z.string(), z.unknown()).transform((record, ctx): Condition => {
  const condition: { field: string; predicate: Predicate }[] = []
  for (const [field, raw] of Object.entries(record)) {
    const read = readPredicate(raw)
    if ('message' in read)
      ctx.addIssue({ code: 'custom', path: [field, ...read.at], message: read.message, params: { instead: read.instead } })
    else condition.push({ field, predicate: read })
  }
  if (Object.keys(record).length === 0) {
    ctx.addIssue({
      code: 'custom',
      message: 'a condition without any field',
      params: { instead: 'leave the key out, or name a field: {company: filled}' },
    })
  }
  return condition
})

const forms =
  'filled, empty, true, false, a value, or {in: […]}, {notIn: […]}, {ageBelow: 15}, {within: P5Y}, {localPartIn: […], domainNotIn: freeProviders}'

function readPredicate(raw: unknown): Predicate | Fault {
  if (raw === 'filled' || raw === 'empty') return { is: raw }
  if (typeof raw === 'boolean') return { is: 'flag', value: raw }
  if (typeof raw === 'string') return { is: 'equal', value: raw }
  if (typeof raw === 'number') return { is: 'equal', value: String(raw) }
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) return { at: [], message: 'no such condition', instead: forms }
  const entries = Object.entries(raw)
  const [key, value] = entries[0] ?? ['', undefined]
  if (entries.every(([name]) => name === 'localPartIn' || name === 'domainIn' || name === 'domainNotIn') && entries.length > 0)
    return readEmail(raw)
  if (entries.length !== 1) return { at: [], message: 'a condition takes one of its forms at a time', instead: forms }
  return readForm(key, value)
}

function readForm(key: string, value: unknown): Predicate | Fault {
  switch (key) {
    case 'in':
    case 'notIn':
      return isTexts(value)
        ? { is: key, values: value }
        : { at: [key], message: `${key} needs a list of values`, instead: `{${key}: [person, partner]}` }
    case 'ageBelow':
      return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 130
        ? { is: key, years: value }
        : { at: [key], message: 'ageBelow needs whole years', instead: '{ageBelow: 15}' }
    case 'within':
      return typeof value === 'string' && parseDuration(value) !== null
        ? { is: key, period: value }
        : { at: [key], message: `impossible duration ${quote(value)}`, instead: 'an ISO 8601 duration such as P3Y, P1M or P30D' }
    default:
      return { at: [key], message: `no such condition "${key}"`, instead: forms }
  }
}

function readEmail(raw: object): Predicate | Fault {
  const lists: Record<string, DomainList | null> = { localPartIn: null, domainIn: null, domainNotIn: null }
  for (const [name, value] of Object.entries(raw)) {
    const list =
      value === 'freeProviders' && name !== 'localPartIn' ? value : isTexts(value) ? value.map((text) => text.toLowerCase()) : null
    if (list === null)
      return {
        at: [name],
        message: `${name} needs a list`,
        instead: name === 'localPartIn' ? '[contact, info]' : 'freeProviders, or a list of domains',
      }
    lists[name] = list
  }
  return {
    is: 'email',
    localPartIn: lists['localPartIn'] ?? null,
    domainIn: lists['domainIn'] ?? null,
    domainNotIn: lists['domainNotIn'] ?? null,
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}

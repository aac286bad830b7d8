/** What is wrong with single fields: sensitive text, fields that nobody declared, addresses and dates that cannot be. */
import type { Collector } from './collect.ts'
import type { ObjectInfo } from '../record/field-info.ts'
import type { Frame } from './frame.ts'
import { normaliseEmail } from '../identity/email.ts'
import { declaredFields } from '../record/mapped-fields.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { createMinimiser } from '../minimisation/minimisation.ts'
import type { Policy } from '../policy/schema.ts'
import { fieldsUsedByRules, isOn } from '../policy/purposes.ts'
import { countryOf, isDialable } from './reach.ts'
import { sensitiveRemedy } from './remedies.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import { findNumbers } from '../sensitive/numbers.ts'
import { createScanner } from '../sensitive/scanner.ts'
import { writeBackNames } from './write-back.ts'

export type FieldChecks = {
  /** Fields to ask the CRM for besides the mapped ones. */
  readonly watched: readonly string[]
  check(row: Row, frame: Frame, collector: Collector): void
}

/** A field that is looked at: its name for the finding, its column for the value. */
type Place = { readonly name: string; readonly column: number }
type NumberPlace = { readonly column: number; readonly before: string }

const noFields: readonly string[] = []
/** A NIR without its key; an IBAN has at least 15. */
const fewestSigns = 13

export function createFieldChecks(policy: Policy, mapping: ObjectMapping, schema: ObjectInfo, columnOf: ColumnOf): FieldChecks {
  const place = (name: string): Place => ({ name, column: columnOf(name) })
  const minimiser = createMinimiser({ declared: declared(policy, mapping), catalogue: schema.fields, columnOf })
  const labels = new Map(schema.fields.map(({ name, label }) => [name, label]))
  const scan = createTextCheck(
    policy,
    mapping.texts.map(place),
    new Map(minimiser.watched.map((name) => [name, { column: columnOf(name), before: `${labels.get(name) ?? name} : ` }])),
  )
  const used = fieldsUsedByRules(policy)
  const shown = new Set(schema.fields.map((field) => field.name))
  const expected = [...new Set(used.flatMap((field) => mapping.fields[field]?.from ?? []))].filter((name) => shown.has(name)).map(place)
  const spoken = used.map((field) => (mapping.fields[field]?.from ?? []).map(place))
  const emails = mapping.fields['email']?.from ?? []
  const own = emails.map(place)
  const lists = mapping.emails.filter((name) => !emails.includes(name)).map(place)
  const phones = mapping.phones.map(place)
  const countries = (mapping.fields['country']?.from ?? []).map(columnOf)
  return {
    watched: minimiser.watched,
    check(row, frame, collector) {
      for (let i = 0; i < frame.badDays.length; i++) collector.add('accuracy.date_implausible', used[frame.badDays[i] ?? -1] ?? '')
      for (let i = 0; i < frame.strange.length; i++) {
        for (const { name, column } of spoken[frame.strange[i] ?? -1] ?? [])
          if (typeof row[column] === 'string') collector.add('mapping.value_unknown', name)
      }
      for (let i = 0; frame.gaps && i < expected.length; i++) {
        const { name, column } = expected[i] as Place
        if (row[column] === undefined) collector.add('mapping.field_missing', name)
      }
      for (let i = 0; i < own.length; i++) checkAddress(row, own[i] as Place, collector)
      for (let i = 0; i < lists.length; i++) checkAddresses(row, lists[i] as Place, collector)
      for (let i = 0; i < phones.length; i++) checkPhone(row, phones[i] as Place, countries, policy.organisation.country, collector)
      const undeclared = minimiser.findingFor(row)
      if (undeclared !== null) collector.addFinding(undeclared)
      scan(row, undeclared?.fields ?? noFields, collector)
    },
  }
}

function declared(policy: Policy, mapping: ObjectMapping): ReadonlySet<string> {
  const needed = new Set([...fieldsUsedByRules(policy), ...policy.purposes.filter(isOn).flatMap((purpose) => purpose.fields)])
  return new Set([...declaredFields(policy, mapping, needed), ...writeBackNames(policy, mapping)])
}

/** The address that a CRM sends to has to be one: two of them are none. */
function checkAddress(row: Row, { name, column }: Place, collector: Collector): void {
  const text = row[column]
  if (typeof text === 'string' && normaliseEmail(text) === null) collector.add('accuracy.email_unusable', name)
}

function checkAddresses(row: Row, { name, column }: Place, collector: Collector): void {
  const text = row[column]
  if (text === null || text === undefined) return
  const usable = text.includes(';')
    ? text.split(';').every((part) => part.trim() === '' || normaliseEmail(part.trim()) !== null)
    : normaliseEmail(text) !== null
  if (!usable) collector.add('accuracy.email_unusable', name)
}

function checkPhone(row: Row, { name, column }: Place, countries: readonly number[], home: string, collector: Collector): void {
  const text = row[column]
  if (text === null || text === undefined) return
  if (!isDialable(text, countryOf(row, countries) ?? home)) collector.add('accuracy.phone_unusable', name)
}

type Scan = (row: Row, undeclared: readonly string[], collector: Collector) => void

/**
 * One critical or high hit is enough; of a medium kind it takes two, because single words of private life are often harmless. `numbers`: what a field that
 * nobody declared is looked through for, with its label before it, which says as much as words in a text do. No cards: every tenth order number looks like one.
 */
function createTextCheck(policy: Policy, texts: readonly Place[], numbersIn: ReadonlyMap<string, NumberPlace>): Scan {
  const rules = new Map(policy.detectors.map((detector) => [detector.id, detector]))
  const scanner = createScanner({ detectors: policy.detectors })
  const numbers = policy.detectors.filter(({ how }) => how === 'nirKey' || how === 'iban')
  return (row, undeclared, collector) => {
    let hits: Hits | null = null
    for (const { name, column } of texts) {
      const text = row[column]
      if (text !== null && text !== undefined) hits = noted(hits, name, scanner.scan(text))
    }
    for (const name of undeclared) {
      const at = numbersIn.get(name)
      const text = row[at?.column ?? -1]
      if (at !== undefined && typeof text === 'string' && text.length >= fewestSigns)
        for (const { kind } of findNumbers(at.before + text))
          hits = noted(
            hits,
            name,
            numbers.filter(({ how }) => how === kind).map(({ id }) => ({ detector: id })),
          )
    }
    if (hits === null) return
    for (const [id, hit] of hits) {
      const detector = rules.get(id)
      if (detector === undefined || (hit.count < 2 && (detector.severity === 'medium' || detector.severity === 'low'))) continue
      collector.addFinding({
        rule: `sensitive.${id}`,
        kind: 'sensitive',
        severity: detector.severity,
        fields: hit.fields,
        remedy: sensitiveRemedy.en,
        ref: detector.ref,
      })
    }
  }
}

type Hits = Map<string, { fields: string[]; count: number }>

function noted(before: Hits | null, name: string, found: readonly { readonly detector: string }[]): Hits | null {
  if (found.length === 0) return before
  const hits = before ?? new Map<string, { fields: string[]; count: number }>()
  for (const { detector } of found) {
    const entry = hits.get(detector) ?? { fields: [], count: 0 }
    if (!entry.fields.includes(name)) entry.fields.push(name)
    entry.count += 1
    hits.set(detector, entry)
  }
  return hits
}

/** What is wrong with single fields: sensitive text, fields that nobody declared, addresses and dates that cannot be. */
import type { Collector } from './collect.ts'
import type { ObjectInfo } from './field-info.ts'
import type { Frame } from './frame.ts'
import { filled } from './text.ts'
import { normaliseEmail } from './identity-email.ts'
import type { RawFields } from './judge.ts'
import { declaredFields } from './mapped-fields.ts'
import type { ObjectMapping } from './mapping.ts'
import { createMinimiser } from './minimisation.ts'
import type { Policy } from './policy-schema.ts'
import { fieldsUsedByRules, isOn } from './purposes.ts'
import { countryOf, isDialable } from './reach.ts'
import { sensitiveRemedy } from './remedies.ts'
import { createScanner, type Scanner } from './sensitive/scanner.ts'
import { writeBackNames } from './write-back.ts'

export type FieldChecks = {
  /** Fields to ask the CRM for besides the mapped ones. */
  readonly watched: readonly string[]
  check(fields: RawFields, frame: Frame, collector: Collector): void
}

export function createFieldChecks(policy: Policy, mapping: ObjectMapping, schema: ObjectInfo): FieldChecks {
  const minimiser = createMinimiser({ declared: declared(policy, mapping), catalogue: schema.fields })
  const scan = createTextCheck(policy, mapping.texts, createScanner({ detectors: policy.detectors }))
  const used = fieldsUsedByRules(policy)
  const shown = new Set(schema.fields.map((field) => field.name))
  const expected = [...new Set(used.flatMap((field) => mapping.fields[field]?.from ?? []))].filter((name) => shown.has(name))
  const own = mapping.fields['email']?.from ?? []
  const lists = mapping.emails.filter((name) => !own.includes(name))
  const countries = mapping.fields['country']?.from ?? []
  return {
    watched: minimiser.watched,
    check(fields, frame, collector) {
      for (let i = 0; i < frame.badDays.length; i++) collector.add('accuracy.date_implausible', used[frame.badDays[i] ?? -1] ?? '')
      for (let i = 0; i < frame.strange.length; i++) {
        for (const name of mapping.fields[used[frame.strange[i] ?? -1] ?? '']?.from ?? [])
          if (typeof filled(fields[name]) === 'string') collector.add('mapping.value_unknown', name)
      }
      for (let i = 0; frame.gaps && i < expected.length; i++) {
        const name = expected[i] ?? ''
        if (fields[name] === undefined) collector.add('mapping.field_missing', name)
      }
      for (let i = 0; i < own.length; i++) checkAddress(fields, own[i] ?? '', collector)
      for (let i = 0; i < lists.length; i++) checkAddresses(fields, lists[i] ?? '', collector)
      for (let i = 0; i < mapping.phones.length; i++)
        checkPhone(fields, mapping.phones[i] ?? '', countries, policy.organisation.country, collector)
      const undeclared = minimiser.findingFor(fields)
      if (undeclared !== null) collector.addFinding(undeclared)
      scan(fields, collector)
    },
  }
}

function declared(policy: Policy, mapping: ObjectMapping): ReadonlySet<string> {
  const needed = new Set([...fieldsUsedByRules(policy), ...policy.purposes.filter(isOn).flatMap((purpose) => purpose.fields)])
  return new Set([...declaredFields(policy, mapping, needed), ...writeBackNames(policy, mapping)])
}

/** The address that a CRM sends to has to be one: two of them are none. */
function checkAddress(fields: RawFields, name: string, collector: Collector): void {
  const text = filled(fields[name])
  if (typeof text === 'string' && normaliseEmail(text) === null) collector.add('accuracy.email_unusable', name)
}

function checkAddresses(fields: RawFields, name: string, collector: Collector): void {
  const text = filled(fields[name])
  if (text === null || text === undefined) return
  const usable = text.includes(';')
    ? text.split(';').every((part) => part.trim() === '' || normaliseEmail(part.trim()) !== null)
    : normaliseEmail(text) !== null
  if (!usable) collector.add('accuracy.email_unusable', name)
}

function checkPhone(fields: RawFields, name: string, countries: readonly string[], home: string, collector: Collector): void {
  const text = filled(fields[name])
  if (text === null || text === undefined) return
  if (!isDialable(text, countryOf(fields, countries) ?? home)) collector.add('accuracy.phone_unusable', name)
}

/** One critical or high hit is enough; of a medium kind it takes two, because single words of private life are often harmless. */
function createTextCheck(policy: Policy, texts: readonly string[], scanner: Scanner): (fields: RawFields, collector: Collector) => void {
  const rules = new Map(policy.detectors.map((detector) => [detector.id, detector]))
  return (fields, collector) => {
    let hits: Map<string, { fields: string[]; count: number }> | null = null
    for (const name of texts) {
      const text = filled(fields[name])
      if (text === null || text === undefined) continue
      for (const hit of scanner.scan(text)) {
        hits ??= new Map()
        const entry = hits.get(hit.detector) ?? { fields: [], count: 0 }
        if (!entry.fields.includes(name)) entry.fields.push(name)
        entry.count += 1
        hits.set(hit.detector, entry)
      }
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

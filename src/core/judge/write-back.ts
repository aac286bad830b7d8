/** The verdict as fields of the CRM: what they are called, what they may hold, and what has to change on a record. */
import { consentFields } from '../consent/fields.ts'
import type { FieldInfo } from '../record/field-info.ts'
import type { RawFields } from './judge.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { undeclaredField } from '../minimisation/minimisation.ts'
import type { Policy } from '../policy/schema.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import { pairsOf } from '../policy/purposes.ts'
import { RULES } from './rules.ts'
import type { Verdict } from './verdict.ts'

/** The connector's WantedField. */
export type WantedProperty = {
  readonly object: string
  readonly name: string
  readonly label: string
  readonly description: string
  readonly type: 'enum' | 'multi' | 'date' | 'text'
  readonly options?: readonly { readonly value: string; readonly label: string }[]
}
/** `value`: what the field should hold, `null` for nothing. A writer without one is written by a task of its own, never by a verdict. */
type Writer = {
  readonly name: string
  /** Where its name stands in the mapping. */
  readonly key: readonly string[]
  readonly multi: boolean
  readonly value: ((verdict: Verdict) => string | null) | null
}

export type WriteBack = {
  readonly names: readonly string[]
  /** Those that the CRM lacks, that may not be written, that are none of ours, or that do not offer every value. */
  readonly unready: readonly string[]
  /** Only fields that differ; multi-selects compare as sets. `null` when none does. */
  patch(row: Row, verdict: Verdict): RawFields | null
}

export function createWriteBack(policy: Policy, mapping: ObjectMapping, catalogue: readonly FieldInfo[], columnOf: ColumnOf): WriteBack {
  const wanted = new Map(wantedProperties(policy, mapping).map((property) => [property.name, property]))
  const ours = catalogue.filter((field) => field.writable && isOurs(field, wanted.get(field.name)))
  const usable = new Set(ours.map((field) => field.name))
  const complete = new Set(ours.filter((field) => offersAll(field, wanted.get(field.name))).map((field) => field.name))
  const writers = writersOf(policy, mapping)
    .filter((writer) => usable.has(writer.name))
    .map((writer) => ({ ...writer, column: columnOf(writer.name) }))
  const names = writeBackNames(policy, mapping)
  return {
    names,
    unready: names.filter((name) => !complete.has(name)),
    patch(row, verdict) {
      let changed: Record<string, string | null> | null = null
      for (let i = 0; i < writers.length; i++) {
        const writer = writers[i]
        if (writer === undefined || writer.value === null) continue
        const wanted = writer.value(verdict)
        if (!same(row[writer.column], wanted, writer.multi)) (changed ??= {})[writer.name] = wanted
      }
      return changed
    },
  }
}

/** A field of that name is written only when it is made as Accord makes it: a field that somebody else fills must not be overwritten. */
function isOurs(field: FieldInfo, wanted: WantedProperty | undefined): boolean {
  if (wanted === undefined || !field.custom || field.type !== wanted.type) return false
  return wanted.options === undefined || field.options === undefined || wanted.options.some(({ value }) => field.options?.includes(value))
}

/** Names of the write-back under which the CRM holds a field that somebody else made. An own field without any choice yet is no stranger. */
export function strangersAmong(wanted: readonly WantedProperty[], catalogue: readonly FieldInfo[]): readonly string[] {
  const shown = new Map(catalogue.map((field) => [field.name, field]))
  return wanted.flatMap((property) => {
    const field = shown.get(property.name)
    const bare = field?.custom === true && field.type === property.type && field.options?.length === 0
    return field === undefined || bare || isOurs(field, property) ? [] : [property.name]
  })
}

function offersAll(field: FieldInfo, wanted: WantedProperty | undefined): boolean {
  return field.options === undefined || (wanted?.options ?? []).every(({ value }) => field.options?.includes(value))
}

/** Every field that would be written, and where the mapping says so. */
export function writeBackTargets(
  policy: Policy,
  mapping: ObjectMapping,
): readonly { readonly name: string; readonly key: readonly string[] }[] {
  return writersOf(policy, mapping)
}

export function writeBackNames(policy: Policy, mapping: ObjectMapping): readonly string[] {
  return writersOf(policy, mapping).map((writer) => writer.name)
}

function writersOf(policy: Policy, mapping: ObjectMapping): readonly Writer[] {
  const { status, mayContact, findings, proof, lawfulBasis, keepUntil, lastMessage, short } = mapping.writeBack
  const writers: Writer[] = []
  const add = (name: string | undefined, key: Writer['key'], multi: boolean, value: Writer['value']): void => {
    if (name !== undefined) writers.push({ name, key, multi, value })
  }
  add(status, ['status'], false, (verdict) => verdict.status)
  const allowedBy = onceForEach((permissions: Verdict['permissions']) => {
    const allowed = permissions.filter((permission) => permission.allowed)
    return joined(allowed.map((permission) => `${short[permission.purpose] ?? permission.purpose}:${permission.channel}`)) ?? nobody
  })
  add(mayContact, ['mayContact'], true, (verdict) => (verdict.status === 'blocked' ? nobody : allowedBy(verdict.permissions)))
  add(findings, ['findings'], true, ({ findings: found }) =>
    found.length === 1 ? (found[0]?.rule ?? null) : joined(found.map((finding) => finding.rule)),
  )
  // In the order of a verdict's views.
  const views = pairsOf(policy).filter((pair) => !pair.serviceOnly)
  consentFields(policy, mapping).forEach(({ name, purpose, channel }) => {
    const key = typeof mapping.writeBack.consent === 'string' ? ['consent'] : ['consent', `${purpose}:${channel}`]
    const at = views.findIndex((view) => view.purpose === purpose && view.channel === channel)
    add(name, key, false, (verdict) => verdict.consent[at]?.status ?? null)
  })
  const proofOf = onceForEach((consent: Verdict['consent']) => {
    const known = consent.filter((view) => view.status !== 'unknown' && view.grade !== null)
    return joined(known.map((view) => `${short[view.purpose] ?? view.purpose}:${view.channel}:${view.grade}`))
  })
  add(proof, ['proof'], true, (verdict) => proofOf(verdict.consent))
  const basesOf = onceForEach((bases: Verdict['lawfulBases']) => joined(bases) ?? 'none')
  add(lawfulBasis, ['lawfulBasis'], true, (verdict) => basesOf(verdict.lawfulBases))
  add(keepUntil, ['keepUntil'], false, (verdict) => verdict.retention.dueOn)
  add(lastMessage, ['lastMessage'], false, null)
  return writers
}

/** Told apart from a record that was never judged, of which nothing is known yet. */
const nobody = 'none'

/** Records share what follows from their consents: it is worked out once for each such object, which never changes. */
function onceForEach<K extends object, T>(work: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly answer: T }>()
  return (key) => {
    let entry = known.get(key)
    if (entry === undefined) known.set(key, (entry = { answer: work(key) }))
    return entry.answer
  }
}

function joined(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.length === 1 ? (values[0] ?? null) : values.toSorted().join(';')
}

function same(current: Row[number], wanted: string | null, multi: boolean): boolean {
  if (current === wanted) return true
  if (!multi || current === undefined || current === null || wanted === null) return false
  const parts = current.split(';').map((part) => part.trim())
  return (
    parts
      .filter((part) => part !== '')
      .toSorted()
      .join(';') === wanted
  )
}

const statuses = ['granted', 'withdrawn', 'refused', 'expired', 'unknown'] as const
const grades = ['proved', 'claimed', 'contradicted'] as const

/** Found of a connection, or of records that nothing can be written to. */
const NEVER_WRITTEN: ReadonlySet<string> = new Set([
  'mapping.field_unmapped',
  'mapping.mirror_read_only',
  'mapping.record_frozen',
  'mapping.write_back_missing',
])

/** Rule ids that a record may carry under this policy. */
export function findingRules(policy: Policy, minimisation: readonly string[] = [undeclaredField]): readonly string[] {
  const onRecords = Object.keys(RULES).filter((rule) => !NEVER_WRITTEN.has(rule))
  return [...onRecords, ...policy.detectors.map((detector) => `sensitive.${detector.id}`), ...minimisation].toSorted()
}

/** What `provision` should create for one object. Labels in the organisation's language. */
export function wantedProperties(policy: Policy, mapping: ObjectMapping, minimisation?: readonly string[]): readonly WantedProperty[] {
  const { object, writeBack } = mapping
  const french = policy.organisation.locale === 'fr'
  const say = (fr: string, en: string): string => (french ? fr : en)
  const wanted: WantedProperty[] = []
  const add = (
    name: string | undefined,
    label: string,
    type: WantedProperty['type'],
    description: string,
    values?: readonly string[],
  ): void => {
    if (name === undefined) return
    const property = { object, name, label, description, type }
    wanted.push(values === undefined ? property : { ...property, options: values.map((value) => ({ value, label: value })) })
  }
  const written = say('Écrit par Accord ; ne pas modifier.', 'Written by Accord; do not edit.')
  add(
    writeBack.status,
    say('Accord : état', 'Accord: status'),
    'enum',
    `${say('blocked : ne plus utiliser la fiche.', 'blocked: stop using the record.')} ${written}`,
    ['ok', 'attention', 'blocked'],
  )
  add(
    writeBack.mayContact,
    say('Accord : contact permis', 'Accord: contact allowed'),
    'multi',
    `${say('Finalité et canal permis : c’est sur ce champ que se filtre un envoi.', 'Purpose and channel allowed: filter mailings by this field.')} ${written}`,
    [...pairsOf(policy).map(({ purpose, channel }) => `${writeBack.short[purpose] ?? purpose}:${channel}`), nobody],
  )
  add(writeBack.findings, say('Accord : constats', 'Accord: findings'), 'multi', written, findingRules(policy, minimisation))
  for (const { name, purpose, channel } of consentFields(policy, mapping)) {
    const labels = policy.purposes.find((one) => one.id === purpose)?.label
    add(name, `Accord: ${labels?.[policy.organisation.locale] ?? purpose} (${channel})`, 'enum', written, statuses)
  }
  add(writeBack.proof, say('Accord : preuves de consentement', 'Accord: proof of consent'), 'multi', written, proofValues(policy, mapping))
  add(writeBack.lawfulBasis, say('Accord : bases légales', 'Accord: lawful bases'), 'multi', written, [
    ...new Set(policy.purposes.map((purpose) => purpose.lawfulBasis)),
    'none',
  ])
  add(writeBack.keepUntil, say('Accord : à garder jusqu’au', 'Accord: keep until'), 'date', written)
  add(
    writeBack.lastMessage,
    say('Accord : dernier message, réponse avant le', 'Accord: last message, to be answered before'),
    'date',
    `${say('Rempli : demander une fois si la personne veut encore de vos nouvelles.', 'Filled: ask once whether the person still wants to hear from you.')} ${written}`,
  )
  return wanted
}

function proofValues(policy: Policy, mapping: ObjectMapping): readonly string[] {
  const { short } = mapping.writeBack
  return policy.purposes
    .filter((purpose) => !purpose.serviceOnly)
    .flatMap((purpose) =>
      purpose.channels.flatMap((channel) => grades.map((grade) => `${short[purpose.id] ?? purpose.id}:${channel}:${grade}`)),
    )
}

/** The shipped policy and mapping, a CRM that shows every field, and records that are empty but for what a test says. */
import { fileURLToPath } from 'node:url'
import { loadConnections, loadPolicy } from '../../src/config/load.ts'
import { createJudge } from '../../src/core/judge/create-judge.ts'
import type { FieldInfo } from '../../src/core/record/field-info.ts'
import type { ConsentFact } from '../../src/core/consent/consent.ts'
import type { Judge, JudgedRecord, RawFields } from '../../src/core/judge/judge.ts'
import { mappedFields } from '../../src/core/record/mapped-fields.ts'
import type { ObjectMapping } from '../../src/core/record/mapping.ts'
import type { Policy } from '../../src/core/policy/schema.ts'
import type { Verdict } from '../../src/core/judge/verdict.ts'
import { wantedProperties } from '../../src/core/judge/write-back.ts'

const config = fileURLToPath(new URL('../../config', import.meta.url))
export const policy: Policy = loadPolicy(config)
export const connections = loadConnections(config, {}, { lenient: true, policy }).connections
export const today = '2026-11-21'

export function mappingOf(connection: string, object: string): ObjectMapping {
  const found = connections.find((one) => one.id === connection)?.objects.find((one) => one.object === object)
  if (found === undefined) throw new Error(`no ${object} in ${connection}`)
  return found
}
export const hubspot = mappingOf('hubspot', 'contacts')

export type World = {
  judge: Judge
  record(fields?: Record<string, string | null>): RawFields
  /** Judges a record that is empty but for these fields, knowing what it says itself. */
  verdict(
    fields?: Record<string, string | null>,
    context?: { facts?: readonly ConsentFact[]; suppressed?: boolean; openRequest?: boolean; frozen?: boolean; restricted?: boolean },
  ): Verdict
}
export type WorldOptions = {
  policy?: Policy
  mapping?: ObjectMapping
  connection?: string
  today?: string
  hidden?: readonly string[]
  extra?: readonly FieldInfo[]
}

export function world(options: WorldOptions = {}): World {
  const used = options.policy ?? policy
  const mapping = options.mapping ?? hubspot
  const hidden = new Set(options.hidden)
  const changed = new Set(options.extra?.map((field) => field.name))
  const fields = [...catalogueOf(used, mapping).filter(({ name }) => !hidden.has(name) && !changed.has(name)), ...(options.extra ?? [])]
  const judge = createJudge({
    policy: used,
    mapping,
    connection: options.connection ?? 'hubspot',
    schema: { object: mapping.object, fields },
    today: options.today ?? today,
  })
  const empty = Object.fromEntries(fields.map((field) => [field.name, null]))
  const record = (own: Record<string, string | null> = {}): RawFields => ({ ...empty, ...own })
  return {
    judge,
    record,
    verdict(own = {}, context = {}) {
      const raw = record(own)
      return judge.judge(raw, {
        facts: [...judge.facts(raw), ...(context.facts ?? [])],
        suppressed: context.suppressed ?? false,
        openRequest: context.openRequest ?? false,
        frozen: context.frozen ?? false,
        restricted: context.restricted ?? false,
      })
    },
  }
}

/** The mapped fields, and those of the write-back as "accord provision" makes them. */
export function catalogueOf(used: Policy, mapping: ObjectMapping): readonly FieldInfo[] {
  const read = mappedFields(mapping).map((name) => ({ name, label: name, type: 'text', writable: true, custom: false }))
  const written = wantedProperties(used, mapping).map(({ name, label, type, options }) => ({
    name,
    label,
    type,
    writable: true,
    custom: true,
    ...(options === undefined ? {} : { options: options.map((option) => option.value) }),
  }))
  return [...read, ...written]
}

/** Whether and by which rule a purpose may use a channel, as `+rule` or `-rule`. */
export function permission(verdict: Verdict, purpose: string, channel: string): string {
  const found = verdict.permissions.find((one) => one.purpose === purpose && one.channel === channel)
  return found === undefined ? 'none' : `${found.allowed ? '+' : '-'}${found.rule}`
}

export function rules(verdict: Verdict): readonly string[] {
  return verdict.findings.map((finding) => finding.rule)
}

/** A French consumer, collected from themselves, informed, reachable by every channel. */
export const consumer = {
  email: 'camille.martin@gmail.com',
  firstname: 'Camille',
  lastname: 'Martin',
  phone: '0145678901',
  mobilephone: '0612345678',
  address: '1 rue de la Paix',
  country: 'France',
  collection_source: 'person',
  createdate: '2026-01-10T09:00:00Z',
  privacy_notice_date: '2026-01-10',
} as const
/** A French professional at a company, the same otherwise. */
export const professional = { ...consumer, email: 'camille.martin@acier.example.fr', company: 'Acier', jobtitle: 'Directrice' } as const
/** A fully proved consent on one of the demo's consent fields. */
export function proved(name: string, at = '2026-06-01T10:00:00Z'): Record<string, string> {
  return { [`consent_${name}`]: 'yes', [`consent_${name}_date`]: at, [`consent_${name}_text`]: 'TXT-2026-05' }
}

/** What the record answers, as an object of which single answers can be replaced. */
export function answersOf(record: JudgedRecord): JudgedRecord {
  return {
    identity: () => record.identity(),
    facts: (changedAt, ours) => record.facts(changedAt, ours),
    lastAct: () => record.lastAct(),
    childsYes: (said) => record.childsYes(said),
    judge: (context) => record.judge(context),
    optOuts: (verdict) => record.optOuts(verdict),
    patch: (verdict) => record.patch(verdict),
  }
}

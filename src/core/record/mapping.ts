/** Where each CRM keeps what the policy speaks of: the shape of config/connections.yaml. */
import { z } from 'zod'
import { resolveCrossIds } from '../identity/cross-ids.ts'
import { OWN } from '../consent/own-connection.ts'
import { meant, problemsOf, type ConfigProblem, type Parsed } from '../policy/problem.ts'

const text = z.string().min(1)
const crmField = text
const crmFields = z.union([crmField.transform((name) => [name]), z.array(crmField).min(1)])

/** `from`: the first filled one counts. `values` translates; a value it does not name becomes `otherwise`, or is unknown. `null`: the CRM never holds it. */
export type FieldSource = {
  readonly from: readonly string[]
  readonly values: ReadonlyMap<string, string> | null
  readonly otherwise: string | null
} | null

const translated = z
  .strictObject({ from: crmFields, values: z.record(z.string(), text).optional(), otherwise: text.optional() })
  .transform((source): FieldSource => ({
    from: source.from,
    values: source.values === undefined ? null : new Map(Object.entries(source.values)),
    otherwise: source.otherwise ?? null,
  }))
const FieldSourceSchema = z.union([
  z.literal('none').transform((): FieldSource => null),
  crmField.transform((name): FieldSource => ({ from: [name], values: null, otherwise: null })),
  translated,
])

const ConsentSource = z
  .strictObject({
    purposes: z.union([z.literal('*'), z.array(text).min(1)]),
    channels: z.union([z.literal('*'), z.array(text).min(1)]),
    field: crmField,
    values: z.record(z.string(), z.enum(['given', 'withdrawn', 'refused', 'expired', 'asked'])),
    at: crmField.optional(),
    text: crmField.optional(),
    /** What to write into `field` when the person has said no elsewhere; without `granted` it is never taken back. */
    mirror: z.strictObject({ withdrawn: text, granted: text.optional() }).optional(),
  })
  .superRefine((source, ctx) => {
    if (source.mirror !== undefined)
      for (const [key, message, instead] of mirrorProblems(source, source.mirror))
        ctx.addIssue({ code: 'custom', path: ['mirror', key], message, params: { instead } })
    if ((source.purposes === '*' || source.channels === '*') && Object.values(source.values).includes('given')) {
      ctx.addIssue({
        code: 'custom',
        path: ['values'],
        message: 'a consent is given for one purpose on one channel, never for all',
        params: { instead: 'name the purposes and channels, or map the value to withdrawn or refused' },
      })
    }
  })

type Mirrored = { purposes: '*' | readonly string[]; channels: '*' | readonly string[]; values: Readonly<Record<string, string>> } & {
  at?: string | undefined
}

/** What we write must be read back as what it stands for, and must not claim a date of its own: key, fault and remedy of each. */
function mirrorProblems(
  { purposes, channels, values, at }: Mirrored,
  { withdrawn, granted }: { withdrawn: string; granted?: string | undefined },
): readonly (readonly ['withdrawn' | 'granted', string, string])[] {
  const problems: (readonly ['withdrawn' | 'granted', string, string])[] = []
  const isNo = (value: string): boolean => values[value] === 'withdrawn' || values[value] === 'refused'
  if (!isNo(withdrawn))
    problems.push([
      'withdrawn',
      `"${withdrawn}" would not be read back as a no`,
      'a value that "values" translates to withdrawn or refused',
    ])
  if (at !== undefined)
    problems.push([
      'withdrawn',
      `"${at}" would date our own writing as a newer no of the person`,
      'no "at" on a field that is mirrored: its no counts from the day it is first seen',
    ])
  if (granted === undefined) return problems
  if (isNo(granted))
    problems.push(['granted', `"${granted}" is a no`, 'the value that stands for a yes, or no "granted": then it is never taken back'])
  if (purposes === '*' || channels === '*')
    problems.push([
      'granted',
      'one consent does not take back an opt-out of everything',
      'remove "granted", or name the purposes and channels of this field',
    ])
  return problems
}

const WriteBack = z.strictObject({
  group: z.strictObject({ name: text, label: text }).default({ name: 'accord', label: 'Accord' }),
  status: crmField.optional(),
  /** Purposes and channels by which the person may be contacted now: what a mailing is filtered by. */
  mayContact: crmField.optional(),
  findings: crmField.optional(),
  /** A template with {purpose} or {short}, and {channel}; or one field for each `purpose:channel`. */
  consent: z.union([text, z.record(z.string(), crmField)]).optional(),
  proof: crmField.optional(),
  lawfulBasis: crmField.optional(),
  keepUntil: crmField.optional(),
  /** Day until which a last message may be answered: the marketing team's mailing asks those of whom it is filled. */
  lastMessage: crmField.optional(),
  /** Short names of purposes: Salesforce allows 40 characters in a field name. */
  short: z
    .record(z.string(), z.string().regex(/^[A-Za-z0-9_]{1,20}$/, { error: 'a short name has at most 20 letters, digits and _' }))
    .default({}),
})

/** After `parseConnections` both are known; `connection` is '' when there is none of that CRM. */
const CrossId = z
  .strictObject({ field: crmField, crm: text.optional(), connection: text.optional(), object: text })
  .transform(({ field, crm = '', connection = '', object }) => ({ field, crm, connection, object }))

const ObjectMappingSchema = z.strictObject({
  object: text,
  fields: z.record(z.string(), FieldSourceSchema),
  emails: z.array(crmField).default([]),
  phones: z.array(crmField).default([]),
  crossIds: z.array(CrossId).default([]),
  acts: z.record(z.string(), crmFields).default({}),
  consents: z.array(ConsentSource).default([]),
  marketing: z.record(z.string(), crmField).default({}),
  legalBasis: z
    .strictObject({
      field: crmField,
      values: z.record(
        z.string(),
        z.enum(['consent', 'contract', 'legal_obligation', 'legitimate_interest', 'not_applicable', 'public_interest', 'vital_interests']),
      ),
    })
    .optional(),
  texts: z.array(crmField).default([]),
  writeBack: WriteBack.default({ group: { name: 'accord', label: 'Accord' }, short: {} }),
})
export type ObjectMapping = z.output<typeof ObjectMappingSchema>

const ConnectionSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'a connection id is written in lower case letters, digits and -' }),
  crm: z.enum(['hubspot', 'salesforce']),
  /** Checked by the connector itself. */
  settings: z.record(z.string(), z.unknown()).default({}),
  objects: z.array(ObjectMappingSchema).min(1),
})
export type Connection = z.output<typeof ConnectionSchema>

const ConnectionsSchema = z.strictObject({ version: z.literal(1), connections: z.array(ConnectionSchema).min(1) })
export type Connections = z.output<typeof ConnectionsSchema>

const keys = [
  ...'version connections connection id crm settings objects object like fields emails phones crossIds acts consents marketing legalBasis texts'.split(
    ' ',
  ),
  ...'writeBack from values otherwise purposes channels field at text mirror withdrawn granted group name label status mayContact findings consent proof lawfulBasis keepUntil lastMessage short'.split(
    ' ',
  ),
]

/** Parsed YAML in; an object with `like: Contact` takes over everything of that object that it does not say itself. */
export function parseConnections(raw: unknown): Parsed<Connections> {
  const problems: ConfigProblem[] = []
  const read = ConnectionsSchema.safeParse(inherit(raw, problems), { reportInput: true })
  if (!read.success) return { ok: false, problems: [...problems, ...problemsOf(read.error, keys)] }
  problems.push(...duplicates(read.data))
  const value = resolveCrossIds(read.data, problems)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value }
}

function inherit(raw: unknown, problems: ConfigProblem[]): unknown {
  if (!isRecord(raw) || !Array.isArray(raw['connections'])) return raw
  const connections = raw['connections'].map((connection: unknown, at): unknown => {
    if (!isRecord(connection) || !Array.isArray(connection['objects'])) return connection
    const objects: readonly unknown[] = connection['objects']
    return {
      ...connection,
      objects: objects.map((object, index) =>
        inheritObject(object, objects.slice(0, index), ['connections', at, 'objects', index], problems),
      ),
    }
  })
  return { ...raw, connections }
}

function inheritObject(
  object: unknown,
  before: readonly unknown[],
  path: readonly (string | number)[],
  problems: ConfigProblem[],
): unknown {
  if (!isRecord(object) || !('like' in object)) return object
  const { like, ...own } = object
  const names = before.filter(isRecord).map((other) => String(other['object']))
  const model = before.find((other) => isRecord(other) && other['object'] === like && !('like' in other))
  if (!isRecord(model)) {
    problems.push({
      path: [...path, 'like'],
      message: `no object "${String(like)}" above this one`,
      instead: meant(String(like), names, 'an object of the same connection that stands above'),
    })
    return own
  }
  const merged: Record<string, unknown> = { ...model, ...own }
  for (const key of ['fields', 'acts', 'writeBack', 'marketing']) {
    if (isRecord(model[key]) && isRecord(own[key])) merged[key] = { ...model[key], ...own[key] }
  }
  return merged
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function duplicates(connections: Connections): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const ids = connections.connections.map((connection) => connection.id)
  connections.connections.forEach((connection, at) => {
    if (ids.indexOf(connection.id) !== at)
      problems.push({ path: ['connections', at, 'id'], message: `"${connection.id}" is used twice`, instead: 'a name of its own for each' })
    if (connection.id === OWN)
      problems.push({ path: ['connections', at, 'id'], message: `"${OWN}" is how Accord calls itself`, instead: 'the name of the CRM' })
    const objects = connection.objects.map((object) => object.object)
    connection.objects.forEach((object, index) => {
      if (objects.indexOf(object.object) !== index) {
        problems.push({
          path: ['connections', at, 'objects', index, 'object'],
          message: `"${object.object}" is mapped twice`,
          instead: 'one mapping for each object',
        })
      }
    })
  })
  return problems
}

/** What this user may see of an object: describe, kept for an hour, asked again when Salesforce says a field is unknown. */
import type { Deps, FieldSchema, FieldType, ObjectSchema } from '../connector.ts'
import { together } from '../together.ts'
import type { Client } from './client.ts'
import { refusal } from './fault.ts'
import { Describe, type DescribedField, shaped } from './payloads.ts'
import { individualFields } from './individual.ts'
import { name } from './soql.ts'

const KEPT_MS = 60 * 60_000
/** Values of these types are objects or files; their parts are fields of their own. */
export const unreadableTypes = new Set(['address', 'location', 'base64', 'complexvalue'])

export type ObjectInfo = {
  readonly object: string
  readonly keyPrefix: string | null
  readonly queryable: boolean
  readonly createable: boolean
  readonly updateable: boolean
  readonly fields: ReadonlyMap<string, DescribedField>
}
/** What can be asked for: paths in the order of the SELECT, and the type of each. The other requested fields stay absent. */
export type Plan = { readonly info: ObjectInfo; readonly paths: readonly string[]; readonly types: ReadonlyMap<string, string> }

export interface Schemas {
  /** `null`: no such object, or none that this user may see. */
  find(object: string, signal: AbortSignal): Promise<ObjectInfo | null>
  /** The same, with absence thrown. */
  demand(object: string, signal: AbortSignal): Promise<ObjectInfo>
  /** Leaves out what is hidden, missing or compound. */
  plan(object: string, fields: readonly string[], signal: AbortSignal): Promise<Plan>
  forget(): void
}

export function createSchemas(client: Client, { now }: Pick<Deps, 'now'>): Schemas {
  const kept = new Map<string, { until: number; info: ObjectInfo | null }>()

  async function find(object: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const known = kept.get(object)
    if (known && now() < known.until) return known.info
    const info = await describing(client, object, [object], signal)
    kept.set(object, { until: now() + KEPT_MS, info })
    return info
  }

  async function demand(object: string, signal: AbortSignal): Promise<ObjectInfo> {
    const info = await find(object, signal)
    if (info) return info
    throw refusal(`describe ${object}; grant Read on it through the permission set of the integration user`, 404, [])
  }

  async function typeOf(info: ObjectInfo, path: string, signal: AbortSignal): Promise<string | undefined> {
    const [first = '', second] = path.split('.')
    if (second === undefined) return info.fields.get(first)?.type
    const lookup = [...info.fields.values()].find((field) => field.relationshipName === first)
    for (const parent of lookup?.referenceTo ?? []) {
      const type = (await find(parent, signal))?.fields.get(second)?.type
      if (type !== undefined) return type
    }
    return undefined
  }

  return {
    find,
    demand,
    async plan(object, fields, signal) {
      const info = await demand(object, signal)
      const types = new Map<string, string>()
      for (const path of new Set(fields)) {
        const type = await typeOf(info, path, signal)
        if (type !== undefined && !unreadableTypes.has(type)) types.set(path, type)
      }
      return { info, paths: [...types.keys()], types }
    },
    forget: () => kept.clear(),
  }
}

/** Many who begin at the same moment need it once. */
const describing = together(
  (client: Client, object: string, _: readonly string[], signal) => describe(client, object, signal),
  (info) => info,
)

async function describe(client: Client, object: string, signal: AbortSignal): Promise<ObjectInfo | null> {
  const doing = `describe ${name(object)}`
  const reply = await client.json({ method: 'GET', path: `/sobjects/${object}/describe`, doing }, signal)
  if (!reply.ok) {
    if (reply.status === 404) return null
    throw refusal(doing, reply.status, reply.faults)
  }
  const answer = shaped(Describe, reply.body, `the description of ${object}`)
  return {
    object: answer.name,
    keyPrefix: answer.keyPrefix ?? null,
    queryable: answer.queryable,
    createable: answer.createable,
    updateable: answer.updateable,
    fields: new Map(answer.fields.map((field) => [field.name, field])),
  }
}

export function objectSchema(info: ObjectInfo): ObjectSchema {
  return { object: info.object, fields: [...[...info.fields.values()].map(fieldSchema), ...individualFields(info)] }
}

function fieldSchema(field: DescribedField): FieldSchema {
  const options = field.picklistValues?.filter((option) => option.active).map((option) => option.value) ?? []
  return {
    name: field.name,
    label: field.label,
    type: fieldType(field),
    writable: field.updateable,
    custom: field.custom,
    ...(field.encrypted && { sensitive: true }),
    ...(options.length > 0 && { options }),
  }
}

const TYPES: Readonly<Record<string, FieldType>> = {
  string: 'text',
  url: 'text',
  combobox: 'text',
  encryptedstring: 'text',
  time: 'text',
  email: 'email',
  phone: 'phone',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  double: 'number',
  int: 'number',
  long: 'number',
  currency: 'number',
  percent: 'number',
  picklist: 'enum',
  multipicklist: 'multi',
  reference: 'reference',
  id: 'reference',
}

function fieldType(field: DescribedField): FieldType {
  // Salesforce calls a text area of 255 characters and a long one alike.
  if (field.type === 'textarea') return field.length > 255 ? 'longtext' : 'text'
  return TYPES[field.type] ?? 'other'
}

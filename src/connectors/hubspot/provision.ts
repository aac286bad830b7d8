/** Makes the properties that the service writes, in a group of their own. What is there is never changed, only added to. */
import type { ProvisionRequest, ProvisionStep, WantedField } from '../connector.ts'
import { makeOnce } from '../http.ts'
import type { GroupBody, PropertyBody, PropertyChange } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import { fieldFrom, propertiesOf } from './describe.ts'
import { errorFrom, type Call } from './message.ts'
import { Anything, type Option, type Property } from './payloads.ts'
import { reasonOf } from './refusal.ts'

type Shape = Pick<PropertyBody, 'type' | 'fieldType'>
const shapes: Readonly<Record<WantedField['type'], Shape>> = {
  enum: { type: 'enumeration', fieldType: 'select' },
  multi: { type: 'enumeration', fieldType: 'checkbox' },
  date: { type: 'date', fieldType: 'date' },
  text: { type: 'string', fieldType: 'text' },
}

export async function provision(client: HubspotClient, request: ProvisionRequest, signal: AbortSignal): Promise<ProvisionStep[]> {
  const steps: ProvisionStep[] = []
  for (const object of new Set(request.fields.map((field) => field.object))) {
    steps.push(await group(client, object, request, signal))
    const present = new Map((await propertiesOf(client, object, signal)).map((property) => [property.name, property]))
    for (const field of request.fields.filter((wanted) => wanted.object === object)) {
      const property = present.get(field.name)
      if (property) steps.push(...(await complete(client, field, property, request.dryRun, signal)))
      else steps.push(await create(client, field, request, signal))
    }
  }
  return steps
}

async function group(
  client: HubspotClient,
  object: string,
  { group, dryRun }: ProvisionRequest,
  signal: AbortSignal,
): Promise<ProvisionStep> {
  const step = { what: 'group', object, name: group.name } as const
  const groups = `${client.paths.properties(object)}/groups`
  const find: Call = { method: 'GET', path: `${groups}/${encodeURIComponent(group.name)}` }
  const found = await client.ask(find, Anything, signal)
  if (found.ok) return { ...step, outcome: 'present' }
  if (found.refusal.status !== 404) throw errorFrom(find, found.refusal)
  if (dryRun) return { ...step, outcome: 'to-create' }
  const body: GroupBody = { name: group.name, label: group.label, displayOrder: -1 }
  return { ...step, ...(await madeOnce(client, { method: 'POST', path: groups, body, creates: true }, group.name, signal)) }
}

async function create(
  client: HubspotClient,
  field: WantedField,
  { group, dryRun }: ProvisionRequest,
  signal: AbortSignal,
): Promise<ProvisionStep> {
  const step = { what: 'field', object: field.object, name: field.name } as const
  if (dryRun) return { ...step, outcome: 'to-create' }
  const { name, label, description } = field
  const options = (field.options ?? []).map((option, displayOrder) => ({ ...option, displayOrder, hidden: false }))
  const body: PropertyBody = { name, label, description, groupName: group.name, ...shapes[field.type], options, formField: false }
  const call: Call = { method: 'POST', path: client.paths.properties(field.object), body, creates: true }
  return { ...step, ...(await madeOnce(client, call, name, signal)) }
}

/** The options that are missing from a property that is there. */
async function complete(
  client: HubspotClient,
  field: WantedField,
  property: Property,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<ProvisionStep[]> {
  const { object, name } = field
  const { type, fieldType } = shapes[field.type]
  const isOther = fieldFrom(property).type !== field.type && !(field.type === 'text' && property.type === 'string')
  if (isOther) {
    const reason = `${name} exists as ${property.type}/${property.fieldType}, and ${type}/${fieldType} is needed; archive it or choose another name`
    return [{ what: 'field', object, name, outcome: 'refused', reason }]
  }
  const steps: ProvisionStep[] = [{ what: 'field', object, name, outcome: 'present' }]
  const missing = (field.options ?? []).filter(({ value }) => !property.options.some((option) => option.value === value))
  if (missing.length === 0) return steps
  const step = (value: string) => ({ what: 'option', object, name: `${name}.${value}` }) as const
  if (dryRun) return [...steps, ...missing.map(({ value }) => ({ ...step(value), outcome: 'to-create' as const }))]
  const added = missing.map((option, i) => ({ ...option, displayOrder: property.options.length + i, hidden: false }))
  const body: PropertyChange = { options: [...property.options.map(optionBody), ...added] }
  const result = await made(
    client,
    { method: 'PATCH', path: `${client.paths.properties(object)}/${encodeURIComponent(name)}`, body },
    signal,
  )
  return [...steps, ...missing.map(({ value }) => ({ ...step(value), ...result }))]
}

/** A PATCH replaces the whole list, so what was there goes back as it was. */
function optionBody({ label, value, hidden, displayOrder, description }: Option) {
  return {
    label,
    value,
    hidden: hidden ?? false,
    ...(typeof displayOrder === 'number' && { displayOrder }),
    ...(description && { description }),
  }
}

type Made = { outcome: 'created' | 'present' | 'refused'; reason?: string }

/** A create is not repeated blindly: HubSpot may have done it before its answer got lost. */
function madeOnce(client: HubspotClient, call: Call, name: string, signal: AbortSignal): Promise<Made> {
  const find: Call = { method: 'GET', path: `${call.path}/${encodeURIComponent(name)}` }
  return makeOnce(
    () => made(client, call, signal),
    async () => ((await client.ask(find, Anything, signal)).ok ? { outcome: 'created' } : undefined),
  )
}

async function made(client: HubspotClient, call: Call, signal: AbortSignal): Promise<Made> {
  const reply = await client.ask(call, Anything, signal)
  if (reply.ok) return { outcome: 'created' }
  const { status, scopes } = reply.refusal
  if (status === 403) {
    return {
      outcome: 'refused',
      reason: `the token lacks ${scopes.join(', ') || 'crm.schemas.contacts.write'}; add the scope and try again`,
    }
  }
  // Somebody made it between the look and the call, or it lies archived under the same name.
  if (status === 409)
    return { outcome: 'refused', reason: 'HubSpot says that the name is taken; run it again, or restore or purge the archived one' }
  if (status === 400) return { outcome: 'refused', reason: reasonOf(reply.refusal) }
  throw errorFrom(call, reply.refusal)
}

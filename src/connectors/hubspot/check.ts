/** Names each thing that is missing for the service to work: token, scopes, properties, rights on them. Changes nothing. */
import { ConnectorError, type CheckReport, type Needs, type Problem } from '../connector.ts'
import { together } from '../together.ts'
import { readBatch } from './batch-read.ts'
import type { HubspotClient } from './client.ts'
import { fieldsOf, propertiesOf } from './describe.ts'
import { papersOf } from './erasure-commerce.ts'
import { list, listCall } from './list.ts'
import type { Call } from './message.ts'
import { Account, Anything, type Property } from './payloads.ts'
import { isVirtual, preferenceOf } from './preference.ts'

/** Tokens are of one portal for as long as they last, renewed ones too: asked once. */
const portals = new WeakMap<HubspotClient, string>()

export async function portalOf(client: HubspotClient, signal: AbortSignal): Promise<string> {
  return portals.get(client) ?? askingPortal(client, null, [], signal)
}

/** A hundred erasures begin in the same moment. */
const askingPortal = together(
  async (client: HubspotClient, _shape: null, _none: readonly never[], signal) => {
    const { portalId } = await client.call({ method: 'GET', path: client.paths.account }, Account, signal)
    portals.set(client, String(portalId))
    return String(portalId)
  },
  (portal) => portal,
)

export async function check(client: HubspotClient, needs: readonly Needs[], signal: AbortSignal): Promise<CheckReport> {
  const { host } = new URL(client.settings.apiUrl)
  try {
    const { portalId } = await client.call({ method: 'GET', path: client.paths.account }, Account, signal)
    const problems: Problem[] = otherPortal(client.settings.webhooks?.portalId, String(portalId))
    for (const need of needs) problems.push(...(await problemsOf(client, need, signal)))
    if (needs.length > 0) problems.push(...(await paperProblems(client, signal)))
    return { account: String(portalId), host, problems }
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'auth') throw error
    return { account: '', host, problems: [{ kind: 'credentials', name: 'token', message: error.message }] }
  }
}

/** Deliveries would all be refused. */
function otherPortal(set: string | undefined, portal: string): Problem[] {
  if (set === undefined || set === portal) return []
  return [{ kind: 'setting', name: 'webhooks.portalId', message: `webhooks.portalId is not the portal of this token, which is ${portal}` }]
}

async function problemsOf(client: HubspotClient, need: Needs, signal: AbortSignal): Promise<Problem[]> {
  const { object } = need
  let properties: Map<string, Property>
  try {
    properties = new Map((await propertiesOf(client, object, signal)).map((property) => [property.name, property]))
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    if (error.kind === 'scope') return [{ kind: 'scope', name: `crm.schemas.${object}.read`, message: error.message }]
    if (error.kind === 'refused')
      return [{ kind: 'object', name: object, message: `HubSpot knows no object ${object}; check its name or type id` }]
    throw error
  }
  const fields = new Map(fieldsOf(object, [...properties.values()]).map((field) => [field.name, field]))
  const missing = [...new Set([...need.read, ...need.write])].filter((name) => !fields.has(name))
  const readOnly = need.write.filter((name) => fields.get(name)?.writable === false)
  return [
    ...(await preferenceProblems(client, need, signal)),
    ...missing.map((name) => problem('field-missing', object, name, 'is not defined in this portal; create it or change the mapping')),
    ...readOnly.map((name) => problem('field-read-only', object, name, 'cannot be set through the API; choose another field to write to')),
    ...(await readingProblems(
      client,
      object,
      need.read.filter((name) => properties.has(name)),
      signal,
    )),
    ...(await writingProblems(
      client,
      need,
      need.write.some((name) => missing.includes(name)),
      signal,
    )),
  ]
}

function problem(kind: Problem['kind'], object: string, name: string, what: string): Problem {
  return { kind, name: `${object}.${name}`, message: `${object}.${name} ${what}` }
}

/** Reads one record. A property that is defined and does not come back, or makes HubSpot refuse, is hidden from this token. */
async function readingProblems(client: HubspotClient, object: string, names: readonly string[], signal: AbortSignal): Promise<Problem[]> {
  const hidden = (name: string) =>
    problem('field-hidden', object, name, 'exists, and this token may not read it; add the scope for sensitive data, or drop the field')
  try {
    const { listed } = await list(client, listCall(client, object, [], undefined), signal)
    const [first] = listed
    if (!first || names.length === 0) return []
    const whole = await readOne(client, object, first.id, names, signal)
    if (whole) return names.filter((name) => whole[name] === undefined).map(hidden)
    const refused: Problem[] = []
    for (const name of names)
      if ((await readOne(client, object, first.id, [name], signal))?.[name] === undefined) refused.push(hidden(name))
    return refused
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'scope') throw error
    return [{ kind: 'scope', name: `crm.objects.${object}.read`, message: error.message }]
  }
}

/** One record's values; undefined when HubSpot refuses these properties. */
async function readOne(client: HubspotClient, object: string, id: string, names: readonly string[], signal: AbortSignal) {
  try {
    return (await readBatch(client, object, [id], names, signal)).get(id)?.properties
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'scope') return undefined
    throw error
  }
}

/**
 * HubSpot has no way to ask for scopes that works for every kind of token. A change to what cannot exist (record 0, a
 * property without a name of its own) changes nothing, and is refused with 403 when the scope is missing and with 404 or 400 when not.
 */
async function writingProblems(client: HubspotClient, need: Needs, provisioning: boolean, signal: AbortSignal): Promise<Problem[]> {
  const { object } = need
  if (!need.write.some((name) => preferenceOf(name) === undefined)) return []
  const probes: Probe[] = [
    {
      scope: `crm.objects.${object}.write`,
      call: { method: 'PATCH', path: `${client.paths.objects(object)}/0`, body: { properties: {} } },
    },
  ]
  if (provisioning) {
    const call: Call = { method: 'PATCH', path: `${client.paths.properties(object)}/accord_scope_probe`, body: {} }
    probes.push({ scope: `crm.schemas.${object}.write`, call })
  }
  return refusedProbes(client, probes, signal)
}

/** What may bind the company to keep somebody: what cannot be read holds whoever asks to be erased. */
function paperProblems(client: HubspotClient, signal: AbortSignal): Promise<Problem[]> {
  const probes = papersOf(client).map(({ name }): Probe => {
    const call: Call = { method: 'GET', path: client.paths.objects(name), query: 'limit=1' }
    return { scope: `crm.objects.${name}.read`, call }
  })
  return refusedProbes(client, probes, signal)
}

type Probe = { scope: string; call: Call }

/** Subscriptions have scopes of their own. What is no address cannot be subscribed: asking for it changes nothing. */
async function preferenceProblems(client: HubspotClient, need: Needs, signal: AbortSignal): Promise<Problem[]> {
  const { preferences } = client.paths
  const probes: Probe[] = []
  if (need.read.some(isVirtual))
    probes.push({ scope: 'communication_preferences.read', call: { method: 'GET', path: `${preferences}/definitions` } })
  if (need.write.some((name) => preferenceOf(name) !== undefined)) {
    const body = { subscriptionId: 0, statusState: 'UNSUBSCRIBED', channel: 'EMAIL' }
    const call: Call = { method: 'POST', path: `${preferences}/statuses/accord-scope-probe`, body }
    probes.push({ scope: 'communication_preferences.read_write', call })
  }
  return refusedProbes(client, probes, signal)
}

async function refusedProbes(client: HubspotClient, probes: readonly Probe[], signal: AbortSignal): Promise<Problem[]> {
  const replies = await Promise.all(probes.map(({ call }) => client.ask(call, Anything, signal)))
  return probes.flatMap(({ scope }, i): Problem[] => {
    const reply = replies[i]!
    if (reply.ok || reply.refusal.status !== 403) return []
    const name = reply.refusal.scopes.join(', ') || scope
    return [{ kind: 'scope', name, message: `HubSpot token lacks ${name}; add the scope and run "accord check"` }]
  })
}

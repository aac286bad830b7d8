/** Whether the connections speak the policy's language: contact fields, purposes, channels and acts that it declares. */
import { ownFields } from './contact-field.ts'
import type { Connections, ObjectMapping } from './mapping.ts'
import { mappedFields } from './mapped-fields.ts'
import type { Policy } from '../policy/schema.ts'
import { meant, type ConfigProblem } from '../policy/problem.ts'
import { wantedProperties, writeBackTargets } from '../judge/write-back.ts'

/** Dates that CRMs keep of what others did. An open is none either: CNIL SAN-2020-003. Lower-case names, HubSpot and Salesforce. */
const noActs: ReadonlyMap<string, string> = new Map([
  ...told('an open', 'hs_email_last_open_date hs_email_first_open_date hs_sales_email_last_opened'),
  ...told('a message of ours', 'hs_email_last_send_date hs_email_first_send_date'),
  ...told('a change by anybody', 'lastmodifieddate hs_lastmodifieddate systemmodstamp'),
  ...told('the day of the record', 'createdate hs_createdate createddate'),
  ...told(
    'an activity of any kind, of sales staff too',
    'notes_last_contacted notes_last_updated hs_last_sales_activity_date hs_last_sales_activity_timestamp lastactivitydate',
  ),
  ...told('a look by staff', 'lastvieweddate lastreferenceddate'),
])

function told(reason: string, names: string): readonly (readonly [string, string])[] {
  return names.split(' ').map((name) => [name, reason] as const)
}

type Path = readonly (string | number)[]

export function checkMapping(policy: Policy, connections: Connections): readonly ConfigProblem[] {
  return connections.connections.flatMap((connection, at) =>
    connection.objects.flatMap((object, index) => checkObject(policy, object, ['connections', at, 'objects', index])),
  )
}

function checkObject(policy: Policy, object: ObjectMapping, path: Path): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const purposes = policy.purposes.map((purpose) => purpose.id)
  const channels = policy.channels.map((channel) => channel.id)
  const unknown = (at: Path, what: string, name: string, known: readonly string[]): void => {
    if (!known.includes(name))
      problems.push({
        path: [...path, ...at],
        message: `unknown ${what} "${name}"`,
        instead: meant(name, known, `one of: ${known.join(', ')}`),
      })
  }
  for (const field of Object.keys(object.fields)) {
    if (ownFields.includes(field))
      problems.push({ path: [...path, 'fields', field], message: `"${field}" is known to Accord itself`, instead: 'remove it' })
    else unknown(['fields', field], 'contact field', field, policy.contactFields)
  }
  for (const act of Object.keys(object.acts)) unknown(['acts', act], 'act of the person', act, policy.retention.actsOfThePerson)
  for (const [act, names] of Object.entries(object.acts))
    names.forEach((name) => {
      const reason = noActs.get(name.toLowerCase())
      if (reason !== undefined)
        problems.push({
          path: [...path, 'acts', act],
          message: `"${name}" is no act of the person, but ${reason}: it would keep people for ever`,
          instead: 'a field that only the person moves: a form, a reply, a click, a sign-in, a purchase',
        })
    })
  object.consents.forEach((consent, index) => {
    if (consent.purposes !== '*')
      for (const purpose of consent.purposes) unknown(['consents', index, 'purposes'], 'purpose', purpose, purposes)
    // An opt-out of a channel that the policy does not use yet is kept for the day it does.
    const positive = Object.values(consent.values).includes('given')
    if (positive && consent.channels !== '*')
      for (const channel of consent.channels) unknown(['consents', index, 'channels'], 'channel', channel, channels)
    if (positive && consent.purposes !== '*' && consent.channels !== '*')
      for (const purpose of policy.purposes.filter(({ id }) => consent.purposes.includes(id)))
        for (const channel of consent.channels)
          if (channels.includes(channel) && !purpose.channels.includes(channel))
            problems.push({
              path: [...path, 'consents', index, 'channels'],
              message: `the policy has no "${purpose.id}" by "${channel}", so this consent would count for nothing`,
              instead: `one of: ${purpose.channels.join(', ')}, or add the channel to the purpose in policy.yaml`,
            })
    problems.push(...checkMirror(policy, object, index).map((problem) => ({ ...problem, path: [...path, 'consents', index, 'mirror'] })))
  })
  for (const channel of Object.keys(object.marketing)) unknown(['marketing', channel], 'channel', channel, channels)
  for (const purpose of Object.keys(object.writeBack.short)) unknown(['writeBack', 'short', purpose], 'purpose', purpose, purposes)
  return [...problems, ...checkWriteBack(policy, object).map((problem) => ({ ...problem, path: [...path, 'writeBack', ...problem.path] }))]
}

/** An opt-out that nothing could ever set, or that two lines would set, each by its own rule. */
function checkMirror(policy: Policy, object: ObjectMapping, index: number): readonly Omit<ConfigProblem, 'path'>[] {
  const consent = object.consents[index]
  if (consent?.mirror === undefined) return []
  const { purposes, channels, field } = consent
  const fits = (list: '*' | readonly string[], name: string): boolean => list === '*' || list.includes(name)
  const some = policy.purposes.some(
    (purpose) => !purpose.serviceOnly && fits(purposes, purpose.id) && purpose.channels.some((channel) => fits(channels, channel)),
  )
  const before = object.consents.slice(0, index).some((other) => other.mirror !== undefined && other.field === field)
  return [
    ...(some
      ? []
      : [
          {
            message: 'the policy uses none of these channels for these purposes, so nothing would ever be written',
            instead: 'remove "mirror"',
          },
        ]),
    ...(before ? [{ message: `"${field}" is mirrored twice`, instead: 'one "mirror" for each field' }] : []),
  ]
}

/** Names are compared without case, as Salesforce does. */
function checkWriteBack(policy: Policy, object: ObjectMapping): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const read = new Set(mappedFields(object).map((name) => name.toLowerCase()))
  const taken = new Map<string, Path>()
  for (const { name, key } of writeBackTargets(policy, object)) {
    const lower = name.toLowerCase()
    const other = taken.get(lower)
    if (read.has(lower))
      problems.push({
        path: key,
        message: `"${name}" is read from the CRM: Accord would overwrite what people wrote there`,
        instead: 'a field of its own, which "accord provision" creates',
      })
    else if (other !== undefined)
      problems.push({
        path: key,
        message: `"${name}" is written twice (also by ${other.join('.')}): it would change with every run`,
        instead: 'a name of its own for each: {purpose} or {short} and {channel} in "consent", and a "short" of its own for each purpose',
      })
    else taken.set(lower, key)
  }
  return [...new Map(problems.map((problem) => [problem.message, problem])).values(), ...checkProofs(policy, object)]
}

/** Two purposes under one short name could not be told apart in the fields of proofs and of what is allowed. */
function checkProofs(policy: Policy, object: ObjectMapping): readonly ConfigProblem[] {
  const { proof, mayContact } = object.writeBack
  const named = wantedProperties(policy, object).filter(({ name }) => name === proof || name === mayContact)
  const doubled = named
    .flatMap(({ options = [] }) => options.filter(({ value }, index) => options.findIndex((other) => other.value === value) !== index))
    .at(0)
  if (doubled === undefined) return []
  const short = doubled.value.split(':')[0] ?? ''
  return [{ path: ['short'], message: `"${short}" stands for two purposes`, instead: 'a short name of its own for each' }]
}

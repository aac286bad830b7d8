/** Whether the connections speak the policy's language: contact fields, purposes, channels and acts that it declares. */
import { ownFields } from './contact-field.ts'
import type { Connections, ObjectMapping } from './mapping.ts'
import { mappedFields } from './mapped-fields.ts'
import type { Policy } from './policy-schema.ts'
import { meant, type ConfigProblem } from './problem.ts'
import { wantedProperties, writeBackTargets } from './write-back.ts'

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
  object.consents.forEach((consent, index) => {
    if (consent.purposes !== '*')
      for (const purpose of consent.purposes) unknown(['consents', index, 'purposes'], 'purpose', purpose, purposes)
    // An opt-out of a channel that the policy does not use yet is kept for the day it does.
    const positive = Object.values(consent.values).includes('given')
    if (positive && consent.channels !== '*')
      for (const channel of consent.channels) unknown(['consents', index, 'channels'], 'channel', channel, channels)
  })
  for (const channel of Object.keys(object.marketing)) unknown(['marketing', channel], 'channel', channel, channels)
  for (const purpose of Object.keys(object.writeBack.short)) unknown(['writeBack', 'short', purpose], 'purpose', purpose, purposes)
  return [...problems, ...checkWriteBack(policy, object).map((problem) => ({ ...problem, path: [...path, 'writeBack', ...problem.path] }))]
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

/** Two purposes under one short name could not be told apart in the field of proofs. */
function checkProofs(policy: Policy, object: ObjectMapping): readonly ConfigProblem[] {
  const proof = object.writeBack.proof
  const values = wantedProperties(policy, object).find((property) => property.name === proof)?.options ?? []
  const doubled = values.find(({ value }, index) => values.findIndex((other) => other.value === value) !== index)
  if (proof === undefined || doubled === undefined) return []
  const short = doubled.value.split(':')[0] ?? ''
  return [{ path: ['short'], message: `"${short}" stands for two purposes`, instead: 'a short name of its own for each' }]
}

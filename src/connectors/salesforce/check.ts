/** Does this connection have what the service needs? Reads only, and names each thing that is missing. */
import { ConnectorError, type CheckReport, type Needs, type Problem } from '../connector.ts'
import { accessTo, consentSchemas } from './consent-access.ts'
import { CONSENT, isConsent } from './consent-field.ts'
import { customFieldNames } from './custom-field.ts'
import { blindSpots, problemsIn } from './erasure-sight.ts'
import type { Org } from './org.ts'
import { flagOf, INDIVIDUAL, isOfIndividual, isOptOut } from './individual.ts'
import { PERMISSION_SET } from './permission-set.ts'
import { recordId } from './record-id.ts'
import type { ObjectInfo } from './schema.ts'

export async function check(org: Org, needs: readonly Needs[], signal: AbortSignal): Promise<CheckReport> {
  org.schemas.forget()
  try {
    const { organisation, instanceUrl } = await org.client.access(signal)
    // A token alone proves nothing: a user without "API Enabled" gets one too. The list of resources needs no other right.
    await org.client.demand({ method: 'GET', path: '/', doing: 'list its resources', exempt: true }, signal)
    const problems: Problem[] = otherOrganisation(org.settings.webhooks?.organizationId, organisation)
    for (const need of needs) problems.push(...(await problemsOf(org, need, signal)))
    problems.push(...(await paperProblems(org, needs, signal)))
    return { account: organisation, host: new URL(instanceUrl).host, problems }
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'auth') throw error
    const host = new URL(org.settings.instanceUrl ?? org.settings.loginUrl).host
    return { account: '', host, problems: [{ kind: 'credentials', name: 'auth', message: error.message }] }
  }
}

/** What may bind the company to keep somebody: what cannot be read holds whoever is to be erased. */
async function paperProblems(org: Org, needs: readonly Needs[], signal: AbortSignal): Promise<readonly Problem[]> {
  const objects = needs.map(({ object }) => object)
  return problemsIn(await blindSpots(org, objects, signal, { binding: true }))
}

/** Outbound messages would all be refused. */
function otherOrganisation(set: string | undefined, organisation: string): Problem[] {
  if (set === undefined || set === (recordId(organisation, '00D') ?? organisation)) return []
  const message = `webhooks.organizationId is not the organisation of this user, which is ${organisation}`
  return [problem('setting', 'webhooks.organizationId', message)]
}

async function problemsOf(org: Org, { object, read, write }: Needs, signal: AbortSignal): Promise<readonly Problem[]> {
  const info = await org.schemas.find(object, signal)
  if (!info)
    return [problem('object', object, `${object} is missing or hidden; grant Read on it in the permission set "${PERMISSION_SET}"`)]
  const problems: Problem[] = []
  if (!info.queryable)
    problems.push(problem('permission', object, `${object} cannot be queried; grant Read on it in the permission set "${PERMISSION_SET}"`))
  if (write.length > 0 && !info.updateable)
    problems.push(problem('permission', object, `${object} cannot be edited; grant Edit on it in the permission set "${PERMISSION_SET}"`))
  const access = await accessTo(org, info, [...read, ...write], signal)
  problems.push(...access.problems)
  const { types } = await org.schemas.plan(object, [...read, ...write], signal)
  const absent = [...new Set([...read, ...write])].filter((path) => !types.has(path) && !isConsent(path))
  const custom = absent.some(isCustom) ? await customFieldNames(org, object, signal) : null
  problems.push(...absent.map((path) => absence(info, path, custom)))
  const individual = write.some(isOfIndividual) ? await org.schemas.find(INDIVIDUAL, signal) : null
  const consents = new Map(consentSchemas(access).map((field) => [field.name, field]))
  const isLocked = (name: string): boolean => {
    if (isConsent(name)) return consents.get(name)?.writable === false
    if (isOfIndividual(name)) return types.has(name) && !(isOptOut(name) && individual?.fields.get(flagOf(name))?.updateable)
    return info.fields.get(name)?.updateable === false
  }
  return [...problems, ...write.filter(isLocked).map((name) => locked(object, name))]
}

function locked(object: string, name: string): Problem {
  const right = isConsent(name) ? `Create and Edit on ${CONSENT}` : 'Edit on it'
  return problem(
    'field-read-only',
    `${object}.${name}`,
    `${object}.${name} can be read but not written; grant ${right} in the permission set "${PERMISSION_SET}"`,
  )
}

/** `custom`: the names of all custom fields, hidden ones too; `null` when this user may not ask for them. */
function absence(info: ObjectInfo, path: string, custom: ReadonlySet<string> | null): Problem {
  const name = `${info.object}.${path}`
  if (info.fields.has(path)) return problem('field-missing', name, `${name} is a compound field and has no value of its own; map its parts`)
  const hidden = isCustom(path) ? custom?.has(path) === true : HIDEABLE.has(path)
  if (hidden)
    return problem(
      'field-hidden',
      name,
      `${name} exists, and field-level security hides it; grant Read on it in the permission set "${PERMISSION_SET}"`,
    )
  const unsure = isCustom(path) && custom === null ? ' or hidden (this user may not look into the setup)' : ''
  return problem(
    'field-missing',
    name,
    `${name} is missing${unsure}; create it (accord provision makes the fields of the write-back) or correct the mapping`,
  )
}

function isCustom(path: string): boolean {
  return path.endsWith('__c')
}

function problem(kind: Problem['kind'], name: string, message: string): Problem {
  return { kind, name, message }
}

/** Standard fields of people that field-level security is known to hide; describe then looks as if they did not exist. */
const HIDEABLE = new Set([
  'AssistantName',
  'AssistantPhone',
  'Birthdate',
  'ConvertedContactId',
  'Department',
  'Description',
  'DoNotCall',
  'Email',
  'EmailBouncedDate',
  'EmailBouncedReason',
  'Fax',
  'HasOptedOutOfEmail',
  'HasOptedOutOfFax',
  'HomePhone',
  'IndividualId',
  'Industry',
  'LeadSource',
  'MailingAddress',
  'MailingCity',
  'MailingCountry',
  'MailingPostalCode',
  'MailingState',
  'MailingStreet',
  'MobilePhone',
  'OtherPhone',
  'Phone',
  'Rating',
  'ReportsToId',
  'Salutation',
  'Title',
  'Website',
])

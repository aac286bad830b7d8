/** Which of the consent fields that were asked for this user may read, and what stands in the way of the others. */
import type { FieldSchema, Problem } from '../connector.ts'
import { columnOf, CONSENT, consentField, isConsent, PURPOSE, purposeKey, STATUS, type ConsentField } from './consent-field.ts'
import { INDIVIDUAL } from './individual.ts'
import type { Org } from './org.ts'
import { idOf } from './record.ts'
import { recordId } from './record-id.ts'
import { rowsById } from './rows-by-id.ts'
import type { ObjectInfo } from './schema.ts'
import { quote } from './soql.ts'

/** `purposes`: 18-character ids of the purposes of that name; `null` for rows that name none. */
export type ReadableConsent = ConsentField & { readonly purposes: ReadonlySet<string> | null }
/** `info`: of ContactPointTypeConsent; `null` where none of the fields can be read. */
export type ConsentAccess = {
  readonly info: ObjectInfo | null
  readonly fields: ReadonlyMap<string, ReadableConsent>
  readonly problems: readonly Problem[]
}

/** Without one of these nobody can tell whose a row is, what it is about, or whether it still holds. */
export const needed = ['PartyId', 'ContactPointType', 'DataUsePurposeId', STATUS, 'EffectiveFrom', 'EffectiveTo']

/** Asks nothing where no consent field is among the names, and otherwise what describe has not told within the hour. */
export async function accessTo(org: Org, record: ObjectInfo, names: readonly string[], signal: AbortSignal): Promise<ConsentAccess> {
  const none = (problems: readonly Problem[]): ConsentAccess => ({ info: null, fields: new Map(), problems })
  const asked = [...new Set(names)].filter(isConsent)
  if (asked.length === 0) return none([])
  if (record.fields.get('IndividualId')?.relationshipName !== INDIVIDUAL) {
    const name = `${record.object}.IndividualId`
    return none([
      problem(
        'field-hidden',
        name,
        `${name} is missing or hidden; switch on Data Protection and Privacy in the setup, and grant Read on it`,
      ),
    ])
  }
  const info = await org.schemas.find(CONSENT, signal)
  if (info === null || !info.queryable)
    return none([problem('object', CONSENT, `${CONSENT} is missing or hidden; grant Read on it, and on ${PURPOSE}`)])
  const hidden = needed.filter((column) => !info.fields.has(column))
  if (hidden.length > 0) return none(hidden.map(hiddenColumn))
  const known = asked.map((name) => ({ name, field: consentField(name) }))
  const wanted = known.flatMap(({ field }) => (field?.purpose ? [field.purpose] : []))
  const purposes = wanted.length > 0 ? await purposesNamed(org, wanted, signal) : new Map<string, ReadonlySet<string>>()
  const fields = new Map<string, ReadableConsent>()
  const problems: Problem[] = []
  for (const { name, field } of known) {
    const judged =
      field === null ? missing(record, name, 'a type of contact point comes first: Email, Phone …') : judge(record, info, field, purposes)
    if ('kind' in judged) problems.push(judged)
    else fields.set(name, judged)
  }
  return { info: fields.size > 0 ? info : null, fields, problems: [...new Map(problems.map((one) => [one.name, one])).values()] }
}

function judge(
  record: ObjectInfo,
  info: ObjectInfo,
  field: ConsentField,
  purposes: ReadonlyMap<string, ReadonlySet<string>> | null,
): ReadableConsent | Problem {
  const types = info.fields.get('ContactPointType')?.picklistValues?.map(({ value }) => value) ?? []
  if (!types.includes(field.type)) return missing(record, field.name, `Salesforce knows no type of contact point "${field.type}"`)
  if (!info.fields.has(columnOf[field.part])) return hiddenColumn(columnOf[field.part])
  if (field.purpose === null) return { ...field, purposes: null }
  if (purposes === null) return problem('object', PURPOSE, `${PURPOSE} is missing or hidden; grant Read on it`)
  const ids = purposes.get(purposeKey(field.purpose))
  return ids === undefined ? missing(record, field.name, `no ${PURPOSE} has that name`) : { ...field, purposes: ids }
}

/** What is known of the names, as long as describe is: a purpose that is made later is found within the hour. */
const kept = new WeakMap<ObjectInfo, Map<string, ReadonlySet<string>>>()

/** Ids by key of the name, several where purposes share one; `null`: not to be read. */
async function purposesNamed(
  org: Org,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>> | null> {
  const info = await org.schemas.find(PURPOSE, signal)
  if (info === null || !info.queryable || !info.fields.has('Name')) return null
  const known = kept.get(info) ?? new Map<string, ReadonlySet<string>>()
  kept.set(info, known)
  const open = [...new Set(names)].filter((name) => !known.has(purposeKey(name)))
  const found = new Map(open.map((name) => [purposeKey(name), new Set<string>()]))
  // A name takes up to 255 characters, and the query stands in a URL.
  for (let next = 0; next < open.length; next += NAMES_PER_QUERY) {
    const where = `Name IN (${open
      .slice(next, next + NAMES_PER_QUERY)
      .map(quote)
      .join(',')})`
    for await (const { rows } of rowsById(org, { object: PURPOSE, fields: ['Name'], resource: 'query', where }, signal)) {
      for (const row of rows) {
        const id = recordId(idOf(row), null)
        if (typeof row['Name'] === 'string' && id !== null) found.get(purposeKey(row['Name']))?.add(id)
      }
    }
  }
  for (const [key, ids] of found) known.set(key, ids)
  return new Map([...known].filter(([, ids]) => ids.size > 0))
}
const NAMES_PER_QUERY = 20

/** For the catalogue: readable ones only. */
export function consentSchemas({ info, fields }: ConsentAccess): FieldSchema[] {
  if (info === null) return []
  const options = info.fields.get(STATUS)?.picklistValues?.flatMap(({ value, active }) => (active ? [value] : [])) ?? []
  const shared = (field: ConsentField) => ({ name: field.name, label: labelOf(field), custom: false })
  return [...fields.values()].map((field): FieldSchema => {
    if (field.part === 'status') return { ...shared(field), type: 'enum', writable: isWritable(info), options, needs: 'IndividualId' }
    return { ...shared(field), type: field.part === 'source' ? 'text' : 'datetime', writable: false }
  })
}

/** An opt-out may have to be a row of its own. */
export function isWritable(info: ObjectInfo): boolean {
  return info.createable && info.updateable && info.fields.get(STATUS)?.updateable === true
}

const labelOf = ({ type, purpose, part }: ConsentField): string =>
  `${['Consent', type, purpose].filter(Boolean).join(' · ')}${part === 'status' ? '' : `: ${part}`}`

function hiddenColumn(column: string): Problem {
  const name = `${CONSENT}.${column}`
  return problem('field-hidden', name, `${name} is hidden from the integration user; grant Read on it`)
}

function missing({ object }: ObjectInfo, name: string, why: string): Problem {
  return problem('field-missing', `${object}.${name}`, `${object}.${name} cannot be read: ${why}; correct the mapping`)
}

function problem(kind: Problem['kind'], name: string, message: string): Problem {
  return { kind, name, message }
}

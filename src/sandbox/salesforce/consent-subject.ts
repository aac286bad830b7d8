/** Whom a consent call means: the records of an id or of an e-mail address, and the individuals behind them. Salesforce docs: Consent API. */
import { isPerson } from './person-account.ts'
import { LIVE, lookupRows } from './table.ts'
import { parseId } from './ids.ts'
import { readOf } from './after-write.ts'
import { tableOfId } from './bin.ts'
import { tableOf } from './grants.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

export type Place = { table: Table; row: number; id: string }
export type Subject = { records: Place[]; individuals: Place[] }
/** What an action looks at: a flag of records that mean no, or of the individual; and the type of consent that counts. */
export type Action = { records: string | null; individual: { field: string; means: 'yes' | 'no' } | null; point: string | null }

/** unverified: which code a Consent API call gets that cannot be understood. */
export const BAD_CALL = { missing: 'MISSING_ARGUMENT', invalid: 'INVALID_ARGUMENT', tooManyIds: 'EXCEEDED_ID_LIMIT' }

/** unverified: what `result` says of an id that is not known, and of a person with several Individuals. */
export const BAD_RESULT = { unknown: 'INVALID_ID', severalIndividuals: 'MULTIPLE_INDIVIDUALS' }

const onRecords = (field: string | null, point: string | null): Action => ({ records: field, individual: null, point })
const onIndividual = (field: string, means: 'yes' | 'no'): Action => ({ records: null, individual: { field, means }, point: null })

export const ACTIONS: Readonly<Record<string, Action>> = {
  email: onRecords('HasOptedOutOfEmail', 'Email'),
  fax: onRecords('HasOptedOutOfFax', null),
  phone: onRecords('DoNotCall', 'Phone'),
  mailing: onRecords(null, 'MailingAddress'),
  mail: onRecords(null, 'MailingAddress'),
  social: onRecords(null, 'Social'),
  web: onRecords(null, 'Web'),
  geotrack: onIndividual('HasOptedOutGeoTracking', 'no'),
  process: onIndividual('HasOptedOutProcessing', 'no'),
  profile: onIndividual('HasOptedOutProfiling', 'no'),
  solicit: onIndividual('HasOptedOutSolicit', 'no'),
  track: onIndividual('HasOptedOutTracking', 'no'),
  portability: onIndividual('SendIndividualData', 'yes'),
  shouldforget: onIndividual('ShouldForget', 'yes'),
  storepiielsewhere: onIndividual('CanStorePiiElsewhere', 'yes'),
}

/** undefined where the text is neither an id nor an address. Converted leads are left out. */
export function findSubject(org: Org, text: string): Subject | undefined {
  const records = text.includes('@') ? byEmail(org, text) : byId(org, text)
  if (records === undefined) return undefined
  const subject: Subject = { records: [], individuals: [] }
  for (const place of records) {
    if (place.table.stages[place.row] !== LIVE) continue
    if (place.table.object.name === 'Individual') subject.individuals.push(place)
    else if (place.table.object.name !== 'Lead' || readOf(place.table, place.row, 'IsConverted') !== true) subject.records.push(place)
  }
  for (const { table, row } of subject.records) addIndividual(org, subject, individualOf(table, row))
  return subject
}

/** The field of a record that names its individual. */
export const individualField = ({ object }: Table): string => (object.name === 'Account' ? 'PersonIndividualId' : 'IndividualId')

const individualOf = (table: Table, row: number): unknown => readOf(table, row, individualField(table))

function addIndividual(org: Org, { individuals }: Subject, id: unknown): void {
  const table = org.tables.get('individual')
  const row = typeof id === 'string' ? table?.rows.get(id) : undefined
  if (table === undefined || row === undefined || typeof id !== 'string' || table.stages[row] !== LIVE) return
  if (!individuals.some((each) => each.id === id)) individuals.push({ table, row, id })
}

function byId(org: Org, text: string): Place[] | undefined {
  const id = parseId(text)
  const table = id === undefined ? undefined : tableOfId(org, id)
  const row = id === undefined ? undefined : table?.rows.get(id)
  if (id === undefined) return undefined
  if (table === undefined || row === undefined || !['Contact', 'Lead', 'Account', 'Individual', 'User'].includes(table.object.name))
    return []
  return [{ table, row, id }]
}

/** A person account is met through its contact, and acted on as the account. */
function byEmail(org: Org, email: string): Place[] {
  return ['Contact', 'Lead'].flatMap((name) => {
    const table = tableOf(org, name)
    const field = table.object.byName.get('email')
    const rows = field === undefined ? [] : lookupRows(table, field, email.trim())
    return rows.map((row): Place => {
      const accounts = tableOf(org, 'Account')
      const account = isPerson(org, table, row) ? readOf(table, row, 'AccountId') : null
      const at = typeof account === 'string' ? accounts.rows.get(account) : undefined
      if (typeof account === 'string' && at !== undefined) return { table: accounts, row: at, id: account }
      return { table, row, id: table.ids[row] ?? '' }
    })
  })
}

/** The flag's name on a record, or undefined where the object has none. */
export function flagOn({ table }: Place, field: string): string | undefined {
  const name = table.object.name === 'Account' ? `Person${field}` : field
  return table.object.byName.has(name.toLowerCase()) ? name : undefined
}

/** The consents of the individuals for a type of contact point. */
export function consentsOf(org: Org, { individuals }: Subject, point: string): Place[] {
  const table = org.tables.get('contactpointtypeconsent')
  const field = table?.object.byName.get('partyid')
  if (table === undefined || field === undefined) return []
  return individuals
    .flatMap(({ id }) => lookupRows(table, field, id))
    .filter((row) => table.stages[row] === LIVE && readOf(table, row, 'ContactPointType') === point)
    .map((row) => ({ table, row, id: table.ids[row] ?? '' }))
}

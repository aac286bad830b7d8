/** What a record says about who it is, through the connection's mapping. */
import { isSharedMailbox, normaliseEmail } from './email.ts'
import { functionNames } from './function-mailboxes.ts'
import { familyNameKey, givenNameKey, namesPerson } from './name.ts'
import { normalisePhone } from './phone.ts'
import type { Identity, RawFields } from '../judge/judge.ts'
import type { FieldSource, ObjectMapping } from '../record/mapping.ts'
import { createRowReader, type ColumnOf, type Row } from '../record/row.ts'
import { quickSet, type Membership } from '../text/quick-set.ts'

/** `homeCountry`: where a national phone number is dialled when the record names no country. */
export type IdentityOptions = {
  readonly mapping: ObjectMapping
  readonly genericLocalParts: ReadonlySet<string>
  readonly homeCountry: string
}

export function createIdentifier(options: IdentityOptions): (fields: RawFields) => Identity {
  const rows = createRowReader()
  const identify = compileIdentity(options, rows.columnOf)
  return (fields) => identify(rows.read(fields), () => rows.read(fields))
}

/** `again`: the same record, in case that another has been read into the row when the phones are asked for. */
export function compileIdentity(
  { mapping, genericLocalParts, homeCountry }: IdentityOptions,
  columnOf: ColumnOf,
): (row: Row, again: () => Row) => Identity {
  const functions = quickSet([...functionNames, ...genericLocalParts])
  const emailColumns = [...new Set([...(mapping.fields['email']?.from ?? []), ...mapping.emails])].map(columnOf)
  const first = columnsOf(mapping.fields['firstName'], columnOf)
  const last = columnsOf(mapping.fields['lastName'], columnOf)
  const country = columnsOf(mapping.fields['country'], columnOf)
  const phones = mapping.phones.map(columnOf)
  const crossIdsOf = compileCrossIds(mapping, columnOf)
  return (row, again) => {
    const emails: string[] = []
    const shared: string[] = []
    for (const raw of partsOf(row, emailColumns)) {
      const email = normaliseEmail(raw)
      if (email !== null) addOnce(isFunctionMailbox(email, functions) ? shared : emails, email)
    }
    const [firstName, lastName] = [textOf(row, first), textOf(row, last)]
    const givenName = givenNameKey(firstName, lastName)
    const familyName = familyNameKey(firstName, lastName, givenName)
    return new ReadIdentity(
      {
        emails,
        shared,
        crossIds: crossIdsOf(row),
        givenName,
        familyName,
        personal: personalOnes(emails, givenName, familyName),
      },
      // Asked for only where there is a suppression list: foreign numbers cost more than all the rest.
      () => phonesOf(again(), phones, country, homeCountry),
    )
  }
}

/** A class, since an object with a getter of its own takes a microsecond to make. A copy of its fields lacks the numbers. */
class ReadIdentity implements Identity {
  readonly emails: readonly string[]
  readonly shared: readonly string[]
  readonly crossIds: readonly string[]
  readonly givenName: string
  readonly familyName: string
  readonly personal: number
  readonly #phones: () => readonly string[]

  constructor({ emails, shared, crossIds, givenName, familyName, personal }: Omit<Identity, 'phones'>, phones: () => readonly string[]) {
    this.emails = emails
    this.shared = shared
    this.crossIds = crossIds
    this.givenName = givenName
    this.familyName = familyName
    this.personal = personal
    this.#phones = phones
  }

  get phones(): readonly string[] {
    return this.#phones()
  }
}

/** One address in its identity form. `shared`: it names a function, and so nobody in particular. */
export type Mailbox = { readonly email: string; readonly shared: boolean }

/** The same reading for an address that comes by itself; `null` when the text is not exactly one. */
export type MailboxReader = (raw: string) => Mailbox | null

export function createMailboxReader(genericLocalParts: ReadonlySet<string>): MailboxReader {
  const functions = quickSet([...functionNames, ...genericLocalParts])
  return (raw) => {
    const email = normaliseEmail(raw)
    return email === null ? null : { email, shared: isFunctionMailbox(email, functions) }
  }
}

/** `accueil@`, `accueil-lyon@`; short words only alone, since they may be somebody's initials. */
function isFunctionMailbox(email: string, functions: Membership): boolean {
  if (isSharedMailbox(email, functions)) return true
  let end = 0
  while (!endsWord(email.charCodeAt(end))) end++
  return end >= leastWord && email.charCodeAt(end) !== at && functions.has(email.slice(0, end))
}

const [hyphen, dot, at, underscore] = [45, 46, 64, 95]

function endsWord(code: number): boolean {
  return code === dot || code === at || code === hyphen || code === underscore
}

const leastWord = 5

/** One bit for each address; whoever has more than thirty has enough. */
function personalOnes(emails: readonly string[], given: string, family: string): number {
  let bits = 0
  for (let i = 0; i < emails.length && i < 30; i++) if (namesPerson(emails[i] ?? '', given, family)) bits |= 1 << i
  return bits
}

function phonesOf(row: Row, columns: readonly number[], country: readonly number[], homeCountry: string): readonly string[] {
  const region = textOf(row, country) ?? homeCountry
  const phones: string[] = []
  for (const raw of partsOf(row, columns)) {
    const phone = normalisePhone(raw, region)
    if (phone !== null) addOnce(phones, phone)
  }
  return phones
}

function compileCrossIds(mapping: ObjectMapping, columnOf: ColumnOf): (row: Row) => readonly string[] {
  const sources = mapping.crossIds
    .filter(({ connection }) => connection !== '')
    .map(({ field, crm, connection, object }) => ({ columns: [columnOf(field)], crm, to: `${connection}:${object}:` }))
  return (row) => {
    let ids = none
    for (const { columns, crm, to } of sources) {
      const named = partsOf(row, columns)
      if (named.length > 0) ids = [...ids, ...named.map((id) => to + (crm === 'salesforce' ? longSalesforceId(id) : id))]
    }
    return ids
  }
}

const none: readonly string[] = Object.freeze([])

/** The 15-character form of a Salesforce id differs in case only; its 18-character form adds three characters that say which are capitals. */
function longSalesforceId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id
  let suffix = ''
  for (let block = 0; block < 15; block += 5) {
    let bits = 0
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id[block + i] ?? '')) bits |= 1 << i
    suffix += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[bits]
  }
  return id + suffix
}

function columnsOf(source: FieldSource | undefined, columnOf: ColumnOf): readonly number[] {
  return (source?.from ?? []).map(columnOf)
}

function partsOf(row: Row, columns: readonly number[]): readonly string[] {
  let parts: string[] | null = null
  for (let i = 0; i < columns.length; i++) {
    const text = row[columns[i] ?? -1]
    if (text === null || text === undefined) continue
    parts ??= []
    if (!text.includes(';')) parts.push(text)
    else for (const part of text.split(';')) if (part.trim() !== '') parts.push(part.trim())
  }
  return parts ?? none
}

function textOf(row: Row, columns: readonly number[]): string | null {
  for (let i = 0; i < columns.length; i++) {
    const text = row[columns[i] ?? -1]
    if (text !== null && text !== undefined) return text
  }
  return null
}

function addOnce(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value)
}

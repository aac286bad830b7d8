/** A small world of invented people, written as seed files in the CRMs' own field names. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConnections, loadPolicy } from '../../src/config/load.ts'
import { mappedFields } from '../../src/core/record/mapped-fields.ts'

export type Row = Readonly<Record<string, unknown>>
const prefixes = { Contact: '003', Lead: '00Q', Individual: '0PK', DataUsePurpose: '0ZW', ContactPointTypeConsent: '0ZY' } as const
export type SalesforceObject = keyof typeof prefixes
export type World = { hubspot?: { contacts: readonly Row[] }; salesforce?: Partial<Record<SalesforceObject, readonly Row[]>> }

export const shippedConfig = fileURLToPath(new URL('../../config', import.meta.url))
const DAY = 86_400_000

/** YYYY-MM-DD so many days before today. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString().slice(0, 10)
}

/** An instant on that day, at noon. */
export function noonAgo(days: number): string {
  return `${daysAgo(days)}T12:00:00.000Z`
}

/** A French consumer who left an address a hundred days ago, was informed, and has said nothing about consent. */
export function contact(id: number, given: string, email: string | null, more: Row = {}): Row {
  return {
    hs_object_id: String(51_000_000_000 + id),
    createdate: noonAgo(100),
    lastmodifieddate: noonAgo(90),
    firstname: given,
    lastname: 'Martin',
    ...(email === null ? {} : { email }),
    country: 'France',
    collection_source: 'person',
    collection_date: daysAgo(100),
    privacy_notice_date: daysAgo(100),
    ...more,
  }
}

export function contactId(id: number): string {
  return String(51_000_000_000 + id)
}

/** The same in Salesforce, as Contact or Lead. */
export function sfRow(object: 'Contact' | 'Lead', id: number, given: string | null, email: string | null, more: Row = {}): Row {
  const at = noonAgo(90).replace('Z', '+0000')
  return {
    ...blankCustomFields(object),
    Id: sfId(object, id),
    CreatedDate: noonAgo(100).replace('Z', '+0000'),
    LastModifiedDate: at,
    SystemModstamp: at,
    FirstName: given,
    LastName: 'Martin',
    ...(email === null ? {} : { Email: email }),
    ...(object === 'Lead' ? { Company: '-', Status: 'Open - Not Contacted', Country: 'France' } : { MailingCountry: 'France' }),
    HasOptedOutOfEmail: false,
    HasOptedOutOfFax: false,
    DoNotCall: false,
    Collection_Source__c: 'person',
    Collection_Date__c: daysAgo(100),
    Privacy_Notice_Date__c: daysAgo(100),
    ...more,
  }
}

/** 18 characters, of which the last three say which of the first fifteen are capitals. */
export function sfId(object: SalesforceObject, id: number): string {
  const short = `${prefixes[object]}44000000${String(id).padStart(4, '0')}`
  const suffix = [0, 5, 10].map((start) => {
    const bits = Array.from(short.slice(start, start + 5)).reduce((sum, letter, index) => sum | (/[A-Z]/.test(letter) ? 1 << index : 0), 0)
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[bits]
  })
  return short + suffix.join('')
}

/** A yes with its date and the text that was shown. */
export function proved(crm: 'hubspot' | 'salesforce', days: number): Row {
  return crm === 'hubspot'
    ? { consent_newsletter_email: 'yes', consent_newsletter_email_date: noonAgo(days), consent_newsletter_email_text: 'NL-2025-03' }
    : {
        Consent_Newsletter_Email__c: 'yes',
        Consent_Newsletter_Email_Date__c: noonAgo(days).replace('Z', '+0000'),
        Consent_Newsletter_Email_Text__c: 'NL-2025-03',
      }
}

const custom = new Map<string, Row>()

/** A seed defines the org's custom fields by naming them. */
function blankCustomFields(object: string): Row {
  let row = custom.get(object)
  if (row === undefined) {
    const { connections } = loadConnections(shippedConfig, {}, { lenient: true, policy: loadPolicy(shippedConfig) })
    const mapping = connections.find((one) => one.crm === 'salesforce')!.objects.find((one) => one.object === object)!
    const names = mappedFields(mapping).filter((name) => name.endsWith('__c') && !name.startsWith('Accord_'))
    custom.set(object, (row = Object.fromEntries(names.map((name) => [name, null]))))
  }
  return row
}

export async function writeSeed(dir: string, { hubspot, salesforce }: World): Promise<void> {
  // One row at least, so that the org has its custom fields.
  const files: Record<string, readonly Row[]> = {
    'hubspot/contacts': hubspot?.contacts ?? [],
    'salesforce/Contact': salesforce?.Contact ?? [sfRow('Contact', 9998, 'Zoé', null)],
    'salesforce/Lead': salesforce?.Lead ?? [sfRow('Lead', 9999, 'Zoé', null)],
  }
  const { Contact: _contacts, Lead: _leads, ...others } = salesforce ?? {}
  for (const [object, rows] of Object.entries(others)) files[`salesforce/${object}`] = rows
  for (const [name, rows] of Object.entries(files)) {
    const path = join(dir, `${name}.jsonl`)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  }
}

/** A copy of the shipped configuration with some of its text replaced. */
export async function changedConfig(
  dir: string,
  changes: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>,
): Promise<string> {
  await cp(shippedConfig, dir, { recursive: true })
  for (const [file, pairs] of Object.entries(changes)) {
    let text = await readFile(join(dir, file), 'utf8')
    for (const [from, to] of pairs) {
      if (!text.includes(from)) throw new Error(`${file} has no "${from}"`)
      text = text.replace(from, to)
    }
    await writeFile(join(dir, file), text)
  }
  return dir
}

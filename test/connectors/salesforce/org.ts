/** A Salesforce org as nock plays it: one token, one describe, and what a test adds. */
import nock from 'nock'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { testDeps } from '../deps.ts'

export { strictNock } from '../strict-nock.ts'

export const LOGIN = 'https://login.salesforce.com'
export const INSTANCE = 'https://acme.my.salesforce.com'
export const DATA = '/services/data/v67.0'
export const TOKEN = '00D4400000000001!AR8AQ-canary-token'
export const SECRET = 'canary-secret'
const ORG_ID = '00D440000000000EAA'
const USER_ID = '005440000000001AAA'

const field = (name: string, type: string, more: object = {}) => ({
  name,
  label: name,
  type,
  custom: name.endsWith('__c'),
  updateable: true,
  length: 255,
  relationshipName: null,
  referenceTo: [],
  picklistValues: [],
  ...more,
})

export const CONTACT_FIELDS = [
  field('Id', 'id', { updateable: false }),
  field('IsDeleted', 'boolean', { updateable: false }),
  field('MasterRecordId', 'reference', { updateable: false }),
  field('SystemModstamp', 'datetime', { updateable: false }),
  field('Email', 'email'),
  field('LastName', 'string'),
  field('HasOptedOutOfEmail', 'boolean'),
  field('Birthdate', 'date'),
  field('Score__c', 'double'),
  field('Last_Sign_In__c', 'datetime'),
  field('Description', 'textarea', { length: 32_000 }),
  field('Interests__c', 'multipicklist', { picklistValues: ['news', 'offers', 'events'].map((value) => ({ value, active: true })) }),
  field('MailingAddress', 'address', { updateable: false }),
  field('AccountId', 'reference', { relationshipName: 'Account', referenceTo: ['Account'] }),
]
export const describeOf = (object: string, keyPrefix: string, fields: readonly object[]) => ({
  name: object,
  keyPrefix,
  queryable: true,
  updateable: true,
  fields,
})
export const contactDescribe = describeOf('Contact', '003', CONTACT_FIELDS)

export const tokenAnswer = (token = TOKEN) => ({
  access_token: token,
  instance_url: INSTANCE,
  id: `${LOGIN}/id/${ORG_ID}/${USER_ID}`,
  token_type: 'Bearer',
  issued_at: '1700000000000',
  signature: 'x',
})
/** Answers the next token request. */
export function grant(answer: object = tokenAnswer(), status = 200): void {
  nock(LOGIN).post('/services/oauth2/token').reply(status, answer)
}
export const api = () => nock(INSTANCE)
export function described(answer: object = contactDescribe, object = 'Contact'): void {
  api().get(`${DATA}/sobjects/${object}/describe`).reply(200, answer)
}

/** A connector on that org; everything it logs and waits is in `deps`. */
export function connect(more: object = {}) {
  const deps = testDeps()
  const settings = salesforce.settings.parse({ auth: { clientId: 'canary-client', clientSecret: SECRET }, ...more })
  return { connector: salesforce.connect('org', settings, deps), deps }
}

/** The n-th contact's 18-character id. */
export function contactId(n: number): string {
  const stem = `003${String(n).padStart(12, '0')}`
  return `${stem}${[0, 5, 10].map((at) => suffix(stem.slice(at, at + 5))).join('')}`
}
function suffix(five: string): string {
  const bits = [...five].reduce((sum, character, bit) => sum + (/[A-Z]/.test(character) ? 1 << bit : 0), 0)
  return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(bits)
}
export const row = (n: number, more: object = {}) => ({
  attributes: { type: 'Contact', url: `${DATA}/sobjects/Contact/${contactId(n)}` },
  Id: contactId(n),
  SystemModstamp: '2026-03-17T16:21:26.000+0000',
  ...more,
})
export const answer = (records: readonly object[], more: object = {}) => ({ totalSize: records.length, done: true, records, ...more })
export const fault = (errorCode: string, message = errorCode, fields?: string[]) => [{ message, errorCode, ...(fields && { fields }) }]

export const soql = (text: RegExp) => (query: Record<string, unknown>) => typeof query['q'] === 'string' && text.test(query['q'])
export const live = () => new AbortController().signal
export const thrown = async (work: Promise<unknown>): Promise<unknown> => {
  const [result] = await Promise.allSettled([work])
  return result.status === 'rejected' ? result.reason : undefined
}

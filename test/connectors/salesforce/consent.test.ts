/** What people said, in rows of ContactPointTypeConsent behind the Contact or Lead that points to their Individual. */
import { expect, it } from 'vitest'
import type { Connector, CrmRecord, Cursor } from '../../../src/connectors/connector.ts'
import { recordId } from '../../../src/connectors/salesforce/record-id.ts'
import { contactId } from './org.ts'
import { sandboxOrg } from './sandbox-org.ts'

const live = () => new AbortController().signal
const idOf = (prefix: string, n: number): string => recordId(`${prefix}44000000${String(n).padStart(4, '0')}`, null)!
const ADA = idOf('0PK', 1)
const BOB = idOf('0PK', 2)
const EVE = idOf('0PK', 3)
const NEWS = idOf('0ZW', 1)
const news = 'ContactPointTypeConsent:Email/News'
const parts = [news, `${news}:at`, `${news}:source`, `${news}:double`]
const row = (n: number, more: object) => ({ Id: contactId(n), LastName: 'Test', SystemModstamp: '2026-02-01T00:00:00.000+0000', ...more })
const ref = (n: number) => ({ object: 'Contact', id: contactId(n) })

/** Contact 1 is Ada's, 2 and 3 are Bob's, 4 is nobody's, 5 is Eve's. */
async function open(consents: readonly object[] = [], settings: object = {}, purposes: readonly string[] = ['News']) {
  const org = await sandboxOrg({ lookbackMs: 0, pollMs: 1, ...settings })
  const old = '2026-01-01T00:00:00.000+0000'
  org.crm.load(
    'Individual',
    [ADA, BOB, EVE].map((Id) => ({ Id, LastName: 'Test', SystemModstamp: old })),
  )
  org.crm.load(
    'DataUsePurpose',
    purposes.map((Name, i) => ({ Id: idOf('0ZW', i + 1), Name })),
  )
  org.crm.load(
    'ContactPointTypeConsent',
    consents.map((one, i) => consent(i + 1, one)),
  )
  org.crm.load('Contact', [
    row(1, { IndividualId: ADA }),
    row(2, { IndividualId: BOB }),
    row(3, { IndividualId: BOB }),
    row(4, {}),
    row(5, { IndividualId: EVE }),
  ])
  const auth = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const base = `http://${org.host}`
  const { access_token: token } = (await (await fetch(`${base}/services/oauth2/token`, { method: 'POST', body: auth })).json()) as Record<
    string,
    string
  >
  const ask = (method: string, path: string) =>
    fetch(`${base}/services/data/v67.0${path}`, { method, headers: { authorization: `Bearer ${token}` } })
  return Object.assign(org, {
    send: async (method: string, path: string) => (await ask(method, path)).status,
    rows: async (soql: string) =>
      ((await (await ask('GET', `/query?q=${encodeURIComponent(soql)}`)).json()) as { records: unknown[] }).records,
  })
}
const stamped = (day: string) => {
  const moment = `${day}T10:00:00.000+0000`
  return { CreatedDate: moment, SystemModstamp: moment, LastModifiedDate: moment }
}
function consent(n: number, more: object) {
  const made = '2026-03-01T10:00:00.000+0000'
  const base = { ContactPointType: 'Email', DataUsePurposeId: NEWS, CreatedDate: made, SystemModstamp: made, LastModifiedDate: made }
  return { Id: idOf('0ZY', n), Name: `c${n}`, PrivacyConsentStatus: 'OptIn', PartyId: ADA, ...base, ...more }
}
const told = (records: readonly CrmRecord[], fields: readonly string[]) =>
  records.map(({ ref: { id }, fields: held }) => [id, ...fields.map((name) => held[name])]).toSorted()
async function pull(connector: Connector, fields: readonly string[], since?: Cursor) {
  const before = connector.usage.calls
  const records: CrmRecord[] = []
  let cursor = since
  for await (const page of connector.read({ object: 'Contact', fields, ...(since && { since }) }, live())) {
    records.push(...page.records)
    cursor = page.cursor
  }
  return { records, cursor: cursor!, calls: connector.usage.calls - before }
}

it.each([
  ['REST', {}],
  ['Bulk', { bulkThreshold: 0 }],
  ['REST in small pages', { pageSize: 1 }],
])(
  'come with a record by %s and by name, with their time and source; nobody without an Individual says anything',
  async (_road, settings) => {
    const proof = {
      CaptureDate: '2026-03-01T09:00:00.000+0000',
      CaptureSource: 'NL-2026-01',
      DoubleConsentCaptureDate: '2026-03-01T09:05:00.000+0000',
    }
    const { connector } = await open([proof, { PartyId: BOB, PrivacyConsentStatus: 'OptOut' }], settings)
    const found = [
      [contactId(1), 'OptIn', '2026-03-01T09:00:00.000Z', 'NL-2026-01', '2026-03-01T09:05:00.000Z'],
      [contactId(2), 'OptOut', null, null, null],
      [contactId(3), 'OptOut', null, null, null],
      [contactId(4), null, null, null, null],
      [contactId(5), null, null, null, null],
    ]
    const { records } = await pull(connector, ['LastName', ...parts])
    expect(told(records, parts)).toEqual(found)
    const got = await connector.get({ object: 'Contact', ids: [1, 2, 3, 4, 5].map(contactId), fields: parts }, live())
    expect(told(got.records, parts)).toEqual(found)
    // The record is older than what its person said: a no without a date must not be as old as the record.
    expect(got.records.map(({ modifiedAt }) => new Date(modifiedAt).toISOString().slice(0, 10)).toSorted()).toEqual([
      '2026-02-01',
      '2026-02-01',
      '2026-03-01',
      '2026-03-01',
      '2026-03-01',
    ])
  },
)

it('are those of the type and the purpose that was asked for, and of none where none was', async () => {
  const { connector } = await open(
    [
      { PrivacyConsentStatus: 'OptIn' },
      { PrivacyConsentStatus: 'OptOut', ContactPointType: 'Phone' },
      { PrivacyConsentStatus: 'Seen', DataUsePurposeId: idOf('0ZW', 2) },
      { PrivacyConsentStatus: 'OptOutPending', DataUsePurposeId: null },
    ],
    {},
    ['News', 'Offers: partners/others:at'],
  )
  const fields = [
    'ContactPointTypeConsent:Email/NEWS',
    'ContactPointTypeConsent:Phone/News',
    'ContactPointTypeConsent:Email/Offers: partners/others:at:status',
    'ContactPointTypeConsent:Email',
    'ContactPointTypeConsent:Web/News',
  ]
  expect(told((await pull(connector, fields)).records, fields)[0]).toEqual([contactId(1), 'OptIn', 'OptOut', 'Seen', 'OptOutPending', null])
})

it('cost nothing where they are not mapped, and one query a page where they are', async () => {
  const { connector } = await open([{}])
  await connector.describe(['Contact'], live(), [news])
  const [plain, asked] = [await pull(connector, ['LastName']), await pull(connector, ['LastName', news])]
  expect([plain.calls, asked.calls]).toEqual([1, 2])
  expect((await pull(connector, ['LastName'], plain.cursor)).calls).toBe(1)
  const before = connector.usage.calls
  await connector.describe(['Contact'], live(), ['LastName'])
  expect(connector.usage.calls - before).toBe(1)
})

it('that change alone are seen by a delta, in one question more, also in the bin, or where their time has ended', async () => {
  const { connector, send } = await open([
    { PrivacyConsentStatus: 'Seen' },
    { PartyId: BOB, ...stamped('2026-04-02') },
    { PartyId: EVE, EffectiveTo: '2026-05-01T00:00:00.000+0000' },
  ])
  let cursor: Cursor | undefined
  const told = async (...people: number[]): Promise<unknown> => {
    const delta = await pull(connector, [news], cursor)
    cursor = delta.cursor
    const latest = new Map(delta.records.map(({ ref: { id }, fields }) => [id, fields[news]]))
    return people.map((n) => latest.get(contactId(n)))
  }
  expect(await told(1, 2, 3, 5)).toEqual(['Seen', 'OptIn', 'OptIn', null])
  await told()
  expect(await told(1, 2, 3, 5)).toEqual([undefined, 'OptIn', 'OptIn', null])
  await connector.write([{ ref: ref(1), set: { [news]: 'OptOut' } }], live())
  expect(await told(1)).toEqual(['OptOut'])
  expect(await send('DELETE', `/sobjects/ContactPointTypeConsent/${idOf('0ZY', 2)}`)).toBe(204)
  expect(await told(2, 3)).toEqual([null, null])
})

it('cost a quiet delta one question more', async () => {
  const { connector } = await open([{}])
  const { cursor } = await pull(connector, [news])
  const first = await pull(connector, [news], cursor)
  await connector.write([{ ref: ref(4), set: { LastName: 'Petit' } }], live())
  const second = await pull(connector, [news], first.cursor)
  const quiet = await pull(connector, [news], second.cursor)
  expect(quiet.records.map(({ ref: { id } }) => id)).toEqual([contactId(4)])
  expect(quiet.calls).toBe(2)
})

const nasty = [
  "O'Brien",
  'a "quoted" one',
  'back\\slash',
  "\\' OR Name != '",
  "') OR (Name != '",
  '100 % _',
  'été 例え 🙂',
  "it's \\\\ all: at/once",
  'two\tparts',
]
it('of purposes with any name are found by it, and a name never becomes part of a query', async () => {
  const statuses = ['OptIn', 'OptOut', 'Seen', 'NotSeen']
  const { connector } = await open(
    nasty.map((_name, i) => ({ PrivacyConsentStatus: statuses[i % 4], DataUsePurposeId: idOf('0ZW', i + 1) })),
    {},
    nasty,
  )
  const fields = nasty.map((name) => `ContactPointTypeConsent:Email/${name}`)
  const { records } = await connector.get({ object: 'Contact', ids: [contactId(1)], fields }, live())
  expect(fields.map((name) => records[0]!.fields[name])).toEqual(nasty.map((_name, i) => statuses[i % 4]))
  const strangers = ["') OR (Id != '", "x' OR Name LIKE '%", "Email') OR (Id != null) OR (Name IN ('x"]
  const none = [...strangers.map((name) => `ContactPointTypeConsent:Email/${name}`), "ContactPointTypeConsent:Email') OR (Id != '/News"]
  const found = await connector.get({ object: 'Contact', ids: [contactId(1)], fields: none }, live())
  expect(none.map((name) => found.records[0]!.fields[name])).toEqual([undefined, undefined, undefined, undefined])
})

it.each([
  [
    'the status is hidden',
    { object: 'ContactPointTypeConsent', field: 'PrivacyConsentStatus' },
    'field-hidden ContactPointTypeConsent.PrivacyConsentStatus',
  ],
  ['its end is hidden', { object: 'ContactPointTypeConsent', field: 'EffectiveTo' }, 'field-hidden ContactPointTypeConsent.EffectiveTo'],
  ['the way to the Individual is hidden', { object: 'Contact', field: 'IndividualId' }, 'field-hidden Contact.IndividualId'],
])('stay absent where %s, and check says why', async (_case, { object, field }, problem) => {
  const { connector, crm } = await open([{ PrivacyConsentStatus: 'OptOut' }])
  crm.pull('hide-field', { object, field, mode: 'read' })
  const [schema] = await connector.describe(['Contact'], live(), [news])
  expect(schema!.fields.filter(({ name }) => name === news)).toEqual([])
  const [record] = (await connector.get({ object: 'Contact', ids: [contactId(1)], fields: [news, 'LastName'] }, live())).records
  expect([news in record!.fields, record!.fields['LastName']]).toEqual([false, 'Test'])
  const { problems } = await connector.check([{ object: 'Contact', read: [news], write: [news] }], live())
  expect(problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([problem])
  expect(await connector.write([{ ref: ref(1), set: { [news]: 'OptOut' } }], live())).toMatchObject([{ outcome: 'rejected' }])
})

it('stay absent one by one: a part that is hidden, a purpose or type that nobody knows; all of them without Data Protection and Privacy', async () => {
  const { connector, crm } = await open([{ PrivacyConsentStatus: 'OptOut' }])
  crm.pull('hide-field', { object: 'ContactPointTypeConsent', field: 'CaptureDate', mode: 'read' })
  crm.pull('hide-field', { object: 'ContactPointTypeConsent', field: 'PrivacyConsentStatus', mode: 'edit' })
  const fields = [news, `${news}:at`, 'ContactPointTypeConsent:Email/Other', 'ContactPointTypeConsent:Pigeon/News']
  const problemsOf = async (): Promise<unknown> =>
    (await connector.check([{ object: 'Contact', read: fields, write: [news] }], live())).problems.map(
      ({ kind, name }) => `${kind} ${name}`,
    )
  expect(await problemsOf()).toEqual([
    'field-hidden ContactPointTypeConsent.CaptureDate',
    'field-missing Contact.ContactPointTypeConsent:Email/Other',
    'field-missing Contact.ContactPointTypeConsent:Pigeon/News',
    `field-read-only Contact.${news}`,
  ])
  const held = async (): Promise<unknown> => {
    const [record] = (await connector.get({ object: 'Contact', ids: [contactId(1)], fields }, live())).records
    return fields.map((name) => record!.fields[name])
  }
  expect(await held()).toEqual(['OptOut', undefined, undefined, undefined])
  expect(await connector.write([{ ref: ref(2), set: { [news]: 'OptOut' } }], live())).toMatchObject([
    { outcome: 'rejected', reason: expect.stringContaining('READ_ONLY') },
  ])
  crm.pull('feature', { name: 'privacy', on: false })
  expect(await problemsOf()).toEqual(['field-hidden Contact.IndividualId'])
  expect(await held()).toEqual([undefined, undefined, undefined, undefined])
})

it('that are taken away while they are read fail the pull, and the next one goes without', async () => {
  const { connector, crm } = await open([{ PrivacyConsentStatus: 'OptOut', EffectiveTo: '2199-01-01T00:00:00.000+0000' }])
  await pull(connector, [news])
  crm.pull('hide-field', { object: 'ContactPointTypeConsent', field: 'EffectiveTo', mode: 'read' })
  await expect(pull(connector, [news])).rejects.toMatchObject({ kind: 'unavailable' })
  expect((await pull(connector, [news])).records.filter(({ fields }) => news in fields)).toEqual([])
})

it('are refused where a person says no: the rows that say yes, or one that is made, once for all who share the Individual', async () => {
  const { connector, rows } = await open([
    { Name: 'old', CaptureDate: '2026-03-01T09:00:00.000+0000' },
    { Name: 'ended', EffectiveTo: '2026-03-02T00:00:00.000+0000' },
    { Name: 'other purpose', DataUsePurposeId: null },
    { Name: 'said already', PartyId: EVE, PrivacyConsentStatus: 'OptOut' },
  ])
  const no = (n: number) => ({ ref: ref(n), set: { [news]: 'OptOut', ...(n === 4 && { LastName: 'Petit' }) } })
  const outcomes = await connector.write([1, 2, 3, 4, 5].map(no), live())
  expect(outcomes).toMatchObject([
    { outcome: 'written' },
    { outcome: 'written' },
    { outcome: 'written' },
    { outcome: 'rejected', reason: expect.stringContaining('NO_INDIVIDUAL') },
    { outcome: 'unchanged' },
  ])
  expect(
    await rows('SELECT Name, PartyId, PrivacyConsentStatus, CaptureDate, DataUsePurpose.Name FROM ContactPointTypeConsent ORDER BY Name'),
  ).toMatchObject([
    { Name: 'Email News', PartyId: BOB, PrivacyConsentStatus: 'OptOut', CaptureDate: null, DataUsePurpose: { Name: 'News' } },
    { Name: 'ended', PrivacyConsentStatus: 'OptIn' },
    { Name: 'old', PartyId: ADA, PrivacyConsentStatus: 'OptOut' },
    { Name: 'other purpose', PrivacyConsentStatus: 'OptIn' },
    { Name: 'said already', PrivacyConsentStatus: 'OptOut' },
  ])
  expect(await rows('SELECT Id FROM Individual')).toHaveLength(3)
  const { records } = await connector.get({ object: 'Contact', ids: [1, 2, 3].map(contactId), fields: parts.slice(0, 2) }, live())
  // What we set has no date of its own: the one in the row is that of the yes.
  expect(told(records, parts.slice(0, 2))).toEqual([1, 2, 3].map((n) => [contactId(n), 'OptOut', null]))
  expect(await connector.write([1, 2].map(no), live())).toEqual([1, 2].map((n) => ({ ref: ref(n), outcome: 'unchanged' })))
})

it('are taken back only where a no stands; no yes is made, and nothing else is set', async () => {
  const { connector, rows } = await open([{ PrivacyConsentStatus: 'OptOut' }, { PrivacyConsentStatus: 'OptOutPending' }])
  const set = (n: number, name: string, value: string | null) => ({ ref: ref(n), set: { [name]: value } })
  expect(await connector.write([set(1, news, 'OptIn'), set(2, news, 'OptIn'), set(5, news, 'Seen')], live())).toMatchObject([
    { outcome: 'written' },
    { outcome: 'rejected', reason: expect.stringContaining('NO_CONSENT') },
    { outcome: 'rejected', reason: expect.stringContaining('INVALID_OPTION') },
  ])
  expect(
    await connector.write([set(1, `${news}:at`, null), set(5, 'ContactPointTypeConsent:Email/Other', 'OptOut')], live()),
  ).toMatchObject([
    { outcome: 'rejected', reason: `READ_ONLY (${news}:at)` },
    { outcome: 'rejected', reason: expect.stringContaining('INVALID_FIELD') },
  ])
  expect(await rows('SELECT PrivacyConsentStatus FROM ContactPointTypeConsent')).toMatchObject([
    { PrivacyConsentStatus: 'OptIn' },
    { PrivacyConsentStatus: 'OptIn' },
  ])
})

it('that two purposes of one name share are read together, and none of them is guessed for a new row', async () => {
  const { connector } = await open([{ PrivacyConsentStatus: 'OptOut', DataUsePurposeId: idOf('0ZW', 2) }], {}, ['News', 'news'])
  expect(told((await connector.get({ object: 'Contact', ids: [contactId(1)], fields: [news] }, live())).records, [news])).toEqual([
    [contactId(1), 'OptOut'],
  ])
  expect(await connector.write([{ ref: ref(2), set: { [news]: 'OptOut' } }], live())).toMatchObject([
    { outcome: 'rejected', reason: expect.stringContaining('AMBIGUOUS_PURPOSE') },
  ])
})

/** The flags of a person's Individual, behind the Contact or Lead that points to it. */
import { expect, it } from 'vitest'
import type { CrmRecord, Cursor } from '../../../src/connectors/connector.ts'
import { contactId } from './org.ts'
import { sandboxOrg } from './sandbox-org.ts'

const live = () => new AbortController().signal
const ADA = '0PK440000000001GAA'
const BOB = '0PK440000000002GAA'
const solicit = 'Individual.HasOptedOutSolicit'
const forget = 'Individual.ShouldForget'
const ref = (n: number) => ({ object: 'Contact', id: contactId(n) })

async function open(settings: object = {}) {
  const org = await sandboxOrg({ lookbackMs: 0, ...settings })
  org.crm.load('Individual', [
    { Id: ADA, LastName: 'Test', HasOptedOutSolicit: true, SystemModstamp: '2026-01-01T00:00:00.000+0000' },
    { Id: BOB, LastName: 'Test', SystemModstamp: '2026-01-01T00:00:00.000+0000' },
  ])
  const row = (n: number, more: object) => ({ Id: contactId(n), LastName: 'Test', SystemModstamp: '2026-02-01T00:00:00.000+0000', ...more })
  org.crm.load('Contact', [
    row(1, { IndividualId: ADA }),
    row(2, { IndividualId: BOB }),
    row(3, { IndividualId: BOB }),
    row(4, { SystemModstamp: '2026-03-01T00:00:00.000+0000' }),
  ])
  return org
}
const flags = (records: readonly CrmRecord[]) => records.map(({ ref: { id }, fields }) => [id, fields[solicit], fields[forget]])

it.each([
  ['REST', {}],
  ['Bulk', { bulkThreshold: 0 }],
])('come with a record by %s, and are empty without an Individual', async (_road, settings) => {
  const { connector } = await open(settings)
  const records: CrmRecord[] = []
  for await (const page of connector.read({ object: 'Contact', fields: [solicit, forget] }, live())) records.push(...page.records)
  const found = [
    [contactId(1), 'true', 'false'],
    [contactId(2), 'false', 'false'],
    [contactId(3), 'false', 'false'],
    [contactId(4), null, null],
  ]
  expect(flags(records)).toEqual(found)
  const got = await connector.get({ object: 'Contact', ids: [1, 2, 3, 4].map(contactId), fields: [solicit, forget] }, live())
  expect(flags(got.records).toSorted()).toEqual(found)
})

it('are in the catalogue at no cost, and what can be set is told', async () => {
  const { connector } = await open()
  await connector.describe(['Contact'], live())
  const before = connector.usage.calls
  const [schema] = await connector.describe(['Contact'], live())
  expect(connector.usage.calls - before).toBe(1)
  const found = schema!.fields.filter(({ name }) => name.startsWith('Individual.'))
  expect(found.map(({ name, type, writable }) => [name, type, writable])).toContainEqual([solicit, 'boolean', true])
  expect(found.map(({ name, type, writable }) => [name, type, writable])).toContainEqual([forget, 'boolean', false])
  expect((await connector.check([{ object: 'Contact', read: [solicit, forget], write: [solicit] }], live())).problems).toEqual([])
  const { problems } = await connector.check([{ object: 'Contact', read: [], write: [forget] }], live())
  expect(problems.map(({ kind, name }) => [kind, name])).toEqual([['field-read-only', `Contact.${forget}`]])
})

it('that change alone are seen by a delta, in one question more where they are asked for', async () => {
  const { connector } = await open()
  const pulled = async (fields: readonly string[], since?: Cursor) => {
    const before = connector.usage.calls
    const records: CrmRecord[] = []
    let cursor = since
    for await (const page of connector.read({ object: 'Contact', fields, ...(since && { since }) }, live())) {
      records.push(...page.records)
      cursor = page.cursor
    }
    return { records, cursor: cursor!, calls: connector.usage.calls - before }
  }
  const { cursor } = await pulled(['LastName', solicit])
  await connector.write([{ ref: ref(2), set: { [solicit]: 'true' } }], live())
  expect((await pulled(['LastName'], cursor)).records.filter((record) => record.ref.id === contactId(3))).toEqual([])
  const changed = await pulled(['LastName', solicit], cursor)
  const told = new Map(changed.records.map((record) => [record.ref.id, record.fields[solicit]]))
  expect([told.get(contactId(2)), told.get(contactId(3))]).toEqual(['true', 'true'])
  expect([(await pulled(['LastName'], cursor)).calls, changed.calls]).toEqual([1, 2])
})

it('are set where the record has an Individual, once for all who share it, beside its own fields', async () => {
  const { connector } = await open()
  const outcomes = await connector.write(
    [
      { ref: ref(1), set: { [solicit]: 'true', LastName: 'Martin' } },
      { ref: ref(2), set: { [solicit]: 'true' } },
      { ref: ref(3), set: { [solicit]: 'true' } },
      { ref: ref(4), set: { [solicit]: 'true', LastName: 'Petit' } },
    ],
    live(),
  )
  expect(outcomes).toMatchObject([
    { outcome: 'written', held: [solicit] },
    { outcome: 'written' },
    { outcome: 'written' },
    { outcome: 'rejected', reason: expect.stringContaining('NO_INDIVIDUAL') },
  ])
  const { records } = await connector.get({ object: 'Contact', ids: [1, 2, 3, 4].map(contactId), fields: [solicit, 'LastName'] }, live())
  expect(records.map(({ fields }) => [fields[solicit], fields['LastName']])).toEqual([
    ['true', 'Martin'],
    ['true', 'Test'],
    ['true', 'Test'],
    [null, 'Petit'],
  ])
  expect(await connector.write([{ ref: ref(2), set: { [solicit]: 'true' } }], live())).toEqual([{ ref: ref(2), outcome: 'unchanged' }])
  expect(await connector.write([{ ref: ref(2), set: { [forget]: 'true' } }], live())).toMatchObject([
    { outcome: 'rejected', reason: `READ_ONLY (${forget})` },
  ])
})

it.each([
  ['REST', {}],
  ['Bulk', { bulkThreshold: 0 }],
])(
  'make the record as new as they are, by %s: a no without a date must not be as old as a record that nobody touched',
  async (_road, settings) => {
    const { connector } = await open({ ...settings, pollMs: 1 })
    const began = Math.floor(Date.now() / 1_000) * 1_000
    await connector.write([{ ref: ref(2), set: { [solicit]: 'true' } }], live())
    const records: CrmRecord[] = []
    for await (const page of connector.read({ object: 'Contact', fields: [solicit] }, live())) records.push(...page.records)
    records.push(...(await connector.get({ object: 'Contact', ids: [contactId(1), contactId(3)], fields: [solicit] }, live())).records)
    const isNew = records.map(({ ref: { id }, modifiedAt }) => [id, modifiedAt >= began])
    expect(isNew).toEqual([1, 2, 3, 4, 1, 3].map((n) => [contactId(n), n === 2 || n === 3]))
  },
)

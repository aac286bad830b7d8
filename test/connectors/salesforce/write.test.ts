import { describe, expect, it } from 'vitest'
import { api, connect, CONTACT_FIELDS, contactId, DATA, describeOf, described, fault, grant, live, row, strictNock, thrown } from './org.ts'

const ref = (n: number) => ({ object: 'Contact', id: contactId(n) })
const patch = (n: number, set: Record<string, string | null> = { LastName: 'New' }) => ({ ref: ref(n), set })
const held = (rows: readonly unknown[]) =>
  api()
    .post(`${DATA}/composite/sobjects/Contact`)
    .reply(200, rows as object[])
const saving = (check: (body: { records: Record<string, unknown>[] }) => boolean = () => true) =>
  api().patch(`${DATA}/composite/sobjects`, check)
const ok = (n: number) => ({ id: contactId(n), success: true, errors: [] })
const failed = (statusCode: string, fields: string[] = [], message = `for anna@example.test`) => ({
  success: false,
  errors: [{ statusCode, message, fields }],
})
const old = (n: number) => row(n, { LastName: 'Old' })
strictNock()

describe('a write', () => {
  it('turns each record’s own fate into its outcome, by code and field names only', async () => {
    grant()
    described()
    held([old(1), old(2), old(3), old(4), null, row(6, { LastName: 'New' }), old(7)])
    saving().reply(200, [
      ok(1),
      failed('FIELD_CUSTOM_VALIDATION_EXCEPTION', ['LastName']),
      failed('ENTITY_IS_DELETED'),
      failed('CANNOT_UPDATE_CONVERTED_LEAD'),
      failed('INVALID_CROSS_REFERENCE_KEY'),
    ])
    held([row(1, { SystemModstamp: '2026-03-17T16:30:00.000+0000' })])
    const results = await connect().connector.write(
      [1, 2, 3, 4, 5, 6, 7].map((n) => patch(n)),
      live(),
    )
    expect(results).toEqual([
      { ref: ref(1), outcome: 'written', version: '2026-03-17T16:30:00.000Z' },
      { ref: ref(2), outcome: 'rejected', reason: 'FIELD_CUSTOM_VALIDATION_EXCEPTION (LastName)' },
      { ref: ref(3), outcome: 'gone' },
      { ref: ref(4), outcome: 'frozen', reason: 'CANNOT_UPDATE_CONVERTED_LEAD' },
      { ref: ref(5), outcome: 'gone' },
      { ref: ref(6), outcome: 'unchanged' },
      { ref: ref(7), outcome: 'gone' },
    ])
  })

  it('sends values in the type of their field, empty ones as null, and neither reassigns nor stops at duplicates', async () => {
    grant()
    described()
    const set = {
      HasOptedOutOfEmail: 'true',
      Score__c: '5.0',
      LastName: '',
      Interests__c: 'offers;news',
      Birthdate: '0001-01-01',
      Last_Sign_In__c: '2026-01-01T00:00:00Z',
    }
    held([row(1, { HasOptedOutOfEmail: false, Score__c: null, LastName: 'x', Interests__c: null, Birthdate: null, Last_Sign_In__c: null })])
    let sent: unknown
    saving((body) => Boolean((sent = body)))
      .matchHeader('sforce-auto-assign', 'FALSE')
      .matchHeader('sforce-duplicate-rule-header', 'allowSave=true')
      .reply(200, [ok(1)])
    held([old(1)])
    await connect().connector.write([patch(1, set)], live())
    expect(sent).toEqual({
      allOrNone: false,
      records: [
        {
          attributes: { type: 'Contact' },
          id: contactId(1),
          HasOptedOutOfEmail: true,
          Score__c: 5,
          LastName: null,
          Interests__c: 'offers;news',
          Birthdate: '0001-01-01',
          Last_Sign_In__c: '2026-01-01T00:00:00Z',
        },
      ],
    })
  })

  it('tries a locked record again, alone and a few times', async () => {
    grant()
    described()
    held([old(1), old(2)])
    saving((body) => body.records.length === 2).reply(200, [ok(1), failed('UNABLE_TO_LOCK_ROW')])
    saving((body) => body.records.length === 1).reply(200, [failed('UNABLE_TO_LOCK_ROW')])
    saving((body) => body.records.length === 1).reply(200, [ok(2)])
    held([old(1), old(2)])
    const { connector, deps } = connect()
    expect((await connector.write([patch(1), patch(2)], live())).map((result) => result.outcome)).toEqual(['written', 'written'])
    expect(deps.slept).toEqual([500, 1_000])
  })

  it('gives a record up that stays locked', async () => {
    grant()
    described()
    held([old(1)])
    saving()
      .times(4)
      .reply(200, [failed('UNABLE_TO_LOCK_ROW')])
    expect(await connect().connector.write([patch(1)], live())).toEqual([
      { ref: ref(1), outcome: 'rejected', reason: 'UNABLE_TO_LOCK_ROW' },
    ])
  })

  it('sends no id it has not checked and no field it may not write', async () => {
    grant()
    described(describeOf('Contact', '003', [...CONTACT_FIELDS, { ...CONTACT_FIELDS[5], name: 'Locked__c', updateable: false }]))
    const bad = ['003/../x?y', contactId(1).toLowerCase().replace('a', 'A'), '001000000000001AAA', `${contactId(1).slice(0, 17)}B`]
    const results = await connect().connector.write(
      [
        ...bad.map((id) => ({ ref: { object: 'Contact', id }, set: { LastName: 'x' } })),
        patch(1, { Hidden__c: 'x' }),
        patch(2, { Locked__c: 'x' }),
      ],
      live(),
    )
    expect(results.map((result) => (result.outcome === 'rejected' ? result.reason : result.outcome))).toEqual([
      ...bad.map(() => 'MALFORMED_ID'),
      expect.stringContaining('INVALID_FIELD (Hidden__c)'),
      expect.stringContaining('INVALID_FIELD_FOR_INSERT_UPDATE (Locked__c)'),
    ])
  })

  it('lets a later patch of the same record win', async () => {
    grant()
    described()
    held([old(1)])
    saving((body) => body.records[0]!['LastName'] === 'First').reply(200, [ok(1)])
    held([old(1)])
    held([row(1, { LastName: 'First' })])
    saving((body) => body.records[0]!['LastName'] === 'Second').reply(200, [ok(1)])
    held([old(1)])
    const results = await connect().connector.write([patch(1, { LastName: 'First' }), patch(1, { LastName: 'Second' })], live())
    expect(results.map((result) => result.outcome)).toEqual(['written', 'written'])
  })

  it('throws when it cannot tell which record an answer is about', async () => {
    grant()
    described()
    held([old(1), old(2)])
    saving().reply(200, [ok(1)])
    expect(await thrown(connect().connector.write([patch(1), patch(2)], live()))).toMatchObject({ kind: 'unexpected-shape' })
  })

  it('repeats a call whose answer was lost, since setting a value twice sets it once', async () => {
    grant()
    described()
    held([old(1)])
    saving().reply(503, fault('SERVER_UNAVAILABLE'))
    saving().reply(200, [ok(1)])
    held([old(1)])
    expect((await connect().connector.write([patch(1)], live())).map((result) => result.outcome)).toEqual(['written'])
  })
})

describe('a get', () => {
  it('refuses an id that can be none, for a living person must not be taken for gone', async () => {
    grant()
    described()
    const get = connect().connector.get({ object: 'Contact', ids: [contactId(1), '1'], fields: [] }, live())
    expect(await thrown(get)).toMatchObject({ kind: 'refused' })
  })

  it('answers under the ids it was asked by, and asks on when the server cut its answer short', async () => {
    grant()
    described()
    const short = contactId(1).slice(0, 15)
    const flags = { IsDeleted: false, MasterRecordId: null }
    api()
      .get(`${DATA}/queryAll`)
      .query(true)
      .reply(200, { totalSize: 2, done: false, nextRecordsUrl: '/x', records: [row(1, flags)] })
    api()
      .get(`${DATA}/queryAll`)
      .query((query) => String(query['q']).endsWith(`WHERE Id IN ('${contactId(2)}')`))
      .reply(200, { totalSize: 0, done: true, records: [] }, { date: 'Tue, 17 Mar 2026 17:00:00 GMT' })
    const found = await connect().connector.get({ object: 'Contact', ids: [short, contactId(2)], fields: [] }, live())
    expect(found.records.map((record) => record.ref.id)).toEqual([short])
    expect(found.gone).toEqual([{ ref: ref(2), at: expect.any(Number) }])
  })
})

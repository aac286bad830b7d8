import { describe, expect, it } from 'vitest'
import {
  answer,
  api,
  connect,
  CONTACT_FIELDS,
  contactId,
  DATA,
  describeOf,
  described,
  fault,
  grant,
  live,
  row,
  soql,
  strictNock,
  thrown,
} from './org.ts'

const request = { object: 'Contact', fields: ['Email'] }
const date = { date: 'Tue, 17 Mar 2026 17:00:00 GMT' }
strictNock()

describe('a full pull by REST', () => {
  it('pages by Id with queries of their own and ends in a cursor for the changes', async () => {
    grant()
    described()
    const rows = [1, 2, 3].map((n) => row(n, { Email: `p${n}@example.test` }))
    api()
      .get(`${DATA}/query`)
      .query(soql(/FROM Contact ORDER BY Id LIMIT 2$/))
      .reply(200, answer(rows.slice(0, 2)), date)
    const second = new RegExp(`WHERE Id > '${contactId(2)}' ORDER BY Id LIMIT 2$`)
    api()
      .get(`${DATA}/query`)
      .query(soql(second))
      .reply(200, answer(rows.slice(2)), date)
    const { connector } = connect({ pageSize: 2 })
    const pages = await Array.fromAsync(connector.read(request, live()))
    expect(pages.map((page) => page.records.map((record) => [record.ref.id, record.version, record.fields]))).toEqual([
      [
        [contactId(1), '2026-03-17T16:21:26.000Z', { Email: 'p1@example.test' }],
        [contactId(2), '2026-03-17T16:21:26.000Z', { Email: 'p2@example.test' }],
      ],
      [[contactId(3), '2026-03-17T16:21:26.000Z', { Email: 'p3@example.test' }]],
    ])
    const delta = /WHERE SystemModstamp >= 2026-03-17T16:21:26.000Z ORDER BY SystemModstamp, Id LIMIT 2$/
    api().get(`${DATA}/queryAll`).query(soql(delta)).reply(200, answer([]), date)
    expect(await Array.fromAsync(connector.read({ ...request, since: pages.at(-1)!.cursor }, live()))).toHaveLength(1)
    expect(connector.usage.calls).toBe(5)
  })

  it('goes on by Id when the server cuts an answer short, and never asks for the page it names', async () => {
    grant()
    described()
    const wide = { done: false, totalSize: 3, nextRecordsUrl: 'https://evil.example.test/services/data/v67.0/query/01g-2' }
    api()
      .get(`${DATA}/query`)
      .query(soql(/ORDER BY Id LIMIT 2000$/))
      .reply(200, answer([row(1, { Email: null })], wide))
    api()
      .get(`${DATA}/query`)
      .query(soql(/WHERE Id > .* LIMIT 1$/))
      .reply(200, answer([row(2, { Email: null })]))
    api()
      .get(`${DATA}/query`)
      .query(soql(/WHERE Id > .* LIMIT 1$/))
      .reply(200, answer([]))
    const pages = await Array.fromAsync(connect().connector.read(request, live()))
    expect(pages.map((page) => page.records.map((record) => record.ref.id))).toEqual([[contactId(1)], [contactId(2)], []])
  })

  it('reads 900 fields by a statement inside a composite request, since no URL has room for it', async () => {
    const names = Array.from({ length: 900 }, (_, n) => `A_Field_Of_The_Company_${n}__c`)
    grant()
    described(describeOf('Contact', '003', [...CONTACT_FIELDS, ...names.map((name) => ({ ...CONTACT_FIELDS[5], name }))]))
    const asked: string[] = []
    const inside = (httpStatusCode: number, body: unknown) =>
      api()
        .post(`${DATA}/composite`, ({ compositeRequest: [{ method, url }] }) => {
          asked.push(`${method} ${decodeURIComponent(url).replace(/A_Field.*__c/, '…')}`)
          return true
        })
        .reply(200, { compositeResponse: [{ body, httpHeaders: {}, httpStatusCode, referenceId: 'rows' }] })
    inside(200, answer([row(1, Object.fromEntries(names.map((name) => [name, 'x'])))]))
    const { connector } = connect()
    const [page] = await Array.fromAsync(connector.read({ object: 'Contact', fields: names }, live()))
    expect(Object.keys(page!.records[0]!.fields)).toEqual(names)
    const named = () => connector.get({ object: 'Contact', ids: [contactId(1)], fields: names }, live())
    inside(400, fault('QUERY_TIMEOUT'))
    inside(200, answer([{ ...row(1, Object.fromEntries(names.map((name) => [name, 'y']))), IsDeleted: false, MasterRecordId: null }]))
    expect((await named()).records[0]!.fields[names[899]!]).toBe('y')
    inside(400, fault('INVALID_QUERY_FILTER_OPERATOR'))
    expect(await thrown(named())).toMatchObject({ kind: 'refused', message: expect.stringContaining('INVALID_QUERY_FILTER_OPERATOR') })
    const again = `GET ${DATA}/queryAll?q=SELECT Id,SystemModstamp,IsDeleted,MasterRecordId,… FROM Contact WHERE Id IN ('${contactId(1)}')`
    expect(asked).toEqual([`GET ${DATA}/query?q=SELECT Id,SystemModstamp,… FROM Contact ORDER BY Id LIMIT 2000`, again, again, again])
  })

  it('throws when the answers do not advance', async () => {
    grant()
    described()
    api()
      .get(`${DATA}/query`)
      .query(true)
      .twice()
      .reply(200, answer([row(1, { Email: null })]))
    const pull = Array.fromAsync(connect({ pageSize: 1 }).connector.read(request, live()))
    expect(await thrown(pull)).toMatchObject({ kind: 'unexpected-shape' })
  })

  it('leaves out what is hidden, missing or compound, and reads a field of a parent', async () => {
    grant()
    described()
    described(describeOf('Account', '001', [{ ...CONTACT_FIELDS[5], name: 'Name' }]), 'Account')
    const select = /^SELECT Id,SystemModstamp,Email,Account.Name,LastName FROM Contact ORDER BY Id LIMIT 2000$/
    const account = { attributes: { type: 'Account', url: 'x' }, Name: 'Société Exemple' }
    api()
      .get(`${DATA}/query`)
      .query(soql(select))
      .reply(200, answer([row(1, { Email: null, LastName: 'A', Account: account }), row(2, { Email: null, LastName: 'B', Account: null })]))
    const fields = ['Email', 'No_Such__c', 'MailingAddress', 'Account.Name', 'Account.Secret__c', 'LastName', 'Email']
    const [page] = await Array.fromAsync(connect().connector.read({ object: 'Contact', fields }, live()))
    expect(page!.records.map((record) => record.fields)).toEqual([
      { Email: null, 'Account.Name': 'Société Exemple', LastName: 'A' },
      { Email: null, 'Account.Name': null, LastName: 'B' },
    ])
  })

  it('describes again when a field was hidden in the meantime', async () => {
    grant()
    described()
    api().get(`${DATA}/query`).query(soql(/Email/)).reply(400, fault('INVALID_FIELD', `No such column 'Email' on entity 'Contact'`))
    described(
      describeOf(
        'Contact',
        '003',
        CONTACT_FIELDS.filter(({ name }) => name !== 'Email'),
      ),
    )
    api()
      .get(`${DATA}/query`)
      .query(soql(/^SELECT Id,SystemModstamp FROM/))
      .reply(200, answer([row(1)]))
    const [page] = await Array.fromAsync(connect().connector.read(request, live()))
    expect(page!.records.map((record) => record.fields)).toEqual([{}])
  })

  it('takes a huge note, a date of the year 1 and an address of 320 characters as they are', async () => {
    grant()
    described()
    const values = {
      Email: `${'a'.repeat(64)}@${'b'.repeat(250)}.test`,
      Birthdate: '0001-01-01',
      Description: 'n\r\n"é"🙂'.repeat(4_000),
      Score__c: 1e21,
    }
    api()
      .get(`${DATA}/query`)
      .query(true)
      .reply(200, answer([row(1, values)]))
    const [page] = await Array.fromAsync(connect().connector.read({ object: 'Contact', fields: Object.keys(values) }, live()))
    expect(page!.records[0]!.fields).toEqual({ ...values, Score__c: '1e+21' })
  })
})

describe('a delta', () => {
  const since = async (more: object = {}) => {
    grant()
    described()
    const { connector } = connect(more)
    api()
      .get(`${DATA}/query`)
      .query(true)
      .reply(200, answer([row(1, { Email: null })]), date)
    return { connector, cursor: (await Array.fromAsync(connector.read(request, live()))).at(-1)!.cursor }
  }
  const at = (second: number) => `2026-03-17T16:30:${String(second).padStart(2, '0')}.000+0000`
  const changed = (n: number, second: number, more: object = {}) =>
    row(n, { SystemModstamp: at(second), IsDeleted: false, MasterRecordId: null, Email: null, ...more })

  it('is one request when nothing happened, and tells the dead and the merged', async () => {
    const { connector, cursor } = await since()
    const calls = connector.usage.calls
    const dead = [changed(2, 1, { IsDeleted: true }), changed(3, 2, { IsDeleted: true, MasterRecordId: contactId(1) })]
    const select =
      /^SELECT Id,SystemModstamp,IsDeleted,MasterRecordId,Email FROM Contact WHERE SystemModstamp >= 2026-03-17T16:21:26.000Z ORDER/
    api()
      .get(`${DATA}/queryAll`)
      .query(soql(select))
      .reply(200, answer([...dead, changed(1, 2)]), date)
    const pages = await Array.fromAsync(connector.read({ ...request, since: cursor }, live()))
    expect(connector.usage.calls - calls).toBe(1)
    expect(pages.map((page) => [page.records.map((record) => record.ref.id), page.gone])).toEqual([
      [
        [contactId(1)],
        [
          { ref: { object: 'Contact', id: contactId(2) }, at: Date.parse('2026-03-17T16:30:01Z') },
          {
            ref: { object: 'Contact', id: contactId(3) },
            at: Date.parse('2026-03-17T16:30:02Z'),
            into: { object: 'Contact', id: contactId(1) },
          },
        ],
      ],
    ])
  })

  it('goes on behind the last stamp and Id, also in a new connection, and keeps ties together', async () => {
    const { connector, cursor } = await since({ pageSize: 2 })
    api()
      .get(`${DATA}/queryAll`)
      .query(soql(/>= 2026-03-17T16:21:26/))
      .reply(200, answer([changed(5, 3), changed(6, 3)]), date)
    const [first] = await Array.fromAsync({ [Symbol.asyncIterator]: () => take(connector.read({ ...request, since: cursor }, live()), 1) })
    grant()
    described()
    const rest = new RegExp(
      `SystemModstamp >= 2026-03-17T16:30:03.000Z AND \\(SystemModstamp > 2026-03-17T16:30:03.000Z OR Id > '${contactId(6)}'\\)`,
    )
    api()
      .get(`${DATA}/queryAll`)
      .query(soql(rest))
      .reply(200, answer([changed(7, 3)]), date)
    const pages = await Array.fromAsync(connect({ pageSize: 2 }).connector.read({ ...request, since: first!.cursor }, live()))
    expect(pages.map((page) => page.records.map((record) => record.ref.id))).toEqual([[contactId(7)]])
  })

  it('starts no later than the look-back before the server’s clock, for a transaction is seen when it commits', async () => {
    const { connector, cursor } = await since({ lookbackMs: 60_000 })
    const late = { date: 'Tue, 17 Mar 2026 16:30:40 GMT' }
    api()
      .get(`${DATA}/queryAll`)
      .query(soql(/>= 2026-03-17T16:21:26/))
      .reply(200, answer([changed(5, 39)]), late)
    const [page] = await Array.fromAsync(connector.read({ ...request, since: cursor }, live()))
    expect(page!.records[0]!.version).toBe('2026-03-17T16:30:39.000Z~')
    api()
      .get(`${DATA}/queryAll`)
      .query(soql(/>= 2026-03-17T16:29:[34]\d/))
      .reply(200, answer([changed(5, 39)]), date)
    const [again] = await Array.fromAsync(connector.read({ ...request, since: page!.cursor }, live()))
    expect(again!.records[0]!.version).toBe('2026-03-17T16:30:39.000Z')
  })
})

async function* take<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let taken = 0
  for await (const item of source) {
    yield item
    if (++taken === count) return
  }
}

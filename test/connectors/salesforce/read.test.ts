import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cursor } from '../../../src/connectors/connector.ts'
import { answer, api, connect, contactId, DATA, describeOf, described, fault, grant, row } from './org.ts'

const live = () => new AbortController().signal
const request = { object: 'Contact', fields: ['Email'] }
const soql = (text: RegExp) => (query: Record<string, unknown>) => typeof query['q'] === 'string' && text.test(query['q'])

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(pending).toEqual([])
})

describe('a full pull by REST', () => {
  it('pages by Id with queries of their own and ends in a cursor for the changes', async () => {
    grant()
    described()
    const rows = [1, 2, 3].map((n) => row(n, { Email: `p${n}@example.test` }))
    api()
      .get(`${DATA}/query`)
      .query(soql(/FROM Contact ORDER BY Id LIMIT 2$/))
      .reply(200, answer(rows.slice(0, 2)), { date: 'Tue, 17 Mar 2026 17:00:00 GMT' })
    api()
      .get(`${DATA}/query`)
      .query(soql(new RegExp(`WHERE Id > '${contactId(2)}' ORDER BY Id LIMIT 2$`)))
      .reply(200, answer(rows.slice(2)))
    const { connector } = connect({ pageSize: 2 })
    const pages = await Array.fromAsync(connector.read(request, live()))
    expect(pages.map((page) => page.records.map((record) => [record.ref.id, record.version, record.fields]))).toEqual([
      [
        [contactId(1), '2026-03-17T16:21:26.000Z', { Email: 'p1@example.test' }],
        [contactId(2), '2026-03-17T16:21:26.000Z', { Email: 'p2@example.test' }],
      ],
      [[contactId(3), '2026-03-17T16:21:26.000Z', { Email: 'p3@example.test' }]],
    ])
    api()
      .get(`${DATA}/queryAll`)
      .query(soql(/WHERE SystemModstamp >= 2026-03-17T16:21:26.000Z ORDER BY SystemModstamp, Id LIMIT 2$/))
      .reply(200, answer([]))
    expect(await Array.fromAsync(connector.read({ ...request, since: pages.at(-1)!.cursor }, live()))).toHaveLength(1)
    expect(connector.usage.calls).toBe(5)
  })
})

import nock from 'nock'
import { describe, expect, it } from 'vitest'
import type { Page } from '../../../src/connectors/connector.ts'
import { relatedOf } from '../../../src/connectors/hubspot/access-around.ts'
import { listsOf } from '../../../src/connectors/hubspot/access-lists.ts'
import { hubspotClient } from '../../../src/connectors/hubspot/client.ts'
import { associatedWith } from '../../../src/connectors/hubspot/erasure-read.ts'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { testDeps } from '../deps.ts'
import {
  api,
  batchRead,
  batchUpdate,
  connected,
  contacts,
  counted,
  error,
  limited,
  list,
  live,
  row,
  strictPortal,
  token,
} from './portal.ts'

const get = (connector: ReturnType<typeof connected>['connector'], ids = ['1'], fields = ['email']) =>
  connector.get({ object: 'contacts', ids, fields }, live())
const found = [
  { ref: { object: 'contacts', id: '1' }, version: '1706745600250', modifiedAt: 1706745600250, fields: { email: 'one@example.test' } },
]
const one = { status: 'COMPLETE', results: [row(1, { email: 'one@example.test' })] }

describe('hubspot failures', () => {
  strictPortal()

  it.each([
    ['an empty body', (times: number) => batchRead().times(times).reply(200, '')],
    [
      'truncated JSON',
      (times: number) => batchRead().times(times).reply(200, '{"results":[{"id":"1","prop', { 'content-type': 'application/json' }),
    ],
    ['a page of HTML', (times: number) => batchRead().times(times).reply(200, '<html>one moment</html>', { 'content-type': 'text/html' })],
    [
      'a 502 with HTML',
      (times: number) => batchRead().times(times).reply(502, '<html>bad gateway</html>', { 'content-type': 'text/html' }),
    ],
    ['a 502 without a content type', (times: number) => batchRead().times(times).reply(502)],
    ['a 503 with JSON', (times: number) => batchRead().times(times).reply(503, error(503))],
    ['a 524', (times: number) => batchRead().times(times).reply(524, '<html>')],
    ['a 404 that is not HubSpot’s own', (times: number) => batchRead().times(times).reply(404, '<html>no such service</html>')],
    ['a 403 that is not HubSpot’s own', (times: number) => batchRead().times(times).reply(403, '<html>blocked</html>')],
    [
      'a reset connection',
      (times: number) =>
        batchRead()
          .times(times)
          .replyWithError(Object.assign(new Error('canary@example.test'), { code: 'ECONNRESET' })),
    ],
    ['a locked portal (423)', (times: number) => batchRead().times(times).reply(423, error(423))],
    ['a search limit (SECONDLY)', (times: number) => batchRead().times(times).reply(429, limited('SECONDLY'))],
    ['a rolling limit (TEN_SECONDLY_ROLLING)', (times: number) => batchRead().times(times).reply(429, limited('TEN_SECONDLY_ROLLING'))],
    ['a limit in words of a proxy', (times: number) => batchRead().times(times).reply(429, '<html>slow down</html>')],
  ])('gets over %s, and gives up after six attempts', async (_what, answer) => {
    const { connector, deps } = connected()
    answer(2)
    batchRead().reply(200, one)
    expect((await get(connector)).records).toMatchObject(found)
    expect(deps.slept.filter((ms) => ms > 0)).toHaveLength(2)

    answer(6)
    const failed = await get(connector).catch((thrown: Error) => thrown)
    expect(failed).toMatchObject({ name: 'ConnectorError', kind: expect.stringMatching(/^(unavailable|unexpected-shape|throttled)$/) })
    expect(String(failed)).not.toContain('canary')
    expect(connector.usage.calls).toBe(9)
  })

  it.each([
    ['SECONDLY', 1_000],
    ['TEN_SECONDLY_ROLLING', 10_000],
  ])('waits as long as %s asks for', async (policy, ms) => {
    const { connector, deps } = connected()
    batchRead().reply(429, limited(policy))
    batchRead().reply(200, one)
    await get(connector)
    expect(deps.slept.filter((slept) => slept > 0)).toEqual([ms])
    expect(connector.usage).toEqual({ calls: 2, throttled: 1 })
  })

  it('prefers Retry-After to its own idea', async () => {
    const { connector, deps } = connected()
    batchRead().reply(429, limited('SECONDLY'), { 'retry-after': '7' })
    batchRead().reply(200, one)
    await get(connector)
    expect(deps.slept.filter((slept) => slept > 0)).toEqual([7_000])
  })

  it.each(['0', new Date(0).toUTCString()])('waits for a second when Retry-After is %s', async (text) => {
    const { connector, deps } = connected()
    batchRead().reply(429, limited('SECONDLY'), { 'retry-after': text })
    batchRead().reply(200, one)
    await get(connector)
    expect(deps.slept.filter((slept) => slept > 0)).toEqual([1_000])
  })

  it('leaves a used-up day alone until midnight in the portal, without another request', async () => {
    const { connector } = connected()
    batchRead().reply(429, limited('DAILY'))
    nock(api).get('/account-info/v3/details').reply(200, { portalId: 1, timeZone: 'Europe/Paris' })
    for (let attempt = 0; attempt < 3; attempt++) {
      // 22:30 in Paris: the portal's day ends in an hour and a half.
      await expect(get(connector)).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 5_400_000 })
    }
    expect(connector.usage).toEqual({ calls: 2, throttled: 1 })
  })

  it('does not sit out a move between data centres', async () => {
    const { connector, deps } = connected()
    batchRead().reply(477, '', { 'retry-after': '3600' })
    await expect(get(connector)).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 3_600_000 })
    expect(deps.slept).toEqual([])
  })

  it('asks for nothing more of many when one of them is refused', async () => {
    const { connector } = connected({ concurrency: 1 })
    batchRead().times(2).reply(200, { status: 'COMPLETE', results: [] })
    nock(api).get(`${contacts}/1`).reply(403, error(403))
    nock(api)
      .persist()
      .get(new RegExp(`^${contacts}/\\d+$`))
      .reply(404, error(404))
    const ids = Array.from({ length: 200 }, (_, index) => String(index + 1))
    await expect(get(connector, ids)).rejects.toMatchObject({ kind: 'scope' })
    for (let turn = 0; turn < 1_000; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(connector.usage.calls).toBeLessThan(6)
    nock.cleanAll()
  })

  it('names the missing scopes', async () => {
    const { connector } = connected()
    const context = { requiredGranularScopes: ['crm.objects.contacts.read', 'crm.objects.contacts.sensitive.read'] }
    batchRead().reply(
      403,
      error(403, { category: 'MISSING_SCOPES', errors: [{ message: 'One or more of the following scopes are required.', context }] }),
    )
    await expect(get(connector)).rejects.toMatchObject({
      kind: 'scope',
      message: `HubSpot refused POST ${contacts}/batch/read (403 MISSING_SCOPES); it needs one of the scopes crm.objects.contacts.read, crm.objects.contacts.sensitive.read`,
    })
  })

  it('follows no redirect', async () => {
    const { connector } = connected()
    batchRead().reply(302, '', { location: 'https://elsewhere.example/' })
    await expect(get(connector)).rejects.toMatchObject({ kind: 'unexpected-shape' })
    expect(connector.usage.calls).toBe(1)
  })

  it('does not repeat a create of which it does not know the end', async () => {
    const { connector } = connected()
    nock(api).get('/crm/v3/properties/contacts/groups/accord').reply(200, {})
    nock(api).get('/crm/v3/properties/contacts').query(true).times(3).reply(200, { results: [] })
    nock(api).post('/crm/v3/properties/contacts').reply(502)
    const field = { object: 'contacts', name: 'accord_status', label: 'Status', description: 'Status', type: 'enum' as const }
    const request = { group: { name: 'accord', label: 'Accord' }, fields: [field], dryRun: false }
    await expect(connector.provision(request, live())).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('reads half a page as what it is: the next cursor counts, not the number of rows', async () => {
    const { connector } = connected()
    counted(3)
    list().reply(200, { results: [row(1)], paging: { next: { after: '2' } } })
    nock(api)
      .get(contacts)
      .query((query) => query['after'] === '2')
      .reply(200, { results: [row(2), row(3)] })
    const pages = await Array.fromAsync(connector.read({ object: 'contacts', fields: ['email'] }, live()))
    expect(pages.map((page) => page.records.map((record) => record.ref.id))).toEqual([['1'], ['2', '3']])
  })

  it('reads values that come as numbers and booleans as the text they stand for, and `null` as what is left out', async () => {
    const { connector } = connected()
    nock(api).post(`${contacts}/search`).reply(200, { total: 2, results: [], paging: null })
    const odd = { ...row(1), properties: { ...row(1).properties, score: 3.5, member: true, visits: 12 } }
    list().reply(200, { results: [odd, row(2)], paging: { next: null, prev: { before: 'x' } } })
    const [page] = await Array.fromAsync(connector.read({ object: 'contacts', fields: ['score', 'member', 'visits'] }, live()))
    expect(page!.records.map(({ fields }) => [fields['score'], fields['member'], fields['visits']])).toEqual([
      ['3.5', 'true', '12'],
      [undefined, undefined, undefined],
    ])
    batchRead().reply(200, { ...one, numErrors: null, errors: null })
    expect((await get(connector)).records).toMatchObject(found)
    const lost = { ...row(1), properties: { ...row(1).properties, long: 1e21 } }
    batchRead().reply(200, { status: 'COMPLETE', results: [lost] })
    await expect(get(connector)).rejects.toMatchObject({ kind: 'unexpected-shape' })
  })

  it('reads definitions that say `null` where others leave something out', async () => {
    const { connector } = connected()
    const silent = { calculated: null, externalOptions: null, hubspotDefined: null, dataSensitivity: null, modificationMetadata: null }
    const option = { label: 'x', value: 'x', hidden: null, displayOrder: null, description: null }
    const results = [
      { name: 'a', label: 'A', type: 'string', fieldType: 'text', options: null, ...silent },
      { name: 'b', label: 'B', type: 'enumeration', fieldType: 'select', options: [option] },
    ]
    nock(api).get('/crm/v3/properties/contacts').query(true).times(3).reply(200, { results })
    const [{ fields } = { fields: [] }] = await connector.describe(['contacts'], live())
    expect(fields.slice(0, 2)).toEqual([
      { name: 'a', label: 'A', type: 'text', writable: true, custom: true },
      { name: 'b', label: 'B', type: 'enum', writable: true, custom: true, options: ['x'] },
    ])
  })

  it('does not walk in a circle when a page leads to itself', async () => {
    const { connector } = connected()
    counted(3)
    list().reply(200, { results: [row(1)], paging: { next: { after: '2' } } })
    list().reply(200, { results: [row(2)], paging: { next: { after: '2' } } })
    const pull = Array.fromAsync(connector.read({ object: 'contacts', fields: [] }, live()))
    await expect(pull).rejects.toMatchObject({ kind: 'unexpected-shape', message: expect.stringContaining('in a circle') })
  })

  it('nor when pages lead back to one before, of live records or of archived ones', async () => {
    const pages = (archived: string) =>
      [[undefined, '2'] as const, ['2', '3'] as const, ['3', '2'] as const].map(([after, next]) =>
        nock(api)
          .get(contacts)
          .query((query) => query['after'] === after && query['archived'] === archived)
          .reply(200, { results: [row(Number(next))], paging: { next: { after: next } } }),
      )
    const { connector } = connected()
    const pull = (since: Page['cursor'] | undefined) =>
      Array.fromAsync(connector.read({ object: 'contacts', fields: [], ...(since && { since }) }, live()))
    const failed = { kind: 'unexpected-shape', message: expect.stringContaining('in a circle') }
    counted(3)
    pages('false')
    await expect(pull(undefined)).rejects.toMatchObject(failed)
    counted(1)
    list().reply(200, { results: [row(1)] })
    const [whole] = await pull(undefined)
    nock(api).post(`${contacts}/search`).reply(200, { total: 0, results: [] })
    counted(0)
    pages('true')
    await expect(pull(whole!.cursor)).rejects.toMatchObject(failed)
  })

  it('does not do so either in lists of what hangs on a person', async () => {
    const client = hubspotClient(hubspot.settings.parse({ auth: { token } }), testDeps())
    const leadingTo = (after: string) => ({ paging: { next: { after } } })
    const ref = { object: 'contacts', id: '1' }
    const failed = { kind: 'unexpected-shape', message: expect.stringContaining('in a circle') }
    const associations = (after: string) =>
      nock(api)
        .post(/\/associations\//)
        .reply(200, { status: 'COMPLETE', results: [{ from: { id: '1' }, to: [{ toObjectId: '7' }], ...leadingTo(after) }] })
    for (const reading of [
      () => associatedWith(client, 'contacts', 'companies', ['1'], live()),
      () => Array.fromAsync(relatedOf(client, [ref], live())),
    ]) {
      for (const after of ['2', '3', '2']) associations(after)
      await expect(reading()).rejects.toMatchObject(failed)
    }
    for (const after of ['2', '3', '2'])
      nock(api)
        .get(/\/memberships$/)
        .query(true)
        .reply(200, { results: [{ listId: '3' }], ...leadingTo(after) })
    await expect(listsOf(client, [ref], live())).rejects.toMatchObject(failed)
  })

  it('searches on for as long as there are more than it was given, named next page or not', async () => {
    const { connector } = connected()
    counted(0)
    list().reply(200, { results: [] })
    const [first] = await Array.fromAsync(connector.read({ object: 'contacts', fields: [] }, live()))
    const after = (last: string) => (body: { filterGroups: { filters: { value: string }[] }[] }) =>
      body.filterGroups[0]!.filters[1]?.value === last
    nock(api)
      .post(`${contacts}/search`, after('0'))
      .reply(200, { total: 3, results: [row(1, { hs_merged_object_ids: null }), row(2, { hs_merged_object_ids: null })] })
    nock(api)
      .post(`${contacts}/search`, after('2'))
      .reply(200, { total: 1, results: [row(3, { hs_merged_object_ids: null })] })
    counted(0)
    const pages = await Array.fromAsync(connector.read({ object: 'contacts', fields: [], since: first!.cursor }, live()))
    expect(pages.flatMap((page) => page.records.map(({ ref }) => ref.id))).toEqual(['1', '2', '3'])
  })

  it.each(['PENDING', 'PROCESSING', 'CANCELED'])('takes a batch that is %s for no proof that a record is gone', async (status) => {
    const { connector } = connected()
    batchRead().times(2).reply(200, { status, results: [] })
    const failed = { kind: 'unavailable', message: `HubSpot left POST ${contacts}/batch/read unfinished (${status}); try again` }
    const ref = { object: 'contacts', id: '1' }
    await expect(connector.write([{ ref, set: { jobtitle: 'x' } }], live())).rejects.toMatchObject(failed)
    await expect(get(connector)).rejects.toMatchObject(failed)
    nock(api).post(`${contacts}/batch/read?archived=true`).reply(202, { status, results: [] })
    await expect(connector.erasure!.verify([ref], live())).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('puts 300 property names into a body when they do not fit into a request line', async () => {
    const { connector } = connected()
    const fields = Array.from({ length: 300 }, (_, i) => `a_rather_long_custom_property_name_${i}`)
    const values = Object.fromEntries(fields.map((name) => [name, 'x']))
    counted(2)
    nock(api)
      .get(contacts)
      .query((query) => query['properties'] === 'lastmodifieddate,createdate,hs_merged_object_ids')
      .reply(200, { results: [row(1), row(2)] })
    batchRead().reply(200, { status: 'COMPLETE', results: [row(1, values)] })
    const [page] = await Array.fromAsync(connector.read({ object: 'contacts', fields }, live()))
    expect(page!.records.map((record) => [record.ref.id, record.fields])).toMatchObject([['1', values]])
    expect(page!.gone.map((gone) => gone.ref.id)).toEqual(['2'])
  })

  it('searches for ids alone when 300 names do not fit into the body of a search', async () => {
    const { connector } = connected()
    counted(0)
    list().reply(200, { results: [] })
    const [first] = await Array.fromAsync(connector.read({ object: 'contacts', fields: ['email'] }, live()))
    const fields = Array.from({ length: 300 }, (_, i) => `a_rather_long_custom_property_name_${i}`)
    const values = Object.fromEntries(fields.map((name) => [name, 'x']))
    let length = 0
    nock(api)
      .post(`${contacts}/search`, (body) => body.limit === 200 && (length = JSON.stringify(body).length) > 0)
      .reply(200, { total: 1, results: [row(1)] })
    batchRead().reply(200, { status: 'COMPLETE', results: [row(1, values)] })
    counted(0)
    const pages = await Array.fromAsync(connector.read({ object: 'contacts', fields, since: first!.cursor }, live()))
    expect(pages[0]!.records[0]!.fields).toMatchObject(values)
    expect(length).toBeLessThanOrEqual(3_000)
  })

  it('carries a note of 64 KB, a date of the year 1 and an address of 320 characters as they are', async () => {
    const { connector } = connected()
    const fields = {
      message: 'é'.repeat(32_768),
      birthday: '0001-01-01',
      email: `${'a'.repeat(64)}@${'b'.repeat(242)}.example.test`,
      gone: '',
    }
    expect(fields.email).toHaveLength(320)
    batchRead().reply(200, { status: 'COMPLETE', results: [row(1, fields)] })
    const { records } = await get(connector, ['1'], Object.keys(fields))
    expect(records[0]!.fields).toMatchObject({ ...fields, gone: null })
  })

  it('tells a field that is empty from one that it may not see', async () => {
    const { connector } = connected()
    batchRead().reply(200, { status: 'COMPLETE', results: [row(1, { email: null })] })
    const { fields } = (await get(connector, ['1'], ['email', 'hidden'])).records[0]!
    expect(fields).toMatchObject({ email: null })
    expect(fields).not.toHaveProperty('hidden')
  })

  it('takes the 404 of a gateway, or of an address that HubSpot serves no more, for no proof that a record is gone', async () => {
    const { connector } = connected()
    const ref = { object: 'contacts', id: '1' }
    const missing = { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'x', context: { ids: ['1'] } }
    const foreign = (times: number) => nock(api).get(`${contacts}/1`).query(true).times(times).reply(404, '<html>404</html>')
    const failed = { kind: 'unexpected-shape', message: expect.stringMatching(/404 .* check apiUrl and apiVersion/) }
    batchRead().reply(207, { status: 'COMPLETE', results: [], numErrors: 1, errors: [missing] })
    foreign(6)
    await expect(get(connector)).rejects.toMatchObject(failed)
    batchRead().reply(200, { status: 'COMPLETE', results: [row(1)] })
    nock(api).post(`${contacts}/gdpr-delete`).times(6).reply(404)
    await expect(connector.erasure!.erase([ref], live())).rejects.toMatchObject(failed)
  })

  it('takes the 403 of a firewall for no missing scope', async () => {
    const { connector } = connected()
    batchRead().times(6).reply(403, '<html>request blocked</html>', { 'content-type': 'text/html' })
    await expect(get(connector)).rejects.toMatchObject({
      kind: 'unexpected-shape',
      message: `HubSpot answered POST ${contacts}/batch/read with a 403 that gives no reason: a firewall on the way may have; try again, and check apiUrl and apiVersion`,
    })
  })

  it('takes the 400 of a gateway, unlike that of HubSpot, for no word that nothing was said', async () => {
    const said = async (body: string | object) => {
      const { connector } = connected()
      batchRead().reply(200, one)
      nock(api)
        .post(/statuses\/batch\/read/)
        .reply(403, error(403))
      nock(api)
        .get(/statuses\/one(%40|@)example\.test/)
        .query(true)
        .reply(400, body)
      return (await get(connector, ['1'], ['subscription:7'])).records[0]!.fields['subscription:7']
    }
    expect(await said(error(400))).toBeNull()
    expect(await said('<html>bad request</html>')).toBeUndefined()
  })

  it('asks for nothing when an id can be none of HubSpot’s', async () => {
    const { connector } = connected()
    const { records, gone } = await get(connector, ['someone@example.test', '0', '../1'])
    expect(records).toEqual([])
    expect(gone.map((dead) => dead.ref.id)).toEqual(['someone@example.test', '0', '../1'])
    expect(connector.usage.calls).toBe(0)
  })
})

describe('hubspot writes that go wrong in part', () => {
  strictPortal()
  const patch = (id: number, set: Record<string, string | null> = { jobtitle: 'after' }) => ({
    ref: { object: 'contacts', id: String(id) },
    set,
  })
  const held = (...ids: number[]) =>
    batchRead().reply(200, { status: 'COMPLETE', results: ids.map((id) => row(id, { jobtitle: 'before' })) })
  const outcomes = (results: readonly { ref: { id: string }; outcome: string }[]) =>
    results.map((result) => [result.ref.id, result.outcome])

  it.each([200, 207])('reads the errors of a batch that was answered with %i', async (status) => {
    const { connector } = connected()
    held(1, 2, 3, 4)
    const errors = [
      error(400, { category: 'OBJECT_NOT_FOUND', context: { ids: ['2'] } }),
      error(400, { category: 'VALIDATION_ERROR', message: 'value canary@example.test', context: { ids: ['3'] } }),
    ]
    batchUpdate().reply(status, { status: 'COMPLETE', results: [row(1)], numErrors: 3, errors })
    nock(api).patch(`${contacts}/4`).reply(200, row(4))
    const results = await connector.write([patch(1), patch(2), patch(3), patch(4)], live())
    expect(results).toEqual([
      { ref: patch(1).ref, outcome: 'written', version: '1706745600250' },
      { ref: patch(2).ref, outcome: 'gone' },
      { ref: patch(3).ref, outcome: 'rejected', reason: 'VALIDATION_ERROR' },
      { ref: patch(4).ref, outcome: 'written', version: '1706745600250' },
    ])
  })

  it.each([200, 207])('take no record for gone that HubSpot could not read, when it says so with %i', async (status) => {
    const { connector } = connected()
    const errors = [error(500, { category: 'INTERNAL_ERROR', context: { ids: ['2'] } })]
    batchRead().reply(status, { status: 'COMPLETE', results: [row(1, { jobtitle: 'after' })], numErrors: 1, errors })
    await expect(connector.write([patch(1), patch(2)], live())).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('finds the one bad record of a refused batch, and tells codes and names but no values', async () => {
    const { connector, deps } = connected()
    held(1, 2, 3)
    const bad = [
      {
        isValid: false,
        message: 'canary@example.test was not one of the allowed options',
        error: 'INVALID_OPTION',
        name: 'jobtitle',
        portalId: 1,
      },
    ]
    const refusal = error(400, { category: 'VALIDATION_ERROR', message: `Property values were not valid: ${JSON.stringify(bad)}` })
    nock(api)
      .post(`${contacts}/batch/update`, (body) => body.inputs.some(({ id }: { id: string }) => id === '2'))
      .times(3)
      .reply(400, refusal)
    batchUpdate().reply(200, { status: 'COMPLETE', results: [row(1)] })
    batchUpdate().reply(200, { status: 'COMPLETE', results: [row(3)] })
    nock(api).patch(`${contacts}/2`).reply(400, refusal)
    const results = await connector.write([patch(1), patch(2), patch(3)], live())
    expect(outcomes(results)).toEqual([
      ['1', 'written'],
      ['2', 'rejected'],
      ['3', 'written'],
    ])
    expect(results[1]).toEqual({ ref: patch(2).ref, outcome: 'rejected', reason: '400 VALIDATION_ERROR: INVALID_OPTION of jobtitle' })
    expect(JSON.stringify([results, deps.logs])).not.toContain('canary')
  })

  it('never names a record twice in one batch, and keeps the order of its patches', async () => {
    const { connector } = connected()
    held(1, 2)
    batchUpdate().reply(200, { status: 'COMPLETE', results: [row(1), row(2)] })
    held(1)
    nock(api)
      .post(`${contacts}/batch/update`, { inputs: [{ id: '1', properties: { jobtitle: 'later' } }] })
      .reply(200, { status: 'COMPLETE', results: [row(1)] })
    const results = await connector.write([patch(1), patch(1, { jobtitle: 'later' }), patch(2)], live())
    expect(outcomes(results)).toEqual([
      ['1', 'written'],
      ['1', 'written'],
      ['2', 'written'],
    ])
  })

  it.each([
    ['2025-03-01T10:00:00.000Z', '2025-03-01T10:00:00Z'],
    ['b;a', 'a;b'],
    [null, ''],
  ])('takes %j and what HubSpot makes of it for the same', async (wanted, kept) => {
    const { connector } = connected()
    batchRead().reply(200, { status: 'COMPLETE', results: [row(1, { jobtitle: kept })] })
    expect(outcomes(await connector.write([patch(1, { jobtitle: wanted })], live()))).toEqual([['1', 'unchanged']])
  })

  it('sends no value that HubSpot would append instead of set', async () => {
    const { connector } = connected()
    held(1)
    await expect(connector.write([patch(1, { jobtitle: ';a' })], live())).rejects.toMatchObject({ kind: 'refused' })
  })
})

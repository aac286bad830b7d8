import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import {
  answer,
  api,
  connect,
  contactDescribe,
  contactId,
  DATA,
  described,
  fault,
  grant,
  live,
  row,
  strictNock,
  thrown,
  tokenAnswer,
} from './org.ts'

const request = { object: 'Contact', fields: ['Email', 'Score__c'] }
const JOB = '750000000000001AAA'
strictNock()

const line = (n: number) => `"${contactId(n)}","2026-03-17T16:21:26.000Z","p${n}@example.test","1.0E7"\n`
const csv = (...numbers: number[]) => `"Id","SystemModstamp","Email","Score__c"\n${numbers.map(line).join('')}`
const made = (job = JOB) =>
  api()
    .post(`${DATA}/jobs/query`, (body) => body.operation === 'query')
    .reply(200, { id: job, state: 'UploadComplete' })
const state = (name: string, total?: number, job = JOB) =>
  api().get(`${DATA}/jobs/query/${job}`).reply(200, { id: job, state: name, numberRecordsProcessed: total })
const leaf = (body: string, next: string | null, count: number, locator?: string, job = JOB) =>
  api()
    .get(`${DATA}/jobs/query/${job}/results`)
    .query((query) => query['locator'] === locator)
    .reply(200, body, {
      'content-type': 'text/csv',
      'sforce-locator': next ?? 'null',
      'sforce-numberofrecords': String(count),
    })
const dropped = (job = JOB) => api().delete(`${DATA}/jobs/query/${job}`).reply(204)
const bulk = (more: object = {}) => connect({ bulkThreshold: 0, bulkPageSize: 2, pageSize: 2, ...more })
const idsOf = (pages: readonly { records: readonly { ref: { id: string } }[] }[]) =>
  pages.map((page) => page.records.map((record) => record.ref.id))

describe('a full pull by a Bulk job', () => {
  it('waits for the job, reads every locator page, checks the counts, and throws the result away', async () => {
    grant()
    described()
    made()
    state('InProgress')
    state('JobComplete', 3)
    leaf(csv(1, 2), 'AAA', 2)
    leaf(csv(3), null, 1, 'AAA')
    dropped()
    const { connector, deps } = bulk()
    const pages = await Array.fromAsync(connector.read(request, live()))
    expect(pages.map((page) => [page.expected, page.records.map((record) => record.fields)])).toEqual([
      [3, [1, 2].map((n) => ({ Email: `p${n}@example.test`, Score__c: '10000000' }))],
      [3, [{ Email: 'p3@example.test', Score__c: '10000000' }]],
    ])
    expect(deps.slept).toEqual([1_000])
  })

  it('takes a count of `null`, while the job is not done, for none yet', async () => {
    grant()
    described()
    api().post(`${DATA}/jobs/query`).reply(200, { id: JOB, state: 'UploadComplete', numberRecordsProcessed: null })
    api().get(`${DATA}/jobs/query/${JOB}`).reply(200, { id: JOB, state: 'InProgress', numberRecordsProcessed: null })
    state('JobComplete', 1)
    leaf(csv(1), null, 1)
    dropped()
    expect(idsOf(await Array.fromAsync(bulk().connector.read(request, live())))).toEqual([[contactId(1)]])
  })

  it('ends with one empty page when there is nothing', async () => {
    grant()
    described()
    made()
    state('JobComplete', 0)
    leaf(csv(), null, 0)
    dropped()
    expect(idsOf(await Array.fromAsync(bulk().connector.read(request, live())))).toEqual([[]])
  })

  it('reads the first rows by REST and only the rest by a job', async () => {
    grant()
    described()
    api()
      .get(`${DATA}/query`)
      .query(true)
      .reply(200, answer([1, 2].map((n) => row(n, { Email: null, Score__c: 5 }))))
    api()
      .post(`${DATA}/jobs/query`, (body) => String(body.query).includes(`WHERE Id > '${contactId(2)}' ORDER BY Id`))
      .reply(200, { id: JOB, state: 'UploadComplete' })
    state('JobComplete', 1)
    leaf(csv(3), null, 1)
    dropped()
    const pages = await Array.fromAsync(bulk({ bulkThreshold: 2 }).connector.read(request, live()))
    expect([idsOf(pages), pages.at(-1)!.expected]).toEqual([[[contactId(1), contactId(2)], [contactId(3)]], 3])
  })

  it('makes the job before the first rows are handed out, and whoever goes on from them finds it', async () => {
    grant()
    described()
    api()
      .get(`${DATA}/query`)
      .query(true)
      .reply(200, answer([1, 2].map((n) => row(n, { Email: null, Score__c: 5 }))))
    made()
    const { connector } = bulk({ bulkThreshold: 2 })
    const pages = connector.read(request, live())[Symbol.asyncIterator]()
    const { value } = await pages.next()
    await pages.return?.()
    state('JobComplete', 1)
    leaf(csv(3), null, 1)
    dropped()
    expect(idsOf(await Array.fromAsync(connector.read({ ...request, since: value!.cursor }, live())))).toEqual([[contactId(3)]])
  })

  it('reads all by REST when Bulk is refused', async () => {
    grant()
    described()
    api().post(`${DATA}/jobs/query`).reply(403, fault('FeatureNotEnabled'))
    api()
      .get(`${DATA}/query`)
      .query(true)
      .reply(200, answer([row(1, { Email: null, Score__c: null })]))
    const { connector, deps } = bulk()
    expect(idsOf(await Array.fromAsync(connector.read(request, live())))).toEqual([[contactId(1)]])
    expect(deps.logs).toEqual([['salesforce.bulk-refused', { status: 403, code: 'FeatureNotEnabled' }]])
  })

  it('throws when somebody aborted the job', async () => {
    grant()
    described()
    made()
    state('Aborted')
    expect(await thrown(Array.fromAsync(bulk().connector.read(request, live())))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('Aborted'),
    })
  })

  it('goes on by REST when the job failed, for the next job might fail as well', async () => {
    grant()
    described()
    made()
    state('Failed')
    api()
      .get(`${DATA}/query`)
      .query(true)
      .reply(200, answer([row(1, { Email: null, Score__c: null })]))
    const { connector, deps } = bulk()
    expect(idsOf(await Array.fromAsync(connector.read(request, live())))).toEqual([[contactId(1)]])
    expect(deps.logs).toEqual([['salesforce.bulk-failed', { object: 'Contact' }]])
  })

  describe('behind a gateway that takes headers out', () => {
    const second = (text: string, total: number, headers: Readonly<Record<string, string>>) => {
      grant()
      described()
      made()
      state('JobComplete', total)
      leaf(csv(1, 2), 'AAA', 2)
      api()
        .get(`${DATA}/jobs/query/${JOB}/results`)
        .query({ maxRecords: '2', locator: 'AAA' })
        .reply(200, text, { 'content-type': 'Text/CSV; charset=UTF-8', ...headers })
    }

    it.each([
      ['no locator', {}],
      ['an empty one', { 'sforce-locator': '' }],
    ])('takes %s for the end of the result where all rows were counted', async (_which, headers) => {
      second(csv(3), 3, { 'sforce-numberofrecords': '1', ...headers })
      dropped()
      expect(idsOf(await Array.fromAsync(bulk().connector.read(request, live())))).toEqual([[contactId(1), contactId(2)], [contactId(3)]])
    })

    it.each([
      ['Sforce-Locator', { 'sforce-numberofrecords': '1' }],
      ['Sforce-NumberOfRecords', { 'sforce-locator': 'BBB' }],
    ])('goes on by REST where rows are left or nobody says how many, and names %s', async (header, headers) => {
      second(csv(3), 4, headers)
      dropped()
      const after = (n: number, ...numbers: number[]) =>
        api()
          .get(`${DATA}/query`)
          .query(({ q }) => String(q).includes(`WHERE Id > '${contactId(n)}' ORDER BY Id`))
          .reply(200, answer(numbers.map((one) => row(one, { Email: null, Score__c: null }))))
      after(2, 3, 4)
      after(4)
      const { connector, deps } = bulk()
      expect(idsOf(await Array.fromAsync(connector.read(request, live()))).flat()).toEqual([1, 2, 3, 4].map(contactId))
      expect(deps.logs).toEqual([['salesforce.bulk-unpaged', { object: 'Contact', header }]])
    })
  })

  it('ends when locators lead in a circle of full pages, by the rows', async () => {
    grant()
    described()
    made()
    state('JobComplete', 5)
    leaf(csv(1, 2), 'AAA', 2)
    leaf(csv(3, 4), 'BBB', 2, 'AAA')
    leaf(csv(1, 2), 'CCC', 2, 'BBB')
    const pull = Array.fromAsync(bulk().connector.read(request, live()))
    expect(await thrown(pull)).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('6 rows') })
  })

  it.each([
    ['itself', ['AAA']],
    ['one before it', ['BBB', 'AAA']],
  ])('ends when the locator of an empty page leads to %s', async (_where, locators) => {
    grant()
    described()
    made()
    state('JobComplete', 3)
    leaf(csv(1, 2), 'AAA', 2)
    locators.forEach((next, n) => leaf(csv(), next, 0, ['AAA', ...locators][n]))
    const pull = Array.fromAsync(bulk().connector.read(request, live()))
    expect(await thrown(pull)).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('in a circle') })
  })

  it('reads pages whose last row has no line end', async () => {
    grant()
    described()
    made()
    state('JobComplete', 3)
    leaf(csv(1, 2).trimEnd(), 'AAA', 2)
    leaf(csv(3).trimEnd(), null, 1, 'AAA')
    dropped()
    expect(idsOf(await Array.fromAsync(bulk().connector.read(request, live()))).flat()).toEqual([1, 2, 3].map(contactId))
  })

  it('says so when a result is not in UTF-8', async () => {
    grant()
    described()
    made()
    state('JobComplete', 1)
    const bytes = Buffer.from(csv(1))
    bytes[bytes.indexOf('@')] = 0xe9
    api()
      .get(`${DATA}/jobs/query/${JOB}/results`)
      .query(true)
      .reply(200, bytes, { 'content-type': 'text/csv', 'sforce-locator': 'null', 'sforce-numberofrecords': '1' })
    expect(await thrown(Array.fromAsync(bulk().connector.read(request, live())))).toMatchObject({
      kind: 'unexpected-shape',
      message: 'a Bulk result is not in UTF-8',
    })
  })

  it('gives up on a job that never ends', async () => {
    grant()
    described()
    made()
    api().get(`${DATA}/jobs/query/${JOB}`).times(4).reply(200, { id: JOB, state: 'InProgress' })
    const pull = Array.fromAsync(bulk({ jobTimeoutMs: 4_000 }).connector.read(request, live()))
    expect(await thrown(pull)).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('InProgress') })
  })

  it.each([
    ['inside a row', csv(1, 2).slice(0, -20)],
    ['between two rows', csv(1)],
    ['before the header', ''],
  ])('throws, and yields no short page, when the CSV is cut %s', async (_where, text) => {
    grant()
    described()
    made()
    state('JobComplete', 2)
    leaf(text, null, 2)
    const seen: unknown[] = []
    const { connector } = bulk()
    const pull = (async () => {
      for await (const page of connector.read(request, live())) seen.push(page)
    })()
    expect(await thrown(pull)).toMatchObject({ name: 'ConnectorError', kind: 'unavailable' })
    expect(seen).toEqual([])
  })

  it('throws when the pages together hold fewer rows than the job processed', async () => {
    grant()
    described()
    made()
    state('JobComplete', 3)
    leaf(csv(1, 2), null, 2)
    const pull = Array.fromAsync(bulk().connector.read(request, live()))
    expect(await thrown(pull)).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('2 rows where numberRecordsProcessed says 3'),
    })
  })

  it('throws on a page without its counts, as a proxy would answer', async () => {
    grant()
    described()
    made()
    state('JobComplete', 3)
    api().get(`${DATA}/jobs/query/${JOB}/results`).query(true).reply(200, '<html>Please log in</html>', { 'content-type': 'text/html' })
    expect(await thrown(Array.fromAsync(bulk().connector.read(request, live())))).toMatchObject({ kind: 'unexpected-shape' })
  })

  it('reads a page again when the connection breaks in it, and gives each row once', async () => {
    nock.enableNetConnect('127.0.0.1')
    const text = csv(1, 2, 3)
    let tries = 0
    const org = createServer((asked, response) => {
      const send = (body: unknown) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      const url = asked.url ?? ''
      if (url.includes('/oauth2/')) return send({ ...tokenAnswer(), instance_url: `http://${asked.headers.host}` })
      if (url.endsWith('/describe')) return send(contactDescribe)
      if (!url.includes('/results')) return send({ id: JOB, state: 'JobComplete', numberRecordsProcessed: 3 })
      const headers = { 'content-type': 'text/csv', 'content-length': text.length, 'sforce-locator': 'null', 'sforce-numberofrecords': '3' }
      response.writeHead(200, headers)
      if (++tries > 2) return response.end(text)
      return response.write(text.slice(0, tries * 130), () => asked.socket.resetAndDestroy())
    })
    await new Promise<void>((resolve) => org.listen(0, '127.0.0.1', resolve))
    try {
      const loginUrl = `http://127.0.0.1:${(org.address() as AddressInfo).port}`
      const { connector, deps } = bulk({ loginUrl })
      expect(idsOf(await Array.fromAsync(connector.read(request, live())))).toEqual([[contactId(1), contactId(2)], [contactId(3)]])
      expect([tries, deps.slept]).toEqual([3, [1_000, 2_000]])
    } finally {
      org.closeAllConnections()
      org.close()
    }
  })
})

describe('a Bulk pull that was interrupted', () => {
  const interrupted = async () => {
    grant()
    described()
    made()
    state('JobComplete', 5)
    leaf(csv(1, 2, 3), 'AAA', 3)
    leaf(csv(4, 5), null, 2, 'AAA')
    for await (const page of bulk({ bulkPageSize: 3 }).connector.read(request, live())) return page.cursor
    throw new Error('no page')
  }
  /** Mocks of the second run come in `then`: each answers once. */
  const resume = async (then: () => void) => {
    const since = await interrupted()
    grant()
    described()
    then()
    return idsOf(await Array.fromAsync(bulk({ bulkPageSize: 3 }).connector.read({ ...request, since }, live())))
  }
  const restarted = () => {
    const second = '750000000000002AAA'
    api()
      .post(`${DATA}/jobs/query`, (body) => String(body.query).includes(`WHERE Id > '${contactId(2)}' ORDER BY Id`))
      .reply(200, { id: second, state: 'UploadComplete' })
    state('JobComplete', 3, second)
    leaf(csv(3, 4, 5), null, 3, undefined, second)
    dropped(second)
  }

  it('goes on in the middle of the locator page', async () => {
    const ids = await resume(() => {
      state('JobComplete', 5)
      leaf(csv(1, 2, 3), 'AAA', 3)
      leaf(csv(4, 5), null, 2, 'AAA')
      dropped()
    })
    expect(ids).toEqual([[contactId(3)], [contactId(4), contactId(5)]])
  })

  it.each([
    ['has expired', () => void api().get(`${DATA}/jobs/query/${JOB}`).reply(404, fault('NOT_FOUND'))],
    ['was aborted', () => void state('Aborted')],
    [
      'has lost its locator',
      () => {
        state('JobComplete', 5)
        api().get(`${DATA}/jobs/query/${JOB}/results`).query(true).reply(400, fault('INVALID_LOCATOR'))
      },
    ],
  ])('starts another job after the last stored record when the first one %s', async (_how, then) => {
    const ids = await resume(() => {
      then()
      restarted()
    })
    expect(ids).toEqual([[contactId(3), contactId(4)], [contactId(5)]])
  })
})

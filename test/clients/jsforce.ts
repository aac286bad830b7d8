/** jsforce, the official JavaScript client, through everything it offers that the sandbox answers. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { Connection, OAuth2 } from 'jsforce'
import { bulkSteps } from './jsforce-bulk.ts'
import { control } from './round.ts'
import { soapSteps } from './jsforce-soap.ts'
import { streamingSteps } from './jsforce-streaming.ts'
import type { Addresses, Report, Round } from './round.ts'

const APP = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
const USER = 'integration@sandbox.example'

export const jsforceRound: Round = {
  name: 'jsforce',
  async run(at, report) {
    const conn = new Connection({
      version: '60.0',
      loginUrl: at.salesforce,
      instanceUrl: at.salesforce,
      oauth2: { ...APP, loginUrl: at.salesforce },
      refreshToken: 'sandbox-refresh',
    })
    await loginSteps(at, report, conn)
    await querySteps(report, conn)
    await recordSteps(report, conn)
    await describeSteps(report, conn)
    await compositeSteps(report, conn)
    await bulkSteps(report, conn)
    await soapSteps(report, conn)
    await streamingSteps(report, conn)
    await report.step('a dead token is refreshed behind the scenes', async () => {
      await control(at, '/salesforce/expire-tokens')
      ok((await conn.query('SELECT Id FROM Contact LIMIT 1')).totalSize > 0)
    })
    await report.step('logout revokes the token', async () => {
      const token = conn.accessToken
      await conn.logout()
      equal((await fetch(`${at.salesforce}/services/data/v60.0/limits`, { headers: { authorization: `Bearer ${token}` } })).status, 401)
    })
  },
}

async function loginSteps(at: Addresses, { step }: Report, conn: Connection): Promise<void> {
  await step('SOAP login and logout', async () => {
    const soap = new Connection({ version: '60.0', loginUrl: at.salesforce })
    equal((await soap.login(USER, 'sandbox-password')).organizationId, '00D440000000001EAA')
    await soap.logout()
  })
  await step('user name and password, once the org allows it', async () => {
    const password = new Connection({ version: '60.0', oauth2: { ...APP, loginUrl: at.salesforce } })
    await rejects(password.login(USER, 'sandbox-password'), /authentication failure/)
    await control(at, '/salesforce/password-login', { oauth: true })
    equal((await password.login(USER, 'sandbox-password')).id, '005440000000001AAA')
  })
  await step('web server flow with PKCE', async () => {
    const oauth2 = new OAuth2({ ...APP, loginUrl: at.salesforce, redirectUri: 'http://localhost:1717/cb', useVerifier: true })
    const answer = await fetch(oauth2.getAuthorizationUrl({ scope: 'api refresh_token', state: 's' }), { redirect: 'manual' })
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const web = new Connection({ version: '60.0', oauth2 })
    await web.authorize(code)
    ok(web.refreshToken)
    equal((await web.identity()).username, USER)
  })
  await step('client credentials and identity', async () => {
    await conn.authorize({ grant_type: 'client_credentials' })
    equal((await conn.identity()).organization_id, '00D440000000001EAA')
  })
}

async function querySteps({ step }: Report, conn: Connection): Promise<void> {
  await step('query, queryMore, autoFetch', async () => {
    const options = { headers: { 'Sforce-Query-Options': 'batchSize=200' } }
    const first = await conn.query('SELECT Id FROM Contact', options)
    const all = await conn.query('SELECT Id FROM Contact', { autoFetch: true, maxFetch: 10_000, ...options })
    equal(all.records.length, first.totalSize)
    if (first.nextRecordsUrl !== undefined) ok((await conn.queryMore(first.nextRecordsUrl)).records.length > 0)
  })
  await step('a builder query with a parent, find and count', async () => {
    const rows = await conn
      .sobject('Contact')
      .find({ Email: { $exists: true } }, ['Id', 'Account.Name', 'Email'])
      .limit(3)
      .execute()
    equal(rows.length, 3)
    ok((await conn.sobject('Contact').count()) > 0)
  })
  await step('queryAll shows the bin, getDeleted and getUpdated list changes', async () => {
    const made = await conn.create('Contact', { LastName: 'Binned' })
    await conn.destroy('Contact', made.id ?? '')
    const binned = await conn.query(`SELECT Id FROM Contact WHERE IsDeleted = true AND Id = '${made.id}'`, { scanAll: true })
    equal(binned.totalSize, 1)
    const now = Date.now()
    await conn.deleted('Contact', new Date(now - 600_000), new Date(now + 60_000))
    await conn.updated('Contact', new Date(now - 600_000), new Date(now + 60_000))
  })
  await step('a search', async () => {
    const { searchRecords } = await conn.search('FIND {zzzz-nobody} IN ALL FIELDS RETURNING Contact(Id)')
    deepEqual(searchRecords, [])
  })
  await step('a broken query names its place', () =>
    rejects(async () => conn.query('SELECT Idd FROM Contact'), { errorCode: 'INVALID_FIELD' }),
  )
}

async function recordSteps({ step }: Report, conn: Connection): Promise<void> {
  await step('create, retrieve, update, upsert, destroy one record', async () => {
    const { id } = await conn.create('Contact', { LastName: 'One', Email: 'one.jsforce@example.test' })
    equal((await conn.retrieve('Contact', id ?? '')).LastName, 'One')
    equal((await conn.update('Contact', { Id: id ?? '', Title: 'Buyer' })).success, true)
    equal((await conn.upsert('Contact', { Email: 'one.jsforce@example.test', Department: 'Sales' }, 'Email')).id, id)
    equal((await conn.destroy('Contact', id ?? '')).success, true)
    await rejects(conn.retrieve('Contact', id ?? ''), { errorCode: 'ENTITY_IS_DELETED' })
  })
  await step('create, retrieve, update, upsert, destroy many records', async () => {
    const rows = Array.from({ length: 250 }, (_, n) => ({ LastName: 'Many', Email: `many${n}.jsforce@example.test` }))
    const made = await conn.create('Contact', rows, { allowRecursive: true })
    const ids = made.map(({ id }) => id ?? '')
    equal((await conn.retrieve('Contact', ids, { fields: ['Email'] })).length, 250)
    const changed = ids.slice(0, 10).map((Id) => ({ Id, Title: 'x' }))
    ok((await conn.update('Contact', changed)).every(({ success }) => success))
    const upserted = await conn.upsert('Contact', [{ Email: 'many0.jsforce@example.test', Title: 'y' }], 'Email')
    deepEqual(
      upserted.map(({ success }) => success),
      [true],
    )
    ok((await conn.destroy('Contact', ids, { allowRecursive: true })).every(({ success }) => success))
  })
}

async function describeSteps({ step }: Report, conn: Connection): Promise<void> {
  await step('describe, describeGlobal, layouts, tabs, theme, recent, limits', async () => {
    ok((await conn.describe('Contact')).fields.some(({ name }) => name === 'Email'))
    ok((await conn.describeGlobal()).sobjects.some(({ name }) => name === 'Lead'))
    const contact = conn.sobject('Contact')
    await contact.layouts()
    await contact.compactLayouts()
    await contact.approvalLayouts()
    await contact.listviews()
    await contact.recent()
    await Promise.all([conn.tabs(), conn.theme(), conn.recent()])
    ok((await conn.limits()).DailyApiRequests)
    match(String(conn.limitInfo.apiUsage?.limit), /^\d+$/)
  })
}

async function compositeSteps({ step }: Report, conn: Connection): Promise<void> {
  const base = '/services/data/v60.0'
  const post = (path: string, body: object): Promise<unknown> => conn.requestPost(path, body)
  await step('composite with references', async () => {
    const answer = (await post('/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Composite' } },
        { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'c', body: { LastName: 'C', AccountId: '@{a.id}' } },
        { method: 'GET', url: `${base}/sobjects/Contact/@{c.id}/Account`, referenceId: 'g' },
      ],
    })) as { compositeResponse: { httpStatusCode: number }[] }
    deepEqual(
      answer.compositeResponse.map(({ httpStatusCode }) => httpStatusCode),
      [201, 201, 200],
    )
  })
  await step('batch, graph and tree', async () => {
    const batch = (await post('/composite/batch', { batchRequests: [{ method: 'GET', url: 'v60.0/limits' }] })) as { hasErrors: boolean }
    equal(batch.hasErrors, false)
    const compositeRequest = [{ method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Graph' } }]
    const graph = (await post('/composite/graph', { graphs: [{ graphId: 'g', compositeRequest }] })) as {
      graphs: { isSuccessful: boolean }[]
    }
    equal(graph.graphs[0]?.isSuccessful, true)
    const records = [{ attributes: { type: 'Account', referenceId: 'r' }, Name: 'Tree' }]
    equal(((await post('/composite/tree/Account', { records })) as { hasErrors: boolean }).hasErrors, false)
  })
}

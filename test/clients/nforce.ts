/** nforce, a REST client of its own for Salesforce, installed for the run: sessions, records, queries, streams. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { control } from './round.ts'
import { installTemporarily } from './temp-install.ts'
import type { Report, Round } from './round.ts'

const SPEC = 'nforce@1.13.0'
const PATIENCE = 20_000

type Rec = {
  get(field: string): unknown
  getId(): string
  set(fields: object): void
  setExternalId(field: string, value: string): void
  toJSON(): object
}
type Found = { totalSize: number; records: Rec[]; nextRecordsUrl?: string }
type Call<T = unknown> = (options: object) => Promise<T>
type Org = Record<
  'authenticate' | 'insert' | 'update' | 'upsert' | 'delete' | 'getIdentity' | 'getLimits' | 'getSObjects' | 'getDescribe' | 'search',
  Call
> & {
  query: Call<Found>
  queryAll: Call<Found>
  getRecord: Call<Rec>
  getAuthUri(options?: object): string
  createStreamClient(): Streaming
}
type Streaming = { subscribe(options: object): { on(event: string, listener: (message?: unknown) => void): void }; disconnect(): void }
type Nforce = { createConnection(options: object): Org; createSObject(type: string, fields?: object): Rec }

export const nforceRound: Round = {
  name: 'nforce',
  async run(at, report) {
    const installed = await installTemporarily(SPEC)
    if (installed === undefined) return report.skip(`${SPEC} cannot be installed here`)
    try {
      const nforce = createRequire(join(installed.folder, 'package.json'))('nforce') as Nforce
      await control(at, '/salesforce/password-login', { oauth: true })
      const org = nforce.createConnection({
        clientId: 'sandbox-client',
        clientSecret: 'sandbox-secret',
        redirectUri: 'https://app.example.test/back',
        apiVersion: 'v60.0',
        mode: 'single',
        loginUri: `${at.salesforce}/services/oauth2/token`,
        authEndpoint: `${at.salesforce}/services/oauth2/authorize`,
      })
      await sessionSteps(report, org)
      await recordSteps(report, org, nforce)
      await streamSteps(report, org)
    } finally {
      await installed.remove()
    }
  },
}

async function sessionSteps(report: Report, org: Org): Promise<void> {
  await report.step('logs in by user name and by the code of the web flow', async () => {
    const login = { username: 'integration@sandbox.example', password: 'sandbox-password', securityToken: 'sandbox-token' }
    ok((await org.authenticate(login)) as object)
    const sent = await fetch(org.getAuthUri({ scope: ['api', 'refresh_token'], state: 'x' }), { redirect: 'manual' })
    const code = new URL(sent.headers.get('location') ?? '').searchParams.get('code')
    ok((await org.authenticate({ code })) as object)
  })
  await report.step('reads identity, limits and describes', async () => {
    equal(((await org.getIdentity({})) as { username: string }).username, 'integration@sandbox.example')
    ok(((await org.getLimits({})) as { DailyApiRequests: { Max: number } }).DailyApiRequests.Max > 0)
    ok(((await org.getSObjects({})) as { sobjects: unknown[] }).sobjects.length > 70)
    equal(((await org.getDescribe({ type: 'Contact' })) as { keyPrefix: string }).keyPrefix, '003')
  })
}

async function recordSteps(report: Report, org: Org, nforce: Nforce): Promise<void> {
  const ash = nforce.createSObject('Contact', { FirstName: 'Ann', LastName: 'Ash', Email: 'nforce@example.test' })
  await report.step('inserts, reads, updates, upserts and deletes by id and by key', async () => {
    await org.insert({ sobject: ash })
    const read = await org.getRecord({ type: 'Contact', id: ash.getId(), fields: ['LastName', 'Email'] })
    deepEqual([read.get('lastname'), read.get('email')], ['Ash', 'nforce@example.test'])
    ash.set({ Title: 'Buyer' })
    await org.update({ sobject: ash })
    const key = nforce.createSObject('Contact', { Title: 'Head' })
    key.setExternalId('Email', 'nforce@example.test')
    await org.upsert({ sobject: key })
    equal((await org.query({ query: "SELECT Title FROM Contact WHERE Email = 'nforce@example.test'" })).records[0]?.get('title'), 'Head')
    equal((await org.getRecord({ type: 'Contact', externalIdField: 'Email', externalId: 'nforce@example.test' })).getId(), ash.getId())
    await org.delete({ type: 'Contact', externalIdField: 'Email', externalId: 'nforce@example.test' })
    const gone = await org.queryAll({ query: "SELECT IsDeleted FROM Contact WHERE Email = 'nforce@example.test'" })
    deepEqual([gone.totalSize, gone.records[0]?.get('isdeleted')], [1, true])
  })
  await report.step('walks all pages, and searches', async () => {
    const all = (await org.query({ query: 'SELECT Id, Account.Name, (SELECT Id FROM Tasks) FROM Contact', fetchAll: true })) as Found
    equal(all.records.length, all.totalSize)
    const email = String((await org.query({ query: 'SELECT Email FROM Contact WHERE Email != null LIMIT 1' })).records[0]?.get('email'))
    const sosl = `FIND {${email.replaceAll('-', '\\-')}} IN EMAIL FIELDS RETURNING Contact(Id)`
    ok(((await org.search({ search: sosl })) as { searchRecords: unknown[] }).searchRecords.length > 0)
  })
  await report.step('is told what is wrong', async () => {
    await rejects(org.query({ query: 'SELECT Nope FROM Contact' }), /No such column 'Nope' on entity 'Contact'/)
    await rejects(org.insert({ sobject: nforce.createSObject('Contact', {}) }), /Required fields are missing: \[LastName\]/)
  })
}

/** The client knows push topics and platform events alone, which the sandbox does not hold. */
async function streamSteps(report: Report, org: Org): Promise<void> {
  await report.step('is told over Bayeux that a topic is not there', async () => {
    const client = org.createStreamClient()
    const answer = Promise.withResolvers<unknown>()
    const late = setTimeout(() => answer.reject(new Error('no answer')), PATIENCE)
    const topic = client.subscribe({ topic: 'NoSuchTopic' })
    topic.on('error', answer.resolve)
    topic.on('connect', () => answer.reject(new Error('a topic that is not there was subscribed to')))
    try {
      match(String(((await answer.promise) as Error).message), /channel|topic/i)
    } finally {
      clearTimeout(late)
      client.disconnect()
    }
  })
}

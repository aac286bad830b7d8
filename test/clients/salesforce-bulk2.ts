/** node-sf-bulk2, a client of the Bulk API 2.0 and of nothing else, installed for the run. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installTemporarily } from './temp-install.ts'
import type { Report, Round } from './round.ts'

const SPEC = 'node-sf-bulk2@1.0.1'
/** The client's own numbers for the two files of results. */
const [SUCCESSFUL, FAILED] = [0, 1]

type Job = { id: string; state: string; contentUrl: string; numberRecordsFailed: number; numberRecordsProcessed: number }
type Page = { data: string; headers: Record<string, string> }
type Bulk = {
  submitBulkQueryJob(query: object): Promise<Job>
  getBulkQueryJobInfo(id: string): Promise<Job>
  getAllBulkQueryJobInfo(config?: object): Promise<{ done: boolean; records: Job[] }>
  getBulkQueryResults(id: string, locator?: string, maxRecords?: number): Promise<Page>
  getBulkQueryResultPages(id: string): Promise<{ resultPages: { resultUrl: string }[]; done: boolean }>
  getResultPage(link: string): Promise<Page>
  deleteBulkQueryJob(id: string): Promise<void>
  createDataUploadJob(job: object): Promise<Job>
  createDataUploadJobWithData(job: object, csv: string): Promise<Job>
  uploadJobData(url: string, csv: string): Promise<number>
  closeOrAbortJob(id: string, state: string): Promise<Job>
  getIngestJobInfo(id: string): Promise<Job>
  getAllIngestJobInfo(config?: object): Promise<{ done: boolean; records: Job[] }>
  getResults(id: string, kind: number): Promise<string>
  deleteIngestJob(id: string): Promise<void>
}

export const bulk2Round: Round = {
  name: 'node-sf-bulk2',
  async run(at, report) {
    const installed = await installTemporarily(SPEC)
    if (installed === undefined) return report.skip(`${SPEC} cannot be installed here`)
    try {
      const { BulkAPI2 } = createRequire(join(installed.folder, 'package.json'))('node-sf-bulk2') as { BulkAPI2: new (org: object) => Bulk }
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
      const answer = await fetch(`${at.salesforce}/services/oauth2/token`, { method: 'POST', body })
      const { access_token: accessToken } = (await answer.json()) as { access_token: string }
      const bulk = new BulkAPI2({ accessToken, apiVersion: '60.0', instanceUrl: at.salesforce, callOptions: { client: 'round' } })
      await querySteps(report, bulk, at.salesforce)
      await ingestSteps(report, bulk)
    } finally {
      await installed.remove()
    }
  },
}

const rowsOf = ({ data }: Page): string[] => data.trim().split('\n').slice(1)

async function querySteps(report: Report, bulk: Bulk, origin: string): Promise<void> {
  await report.step('queries in pages by locator, and in pages side by side', async () => {
    const { id } = await bulk.submitBulkQueryJob({ operation: 'query', query: 'SELECT Id, Email FROM Contact' })
    const job = await bulk.getBulkQueryJobInfo(id)
    equal(job.state, 'JobComplete')
    const rows: string[] = []
    let locator: string | undefined
    do {
      const page: Page = await bulk.getBulkQueryResults(id, locator, 100)
      rows.push(...rowsOf(page))
      locator = page.headers['sforce-locator']
    } while (locator !== undefined && locator !== 'null')
    equal(rows.length, job.numberRecordsProcessed)
    const { resultPages, done } = await bulk.getBulkQueryResultPages(id)
    const aside = await Promise.all(resultPages.map(({ resultUrl }) => bulk.getResultPage(origin + resultUrl)))
    deepEqual([done, aside.flatMap(rowsOf)], [true, rows])
    ok((await bulk.getAllBulkQueryJobInfo({ jobType: 'V2Query' })).records.some((each) => each.id === id))
    await bulk.deleteBulkQueryJob(id)
  })
}

async function ingestSteps(report: Report, bulk: Bulk): Promise<void> {
  await report.step('inserts rows, in steps and in one call, and reads what became of them', async () => {
    const kind = { object: 'Contact', operation: 'insert', contentType: 'CSV', lineEnding: 'LF', columnDelimiter: 'COMMA' }
    const csv = 'LastName,Email\nOne,one.bulk2@example.test\nTwo,no address\n'
    const { id, contentUrl } = await bulk.createDataUploadJob(kind)
    equal(await bulk.uploadJobData(contentUrl, csv), 201)
    equal((await bulk.closeOrAbortJob(id, 'UploadComplete')).state, 'UploadComplete')
    const done = await bulk.getIngestJobInfo(id)
    deepEqual([done.state, done.numberRecordsProcessed, done.numberRecordsFailed], ['JobComplete', 2, 1])
    ok((await bulk.getResults(id, SUCCESSFUL)).includes('one.bulk2@example.test'))
    ok((await bulk.getResults(id, FAILED)).includes('INVALID_EMAIL_ADDRESS'))
    const whole = await bulk.createDataUploadJobWithData(kind, 'LastName\nThree\n')
    equal((await bulk.getIngestJobInfo(whole.id)).state, 'JobComplete')
    ok((await bulk.getAllIngestJobInfo({ jobType: 'V2Ingest' })).records.length >= 2)
    await bulk.deleteIngestJob(id)
  })
}

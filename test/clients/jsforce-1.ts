/** jsforce of two majors ago, installed for the run: callbacks and events on the same wire. */
import { equal, ok, rejects } from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installTemporarily } from './temp-install.ts'
import type { Connection } from 'jsforce'
import type { Addresses, Report, Round } from './round.ts'

const SPEC = 'jsforce@1'
type Events = { on(event: string, listener: (value: never) => void): Events; run(options: object): void }
type Jsforce = { Connection: new (options: object) => Connection }

export const jsforceOneRound: Round = {
  name: 'jsforce-1',
  async run(at, report) {
    const installed = await installTemporarily(SPEC)
    if (installed === undefined) return report.skip(`${SPEC} cannot be installed here`)
    try {
      const jsforce = createRequire(join(installed.folder, 'package.json'))('jsforce') as Jsforce
      await run(at, new jsforce.Connection({ version: '60.0', loginUrl: at.salesforce }), report)
    } finally {
      await installed.remove()
    }
  },
}

async function run(at: Addresses, conn: Connection, report: Report): Promise<void> {
  const { step } = report
  await step('SOAP login, then identity', async () => {
    equal((await conn.login('integration@sandbox.example', 'sandbox-password')).organizationId, '00D440000000001EAA')
    equal((await conn.identity()).username, 'integration@sandbox.example')
    equal(conn.instanceUrl, at.salesforce)
  })
  await step('a query tells its records in events, page after page', async () => {
    const seen = await eachRecord(conn.query('SELECT Id FROM Contact') as unknown as Events)
    equal(seen, (await conn.query('SELECT count() FROM Contact')).totalSize)
  })
  await step('records are created, upserted, changed and destroyed', async () => {
    const contacts = conn.sobject('Contact')
    const { id = '' } = await contacts.create({ LastName: 'One', Email: 'one.jsforce1@example.test' })
    equal((await contacts.upsert({ LastName: 'Two', Email: 'one.jsforce1@example.test' }, 'Email')).id, id)
    ok((await contacts.update([{ Id: id, Title: 'x' }])).every(({ success }) => success))
    ok((await contacts.destroy(id)).success)
    await rejects(async () => contacts.retrieve(id), { errorCode: 'ENTITY_IS_DELETED' })
  })
  await step('describes, Tooling, tabs, actions and limits', async () => {
    ok((await conn.describeGlobal()).sobjects.some(({ name }) => name === 'Contact'))
    ok((await conn.tooling.describeGlobal()).sobjects.some(({ name }) => name === 'CustomField'))
    await Promise.all([conn.tabs(), conn.theme(), conn.quickActions(), conn.limits()])
  })
  await step('Bulk 1.0 inserts and deletes', async () => {
    conn.bulk.pollInterval = 20
    await conn.bulk.load('Contact', 'insert', [{ LastName: 'jsforceone' }, { LastName: 'jsforceone' }])
    const gone = await conn.sobject('Contact').find({ LastName: 'jsforceone' }).destroy()
    equal(gone.length, 2)
  })
  await step('logout', () => conn.logout())
}

function eachRecord(query: Events): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = 0
    query
      .on('record', () => (seen += 1))
      .on('end', () => resolve(seen))
      .on('error', reject)
      .run({ autoFetch: true, maxFetch: 10_000 })
  })
}

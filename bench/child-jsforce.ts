/** The peer: jsforce's own Bulk 2.0 query over the same rows and columns. Its paging is broken, so one page holds them all. */
import { Connection } from 'jsforce'

const [loginUrl, columns] = process.argv.slice(2)
const connection = new Connection({
  loginUrl: loginUrl!,
  version: '60.0',
  oauth2: { clientId: 'sandbox-client', clientSecret: 'sandbox-secret', loginUrl: loginUrl! },
})
await connection.authorize({ grant_type: 'client_credentials' })
connection.bulk2.pollTimeout = 600_000
connection.bulk2.pollInterval = 200
const started = performance.now()
let records = 0
for (const object of ['Contact', 'Lead']) {
  const stream = await connection.bulk2.query(`SELECT ${columns} FROM ${object}`)
  for await (const record of stream) if (record['Id'] !== 'Id') records += 1
}
const seconds = (performance.now() - started) / 1_000
process.stdout.write(`${JSON.stringify({ seconds, records, rssMiB: process.resourceUsage().maxRSS / 1024 })}\n`)
process.exit(0)

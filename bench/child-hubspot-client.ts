/** The peer: the official client, paging the same contacts with the same properties, and nothing else. */
import { Client } from '@hubspot/api-client'

const [basePath, accessToken, properties, limit] = process.argv.slice(2)
const client = new Client({ basePath: basePath!, accessToken: accessToken! })
const names = properties!.split(',')
const maximum = Number(limit ?? Infinity)
let after: string | undefined
let records = 0
const started = performance.now()
do {
  const page = await client.crm.contacts.basicApi.getPage(100, after, names)
  records += page.results.length
  after = page.paging?.next?.after
} while (after !== undefined && records < maximum)
const seconds = (performance.now() - started) / 1_000
process.stdout.write(`${JSON.stringify({ seconds, records, rssMiB: process.resourceUsage().maxRSS / 1024 })}\n`)

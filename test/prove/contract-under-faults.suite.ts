/** Run by contract-under-faults.ts, which sets the seed: the contract of both connectors, on a bad day. */
import { afterAll } from 'vitest'
import { appendFileSync } from 'node:fs'
import { createNoise } from '../connectors/noise.ts'
import { hubspotCan, hubspotWorld, rolling429 } from '../connectors/hubspot/world.ts'
import { salesforceCan, salesforceWorld } from '../connectors/salesforce/world.ts'
import { testConnector } from '../connectors/contract.ts'
import type { NoisyWords } from '../connectors/noise.ts'

const seed = Number(process.env['FAULT_SEED'])
const short = process.env['FAULT_SHORT'] === 'true'
const notes = process.env['FAULT_NOTES']

const page = { status: 502, type: 'text/html', body: '<html><body>Bad Gateway</body></html>' }
const hubspotWords: NoisyWords = {
  throttled: { status: 429, body: rolling429 },
  broken: [
    page,
    {
      status: 500,
      type: 'application/json',
      body: '{"status":"error","message":"internal error","correlationId":"c033cdaa-2c40-4a64-ae48-b4cec88dad24"}',
    },
    { status: 503, type: 'text/plain', body: 'Service Unavailable' },
    { status: 504, type: 'text/html', body: '' },
  ],
}
const salesforceWords: NoisyWords = {
  throttled: { status: 403, body: '[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]' },
  broken: [
    page,
    { status: 503, type: 'application/json;charset=UTF-8', body: '[{"message":"Server unavailable","errorCode":"SERVER_UNAVAILABLE"}]' },
    {
      status: 500,
      type: 'application/json;charset=UTF-8',
      body: '[{"message":"An unexpected error occurred.","errorCode":"UNKNOWN_EXCEPTION"}]',
    },
  ],
}

const hubspotNoise = createNoise(seed, hubspotWords)
const salesforceNoise = createNoise(seed + 1, salesforceWords)
// The large delta costs thousands of requests: once is enough.
const can = { ...hubspotCan, noise: true, searchWindow: 0 }
testConnector('hubspot', () => hubspotWorld({}, hubspotNoise), short ? can : { ...can, searchWindow: hubspotCan.searchWindow })
testConnector('hubspot, dated API', () => hubspotWorld({ apiVersion: '2026-03' }, hubspotNoise), can)
const oauth = { clientId: 'sandbox-app', clientSecret: 'sandbox-secret', refreshToken: 'sandbox-refresh' }
testConnector('hubspot, OAuth app', () => hubspotWorld({ auth: oauth }, hubspotNoise), can)
testConnector('salesforce by REST', salesforceWorld({ bulkThreshold: 1_000_000 }, salesforceNoise), { ...salesforceCan, noise: true })
testConnector('salesforce by Bulk', salesforceWorld({ bulkThreshold: 0, bulkPageSize: 5, pollMs: 1 }, salesforceNoise), {
  ...salesforceCan,
  noise: true,
})

afterAll(() => {
  if (notes !== undefined)
    appendFileSync(notes, `${JSON.stringify({ hubspot: hubspotNoise.counts, salesforce: salesforceNoise.counts })}\n`)
})

/** A HubSpot portal as nock plays it: exactly the answers that a test lines up, and nothing else. */
import nock from 'nock'
import type { Connector } from '../../../src/connectors/connector.ts'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { testDeps, type TestDeps } from '../deps.ts'

export { strictNock as strictPortal } from '../strict-nock.ts'

export const api = 'https://api.hubapi.com'
export const token = 'pat-eu1-canary-0000-0000-0000000000aa'
export const contacts = '/crm/v3/objects/contacts'
export const live = () => new AbortController().signal

export function connected(settings: Record<string, unknown> = {}): { connector: Connector; deps: TestDeps } {
  const deps = testDeps(Date.parse('2026-11-20T21:30:00Z'))
  return { connector: hubspot.connect('hubspot', hubspot.settings.parse({ auth: { token }, ...settings }), deps), deps }
}

export const row = (id: number, properties: Record<string, string | null> = {}) => ({
  id: String(id),
  properties: { hs_object_id: String(id), createdate: '2024-01-01T00:00:00Z', lastmodifieddate: '2024-02-01T00:00:00.250Z', ...properties },
  createdAt: '2024-01-01T00:00:00Z',
  updatedAt: '2024-02-01T00:00:00.250Z',
  archived: false,
})
export const counted = (total: number) =>
  nock(api)
    .post(`${contacts}/search`, (body) => body.limit === 1)
    .reply(200, { total, results: [] })
export const list = () => nock(api).get(contacts).query(true)
export const batchRead = () => nock(api).post(`${contacts}/batch/read`)
export const batchUpdate = () => nock(api).post(`${contacts}/batch/update`)
export const error = (status: number, more: object = {}) => ({
  status: 'error',
  message: 'canary@example.test',
  correlationId: 'c-1',
  category: 'TROUBLE',
  ...more,
  code: status,
})
export const limited = (policyName: string) => ({
  status: 'error',
  message: 'You have reached a limit.',
  errorType: 'RATE_LIMIT',
  policyName,
})

/** A whole org over HTTP, and a connector on it; closed after the test. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { createSalesforce } from '../../../src/sandbox/salesforce/index.ts'
import { testDeps } from '../deps.ts'

export async function sandboxOrg(more: object = {}) {
  const crm = createSalesforce({ clock: { now: () => Date.now(), at: () => () => undefined }, rateLimit: true, seed: 1 })
  const org = { answer: crm.handle }
  const server = createServer((request, response) => void org.answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    crm.close?.()
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(stop)
  const loginUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
  const settings = salesforce.settings.parse({ loginUrl, auth, without: ['Invoice', 'ServiceContract'], ...more })
  const deps = testDeps()
  return Object.assign(org, { crm, host: new URL(loginUrl).host, connector: salesforce.connect('org', settings, deps), deps, stop })
}

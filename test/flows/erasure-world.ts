/** Both CRMs of the sandbox, their clock stopped, and both connectors as an erasure uses them. */
import { hubspot } from '../../src/connectors/hubspot/index.ts'
import { salesforce } from '../../src/connectors/salesforce/index.ts'
import { parseConnections } from '../../src/core/record/mapping.ts'
import { sideOf, type Side } from '../../src/tasks/erasure/seek.ts'
import { testDeps } from '../connectors/deps.ts'
import { openPushWorld, type PushWorld } from '../sandbox/salesforce-push-world.ts'
import { HUBSPOT_TOKEN } from './crms.ts'

const salesforceFields = { email: 'Email', firstName: 'FirstName', lastName: 'LastName', phone: 'Phone' }
const parsed = parseConnections({
  version: 1,
  connections: [
    {
      id: 'hubspot',
      crm: 'hubspot',
      objects: [
        {
          object: 'contacts',
          fields: { email: 'email', firstName: 'firstname', lastName: 'lastname', phone: 'phone' },
          emails: ['email', 'hs_additional_emails'],
          phones: ['phone'],
          crossIds: [
            { field: 'salesforcecontactid', crm: 'salesforce', object: 'Contact' },
            { field: 'salesforceleadid', crm: 'salesforce', object: 'Lead' },
          ],
        },
      ],
    },
    {
      id: 'salesforce',
      crm: 'salesforce',
      objects: ['Contact', 'Lead'].map((object) => ({ object, fields: salesforceFields, emails: ['Email'], phones: ['Phone'] })),
    },
  ],
})
if (!parsed.ok) throw new Error('the mapping of this test is wrong')
const [ofHubspot, ofSalesforce] = parsed.value.connections

export async function openErasureWorld(): Promise<{ world: PushWorld; sides: readonly Side[] }> {
  const world = await openPushWorld()
  await world.control('POST', '/clock', { freeze: true })
  await world.control('POST', '/hubspot/index-lag', { ms: 0 })
  await world.control('POST', '/salesforce/search-lag', { ms: 0 })
  await world.control('POST', '/snapshot')
  const hs = hubspot.connect(
    'hubspot',
    hubspot.settings.parse({ apiUrl: world.sandbox.hubspot, auth: { token: HUBSPOT_TOKEN } }),
    testDeps(),
  )
  const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
  const url = world.sandbox.salesforce
  const org = { loginUrl: url, instanceUrl: url, auth, without: ['Invoice', 'ServiceContract'] }
  const sf = salesforce.connect('salesforce', salesforce.settings.parse(org), testDeps())
  const options = { genericLocalParts: new Set<string>(), homeCountry: 'FR' }
  const sides = [
    sideOf('hubspot', hs.erasure!, ofHubspot!.objects, options),
    sideOf('salesforce', sf.erasure!, ofSalesforce!.objects, options),
  ]
  return { world, sides }
}

/** Salesforce records of one object, 200 a call; their ids in order. */
export async function createMany(world: PushWorld, object: string, rows: readonly Record<string, unknown>[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (let from = 0; from < rows.length; from += 200) {
    const records = rows.slice(from, from + 200).map((row) => ({ attributes: { type: object }, ...row }))
    const { json } = await world.rest('POST', '/composite/sobjects', { allOrNone: true, records })
    for (const one of json as { id: string; success: boolean; errors: unknown }[]) {
      if (!one.success) throw new Error(JSON.stringify(one.errors))
      ids.push(one.id)
    }
  }
  return ids
}

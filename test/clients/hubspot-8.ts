/** The official HubSpot client of six majors ago, installed for the run: other names for merging, erasing and tokens, another transport, the same wire. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { batchSteps, contact, propertySteps, TOKEN } from './hubspot.ts'
import { installTemporarily } from './temp-install.ts'
import type { Client } from '@hubspot/api-client'
import type { Addresses, Report, Round } from './round.ts'

const SPEC = '@hubspot/api-client@8'
/** The parts of this major that later ones no longer have. */
type Contacts = Client['crm']['contacts'] & {
  publicObjectApi: { merge(input: { primaryObjectId: string; objectIdToMerge: string }): Promise<{ id: string }> }
  gdprApi: { purge(input: { objectId: string; idProperty?: string }): Promise<void> }
}
type Tokens = { createToken(...form: (string | undefined)[]): Promise<{ accessToken: string }> }

export const hubspotEightRound: Round = {
  name: 'hubspot-8',
  async run(at, report) {
    const installed = await installTemporarily(SPEC)
    if (installed === undefined) return report.skip(`${SPEC} cannot be installed here`)
    try {
      const eight = createRequire(join(installed.folder, 'package.json'))('@hubspot/api-client') as { Client: typeof Client }
      await run(at, new eight.Client({ accessToken: TOKEN, basePath: at.hubspot }), report)
    } finally {
      await installed.remove()
    }
  },
}

async function run(at: Addresses, client: Client, report: Report): Promise<void> {
  await contactSteps(client.crm.contacts as Contacts, report)
  await batchSteps(client, report)
  await propertySteps(client, report)
  await report.step('a refresh token brings an access token that reads', async () => {
    const { createToken } = client.oauth.tokensApi as unknown as Tokens
    const form = ['refresh_token', undefined, undefined, 'sandbox-app', 'sandbox-secret', 'sandbox-refresh']
    const { accessToken } = await createToken.call(client.oauth.tokensApi, ...form)
    const headers = { authorization: `Bearer ${accessToken}` }
    equal((await fetch(`${at.hubspot}/crm/v3/objects/contacts?limit=1`, { headers })).status, 200)
  })
}

async function contactSteps(contacts: Contacts, { step }: Report): Promise<void> {
  const { basicApi, searchApi, publicObjectApi, gdprApi } = contacts
  await step('contacts are created, merged and erased', async () => {
    const [one, two] = [await basicApi.create(contact('one.eight@example.test')), await basicApi.create(contact('two.eight@example.test'))]
    const merged = await publicObjectApi.merge({ primaryObjectId: one.id, objectIdToMerge: two.id })
    await gdprApi.purge({ objectId: merged.id })
    await gdprApi.purge({ objectId: 'nobody.eight@example.test', idProperty: 'email' })
    await rejects(async () => basicApi.getById(merged.id), { code: 404 })
  })
  await step('contacts are paged through once', async () => {
    const ids = (await contacts.getAll(100)).map(({ id }) => id)
    ok(ids.length > 100)
    equal(new Set(ids).size, ids.length)
  })
  await step('a search is sorted by an object in text form', async () => {
    const sort = JSON.stringify({ propertyName: 'createdate', direction: 'DESCENDING' })
    const search = { filterGroups: [], sorts: [sort], properties: ['createdate'], limit: 10, after: '0' }
    const dates = (await searchApi.doSearch(search)).results.map(({ properties }) => properties['createdate'] ?? '')
    deepEqual(dates, dates.toSorted().toReversed())
  })
}

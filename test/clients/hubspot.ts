/** The official HubSpot client of two majors: the one this project builds on, and the one before, installed for the run. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Client } from '@hubspot/api-client'
import { hubspotListSteps } from './hubspot-lists.ts'
import { installTemporarily } from './temp-install.ts'
import type { Report, Round } from './round.ts'

export const TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'
/** The declarations ask for enums and members that the API does not. */
export type Loose = never

export const hubspotRound: Round = {
  name: 'hubspot',
  run: (at, report) => run(new Client({ accessToken: TOKEN, basePath: at.hubspot }), report),
}

export const hubspotBeforeRound: Round = {
  name: 'hubspot-13',
  async run(at, report) {
    const installed = await installTemporarily('@hubspot/api-client@13')
    if (installed === undefined) return report.skip('@hubspot/api-client@13 cannot be installed here')
    try {
      const before = createRequire(join(installed.folder, 'package.json'))('@hubspot/api-client') as { Client: typeof Client }
      await run(new before.Client({ accessToken: TOKEN, basePath: at.hubspot }), report)
    } finally {
      await installed.remove()
    }
  },
}

async function run(client: Client, report: Report): Promise<void> {
  await contactSteps(client, report)
  await batchSteps(client, report)
  await upsertSteps(client, report)
  await propertySteps(client, report)
  await associationSteps(client, report)
  await peopleSteps(client, report)
  await hubspotListSteps(client, report)
}

export const contact = (email: string, more: Record<string, string> = {}) => ({ properties: { email, ...more }, associations: [] })

async function contactSteps({ crm }: Client, { step }: Report): Promise<void> {
  const { basicApi, searchApi } = crm.contacts
  await step('a contact is created, read by id and by e-mail, updated, merged and archived', async () => {
    const made = await basicApi.create(contact('one.client@example.test', { firstname: 'One' }))
    equal((await basicApi.getById(made.id, ['firstname'])).properties['firstname'], 'One')
    const byEmail = await basicApi.getById('one.client@example.test', ['email'], ['email'], undefined, false, 'email')
    equal(byEmail.id, made.id)
    equal((await basicApi.update(made.id, { properties: { city: 'Lyon' } })).id, made.id)
    const other = await basicApi.create(contact('two.client@example.test'))
    await basicApi.merge({ primaryObjectId: made.id, objectIdToMerge: other.id })
    await basicApi.archive(made.id)
    await rejects(async () => basicApi.getById(made.id), { code: 404 })
  })
  await step('contacts are paged through once', async () => {
    const ids = (await crm.contacts.getAll(100)).map(({ id }) => id)
    ok(ids.length > 100)
    equal(new Set(ids).size, ids.length)
  })
  await step('contacts are searched', async () => {
    const filter = { propertyName: 'email', operator: 'HAS_PROPERTY' }
    const found = await searchApi.doSearch({
      filterGroups: [{ filters: [filter] }],
      properties: ['email'],
      limit: 5,
      sorts: [],
      after: '0',
    } as Loose)
    equal(found.results.length, 5)
    ok(found.total > 5)
  })
  await step('a conflict and a wrong property are refused', async () => {
    await basicApi.create(contact('conflict.client@example.test'))
    await rejects(async () => basicApi.create(contact('conflict.client@example.test')), { code: 409 })
    await rejects(async () => basicApi.create({ properties: { no_such_property: 'x' }, associations: [] }), { code: 400 })
  })
}

export async function batchSteps({ crm }: Client, { step }: Report): Promise<void> {
  const { batchApi } = crm.contacts
  await step('contacts are created, read, updated and archived in batches', async () => {
    const emails = [0, 1, 2].map((n) => `batch${n}.client@example.test`)
    const made = await batchApi.create({ inputs: emails.map((email) => contact(email)) } as Loose)
    const inputs = made.results.map(({ id }) => ({ id }))
    const read = await batchApi.read({ inputs, properties: ['email'], propertiesWithHistory: [] } as Loose)
    deepEqual(read.results.map(({ properties }) => properties['email']).toSorted(), emails)
    const city = { city: 'Paris' }
    equal((await batchApi.update({ inputs: inputs.map(({ id }) => ({ id, properties: city })) } as Loose)).results.length, 3)
    await batchApi.archive({ inputs })
  })
}

async function upsertSteps({ crm }: Client, { step }: Report): Promise<void> {
  const { batchApi } = crm.contacts
  await step('contacts are upserted by e-mail, twice', async () => {
    const inputs = [0, 1, 2].map((n) => ({ id: `upsert${n}.client@example.test`, idProperty: 'email', properties: { city: 'Nice' } }))
    const made = (await batchApi.upsert({ inputs } as Loose)).results.map(({ id }) => id)
    deepEqual((await batchApi.upsert({ inputs } as Loose)).results.map(({ id }) => id).toSorted(), made.toSorted())
  })
}

export async function propertySteps({ crm }: Client, { step }: Report): Promise<void> {
  const { coreApi, groupsApi } = crm.properties
  await step('a property and its group are created, read, changed and archived', async () => {
    await groupsApi.create('contacts', { name: 'client_round', label: 'Client round', displayOrder: -1 })
    const property = { name: 'client_round', label: 'Client round', type: 'string', fieldType: 'text', groupName: 'client_round' }
    equal((await coreApi.create('contacts', property as Loose)).name, 'client_round')
    equal((await coreApi.update('contacts', 'client_round', { label: 'Changed' } as Loose)).label, 'Changed')
    ok((await coreApi.getAll('contacts')).results.some(({ name }) => name === 'client_round'))
    await coreApi.archive('contacts', 'client_round')
    await rejects(async () => coreApi.getByName('contacts', 'client_round'), { code: 404 })
    await groupsApi.archive('contacts', 'client_round')
  })
}

async function associationSteps({ crm }: Client, { step }: Report): Promise<void> {
  await step('a contact is tied to a company, and untied', async () => {
    const person = await crm.contacts.basicApi.create(contact('tied.client@example.test'))
    const company = await crm.companies.basicApi.create({ properties: { name: 'Tied' }, associations: [] })
    const { basicApi } = crm.associations.v4
    await basicApi.createDefault('contacts', person.id, 'companies', company.id)
    const page = await basicApi.getPage('contacts', person.id, 'companies')
    deepEqual(
      page.results.map(({ toObjectId }) => String(toObjectId)),
      [company.id],
    )
    const shown = await crm.contacts.basicApi.getById(person.id, undefined, undefined, ['companies'])
    ok(shown.associations?.['companies'])
    await basicApi.archive('contacts', person.id, 'companies', company.id)
    equal((await basicApi.getPage('contacts', person.id, 'companies')).results.length, 0)
  })
  await step('a deal and a ticket are made in their pipelines', async () => {
    for (const [type, name] of [
      ['deals', 'dealname'],
      ['tickets', 'subject'],
    ] as const) {
      const pipeline = (await crm.pipelines.pipelinesApi.getAll(type)).results[0]
      const stage = pipeline?.stages[0]?.id ?? ''
      const stageName =
        type === 'deals'
          ? { pipeline: pipeline?.id ?? '', dealstage: stage }
          : { hs_pipeline: pipeline?.id ?? '', hs_pipeline_stage: stage }
      const made = await crm.objects.basicApi.create(type, { properties: { [name]: 'Round', ...stageName }, associations: [] })
      equal((await crm.objects.basicApi.getById(type, made.id, [name])).properties[name], 'Round')
      await crm.objects.basicApi.archive(type, made.id)
    }
  })
}

async function peopleSteps({ crm, communicationPreferences, oauth }: Client, { step }: Report): Promise<void> {
  await step('owners are listed', async () => {
    const { results } = await crm.owners.ownersApi.getPage()
    ok(results.length > 0)
    equal((await crm.owners.ownersApi.getById(Number(results[0]?.id))).id, results[0]?.id)
  })
  await step('subscriptions are listed, taken and given up', async () => {
    const email = 'subscriber.client@example.test'
    await crm.contacts.basicApi.create(contact(email))
    const { subscriptionDefinitions } = await communicationPreferences.definitionApi.getPage()
    const subscriptionId = subscriptionDefinitions[0]?.id ?? ''
    const change = { emailAddress: email, subscriptionId, legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'round' }
    equal((await communicationPreferences.statusApi.subscribe(change as Loose)).status, 'SUBSCRIBED')
    await communicationPreferences.statusApi.unsubscribe({ emailAddress: email, subscriptionId } as Loose)
    const statuses = (await communicationPreferences.statusApi.getEmailStatus(email)).subscriptionStatuses
    equal(statuses.find(({ id }) => id === subscriptionId)?.status, 'NOT_SUBSCRIBED')
  })
  await step('a refresh token brings an access token that names its portal', async () => {
    const made = await oauth.tokensApi.create('refresh_token', undefined, undefined, 'sandbox-app', 'sandbox-secret', 'sandbox-refresh')
    equal((await oauth.accessTokensApi.get(made.accessToken)).hubId, 4_400_001)
  })
}

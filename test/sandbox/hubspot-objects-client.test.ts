import { AssociationTypes } from '@hubspot/api-client'
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js'
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/objects/notes/models/Filter.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const spec = (associationTypeId: number) => ({
  associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined,
  associationTypeId,
})

test('the official client associates a contact with a company and a note, and reads that back', async () => {
  const { crm } = world.client
  const contact = await crm.contacts.basicApi.create({ properties: { email: 'ada@example.test' }, associations: [] })
  const company = await crm.companies.basicApi.create({ properties: { name: 'Alpha' }, associations: [] })
  const note = await crm.objects.notes.basicApi.create({
    properties: { hs_timestamp: '2026-01-05T10:00:00Z', hs_note_body: 'Hello' },
    associations: [{ to: { id: contact.id }, types: [spec(AssociationTypes.noteToContact)] }],
  })
  const v4 = crm.associations.v4
  const byDefault = await v4.basicApi.createDefault('contacts', contact.id, 'companies', company.id)
  expect(byDefault.results.map((result) => result.associationSpec.associationTypeId)).toEqual([279, 280])
  const labelled = await v4.basicApi.create('contacts', contact.id, 'companies', company.id, [
    spec(AssociationTypes.primaryContactToCompany),
  ])
  expect([labelled.labels, String(labelled.toObjectId)]).toEqual([['Primary'], company.id])
  const page = await v4.basicApi.getPage('contacts', contact.id, 'notes')
  expect(page.results.map((result) => String(result.toObjectId))).toEqual([note.id])
  const read = await crm.contacts.basicApi.getById(contact.id, undefined, undefined, ['companies', 'notes'])
  expect(read.associations?.['companies']?.results.map((result) => result.type)).toEqual([
    'contact_to_company_unlabeled',
    'contact_to_company',
  ])
  const batch = await v4.batchApi.getPage('contacts', 'notes', { inputs: [{ id: contact.id }] })
  expect(batch.results[0]?._from.id).toBe(contact.id)
  const older = await crm.associations.batchApi.read('contacts', 'companies', { inputs: [{ id: contact.id }] })
  expect(older.results[0]?.to.map((to) => to.id)).toEqual([company.id, company.id])
  await v4.basicApi.archive('contacts', contact.id, 'companies', company.id)
  expect((await v4.basicApi.getPage('contacts', contact.id, 'companies')).results).toEqual([])
})

test('the official client walks the other object types', async () => {
  const { crm } = world.client
  const deal = await crm.deals.basicApi.create({
    properties: { dealname: 'Order', dealstage: 'closedwon', amount: '12' },
    associations: [],
  })
  expect(deal.properties).toMatchObject({
    hs_is_closed: 'true',
    hs_is_closed_won: 'true',
    amount_in_home_currency: '12',
    pipeline: 'default',
  })
  const tickets = await crm.tickets.batchApi.create({
    inputs: [1, 2].map((n) => ({ properties: { subject: `T${n}`, hs_pipeline_stage: '1' }, associations: [] })),
  })
  expect(tickets.results.length).toBe(2)
  const task = await crm.objects.tasks.basicApi.create({
    properties: { hs_timestamp: '1767607200000', hs_task_subject: 'Call Ada', hs_task_status: 'COMPLETED' },
    associations: [],
  })
  expect(task.properties).toMatchObject({ hs_timestamp: '2026-01-05T10:00:00Z', hs_task_is_completed: 'true' })
  await world.control('POST', '/hubspot/index-lag', { ms: 0 })
  await world.control('POST', '/clock', { advanceMs: 30_000 })
  const filters = [{ propertyName: 'hs_task_subject', operator: FilterOperatorEnum.ContainsToken, value: 'ada' }]
  const found = await crm.objects.tasks.searchApi.doSearch({
    filterGroups: [{ filters }],
    properties: [],
    limit: 10,
    after: '0',
    sorts: [],
  })
  expect(found.results.map((result) => result.id)).toEqual([task.id])
  expect((await crm.objects.basicApi.getPage('0-5', 1)).paging?.next?.after).toBe(tickets.results[1]?.id)
})

test('the official client reads pipelines, users, schemas and labels', async () => {
  const { crm, settings } = world.client
  expect((await crm.pipelines.pipelinesApi.getAll('deals')).results[0]?.stages.length).toBe(7)
  expect((await settings.users.usersApi.getPage()).results.map((user) => user.email)).toContain('sales@sandbox.example')
  expect((await settings.users.teamsApi.getAll()).results.length).toBe(1)
  expect((await crm.schemas.coreApi.getAll()).results).toEqual([])
  expect((await crm.associations.v4.schema.definitionsApi.getAll('contacts', 'notes')).results.map((type) => type.typeId)).toEqual([201])
  expect((await crm.associations.schema.typesApi.getAll('notes', 'contacts')).results.map((type) => type.name)).toEqual(['note_to_contact'])
  const report = await crm.associations.v4.reportApi.request(4_400_301)
  expect([report.userId, report.userEmail]).toEqual([4_400_301, 'sales@sandbox.example'])
  const token = await world.client.oauth.tokensApi.create(
    'refresh_token',
    undefined,
    undefined,
    'sandbox-app',
    'sandbox-secret',
    'sandbox-refresh',
  )
  expect((await world.client.oauth.refreshTokensApi.get(token.refreshToken)).hubId).toBe(4_400_001)
})

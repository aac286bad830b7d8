/** Lists as the official HubSpot client drives them. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import type { Client } from '@hubspot/api-client'
import type { Loose } from './hubspot.ts'
import type { Report } from './round.ts'

export async function hubspotListSteps({ crm }: Client, { step }: Report): Promise<void> {
  const { listsApi, membershipsApi } = crm.lists
  await step('a manual list takes members, shows them and lets them go', async () => {
    const made = await listsApi.create({ name: 'Client round', objectTypeId: '0-1', processingType: 'MANUAL' } as Loose)
    const listId = made.list.listId
    const ids = (await crm.contacts.basicApi.getPage(2)).results.map(({ id }) => id)
    await membershipsApi.add(listId, ids)
    deepEqual((await membershipsApi.getPage(listId)).results.map(({ recordId }) => recordId).toSorted(), ids.toSorted())
    await membershipsApi.remove(listId, ids.slice(0, 1))
    equal((await membershipsApi.getPage(listId)).results.length, 1)
    equal((await listsApi.updateName(listId, 'Renamed')).updatedList?.name, 'Renamed')
    ok((await listsApi.doSearch({ query: 'Renamed' } as Loose)).lists.some((list) => list.listId === listId))
    await listsApi.remove(listId)
    await rejects(async () => listsApi.getById(listId), { code: 404 })
    await listsApi.restore(listId)
  })
}

/** Set up through HubSpot's own API at the sandbox, then told by its sender, which shares no code with the reader. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebhookRequest } from '../../../src/connectors/connector.ts'
import { openDoor } from '../door.ts'
import { editJson } from '../gate.ts'
import { live } from './portal.ts'
import { hubspotWorld } from './world.ts'

const app = { appId: '4400101', developerKey: 'sandbox-developer-key' }
const webhooks = { secrets: ['sandbox-secret'], portalId: '1', ...app }

let hub: Awaited<ReturnType<typeof hubspotWorld>>
let door: Awaited<ReturnType<typeof openDoor>>
let request: WebhookRequest

beforeAll(async () => {
  door = await openDoor()
  const first = await hubspotWorld({ webhooks })
  const { account, problems } = await first.connector.check([], live())
  expect(problems).toEqual([{ kind: 'setting', name: 'webhooks.portalId', message: expect.stringContaining(account) }])
  await first.connector.close()
  await first.world.close()
  hub = await hubspotWorld({ webhooks: { ...webhooks, portalId: account } })
  hub.deps.publicUrl = door.url
  door.state.open = (delivery) => hub.connector.webhooks!.open(delivery)
  request = {
    url: `${door.url}/webhooks/hubspot`,
    objects: [{ object: 'contacts', fields: ['email', 'jobtitle', 'hs_lastmodifieddate'] }],
    dryRun: false,
  }
})
afterAll(async () => {
  await hub.connector.close()
  await hub.world.close()
  await door.close()
})

const names = ['target', ...['creation', 'deletion', 'merge', 'restore', 'privacyDeletion'].map((act) => `contact.${act}`)]
const all = [...names, 'contact.propertyChange email', 'contact.propertyChange jobtitle']
const provision = async (more: Partial<WebhookRequest> = {}) =>
  (await hub.connector.webhooks!.provision({ ...request, ...more }, live())).map(({ name, outcome }) => [name, outcome])

describe('Webhooks of an app with a developer key', () => {
  it('are set up once: shown first, made, then found', async () => {
    const to = (outcome: string) => all.map((name) => [name, outcome])
    expect(await provision({ dryRun: true })).toEqual(to('to-create'))
    expect(hub.gate.seen.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual([])
    expect(await provision()).toEqual(to('created'))
    expect(await provision()).toEqual(to('present'))
    expect(await provision({ dryRun: true })).toEqual(to('present'))
  })

  it('leave an app alone that delivers to somebody else', async () => {
    const [step, ...more] = await hub.connector.webhooks!.provision(
      { ...request, url: 'https://accord.example.org/webhooks/hubspot' },
      live(),
    )
    expect(more).toEqual([])
    expect(step).toMatchObject({ name: 'target', outcome: 'refused', message: expect.stringContaining(new URL(door.url).host) })
  })

  it('wake what is paused', async () => {
    const { gate } = hub
    gate.rule = ({ method, path }) => (method === 'GET' && path.includes('/subscriptions') ? paused : undefined)
    expect((await provision({ dryRun: true })).map(([, outcome]) => outcome)).toEqual([
      'present',
      'to-create',
      ...all.slice(2).map(() => 'present'),
    ])
    expect((await provision()).map(([, outcome]) => outcome)).toEqual(['present', 'created', ...all.slice(2).map(() => 'present')])
    gate.rule = undefined
  })

  it('then tell of a creation, a change, a merge, a deletion and an erasure, whoever HubSpot mixes in', async () => {
    const { world, pull } = hub
    await pull('webhooks', { creationTells: 'creation', duplicates: 1, foreignPortals: 0.5, reorder: true })
    const [one, two, three] = await world.seed([{ email: 'a@example.test' }, { email: 'b@example.test' }, { email: 'c@example.test' }])
    await world.edit([one!], { jobtitle: 'Directrice' })
    await world.remove(three!)
    const winner = await world.merge(one!, two!)
    await pull('deliver', {})
    expect(door.opened.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'genuine')).toEqual([])
    const told = door.events()
    const keys = new Set(told.map(({ key }) => key))
    expect(told.length).toBe(keys.size * 2)
    const ids = (kind: string) => new Set(told.filter((event) => event.kind === kind).map(({ ref }) => ref.id))
    expect(ids('created')).toEqual(new Set([one!.id, two!.id, three!.id]))
    expect(ids('changed')).toEqual(new Set([one!.id]))
    expect(ids('deleted')).toEqual(new Set([three!.id]))
    expect(ids('merged')).toEqual(new Set([one!.id, two!.id]))
    expect(new Set(told.flatMap(({ into }) => into?.id ?? []))).toEqual(new Set([winner.id]))
  })
})

const paused = editJson(({ results }) => void ((results as { active: boolean }[])[0]!.active = false))

it('An app without an API comes with the clicks', async () => {
  const other = await hubspotWorld({ webhooks: { ...webhooks, appId: '' } })
  const steps = await other.connector.webhooks!.provision(request, live())
  expect(other.gate.seen).toEqual([])
  expect(steps.map(({ name, outcome }) => [name, outcome])).toEqual(
    ['target', 'subscriptions', 'properties', 'secret'].map((name) => [name, 'by-hand']),
  )
  expect(steps[0]!.message).toContain(request.url)
  expect(steps[2]!.message).toBe('the property changes to subscribe to: email, jobtitle')
  await other.connector.close()
  await other.world.close()
})

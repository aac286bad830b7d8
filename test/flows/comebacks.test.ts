import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccord } from '../../src/accord.ts'
import { countOpenComebacks, listComebacks } from '../../src/store/comebacks.ts'
import { loadRequest } from '../../src/store/requests.ts'
import { eraseAgain, keepComeback } from '../../src/tasks/comeback/decisions.ts'
import { decideCase } from '../../src/tasks/comeback/told.ts'
import { toApprove } from '../../src/core/erasure/erasure.ts'
import { lookAtComebacks } from '../../src/tasks/comeback/worker.ts'
import { loseConnection } from '../../src/tasks/connection/connection-lost.ts'
import { answerRequest } from '../../src/tasks/request/decisions.ts'
import { always, DAY, fileOf, stageRights, type RightsScene } from './rights-scene.ts'
import type { Values } from './crms.ts'
import { sfRow } from './world.ts'

let rights: RightsScene
let form: string
const requests = new Map<string, string>()
const people = {
  imported: 'ines@example.test',
  own: 'olga@example.test',
  stranger: 'sami@example.test',
  early: 'elsa@example.test',
} as const

beforeAll(async () => {
  rights = await stageRights({ world: { salesforce: { Contact: [sfRow('Contact', 1, 'Zoé', null)] } } })
  await createAccord(rights.opened().parts).provision(false, always)
  await sweepAll()
  for (const email of Object.values(people)) await rights.scene.crm.createContact(person(email))
  for (const email of Object.values(people)) {
    const { id } = await rights.ask(email)
    requests.set(email, id)
    fileOf(await rights.approve(id))
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved' } })
  }
  const forms = (await rights.hubspot('GET', '/marketing/v3/forms?limit=20')) as { results: { id: string; name: string }[] }
  form = forms.results[0]!.id
})
afterAll(() => rights.close())

const person = (email: string): Values => ({ email, firstname: email.slice(0, 4), lastname: 'Vert', country: 'France' })
const consent = (at: number): Values => ({
  consent_newsletter_email: 'yes',
  consent_newsletter_email_date: new Date(at).toISOString(),
  consent_newsletter_email_text: 'NL-2026-01',
})

async function sweepAll(): Promise<void> {
  const summaries = await createAccord(rights.opened().parts).sweep(
    { full: false, keep: true, write: true, progress: () => undefined },
    always,
  )
  expect(summaries.flatMap(({ error }) => (error ? [error] : []))).toEqual([])
}

const db = () => rights.deps().shell.db
const now = () => rights.deps().shell.now()
async function caseOf(email: string) {
  const file = (await listComebacks(db(), 100)).find(({ request }) => request === requests.get(email))
  return file ?? null
}
async function returnByImport(email: string, more: Values = {}): Promise<string> {
  const id = await rights.scene.crm.createContact({ ...person(email), ...more })
  await sweepAll()
  await lookAtComebacks(rights.deps(), always)
  return id
}

describe('somebody who was erased and is seen again', () => {
  it('while the request is open: the next look comes at once, and an approval ends the case', async () => {
    const id = await returnByImport(people.early)
    const file = await caseOf(people.early)
    expect(file?.state).toMatchObject({
      status: 'open',
      records: [{ key: `hubspot:contacts:${id}`, arrival: { way: 'api', vouched: true }, consents: [], gone: false }],
    })
    const again = await decideCase(rights.deps(), { case: file!.id, decision: 'erase', user: 'u1' }, always)
    const { erasure } = await rights.load(requests.get(people.early)!)
    expect(erasure.status).toBe('returned')
    expect(again).toMatchObject({
      outcome: 'changed',
      case: { again: requests.get(people.early), records: [{ connection: 'hubspot', object: 'contacts', id, cameBackBy: 'api' }] },
      toApprove: { request: requests.get(people.early), ...toApprove(erasure) },
    })
    fileOf(await rights.approve(requests.get(people.early)!))
    expect(await rights.run(requests.get(people.early)!)).toMatchObject({ erasure: { standing: 'proved' } })
    expect(await caseOf(people.early)).toMatchObject({ state: { status: 'closed', ended: 'erased' } })
    expect(await rights.scene.crm.contact(id)).toBeNull()
  })

  it('by an import: opted out in the CRM itself; years later erased again by what the record says', async () => {
    const { crm } = rights.scene
    const request = requests.get(people.imported)!
    fileOf(await answerRequest(rights.deps(), request, 'u1'))
    await rights.advance(40 * DAY)
    for (let look = 0; look < 4; look++) await rights.run(request)
    expect(await rights.load(request)).toMatchObject({ request: { status: 'closed' }, vault: null })
    await rights.advance(3 * 365 * DAY)
    const id = await returnByImport(people.imported, consent(now() - 4 * 365 * DAY))
    await sweepAll()
    expect(await crm.contact(id)).toMatchObject({ hs_email_optout: 'true', accord_consent_newsletter_email: 'withdrawn' })
    const file = (await caseOf(people.imported))!
    expect(await keepComeback(rights.deps(), file.id, { user: 'u1', because: 'new-consent' }, always)).toEqual({
      outcome: 'refused',
      message: expect.stringContaining('no consent is on record that is newer than the erasure'),
    })
    const again = await eraseAgain(rights.deps(), file.id, 'u1', always)
    if (again.outcome === 'refused') throw new Error(again.message)
    expect(again.planned!.plan.items.map(({ key, action }) => [key, action])).toEqual([[`hubspot:contacts:${id}`, 'erase']])
    fileOf(await rights.approve(again.request.id))
    await rights.run(again.request.id)
    expect(await crm.contact(id)).toBeNull()
    expect((await caseOf(people.imported))?.state).toMatchObject({ status: 'closed', ended: 'erased', again: again.request.id })
    await rights.advance(40 * DAY)
    for (let look = 0; look < 4; look++) await rights.run(again.request.id)
    expect(await loadRequest(db(), again.request.id)).toMatchObject({
      request: { status: 'closed', ended: 'answered', origin: 'suppression' },
      vault: null,
    })
  })

  it('by a form of their own with a new consent: kept, and taken off the list with the proof', async () => {
    const { crm } = rights.scene
    const portal = '4400001'
    const { country, ...fields } = person(people.own)
    const filled = Object.entries(fields).map(([name, value]) => ({ name, value: String(value) }))
    await rights.hubspot('POST', `/submissions/v3/integration/submit/${portal}/${form}`, { fields: filled })
    const [found] = (await crmContacts(people.own)) as [string]
    // As the workflow of such a form does.
    await crm.editContact(found, { country: country!, ...consent(now()) })
    await sweepAll()
    expect((await crm.contact(found))?.['hs_email_optout'] ?? '').not.toBe('true')
    await lookAtComebacks(rights.deps(), always)
    expect((await caseOf(people.own))?.state).toMatchObject({
      status: 'closed',
      ended: 'kept',
      because: 'new-consent',
      by: { kind: 'service' },
      proof: { key: `hubspot:contacts:${found}`, purpose: 'newsletter', channel: 'email', own: false },
    })
    await sweepAll()
    expect(await crm.contact(found)).toMatchObject({ accord_consent_newsletter_email: 'granted' })
    expect((await crm.contact(found))?.['hs_email_optout'] ?? '').not.toBe('true')
  })

  it('as somebody else who has the address now: kept by the decision of a user', async () => {
    const id = await returnByImport(people.stranger)
    const file = (await caseOf(people.stranger))!
    expect(await keepComeback(rights.deps(), file.id, { user: 'u7', because: 'somebody-else' }, always)).toMatchObject({
      outcome: 'changed',
    })
    expect((await caseOf(people.stranger))?.state).toMatchObject({
      status: 'closed',
      ended: 'kept',
      because: 'somebody-else',
      by: { kind: 'staff', user: 'u7' },
      proof: null,
    })
    await sweepAll()
    expect(await rights.scene.crm.contact(id)).not.toBeNull()
    expect(await countOpenComebacks(db())).toBe(0)
  })

  it('in two CRMs, of which one is gone for good before anybody looked: the record in the other is looked at all the same', async () => {
    const hubspot = await rights.scene.crm.createContact(person(people.imported))
    const lead = await rights.scene.crm.createRow('Lead', { LastName: 'Vert', Company: 'Verts', Email: people.imported })
    await sweepAll()
    const by = { kind: 'staff', user: 'dpo' } as const
    await loseConnection(rights.deps(), {
      connection: 'hubspot',
      crm: 'hubspot',
      account: null,
      because: 'vendor-gone',
      by,
      at: now(),
    })
    await lookAtComebacks(rights.deps(), always)
    const file = (await listComebacks(db(), 100)).find(({ state }) => state.status === 'open')
    expect(file?.state).toMatchObject({
      records: [
        { key: `hubspot:contacts:${hubspot}`, arrival: null, gone: true, lost: true },
        { key: `salesforce:Lead:${lead}`, arrival: { way: 'unknown' }, gone: false },
      ],
    })
  })
})

async function crmContacts(email: string): Promise<string[]> {
  const found = await rights.hubspot('POST', '/crm/v3/objects/contacts/batch/read', {
    idProperty: 'email',
    inputs: [{ id: email }],
    properties: ['email'],
  })
  return (found['results'] as { id: string }[]).map(({ id }) => id)
}

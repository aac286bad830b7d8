import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHouse } from '../../src/house.ts'
import type { Asked, Right } from '../../src/core/request.ts'
import type { Origin } from '../../src/core/request-identity.ts'
import type { StoredRequest } from '../../src/store/requests.ts'
import { acceptObjection, decideLift } from '../../src/tasks/change-desk.ts'
import { answerRequest, refuseRequest, withdrawRequest } from '../../src/tasks/request-desk.ts'
import { receiveRequest } from '../../src/tasks/request-receive.ts'
import { always, fileOf, stageRights, type RightsScene } from './rights-scene.ts'
import { contact, contactId, sfId, sfRow, type Row } from './world.ts'

const yes: Row = {
  consent_newsletter_email: 'yes',
  consent_newsletter_email_date: '2026-10-01T10:00:00Z',
  consent_newsletter_email_text: 'NL-2026-01',
}
const people = ['lou', 'max', 'nina', 'oscar', 'paul'] as const
const emailOf = (index: number): string => `${people[index]}@example.test`

let rights: RightsScene
beforeAll(async () => {
  const world = {
    hubspot: { contacts: people.map((name, index) => contact(index + 1, name, emailOf(index), yes)) },
    salesforce: { Contact: people.map((name, index) => sfRow('Contact', index + 1, name, emailOf(index))) },
  }
  rights = await stageRights({ world })
  const house = createHouse(rights.opened().parts)
  await house.provision(false, always)
  await house.sweep({ full: true, keep: true, write: true, progress: () => undefined }, always)
})
afterAll(() => rights.close())

type Wanted = { right: Right; scope?: Asked['scope']; origin?: Origin }
const receive = async (index: number, { right, scope = 'all', origin = 'session' }: Wanted): Promise<StoredRequest> => {
  const asked = { emails: [emailOf(index)], phones: [], records: [] }
  const received = await receiveRequest(rights.desk(), { asked, right, scope, origin, at: Date.now(), user: 'u1' })
  return rights.run(fileOf(received).id)
}
/** What both CRMs show of that person. */
const shown = async (index: number) => {
  const hubspot = (await rights.scene.crm.contact(contactId(index + 1)))!
  const salesforce = (await rights.scene.crm.row('Contact', sfId('Contact', index + 1)))!
  return {
    optedOut: [hubspot['hs_email_optout'] ?? 'false', String(salesforce['HasOptedOutOfEmail'])],
    newsletter: [hubspot['accord_consent_newsletter_email'], salesforce['Accord_C_newsletter_email__c']],
    status: [hubspot['accord_status'], salesforce['Accord_Status__c']],
    restricted: [hubspot['accord_findings'], salesforce['Accord_Findings__c']].map((text) => String(text).includes('consent.restricted')),
  }
}
const free = { optedOut: ['false', 'false'], newsletter: ['granted', 'granted'], restricted: [false, false] }
const out = { optedOut: ['true', 'true'], newsletter: ['withdrawn', 'withdrawn'], restricted: [false, false] }

describe('an objection to marketing', () => {
  it('takes effect at once in every CRM, for whoever asks, is seen there, and is answered', async () => {
    expect(await shown(0)).toMatchObject(free)
    const file = await receive(0, { right: 'objection', scope: 'marketing', origin: 'form' })
    expect(file).toMatchObject({ request: { status: 'in-progress', proof: null }, change: { status: 'settled', standing: 'proved' } })
    expect(await shown(0)).toMatchObject(out)
    expect(await shown(1)).toMatchObject(free)
    const { id } = file
    expect(await refuseRequest(rights.desk(), id, { user: 'u1', reason: 'excessive' })).toMatchObject({ outcome: 'refused' })
    fileOf(await answerRequest(rights.desk(), id, 'u1'))
    expect(await rights.run(id)).toMatchObject({ request: { status: 'closed', ended: 'answered' }, vault: null })
  })
})

describe('a withdrawal', () => {
  it('reaches every CRM with no more than the address, and what comes by import later', async () => {
    const file = await receive(1, { right: 'withdrawal', origin: 'email' })
    expect(file).toMatchObject({ change: { goal: 'opt-out', standing: 'proved' } })
    expect(await shown(1)).toMatchObject(out)
    // The person has thought better of it: what was said stays said, since only a new consent is one.
    expect(await withdrawRequest(rights.desk(), file.id)).toMatchObject({ outcome: 'refused' })
  })
  it('of an address that nobody has is heard all the same, and calls nothing that could block it', async () => {
    const asked = { emails: ['nobody@example.test'], phones: [], records: [] }
    const wanted = { asked, right: 'withdrawal', scope: 'all', origin: 'form', at: Date.now(), user: null } as const
    const { id } = fileOf(await receiveRequest(rights.desk(), wanted))
    expect(await rights.run(id)).toMatchObject({ change: { status: 'settled', standing: 'nothing-held', items: [] } })
    expect((await rights.scene.pull('hubspot/inspect', { email: 'nobody@example.test' }))['blocklisted']).toBe(false)
    expect(fileOf(await answerRequest(rights.desk(), id, 'u1'))).toMatchObject({ request: { outcome: 'nothing-held' } })
  })
})

describe('a restriction', () => {
  it('freezes every use in every CRM once the person is known, and ends a day after they were told', async () => {
    expect(await receive(2, { right: 'restriction', origin: 'email' })).toMatchObject({ change: { status: 'none' } })
    const file = await receive(2, { right: 'restriction' })
    expect(file).toMatchObject({ change: { goal: 'restrict', standing: 'proved', restricted: true } })
    const frozen = { status: ['blocked', 'blocked'], restricted: [true, true] }
    expect(await shown(2)).toMatchObject(frozen)
    const { id } = file
    expect(fileOf(await answerRequest(rights.desk(), id, 'u1'))).toMatchObject({ dueAt: null, request: { outcome: 'full' } })
    expect(await rights.run(id)).toMatchObject({ request: { status: 'answered' } })
    fileOf(await decideLift(rights.desk(), id, { user: 'u1', told: 'by-mail' }))
    expect(await rights.run(id)).toMatchObject({ change: { restricted: true } })
    expect(await shown(2)).toMatchObject(frozen)
    await rights.advance(25 * 3_600_000)
    expect(await rights.run(id)).toMatchObject({
      change: { goal: 'lift', standing: 'proved', restricted: false },
      request: { status: 'closed' },
    })
    expect(await shown(2)).toMatchObject(free)
  })
})

describe('an objection for reasons of the person’s situation', () => {
  it('restricts while it is weighed; refused for compelling grounds it leaves everything as it was', async () => {
    const { id } = await receive(3, { right: 'objection', scope: 'particular-situation' })
    expect(await shown(3)).toMatchObject({ status: ['blocked', 'blocked'], restricted: [true, true] })
    expect(await answerRequest(rights.desk(), id, 'u1')).toMatchObject({ message: expect.stringContaining('weighed') })
    fileOf(await refuseRequest(rights.desk(), id, { user: 'u1', reason: 'compelling-grounds' }))
    expect(await rights.run(id)).toMatchObject({
      request: { status: 'closed', ended: 'refused' },
      change: { goal: 'lift', standing: 'proved' },
    })
    expect(await shown(3)).toMatchObject(free)
  })
  it('accepted ends what it is about, and the restriction with it', async () => {
    const { id } = await receive(4, { right: 'objection', scope: 'particular-situation' })
    fileOf(await acceptObjection(rights.desk(), id, 'u1'))
    expect(await rights.run(id)).toMatchObject({ change: { goal: 'opt-out', standing: 'proved', restricted: false } })
    expect(await shown(4)).toMatchObject(out)
  })
})

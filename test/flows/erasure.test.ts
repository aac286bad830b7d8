import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../src/config/load.ts'
import { decide } from '../../src/core/erasure/decide.ts'
import { evolve, unbegun } from '../../src/core/erasure/evolve.ts'
import { holdRulesOf } from '../../src/core/erasure/hold.ts'
import { nextCheck, toApprove, type Erasure, type ErasureCommand, type ErasureIn } from '../../src/core/erasure/erasure.ts'
import { dueSteps } from '../../src/core/erasure/steps.ts'
import type { Person } from '../../src/core/erasure/select.ts'
import { createMailboxReader } from '../../src/core/identity/identify.ts'
import { localDayIn } from '../../src/core/time/time-zone.ts'
import type { Side } from '../../src/tasks/erasure/seek.ts'
import { draftPlan } from '../../src/tasks/erasure/draft.ts'
import { carryOut, look, type Subject, type World } from '../../src/tasks/erasure/step.ts'
import type { PushWorld } from '../sandbox/salesforce-push-world.ts'
import { HUBSPOT_TOKEN, useCrms, type CrmUser } from './crms.ts'
import { openErasureWorld } from './erasure-world.ts'
import { shippedConfig } from './world.ts'

const signal = new AbortController().signal
const minute = 60_000
const hour = 60 * minute

let world: PushWorld
let crms: CrmUser
let sides: readonly Side[]
let landscape: World
let suppressed: string[]
beforeAll(async () => {
  ;({ world, sides } = await openErasureWorld())
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('POST', '/reset')
  await world.login()
  await world.control('POST', '/clock', { advanceMs: minute })
  crms = useCrms(world.sandbox)
  suppressed = []
  landscape = {
    sides,
    homeCountry: 'FR',
    holding: drafting,
    at: await instant(),
    suppress: async (emails) => void suppressed.push(...emails),
  }
})

const ada: Person = { emails: ['ada@example.test'], formerEmails: [], phones: [], givenName: '', familyName: '', records: [] }
const drafting = {
  rules: holdRulesOf(loadPolicy(shippedConfig), 20_000),
  today: 20_000,
  localDay: localDayIn('Europe/Paris'),
  homeCountry: 'FR',
  mailboxOf: createMailboxReader(new Set()),
}
const pass = (ms: number) => world.control('POST', '/clock', { advanceMs: ms })
const now = async (): Promise<number> => Date.parse((await world.control('GET', '/clock')).now)

const instant = async (): Promise<World['at']> => ({ wall: await now(), monotonic: await now() })

async function apply(state: Erasure, command: ErasureCommand): Promise<Erasure> {
  const decided = decide(state, command, await now())
  if (!decided.ok) throw new Error(`${command.type}: ${decided.message}`)
  return decided.events.reduce(evolve, state)
}
async function approved(person = ada, options = drafting): Promise<{ state: Erasure; subject: Subject }> {
  const { plan, subject } = await draftPlan(sides, person, options, signal)
  const planned = await apply(unbegun, { type: 'plan', plan })
  const shown = toApprove(planned)!
  return {
    subject,
    state: await apply(planned, { type: 'approve', by: { kind: 'staff', user: 'u7' }, digest: shown.digest, count: shown.records }),
  }
}
/** `between`: what happens after each step, by the step's id. */
async function run(
  start: { state: Erasure; subject: Subject },
  between: (step: string) => Promise<unknown> = () => pass(2_000),
): Promise<Erasure> {
  let { state } = start
  for (let step = dueSteps(state)[0]; step !== undefined; step = dueSteps(state)[0]) {
    const report = await carryOut({ ...landscape, at: await instant() }, state as ErasureIn<'running'>, step, start.subject, signal)
    state = await apply(state, { type: 'report', step, report })
    await between(`${step.round}:${step.act}:${step.connection ?? ''}`)
  }
  return state
}
async function check(state: Erasure, subject: Subject): Promise<Erasure> {
  const due = nextCheck(state)!
  await pass(Math.max(0, due.at - (await now())))
  const reports = await Promise.all(sides.map((side) => look(landscape, side, state as ErasureIn<'settled'>, subject, signal)))
  return apply(state, {
    type: 'check',
    check: due.check,
    sights: reports.flatMap(({ sights }) => sights),
    returned: reports.flatMap(({ returned }) => returned),
  })
}
async function present(): Promise<readonly string[]> {
  const { holders } = await world.control('POST', '/hubspot/inspect', { email: 'ada@example.test' })
  const rows = async (object: string) =>
    (await crms.rows(`SELECT Id FROM ${object} WHERE Email = 'ada@example.test'`)).map(({ Id }) => `${object} ${String(Id)}`)
  return [
    ...(holders as { object?: string; id: string }[]).map(({ object, id }) => `${object ?? 'contacts'} ${id}`),
    ...(await rows('Contact')),
    ...(await rows('Lead')),
  ]
}

/** Seven ways in two CRMs: twin contacts that the sync joins, a second address, a lead, a converted lead, a note, a shared note, a copy in the bin. */
async function seven(): Promise<{ bob: string; twin: string; contact: string }> {
  const contact = await crms.createContact({ email: 'ada@example.test', firstname: 'Ada', lastname: 'Roux' })
  const other = await crms.createContact({ email: 'ada.roux@example.org', firstname: 'Ada', lastname: 'Roux' })
  const merged = await crms.mergeContacts(contact, other)
  const bob = await crms.createContact({ email: 'bob@example.test', firstname: 'Bob', lastname: 'Blanc' })
  const twin = await crms.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'ada@example.test' })
  await crms.createRow('Lead', { FirstName: 'Ada', LastName: 'Roux', Company: 'Atelier', Email: 'ada.roux@example.org' })
  const lead = await crms.createRow('Lead', { FirstName: 'Ada', LastName: 'Roux', Company: 'Ancien', Email: 'ada@example.test' })
  const account = await world.create('Account', { Name: 'Ancien' })
  await world.lever('convert-lead', { leadId: lead, accountId: account, contactId: twin, doNotCreateOpportunity: true })
  await world.create('Case', { Subject: 'broken', ContactId: twin, SuppliedEmail: 'ada@example.test' })
  const binned = await crms.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'ada@example.test' })
  await crms.deleteRow('Contact', binned)
  await note('Ada Roux likes tea', [merged])
  await note('Bob met Ada Roux <ada@example.test>', [merged, bob])
  return { bob, twin, contact: merged }
}
const note = (text: string, contacts: readonly string[]): Promise<void> =>
  attach('notes', { hs_note_body: text, hs_timestamp: '2026-01-01T00:00:00Z' }, contacts, 202)
const deal = (contact: string): Promise<void> =>
  attach('deals', { dealname: 'Order', dealstage: 'closedwon', closedate: '2024-09-01T00:00:00Z' }, [contact], 3)

async function attach(object: string, properties: object, contacts: readonly string[], associationTypeId: number): Promise<void> {
  const associations = contacts.map((id) => ({ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] }))
  const response = await fetch(`${world.sandbox.hubspot}/crm/v3/objects/${object}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${HUBSPOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties, associations }),
  })
  if (!response.ok) throw new Error(await response.text())
}

describe('a person who is there in seven ways', () => {
  it('is erased even when the sync runs between the two sides and brings her back: in a second round', async () => {
    const { bob } = await seven()
    await pass(minute)
    await world.control('POST', '/sync', { on: true })
    await pass(minute)
    const start = await approved()
    const state = await run(start, async (step) => {
      await pass(1_000)
      if (step === '1:erase:salesforce') expect(await world.control('POST', '/sync/run')).toMatchObject({ recreated: 1 })
    })
    expect(state).toMatchObject({ status: 'settled', round: 2, standing: 'pending-vendor-purge' })
    expect(suppressed.toSorted()).toEqual(['ada.roux@example.org', 'ada@example.test', 'ada.roux@example.org', 'ada@example.test'].sort())
    await pass(48 * hour)
    expect(await present()).toEqual([])
    expect(await crms.contact(bob)).toMatchObject({ email: 'bob@example.test' })
  })
  it('is held where a contract runs, on the record alone that it is about', async () => {
    const { twin } = await seven()
    const account = await world.create('Account', { Name: 'Atelier' })
    await world.create('Contract', { AccountId: account, CustomerSignedId: twin, Status: 'Draft', StartDate: '2026-01-01' })
    const start = await approved()
    const { items } = (start.state as ErasureIn<'running'>).plan
    expect(items.filter(({ action }) => action === 'keep')).toMatchObject([
      { id: twin, holds: [{ rule: 'hold.contract', ground: '17(3)(e)' }] },
    ])
    let state = await run(start)
    state = await check(state, start.subject)
    state = await check(state, start.subject)
    state = await check(state, start.subject)
    expect(state).toMatchObject({ standing: 'held' })
    expect(await present()).toEqual([`Contact ${twin}`])
    expect(await crms.row('Contact', twin)).toMatchObject({ HasOptedOutOfEmail: true })
  })
  it('leaves the record of a running contract without her where the law is content with that, though a live sync fills it again', async () => {
    const { twin } = await seven()
    const account = await world.create('Account', { Name: 'Atelier' })
    const contract = await world.create('Contract', {
      AccountId: account,
      CustomerSignedId: twin,
      Status: 'Draft',
      StartDate: '2026-01-01',
    })
    await pass(minute)
    await world.control('POST', '/sync', { on: true })
    await pass(minute)
    const rules = drafting.rules.map((rule) => ({ ...rule, instead: 'anonymise' as const }))
    const start = await approved(ada, { ...drafting, rules })
    const { items } = (start.state as ErasureIn<'running'>).plan
    expect(items.filter(({ action }) => action !== 'erase')).toMatchObject([{ id: twin, action: 'anonymise' }])
    const state = await run(start, async (step) => {
      await pass(1_000)
      if (step === '1:erase:salesforce') await world.control('POST', '/sync/run')
    })
    expect(state).toMatchObject({ status: 'settled', round: 2, standing: 'pending-vendor-purge' })
    await pass(48 * hour)
    expect(await present()).toEqual([])
    expect(await crms.row('Contact', twin)).toMatchObject({
      FirstName: null,
      LastName: 'anonymised',
      Email: null,
      HasOptedOutOfEmail: true,
    })
    expect(await crms.rows(`SELECT CustomerSignedId FROM Contract WHERE Id = '${contract}'`)).toMatchObject([{ CustomerSignedId: twin }])
    let later = await check(state, start.subject)
    later = await check(later, start.subject)
    expect(later).toMatchObject({ standing: 'held', checksDone: ['hour', 'day'] })
  })
  it('is kept where something that binds came up after the approval, however late: it, and what hangs on it, is not touched', async () => {
    const { contact, twin } = await seven()
    const account = await world.create('Account', { Name: 'Atelier' })
    const start = await approved()
    const state = await run(start, async (step) => {
      await pass(2_000)
      if (step === '1:silence:salesforce')
        await world.create('Contract', { AccountId: account, CustomerSignedId: twin, Status: 'Draft', StartDate: '2024-01-02' })
      if (step !== '1:prepare:hubspot') return
      // Its notes are gone by then, and what was asked a minute ago is asked again.
      await deal(contact)
      await pass(minute)
    })
    expect(state).toMatchObject({ status: 'settled', round: 1, standing: 'pending-vendor-purge' })
    const { items, around } = state as ErasureIn<'settled'>
    expect(items.filter(({ action }) => action !== 'erase')).toMatchObject([
      { id: contact, action: 'keep', outcome: 'kept', trace: 'present', holds: [{ rule: 'hold.won_deal', because: { object: 'deals' } }] },
      { id: twin, action: 'keep', outcome: 'kept', trace: 'present', holds: [{ rule: 'hold.contract', because: { object: 'Contract' } }] },
    ])
    expect(around.filter(({ connection }) => connection === 'salesforce').map(({ object }) => object)).not.toContain('Case')
    expect(await crms.rows('SELECT CustomerSignedId FROM Contract')).toMatchObject([{ CustomerSignedId: twin }])
    expect(await present()).toEqual([`contacts ${contact}`, `Contact ${twin}`])
    // What could be read as it was approved, and cannot be now, holds up what is left, unless a user has looked there.
    await world.control('POST', '/hubspot/revoke-scope', { scope: 'crm.objects.deals.read' })
    const running = start.state as ErasureIn<'running'>
    const again = (state: ErasureIn<'running'>) =>
      carryOut(landscape, state, { round: 1, act: 'prepare', connection: 'hubspot' }, start.subject, signal)
    await expect(again(running)).rejects.toMatchObject({ kind: 'scope' })
    const vouched = running.items.map((item) => ({ ...item, vouched: ['won-deal'] as const }))
    expect(await again({ ...running, items: vouched })).not.toHaveProperty('held')
  })
  it('is not proved absent by a CRM that confirms and keeps', async () => {
    await seven()
    await world.control('POST', '/hubspot/erase-keeps', { on: true })
    expect(await run(await approved())).toMatchObject({ status: 'settled', standing: 'not-proved', round: 2 })
  })
  it('may be erased by workers that die at any step: what was done twice is done once', async () => {
    await seven()
    const start = await approved()
    let { state } = start
    for (let step = dueSteps(state)[0]; step !== undefined; step = dueSteps(state)[0]) {
      await carryOut(landscape, state as ErasureIn<'running'>, step, start.subject, signal)
      const report = await carryOut(landscape, state as ErasureIn<'running'>, step, start.subject, signal)
      state = await apply(state, { type: 'report', step, report })
    }
    expect(state).toMatchObject({ status: 'settled', standing: 'pending-vendor-purge', round: 1 })
    expect(await present()).toEqual([])
  })
})

describe('somebody else', () => {
  it('keeps their mails: no address that a record of hers once held, that several people read or that another record shows leads to one', async () => {
    await world.lever('track-history', { object: 'Lead', fields: ['Email'] })
    const lead = await crms.createRow('Lead', { FirstName: 'Ada', LastName: 'Roux', Company: 'Atelier', Email: 'info@example.org' })
    await crms.editRow('Lead', lead, { Email: 'ada@example.test' })
    const held = await crms.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'ada@example.test' })
    const office = await crms.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'accueil@example.fr' })
    const account = await world.create('Account', { Name: 'Atelier' })
    await world.create('Contract', { AccountId: account, CustomerSignedId: held, Status: 'Draft', StartDate: '2026-01-01' })
    const [us] = await crms.rows('SELECT Email FROM User WHERE IsActive = true LIMIT 1')
    const mail = (from: string) =>
      world.create('EmailMessage', { Subject: 'hi', TextBody: `From ${from}`, FromAddress: from, ToAddress: String(us?.['Email']) })
    const [own, onHeld] = [await mail('ada@example.test'), await mail('ada@example.test')]
    await world.create('EmailMessageRelation', { EmailMessageId: onHeld, RelationId: held, RelationType: 'FromAddress' })
    const others = [await mail('info@example.org'), await mail('accueil@example.fr')]
    const mails = () => crms.rows('SELECT Id, FromAddress, TextBody FROM EmailMessage ORDER BY Id')
    const before = await mails()
    const start = await approved({ ...ada, records: [`salesforce:Contact:${office}`] })
    expect(start.subject).toMatchObject({
      person: { formerEmails: ['info@example.org'] },
      alone: { emails: ['ada@example.test'], formerEmails: [] },
    })
    const state = (await run(start)) as ErasureIn<'settled'>
    expect(state.items.map(({ id, action }) => `${id} ${action}`).sort()).toEqual(
      [`${held} keep`, `${lead} erase`, `${office} erase`].sort(),
    )
    expect(state.around.filter(({ object }) => object === 'EmailMessage').map(({ id, outcome }) => [id, outcome])).toEqual([
      [own, 'deleted'],
      [onHeld, 'left'],
    ])
    expect(await mails()).toEqual(before.filter(({ Id }) => [onHeld, ...others].includes(String(Id))))
    const bob = await crms.createRow('Contact', { FirstName: 'Bob', LastName: 'Blanc', Email: 'ada@example.test' })
    const named = { ...ada, givenName: 'ada', familyName: 'roux' }
    const { plan, subject } = await draftPlan(sides, named, drafting, signal)
    expect(plan.suggestions).toMatchObject([{ key: `salesforce:Contact:${bob}`, why: 'another-name' }])
    expect(subject.alone).toEqual({ emails: [], formerEmails: [] })
  })
  it('is never selected: an address that nobody has finds nothing, and the plan cannot be approved', async () => {
    await seven()
    const { plan } = await draftPlan(sides, { ...ada, emails: ['nobody@example.test'] }, drafting, signal)
    expect(plan).toMatchObject({ items: [], suggestions: [], unreachable: [] })
    expect(
      decide(
        await apply(unbegun, { type: 'plan', plan }),
        { type: 'approve', by: { kind: 'staff', user: 'u' }, digest: plan.digest, count: 0 },
        0,
      ),
    ).toMatchObject({ ok: false })
    expect(await world.control('POST', '/hubspot/inspect', { email: 'nobody@example.test' })).toMatchObject({ blocklisted: false })
  })
})

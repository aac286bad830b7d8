import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccord } from '../../src/accord.ts'
import { toApprove } from '../../src/core/request/change.ts'
import type { Asked, Right } from '../../src/core/request/request.ts'
import type { Origin } from '../../src/core/request/identity.ts'
import { findSource } from '../../src/store/sources.ts'
import { loadNotices } from '../../src/store/notices.ts'
import { loadRequestEvents, type StoredRequest } from '../../src/store/requests.ts'
import { advanceRequest } from '../../src/tasks/request/advance.ts'
import { sendAddressLink, useAddressLink, vouchForAddress } from '../../src/tasks/request/address-link.ts'
import { useRequestLink } from '../../src/tasks/request/link.ts'
import { changer } from '../../src/tasks/change/change.ts'
import { alone } from '../../src/tasks/request/meeting.ts'
import { acceptObjection, approveChange, decideLift, planCorrection } from '../../src/tasks/change/decisions.ts'
import { answerRequest, refuseRequest, withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { replayErased } from '../../src/tasks/erasure/replay.ts'
import { loadSuppressed } from '../../src/store/suppressions.ts'
import { nodeOf } from '../../src/tasks/consent/voice.ts'
import { watchRequests } from '../../src/tasks/request/watch.ts'
import { loseConnection } from '../../src/tasks/connection/connection-lost.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { parseRecipients } from '../../src/core/request/recipients.ts'
import { tellRecipients, type Courier } from '../../src/tasks/notify/notices.ts'
import { deliverMails, type Letter } from '../../src/tasks/notify/notify.ts'
import { always, DAY, fileOf, stageRights, type RightsScene } from './rights-scene.ts'
import { contact, contactId, sfId, sfRow, type Row } from './world.ts'

const parsed = parseRecipients({
  version: 1,
  recipients: [
    {
      id: 'erp',
      name: 'Example ERP',
      purpose: { fr: 'Essai', en: 'Test' },
      country: 'FR',
      email: { to: 'dpo@erp.example.org' },
    },
  ],
})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
const erp = parsed.value
const yes: Row = {
  consent_newsletter_email: 'yes',
  consent_newsletter_email_date: '2026-10-01T10:00:00Z',
  consent_newsletter_email_text: 'NL-2026-01',
}
const people = ['lou', 'max', 'nina', 'oscar', 'paul', 'rosa', 'sam', 'tess', 'uma', 'vic', 'wes', 'xav'] as const
const emailOf = (index: number): string => `${people[index]}@example.test`

let rights: RightsScene
beforeAll(async () => {
  const world = {
    hubspot: { contacts: people.map((name, index) => contact(index + 1, name, emailOf(index), yes)) },
    salesforce: { Contact: people.map((name, index) => sfRow('Contact', index + 1, name, emailOf(index))) },
  }
  rights = await stageRights({ world })
  const accord = createAccord(rights.opened().parts)
  await accord.provision(false, always)
  await accord.sweep({ full: true, keep: true, write: true, progress: () => undefined }, always)
})
afterAll(() => rights.close())

type Wanted = { right: Right; scope?: Asked['scope']; origin?: Origin }
const take = async (index: number, { right, scope = 'all', origin = 'session' }: Wanted): Promise<string> => {
  const asked = { emails: [emailOf(index)], phones: [], records: [] }
  return fileOf(await receiveRequest(rights.deps(), { asked, right, scope, origin, at: Date.now(), user: 'u1' })).id
}
const receive = async (index: number, wanted: Wanted): Promise<StoredRequest> => rights.run(await take(index, wanted))
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
    expect(await refuseRequest(rights.deps(), id, { user: 'u1', reason: 'excessive' })).toMatchObject({ outcome: 'refused' })
    fileOf(await answerRequest(rights.deps(), id, 'u1'))
    expect(await rights.run(id)).toMatchObject({ request: { status: 'closed', ended: 'answered' }, vault: null })
  })
})

describe('a withdrawal', () => {
  it('reaches every CRM with no more than the address, and what comes by import later', async () => {
    const file = await receive(1, { right: 'withdrawal', origin: 'email' })
    expect(file).toMatchObject({ change: { goal: 'opt-out', standing: 'proved' } })
    expect(await shown(1)).toMatchObject(out)
    // The person has thought better of it: what was said stays said, since only a new consent is one.
    expect(await withdrawRequest(rights.deps(), file.id)).toMatchObject({ outcome: 'refused' })
  })
  it('is carried out by two who both do each step, and by one who dies behind each of them, as by one', async () => {
    const asked = { emails: [emailOf(7)], phones: [], records: [] }
    const wanted = { asked, right: 'withdrawal', scope: 'all', origin: 'form', at: Date.now(), user: null } as const
    const [first, second] = await Promise.all([wanted, wanted].map((one) => receiveRequest(rights.deps(), one)))
    const { id } = fileOf(first!)
    for (let file = await rights.load(id); file.dueAt !== null; file = await rights.load(id)) {
      const tasks = changer.tasks(rights.deps(), file)
      await Promise.all([...tasks, ...tasks].map(({ run }) => run(always, alone)))
    }
    const types = (await loadRequestEvents(rights.deps().shell.db, id)).map(({ event }) => event.type)
    expect(types).toEqual(['received', 'begun', 'begun', 'found', 'written', 'written', 'looked', 'looked', 'settled'])
    expect(await rights.load(id)).toMatchObject({ change: { standing: 'proved' } })
    // The same person asked twice: each is carried out and answered, and nothing changes any more.
    expect(await rights.run(fileOf(second!).id)).toMatchObject({ change: { standing: 'proved' } })
    expect(await shown(7)).toMatchObject(out)
  })
  it('of an address that nobody has is heard all the same, and calls nothing that could block it', async () => {
    const asked = { emails: ['nobody@example.test'], phones: [], records: [] }
    const wanted = { asked, right: 'withdrawal', scope: 'all', origin: 'form', at: Date.now(), user: null } as const
    const { id } = fileOf(await receiveRequest(rights.deps(), wanted))
    expect(await rights.run(id)).toMatchObject({ change: { status: 'settled', standing: 'nothing-held', items: [] } })
    expect((await rights.scene.pull('hubspot/inspect', { email: 'nobody@example.test' }))['blocklisted']).toBe(false)
    expect(fileOf(await answerRequest(rights.deps(), id, 'u1'))).toMatchObject({ request: { outcome: 'nothing-held' } })
  })
})

describe('a restriction', () => {
  it('freezes every use in every CRM once the person is known, and ends a day after they were told, not before', async () => {
    const unknown = await receive(2, { right: 'restriction', origin: 'email' })
    expect(unknown).toMatchObject({ change: { status: 'none' } })
    // As long as it waits nothing is sent to them, whatever becomes of the other.
    fileOf(await withdrawRequest(rights.deps(), unknown.id))
    const deps = () => ({ ...rights.deps(), recipients: erp })
    const told: string[] = []
    const courier: Courier = {
      tell: async ({ right, person }) => (told.push(`${right} ${person.emails.join()}`), { outcome: 'told' }),
      close: () => undefined,
    }
    const tell = () => tellRecipients(rights.deps().shell, erp, courier, always)
    const id = await take(2, { right: 'restriction' })
    await advanceRequest(deps(), id, always)
    expect(await rights.load(id)).toMatchObject({ change: { goal: 'restrict', standing: 'proved', restricted: true } })
    await tell()
    expect(told).toEqual([`restriction ${emailOf(2)}`])
    const frozen = { status: ['blocked', 'blocked'], restricted: [true, true] }
    expect(await shown(2)).toMatchObject(frozen)
    expect(fileOf(await answerRequest(rights.deps(), id, 'u1'))).toMatchObject({ dueAt: null, request: { outcome: 'full' } })
    expect(await rights.run(id)).toMatchObject({ request: { status: 'answered' } })
    fileOf(await decideLift(rights.deps(), id, { user: 'u1', told: 'by-mail' }))
    expect(await rights.run(id)).toMatchObject({ change: { restricted: true } })
    expect(await shown(2)).toMatchObject(frozen)
    await rights.advance(25 * 3_600_000)
    // No mail server has taken the mail: nobody was told, so that nothing ends (art. 18(3)), and the DPO hears of it.
    expect(await rights.run(id)).toMatchObject({ change: { goal: 'restrict', restricted: true } })
    expect(await shown(2)).toMatchObject(frozen)
    expect(rights.logged).toContain(`request.alert ${JSON.stringify({ request: id, kind: 'not-told' })}`)
    const letters: string[] = []
    const mailer = { send: async ({ template }: Letter) => (letters.push(template), { outcome: 'sent' } as const) }
    await deliverMails(rights.deps().shell, mailer, always)
    fileOf(await decideLift(rights.deps(), id, { user: 'u1', told: 'by-mail' }))
    await deliverMails(rights.deps().shell, mailer, always)
    expect(letters.filter((template) => template === 'notice')).toEqual(['notice'])
    await rights.advance(25 * 3_600_000)
    await advanceRequest(deps(), id, always)
    expect(await rights.load(id)).toMatchObject({
      change: { goal: 'lift', standing: 'proved', restricted: false },
      request: { status: 'answered' },
    })
    expect(await shown(2)).toMatchObject(free)
    // Who was to keep the data unused hears that it is over, and only then is it forgotten who asked.
    await tell()
    expect(told.slice(1)).toEqual([`restriction-lifted ${emailOf(2)}`])
    await rights.advance(2 * 60_000)
    expect(await rights.run(id)).toMatchObject({ request: { status: 'closed' } })
  })
})

describe('an objection for reasons of the person’s situation', () => {
  it('restricts while it is weighed; refused for compelling grounds it leaves everything as it was', async () => {
    const { id } = await receive(3, { right: 'objection', scope: 'particular-situation' })
    expect(await shown(3)).toMatchObject({ status: ['blocked', 'blocked'], restricted: [true, true] })
    expect(await answerRequest(rights.deps(), id, 'u1')).toMatchObject({ message: expect.stringContaining('weighed') })
    const deps = rights.deps()
    const inDays = (days: number) => ({ ...deps, shell: { ...deps.shell, now: () => deps.shell.now() + days * DAY } })
    const waiting = `request.alert ${JSON.stringify({ request: id, kind: 'waiting' })}`
    await watchRequests(inDays(1))
    expect(rights.logged).not.toContain(waiting)
    await watchRequests(inDays(3))
    expect(rights.logged).toContain(waiting)
    fileOf(await refuseRequest(rights.deps(), id, { user: 'u1', reason: 'compelling-grounds' }))
    expect(await rights.run(id)).toMatchObject({
      request: { status: 'closed', ended: 'refused' },
      change: { goal: 'lift', standing: 'proved' },
    })
    expect(await shown(3)).toMatchObject(free)
  })
  it('that a CRM refuses to note is not told as noted there, and is once it takes it', async () => {
    const body = [{ success: false, errors: [{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'no', fields: [] }] }]
    await rights.scene.pull('faults', {
      crm: 'salesforce',
      method: 'PATCH',
      path: '/composite/sobjects',
      kind: 'status',
      status: 200,
      body,
    })
    const id = await take(3, { right: 'objection', scope: 'particular-situation' })
    const deps = rights.deps()
    await advanceRequest({ ...deps, shell: { ...deps.shell, sleep: async () => undefined } }, id, always)
    const { change } = await rights.load(id)
    const deeds = (of: StoredRequest['change']) =>
      'items' in of && of.items?.map(({ connection, outcome, reason, seen }) => [connection, outcome, reason, seen])
    expect(change).toMatchObject({ standing: 'not-proved' })
    expect(deeds(change)).toEqual([
      ['hubspot', 'written', null, 'as-asked'],
      ['salesforce', 'refused', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'otherwise'],
    ])
    await rights.scene.clearFaults()
    await rights.advance(6 * 60_000)
    const again = await rights.run(id)
    expect(again).toMatchObject({ change: { standing: 'proved', round: 2 } })
    expect(deeds(again.change)).toEqual([
      ['hubspot', 'unchanged', null, 'as-asked'],
      ['salesforce', 'written', null, 'as-asked'],
    ])
  })
  it('accepted ends what it is about, and the restriction with it', async () => {
    const told: string[] = []
    const courier: Courier = { tell: async ({ right }) => (told.push(right), { outcome: 'told' }), close: () => undefined }
    const deps = () => ({ ...rights.deps(), recipients: erp })
    const id = await take(4, { right: 'objection', scope: 'particular-situation' })
    await advanceRequest(deps(), id, always)
    await tellRecipients(rights.deps().shell, erp, courier, always)
    fileOf(await acceptObjection(deps(), id, 'u1'))
    await advanceRequest(deps(), id, always)
    expect(await rights.load(id)).toMatchObject({ change: { goal: 'opt-out', standing: 'proved', restricted: false } })
    expect(await shown(4)).toMatchObject(out)
    // Who was told of the restriction that went with it hears of its end.
    await tellRecipients(rights.deps().shell, erp, courier, always)
    expect(told).toEqual(['restriction', 'restriction-lifted'])
  })
})

describe('a rectification', () => {
  const approve = async (id: string) => {
    const { change } = await rights.load(id)
    return approveChange(rights.deps(), id, { user: 'u1', digest: toApprove(change)!.digest })
  }
  it('shows old and new, writes what was approved and nothing else, sees it there, and takes a new address along with every no', async () => {
    const { crm } = rights.scene
    expect(await receive(5, { right: 'withdrawal' })).toMatchObject({ change: { standing: 'proved' } })
    const { db, hasher } = rights.deps().shell
    const proof = { id: '7d1f4c1e-2f60-4a55-9d0e-6c1c0a8f0b11', at: '2026-03-01T10:00:00.000Z' }
    const voice = async (): Promise<string> =>
      (await sql<{ record: string }>`select record from consent_proof where id = ${proof.id}`.execute(db)).rows[0]!.record
    await sql`insert into consent_proof (id, source, record, event, purpose, channel, said_at, received_at, api_key, opt_in)
      select ${proof.id}, id, ${hasher.voice('email', emailOf(5))}, 'given', 'events', 'email', ${proof.at}, ${proof.at}, 'form', 'none'
      from source where connection = 'accord' and object = 'email'`.execute(db)
    const listed = async (email: string): Promise<number> =>
      (await loadSuppressed(db, [Buffer.from(hasher.suppression('email', email))])).size
    await sql`insert into suppression (hash, key_id, scope, reason, added_at)
      select ${Buffer.from(hasher.suppression('email', emailOf(5)))}, key_id, 'all_marketing', 'objection', now() from hash_key`.execute(db)
    const { id } = await receive(5, { right: 'rectification' })
    const corrections = { lastName: 'Dupré', email: 'rosa.dupre@example.test' }
    const { changed, shown: seen } = await planCorrection(rights.deps(), id, { corrections, confirm: [] }, always)
    fileOf(changed)
    expect(seen.map(({ key, field, from, to }) => [key.split(':')[0], field, from, to]).sort()).toEqual([
      ['hubspot', 'email', emailOf(5), corrections.email],
      ['hubspot', 'lastname', 'Martin', 'Dupré'],
      ['salesforce', 'Email', emailOf(5), corrections.email],
      ['salesforce', 'LastName', 'Martin', 'Dupré'],
    ])
    const { rows } = await sql<{ line: string }>`
      select t::text as line from request t union all select body from request_event union all select b::text from ledger_blocks b`.execute(
      rights.deps().shell.db,
    )
    expect(rows.filter(({ line }) => /dupr|martin|rosa/i.test(line))).toEqual([])
    expect(await approveChange(rights.deps(), id, { user: 'u1', digest: '0'.repeat(64) })).toMatchObject({ outcome: 'refused' })
    expect((await crm.contact(contactId(6)))?.['lastname']).toBe('Martin')
    // Whoever owns the new address says so first, and of that address alone.
    expect(await approve(id)).toMatchObject({ outcome: 'refused', message: expect.stringContaining('not confirmed') })
    const plan = async (email: string): Promise<string> => {
      fileOf((await planCorrection(rights.deps(), id, { corrections: { ...corrections, email }, confirm: [] }, always)).changed)
      fileOf(await sendAddressLink(rights.deps(), id))
      const letters: Letter[] = []
      await deliverMails(rights.deps().shell, { send: async (letter) => (letters.push(letter), { outcome: 'sent' }) }, always)
      const letter = letters.find(({ template }) => template === 'address')
      expect(letter).toMatchObject({ to: email, facts: {} })
      return letter!.token!
    }
    const other = await plan('somebody.else@example.test')
    const token = await plan(corrections.email)
    expect(await useRequestLink(rights.deps(), token)).toBeNull()
    expect(await useAddressLink(rights.deps(), other)).toMatchObject({ status: 'cancelled' })
    expect(await approve(id)).toMatchObject({ outcome: 'refused' })
    expect([await useAddressLink(rights.deps(), token), await useAddressLink(rights.deps(), token)]).toMatchObject([
      { status: 'pending' },
      { status: 'confirmed' },
    ])
    expect(await vouchForAddress(rights.deps(), id, { user: 'u1', how: 'in-person' })).toMatchObject({ outcome: 'refused' })
    fileOf(await approve(id))
    expect(await rights.run(id)).toMatchObject({ change: { goal: 'correct', standing: 'proved' } })
    expect(await crm.contact(contactId(6))).toMatchObject({ lastname: 'Dupré', email: corrections.email, firstname: 'rosa' })
    expect(await crm.row('Contact', sfId('Contact', 6))).toMatchObject({ LastName: 'Dupré', Email: corrections.email, FirstName: 'rosa' })
    expect(await shown(5)).toMatchObject(out)
    expect(await voice()).toBe(hasher.voice('email', corrections.email))
    expect(await listed(corrections.email)).toBe(1)
    // As in an older copy of the database, which has the old address alone on its list.
    await sql`delete from suppression where hash = ${Buffer.from(hasher.suppression('email', corrections.email))}`.execute(db)
    await sql`delete from erased_mark`.execute(db)
    expect(await replayErased(rights.deps().shell, rights.scene.dir)).not.toBeNull()
    expect(await listed(corrections.email)).toBe(1)
    // Whoever comes with the new address later has said no as well.
    const lookedUp = await rights
      .deps()
      .shell.db.transaction()
      .execute(async (db) =>
        nodeOf({ ...rights.deps().shell, db }, (await findSource(db, 'accord', 'email'))!.id, {
          id: rights.deps().shell.hasher.voice('email', corrections.email),
        }),
      )
    expect(lookedUp.stored?.facts).not.toBeNull()
    fileOf(await answerRequest(rights.deps(), id, 'u1'))
    expect(await rights.run(id)).toMatchObject({ request: { status: 'closed' } })
  })

  it('that a CRM refuses is told as such, and one that it does not keep is not proved', async () => {
    const { id } = await receive(6, { right: 'rectification' })
    const plan = (corrections: object) => planCorrection(rights.deps(), id, { corrections, confirm: [] }, always)
    fileOf((await plan({ lastName: 'X'.repeat(300) })).changed)
    fileOf(await approve(id))
    const file = await rights.run(id)
    expect(file.change).toMatchObject({
      standing: 'part',
      items: expect.arrayContaining([expect.objectContaining({ outcome: 'refused' })]),
    })
    expect(fileOf(await answerRequest(rights.deps(), id, 'u1'))).toMatchObject({ request: { outcome: 'part' } })
  })

  it('is not written over what somebody else has written since it was looked at: it is shown anew, and asked for anew', async () => {
    const { id } = await receive(11, { right: 'rectification' })
    const plan = (corrections: object | null) => planCorrection(rights.deps(), id, { corrections, confirm: [] }, always)
    fileOf((await plan({ jobTitle: 'Chef', mobilePhone: '+33612345678' })).changed)
    await rights.hubspot('PATCH', `/crm/v3/objects/contacts/${contactId(12)}`, { properties: { jobtitle: 'Associée' } })
    fileOf(await approve(id))
    const file = await rights.run(id)
    expect(file).toMatchObject({ change: { standing: 'not-proved' }, dueAt: null })
    expect('items' in file.change && file.change.items?.map(({ connection, outcome, seen }) => [connection, outcome, seen])).toEqual([
      ['hubspot', 'changed', 'otherwise'],
      ['salesforce', 'written', 'as-asked'],
    ])
    expect(await rights.scene.crm.contact(contactId(12))).toMatchObject({ jobtitle: 'Associée' })
    expect((await rights.scene.crm.contact(contactId(12)))?.['mobilephone'] ?? '').toBe('')
    expect(rights.logged).toContain(`request.alert ${JSON.stringify({ request: id, kind: 'not-proved' })}`)
    expect(await answerRequest(rights.deps(), id, 'u1')).toMatchObject({ outcome: 'refused' })
    expect(await approveChange(rights.deps(), id, { user: 'u1', digest: '' })).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('somebody else'),
    })
    const again = await plan(null)
    fileOf(again.changed)
    expect(again.shown.find(({ field }) => field === 'jobtitle')).toMatchObject({ from: 'Associée', to: 'Chef' })
    fileOf(await approve(id))
    expect(await rights.run(id)).toMatchObject({ change: { standing: 'proved' } })
    expect(await rights.scene.crm.contact(contactId(12))).toMatchObject({ jobtitle: 'Chef', mobilephone: '+33612345678' })
  })
})

describe('a CRM that says that it has written, and keeps what it had', () => {
  const alert = (request: string): string => `request.alert ${JSON.stringify({ request, kind: 'not-proved' })}`
  it.each([
    [8, { right: 'withdrawal' }],
    [9, { right: 'restriction' }],
    [10, { right: 'rectification' }],
  ] as const)('is not believed: person %i is not proved, the DPO is told, nobody is answered, until it is so', async (index, wanted) => {
    const body = [{ id: sfId('Contact', index + 1), success: true, errors: [] }]
    const lie = { crm: 'salesforce', method: 'PATCH', path: '/composite/sobjects', kind: 'status', status: 200, body }
    await rights.scene.pull('faults', lie)
    // The other one is honest and quick.
    await rights.scene.pull('hubspot/opt-out-lag', { ms: 0 })
    const id = await take(index, wanted)
    /** Whoever lies does not come to it with time. */
    const run = async (): Promise<StoredRequest> => {
      const deps = rights.deps()
      await advanceRequest({ ...deps, shell: { ...deps.shell, sleep: async () => undefined } }, id, always)
      return rights.load(id)
    }
    if (wanted.right === 'rectification') {
      fileOf((await planCorrection(rights.deps(), id, { corrections: { lastName: 'Dupré' }, confirm: [] }, always)).changed)
      fileOf(await approveChange(rights.deps(), id, { user: 'u1', digest: toApprove((await rights.load(id)).change)!.digest }))
    }
    const first = await run()
    expect(first).toMatchObject({ change: { status: 'settled', standing: 'not-proved', round: 1 } })
    expect('items' in first.change && first.change.items?.map(({ connection, seen }) => [connection, seen])).toEqual([
      ['hubspot', 'as-asked'],
      ['salesforce', 'otherwise'],
    ])
    expect(await answerRequest(rights.deps(), id, 'u1')).toMatchObject({ outcome: 'refused' })
    expect(rights.logged).not.toContain(alert(id))
    await rights.advance(6 * 60_000)
    expect(await run()).toMatchObject({ change: { standing: 'not-proved', round: 2 } })
    expect(rights.logged).toContain(alert(id))
    await rights.scene.clearFaults()
    await rights.advance(2 * 3_600_000)
    expect(await rights.run(id)).toMatchObject({ change: { standing: 'proved', round: 3 } })
    expect(fileOf(await answerRequest(rights.deps(), id, 'u1'))).toMatchObject({ request: { outcome: 'full' } })
  })
})

describe('a restriction in a CRM that is gone for good', () => {
  it('is told to recipients where the look there was all that was left', async () => {
    const deps = () => ({ ...rights.deps(), recipients: erp })
    const id = await take(10, { right: 'restriction' })
    for (;;) {
      const [task] = changer.tasks(deps(), await rights.load(id)).filter(({ what }) => what !== 'look salesforce')
      if (task === undefined) break
      await task.run(always, alone)
    }
    const by = { kind: 'staff', user: 'dpo' } as const
    await loseConnection(deps(), { connection: 'salesforce', crm: 'salesforce', account: null, because: 'vendor-gone', by, at: Date.now() })
    expect(await rights.load(id)).toMatchObject({ change: { goal: 'restrict', standing: 'part' } })
    expect(await loadNotices(rights.deps().shell.db, id)).toMatchObject([{ recipient: 'erp', right: 'restriction', status: 'waiting' }])
  })
})

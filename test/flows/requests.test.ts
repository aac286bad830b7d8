import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccord } from '../../src/accord.ts'
import { openIntake } from '../../src/intake.ts'
import { verifyCertificate } from '../../src/core/erasure/certificate.ts'
import { checkpointFile, readCheckpoints } from '../../src/store/checkpoints.ts'
import { loadLedgerKey } from '../../src/store/keys.ts'
import { readHead, verifyLedger } from '../../src/store/ledger.ts'
import { loadReappearances } from '../../src/store/reappearances.ts'
import { loadMentions } from '../../src/store/request-mentions.ts'
import { loadRequestEvents } from '../../src/store/requests.ts'
import { actOn } from '../../src/tasks/erasure/act.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import type { CrmStats } from '../../src/sandbox/stats.ts'
import { dueOf, perform, settle } from '../../src/tasks/erasure/erase.ts'
import type { Step } from '../../src/core/erasure/erasure.ts'
import { advanceRequest, advanceRequests } from '../../src/tasks/request/advance.ts'
import { mendDates } from '../../src/tasks/sweep/misdated.ts'
import { issueCertificate } from '../../src/tasks/erasure/certificate.ts'
import { answerRequest, withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { composeToRecipient } from '../../src/mail/to-recipient.ts'
import { parseRecipients } from '../../src/core/request/recipients.ts'
import { loadNotices } from '../../src/store/notices.ts'
import { tellRecipients, type Courier } from '../../src/tasks/notify/notices.ts'
import { ledgerEntries } from './stored.ts'
import { always, DAY, fileOf, HOUR, stageRights, type RightsScene } from './rights-scene.ts'
import { runHere } from '../cli/here.ts'
import { useCrms, type Values } from './crms.ts'
import { sandboxEnv } from './scene.ts'
import { contact, proved, sfRow, writeSeed } from './world.ts'

let rights: RightsScene
beforeAll(async () => {
  rights = await stageRights({ world: { salesforce: { Contact: [sfRow('Contact', 1, 'Zoé', null)] } } })
  await createAccord(rights.opened().parts).provision(false, always)
})
afterAll(() => rights.close())

/** Every row of every table as text, as a dump would show it. */
async function dump(): Promise<string> {
  const { db } = rights.deps().shell
  const tables = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`.execute(
    db,
  )
  const parts: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ line: string }>`select t::text as line from ${sql.raw(name)} t`.execute(db)
    parts.push(...rows.map(({ line }) => line))
  }
  return parts.join('\n')
}
const traceOf = async (id: string) => {
  const { erasure } = await rights.load(id)
  return 'items' in erasure ? Object.fromEntries(erasure.items.map(({ key, trace }) => [key, trace])) : {}
}
const blocklisted = async (email: string) => (await rights.scene.pull('hubspot/inspect', { email }))['blocklisted']
const note = (text: string, contacts: readonly string[]) => {
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }]
  return rights.hubspot('POST', '/crm/v3/objects/notes', {
    properties: { hs_note_body: text, hs_timestamp: '2026-01-01T00:00:00Z' },
    associations: contacts.map((id) => ({ to: { id }, types })),
  })
}

/** A yes, by a form of the company's own. */
async function says(email: string): Promise<void> {
  const { shell, landscape, policy } = rights.deps()
  const { consents } = openIntake(shell, { landscape, policy }, null)
  const body = {
    identifier: { email },
    event: 'given',
    purpose: 'newsletter',
    channel: 'email',
    form: 'example.test/form',
    how: 'checkbox',
  } as const
  const read = consents.read(body, shell.now())
  if (!read.ok) throw new Error(read.problem.message)
  await consents.post({ statement: read.value, apiKey: 'a key', idempotency: null })
}
const signedUpTo = async () => (await readCheckpoints(checkpointFile(rights.scene.dir))).at(-1)?.size

describe('an erasure, end to end', () => {
  it('touches no other account that stands behind the same address and token later, and proves nothing by it', async () => {
    const { crm, dir } = rights.scene
    const person = { email: 'theo@example.test', firstname: 'Théo', lastname: 'Brun' }
    const [begun, looked] = [await crm.createContact(person), await crm.createContact({ ...person, email: 'lia@example.test' })]
    const row = await crm.createRow('Contact', { FirstName: 'Théo', LastName: 'Brun', Email: person.email })
    const [running, settled] = [(await rights.ask(person.email)).id, (await rights.ask('lia@example.test')).id]
    for (const id of [running, settled]) fileOf(await rights.approve(id))
    await rights.run(settled)
    // Strangers of another portal and another org, under the very same ids.
    const seedDir = join(dir, 'elsewhere')
    const strangers = [begun, looked].map((id, i) => ({ id, email: `stranger${i}@example.test` }))
    await writeSeed(seedDir, {
      hubspot: { contacts: strangers.map(({ id, email }) => ({ ...contact(0, 'Ines', email), hs_object_id: id })) },
      salesforce: { Contact: [{ ...sfRow('Contact', 1, 'Ines', 'stranger@example.test'), Id: row }] },
    })
    const other = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, seedDir, seed: 2 })
    try {
      await rights.reopen(sandboxEnv(other))
      const refused =
        /^(?:hubspot is .* 4400002 now, .* account 4400001|salesforce is .* 00D\w+2EAA now, .* account 00D\w+1EAA): nothing is read or written/
      expect(await rights.run(running)).toMatchObject({ erasure: { status: 'running' }, fault: 'refused' })
      await rights.advance(2 * HOUR)
      expect(await rights.run(settled)).toMatchObject({ erasure: { status: 'settled', checksDone: [] }, fault: 'refused' })
      await expect(rights.ask(person.email)).rejects.toThrow(refused)
      for (const { connector } of [...rights.opened().at('sweep'), ...rights.opened().at('live')]) {
        const ref = { object: connector.id === 'hubspot' ? 'contacts' : 'Contact', id: begun }
        await expect(connector.get({ object: ref.object, ids: [ref.id], fields: ['email'] }, always)).rejects.toThrow(/nothing is read/)
        await expect(connector.write([{ ref, set: { email: null } }], always)).rejects.toThrow(/nothing is read/)
      }
      const check = await runHere(['check', '--data', dir, '--config', join(dir, 'config')], { ...rights.scene.env, ...sandboxEnv(other) })
      expect([check.code, check.stdout.match(/^ {2}account /gm)?.length]).toEqual([1, 2])
      const there = useCrms(other)
      for (const { id, email } of strangers) expect((await there.contact(id))?.['email']).toBe(email)
      expect(await there.row('Contact', row)).toMatchObject({ Email: 'stranger@example.test' })
    } finally {
      await rights.reopen()
      await other.close()
    }
    await rights.advance(HOUR)
    expect(await rights.run(running)).toMatchObject({ erasure: { status: 'settled' }, fault: null })
    expect([await crm.contact(begun), await crm.row('Contact', row)]).toEqual([null, null])
  })

  it('is looked at again in time although it was proved by a clock years ahead', async () => {
    await rights.scene.crm.createContact({ email: 'ines@example.test', firstname: 'Ines', lastname: 'Noir' })
    const { id } = await rights.ask('ines@example.test')
    fileOf(await rights.approve(id))
    const deps = rights.deps()
    const ahead = { ...deps, shell: { ...deps.shell, now: () => deps.shell.now() + 4 * 365 * DAY } }
    expect(await advanceRequest(ahead, id, always)).toEqual({ outcome: 'done' })
    expect((await rights.load(id)).dueAt).toBeGreaterThan(deps.shell.now() + 3 * 365 * DAY)
    expect([await mendDates(deps), await mendDates(deps)]).toEqual([1, 0])
    await rights.advance(HOUR + 60_000)
    expect(await rights.run(id)).toMatchObject({ erasure: { status: 'settled', standing: 'proved', checksDone: ['hour'] } })
    expect((await sql`select from alarm where kind = 'clock-ahead'`.execute(deps.shell.db)).rows).toHaveLength(1)
  })

  it('takes the person out of both CRMs wherever they stand, leaves look-alikes, is proved, and forgets who asked', async () => {
    const { crm } = rights.scene
    const name = { firstname: 'Ada', lastname: 'Roux' }
    const first = await crm.createContact({ email: 'ada@example.test', ...name, phone: '06 12 34 56 78' })
    const second = await crm.createContact({ email: 'ada.roux@example.org', ...name })
    const merged = await crm.mergeContacts(first, second)
    const lookAlike = await crm.createContact({ email: 'anada@example.test', ...name })
    const namesake = await crm.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'ada.roux@example.fr' })
    await note('Ada Roux likes tea', [merged])
    const shared = await note('Met ada@example.test and Bob', [merged, lookAlike])
    const contact = await crm.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'ada.roux@example.org' })
    const lead = await crm.createRow('Lead', { FirstName: 'Ada', LastName: 'Roux', Email: 'ADA@example.test', Company: 'Atelier' })
    const binned = await crm.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: 'ada@example.test' })
    await crm.deleteRow('Contact', binned)
    const company = await rights.hubspot('POST', '/crm/v3/objects/companies', {
      properties: { name: 'Atelier', description: 'Ask ada@example.test' },
    })

    await says('ada@example.test')
    const { id, plan } = await rights.ask('ada@example.test')
    const keys = [
      `hubspot:contacts:${merged}`,
      ...[binned, contact].map((one) => `salesforce:Contact:${one}`),
      `salesforce:Lead:${lead}`,
    ].sort()
    expect(plan.items.map(({ key, action }) => [key, action])).toEqual(keys.map((key) => [key, 'erase']))
    expect([plan.suggestions, plan.unreachable, plan.connections]).toEqual([[], [], ['salesforce', 'hubspot']])
    expect(await dump()).not.toMatch(/ada@|ada\.|roux/i)
    fileOf(await rights.approve(id))
    expect(await rights.run(id)).toMatchObject({ erasure: { status: 'settled', standing: 'pending-vendor-purge' }, fault: null })
    expect(await signedUpTo()).toBe((await readHead(rights.deps().shell.db)).seq)
    await rights.advance(2 * DAY)
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved', checksDone: ['hour', 'day'] } })
    expect(await traceOf(id)).toEqual(Object.fromEntries(keys.map((key) => [key, 'absent'])))

    expect(await crm.contact(merged)).toBeNull()
    expect((await crm.contact(lookAlike))?.['email']).toBe('anada@example.test')
    expect((await crm.row('Contact', namesake))?.['Email']).toBe('ada.roux@example.fr')
    const { properties } = await rights.hubspot('GET', `/crm/v3/objects/notes/${String(shared['id'])}?properties=hs_note_body`)
    expect((properties as Record<string, string>)['hs_note_body']).toBe('Met […] and Bob')
    const mentions = await loadMentions(rights.deps().shell.db, id)
    expect(mentions.map(({ object, id: at, field, kinds, certainty }) => [object, at, field, kinds, certainty])).toEqual([
      ['companies', company['id'], 'description', ['email'], 'certain'],
    ])

    const key = await loadLedgerKey(rights.scene.dir)
    const trusted = new Map([[key.keyId, key.publicKey]])
    const issued = await issueCertificate(rights.deps(), id, key.privateKey)
    if (issued.outcome === 'refused') throw new Error(issued.message)
    expect(issued.text).not.toMatch(/ada@|ada\.|roux/i)
    expect(verifyCertificate(issued.text, trusted)).toEqual({ ok: true, certificate: issued.certificate })
    expect(issued.certificate).toMatchObject({
      standing: 'proved',
      mentions: [{ ref: `hubspot/companies/${String(company['id'])}`, certainty: 'certain', what: 'description: email; redact' }],
      looks: [{ look: 'first' }, { look: 'hour' }, { look: 'day', standing: 'proved' }],
      next: { look: 'week' },
    })

    fileOf(await answerRequest(rights.deps(), id, 'u1'))
    await rights.advance(31 * DAY)
    expect(await rights.run(id)).toMatchObject({ request: { status: 'closed', ended: 'answered' }, vault: null, dueAt: null })
    expect(await dump()).not.toMatch(/ada@|ada\.|roux|atelier|12 ?34 ?56 ?78/i)
    expect(await signedUpTo()).toBe((await readHead(rights.deps().shell.db)).seq)
    const { hasher, db } = rights.deps().shell
    for (const email of ['ada@example.test', 'ada.roux@example.org']) {
      expect(await dump()).not.toContain(hasher.identifier('email', email))
      expect(await dump()).not.toContain(hasher.voice('email', email))
    }
    expect((await ledgerEntries(db)).filter(([kind, request]) => kind === 'shredded' && request === id)).toEqual([
      ['shredded', id, 1, 1, 0],
    ])
    expect(await verifyLedger(rights.deps().shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
  })

  it('is not proved by the word of a CRM that keeps the record, and is once it really goes', async () => {
    const eva = await rights.scene.crm.createContact({ email: 'eva@example.test', firstname: 'Eva', lastname: 'Blanc' })
    await rights.scene.pull('hubspot/erase-keeps', { on: true })
    const { id } = await rights.ask('eva@example.test')
    fileOf(await rights.approve(id))
    const file = await rights.run(id)
    expect(file).toMatchObject({ erasure: { status: 'settled', standing: 'not-proved', round: 2 } })
    expect(await traceOf(id)).toEqual({ [`hubspot:contacts:${eva}`]: 'present' })
    expect(rights.logged).toContain(`erasure.not-proved ${JSON.stringify({ request: id })}`)
    expect(await answerRequest(rights.deps(), id, 'u1')).toMatchObject({ outcome: 'refused' })
    const { privateKey } = await loadLedgerKey(rights.scene.dir)
    expect(await issueCertificate(rights.deps(), id, privateKey)).toMatchObject({ outcome: 'refused' })
    await rights.scene.pull('hubspot/erase-keeps', { on: false })
    fileOf(await rights.approve(id))
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved' } })
  })

  it('of an address that nobody has changes nothing, and blocks nobody', async () => {
    for (const email of ['nobody@example.test', `"o'b%*_"@example.test`]) {
      const { id, plan } = await rights.ask(email)
      expect([plan.items, plan.suggestions]).toEqual([[], []])
      expect(await rights.approve(id)).toMatchObject({
        outcome: 'refused',
        message: 'nothing was found: the answer is that nothing is held',
      })
      expect(await blocklisted(email)).toBe(false)
      fileOf(await answerRequest(rights.deps(), id, 'u1'))
      expect(await rights.run(id)).toMatchObject({ request: { status: 'closed' }, vault: null })
    }
  })

  it('of a shared mailbox selects nobody', async () => {
    const office = await rights.scene.crm.createContact({ email: 'info@example.test', firstname: 'Office' })
    const { id, plan } = await rights.ask('info@example.test')
    expect(plan.items).toEqual([])
    expect(plan.suggestions).toEqual([{ key: `hubspot:contacts:${office}`, why: 'shared-mailbox' }])
    fileOf(await withdrawRequest(rights.deps(), id))
    expect(await rights.run(id)).toMatchObject({ request: { status: 'closed', ended: 'withdrawn' }, vault: null })
  })

  it('goes on after each death between the CRM and our own notes, and does nothing twice', async () => {
    const { crm } = rights.scene
    const bystander = await crm.createContact({ email: 'bystander@example.test', firstname: 'Bob' })
    await crm.createContact({ email: 'max@example.test', firstname: 'Max', lastname: 'Noir' })
    await crm.createRow('Contact', { FirstName: 'Max', LastName: 'Noir', Email: 'max@example.test' })
    const { id } = await rights.ask('max@example.test')
    fileOf(await rights.approve(id))
    for (;;) {
      const file = await rights.load(id)
      const [due] = dueOf(file, Date.now() + 40 * DAY)
      if (due?.do !== 'step') break
      await actOn(rights.deps(), file, due.step, always)
      if (due.step.act === 'erase') await rights.reopen()
      fileOf(await perform(rights.deps(), await rights.load(id), due, always))
    }
    expect(await rights.load(id)).toMatchObject({ erasure: { status: 'settled', standing: 'pending-vendor-purge', round: 1 } })
    const steps = (await loadRequestEvents(rights.deps().shell.db, id)).flatMap(({ event }) =>
      event.type === 'reported' ? [event.step] : [],
    )
    expect(steps.map(({ act, connection }) => [act, connection])).toEqual([
      ['suppress', null],
      ...['silence', 'prepare', 'erase', 'look'].flatMap((act) => ['salesforce', 'hubspot'].map((one) => [act, one])),
    ])
    expect((await crm.contact(bystander))?.['email']).toBe('bystander@example.test')
  })

  it('stops where the person thinks better of it, and is carried out once for one who asks twice', async () => {
    const { crm } = rights.scene
    const tim = await crm.createContact({ email: 'tim@example.test', firstname: 'Tim', lastname: 'Gris' })
    const one = await rights.ask('tim@example.test')
    const two = await rights.ask('tim@example.test')
    expect(await rights.approve(two.id)).toMatchObject({ outcome: 'refused', message: expect.stringContaining(one.id) })
    fileOf(await rights.approve(one.id))
    const [due] = dueOf(await rights.load(one.id), Date.now() + 400 * DAY)
    fileOf(await perform(rights.deps(), await rights.load(one.id), due!, always))
    expect(await answerRequest(rights.deps(), two.id, 'u1')).toMatchObject({ outcome: 'refused', message: expect.stringContaining(one.id) })
    fileOf(await withdrawRequest(rights.deps(), one.id))
    expect(await rights.run(one.id)).toMatchObject({
      request: { status: 'closed', ended: 'withdrawn' },
      erasure: { irreversible: 'nothing' },
    })
    expect((await crm.contact(tim))?.['email']).toBe('tim@example.test')
    const three = await rights.ask('tim@example.test')
    fileOf(await rights.approve(two.id))
    expect(await rights.run(two.id)).toMatchObject({ erasure: { standing: 'proved' } })
    fileOf(await answerRequest(rights.deps(), two.id, 'u1'))
    fileOf(await answerRequest(rights.deps(), three.id, 'u1'))
    expect(await rights.run(three.id)).toMatchObject({ request: { status: 'closed', ended: 'answered' } })
    const four = await rights.ask('tim@example.test')
    expect(four.plan.items).toEqual([])
    fileOf(await answerRequest(rights.deps(), four.id, 'u1'))
  })

  it('withdrawn half-way tells recipients what is gone, what was on its way included, and asks nobody to erase', async () => {
    const { crm } = rights.scene
    const dee = await crm.createContact({ email: 'dee@example.test', firstname: 'Dee', lastname: 'Rose' })
    const lead = await crm.createRow('Lead', { FirstName: 'Dee', LastName: 'Rose', Email: 'dee@example.test', Company: '-' })
    const read = parseRecipients({
      version: 1,
      recipients: [{ id: 'erp', name: 'ERP', purpose: { fr: 'x', en: 'x' }, country: 'FR', email: { to: 'dpo@erp.example.org' } }],
    })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const deps = { ...rights.deps(), recipients: read.value }
    const { id } = await rights.ask('dee@example.test')
    fileOf(await rights.approve(id))
    const next = async (): Promise<Step> => {
      const [due] = dueOf(await rights.load(id), Number.MAX_SAFE_INTEGER)
      if (due?.do !== 'step') throw new Error('no step is due')
      return due.step
    }
    let step = await next()
    for (; step.act !== 'erase'; step = await next()) fileOf(await perform(deps, await rights.load(id), { do: 'step', step }, always))
    const seen = await rights.load(id)
    const acted = await actOn(deps, seen, step, always)
    fileOf(await withdrawRequest(deps, id))
    expect(await loadNotices(deps.shell.db, id)).toEqual([])
    fileOf(await settle(deps, seen, step, acted))
    expect(await loadNotices(deps.shell.db, id)).toMatchObject([{ recipient: 'erp', right: 'erasure-withdrawn', status: 'waiting' }])
    const told: string[] = []
    const tell: Courier['tell'] = async ({ right, person, request }) => {
      told.push(composeToRecipient(deps.policy, { request, right, person, language: 'fr' }).text)
      return { outcome: 'told' }
    }
    await tellRecipients(deps.shell, deps.recipients, { tell, close: () => undefined }, always)
    expect(told).toEqual([expect.stringMatching(/dee@example\.test.*nous ne vous demandons pas d'effacer/s)])
    expect(await rights.run(id)).toMatchObject({ request: { ended: 'withdrawn' }, erasure: { status: 'stopped', irreversible: 'part' } })
    expect(await crm.row('Lead', lead)).toBeNull()
    expect((await crm.contact(dee))?.['email']).toBe('dee@example.test')
  })

  it('waits for a CRM that fails and tries again, and says so', async () => {
    const gil = await rights.scene.crm.createContact({ email: 'gil@example.test', firstname: 'Gil', lastname: 'Brun' })
    const { id } = await rights.ask('gil@example.test')
    fileOf(await rights.approve(id))
    await rights.scene.pull('hubspot/revoke-scope', { scope: 'crm.objects.contacts.read' })
    const before = await rights.run(id)
    expect(before).toMatchObject({ erasure: { status: 'running' }, fault: 'scope', attempts: 1 })
    expect(await rights.run(id)).toMatchObject({ version: before.version, attempts: 1 })
    await rights.scene.pull('hubspot/grant-scope', { scope: 'crm.objects.contacts.read' })
    await rights.advance(HOUR)
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved' }, fault: null })
    expect(await rights.scene.crm.contact(gil)).toBeNull()
  })

  it('is carried out for many at once: each is proved, with the calls and the commits of a few', async () => {
    const { crm, sandbox } = rights.scene
    const people = Array.from({ length: 12 }, (_, i) => `many${i}@example.test`)
    const asked = await Promise.all(
      people.map(async (email, i) => {
        await crm.createContact({ email, firstname: 'Max', lastname: `Noir${i}` })
        await crm.createRow('Contact', { FirstName: 'Max', LastName: `Noir${i}`, Email: email })
        return rights.ask(email)
      }),
    )
    for (const { id } of asked) fileOf(await rights.approve(id))
    await fetch(`${sandbox.control}/stats`, { method: 'DELETE' })
    const { db } = rights.deps().shell
    const before = await readHead(db)
    const ids = asked.map(({ id }) => id)
    expect([...(await advanceRequests(rights.deps(), ids, always))]).toEqual(ids.map((id) => [id, { outcome: 'done' }]))
    for (const { id } of asked) {
      const { erasure } = await rights.load(id)
      if (!('items' in erasure)) throw new Error('nothing was done')
      expect(erasure.items.map(({ trace }) => trace)).toEqual(['absent', 'purging'])
    }
    const { crms } = (await (await fetch(`${sandbox.control}/stats`)).json()) as { crms: Record<string, CrmStats> }
    const deletes = crms['hubspot']!.routes['POST /crm/v3/objects/contacts/gdpr-delete']
    expect(deletes).toEqual({ '204': people.length })
    // Ten kinds of things around them, and once, not again a moment later, the four kinds that bind.
    expect(crms['hubspot']!.routes['POST /crm/v4/associations/{id}/{id}/batch/read']).toEqual({ '207': 14 })
    expect(crms['hubspot']!.requests).toBeLessThan(5 * people.length)
    expect(crms['salesforce']!.requests).toBeLessThan(4 * people.length)
    expect((await readHead(db)).seq - before.seq).toBeLessThan(3 * people.length)
    expect(await verifyLedger(db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
  })

  it('keeps a record that a legal hold was set on after the approval, and tells the DPO', async () => {
    const { crm } = rights.scene
    const kim = await crm.createContact({ email: 'kim@example.test', firstname: 'Kim', legal_hold: 'false' })
    const { id, plan } = await rights.ask('kim@example.test')
    expect(plan.items).toMatchObject([{ action: 'erase', holds: [] }])
    fileOf(await rights.approve(id))
    await crm.editContact(kim, { legal_hold: 'true' })
    const file = await rights.run(id)
    expect(file).toMatchObject({ erasure: { standing: 'held', items: [{ outcome: 'kept', holds: [{ rule: 'hold.legal' }] }] } })
    expect(rights.logged).toContain(`request.alert ${JSON.stringify({ request: id, kind: 'held-since' })}`)
    expect(rights.logged).toContain(`erasure.held ${JSON.stringify({ request: id, records: 1 })}`)
  })

  it('notices the person who comes back: no marketing from the first sight on, and a second erasure once somebody approves it', async () => {
    const { crm } = rights.scene
    const lea = { email: 'lea@example.test', firstname: 'Léa', lastname: 'Vert', country: 'France', ...proved('hubspot', 10) } as Values
    const first = await crm.createContact(lea)
    await sweepAll()
    expect((await crm.contact(first))?.['accord_consent_newsletter_email']).toBe('granted')
    const { id } = await rights.ask('lea@example.test')
    fileOf(await rights.approve(id))
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved' } })
    await sweepAll()
    const { db } = rights.deps().shell
    expect(await loadReappearances(db, id)).toEqual([])
    // As an import of an old list would: with the consent that she once gave.
    const again = await crm.createContact(lea)
    expect(again).not.toBe(first)
    await sweepAll()
    expect(await loadReappearances(db, id)).toEqual([`hubspot:contacts:${again}`])
    expect(rights.logged.filter((line) => line.startsWith('erasure.returned'))).toEqual([])
    expect((await crm.contact(again))?.['accord_consent_newsletter_email']).toBe('withdrawn')
    await rights.advance(2 * HOUR)
    expect(await rights.run(id)).toMatchObject({ erasure: { status: 'returned', returned: [{ id: again }] } })
    fileOf(await rights.approve(id))
    expect(await rights.run(id)).toMatchObject({ erasure: { status: 'settled', standing: 'proved' } })
    expect(await crm.contact(again)).toBeNull()
  })
})

async function sweepAll(): Promise<void> {
  const accord = createAccord(rights.opened().parts)
  const summaries = await accord.sweep({ full: false, keep: true, write: true, progress: () => undefined }, always)
  expect(summaries.flatMap(({ error }) => (error ? [error] : []))).toEqual([])
}

/** One person in two CRMs that a live sync joins: erased so that both sides stay empty, and what becomes of it when it is done as everybody does it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyCertificate } from '../../src/core/erasure/certificate.ts'
import { loadLedgerKey } from '../../src/store/keys.ts'
import { loadMentions } from '../../src/store/request-mentions.ts'
import { loadRequestEvents } from '../../src/store/requests.ts'
import { issueCertificate } from '../../src/tasks/erasure/certificate.ts'
import { placeOf, redactMentions, scanAgain } from '../../src/tasks/request/redact.ts'
import { always, DAY, fileOf, HOUR, stageRights, type RightsScene } from './rights-scene.ts'

let rights: RightsScene
beforeAll(async () => {
  rights = await stageRights({ world: {} })
})
afterAll(() => rights.close())

type Planted = { readonly email: string; readonly second: string; readonly first: string; readonly last: string }
type Seven = { readonly contact: string; readonly twin: string; readonly lead: string; readonly converted: string; readonly binned: string }

/** Second address, lead, converted lead, notes, a company's note, a copy in the bin, a twin that the sync has joined. */
async function seven({ email, second, first, last }: Planted): Promise<Seven> {
  const { crm, pull } = rights.scene
  const name = { firstname: first, lastname: last }
  const converted = await crm.createRow('Lead', { FirstName: first, LastName: last, Company: 'Ancien', Email: email })
  const made = await pull('salesforce/convert-lead', { leadId: converted, doNotCreateOpportunity: true })
  const twin = String(made['contactId'])
  const contact = await crm.mergeContacts(
    await crm.createContact({ email, ...name, phone: '06 12 34 56 78' }),
    await crm.createContact({ email: second, ...name }),
  )
  const bob = await crm.createContact({ email: `b.blanc@${first.toLowerCase()}.example.test`, firstname: 'Bob', lastname: 'Blanc' })
  await pull('sync/run', {})
  expect(await crm.contact(contact)).toMatchObject({ salesforcecontactid: twin })
  const lead = await crm.createRow('Lead', { FirstName: first, LastName: last, Company: 'Atelier', Email: second })
  const binned = await crm.createRow('Contact', { FirstName: first, LastName: last, Email: email })
  await crm.deleteRow('Contact', binned)
  await crm.createRow('Case', { Subject: 'broken', ContactId: twin, SuppliedEmail: email })
  await note(`${first} ${last} likes tea`, { contacts: [contact] })
  await note(`Bob met ${first} ${last} <${email}>`, { contacts: [contact, bob] })
  const company = await rights.hubspot('POST', '/crm/v3/objects/companies', { properties: { name: 'Atelier' } })
  await note(`Ask ${email} about the offer`, { companies: [String(company['id'])] })
  return { contact, twin, lead, converted, binned }
}

function note(text: string, { contacts = [], companies = [] }: { contacts?: readonly string[]; companies?: readonly string[] }) {
  const link = (associationTypeId: number) => (id: string) => ({
    to: { id },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
  })
  return rights.hubspot('POST', '/crm/v3/objects/notes', {
    properties: { hs_note_body: text, hs_timestamp: '2026-01-01T00:00:00Z' },
    associations: [...contacts.map(link(202)), ...companies.map(link(190))],
  })
}

/** Both sides as their users see them: by either address, whatever the record. */
async function whereIs({ email, second }: Planted): Promise<readonly string[]> {
  const { crm, pull } = rights.scene
  const found: string[] = []
  for (const address of [email, second]) {
    const { holders } = (await pull('hubspot/inspect', { email: address })) as { holders: { object?: string; id: string }[] }
    // Notes of others may name the person: they are told as mentions.
    found.push(...holders.flatMap(({ object = 'contacts', id }) => (object === 'notes' ? [] : [`${object} ${id}`])))
    for (const object of ['Contact', 'Lead'])
      found.push(...(await crm.rows(`SELECT Id FROM ${object} WHERE Email = '${address}'`)).map(({ Id }) => `${object} ${String(Id)}`))
  }
  return [...new Set(found)].sort()
}
const callsSoFar = (): number =>
  rights
    .opened()
    .at('rights')
    .reduce((sum, { connector }) => sum + connector.usage.calls, 0)
/** A sync that runs every quarter of an hour for two days. */
async function twoDays(between: () => Promise<unknown> = async () => undefined): Promise<void> {
  for (let hours = 0; hours < 48; hours += 12) {
    await rights.advance(12 * HOUR)
    await between()
  }
}

describe('a person who is there in seven ways, under a live sync between the CRMs', () => {
  beforeAll(() => rights.scene.pull('sync', { on: true, createAs: 'Contact', start: 'full' }))

  it('is proved absent, and stays so on both sides; the certificate verifies', async () => {
    const ada = { email: 'ada@example.test', second: 'ada.roux@example.org', first: 'Ada', last: 'Roux' }
    const { contact, twin, lead, converted, binned } = await seven(ada)
    expect(await whereIs(ada)).toEqual([`Contact ${twin}`, `Lead ${converted}`, `Lead ${lead}`, `contacts ${contact}`].sort())
    const { id, plan } = await rights.ask(ada.email)
    const before = callsSoFar()
    expect(plan.items.map(({ key, action, reasons }) => `${key} ${action} ${reasons.join('+')}`)).toEqual(
      [
        `hubspot:contacts:${contact} erase email+same`,
        `salesforce:Contact:${twin} erase email+same`,
        `salesforce:Contact:${binned} erase email`,
        `salesforce:Lead:${lead} erase email`,
        `salesforce:Lead:${converted} erase email+same`,
      ].sort(),
    )
    fileOf(await rights.approve(id))
    const settled = await rights.run(id)
    expect(settled).toMatchObject({ erasure: { status: 'settled', standing: 'pending-vendor-purge', round: 1 }, fault: null })
    if (settled.erasure.status !== 'settled') return
    expect(settled.erasure.around.map(({ connection, object, outcome }) => `${connection} ${object} ${outcome}`).sort()).toEqual([
      'hubspot notes deleted',
      'hubspot notes redacted',
      'salesforce Case detached',
      'salesforce Lead refused',
    ])
    await twoDays(() => rights.run(id))
    expect(await whereIs(ada)).toEqual([])
    expect(await rights.load(id)).toMatchObject({ erasure: { standing: 'proved', checksDone: ['hour', 'day'] } })
    await rights.advance(30 * DAY)
    await rights.run(id)
    await rights.advance(DAY)
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved', checksDone: ['hour', 'day', 'week', 'month'] } })
    expect(await whereIs(ada)).toEqual([])

    // What the plan has said that it would cost, more or less.
    const took = callsSoFar() - before
    expect([took > plan.calls / 2, took < plan.calls * 2, plan.minutes]).toEqual([true, true, 1])
    const { keyId, publicKey, privateKey } = await loadLedgerKey(rights.scene.dir)
    const issued = await issueCertificate(rights.deps(), id, privateKey)
    if (issued.outcome === 'refused') throw new Error(issued.message)
    expect(verifyCertificate(issued.text, new Map([[keyId, publicKey]]))).toEqual({ ok: true, certificate: issued.certificate })
    expect(issued.certificate).toMatchObject({
      standing: 'proved',
      mentions: [{ certainty: 'certain', what: 'hs_note_body: email; redact' }],
    })
    expect(issued.text).not.toMatch(/ada@|ada\.|roux|blanc/i)

    const { db } = rights.deps().shell
    const [mention] = await loadMentions(db, id)
    const redaction = { user: 'u1', places: [placeOf(mention!)], names: false }
    expect(await redactMentions(rights.deps(), id, { ...redaction, places: ['hubspot/notes/1/hs_note_body'] }, always)).toMatchObject({
      changed: { outcome: 'refused', message: 'hubspot/notes/1/hs_note_body is none of the mentions of this request' },
    })
    const { changed, around } = await redactMentions(rights.deps(), id, redaction, always)
    expect([changed.outcome, around.map(({ id: one, outcome }) => [one, outcome])]).toEqual(['changed', [[mention!.id, 'redacted']]])
    const { properties } = await rights.hubspot('GET', `/crm/v3/objects/notes/${mention!.id}?properties=hs_note_body`)
    expect((properties as Record<string, string>)['hs_note_body']).toBe('Ask […] about the offer')
    expect(await loadMentions(db, id)).toEqual([])
    fileOf(await scanAgain(rights.deps(), id, always))
    expect(await loadMentions(db, id)).toEqual([])
    expect((await loadRequestEvents(db, id)).slice(-2)).toMatchObject([
      { event: { type: 'redacted', by: { kind: 'staff', user: 'u1' } } },
      { event: { type: 'read' } },
    ])
  })

  it('is not gone when each side is simply deleted at once, as everybody does it: a case is in the way, and the sync brings back the rest', async () => {
    const eva = { email: 'eva@example.test', second: 'eva.noir@example.org', first: 'Eva', last: 'Noir' }
    const { contact, twin, lead, converted } = await seven(eva)
    const { crm } = rights.scene
    const before = await whereIs(eva)
    const deleted = await Promise.allSettled([
      crm.eraseContact(contact),
      crm.deleteRow('Contact', twin),
      crm.deleteRow('Lead', lead),
      crm.deleteRow('Lead', converted),
    ])
    expect(deleted.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    // What a colleague types two minutes later: the sync creates anew what changes.
    await crm.editRow('Contact', twin, { Title: 'Directrice' })
    await twoDays()
    const after = await whereIs(eva)
    expect(after).toContain(`Contact ${twin}`)
    // Another record of hers in the CRM that had forgotten her for good.
    expect(after.filter((one) => one.startsWith('contacts ') && !before.includes(one)).length).toBe(1)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccessEntry, AccessField } from '../../../src/core/access/entry.ts'
import type { AccessRequest } from '../../../src/connectors/access.ts'
import type { Connector, Problem } from '../../../src/connectors/connector.ts'
import { editJson, type Gate } from '../gate.ts'
import { hubspotWorld, sandboxToken, type Levers } from './world.ts'

const signal = new AbortController().signal
let connector: Connector
let gate: Gate
let pull: Levers
let portal: string
let control: string
let end: () => Promise<void>

beforeAll(async () => {
  const opened = await hubspotWorld()
  ;({ connector, gate, pull, control } = opened)
  portal = opened.own
  end = async () => {
    await connector.close()
    await opened.world.close()
  }
})
afterAll(() => end())
beforeEach(async () => {
  await fetch(`${control}/reset`, { method: 'POST', body: '{}' })
  await pull('index-lag', { ms: 0 })
  gate.rule = undefined
})

async function ask<T = { id: string }>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${sandboxToken}`, 'content-type': 'application/json' }
  const response = await fetch(portal + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
const typeIds: Readonly<Record<string, number>> = { notes: 202, emails: 198, tasks: 204, deals: 3, tickets: 16, invoices: 177, orders: 507 }
const create = async (object: string, properties: object, contacts: readonly string[] = []): Promise<string> => {
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeIds[object] ?? 0 }]
  const associations = contacts.map((id) => ({ to: { id }, types }))
  return (await ask('POST', `/crm/v3/objects/${object}`, { properties, associations })).id
}
const contact = (properties: object): Promise<string> => create('contacts', properties)

async function collect(part: Partial<AccessRequest>): Promise<{ entries: AccessEntry[]; gaps: Problem[] }> {
  const entries: AccessEntry[] = []
  const gaps: Problem[] = []
  for await (const page of connector.access!.collect({ refs: [], emails: [], ...part }, signal)) {
    entries.push(...page.entries)
    gaps.push(...page.gaps)
  }
  return { entries, gaps }
}
const ref = (id: string) => ({ object: 'contacts', id })
const fieldsIn = (entries: readonly AccessEntry[], part: AccessEntry['part'], object?: string): AccessField[][] =>
  entries.flatMap((one) =>
    one.part === part && 'fields' in one && (object === undefined || ('object' in one && one.object === object)) ? [[...one.fields]] : [],
  )
const valuesOf = (fields: readonly AccessField[] | undefined) => Object.fromEntries((fields ?? []).map(({ name, value }) => [name, value]))

describe('a copy of what HubSpot holds of a person', () => {
  it('has every property that is not empty, of 1,200 custom ones and all of HubSpot’s, with its label', async () => {
    const custom = Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`custom_${i}`, i % 3 === 0 ? '' : `value ${i}`]))
    // The first row names all of them, so that the portal knows those too that are empty on the second.
    const all = Object.fromEntries(Object.keys(custom).map((name) => [name, 'x']))
    await pull('load', {
      rows: [
        { email: 'bo@example.test', ...all },
        { email: 'ada@example.test', firstname: 'Ada', ...custom },
      ],
    })
    const names = (await ask<{ results: { name: string; label: string }[] }>('GET', '/crm/v3/properties/contacts')).results
    const { results } = await ask<{ results: { id: string; properties: Record<string, string | null> }[] }>(
      'POST',
      '/crm/v3/objects/contacts/batch/read',
      { idProperty: 'email', inputs: [{ id: 'ada@example.test' }], properties: names.map(({ name }) => name), propertiesWithHistory: [] },
    )
    const held = Object.entries(results[0]!.properties).filter(([, value]) => value !== null && value !== '')
    const { entries, gaps } = await collect({ refs: [ref(results[0]!.id)] })
    const [fields] = fieldsIn(entries, 'record')
    expect(gaps).toEqual([])
    expect(held.filter(([name]) => name.startsWith('custom_')).length).toBe(800)
    expect(valuesOf(fields)).toEqual(Object.fromEntries(held))
    const labels = new Map(names.map(({ name, label }) => [name, label]))
    expect(fields!.every(({ name, label }) => labels.get(name) === label)).toBe(true)
  })

  it('tells earlier values with their time and source, those that are empty now as well', async () => {
    const id = await contact({ email: 'ada@example.test', jobtitle: 'Clerk', city: 'Lyon' })
    await pull('edit', {
      object: 'contacts',
      id,
      properties: { jobtitle: 'Director', city: '' },
      sourceType: 'FORM',
      sourceId: 'f',
      updatedByUserId: null,
    })
    const { entries } = await collect({ refs: [ref(id)] })
    const told = entries.flatMap((one) =>
      one.part === 'history' ? [[one.name, one.versions.map(({ value, provenance }) => [value, provenance])]] : [],
    )
    expect(told).toEqual(
      expect.arrayContaining([
        [
          'jobtitle',
          [
            ['Director', 'person'],
            ['Clerk', 'unknown'],
          ],
        ],
        [
          'city',
          [
            ['', 'person'],
            ['Lyon', 'unknown'],
          ],
        ],
      ]),
    )
    const title = fieldsIn(entries, 'record')[0]?.find(({ name }) => name === 'jobtitle')
    expect(title).toMatchObject({
      label: 'Jobtitle',
      value: 'Director',
      source: 'FORM',
      provenance: 'person',
      at: expect.stringMatching(/^2\d{3}-/),
    })
  })

  it('has what was written to or about them, what they are linked with by name, lists, subscriptions and forms', async () => {
    const id = await contact({ email: 'ada@example.test', firstname: 'Ada' })
    const twin = await contact({ email: 'ada@example.org', firstname: 'Ada' })
    const at = '2026-01-01T00:00:00Z'
    await create('notes', { hs_note_body: 'Ada prefers mornings', hs_timestamp: at, hubspot_owner_id: '4400301' }, [id, twin])
    await create('tasks', { hs_task_subject: 'Call Ada', hs_timestamp: at }, [id])
    const mail = { hs_email_direction: 'INCOMING_EMAIL', hs_email_subject: 'My order', hs_email_text: 'Where is it?', hs_timestamp: at }
    await create('emails', mail, [id])
    await create('deals', { dealname: 'Machine 12', pipeline: 'default', dealstage: 'appointmentscheduled' }, [id])
    await create('invoices', { hs_number: 'F-12', hs_invoice_status: 'open', hs_currency: 'EUR', hs_comments: 'of our own' }, [id])
    await create('orders', { hs_order_name: 'Order 7', hs_total_price: '12' }, [id])
    const company = (await ask('POST', '/crm/v3/objects/companies', { properties: { name: 'Atelier' } })).id
    await ask('PUT', `/crm/v4/objects/contacts/${id}/associations/default/companies/${company}`)
    const { list } = await ask<{ list: { listId: string } }>('POST', '/crm/v3/lists/', {
      name: 'VIP',
      objectTypeId: '0-1',
      processingType: 'MANUAL',
    })
    await ask('PUT', `/crm/v3/lists/${list.listId}/memberships/add`, [id])
    const definitions = await ask<{ results: { id: number; name: string }[] }>('GET', '/communication-preferences/v4/definitions')
    const [subscription] = definitions.results
    const choice = { subscriptionId: Number(subscription!.id), statusState: 'SUBSCRIBED', channel: 'EMAIL' }
    await ask('POST', '/communication-preferences/v4/statuses/ada%40example.test', choice)
    const forms = await ask<{ results: { id: string; name: string }[] }>('GET', '/marketing/v3/forms/?limit=50')
    const form = forms.results.find(({ name }) => name === 'Contact us')!
    const { portalId } = await ask<{ portalId: number }>('GET', '/account-info/v3/details')
    const submit = (email: string, message: string) =>
      ask('POST', `/submissions/v3/integration/secure/submit/${portalId}/${form.id}`, {
        fields: [
          { objectTypeId: '0-1', name: 'email', value: email },
          { objectTypeId: '0-1', name: 'message', value: message },
        ],
      })
    await submit('ADA@example.test', 'Please call me')
    await submit('bo@example.test', 'Somebody else')
    // Told by others, by a field of her own name or of another object: hers to know of, and not hers.
    const recommend = (fields: readonly object[]) =>
      ask('POST', `/submissions/v3/integration/secure/submit/${portalId}/${form.id}`, {
        fields,
        skipValidation: true,
        context: { pageUri: 'https://example.test/recommend' },
      })
    const own = (name: string, value: string) => ({ objectTypeId: '0-1', name, value })
    await recommend([own('email', 'paul@example.org'), own('firstname', 'Paul'), own('friend_email', 'ada@example.test')])
    await recommend([own('email', 'paul@example.org'), { objectTypeId: '0-2', name: 'email', value: 'ada@example.test' }])

    const { entries, gaps } = await collect({ refs: [ref(id), ref(twin)], emails: ['ada@example.test', 'ada@example.org'] })
    expect(gaps).toEqual([])
    const notes = fieldsIn(entries, 'activity', 'notes')
    expect(notes.map(valuesOf)).toEqual([expect.objectContaining({ hs_note_body: 'Ada prefers mornings', hubspot_owner_id: '4400301' })])
    expect(notes[0]!.find(({ name }) => name === 'hubspot_owner_id')).toMatchObject({ holds: 'colleague' })
    expect(notes[0]!.find(({ name }) => name === 'hs_note_body')).toMatchObject({ holds: 'text', provenance: 'other' })
    expect(fieldsIn(entries, 'activity', 'tasks').map(valuesOf)).toEqual([expect.objectContaining({ hs_task_subject: 'Call Ada' })])
    expect(fieldsIn(entries, 'activity', 'emails')[0]!.find(({ name }) => name === 'hs_email_text')).toMatchObject({
      value: 'Where is it?',
      provenance: 'person',
    })
    expect(fieldsIn(entries, 'association').map(valuesOf)).toEqual([
      { name: 'Atelier', association: 'Primary' },
      { dealname: 'Machine 12' },
      { hs_number: 'F-12', hs_invoice_status: 'open', hs_currency: 'EUR' },
      { hs_order_name: 'Order 7', hs_total_price: '12' },
    ])
    expect(fieldsIn(entries, 'list').map((fields) => fields[0]!.value)).toEqual(expect.arrayContaining(['VIP']))
    expect(fieldsIn(entries, 'subscription').map(valuesOf)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ email: 'ada@example.test', subscription: subscription!.name, status: 'SUBSCRIBED' }),
      ]),
    )
    const submissions = fieldsIn(entries, 'submission')
    const said = submissions.map((fields) => fields.map(({ name, value, provenance, holds }) => `${name}=${value} ${provenance} ${holds}`))
    expect(said.toSorted()).toEqual(
      [
        ['form=Contact us other plain', 'email=ADA@example.test person plain', 'message=Please call me person plain'],
        [
          'form=Contact us other plain',
          'pageUrl=https://example.test/recommend other another',
          'email=paul@example.org other another',
          'email=ada@example.test other another',
        ],
        [
          'form=Contact us other plain',
          'pageUrl=https://example.test/recommend other another',
          'email=paul@example.org other another',
          'firstname=Paul other another',
          'friend_email=ada@example.test other another',
        ],
      ].toSorted(),
    )
  })

  it('names the forms whose submissions HubSpot refuses, and has those of the others', async () => {
    const id = await contact({ email: 'ada@example.test' })
    const forms = await ask<{ results: { id: string; name: string }[] }>('GET', '/marketing/v3/forms/?limit=50')
    const form = forms.results.find(({ name }) => name === 'Contact us')!
    const { portalId } = await ask<{ portalId: number }>('GET', '/account-info/v3/details')
    const fields = [{ objectTypeId: '0-1', name: 'email', value: 'ada@example.test' }]
    await ask('POST', `/submissions/v3/integration/secure/submit/${portalId}/${form.id}`, { fields, skipValidation: true })
    const refused = forms.results.filter((one) => one.id !== form.id).slice(0, 2)
    gate.rule = ({ path }) => {
      const at = refused.findIndex((one) => path.includes(`/submissions/forms/${one.id}`))
      return at < 0 ? undefined : { reply: { status: at === 0 ? 400 : 404, body: '{"status":"error"}' } }
    }
    const { entries, gaps } = await collect({ refs: [ref(id)], emails: ['ada@example.test'] })
    expect(fieldsIn(entries, 'submission').map(valuesOf)).toEqual([{ form: 'Contact us', email: 'ada@example.test' }])
    const names = refused.map(({ name }) => name).join(', ')
    const message = `HubSpot did not give what was sent with these forms: ${names}`
    expect(refused.length).toBe(2)
    expect(gaps).toEqual([{ kind: 'object', name: 'form submissions', message }])
  })

  it('says what this token may not read, and reads the rest', async () => {
    const id = await contact({ email: 'ada@example.test', jobtitle: 'Clerk' })
    const mail = { hs_email_direction: 'EMAIL', hs_email_subject: 'Hello', hs_timestamp: '2026-01-01T00:00:00Z' }
    await create('emails', mail, [id])
    for (const scope of [
      'crm.lists.read',
      'forms',
      'sales-email-read',
      'communication_preferences.read_write',
      'communication_preferences.read',
    ])
      await pull('revoke-scope', { scope })
    await pull('deny-property', { object: 'contacts', name: 'jobtitle' })
    const { entries, gaps } = await collect({ refs: [ref(id)], emails: ['ada@example.test'] })
    expect(valuesOf(fieldsIn(entries, 'record')[0])).toMatchObject({ email: 'ada@example.test' })
    expect(gaps.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'field-hidden contacts',
      'field-hidden emails',
      'scope forms',
      'scope lists',
      'scope subscriptions',
    ])
  })

  it('reads archived contacts, and throws when HubSpot fails on the way', async () => {
    const id = await contact({ email: 'ada@example.test', jobtitle: 'Clerk' })
    await ask('DELETE', `/crm/v3/objects/contacts/${id}`)
    expect(valuesOf(fieldsIn((await collect({ refs: [ref(id)] })).entries, 'record')[0])).toMatchObject({ jobtitle: 'Clerk' })
    gate.rule = ({ path }) => (path.includes('/associations/') ? { reply: { status: 500, body: '{}' } } : undefined)
    await expect(collect({ refs: [ref(id)] })).rejects.toMatchObject({ kind: 'unavailable' })
    const partly = (body: Record<string, unknown>): void => void (body['errors'] = [{ status: 'error', category: 'INTERNAL_ERROR' }])
    for (const place of ['/contacts/batch/read', '/contacts/notes/batch/read', '/contacts/deals/batch/read']) {
      gate.rule = ({ path }) => (path.includes(place) ? editJson(partly) : undefined)
      await expect(collect({ refs: [ref(id)] })).rejects.toMatchObject({ kind: 'unavailable' })
    }
    gate.rule = undefined
    await expect(collect({ refs: [ref('1 or 1')] })).rejects.toMatchObject({ kind: 'refused' })
    await expect(collect({ refs: [ref('999999999')] })).rejects.toMatchObject({ kind: 'unavailable' })
  })
})

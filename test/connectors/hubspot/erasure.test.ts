import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import type { Erasure, Sought, Traits } from '../../../src/connectors/erasure.ts'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { testDeps } from '../deps.ts'
import { editJson, type Gate } from '../gate.ts'
import { hubspotWorld, sandboxToken, type Levers } from './world.ts'

const signal = new AbortController().signal
let connector: Connector
let erasure: Erasure
let gate: Gate
let pull: Levers
let seenBefore = 0
/** The portal itself, past the gate: what the test does is not what the connector does. */
let portal: string
let reset: () => Promise<void>
let end: () => Promise<void>
let inspect: (body: object) => Promise<{ holders: { object?: string; id: string; state: string }[]; blocklisted: boolean }>

beforeAll(async () => {
  const opened = await hubspotWorld()
  ;({ connector, gate, pull } = opened)
  erasure = connector.erasure!
  portal = opened.own
  end = async () => {
    await connector.close()
    await opened.world.close()
  }
  const post = async (path: string, body: object) => {
    const response = await fetch(`${opened.control}${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  reset = async () => void (await post('/reset', {}))
  inspect = (body) => post('/hubspot/inspect', body) as ReturnType<typeof inspect>
})
afterAll(() => end())
beforeEach(async () => {
  await reset()
  await pull('index-lag', { ms: 0 })
  gate.rule = undefined
  seenBefore = gate.seen.length
})

async function ask<T = { id: string }>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${sandboxToken}`, 'content-type': 'application/json' }
  const response = await fetch(portal + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
const create = async (object: string, properties: object, contacts: readonly string[] = []): Promise<string> => {
  const types = { notes: 202, emails: 198, tasks: 204, deals: 3, tickets: 16, invoices: 177, orders: 507 }[object] ?? 0
  const associations = contacts.map((id) => ({ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: types }] }))
  return (await ask('POST', `/crm/v3/objects/${object}`, { properties, associations })).id
}
const contact = (properties: object): Promise<string> => create('contacts', properties)
const note = (text: string, contacts: readonly string[]): Promise<string> =>
  create('notes', { hs_note_body: text, hs_timestamp: '2026-01-01T00:00:00Z' }, contacts)
const value = async (object: string, id: string, name: string): Promise<string | null | undefined> =>
  (await ask<{ properties: Record<string, string | null> }>('GET', `/crm/v3/objects/${object}/${id}?properties=${name}`)).properties[name]

const objects = [
  {
    object: 'contacts',
    fields: ['firstname', 'lastname', 'email'],
    emails: ['email', 'hs_additional_emails'],
    phones: ['phone', 'mobilephone'],
  },
]
const connect = (settings: Record<string, unknown>): Connector =>
  hubspot.connect('portal', hubspot.settings.parse({ apiUrl: gate.url, auth: { token: sandboxToken }, ...settings }), testDeps())
const sought = (part: Partial<Sought>): Sought => ({ emails: [], phones: [], refs: [], objects, ...part })
const byId = (a: { id: string | null }, b: { id: string | null }) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)
const ref = (id: string, object = 'contacts') => ({ object, id })
const traits: Traits = {
  emails: ['ada@example.test'],
  phones: ['+33612345678'],
  names: [{ given: 'Ada', family: 'Roux' }],
  homeCountry: 'FR',
}
/** Requests of the connector in this test. */
const sent = () => gate.seen.slice(seenBefore)
const changes = () =>
  sent()
    .filter(({ method, path }) => method !== 'GET' && !/batch\/read|\/search/.test(path))
    .map(({ method, path }) => `${method} ${path.replace(/\d{5,}/, '{id}')}`)

describe('finding a person in HubSpot', () => {
  it('goes by primary, additional and merged addresses, known ids, the archive and phones, each with its reason', async () => {
    const first = await contact({ email: 'ada@example.test', firstname: 'Ada', lastname: 'Roux' })
    const other = await contact({ email: 'ada.roux@example.org', firstname: 'Ada', lastname: 'Roux' })
    const { id: merged } = await ask('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: first, objectIdToMerge: other })
    const binned = await contact({ email: 'ada+old@example.test' })
    await ask('DELETE', `/crm/v3/objects/contacts/${binned}`)
    const phone = await contact({ email: 'office@example.org', phone: '06 12 34 56 78' })
    await contact({ email: 'anada@example.test', phone: '0612345679' })
    const { records, gaps } = await erasure.find(
      sought({ emails: ['ada.roux@example.org', 'ada+old@example.test'], phones: ['+33612345678'], refs: [ref(first)] }),
      signal,
    )
    expect(gaps).toEqual([])
    const found = Object.fromEntries(records.map((record) => [record.ref.id, record]))
    expect(Object.keys(found).sort()).toEqual([merged, binned, phone].sort())
    expect(found[merged]).toMatchObject({ via: ['same', 'email'], state: 'live', holds: 'person' })
    expect(found[merged]?.aliases.toSorted()).toEqual([first, other].sort())
    expect(found[merged]?.fields).toMatchObject({
      firstname: 'Ada',
      email: 'ada@example.test',
      hs_additional_emails: 'ada.roux@example.org',
    })
    expect(found[binned]).toMatchObject({ via: ['email'], state: 'archived' })
    expect(found[phone]).toMatchObject({ via: ['phone'], state: 'live' })
  })
  it('looks for forty people at once with the calls of a few, and tells each theirs', async () => {
    const people = Array.from({ length: 40 }, (_, i) => `person${i}@example.test`)
    const ids = await Promise.all(people.map((email) => contact({ email })))
    const found = await Promise.all(people.map((email) => erasure.find(sought({ emails: [email] }), signal)))
    expect(found.map(({ records }) => records.map(({ ref: { id } }) => id))).toEqual(ids.map((id) => [id]))
    const calls = Map.groupBy(sent(), ({ path }) => path.replace(/\?.*/, ''))
    expect([...calls].map(([path, { length }]) => [path, length])).toEqual([
      // By address, and those that the searches named by id; then what addresses they once held.
      ['/crm/v3/objects/contacts/batch/read', 3],
      // Five groups a search: one for each additional address, and a few lists of the others.
      ['/crm/v3/objects/contacts/search', 9],
      ['/crm/v3/objects/contacts', 1],
    ])
    expect(
      await erasure.verify(
        ids.map((id) => ref(id)),
        signal,
      ),
    ).toEqual(ids.map((id) => ({ ref: ref(id), trace: 'present' })))
  })
  it('brings the addresses that a record once held', async () => {
    const id = await contact({ email: 'before@example.test', lastname: 'Roux' })
    await ask('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: { email: 'ada@example.test' } })
    const { records } = await erasure.find(sought({ emails: ['ada@example.test'] }), signal)
    expect(records).toMatchObject([{ ref: ref(id), formerEmails: ['before@example.test'] }])
  })
  it('of an address that nobody has, or that is full of signs, finds nobody and blocks nobody', async () => {
    const bystander = await contact({ email: 'bystander@example.test' })
    const odd = [
      'o\'brien"%_*@example.test',
      '*@example.test',
      '%@example.test',
      "x'or'1'='1@example.test",
      'zoé+{}|`@example.test',
      'nobody@example.test',
    ]
    for (const email of odd) expect(await erasure.find(sought({ emails: [email] }), signal)).toEqual({ records: [], gaps: [] })
    expect(changes()).toEqual([])
    for (const email of odd) expect(await inspect({ email })).toMatchObject({ blocklisted: false })
    expect(sent().filter(({ path }) => /%40|@/.test(path))).toEqual([])
    expect(await value('contacts', bystander, 'email')).toBe('bystander@example.test')
    const owner = await contact({ email: "o'brien*@example.test" })
    expect((await erasure.find(sought({ emails: ["o'brien*@example.test"] }), signal)).records.map(({ ref: { id } }) => id)).toEqual([
      owner,
    ])
  })
})

describe('erasing a person in HubSpot', () => {
  it.each(['v3', '2026-03', '2026-09'])(
    'leaves nothing under version %s: opted out, own notes gone, shared ones cleaned, the record absent',
    async (apiVersion) => {
      const erasure = connect({ apiVersion }).erasure!
      const ada = await contact({ email: 'ada@example.test', firstname: 'Ada', lastname: 'Roux' })
      const colleague = await contact({ email: 'bob@example.test', firstname: 'Bob' })
      const alone = await note('Ada Roux likes tea', [ada])
      const shared = await note('Bob met Ada Roux (ada@example.test, 06 12 34 56 78) and Adam Roux', [ada, colleague])
      const others = await note('Bob alone', [colleague])
      const deal = await create(
        'deals',
        { dealname: 'Ada Roux – maintenance', dealstage: 'closedwon', closedate: '2025-03-01T00:00:00Z' },
        [ada],
      )
      const surveyed = await erasure.survey([ref(ada)], signal)
      expect(surveyed).toMatchObject({ gaps: [], records: [{ ref: ref(ada), attached: { notes: 2, deals: 1 } }] })
      expect(surveyed.records[0]?.facts).toEqual([
        { kind: 'won-deal', ref: ref(deal, 'deals'), open: false, at: Date.parse('2025-03-01T00:00:00Z') },
      ])
      expect(await erasure.silence([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'silenced' }])
      const prepared = await erasure.prepare([ref(ada)], traits, signal)
      expect(prepared.toSorted(byId)).toEqual(
        [
          { ...ref(alone, 'notes'), outcome: 'deleted' },
          { ...ref(shared, 'notes'), outcome: 'redacted' },
          { ...ref(deal, 'deals'), outcome: 'redacted' as const },
        ].toSorted(byId),
      )
      expect(await value('notes', shared, 'hs_note_body')).toBe('Bob met […] ([…], […]) and Adam Roux')
      expect(await value('notes', others, 'hs_note_body')).toBe('Bob alone')
      expect(await value('deals', deal, 'dealname')).toBe('[…] – maintenance')
      expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'present' }])
      expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'erased' }])
      expect(await erasure.verify([ref(ada), ref(colleague)], signal)).toEqual([
        { ref: ref(ada), trace: 'absent' },
        { ref: ref(colleague), trace: 'present' },
      ])
      expect(await inspect({ email: 'ada@example.test' })).toMatchObject({ holders: [], blocklisted: true })
      expect(await inspect({ email: 'bob@example.test' })).toMatchObject({ holders: [{ id: colleague }], blocklisted: false })
    },
  )
  it('may be done twice, and of half of it again', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    const own = await note('secret', [ada])
    await erasure.prepare([ref(ada)], traits, signal)
    expect(await erasure.prepare([ref(ada)], traits, signal)).toEqual([])
    await erasure.erase([ref(ada)], signal)
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'gone' }])
    expect(await erasure.silence([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'gone' }])
    expect(await erasure.prepare([ref(ada)], traits, signal)).toEqual([])
    expect(JSON.stringify(await inspect({ object: 'notes', id: Number(own) }))).not.toContain('"hs_note_body":"secret"')
  })
  it('names no id to HubSpot that was merged away since it was shown: the survivor waits to be found and approved', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    const bob = await contact({ email: 'bob@example.test', firstname: 'Bob' })
    const others = await Promise.all(['eva', 'max'].map((name) => contact({ email: `${name}@example.test` })))
    const { id: survivor } = await ask('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: bob, objectIdToMerge: ada })
    const asked = [ada, ...others].map((id) => erasure.erase([ref(id)], signal))
    expect((await Promise.all(asked)).flat()).toEqual([
      { ref: ref(ada), outcome: 'gone' },
      ...others.map((id) => ({ ref: ref(id), outcome: 'erased' })),
    ])
    expect(await value('contacts', survivor, 'firstname')).toBe('Bob')
    // One look for all, one more into the archive for who is not there.
    const calls = sent().map(({ path, body }) => `${path} ${body.includes(survivor)}`)
    expect(calls.toSorted()).toEqual(
      ['batch/read', 'batch/read?archived=true', 'gdpr-delete', 'gdpr-delete'].map((call) => `/crm/v3/objects/contacts/${call} false`),
    )
    const { records } = await erasure.find(sought({ emails: ['ada@example.test'], refs: [ref(ada)] }), signal)
    expect(records).toMatchObject([{ ref: ref(survivor), via: ['same', 'email'] }])
    await pull('revoke-scope', { scope: 'crm.objects.contacts.read' })
    await expect(erasure.erase([ref(bob)], signal)).rejects.toMatchObject({ kind: 'scope' })
  })
  it('of an archived record works as well, and an archived one is recoverable until then', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    await ask('DELETE', `/crm/v3/objects/contacts/${ada}`)
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'recoverable' }])
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'erased' }])
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'absent' }])
  })
  it('is not believed when HubSpot says 204 and keeps the record', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    await pull('erase-keeps', { on: true })
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'erased' }])
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'present' }])
    await pull('erase-keeps', { on: false })
  })
  it('acts on nothing that is no record id, and names no address to HubSpot but those on the record', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    for (const id of ['ada@example.test', '', '0', `${ada}/../1`, '1 or 1'])
      for (const act of [erasure.erase, erasure.verify, erasure.silence, erasure.survey])
        await expect(act([ref(ada), ref(id)], signal)).rejects.toThrow('no HubSpot id')
    expect(changes()).toEqual([])
    await erasure.silence([ref(ada)], signal)
    const named = sent().filter(({ path }) => path.includes('/unsubscribe-all'))
    expect(named.length).toBeGreaterThan(0)
    expect(named.every(({ path, body }) => `${decodeURIComponent(path)} ${body}`.includes('ada@example.test'))).toBe(true)
  })
})

describe('papers of a sale', () => {
  const issued = '2025-03-01'
  const invoice = (status: string, contacts: readonly string[], day: string | undefined = issued): Promise<string> =>
    create('invoices', { hs_invoice_status: status, ...(day !== undefined && { hs_invoice_date: day }) }, contacts)

  it('bind: an invoice once it is issued, for as long as it is not paid, and every order; what is only a draft does not', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    const bob = await contact({ email: 'bob@example.test' })
    const [paid, open, voided] = [await invoice('paid', [ada]), await invoice('open', [ada, bob]), await invoice('voided', [ada])]
    await invoice('draft', [ada])
    const order = await create('orders', { hs_external_created_date: '2025-02-01T08:00:00Z' }, [ada])
    const undated = await create('orders', { hs_order_name: 'Ada Roux' }, [ada])
    const { records, gaps } = await erasure.survey([ref(ada), ref(bob)], signal)
    expect(gaps).toEqual([])
    const at = Date.parse(issued)
    const of = (id: string) => (records.find((one) => one.ref.id === id)?.facts ?? []).toSorted((a, b) => (a.ref.id < b.ref.id ? -1 : 1))
    expect(of(ada)).toEqual(
      [
        { kind: 'invoice', ref: ref(paid, 'invoices'), open: false, at },
        { kind: 'invoice', ref: ref(open, 'invoices'), open: true, at },
        { kind: 'invoice', ref: ref(voided, 'invoices'), open: false, at },
        { kind: 'order', ref: ref(order, 'orders'), open: false, at: Date.parse('2025-02-01T08:00:00Z') },
        { kind: 'order', ref: ref(undated, 'orders'), open: false, at: null },
      ].toSorted((a, b) => (a.ref.id < b.ref.id ? -1 : 1)),
    )
    expect(of(bob)).toEqual([{ kind: 'invoice', ref: ref(open, 'invoices'), open: true, at }])
    const before = sent().length
    const bound = await erasure.bindings([ref(bob), ref(ada)], { contacts: ['email', 'no_such_field'], deals: ['dealname'] }, signal)
    expect(bound).toEqual(
      [records[1]!, records[0]!].map(({ ref: one, facts, unread }, i) => {
        const email = ['bob@example.test', 'ada@example.test'][i]!
        return { ref: one, facts, unread, said: [{ fieldsOf: 'contacts', fields: { email } }] }
      }),
    )
    // Each kind of paper by record and by id, and the records: whatever their number.
    expect(sent().length - before).toBe(6)
    expect(records[0]).toMatchObject({ attached: { invoices: 4, orders: 2 }, unread: [] })
    expect((await erasure.prepare([ref(ada)], traits, signal)).map(({ object, outcome }) => `${object} ${outcome}`).sort()).toEqual([
      'invoices left',
      'invoices left',
      'invoices left',
      'invoices left',
      'orders left',
      'orders left',
    ])
    expect(await value('orders', undated, 'hs_order_name')).toBe('Ada Roux')
  })

  it('that may not be read are named as unread, and asked for by "check"', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    for (const scope of ['crm.objects.invoices.read', 'crm.objects.orders.read', 'crm.objects.deals.read'])
      await pull('revoke-scope', { scope })
    const { records, gaps } = await erasure.survey([ref(ada)], signal)
    expect(records).toMatchObject([{ facts: [], unread: ['won-deal', 'invoice', 'order'] }])
    expect(gaps.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['scope deals', 'scope invoices', 'scope orders'])
    const { problems } = await connector.check([{ object: 'contacts', read: ['email'], write: [] }], signal)
    expect(problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'scope crm.objects.deals.read',
      'scope crm.objects.invoices.read',
      'scope crm.objects.orders.read',
    ])
    const without = connect({ commerce: 'none' })
    expect((await without.erasure!.survey([ref(ada)], signal)).records).toMatchObject([{ unread: ['won-deal'] }])
    expect((await without.check([{ object: 'contacts', read: ['email'], write: [] }], signal)).problems).toMatchObject([
      { name: 'crm.objects.deals.read' },
    ])
  })
})

describe('an answer of HubSpot’s that says what it could not read', () => {
  /** What a batch at this place answers for some of its inputs. */
  const failing = (place: string, errors: readonly object[] | null): void => {
    gate.rule = ({ path }) =>
      !path.includes(place)
        ? undefined
        : editJson((body) => Object.assign(body, { results: [], numErrors: 1 }, errors === null ? { errors: undefined } : { errors }))
  }
  const internal = (...ids: readonly string[]) => [
    { status: 'error', category: 'INTERNAL_ERROR', message: 'ada@example.test', context: { ids } },
  ]
  const away = {
    kind: 'unavailable',
    message: expect.stringMatching(/^HubSpot served only a part of POST \S+ \((?:INTERNAL_ERROR|unnamed)\)/),
  }

  it.each(['v3', '2026-09'])(
    'is never taken for absence under version %s: neither proof, nor notes, nor holds come of it',
    async (apiVersion) => {
      const erasure = connect({ apiVersion }).erasure!
      const ada = await contact({ email: 'ada@example.test' })
      await note('secret', [ada])
      await create('deals', { dealname: 'Machine', dealstage: 'closedwon' }, [ada])
      for (const errors of [internal(ada), [{ message: 'no category' }], null]) {
        failing('/batch/read', errors)
        await expect(erasure.verify([ref(ada)], signal)).rejects.toMatchObject(away)
        await expect(erasure.erase([ref(ada)], signal)).rejects.toMatchObject(away)
        await expect(erasure.silence([ref(ada)], signal)).rejects.toMatchObject(away)
      }
      for (const thing of ['notes', 'deals']) {
        failing(`/contacts/${thing}/batch/read`, internal(ada))
        await expect(erasure.survey([ref(ada)], signal)).rejects.toMatchObject(away)
        if (thing === 'notes') await expect(erasure.prepare([ref(ada)], traits, signal)).rejects.toMatchObject(away)
      }
      failing('/deals/batch/read', internal('7'))
      await expect(erasure.survey([ref(ada)], signal)).rejects.toMatchObject(away)
      gate.rule = ({ path, body }) =>
        path.endsWith('/batch/read') && !body.includes('"propertiesWithHistory":[]')
          ? editJson((answer) => Object.assign(answer, { errors: internal(ada) }))
          : undefined
      await expect(erasure.find(sought({ emails: ['ada@example.test'] }), signal)).rejects.toMatchObject(away)
      expect(changes()).toEqual([])
    },
  )
  it('holds up those alone whom it is about', async () => {
    const ids = await Promise.all(['ada', 'bob', 'eva'].map((name) => contact({ email: `${name}@example.test` })))
    const [ada, bob, eva] = ids as [string, string, string]
    gate.rule = ({ body }) =>
      body.includes(`"${bob}"`) ? editJson((answer) => Object.assign(answer, { errors: internal(bob) })) : undefined
    const looked = await Promise.allSettled(ids.map((id) => erasure.verify([ref(id)], signal)))
    expect(looked.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { kind: string }).kind))).toEqual([
      [{ ref: ref(ada), trace: 'present' }],
      'unavailable',
      [{ ref: ref(eva), trace: 'present' }],
    ])
  })
  it('is no failure where it only says that nothing is there', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    for (const error of [
      { category: 'OBJECT_NOT_FOUND', context: { ids: [ada] } },
      { category: 'VALIDATION_ERROR', subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' },
    ]) {
      failing('/associations/', [error])
      expect(await erasure.survey([ref(ada)], signal)).toMatchObject({ gaps: [], records: [{ attached: {}, facts: [], unread: [] }] })
    }
  })
})

describe('a token that may not do everything', () => {
  it('says what it could not look at, and takes nothing unseen for absent', async () => {
    const ada = await contact({ email: 'ada@example.test' })
    const own = await note('secret', [ada])
    for (const scope of ['tickets', 'crm.objects.tickets.read', 'communication_preferences.read_write', 'communication_preferences.write'])
      await pull('revoke-scope', { scope })
    const surveyed = await erasure.survey([ref(ada)], signal)
    expect(surveyed.gaps).toMatchObject([{ kind: 'scope', name: 'tickets' }])
    expect(surveyed.records).toMatchObject([{ attached: { notes: 1 }, unread: [] }])
    expect(await erasure.silence([ref(ada)], signal)).toMatchObject([{ ref: ref(ada), outcome: 'refused' }])
    const prepared = await erasure.prepare([ref(ada)], traits, signal)
    expect(prepared).toMatchObject([
      { ...ref(own, 'notes'), outcome: 'deleted' },
      { object: 'tickets', id: null, outcome: 'refused' },
    ])
    await pull('revoke-scope', { scope: 'crm.objects.contacts.read' })
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'unread' }])
  })
})

describe('what is left of a person in HubSpot', () => {
  it('comes back as texts of others, for the core to judge', async () => {
    const company = await create('companies', { name: 'Atelier', description: 'Ask Ada Roux, 0612345678' })
    const bob = await contact({ email: 'bob@example.test' })
    const left = await note('<p>sent to ada@example.test</p>', [bob])
    await note('nothing of the kind', [bob])
    const texts = []
    for await (const page of erasure.residue(traits, signal))
      texts.push(...page.map(({ ref: at, field }) => `${at.object} ${at.id} ${field}`))
    expect(texts.sort()).toEqual([`companies ${company} description`, `companies ${company} name`, `notes ${left} hs_note_body`].sort())
  })
  it('is taken out of the places that were shown, and read again; a name only where somebody has read the text', async () => {
    const company = await create('companies', { name: 'Atelier', description: 'Ask Ada Roux, 06 12 34 56 78, or adb@example.test' })
    const other = await create('companies', { name: 'Bureau', description: '0612345678' })
    const place = (id: string) => ({ ref: ref(id, 'companies'), field: 'description', remedy: 'redact' as const })
    const kept = 'HubSpot keeps the former text among the versions of the property'
    const redact = (reading: 'certain' | 'all') => erasure.redact([place(company)], traits, reading, signal)
    expect(await redact('certain')).toEqual([{ ...ref(company, 'companies'), outcome: 'redacted', reason: kept }])
    expect(await value('companies', company, 'description')).toBe('Ask Ada Roux, […], or adb@example.test')
    expect(await redact('certain')).toEqual([{ ...ref(company, 'companies'), outcome: 'left', reason: 'nothing of it is there any more' }])
    expect(await redact('all')).toMatchObject([{ outcome: 'redacted' }])
    expect(await value('companies', company, 'description')).toBe('Ask […], […], or adb@example.test')
    expect(await value('companies', other, 'description')).toBe('0612345678')
    await ask('DELETE', `/crm/v3/objects/companies/${company}`)
    expect(await redact('all')).toEqual([{ ...ref(company, 'companies'), outcome: 'gone' }])
    await pull('revoke-scope', { scope: 'crm.objects.companies.write' })
    expect(await erasure.redact([place(other)], traits, 'certain', signal)).toMatchObject([{ outcome: 'refused' }])
  })
})

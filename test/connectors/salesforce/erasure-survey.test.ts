import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RecordRef } from '../../../src/connectors/connector.ts'
import type { Erasure, Traits } from '../../../src/connectors/erasure.ts'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { scanResidue } from '../../../src/tasks/erasure/residue.ts'
import { sideOf } from '../../../src/tasks/erasure/seek.ts'
import { startSalesforce, type Client } from '../../sandbox/salesforce-client.ts'
import { testDeps } from '../deps.ts'
import { openGate, type Gate } from '../gate.ts'

const signal = new AbortController().signal
let org: Client
let gate: Gate

beforeAll(async () => {
  // A person account among them switches the feature on.
  org = await startSalesforce({ Account: [{ LastName: 'Own', FirstName: 'Person' }] })
  gate = await openGate(org.url)
})
afterAll(async () => {
  await gate.close()
  await org.close()
})
beforeEach(async () => {
  org.crm.reset()
  await org.login()
  org.crm.pull('search-lag', { ms: 0 })
  gate.rule = undefined
})

/** One that has not described anything yet, on the demo's organisation: no invoices, no service contracts. */
function fresh(more: object = { without: ['Invoice', 'ServiceContract'] }): Erasure {
  const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
  const settings = salesforce.settings.parse({ loginUrl: gate.url, instanceUrl: gate.url, auth, ...more })
  return salesforce.connect('org', settings, testDeps(org.now())).erasure!
}
const make = (object: string, fields: object): Promise<string> => org.make(object, fields)
const ref = (id: string, object = 'Contact'): RecordRef => ({ object, id })
const hide = (object: string, field: string) => org.crm.pull('hide-field', { object, field, mode: 'read' })
/** As Salesforce answers whoever has no right to these objects. */
const closed = (...objects: readonly string[]): void => {
  const body = JSON.stringify([{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }])
  gate.rule = ({ path }) =>
    objects.some((object) => path.includes(`/sobjects/${object}/describe`))
      ? { reply: { status: 404, headers: { 'content-type': 'application/json' }, body } }
      : undefined
}
const traits: Traits = { emails: ['ada@example.test'], phones: [], names: [{ given: 'Ada', family: 'Roux' }], homeCountry: 'FR' }
const deal = { Name: 'Offre', StageName: 'Closed Won', CloseDate: '2026-01-31' }

async function person(): Promise<{ account: string; contact: string }> {
  const account = await make('Account', { LastName: 'Roux', FirstName: 'Ada', PersonEmail: 'ada@example.test' })
  const [row] = await org.rows(`SELECT PersonContactId FROM Account WHERE Id = '${account}'`)
  return { account, contact: String(row?.['PersonContactId']) }
}

describe('what hangs on a person account', () => {
  it('is told whether it hangs on the account or on the contact behind it, each thing once, and binds by either', async () => {
    const { account, contact } = await person()
    const won = await make('Opportunity', { ...deal, AccountId: account })
    await make('Opportunity', { ...deal, StageName: 'Prospecting', AccountId: account })
    const order = await make('Order', { AccountId: account, Status: 'Draft', EffectiveDate: '2026-02-01', BillToContactId: contact })
    await org.send('PATCH', `/sobjects/Order/${order}`, { Status: 'Activated' })
    const contract = await make('Contract', { AccountId: account, CustomerSignedId: contact, Status: 'Draft', StartDate: '2026-01-02' })
    const kase = await make('Case', { Subject: 'broken', ContactId: contact, AccountId: account })
    const company = await make('Account', { Name: 'Atelier' })
    const theirs = await make('Opportunity', { ...deal, AccountId: company })
    await make('OpportunityContactRole', { OpportunityId: theirs, ContactId: contact })
    await make('Task', { Subject: 'call', WhoId: contact })
    const { records, gaps } = await fresh().survey([ref(account, 'Account')], signal)
    expect([records.length, records[0]?.unread, gaps]).toEqual([1, [], []])
    expect(records[0]?.attached).toEqual({ Case: 1, Contract: 1, Order: 1, Opportunity: 2, OpportunityContactRole: 1, Task: 1 })
    const facts = [...(records[0]?.facts ?? [])].sort((a, b) => (a.ref.id < b.ref.id ? -1 : 1))
    const dated = (day: string) => Date.parse(day)
    expect(facts).toEqual(
      [
        { kind: 'won-deal', ref: ref(won, 'Opportunity'), open: false, at: dated('2026-01-31') },
        { kind: 'won-deal', ref: ref(theirs, 'Opportunity'), open: false, at: dated('2026-01-31') },
        { kind: 'case', ref: ref(kase, 'Case'), open: true, at: null },
        { kind: 'contract', ref: ref(contract, 'Contract'), open: false, at: dated('2026-01-02') },
        { kind: 'order', ref: ref(order, 'Order'), open: false, at: dated('2026-02-01') },
      ].sort((a, b) => (a.ref.id < b.ref.id ? -1 : 1)),
    )
    // The same again before it goes, of the account and of the contact behind it, with a question for each object.
    const erasure = fresh()
    const refs = [ref(account, 'Account'), ref(await make('Lead', { LastName: 'Roux', Company: 'x' }), 'Lead')]
    const [own, lead] = await erasure.bindings(refs, { Account: ['Name'], Contact: ['LastName'], Lead: [] }, signal)
    expect([...(own?.facts ?? [])].sort((a, b) => (a.ref.id < b.ref.id ? -1 : 1))).toEqual(facts)
    expect([own?.unread, own?.said, lead]).toEqual([
      [],
      [
        { fieldsOf: 'Account', fields: { Name: 'Ada Roux' } },
        { fieldsOf: 'Contact', fields: { LastName: 'Roux' } },
      ],
      { ref: refs[1], facts: [], unread: [], said: [] },
    ])
    const before = gate.seen.length
    await erasure.bindings(refs, {}, signal)
    expect(
      gate.seen.slice(before).map(({ path }) => / FROM (\w+)/.exec(decodeURIComponent(path).replaceAll('+', ' '))?.[1] ?? path),
    ).toEqual(['Account', 'Case', 'Contract', 'Order', 'Opportunity', 'OpportunityContactRole', 'Opportunity'])
  })

  it('is detached where a case names the account alone, so that the account can go, and the case stays without the person', async () => {
    const { account, contact } = await person()
    const cases = [
      await make('Case', { Subject: 'a', AccountId: account, SuppliedName: 'Ada Roux' }),
      await make('Case', { Subject: 'b', ContactId: contact, AccountId: account }),
    ]
    const erasure = fresh()
    const refs = [ref(account, 'Account')]
    expect(await erasure.erase(refs, signal)).toEqual([{ ref: refs[0], outcome: 'refused', reason: 'DELETE_FAILED' }])
    const results = await erasure.prepare(refs, traits, signal)
    expect(results.map(({ object, id, outcome }) => `${object} ${id} ${outcome}`).sort()).toEqual(
      cases.map((id) => `Case ${id} detached`).sort(),
    )
    expect(await org.rows('SELECT ContactId, AccountId, SuppliedName FROM Case ORDER BY Subject')).toEqual(
      cases.map(() => ({ ContactId: null, AccountId: null, SuppliedName: null })),
    )
    expect(await erasure.erase(refs, signal)).toEqual([{ ref: refs[0], outcome: 'erased' }])
  })

  it('is unread where a way from the account, or the contact behind it, is hidden; a lead has no papers', async () => {
    const { account } = await person()
    const lead = await make('Lead', { LastName: 'Roux', Company: 'x' })
    const contact = await make('Contact', { LastName: 'Roux' })
    const refs = [ref(account, 'Account'), ref(contact), ref(lead, 'Lead')]
    const unread = async () => {
      const { records, gaps } = await fresh().survey(refs, signal)
      return [records.map((one) => [...one.unread].sort()), gaps.map(({ name }) => name)]
    }
    hide('Order', 'AccountId')
    expect(await unread()).toEqual([[['order'], [], []], ['Order.AccountId']])
    hide('Account', 'PersonContactId')
    const every = ['case', 'contract', 'invoice', 'order', 'won-deal']
    expect(await unread()).toEqual([
      [every, [], []],
      ['Order.AccountId', 'Account.PersonContactId'],
    ])
  })
})

describe('what may bind the company and cannot be read in Salesforce', () => {
  it('is unread where the whole object is hidden, unless the company says that it has none', async () => {
    const ada = await make('Contact', { LastName: 'Roux' })
    const lead = await make('Lead', { LastName: 'Roux', Company: 'x' })
    const papers = ['Case', 'Contract', 'Opportunity', 'OpportunityContactRole', 'Order']
    closed(...papers)
    const { records, gaps } = await fresh({}).survey([ref(ada), ref(lead, 'Lead')], signal)
    expect(records.map(({ unread }) => [...unread].sort())).toEqual([['case', 'contract', 'invoice', 'order', 'won-deal'], []])
    expect(gaps.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(
      [...papers, 'Invoice', 'ServiceContract'].map((name) => `object ${name}`).sort(),
    )
    expect(gaps.every(({ message }) => /grant Read on it, or name it under "without"/.test(message))).toBe(true)
    // Of somebody who is no lead nothing is asked there, whether or not it could be.
    closed('Lead')
    const without = [...papers, 'Invoice', 'ServiceContract']
    expect(await fresh({ without }).bindings([ref(ada)], { Contact: ['LastName'], Lead: ['LastName'] }, signal)).toEqual([
      { ref: ref(ada), facts: [], unread: [], said: [{ fieldsOf: 'Contact', fields: { LastName: 'Roux' } }] },
    ])
    closed(...papers)
    // Nothing on a lead needs to be known for it.
    expect((await fresh({}).survey([ref(lead, 'Lead')], signal)).gaps).toEqual([])
    const said = await fresh({ without: [...papers, 'Invoice', 'ServiceContract'] }).survey([ref(ada)], signal)
    expect([said.gaps, said.records[0]?.unread]).toEqual([[], []])
    expect(() => fresh({ without: ['Invoices'] })).toThrow()
  })

  it('is read all the same where the company says that it has none and it has', async () => {
    const ada = await make('Contact', { LastName: 'Roux' })
    const account = await make('Account', { Name: 'Atelier' })
    await make('Contract', { AccountId: account, CustomerSignedId: ada, Status: 'Draft', StartDate: '2024-01-01' })
    const { records } = await fresh({ without: ['Contract', 'Invoice', 'ServiceContract'] }).survey([ref(ada)], signal)
    expect(records).toMatchObject([{ facts: [{ kind: 'contract' }], unread: [] }])
  })

  it('is a won deal as well, by the role or by what the deal says of itself', async () => {
    const ada = await make('Contact', { LastName: 'Roux' })
    const won = async () => {
      const { records, gaps } = await fresh().survey([ref(ada)], signal)
      return [records[0]?.unread, gaps.map(({ name }) => name)]
    }
    closed('Opportunity')
    expect(await won()).toEqual([['won-deal'], ['Opportunity']])
    closed('OpportunityContactRole')
    expect(await won()).toEqual([['won-deal'], ['OpportunityContactRole']])
    gate.rule = undefined
    hide('Opportunity', 'IsWon')
    expect(await won()).toEqual([['won-deal'], ['Opportunity.IsWon']])
    hide('OpportunityContactRole', 'ContactId')
    expect(await won()).toEqual([['won-deal'], ['OpportunityContactRole.ContactId', 'Opportunity.IsWon']])
  })

  it('leaves an Individual, and a mail, of which nobody may see who else shares it', async () => {
    const individual = await make('Individual', { LastName: 'Roux' })
    const ada = await make('Contact', { LastName: 'Roux', Email: 'ada@example.test', IndividualId: individual })
    await make('Lead', { LastName: 'Roux', Company: 'x', IndividualId: individual })
    const other = await make('Contact', { LastName: 'Blanc' })
    const mail = await make('EmailMessage', {
      Subject: 'hi',
      TextBody: 'all',
      FromAddress: 'ada@example.test',
      ToAddress: 'ada@example.test',
    })
    await make('EmailMessageRelation', { EmailMessageId: mail, RelationId: other, RelationType: 'CcAddress' })
    hide('Lead', 'IndividualId')
    hide('EmailMessageRelation', 'RelationId')
    const erasure = fresh()
    expect((await erasure.survey([ref(ada)], signal)).gaps.map(({ name }) => name)).toContain('Lead.IndividualId')
    const results = await erasure.prepare([ref(ada)], traits, signal)
    expect(results.map(({ object, outcome }) => `${object} ${outcome}`)).toEqual(['EmailMessage redacted'])
    expect(await org.rows('SELECT Id FROM Individual')).toHaveLength(1)
    expect(await org.rows('SELECT Id FROM EmailMessage')).toHaveLength(1)
  })
})

describe('a search of Salesforce', () => {
  const many = (count: number, row: object) => Array.from({ length: count }, () => ({ ...row }))

  it('brings more than the 250 that it gives of one object unasked, and says where there may be more than it ever gives', async () => {
    org.crm.load('Task', many(260, { Subject: 'Call', Description: 'ada@example.test' }))
    org.crm.load('Event', many(2_001, { Subject: 'Call', Description: 'ada@example.test' }))
    const side = sideOf('salesforce', fresh(), [], { genericLocalParts: new Set(), homeCountry: 'FR' })
    const found = await scanResidue([side], { ...traits, names: [] }, new Set(), signal)
    const ofTasks = found.filter(({ key }) => key.startsWith('salesforce:Task:'))
    expect(ofTasks).toHaveLength(260)
    expect(ofTasks.every(({ kinds }) => kinds.join() === 'email')).toBe(true)
    const ofEvents = found.filter(({ key }) => key.startsWith('salesforce:Event:'))
    expect(ofEvents).toHaveLength(2_001)
    expect(ofEvents.filter(({ kinds }) => kinds.includes('more'))).toEqual([
      { key: 'salesforce:Event:*', field: '*', kinds: ['more'], certainty: 'possible', remedy: 'by-hand' },
    ])
    expect(found).toHaveLength(2_261)
  })

  it('by a telephone number says so as well', async () => {
    const objects = [{ object: 'Contact', fields: ['LastName'], emails: ['Email'], phones: ['Phone'] }]
    const sought = { emails: [], phones: ['+33612345678'], refs: [], objects }
    org.crm.load('Contact', many(300, { LastName: 'Roux', Phone: '06 12 34 56 78' }))
    const { records, gaps } = await fresh().find(sought, signal)
    expect([records.length, gaps]).toEqual([300, []])
    org.crm.load('Contact', many(1_701, { LastName: 'Roux', Phone: '06 12 34 56 78' }))
    const full = await fresh().find(sought, signal)
    expect([full.records.length, full.gaps.map(({ name }) => name)]).toEqual([2_000, ['Contact']])
  })
})

describe('how a record came to be there', () => {
  it('is told by who created it, and by the lead source, which anybody may write; of what is gone nothing is', async () => {
    const lead = (email: string, LeadSource: string | null) =>
      make('Lead', { LastName: 'Roux', Company: 'Atelier', Email: email, LeadSource })
    const ids = [
      await lead('web@example.test', 'Web'),
      await lead('list@example.test', 'Purchased List'),
      await lead('other@example.test', null),
      await make('Contact', { LastName: 'Roux', LeadSource: 'Web' }),
    ]
    const gone = await make('Contact', { LastName: 'Blanc' })
    expect((await org.send('DELETE', `/sobjects/Contact/${gone}`)).status).toBe(204)
    const objects = ['Lead', 'Lead', 'Lead', 'Contact', 'Contact']
    const found = await fresh().arrivals(
      [...ids, gone].map((id, i) => ref(id, objects[i])),
      signal,
    )
    const by = { vouched: false, detail: expect.stringMatching(/^user 005\w{15}, Standard$/), at: expect.any(Number) }
    expect(found).toEqual([{ way: 'form', ...by }, { way: 'import', ...by }, { way: 'unknown', ...by }, { way: 'form', ...by }, null])
    hide('User', 'UserType')
    expect(await fresh().arrivals([ref(ids[1]!, 'Lead')], signal)).toEqual([
      { ...by, way: 'import', detail: expect.stringMatching(/^user 005\w{15}$/) },
    ])
  })
})

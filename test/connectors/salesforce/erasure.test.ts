import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RecordRef } from '../../../src/connectors/connector.ts'
import type { AttachedResult, Erasure, Sought, Traits } from '../../../src/connectors/erasure.ts'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { DAY, startSalesforce, type Client } from '../../sandbox/salesforce-client.ts'
import { testDeps } from '../deps.ts'
import { openGate, type Gate } from '../gate.ts'

const signal = new AbortController().signal
let org: Client
let gate: Gate
let erasure: Erasure
let seenBefore = 0

beforeAll(async () => {
  org = await startSalesforce()
  gate = await openGate(org.url)
  // One for all: what it knows of the objects is a good part of the time that these tests take.
  erasure = fresh()
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
  seenBefore = gate.seen.length
})

const make = (object: string, fields: object): Promise<string> => org.make(object, fields)
const contact = (fields: object = {}): Promise<string> => make('Contact', { LastName: 'Roux', Email: 'ada@example.test', ...fields })
const ref = (id: string, object = 'Contact'): RecordRef => ({ object, id })
const objects = ['Contact', 'Lead'].map((object) => ({
  object,
  fields: ['FirstName', 'LastName', 'Email'],
  emails: ['Email'],
  phones: ['Phone', 'MobilePhone'],
}))
const sought = (part: Partial<Sought>): Sought => ({ emails: [], phones: [], refs: [], objects, ...part })
const traits: Traits = {
  emails: ['ada@example.test'],
  phones: ['+33612345678'],
  names: [{ given: 'Ada', family: 'Roux' }],
  homeCountry: 'FR',
}
const sent = () => gate.seen.slice(seenBefore)
const changes = () => sent().filter(({ method, path }) => method !== 'GET' && !/oauth2|composite\/sobjects\/\w+$/.test(path))
const count = async (object: string, where = ''): Promise<number> =>
  ((await org.soql(`SELECT COUNT() FROM ${object}${where}`)).body as { totalSize: number }).totalSize
const by = (results: readonly AttachedResult[]) =>
  results.map(({ object, outcome, reason }) => [object, outcome, ...(reason ? [reason] : [])].join(' ')).sort()

describe('finding a person in Salesforce', () => {
  it('goes by address, conversion, merge, Individual, phone and recycle bin, each with its reason', async () => {
    const individual = await make('Individual', { LastName: 'Roux' })
    const lead = await make('Lead', { LastName: 'Roux', Company: 'Atelier', Email: 'ADA@example.test' })
    const { contactId } = org.crm.pull('convert-lead', { leadId: lead }) as { contactId: string }
    await org.send('PATCH', `/sobjects/Contact/${contactId}`, { Email: 'ada@example.org', IndividualId: individual })
    const twin = await contact({ Email: 'other@example.org', IndividualId: individual })
    const loser = await contact({ Email: 'loser@example.org' })
    org.crm.pull('merge', { object: 'Contact', winner: contactId, losers: [loser] })
    const binned = await contact({ Email: 'ada@example.test' })
    await org.send('DELETE', `/sobjects/Contact/${binned}`)
    const phone = await contact({ Email: 'office@example.org', Phone: '06 12 34 56 78' })
    await contact({ Email: 'anada@example.test', Phone: '06 12 34 56 79' })
    const { records, gaps } = await erasure.find(sought({ emails: ['ada@example.test'], phones: ['+33612345678'] }), signal)
    expect(gaps).toEqual([])
    const found = Object.fromEntries(
      records.map(({ ref: { id }, via, state, same }) => [id, { via, state, same: same.map((one) => one.id).sort() }]),
    )
    expect(found).toEqual({
      [lead]: { via: ['email', 'same'], state: 'live', same: [contactId] },
      [contactId]: { via: ['same'], state: 'live', same: [twin] },
      [twin]: { via: ['same'], state: 'live', same: [contactId] },
      [loser]: { via: ['same'], state: 'binned', same: [contactId] },
      [binned]: { via: ['email'], state: 'binned', same: [] },
      [phone]: { via: ['phone'], state: 'live', same: [] },
    })
  })
  it('brings what an address was before, and takes the account of a person for the record', async () => {
    org.crm.pull('track-history', { object: 'Contact', fields: ['Email'] })
    const ada = await contact({ Email: 'before@example.test' })
    await org.send('PATCH', `/sobjects/Contact/${ada}`, { Email: 'ada@example.test' })
    expect((await erasure.find(sought({ refs: [ref(ada)] }), signal)).records).toMatchObject([
      { ref: ref(ada), via: ['known-id'], formerEmails: ['before@example.test'] },
    ])
    org.crm.pull('feature', { name: 'personAccounts', on: true })
    const account = await make('Account', { LastName: 'Roux', FirstName: 'Ada', PersonEmail: 'person@example.test' })
    const { records } = await fresh().find(sought({ emails: ['person@example.test'] }), signal)
    expect(records).toMatchObject([
      { ref: ref(account, 'Account'), holds: 'person', fields: { FirstName: 'Ada', Email: 'person@example.test' } },
    ])
  })
  it('is changed by no sign in an address, and an address that nobody has changes nothing', async () => {
    const bystander = await contact({ Email: 'bystander@example.test' })
    const odd = [
      "o'brien@example.test",
      "x'or'id'!='@example.test",
      'a%@example.test',
      '%@example.test',
      '_______@example.test',
      'a\\@example.test',
      'zoé@exämple.test',
      'ａda@example.test',
      'nobody@example.test',
    ]
    for (const email of odd) expect(await erasure.find(sought({ emails: [email] }), signal)).toEqual({ records: [], gaps: [] })
    expect(changes()).toEqual([])
    expect(await count('Contact')).toBe(1)
    const owner = await contact({ Email: "o'brien@example.test" })
    expect((await erasure.find(sought({ emails: ["o'brien@example.test"] }), signal)).records.map((one) => one.ref.id)).toEqual([owner])
    expect(bystander).not.toBe(owner)
  })
  it('says which field or object it may not look at', async () => {
    org.crm.pull('hide-field', { object: 'Lead', field: 'Email', mode: 'read' })
    expect((await fresh().find(sought({ emails: ['ada@example.test'] }), signal)).gaps).toMatchObject([
      { kind: 'field-hidden', name: 'Lead.Email' },
    ])
  })
})
/** One that has not described anything yet. */
function fresh(): Erasure {
  const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
  const settings = { loginUrl: gate.url, instanceUrl: gate.url, auth, without: ['Invoice', 'ServiceContract'] }
  return salesforce.connect('org', salesforce.settings.parse(settings), testDeps(org.now())).erasure!
}

describe('what may bind the company in Salesforce', () => {
  it('is told as unread where the way to the person is hidden, and binds where only its state is', async () => {
    const ada = await contact({ FirstName: 'Ada' })
    const account = await make('Account', { Name: 'Atelier' })
    const contract = await make('Contract', { AccountId: account, CustomerSignedId: ada, Status: 'Draft', StartDate: '2024-01-01' })
    expect((await fresh().survey([ref(ada)], signal)).records).toMatchObject([{ facts: [{ kind: 'contract', open: false }], unread: [] }])
    for (const field of ['Status', 'StatusCode']) org.crm.pull('hide-field', { object: 'Contract', field, mode: 'read' })
    expect((await fresh().survey([ref(ada)], signal)).records[0]).toMatchObject({
      facts: [{ kind: 'contract', ref: ref(contract, 'Contract'), open: true }],
      unread: [],
    })
    org.crm.pull('hide-field', { object: 'Contract', field: 'CustomerSignedId', mode: 'read' })
    const { records, gaps } = await fresh().survey([ref(ada)], signal)
    expect([records[0]?.facts, records[0]?.unread, gaps.map(({ name }) => name)]).toEqual([[], ['contract'], ['Contract.CustomerSignedId']])
  })
})

describe('erasing a person in Salesforce', () => {
  it('detaches what blocks, removes consents, mails, files and the Individual, deletes, empties the bin and finds nothing', async () => {
    const individual = await make('Individual', { LastName: 'Roux' })
    const ada = await contact({ FirstName: 'Ada', IndividualId: individual })
    const bob = await contact({ LastName: 'Blanc', Email: 'bob@example.org' })
    const point = await make('ContactPointEmail', { EmailAddress: 'ada@example.test', ParentId: individual })
    await make('ContactPointTypeConsent', { Name: 'mail', PartyId: individual, ContactPointType: 'Email', PrivacyConsentStatus: 'OptIn' })
    const kase = await make('Case', { Subject: 'broken', ContactId: ada, SuppliedName: 'Ada Roux', SuppliedEmail: 'ada@example.test' })
    const form = await make('AuthorizationForm', { Name: 'form' })
    const text = await make('AuthorizationFormText', { Name: 'text', AuthorizationFormId: form })
    await make('AuthorizationFormConsent', { Name: 'yes', ConsentGiverId: ada, AuthorizationFormTextId: text, Status: 'Signed' })
    const mail = async (to: string, who: readonly string[]) => {
      const id = await make('EmailMessage', {
        Subject: 'hi',
        TextBody: 'Dear ada@example.test',
        FromAddress: 'ada@example.test',
        ToAddress: to,
      })
      for (const one of who) await make('EmailMessageRelation', { EmailMessageId: id, RelationId: one, RelationType: 'ToAddress' })
      return id
    }
    await mail('ada@example.test', [ada])
    const shared = await mail('bob@example.org', [ada, bob])
    const surveyed = await erasure.survey([ref(ada)], signal)
    expect(surveyed).toMatchObject({ gaps: [], records: [{ attached: { Case: 1, AuthorizationFormConsent: 1, EmailMessageRelation: 2 } }] })
    expect(surveyed.records[0]?.facts).toMatchObject([{ kind: 'case', ref: ref(kase, 'Case'), open: true }])
    expect(await erasure.silence([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'silenced' }])
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'refused', reason: 'DELETE_FAILED' }])
    expect(by(await erasure.prepare([ref(ada)], traits, signal))).toEqual([
      'AuthorizationFormConsent deleted',
      'Case detached',
      'ContactPointTypeConsent deleted',
      'EmailMessage deleted',
      'EmailMessage redacted',
      'Individual deleted',
    ])
    expect(await org.rows(`SELECT ContactId, SuppliedEmail, SuppliedName FROM Case WHERE Id = '${kase}'`)).toEqual([
      { ContactId: null, SuppliedEmail: null, SuppliedName: null },
    ])
    expect(await org.rows(`SELECT TextBody, FromAddress FROM EmailMessage WHERE Id = '${shared}'`)).toEqual([
      { TextBody: 'Dear […]', FromAddress: null },
    ])
    expect(await org.rows(`SELECT Id FROM ContactPointEmail WHERE Id = '${point}'`)).toEqual([])
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'erased' }])
    expect(await erasure.verify([ref(ada), ref(bob)], signal)).toEqual([
      { ref: ref(ada), trace: 'purging' },
      { ref: ref(bob), trace: 'present' },
    ])
    expect(org.crm.pull('undelete', { ids: [ada] })).toMatchObject([{ ok: false }])
    org.advance(2 * DAY)
    await org.login()
    expect(await fresh().verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'absent' }])
    expect(await erasure.find(sought({ emails: ['ada@example.test'] }), signal)).toEqual({ records: [], gaps: [] })
  })
  it('tells of an invoice, where the organisation has them: it stays behind a delete, and may bind', async () => {
    const ada = await contact()
    const field = (name: string, type: string) => ({ name, label: name, type, custom: false, updateable: true, nillable: true })
    const fields = [field('Id', 'id'), field('BillToContactId', 'reference'), field('InvoiceDate', 'date')]
    const invoice = { name: 'Invoice', keyPrefix: '3tt', queryable: true, createable: true, updateable: true, fields }
    const rows = [{ attributes: { type: 'Invoice' }, Id: '3tt440000000001AAA', BillToContactId: ada, InvoiceDate: '2026-01-31' }]
    const json = (body: object) => ({
      reply: { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })
    gate.rule = ({ path }) => {
      if (path.includes('/sobjects/Invoice/describe')) return json(invoice)
      return /FROM(\+|%20)Invoice/.test(path) ? json({ totalSize: 1, done: true, records: rows }) : undefined
    }
    const { records } = await fresh().survey([ref(ada)], signal)
    expect(records[0]?.facts).toEqual([
      { kind: 'invoice', ref: ref('3tt440000000001AAA', 'Invoice'), open: false, at: Date.parse('2026-01-31') },
    ])
  })
  it('may be done twice, and in the middle', async () => {
    const ada = await contact()
    const lead = await make('Lead', { LastName: 'Roux', Company: 'x', Email: 'ada@example.test' })
    await make('Case', { Subject: 'a', ContactId: ada })
    await erasure.prepare([ref(ada), ref(lead, 'Lead')], traits, signal)
    expect(by(await erasure.prepare([ref(ada), ref(lead, 'Lead')], traits, signal))).toEqual([])
    await org.send('DELETE', `/sobjects/Contact/${ada}`)
    expect(await erasure.erase([ref(ada), ref(lead, 'Lead')], signal)).toEqual([
      { ref: ref(ada), outcome: 'gone' },
      { ref: ref(lead, 'Lead'), outcome: 'erased' },
    ])
    expect(org.crm.pull('undelete', { ids: [ada] })).toMatchObject([{ ok: false }])
    expect((await erasure.erase([ref(ada), ref(lead, 'Lead')], signal)).map(({ outcome }) => outcome)).toEqual(['gone', 'gone'])
    expect(await erasure.silence([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'gone' }])
  })
  it('of a converted lead and a person account works on the record that can go', async () => {
    const lead = await make('Lead', { LastName: 'Roux', Company: 'Atelier', Email: 'ada@example.test' })
    const { contactId } = org.crm.pull('convert-lead', { leadId: lead }) as { contactId: string }
    expect((await erasure.erase([ref(lead, 'Lead'), ref(contactId)], signal)).map(({ outcome }) => outcome)).toEqual(['erased', 'erased'])
    expect(await count('Account')).toBe(1)
    org.crm.pull('feature', { name: 'personAccounts', on: true })
    const account = await make('Account', { LastName: 'Roux', PersonEmail: 'p@example.test' })
    const seeing = fresh()
    expect(await seeing.erase([ref(account, 'Account')], signal)).toEqual([{ ref: ref(account, 'Account'), outcome: 'erased' }])
    expect(await seeing.verify([ref(account, 'Account')], signal)).toEqual([{ ref: ref(account, 'Account'), trace: 'purging' }])
  })
  it('is not believed when Salesforce confirms a delete and keeps the record', async () => {
    const ada = await contact()
    org.crm.pull('delete-keeps', { on: true })
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'erased' }])
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'present' }])
  })
  it('acts on nothing that is no id of the object', async () => {
    const ada = await contact()
    for (const id of ['', 'ada@example.test', `${ada}/../x`, '00Q000000000001', `${ada.slice(0, 15)}AAB`, "003' OR Id != '"]) {
      for (const act of [erasure.erase, erasure.verify, erasure.silence, erasure.survey])
        await expect(act([ref(ada), ref(id)], signal)).rejects.toThrow('no Salesforce id of Contact')
    }
    expect(changes()).toEqual([])
    expect(await count('Contact')).toBe(1)
  })
  it('says so when the bin may not be emptied, and takes what lies in it for what it is', async () => {
    const ada = await contact()
    const result = '<result><errors><statusCode>INSUFFICIENT_ACCESS_OR_READONLY</statusCode></errors><success>false</success></result>'
    const soap = (body: string, status = 200) => ({ reply: { status, headers: { 'content-type': 'text/xml' }, body } })
    gate.rule = ({ path }) => (path.includes('/Soap/') ? soap(`<Envelope><Body><x>${result}</x></Body></Envelope>`) : undefined)
    const refused = {
      ref: ref(ada),
      outcome: 'refused',
      reason: expect.stringMatching(/^in the recycle bin: INSUFFICIENT_ACCESS_OR_READONLY \(needs Modify All Data/),
    }
    expect(await erasure.erase([ref(ada)], signal)).toEqual([refused])
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'recoverable' }])
    gate.rule = ({ path }) => (path.includes('/Soap/') ? soap(result.repeat(2)) : undefined)
    await expect(erasure.verify([ref(ada)], signal)).rejects.toThrow('one result for each of 1 records')
    let dead = 1
    const fault =
      '<Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><detail><sf:exceptionCode>INVALID_SESSION_ID</sf:exceptionCode></detail></Fault>'
    gate.rule = ({ path }) => (path.includes('/Soap/') && dead-- > 0 ? soap(fault, 500) : undefined)
    expect(await erasure.verify([ref(ada)], signal)).toEqual([{ ref: ref(ada), trace: 'purging' }])
    gate.rule = undefined
  })
  it('leaves an Individual, a mail and a file that somebody else shares', async () => {
    const individual = await make('Individual', { LastName: 'Roux' })
    const ada = await contact({ IndividualId: individual })
    const bob = await contact({ Email: 'bob@example.org', IndividualId: individual })
    const mail = await make('EmailMessage', {
      Subject: 'hi',
      TextBody: 'all of you',
      FromAddress: 'info@example.fr',
      ToAddress: 'team@example.org',
    })
    for (const one of [ada, bob]) await make('EmailMessageRelation', { EmailMessageId: mail, RelationId: one, RelationType: 'ToAddress' })
    const version = await make('ContentVersion', { Title: 'Offer', PathOnClient: 'offer.pdf', VersionData: 'AAAA' })
    const [file] = await org.rows(`SELECT ContentDocumentId FROM ContentVersion WHERE Id = '${version}'`)
    const document = String(file?.['ContentDocumentId'])
    for (const one of [ada, bob]) await make('ContentDocumentLink', { ContentDocumentId: document, LinkedEntityId: one, ShareType: 'V' })
    expect(by(await erasure.prepare([ref(ada)], traits, signal))).toEqual(['ContentDocument left', 'EmailMessage left'])
    expect([await count('EmailMessage'), await count('ContentDocument')]).toEqual([1, 1])
    expect(await count('Individual')).toBe(1)
  })
})

describe('what is left of a person in Salesforce', () => {
  it('comes back as texts of others, old values included', async () => {
    org.crm.pull('track-history', { object: 'Account', fields: ['Name'] })
    const account = await make('Account', { Name: 'Chez ada@example.test', Description: 'Ada Roux, 06 12 34 56 78' })
    await org.send('PATCH', `/sobjects/Account/${account}`, { Name: 'Atelier' })
    const task = await make('Task', { Subject: 'Call 0612345678', Description: 'nothing' })
    await make('Task', { Subject: 'Call 0612345679' })
    const texts: string[] = []
    for await (const page of erasure.residue(traits, signal))
      texts.push(...page.map(({ ref: at, field, text }) => `${at.object} ${field}: ${text}`))
    expect(texts.filter((text) => /ada@|Ada|0612345678/.test(text)).sort()).toEqual([
      'Account Description: Ada Roux, 06 12 34 56 78',
      'AccountHistory OldValue: Chez ada@example.test',
      'Task Subject: Call 0612345678',
    ])
    expect(task).toMatch(/^00T/)
  })
  it('is taken out of the places that were shown, and read again; a post of a feed goes, a name only where somebody has read the text', async () => {
    const task = await make('Task', { Subject: 'Call 06 12 34 56 78', Description: 'Ada Roux or ada@example.test, not adb@example.test' })
    const broken = await make('Case', { Subject: 'x', SuppliedEmail: 'ada@example.test' })
    const account = await make('Account', { Name: 'Atelier' })
    const post = await make('FeedItem', { ParentId: account, Body: 'ada@example.test is gone' })
    const place = (object: string, id: string, field: string, remedy: 'redact' | 'delete' = 'redact') => ({
      ref: ref(id, object),
      field,
      remedy,
    })
    const places = [place('Task', task, 'Description'), place('Case', broken, 'SuppliedEmail'), place('FeedItem', post, 'Body', 'delete')]
    const redact = async (reading: 'certain' | 'all') =>
      (await erasure.redact(places, traits, reading, signal)).map(({ outcome }) => outcome)
    const row = async (object: string, id: string) => (await org.get(`/sobjects/${object}/${id}`)).body as Record<string, unknown>
    expect(await redact('certain')).toEqual(['redacted', 'redacted', 'deleted'])
    expect(await row('Task', task)).toMatchObject({ Subject: 'Call 06 12 34 56 78', Description: 'Ada Roux or […], not adb@example.test' })
    expect(await row('Case', broken)).toMatchObject({ SuppliedEmail: null })
    expect(await redact('all')).toEqual(['redacted', 'gone', 'gone'])
    expect(await row('Task', task)).toMatchObject({ Description: '[…] or […], not adb@example.test' })
    await expect(erasure.redact([place('Task', account, 'Description')], traits, 'all', signal)).rejects.toThrow('no Salesforce id of Task')
  })
})

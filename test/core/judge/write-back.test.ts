import { describe, expect, it } from 'vitest'
import { findingRules, strangersAmong, wantedProperties } from '../../../src/core/judge/write-back.ts'
import { createDiffCounter } from '../../../src/core/policy/diff.ts'
import { connections, consumer, mappingOf, policy, professional, proved, world } from '../judge-world.ts'

const { judge, record, verdict } = world()

describe('the patch', () => {
  it('holds every write-back field of a record that was never judged', () => {
    const fields = { ...consumer, ...proved('newsletter_email'), newsletter_status: 'unsubscribed', address: null }
    const patch = judge.record(record(fields)).patch(verdict(fields))
    expect(patch).toMatchObject({
      accord_status: 'blocked',
      accord_may_contact: 'none',
      accord_consent_newsletter_email: 'withdrawn',
      accord_consent_prospecting_consumer_call: 'unknown',
      accord_consent_proof: 'newsletter:email:claimed',
      accord_lawful_basis: 'none',
      accord_keep_until: '2029-06-01',
    })
    expect(Object.keys(patch ?? {}).toSorted()).toEqual(judge.writes.toSorted())
  })
  it('is null once written, whatever the order inside a multi-select', () => {
    const fields = { ...consumer, newsletter_status: 'subscribed', hs_marketable_status: 'true', hs_legal_basis: 'Not applicable' }
    const found = verdict(fields)
    const written = { ...record(fields), ...judge.record(record(fields)).patch(found) }
    expect(judge.record(written).patch(found)).toBeNull()
    const reversed = { ...written, accord_findings: (written['accord_findings'] ?? '').split(';').toReversed().join(';') }
    expect(reversed['accord_findings']).toContain(';')
    expect(judge.record(reversed).patch(found)).toBeNull()
  })
  it('empties what no longer holds, and nothing else', () => {
    const found = verdict({ ...professional, address: null })
    const written = {
      ...record({ ...professional, address: null }),
      ...judge.record(record({ ...professional, address: null })).patch(found),
      accord_findings: 'consent.unproved',
    }
    expect(judge.record(written).patch(found)).toEqual({ accord_findings: null })
  })
  it('shows no end while a contract runs', () => {
    const fields = { ...consumer, contract_status: 'active', customer_since: '2015-01-01', last_purchase_date: '2016-01-01' }
    expect(judge.record({ ...record(fields), accord_keep_until: '2019-01-01' }).patch(verdict(fields))).toMatchObject({
      accord_keep_until: null,
    })
  })
  it('leaves out what the CRM lacks, and says so', () => {
    const bare = world({ hidden: ['accord_keep_until'] })
    expect(Object.keys(bare.judge.record(bare.record(consumer)).patch(bare.verdict(consumer)) ?? {})).not.toContain('accord_keep_until')
    expect(bare.judge.problems.map((one) => [one.rule, one.fields])).toEqual([['mapping.write_back_missing', ['accord_keep_until']]])
    expect(bare.judge.writes).toContain('accord_keep_until')
  })
})

describe('what a mailing is filtered by', () => {
  const mayContact = (fields: Record<string, string | null>): string | null | undefined =>
    judge.record(record(fields)).patch(verdict(fields))?.['accord_may_contact']
  const reader = { ...consumer, address: null, ...proved('newsletter_email') }

  it('names each purpose and channel that the policy allows now, legitimate interests and service among them', () => {
    expect(mayContact(reader)).toBe('newsletter:email')
    expect(mayContact({ ...professional, address: null, phone: null, mobilephone: null })).toBe('offers:email;prospect_pro:email')
    expect(mayContact({ ...reader, contract_status: 'active', phone: null, mobilephone: null })).toBe(
      'customer_care:email;newsletter:email',
    )
  })
  it('holds nobody whom a yes on file does not open the way to', () => {
    const partner = { ...reader, ...proved('partner_sharing_email') }
    expect(verdict(partner).consent.find(({ purpose }) => purpose === 'partner_sharing')?.status).toBe('granted')
    expect(mayContact(partner)).toBe('newsletter:email')
    const ofSomeAge = { ...reader, contract_status: 'active', date_of_birth: 'quatorze ans', phone: null, mobilephone: null }
    expect(mayContact(ofSomeAge)).toBe('customer_care:email')
    const { country: _, ...somewhere } = { ...professional, address: null, phone: null, mobilephone: null }
    expect(mayContact(somewhere)).toBe('none')
  })
  it('is none for a record that is blocked, whatever else it might be used for', () => {
    expect(mayContact({ ...reader, createdate: '2019-01-01T00:00:00Z', consent_newsletter_email: 'withdrawn' })).toBe('none')
    const due = { ...professional, createdate: '2019-01-01T00:00:00Z' }
    expect(verdict(due).permissions.some(({ allowed }) => allowed)).toBe(true)
    expect(mayContact(due)).toBe('none')
    expect(mayContact({ ...reader, sales_notes: 'mdp : Soleil2024' })).toBe('none')
  })
})

describe('a field of the write-back', () => {
  const patchWith = (options: Parameters<typeof world>[0]): readonly [readonly string[], readonly unknown[]] => {
    const one = world(options)
    const fields = { ...consumer, newsletter_status: 'subscribed' }
    const patch = one.judge.record(one.record(fields)).patch(one.verdict(fields)) ?? {}
    return [
      ['accord_status', 'accord_findings', 'accord_keep_until'].filter((name) => name in patch),
      one.judge.problems.map((problem) => [problem.rule, problem.fields]),
    ]
  }
  const other = { label: 'Status of the deal', writable: true, custom: true }

  it('is left alone when it is of another kind, offers nothing of ours, or came with the CRM', () => {
    const strangers = [
      { ...other, name: 'accord_status', type: 'text' },
      { ...other, name: 'accord_status', type: 'enum', options: ['open', 'won'] },
      { ...other, name: 'accord_status', type: 'enum', options: ['ok', 'attention', 'blocked'], custom: false },
    ]
    for (const stranger of strangers)
      expect(patchWith({ extra: [stranger] })).toEqual([
        ['accord_findings', 'accord_keep_until'],
        [['mapping.write_back_missing', ['accord_status']]],
      ])
  })
  it('is written when it lacks some of the values only, and says so', () => {
    expect(patchWith({ extra: [{ ...other, name: 'accord_findings', type: 'multi', options: ['consent.no_purpose'] }] })).toEqual([
      ['accord_status', 'accord_findings', 'accord_keep_until'],
      [['mapping.write_back_missing', ['accord_findings']]],
    ])
  })
})

describe('a field that exists already', () => {
  it('is completed when it is of our making, and otherwise left as it is', () => {
    const wanted = wantedProperties(policy, mappingOf('hubspot', 'contacts')).filter(({ name }) => name === 'accord_status')
    const field = { name: 'accord_status', label: 'Status', type: 'enum', writable: true, custom: true }
    const stranger = (more: object): boolean => strangersAmong(wanted, [{ ...field, ...more }]).length > 0
    expect([
      strangersAmong(wanted, []).length > 0,
      stranger({ options: ['ok'] }),
      stranger({ options: [] }),
      stranger({ writable: false, options: ['ok', 'attention', 'blocked'] }),
      stranger({ options: ['open', 'won'] }),
      stranger({ type: 'text' }),
      stranger({ custom: false, options: ['ok'] }),
    ]).toEqual([false, false, false, false, true, true, true])
  })
})

describe('the fields to create', () => {
  it('have names and values that Salesforce accepts: 40 characters at most', () => {
    for (const object of ['Contact', 'Lead']) {
      const wanted = wantedProperties(policy, mappingOf('salesforce', object))
      expect(wanted.filter((field) => field.name.length > 40 || field.label.length > 80)).toEqual([])
      expect(wanted.flatMap((field) => field.options ?? []).filter((option) => option.value.length > 40)).toEqual([])
      expect(new Set(wanted.map((field) => field.name)).size).toBe(wanted.length)
    }
  })
  it('offer every value that a verdict may write', () => {
    for (const connection of connections) {
      for (const mapping of connection.objects) {
        const options = new Map(
          wantedProperties(policy, mapping).map((field) => [field.name, new Set(field.options?.map((option) => option.value))]),
        )
        expect(options.get(mapping.writeBack.findings ?? '')).toEqual(new Set(findingRules(policy)))
        expect(options.get(mapping.writeBack.lawfulBasis ?? '')).toEqual(new Set(['contract', 'consent', 'legitimate_interest', 'none']))
      }
    }
  })
})

describe('the difference between two policies', () => {
  it('counts what would change, and names nobody', () => {
    const stricter = {
      ...policy,
      consentRules: policy.consentRules.map((rule) => (rule.id === 'email_professional' ? { ...rule, enabled: false } : rule)),
    }
    const counter = createDiffCounter()
    const under = (one: typeof judge, fields: Record<string, string | null>) => one.judge(record(fields), { facts: [], suppressed: false })
    for (const fields of [professional, professional, consumer])
      counter.add(under(judge, fields), under(world({ policy: stricter }).judge, fields))
    expect(counter.report()).toEqual({
      records: 3,
      changed: 2,
      changes: [
        { name: 'allowed customer_offers by email', before: 2, after: 0 },
        { name: 'allowed prospecting_professional by email', before: 2, after: 0 },
      ],
    })
  })
})

describe('who a record is', () => {
  it('gives identity forms, keeps shared mailboxes apart, and names linked records', () => {
    const found = judge.identify(
      record({
        ...consumer,
        email: ' Jean.Dupont@Exemple.FR ',
        hs_additional_emails: 'info@exemple.fr;jean@gmail.com',
        firstname: 'Jean-Marc',
        salesforcecontactid: '001A0000006Vm9r',
      }),
    )
    expect({ ...found, phones: found.phones }).toEqual({
      emails: ['jean.dupont@exemple.fr', 'jean@gmail.com'],
      shared: ['info@exemple.fr'],
      phones: ['+33612345678', '+33145678901'],
      crossIds: ['salesforce:Contact:001A0000006Vm9rIAC'],
      givenName: 'jean',
      familyName: 'martin',
      personal: 0,
    })
  })
  it('says what it knows of consent, one fact for each purpose and channel', () => {
    expect(judge.facts(record({ ...proved('newsletter_email'), newsletter_status: 'subscribed', hs_email_optout: 'false' }))).toEqual([
      {
        purpose: 'newsletter',
        channel: 'email',
        event: 'given',
        at: Date.UTC(2026, 5, 1, 10),
        source: 'hubspot:contacts.consent_newsletter_email',
        grade: 'proved',
      },
      { purpose: 'newsletter', channel: 'email', event: 'given', at: null, source: 'hubspot:contacts.newsletter_status', grade: 'claimed' },
    ])
  })
})

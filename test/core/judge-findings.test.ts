import { describe, expect, it } from 'vitest'
import type { ConsentFact } from '../../src/core/consent/consent.ts'
import { consumer, mappingOf, permission, policy, professional, proved, rules, world } from './judge-world.ts'

const { verdict, judge } = world()
const elsewhere = (event: ConsentFact['event'], at: number | null, over: Partial<ConsentFact> = {}): ConsentFact => ({
  purpose: 'newsletter',
  channel: 'email',
  event,
  at,
  source: 'salesforce:Contact.Consent_Newsletter_Email__c',
  grade: 'claimed',
  ...over,
})
const fieldsOf = (found: ReturnType<typeof verdict>, rule: string): readonly string[] | undefined =>
  found.findings.find((one) => one.rule === rule)?.fields
const newsletter = (found: ReturnType<typeof verdict>): string => {
  const view = found.consent.find((one) => one.purpose === 'newsletter')
  return `${view?.status} ${view?.grade}`
}

describe('a record without a signal', () => {
  it('is fine when some purpose may use it', () => {
    expect(verdict({ ...professional, address: null })).toMatchObject({
      status: 'ok',
      audience: 'professional',
      findings: [],
      lawfulBases: ['legitimate_interest'],
    })
    expect(verdict({ ...consumer, ...proved('newsletter_email') })).toMatchObject({ status: 'ok', audience: 'consumer', findings: [] })
  })
  it('is blocked, and kept for nothing, when no purpose may use it', () => {
    const found = verdict({ ...consumer, address: null })
    expect([found.status, rules(found), found.lawfulBases]).toEqual(['blocked', ['consent.no_purpose'], []])
  })
  it('is blocked without a finding when it has a running hold or the person objected', () => {
    const held = verdict({ ...consumer, address: null, legal_hold: 'true' })
    expect([held.status, rules(held)]).toEqual(['blocked', []])
    const objected = verdict({ ...consumer, address: null, hs_email_optout: 'true' }, { suppressed: true })
    expect([objected.status, rules(objected)]).toEqual(['blocked', []])
  })
})

describe('a claim of consent', () => {
  it('without proof is a finding, and no permission', () => {
    const found = verdict({ ...consumer, newsletter_status: 'subscribed' })
    expect([fieldsOf(found, 'consent.unproved'), newsletter(found), permission(found, 'newsletter', 'email')]).toEqual([
      ['newsletter_status'],
      'unknown claimed',
      '-newsletter',
    ])
    expect(found.status).toBe('attention')
  })
  it('beside a proof is none', () => {
    expect(rules(verdict({ ...consumer, newsletter_status: 'subscribed', ...proved('newsletter_email') }))).toEqual([])
  })
  it('is proved by a linked record', () => {
    const found = verdict(
      { ...consumer, newsletter_status: 'subscribed' },
      { facts: [elsewhere('given', Date.UTC(2026, 1, 1), { grade: 'proved' })] },
    )
    expect([newsletter(found), rules(found)]).toEqual(['granted proved', []])
  })
  it('with a date in the future or before 1900 is no proof', () => {
    for (const date of ['2031-01-01T00:00:00Z', '0001-01-01T00:00:00Z', 'soon']) {
      expect(rules(verdict({ ...consumer, ...proved('newsletter_email', date) })), date).toEqual(['consent.unproved'])
    }
  })
  it('that the mapping does not understand is told, and allows nothing', () => {
    const found = verdict({ ...consumer, ...proved('newsletter_email'), consent_newsletter_email: 'maybe' })
    expect([fieldsOf(found, 'mapping.value_unknown'), permission(found, 'newsletter', 'email')]).toEqual([
      ['consent_newsletter_email'],
      '-newsletter',
    ])
  })
  it('for what the policy forbids is told, unless the country is what we do not know', () => {
    const pro = { ...professional, ...proved('prospecting_consumer_call') }
    expect(rules(verdict(pro))).toEqual(['consent.forbidden'])
    const nowhere = verdict({ ...consumer, ...proved('prospecting_consumer_call'), country: null })
    expect([rules(nowhere), permission(nowhere, 'prospecting_consumer', 'call')]).toEqual([[], '-everything_else'])
  })
})

describe('age of a consent', () => {
  it('expires after a year for calls, on the day', () => {
    const call = { ...consumer, ...proved('prospecting_consumer_call', '2025-11-21T09:00:00Z') }
    const last = world({ today: '2026-11-20' }).verdict(call)
    expect([rules(last), last.nextReviewOn]).toEqual([[], '2026-11-21'])
    const found = verdict(call)
    expect(rules(found)).toEqual(['consent.expired'])
    expect(found.consent.find((one) => one.channel === 'call' && one.purpose === 'prospecting_consumer')).toMatchObject({
      status: 'expired',
      grade: 'proved',
    })
  })
  it('is only to be reviewed after three years for a newsletter', () => {
    const found = verdict({ ...consumer, ...proved('newsletter_email', '2023-11-21T09:00:00Z') })
    expect([rules(found), newsletter(found), found.status]).toEqual([['consent.review_due'], 'granted proved', 'attention'])
  })
})

describe('a withdrawal', () => {
  it('of this record that is still shown as subscribed is critical', () => {
    const found = verdict({
      ...consumer,
      newsletter_status: 'subscribed',
      consent_newsletter_email: 'withdrawn',
      consent_newsletter_email_date: '2026-10-01T08:00:00Z',
    })
    expect([fieldsOf(found, 'consent.ignored_withdrawal'), newsletter(found), found.status]).toEqual([
      ['newsletter_status'],
      'withdrawn contradicted',
      'blocked',
    ])
  })
  it('on the same day as a yes wins', () => {
    const found = verdict(
      { ...consumer, ...proved('newsletter_email', '2026-10-01T08:00:00Z') },
      { facts: [elsewhere('withdrawn', Date.UTC(2026, 9, 1, 8))] },
    )
    expect(newsletter(found)).toBe('withdrawn claimed')
    expect(rules(found)).toEqual(['consent.ignored_withdrawal'])
  })
  it('of another CRM contradicts a mere claim here', () => {
    const found = verdict({ ...consumer, newsletter_status: 'subscribed' }, { facts: [elsewhere('withdrawn', Date.UTC(2026, 9, 1))] })
    expect([rules(found), newsletter(found)]).toEqual([['consent.contradicted'], 'withdrawn contradicted'])
  })
  it('gives way to a newer proved yes', () => {
    const found = verdict(
      { ...consumer, ...proved('newsletter_email', '2026-10-02T08:00:00Z') },
      { facts: [elsewhere('withdrawn', Date.UTC(2026, 9, 1))] },
    )
    expect([rules(found), newsletter(found)]).toEqual([[], 'granted proved'])
  })
  it('from all e-mail in another CRM must reach this one’s opt-out', () => {
    const objection = elsewhere('withdrawn', null, { purpose: '*', source: 'salesforce:Contact.HasOptedOutOfEmail' })
    expect(fieldsOf(verdict(professional, { facts: [objection] }), 'consent.ignored_withdrawal')).toEqual(['hs_email_optout'])
    expect(rules(verdict({ ...professional, hs_email_optout: 'true' }, { facts: [objection] }))).toEqual([])
    expect(rules(verdict({ ...professional, email: null }, { facts: [objection] }))).not.toContain('consent.ignored_withdrawal')
  })
  it('by the suppression list counts for every marketing purpose', () => {
    const found = verdict({ ...consumer, ...proved('newsletter_email') }, { suppressed: true })
    expect([fieldsOf(found, 'consent.ignored_withdrawal'), newsletter(found)]).toEqual([
      ['consent_newsletter_email', 'hs_email_optout'],
      'withdrawn contradicted',
    ])
  })
})

describe('what HubSpot itself says', () => {
  it('"Not applicable" as a lawful basis switches its safeguards off', () => {
    expect(rules(verdict({ ...professional, hs_legal_basis: 'Performance of a contract;Not applicable' }))).toEqual([
      'consent.basis_not_applicable',
    ])
  })
  it('"freely given consent" without any valid consent is a claim', () => {
    const basis = 'Freely given consent from contact'
    expect(fieldsOf(verdict({ ...professional, hs_legal_basis: basis }), 'consent.unproved')).toEqual(['hs_legal_basis'])
    expect(rules(verdict({ ...consumer, ...proved('newsletter_email'), hs_legal_basis: basis }))).toEqual([])
  })
  it('a marketing contact that nobody may write to is a finding, unless HubSpot holds the opt-out', () => {
    const marked = { ...consumer, hs_marketable_status: 'true' }
    expect(rules(verdict(marked))).toEqual(['consent.marketing_without_permission'])
    expect(rules(verdict({ ...marked, hs_email_optout: 'true' }))).toEqual([])
    expect(rules(verdict({ ...marked, ...proved('newsletter_email') }))).toEqual([])
    expect(rules(verdict({ ...marked, contract_status: 'active', address: null }))).toEqual(['consent.marketing_without_permission'])
    expect(rules(verdict({ ...marked, email: null }))).toEqual([])
  })
  it('such a contact is one beside an ignored withdrawal of another channel, too; one of this channel says it already', () => {
    const marked = { ...consumer, hs_marketable_status: 'true' }
    const both = ['consent.ignored_withdrawal', 'consent.marketing_without_permission']
    const said = (channel: string) => ({ facts: [elsewhere('withdrawn', null, { purpose: 'prospecting_consumer', channel })] })
    const call = verdict({ ...marked, ...proved('prospecting_consumer_call') }, said('call'))
    expect(rules(call)).toEqual(both)
    const email = verdict({ ...marked, ...proved('prospecting_consumer_email') }, said('email'))
    expect(rules(email)).toEqual(['consent.ignored_withdrawal'])
  })
  it('a restricted record in use is critical', () => {
    const found = verdict({ ...consumer, ...proved('newsletter_email'), hs_marketable_status: 'true', processing_restricted: 'true' })
    expect([fieldsOf(found, 'consent.restricted_in_use'), found.status]).toEqual([
      ['consent_newsletter_email', 'hs_marketable_status'],
      'blocked',
    ])
  })
})

describe('gates that are findings', () => {
  it('a child is one, always', () => {
    expect(rules(verdict({ ...consumer, date_of_birth: '2013-05-01' }))).toEqual(['consent.child'])
  })
  it('an uninformed person is one after a month, and blocked before', () => {
    const bought = { ...professional, collection_source: 'purchased', privacy_notice_date: null }
    const fresh = verdict({ ...bought, collection_date: '2026-10-21' })
    expect([rules(fresh), fresh.status, fresh.nextReviewOn]).toEqual([[], 'blocked', '2026-11-22'])
    expect(rules(verdict({ ...bought, collection_date: '2026-10-20' }))).toEqual(['consent.not_informed'])
  })
})

describe('what cannot be read', () => {
  it('never allows: a hidden opt-out closes its channel', () => {
    const blind = world({ hidden: ['hs_email_optout'] })
    const found = blind.verdict({ ...professional, ...proved('newsletter_email') })
    expect([permission(found, 'newsletter', 'email'), permission(found, 'prospecting_professional', 'email'), newsletter(found)]).toEqual([
      '-newsletter',
      '-email_professional',
      'unknown null',
    ])
    expect(permission(found, 'prospecting_professional', 'call')).toBe('+call_professional')
    expect(blind.judge.problems).toMatchObject([
      { rule: 'mapping.field_missing', kind: 'mapping', severity: 'high', fields: ['hs_email_optout'] },
    ])
  })
  it('never allows: hidden gates refuse', () => {
    for (const [field, gate] of [
      ['processing_restricted', 'restricted'],
      ['date_of_birth', 'child'],
      ['collection_source', '+email_professional'],
    ] as const) {
      const found = permission(world({ hidden: [field] }).verdict(professional), 'prospecting_professional', 'email')
      expect(found, field).toBe(gate.startsWith('+') ? gate : `-${gate}`)
    }
    const uninformed = world({ hidden: ['privacy_notice_date'] }).verdict({ ...professional, collection_source: 'purchased' })
    expect(permission(uninformed, 'prospecting_professional', 'email')).toBe('-not_informed')
  })
  it('never matches empty or filled: an unknown notice date does not open a permissive rule', () => {
    const found = world({ hidden: ['privacy_notice_date'] }).verdict(professional)
    expect(permission(found, 'prospecting_professional', 'email')).toBe('-message_professional_else')
    expect(permission(found, 'customer_offers', 'post')).toBe('-everything_else')
  })
  it('makes an unknown audience a consumer', () => {
    expect(world({ hidden: ['company'] }).verdict(professional).audience).toBe('consumer')
  })
  it('on one record alone is told on that record', () => {
    const raw = Object.fromEntries(Object.entries(world().record(professional)).filter(([name]) => name !== 'contract_status'))
    expect(judge.judge(raw, { facts: [], suppressed: false }).findings.map((one) => [one.rule, one.fields])).toEqual([
      ['mapping.field_missing', ['contract_status']],
    ])
  })
  it('is told for the connection when a rule needs a field that nobody mapped, and not when the CRM never holds it', () => {
    const { legalHold: _, ...fields } = mappingOf('hubspot', 'contacts').fields
    const forgetful = world({ mapping: { ...mappingOf('hubspot', 'contacts'), fields } })
    expect(forgetful.judge.problems.map((one) => [one.rule, one.fields])).toEqual([['mapping.field_unmapped', ['legalHold']]])
    expect(forgetful.verdict({ ...consumer, createdate: '2015-01-01T00:00:00Z' }).retention.hold).toBe('legal_hold')
    const declared = world({ mapping: { ...mappingOf('hubspot', 'contacts'), fields: { ...fields, legalHold: null } } })
    expect(declared.judge.problems).toEqual([])
    expect(rules(declared.verdict({ ...consumer, createdate: '2015-01-01T00:00:00Z' }))).toContain('retention.erase_due')
  })
})

describe('free text', () => {
  const told = (text: string): readonly unknown[] =>
    verdict({ ...professional, sales_notes: text }).findings.map((one) => [one.rule, one.severity, one.fields])
  it('with what must not stand there is a finding that names the field, never the words', () => {
    expect(told('Cliente dépressive, en arrêt maladie depuis mars')).toEqual([['sensitive.special', 'critical', ['sales_notes']]])
    expect(told('Carte 4111 1111 1111 1111')).toEqual([['sensitive.card', 'critical', ['sales_notes']]])
    expect(JSON.stringify(verdict({ ...professional, sales_notes: 'Carte 4111 1111 1111 1111' }))).not.toContain('4111')
  })
  it('about private life takes two hits', () => {
    expect(told('En instance de divorce et au chômage')).toEqual([['sensitive.private_life', 'medium', ['sales_notes']]])
    expect(told('En instance de divorce')).toEqual([])
  })
  it('that is only business is none', () => {
    expect(told('Enceinte Bluetooth livrée, client ravi. FO à raccorder au 3e étage. Gros volume à prévoir')).toEqual([])
  })
  it('blocks the record where the policy says block, and waits for somebody to read it where it says review', () => {
    expect(verdict({ ...professional, sales_notes: 'CB 4111 1111 1111 1111' }).status).toBe('blocked')
    expect(verdict({ ...professional, sales_notes: 'Délégué CGT dans sa boîte' }).status).toBe('attention')
    expect(verdict({ ...professional, sales_notes: 'Délégué CGT, mdp : Soleil2024' }).status).toBe('blocked')
    expect(verdict({ ...professional, sales_notes: "Elle n'a pas de cerveau" }).status).toBe('attention')
  })
})

describe('accuracy and minimisation', () => {
  it('tells addresses and numbers that cannot be used', () => {
    const found = verdict({
      ...professional,
      work_email: 'camille(at)acier',
      hs_additional_emails: 'a@b.example.fr;nope',
      phone: 'ask Paul',
    })
    expect([fieldsOf(found, 'accuracy.email_unusable'), fieldsOf(found, 'accuracy.phone_unusable')]).toEqual([
      ['hs_additional_emails', 'work_email'].toSorted(),
      ['phone'],
    ])
  })
  it('tells filled fields that no purpose and no rule needs', () => {
    const extra = [{ name: 'children_count', label: 'Children', type: 'number', writable: true, custom: true }]
    const found = world({ extra }).verdict({ ...professional, children_count: '2' })
    expect(found.findings.map((one) => [one.rule, one.kind, one.fields])).toEqual([
      ['minimisation.undeclared_field', 'minimisation', ['children_count']],
    ])
    expect(rules(world({ extra }).verdict(professional))).toEqual([])
  })
  it('looks in such a field for numbers that prove themselves, with its label before them', () => {
    const extra = [{ name: 'champ_9', label: 'N° de sécu', type: 'text', writable: true, custom: true }]
    const judge = world({ extra })
    const found = (value: string): readonly string[] => rules(judge.verdict({ ...professional, champ_9: value })).toSorted()
    expect(found('1850675123456')).toEqual(['minimisation.undeclared_field', 'sensitive.nir'])
    expect(found('FR1420041010050500013M02606')).toEqual(['minimisation.undeclared_field', 'sensitive.iban'])
    expect(found('4111111111111111')).toEqual(['minimisation.undeclared_field'])
  })
  it('counts a mapped field as undeclared once its purpose is gone', () => {
    const { purposes } = policy
    const without = {
      ...policy,
      purposes: purposes.map((purpose) => ({ ...purpose, fields: purpose.fields.filter((field) => field !== 'interests') })),
    }
    const mapping = mappingOf('hubspot', 'contacts')
    const extra = [{ name: 'interests', label: 'Interests', type: 'multi', writable: true, custom: true }]
    const hide = { hidden: ['interests'], extra }
    expect(rules(world({ mapping, ...hide }).verdict({ ...professional, interests: 'golf' }))).toEqual([])
    expect(rules(world({ mapping, ...hide, policy: without }).verdict({ ...professional, interests: 'golf' }))).toEqual([
      'minimisation.undeclared_field',
    ])
  })
})

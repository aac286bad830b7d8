import { describe, expect, it } from 'vitest'
import { consumer, permission, policy, professional, proved, world } from './judge-world.ts'

const { verdict } = world()
const ask = (fields: Record<string, string | null>, purpose: string, channel: string): string =>
  permission(verdict(fields), purpose, channel)

it('what records have in common of consent is one object, however many outcomes hold it', () => {
  const [silent, subscribed] = [verdict(consumer), verdict({ ...consumer, ...proved('newsletter_email') })]
  const own = subscribed.consent.filter((view) => !silent.consent.includes(view))
  expect(own).toEqual([{ purpose: 'newsletter', channel: 'email', status: 'granted', grade: 'proved' }])
  const allowed = subscribed.permissions.filter((one) => !silent.permissions.includes(one))
  expect(allowed).toEqual([{ purpose: 'newsletter', channel: 'email', allowed: true, rule: 'newsletter' }])
})

describe('each consent rule of the shipped policy, hit and narrowly missed', () => {
  it('service_customer: a running contract needs nothing, an ended one falls through', () => {
    expect(ask({ ...consumer, contract_status: 'active' }, 'customer_care', 'email')).toBe('+service_customer')
    expect(ask({ ...consumer, contract_status: 'ended' }, 'customer_care', 'email')).toBe('-message_consumer')
  })
  it('service_event: a registration opens event messages', () => {
    expect(ask({ ...consumer, event_registered_date: '2026-11-01' }, 'events', 'sms')).toBe('+service_event')
    expect(ask(consumer, 'events', 'sms')).toBe('-message_consumer')
  })
  it('open_tracking: only with a consent of its own, the newsletter one does not do', () => {
    expect(ask({ ...consumer, ...proved('open_tracking_email') }, 'open_tracking', 'email')).toBe('+open_tracking')
    expect(ask({ ...consumer, ...proved('newsletter_email') }, 'open_tracking', 'email')).toBe('-open_tracking')
  })
  it('partners_listed and partners_unlisted: a consent counts only with a list of partners', () => {
    const consent = { ...consumer, ...proved('partner_sharing_email') }
    expect(ask({ ...consent, partner_list_version: '2026-2' }, 'partner_sharing', 'email')).toBe('+partners_listed')
    expect(ask({ ...consumer, partner_list_version: '2026-2' }, 'partner_sharing', 'email')).toBe('-partners_listed')
    expect(ask(consent, 'partner_sharing', 'email')).toBe('-partners_unlisted')
  })
  it('newsletter: act, date and text are all needed', () => {
    const consent = proved('newsletter_email')
    expect(ask({ ...consumer, ...consent }, 'newsletter', 'email')).toBe('+newsletter')
    for (const part of Object.keys(consent))
      expect(ask({ ...consumer, ...consent, [part]: null }, 'newsletter', 'email'), part).toBe('-newsletter')
  })
  it('newsletter: a field of texts that says yes once more, or where the file came from, proves nothing', () => {
    const of = (text: string): string =>
      ask({ ...consumer, ...proved('newsletter_email'), consent_newsletter_email_text: text }, 'newsletter', 'email')
    const nothing = [
      'oui',
      'TRUE',
      'x',
      '1',
      'import',
      'Import CSV 2019',
      'Reprise base clients',
      'migration',
      'HubSpot',
      'Accepté',
      'opt-in',
      'RGPD ok',
      'Case cochée : oui',
      'Accord oral par téléphone',
    ]
    expect(nothing.filter((text) => of(text) !== '-newsletter')).toEqual([])
    const texts = [
      'nl-2024-03',
      'v2',
      'Oui, je veux recevoir la lettre',
      'Importante mise à jour du 3 mai : …',
      'Formulaire salon 2026',
      'opt-in v3',
      'Accord du 3 mai',
    ]
    expect(texts.filter((text) => of(text) !== '+newsletter')).toEqual([])
  })
  it('newsletter: an answer is the same in capitals, and a no that somebody typed binds', () => {
    const of = (answer: string) => ({ ...consumer, ...proved('newsletter_email'), consent_newsletter_email: answer })
    expect(['Yes', ' YES '].map((answer) => ask(of(answer), 'newsletter', 'email'))).toEqual(['+newsletter', '+newsletter'])
    const { judge, record } = world()
    const said = (answer: string) => judge.facts(record(of(answer))).map(({ purpose, event }) => `${purpose} ${event}`)
    expect(['No', 'NO ', 'Withdrawn', 'nope'].map(said)).toEqual([
      ['newsletter refused'],
      ['newsletter refused'],
      ['newsletter withdrawn'],
      [],
    ])
  })
  it('call_running_contract: an offer by phone to a consumer with a running contract, and to no other', () => {
    expect(ask({ ...consumer, contract_status: 'active' }, 'customer_offers', 'call')).toBe('+call_running_contract')
    expect(ask({ ...consumer, contract_status: 'ended' }, 'customer_offers', 'call')).toBe('-call_consumer')
    expect(ask({ ...consumer, contract_status: 'active' }, 'prospecting_consumer', 'call')).toBe('-call_consumer')
  })
  it('call_consumer: a proved consent to calls, for a year', () => {
    expect(ask({ ...consumer, ...proved('prospecting_consumer_call') }, 'prospecting_consumer', 'call')).toBe('+call_consumer')
    expect(ask({ ...consumer, ...proved('prospecting_consumer_call', '2025-11-20T10:00:00Z') }, 'prospecting_consumer', 'call')).toBe(
      '-call_consumer',
    )
    expect(ask({ ...consumer, ...proved('prospecting_consumer_sms') }, 'prospecting_consumer', 'call')).toBe('-call_consumer')
  })
  it('soft_opt_in: switched off, a past purchase does not replace consent', () => {
    const buyer = { ...consumer, last_purchase_date: '2026-02-01', optout_offered_date: '2026-02-01' }
    expect(ask(buyer, 'customer_offers', 'email')).toBe('-message_consumer')
    const on = {
      ...policy,
      consentRules: policy.consentRules.map((rule) => (rule.id === 'soft_opt_in' ? { ...rule, enabled: true } : rule)),
    }
    const softened = world({ policy: on })
    expect(permission(softened.verdict(buyer), 'customer_offers', 'email')).toBe('+soft_opt_in')
    expect(permission(softened.verdict({ ...buyer, optout_offered_date: null }), 'customer_offers', 'email')).toBe('-message_consumer')
  })
  it('message_consumer: SMS and e-mail to a consumer need consent', () => {
    expect(ask({ ...consumer, ...proved('prospecting_consumer_sms') }, 'prospecting_consumer', 'sms')).toBe('+message_consumer')
    expect(ask(consumer, 'prospecting_consumer', 'sms')).toBe('-message_consumer')
  })
  it('email_generic: a function mailbox in France may be written to, a free one or one abroad may not', () => {
    const mailbox = { ...consumer, email: 'contact@acier.example.fr' }
    expect(ask(mailbox, 'prospecting_professional', 'email')).toBe('+email_generic')
    expect(ask({ ...mailbox, email: 'contact@gmail.com' }, 'prospecting_professional', 'email')).toBe('-message_consumer')
    expect(ask({ ...mailbox, country: 'Belgique' }, 'prospecting_professional', 'email')).toBe('-message_professional_else')
  })
  it('email_professional: informed, in France, about the job', () => {
    expect(ask(professional, 'prospecting_professional', 'email')).toBe('+email_professional')
    expect(ask({ ...professional, privacy_notice_date: null }, 'prospecting_professional', 'email')).toBe('-message_professional_else')
    expect(ask({ ...professional, country: 'DE' }, 'prospecting_professional', 'email')).toBe('-message_professional_else')
    expect(ask({ ...professional, jobtitle: null }, 'prospecting_professional', 'email')).toBe('-message_consumer')
    expect(ask(professional, 'prospecting_consumer', 'email')).toBe('-message_professional_else')
  })
  it('email_professional: Réunion is France, Luxembourg is not', () => {
    expect(ask({ ...professional, country: 'La Réunion' }, 'prospecting_professional', 'email')).toBe('+email_professional')
    expect(ask({ ...professional, country: 'Luxembourg' }, 'prospecting_professional', 'email')).toBe('-message_professional_else')
  })
  it('call_professional: informed, in France', () => {
    expect(ask(professional, 'prospecting_professional', 'call')).toBe('+call_professional')
    expect(ask({ ...professional, country: 'Italie' }, 'prospecting_professional', 'call')).toBe('-everything_else')
    expect(ask({ ...professional, privacy_notice_date: null }, 'customer_offers', 'call')).toBe('-everything_else')
  })
  it('postal: informed', () => {
    expect(ask(consumer, 'customer_offers', 'post')).toBe('+postal')
    expect(ask({ ...consumer, privacy_notice_date: null }, 'customer_offers', 'post')).toBe('-everything_else')
  })
  it('everything_else: what no rule names is refused', () => {
    expect(ask({ ...professional, country: 'Spain' }, 'customer_offers', 'call')).toBe('-everything_else')
  })
})

describe('what stands before the rules', () => {
  it('refuses a restricted record for every purpose, service included', () => {
    const found = verdict({ ...consumer, contract_status: 'active', processing_restricted: 'true' })
    expect(new Set(found.permissions.map((one) => `${one.allowed} ${one.rule}`))).toEqual(new Set(['false restricted']))
    expect(found.status).toBe('blocked')
  })
  it('refuses marketing to somebody who waits for an answer, and leaves what a contract needs and what they had said', () => {
    const said = { ...consumer, ...proved('newsletter_email'), contract_status: 'active' }
    const before = world().verdict(said)
    const found = world().verdict(said, { frozen: true })
    const service = (judged: typeof found) => judged.permissions.filter(({ purpose }) => purpose === 'customer_care')
    expect(service(found)).toEqual(service(before))
    expect(found.permissions.filter(({ purpose, allowed }) => allowed && purpose !== 'customer_care' && purpose !== 'events')).toEqual([])
    expect(found.permissions.some(({ rule }) => rule === 'open-request')).toBe(true)
    const changed = found.consent.filter((view, i) => view.status !== before.consent[i]!.status)
    expect(changed).toMatchObject([{ purpose: 'newsletter', channel: 'email', status: 'unknown', grade: 'claimed' }])
    expect(
      world()
        .verdict(said, { frozen: true, restricted: true })
        .permissions.some(({ allowed }) => allowed),
    ).toBe(false)
  })
  it('refuses everything to somebody who asked for restriction by right, whatever gates the policy has, and says so', () => {
    const without = { ...policy, gates: policy.gates.filter((gate) => gate.id !== 'restricted') }
    for (const judged of [world(), world({ policy: without })]) {
      const found = judged.verdict({ ...consumer, contract_status: 'active' }, { restricted: true })
      expect(new Set(found.permissions.map((one) => `${one.allowed} ${one.rule}`))).toEqual(new Set(['false restriction']))
      expect([found.status, found.findings.map((one) => one.rule).includes('consent.restricted')]).toEqual(['blocked', true])
      const free = judged.verdict({ ...consumer, contract_status: 'active' })
      expect(free.findings.map((one) => one.rule)).not.toContain('consent.restricted')
      expect(permission(free, 'customer_care', 'email')).toBe('+service_customer')
    }
  })
  it('refuses marketing to a suppressed person and leaves service messages', () => {
    const found = verdict({ ...consumer, contract_status: 'active' }, { suppressed: true })
    expect(permission(found, 'customer_offers', 'post')).toBe('-objected')
    expect(permission(found, 'customer_care', 'email')).toBe('+service_customer')
  })
  it('refuses marketing to a child until the day of turning fifteen', () => {
    const child = { ...professional, contract_status: 'active', date_of_birth: '2011-11-22' }
    expect(permission(verdict(child), 'prospecting_professional', 'email')).toBe('-child')
    expect(permission(verdict(child), 'customer_care', 'email')).toBe('+service_customer')
    expect(verdict(child).nextReviewOn).toBe('2026-11-22')
    expect(permission(verdict({ ...child, date_of_birth: '2011-11-21' }), 'prospecting_professional', 'email')).toBe('+email_professional')
    const leap = { ...professional, date_of_birth: '2012-02-29' }
    const on = (today: string): string => permission(world({ today }).verdict(leap), 'prospecting_professional', 'email')
    expect(['2027-02-28', '2027-03-01'].map(on)).toEqual(['-child', '+email_professional'])
  })
  it('refuses every use of a purchased contact until the notice was sent', () => {
    expect(ask({ ...professional, collection_source: 'purchased', privacy_notice_date: null }, 'prospecting_professional', 'email')).toBe(
      '-not_informed',
    )
    expect(ask({ ...professional, collection_source: 'purchased' }, 'prospecting_professional', 'email')).toBe('+email_professional')
    expect(ask({ ...professional, collection_source: null, privacy_notice_date: null }, 'prospecting_professional', 'email')).toBe(
      '-not_informed',
    )
  })
  it('switches a legitimate interest off that nobody has weighed', () => {
    const unweighed = policy.purposes.map((purpose) =>
      purpose.id === 'prospecting_professional' ? { ...purpose, assessedOn: undefined } : purpose,
    )
    const found = world({ policy: { ...policy, purposes: unweighed } }).verdict(professional)
    expect(permission(found, 'prospecting_professional', 'email')).toBe('-purpose.prospecting_professional')
    expect(permission(found, 'customer_offers', 'email')).toBe('+email_professional')
  })
  it('needs a contact point: no mobile number, no SMS', () => {
    expect(ask({ ...consumer, ...proved('prospecting_consumer_sms'), mobilephone: null }, 'prospecting_consumer', 'sms')).toBe(
      '-channel.sms',
    )
    expect(ask({ ...professional, email: 'pas-un-mail' }, 'prospecting_professional', 'email')).toBe('-message_consumer')
  })
  it('honours an objection to e-mail against a legitimate interest', () => {
    expect(ask({ ...professional, hs_email_optout: 'true' }, 'prospecting_professional', 'email')).toBe('-email_professional')
    expect(ask({ ...professional, hs_email_optout: 'true' }, 'prospecting_professional', 'call')).toBe('+call_professional')
    expect(ask({ ...professional, hs_email_optout: 'true', contract_status: 'active' }, 'customer_care', 'email')).toBe('+service_customer')
  })
})

describe('rules of another day', () => {
  it('replays the day before prior consent to calls came into force', () => {
    const before = world({ today: '2026-08-10' })
    const record = { ...consumer, contract_status: 'active' }
    expect(permission(before.verdict(record), 'customer_offers', 'call')).toBe('-everything_else')
    expect(before.verdict(record).nextReviewOn).toBe('2026-08-11')
    expect(permission(world({ today: '2026-08-11' }).verdict(record), 'customer_offers', 'call')).toBe('+call_running_contract')
  })
  it('stops a rule after its validTo', () => {
    const ended = {
      ...policy,
      consentRules: policy.consentRules.map((rule) => (rule.id === 'postal' ? { ...rule, validTo: '2026-11-20' } : rule)),
    }
    expect(permission(world({ policy: ended }).verdict(consumer), 'customer_offers', 'post')).toBe('-everything_else')
    expect(permission(world({ policy: ended, today: '2026-11-20' }).verdict(consumer), 'customer_offers', 'post')).toBe('+postal')
  })
})

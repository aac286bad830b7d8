/** The compiled rules against the plainest possible reading of the same policy, on generated people whose fields are all known. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition, Predicate } from '../../src/core/policy/condition.ts'
import { freeProviders } from '../../src/core/identity/free-providers.ts'
import type { Verdict } from '../../src/core/judge/verdict.ts'
import { policy, rules, today, world } from './judge-world.ts'

const seed = 20261121
const { judge, record, verdict } = world()

const crmFields = {
  contractStatus: 'contract_status',
  eventRegisteredAt: 'event_registered_date',
  partnerListVersion: 'partner_list_version',
  lastPurchaseAt: 'last_purchase_date',
  noticeSentAt: 'privacy_notice_date',
  source: 'collection_source',
  company: 'company',
  jobTitle: 'jobtitle',
  email: 'email',
  restricted: 'processing_restricted',
  birthDate: 'date_of_birth',
  phone: 'phone',
  mobilePhone: 'mobilephone',
  address: 'address',
  legalHold: 'legal_hold',
  contractEndedAt: 'contract_end_date',
  customerSince: 'customer_since',
  newsletterStatus: 'newsletter_status',
} as const
type Person = Record<keyof typeof crmFields, string | null> & { countryCode: string; consents: readonly string[] }

const optional = <T>(...values: T[]): fc.Arbitrary<T | null> => fc.option(fc.constantFrom(...values), { nil: null })
const person: fc.Arbitrary<Person> = fc.record({
  contractStatus: optional('active', 'ended'),
  eventRegisteredAt: optional('2026-10-01'),
  partnerListVersion: optional('2026-2'),
  lastPurchaseAt: optional('2020-01-01', '2025-01-01'),
  noticeSentAt: optional('2026-01-01'),
  source: optional('person', 'purchased', 'partner'),
  company: optional('Acier'),
  jobTitle: optional('Directrice'),
  email: optional('info@acier.example.fr', 'camille@acier.example.fr', 'info@gmail.com', 'camille@orange.fr'),
  restricted: fc.constantFrom('true', 'false', null),
  birthDate: optional('1980-05-01', '2012-05-01'),
  phone: optional('0145678901'),
  mobilePhone: optional('0612345678'),
  address: optional('1 rue de la Paix'),
  legalHold: optional('true'),
  contractEndedAt: optional('2018-01-01', '2024-01-01'),
  customerSince: optional('2015-01-01'),
  newsletterStatus: optional('subscribed', 'unsubscribed'),
  countryCode: fc.constantFrom('FR', 'DE', 'BE'),
  consents: fc.subarray([
    'newsletter_email',
    'prospecting_consumer_email',
    'prospecting_consumer_sms',
    'prospecting_consumer_call',
    'open_tracking_email',
    'partner_sharing_email',
  ]),
})

function holds(who: Person, condition: Condition): boolean {
  return condition.every(({ field, predicate }) =>
    holdsOne(field === 'suppressed' || field === 'openRequest' ? 'false' : who[field as keyof typeof crmFields], predicate),
  )
}

function holdsOne(value: string | null, predicate: Predicate): boolean {
  switch (predicate.is) {
    case 'filled':
      return value !== null
    case 'empty':
      return value === null
    case 'flag':
      return (value === 'true') === predicate.value
    case 'equal':
      return value === predicate.value
    case 'in':
      return value !== null && predicate.values.includes(value)
    case 'notIn':
      return value === null || !predicate.values.includes(value)
    case 'ageBelow':
      return value !== null && Temporal.PlainDate.compare(Temporal.PlainDate.from(value).add({ years: predicate.years }), today) > 0
    case 'within':
      return value !== null && Temporal.PlainDate.compare(Temporal.PlainDate.from(value).add(predicate.period), today) > 0
    case 'email': {
      const [local = '', domain = ''] = (value ?? '').split('@')
      const inList = (list: typeof predicate.domainIn, text: string): boolean =>
        list === 'freeProviders' ? freeProviders.has(text) : (list ?? []).includes(text)
      if (value === null || (predicate.localPartIn !== null && !inList(predicate.localPartIn, local))) return false
      return predicate.domainNotIn === null || !inList(predicate.domainNotIn, domain)
    }
    default:
      return predicate satisfies never
  }
}

function naivePermission(who: Person, purposeId: string, channel: string): string {
  const purpose = policy.purposes.find((one) => one.id === purposeId)!
  const audience = policy.audiences.find((one) => one.when === 'otherwise' || holds(who, one.when))!.id
  const gate = policy.gates.find((one) => !(one.exceptServiceOnly && purpose.serviceOnly) && holds(who, one.refuseWhen))
  if (gate !== undefined) return `-${gate.id}`
  const rule = policy.consentRules.find(
    (one) =>
      one.enabled &&
      (one.validFrom ?? '') <= today &&
      (one.purposes ?? [purposeId]).includes(purposeId) &&
      (one.channel ?? [channel]).includes(channel) &&
      (one.audience ?? [audience]).includes(audience) &&
      (one.country ?? [who.countryCode]).includes(who.countryCode) &&
      (one.when === undefined || holds(who, one.when)),
  )!
  const withdrawn = purposeId === 'newsletter' && who.newsletterStatus === 'unsubscribed'
  const consented = who.consents.includes(`${purposeId}_${channel}`) && !withdrawn
  const lawful = rule.need === 'none' || (rule.need === 'information' && !withdrawn) || (rule.need === 'consent' && consented)
  if (!lawful) return `-${rule.id}`
  const point = { email: who.email, sms: who.mobilePhone, post: who.address, call: who.phone ?? who.mobilePhone }[channel]
  return point === null ? `-channel.${channel}` : `+${rule.id}`
}

function fieldsOf(who: Person): Record<string, string | null> {
  const fields: Record<string, string | null> = { country: who.countryCode, createdate: '2026-01-01T00:00:00Z' }
  for (const [name, crm] of Object.entries(crmFields)) fields[crm] = who[name as keyof typeof crmFields]
  for (const consent of who.consents)
    Object.assign(fields, {
      [`consent_${consent}`]: 'yes',
      [`consent_${consent}_date`]: '2026-06-01T10:00:00Z',
      [`consent_${consent}_text`]: 'T-1',
    })
  return fields
}

describe('the compiled judge', () => {
  it('allows and refuses exactly what the plainest reading of the policy does', () => {
    fc.assert(
      fc.property(person, (who) => {
        const fields = fieldsOf(who)
        const found = verdict(fields)
        const expected = found.permissions.map(({ purpose, channel }) => naivePermission(who, purpose, channel))
        expect(found.permissions.map((one) => `${one.allowed ? '+' : '-'}${one.rule}`)).toEqual(expected)
        const held = policy.retention.holds.find((hold) => holds(who, hold.when))?.id ?? null
        const category = policy.retention.rules.find(
          (rule) => rule.data === 'contact' && rule.who !== 'any' && holds(who, rule.who),
        )?.category
        expect([found.retention.hold, found.retention.rule]).toEqual([held, category])
      }),
      { seed, numRuns: 3000 },
    )
  })

  it('never allows more, and never erases more, when it can read less', () => {
    // Who cannot be told from a consumer counts as one, by the policy's own words: these fields are left readable.
    const audience = ['company', 'jobtitle', 'email']
    const hideable = judge.reads.filter((name) => !audience.includes(name) && !name.startsWith('accord_'))
    const start = fc.constantFrom('2019-01-01T00:00:00Z', '2026-01-01T00:00:00Z')
    fc.assert(
      fc.property(person, start, fc.subarray([...hideable], { minLength: 1, maxLength: 4 }), (who, createdate, hidden) => {
        const seen = record({ ...fieldsOf(who), createdate })
        const partly = Object.fromEntries(Object.entries(seen).filter(([name]) => !hidden.includes(name)))
        const full = judge.judge(seen, { facts: judge.facts(seen), suppressed: false })
        const less = judge.judge(partly, { facts: judge.facts(partly), suppressed: false })
        const allowed = (one: Verdict): readonly string[] =>
          one.permissions.filter((each) => each.allowed).map((each) => `${each.purpose} ${each.channel}`)
        expect(allowed(full)).toEqual(expect.arrayContaining([...allowed(less)]))
        if (rules(less).includes('retention.erase_due')) expect(rules(full)).toContain('retention.erase_due')
        for (const name of hidden)
          if (name in seen && isRuled(name))
            expect(
              less.findings.some((one) => one.fields.includes(name)),
              name,
            ).toBe(true)
      }),
      { seed, numRuns: 3000 },
    )
  })
})

/** Fields whose absence a record must report: those that hold consents or that rules look at. */
function isRuled(name: string): boolean {
  return [
    'consent_newsletter_email',
    'hs_email_optout',
    'newsletter_status',
    'contract_status',
    'customer_since',
    'legal_hold',
    'privacy_notice_date',
  ].includes(name)
}

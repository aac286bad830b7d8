import { describe, expect, it } from 'vitest'
import { consumer, mappingOf, permission, proved, rules, world } from '../judge-world.ts'

const { verdict } = world()
const reader = { ...consumer, address: null, ...proved('newsletter_email') }

describe('a contact point', () => {
  it('that nobody can dial opens no call and no SMS, and is named', () => {
    const agreed = { ...consumer, ...proved('prospecting_consumer_call'), ...proved('prospecting_consumer_sms') }
    const seen = (phone: string | null, mobilephone: string | null): readonly unknown[] => {
      const found = verdict({ ...agreed, phone, mobilephone })
      return [
        permission(found, 'prospecting_consumer', 'call'),
        permission(found, 'prospecting_consumer', 'sms'),
        found.findings.flatMap((one) => one.fields),
      ]
    }
    expect(seen('voir standard', '06 12')).toEqual(['-channel.call', '-channel.sms', ['mobilephone', 'phone']])
    for (const country of ['FRANCE', 'fr', 'Réunion', '-', 'n/a', 'France métropolitaine']) {
      const found = verdict({ ...agreed, phone: '06 12 34', mobilephone: null, country })
      expect([country, rules(found).includes('accuracy.phone_unusable')]).toEqual([country, true])
    }
    expect(seen('01 45 67 89 01', null)).toEqual(['+call_consumer', '-channel.sms', []])
  })
  it('for a call may be the mobile number, when the other is missing or cannot be dialled', () => {
    const agreed = { ...reader, ...proved('prospecting_consumer_call') }
    expect(permission(verdict({ ...agreed, phone: null }), 'prospecting_consumer', 'call')).toBe('+call_consumer')
    expect(permission(verdict({ ...agreed, phone: '?' }), 'prospecting_consumer', 'call')).toBe('+call_consumer')
    const lead = world({ mapping: mappingOf('salesforce', 'Lead'), connection: 'salesforce' }).verdict({
      Country: 'France',
      Collection_Source__c: 'person',
      CreatedDate: '2026-01-10T09:00:00Z',
      MobilePhone: '0612345678',
      Consent_Prospect_Call__c: 'yes',
      Consent_Prospect_Call_Date__c: '2026-06-01T10:00:00Z',
      Consent_Prospect_Call_Text__c: 'TXT',
    })
    expect([permission(lead, 'prospecting_consumer', 'call'), rules(lead)]).toEqual(['+call_consumer', []])
  })
  it('that is wrong is the finding, and not that the record serves nothing', () => {
    for (const email of ['a@exemple.fr; b@exemple.fr', 'a@exemple.fr;b@exemple.fr', 'camille at exemple'])
      expect(rules(verdict({ ...reader, email })), email).toEqual(['accuracy.email_unusable'])
    expect(rules(verdict({ ...reader, email: null }))).toEqual(['consent.no_purpose'])
    expect(rules(verdict({ ...reader, consent_newsletter_email: null, email: 'camille at exemple' }))).toEqual([
      'consent.no_purpose',
      'accuracy.email_unusable',
    ])
  })
  it('may be one of several in a field that holds a list', () => {
    expect(rules(verdict({ ...reader, hs_additional_emails: 'a@exemple.fr; b@exemple.fr' }))).toEqual([])
  })
})

describe('a consent that a child gave alone', () => {
  const newsletter = (fields: Record<string, string>): readonly unknown[] => {
    const found = verdict({ ...reader, ...fields })
    return [permission(found, 'newsletter', 'email'), rules(found)]
  }
  it('does not become valid by growing up: it is asked for again', () => {
    expect(newsletter({ date_of_birth: '2011-11-20', consent_newsletter_email_date: '2025-03-01' })).toEqual([
      '-newsletter',
      ['consent.unproved', 'consent.no_purpose'],
    ])
    expect(newsletter({ date_of_birth: '2011-11-20', consent_newsletter_email_date: '2026-11-19' })).toEqual([
      '-newsletter',
      ['consent.unproved', 'consent.no_purpose'],
    ])
    expect(newsletter({ date_of_birth: '2011-11-20', consent_newsletter_email_date: '2026-11-20' })).toEqual(['+newsletter', []])
  })
  it('is one finding while the person is a child, not two', () => {
    expect(newsletter({ date_of_birth: '2012-05-01' })).toEqual(['-child', ['consent.child']])
  })
  it('is none either when another record of the person shows it', () => {
    const elsewhere = {
      purpose: 'newsletter',
      channel: 'email',
      event: 'given',
      at: Date.UTC(2025, 2, 1),
      source: 'salesforce:Contact.Consent_Newsletter_Email__c',
      grade: 'proved',
    } as const
    const found = verdict({ ...consumer, address: null, date_of_birth: '2011-11-20' }, { facts: [elsewhere] })
    expect(found.consent.find((one) => one.purpose === 'newsletter')).toEqual({
      purpose: 'newsletter',
      channel: 'email',
      status: 'unknown',
      grade: 'claimed',
    })
  })
})

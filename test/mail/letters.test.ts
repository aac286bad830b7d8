import { describe, expect, it } from 'vitest'
import { alertKinds } from '../../src/core/request/alerts.ts'
import { rights } from '../../src/core/request/request.ts'
import { alarmKinds } from '../../src/core/alarms.ts'
import { composeAlarm } from '../../src/mail/alarm.ts'
import { composeAlert } from '../../src/mail/alert.ts'
import { composeAddress } from '../../src/mail/address.ts'
import { composeIdentify } from '../../src/mail/identify.ts'
import { composeNotice } from '../../src/mail/notice.ts'
import { policy } from '../core/judge-world.ts'

const request = '7f3a1c2e-0000-4000-8000-000000000000'
const english = { ...policy, organisation: { ...policy.organisation, locale: 'en' as const } }

describe('mails about requests', () => {
  it('tell the DPO each thing in words of its own, by number, right and last day', () => {
    for (const [one, day] of [
      [policy, 'lundi 28 décembre 2026'],
      [english, '28 December 2026'],
    ] as const) {
      const mails = alertKinds.map((kind) => composeAlert(one, { kind, request, right: 'erasure', lastDay: '2026-12-28' }))
      for (const { text, subject } of mails) {
        expect([text.includes('accord request show 7f3a1c2e'), text.includes(day), subject.includes('7f3a1c2e')]).toEqual([
          true,
          true,
          true,
        ])
      }
      expect(new Set(mails.map(({ subject }) => subject)).size).toBe(alertKinds.length)
    }
  })
  it('tell the DPO what is about no single request, each in words of its own', () => {
    for (const one of [policy, english]) {
      const mails = alarmKinds.map((alarm) => composeAlarm(one, { alarm, about: '7f3a1c2e', count: '37' }))
      expect(mails.every(({ subject }) => subject.endsWith('7f3a1c2e'))).toBe(true)
      expect(new Set(mails.map(({ subject }) => subject)).size).toBe(alarmKinds.length)
    }
  })
  it('ask a person in their language, with the one link, for every right', () => {
    for (const right of rights) {
      const facts = { right, link: 'https://accord.example.fr/request/x', expiresAt: Date.parse('2026-12-28T12:00:00Z') }
      const [french, other, own] = [{ language: 'fr' }, { language: 'en' }, { language: null }].map((one) =>
        composeIdentify(policy, { ...facts, ...one }),
      )
      expect([french!.text.includes('28 décembre 2026 à 13:00'), other!.text.includes('28 December 2026 at 13:00'), own]).toEqual([
        true,
        true,
        french,
      ])
      expect(french!.html.match(/href="[^"]*"/g)).toEqual([`href="${facts.link}"`])
    }
  })
  it('ask whoever reads a new address whether it is theirs, and name nobody', () => {
    const facts = { link: 'https://accord.example.fr/address/x', expiresAt: Date.parse('2026-12-28T12:00:00Z') }
    const [french, other, own] = [{ language: 'fr' }, { language: 'en' }, { language: null }].map((one) =>
      composeAddress(policy, { ...facts, ...one }),
    )
    expect([french!.text.includes('28 décembre 2026 à 13:00'), other!.text.includes('note this e-mail address as theirs'), own]).toEqual([
      true,
      true,
      french,
    ])
    expect(other!.html.match(/href="[^"]*"/g)).toEqual([`href="${facts.link}"`])
  })
  it('tell a person when a restriction ends, and where they can complain', () => {
    const { text } = composeNotice(english, { language: null, effectiveAt: '2026-12-28T12:00:00Z' })
    expect([text.includes('28 December 2026 at 13:00'), text.includes('CNIL'), text.includes(policy.organisation.dpo.email)]).toEqual([
      true,
      true,
      true,
    ])
  })
})

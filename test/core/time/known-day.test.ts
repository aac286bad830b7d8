import { describe, expect, it } from 'vitest'
import { dayOfIso, isoOf } from '../../../src/core/time/calendar.ts'
import { birthDayOf, plausibleDay } from '../../../src/core/time/known-day.ts'
import { localDayIn } from '../../../src/core/time/time-zone.ts'
import { consumer, permission, policy, professional, proved, rules, world } from '../judge-world.ts'

const localDay = localDayIn('Europe/Paris')
const { verdict } = world()

describe('a birthday', () => {
  it('is read as people write days, and as the later one where a text may mean two: nobody is taken for older than they may be', () => {
    const read = (text: string): string | null => {
      const day = birthDayOf(text, localDay)
      return Number.isNaN(day) ? null : isoOf(day)
    }
    expect(
      [
        '2011-11-23',
        '23/11/2011',
        '23.11.2011',
        '11/23/2011',
        '5-6-2012',
        '06/05/2012',
        '29/02/2011',
        '31/04/1973',
        '2005',
        '1/2-2012',
        '12 mars 1980',
      ].map(read),
    ).toEqual(['2011-11-23', '2011-11-23', '2011-11-23', '2011-11-23', '2012-06-05', '2012-06-05', null, null, '2005-12-31', null, null])
    expect(read('1970-01-01')).toBe('1970-01-01')
  })
  it('keeps a child from marketing, and lets an adult agree, whichever way it is written', () => {
    const newsletter = (date_of_birth: string): unknown => {
      const found = verdict({ ...consumer, address: null, ...proved('newsletter_email'), date_of_birth })
      return [permission(found, 'newsletter', 'email'), rules(found)]
    }
    expect(newsletter('22/11/2011')).toEqual(['-child', ['consent.child']])
    expect(newsletter('05/04/2011')).toEqual(['+newsletter', []])
    expect(newsletter('05/06/2011')).toEqual(['-newsletter', ['consent.unproved', 'consent.no_purpose']])
    expect(newsletter('14/07/1980')).toEqual(['+newsletter', []])
    expect(newsletter('quatorze ans')).toEqual(['-child', ['accuracy.date_implausible']])
  })
})

describe('1 January 1970, the zero that systems write for no date', () => {
  it('is no date but of a birth', () => {
    expect(['1970-01-01', '1970-01-01T00:00:00Z', '1969-12-31T23:30:00.000+0000'].map((text) => plausibleDay(text, localDay))).toEqual([
      NaN,
      NaN,
      NaN,
    ])
    expect(plausibleDay('1970-01-02', localDay)).toBe(dayOfIso('1970-01-02'))
  })
  it('is none west of Greenwich either, where it falls on the last of December', () => {
    const martinique = localDayIn('America/Martinique')
    const zeros = ['1970-01-01', '1970-01-01T00:00:00Z', '1969-12-31T20:00:00-04:00', '1969-12-31']
    expect(zeros.map((text) => plausibleDay(text, martinique))).toEqual([NaN, NaN, NaN, NaN])
    expect(plausibleDay('1969-12-30', martinique)).toBe(dayOfIso('1969-12-30'))
    const there = world({ policy: { ...policy, organisation: { ...policy.organisation, timezone: 'America/Martinique' } } })
    const collected = there.verdict({ ...professional, createdate: '1970-01-01T00:00:00Z' })
    expect(rules(collected)).toEqual(['retention.start_unknown', 'accuracy.date_implausible'])
    const agreed = verdict({ ...consumer, address: null, ...proved('newsletter_email', '1969-12-31') })
    expect(permission(agreed, 'newsletter', 'email')).toBe('-newsletter')
  })
  it('proves no consent, and starts no clock at the end of which somebody is erased', () => {
    const agreed = verdict({ ...consumer, address: null, ...proved('newsletter_email', '1970-01-01T00:00:00Z') })
    expect([permission(agreed, 'newsletter', 'email'), rules(agreed)]).toEqual(['-newsletter', ['consent.unproved', 'consent.no_purpose']])
    const collected = verdict({ ...professional, createdate: '1970-01-01T00:00:00Z' })
    expect(rules(collected)).toEqual(['retention.start_unknown', 'accuracy.date_implausible'])
  })
})

it('an act that lies ahead restarts nothing, and still nobody is erased beside a date that cannot be', () => {
  const old = { ...professional, createdate: '2019-05-05T08:00:00Z' }
  const ahead = verdict({ ...old, recent_conversion_date: '2027-03-01T10:00:00Z' })
  expect([rules(ahead), ahead.status, ahead.retention.dueOn]).toEqual([['retention.review_due'], 'attention', '2022-05-05'])
  expect(rules(verdict({ ...old, recent_conversion_date: '2020-03-01T10:00:00Z' }))).toEqual(['retention.erase_due'])
  const agreed = proved('newsletter_email', '2027-03-01T10:00:00Z')
  expect(rules(verdict({ ...old, ...agreed }))).toEqual(['consent.unproved', 'retention.review_due'])
  // Without the text that was shown it would be no act on any day.
  expect(rules(verdict({ ...old, ...agreed, consent_newsletter_email_text: null }))).toEqual(['consent.unproved', 'retention.erase_due'])
})

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ConfigError, readAdvice, readPolicy } from '../../src/config/load.ts'
import { isoOf } from '../../src/core/time/calendar.ts'
import { deadlineOf, lawfulTimes } from '../../src/core/request/deadline.ts'
import { addDuration, parseDuration } from '../../src/core/policy/duration.ts'
import { localDayIn } from '../../src/core/time/time-zone.ts'
import { withoutEffect } from '../../src/core/policy/effect.ts'

const text = readFileSync(fileURLToPath(new URL('../../config/policy.yaml', import.meta.url)), 'utf8')

function changed(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((whole, [from, to]) => {
    expect(whole).toContain(from)
    return whole.replace(from, to)
  }, text)
}

function mistakes(...changes: readonly (readonly [string, string])[]): readonly string[] {
  try {
    readPolicy(changed(...changes), 'p')
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.replace(/^p:\d+: /, ''))
    throw error
  }
  return []
}

const advice = (...changes: readonly (readonly [string, string])[]): readonly string[] =>
  readAdvice(changed(...changes), 'p').map((line) => line.replace(/^p:\d+: /, ''))

describe('a policy is refused', () => {
  it('when a rule allows without consent what rests on consent, or what nobody could object to', () => {
    const newsletter = 'purposes: [newsletter], need: consent, reviewAfter: P3Y'
    expect(mistakes([newsletter, 'purposes: [newsletter], need: information'])).toEqual([
      'consentRules[5].need: "newsletter" rests on consent, and this rule would allow it without one (GDPR art. 6(1)(a)); need: consent, or name the purposes that this rule is for',
    ])
    expect(mistakes([newsletter, 'purposes: [newsletter], need: none'])).toEqual([
      'consentRules[5].need: nobody could object to "newsletter", which is no service message (GDPR art. 21(2)); need: information, or serviceOnly: true on the purpose if it holds no offer and no advertising',
    ])
    expect(mistakes(['audience: [consumer], need: consent, reviewAfter: P3Y', 'audience: [consumer], need: information'])).toEqual(
      ['prospecting_consumer'].map(
        (purpose) =>
          `consentRules[9].need: "${purpose}" rests on consent, and this rule would allow it without one (GDPR art. 6(1)(a)); need: consent, or name the purposes that this rule is for`,
      ),
    )
  })
  it('not when a rule for all stands behind one that always decides', () => {
    expect(
      mistakes([
        'audience: [professional, generic_mailbox],\n     need: consent, reviewAfter: P3Y',
        'audience: [professional, generic_mailbox], purposes: [customer_offers],\n     need: information',
      ]),
    ).toEqual([])
  })
  it('when people in doubt count as an audience that has conditions', () => {
    expect(mistakes(['unknowns: {audience: consumer', 'unknowns: {audience: professional'])).toEqual([
      'unknowns.audience: "professional" has conditions, and in doubt nobody has shown that they are met; consumer',
    ])
  })
  it('when its last retention rule is switched off or over', () => {
    for (const end of ['enabled: false, ', 'validTo: "2020-01-01", '])
      expect(mistakes(['data: any, who: any,', `data: any, who: any, ${end}`])).toEqual([
        'retention.rules[8]: the last retention rule must always be in force, or a record would have no category; remove enabled, validFrom and validTo from it',
      ])
  })
})

describe('a policy that gives protection away', () => {
  it('is told so: gates, holds and detectors that are missing, periods of nothing', () => {
    expect(advice()).toEqual([])
    expect(
      advice(['  - {id: objected, refuseWhen: {suppressed: true}', '  - {id: objected, enabled: false, refuseWhen: {suppressed: true}']),
    ).toEqual(['gates: no gate looks at "suppressed"; somebody on the suppression list is refused rule by rule only (GDPR art. 21(3))'])
    expect(advice(['    - {id: legal_hold, ', '    - {id: legal_hold, enabled: false, '])).toEqual([
      'retention.holds: no hold looks at "legalHold"; records fall due although somebody still needs them (GDPR art. 17(3)(e), 18(1))',
    ])
    expect(advice(['duration: P0D, then: review', 'duration: P0D, then: erase'])).toEqual([
      'retention.rules[8].duration: "anything_else" is over on its first day; every record in it is at once due to erase',
    ])
    expect(advice(['on: invoice, keepFor: P10Y, anchor: fyEnd,', 'on: invoice, keepFor: P10Y,'])).toEqual([
      'erasureHolds[1].anchor: "invoice" is counted from the day of the paper; anchor: fyEnd; the ten years of C. com. L123-22 run from the close of the financial year, up to a year longer',
    ])
    const bare = text.replace(/\ndetectors:\n( {2}.*\n)+/, '\ndetectors: []\n')
    expect(readAdvice(bare, 'p').length).toBe(1)
  })
  it('names what is on file for people only', () => {
    expect(withoutEffect(readPolicy(text, 'p'))).toEqual([
      'suppression.content: channel',
      'suppression.reviewEvery',
      'suppression.checkAt: beforeEachSend',
      'channels[].everyMessage',
      'channels[].days',
      'channels[].hours',
      'channels[].timezone',
      'channels[].publicHolidays',
      'channels[].maxCalls',
      'channels[].per',
      'channels[].silenceAfterRefusal',
      'consentRules[].keepProof',
      'retention.rules[] with data: tracking',
    ])
  })
})

describe('an entry on rights or the suppression list', () => {
  const named = (...changes: [string, string][]) =>
    withoutEffect(
      readPolicy(
        changes.reduce((all, [from, to]) => all.replace(from, to), text),
        'p',
      ),
    ).filter((key) => /^(rights|suppression)/.test(key))
  it('is named as soon as it says otherwise than the law and this version do', () => {
    const shipped = ['suppression.content: channel', 'suppression.reviewEvery', 'suppression.checkAt: beforeEachSend']
    expect(named()).toEqual(shipped)
    expect(named(['{id: answer, within: P1M, internalTarget: P20D', '{id: answer, within: P15D, internalTarget: P10D'])).toEqual([
      'rights[answer].within',
      'rights[answer].internalTarget',
      ...shipped,
    ])
    expect(
      named([
        '{id: marketing_objection, within: PT24H, reasonRequired: false',
        '{id: marketing_objection, within: P2D, reasonRequired: true',
      ]),
    ).toEqual(['rights[marketing_objection].reasonRequired', ...shipped])
    expect(named(['{id: extension, adds: P2M', '{id: prolongation, adds: P2M'])).toEqual(['rights[prolongation]', ...shipped])
    expect(named(['defaultScope: all_marketing', 'defaultScope: brand'], ['until: newExplicitOptIn', 'until: never'])).toEqual([
      'suppression.content: channel',
      'suppression.defaultScope',
      'suppression.reviewEvery',
      'suppression.until',
      'suppression.checkAt: beforeEachSend',
    ])
  })
  it('is done as it says, by the code that counts the days', () => {
    const calendar = { localDay: localDayIn('Europe/Paris'), dayStart: () => 0, isWorking: () => true }
    const { received, due, extendedDue, target } = deadlineOf(Date.parse('2026-01-31T12:00:00Z'), calendar)
    const { answer, extension } = Object.fromEntries(readPolicy(text, 'p').rights.map((entry) => [entry.id, entry]))
    const after = (duration: string | undefined, from = received) => addDuration(from, parseDuration(duration!)!)
    expect([due, target]).toEqual([after(answer!.within), after(answer!.internalTarget)])
    expect(isoOf(due)).toBe('2026-02-28')
    // Three months from receipt, never two from the due day.
    expect([isoOf(extendedDue), lawfulTimes.adds]).toEqual(['2026-04-30', extension!.adds])
  })
})

describe('the brake of retention', () => {
  it('is tighter as anybody likes, and looser only with a reason beside it', () => {
    expect(
      mistakes([
        'maxShareErasedPerRun: 0.02, maxContactsErasedPerRun: 500, per: P30D',
        'maxShareErasedPerRun: 0, maxContactsErasedPerRun: 3, per: P1Y',
      ]),
    ).toEqual([])
    const loose: readonly [string, string] = [
      'maxShareErasedPerRun: 0.02, maxContactsErasedPerRun: 500, per: P30D',
      'maxShareErasedPerRun: 0.05, maxContactsErasedPerRun: 501, per: P7D',
    ]
    const word = 'more may be destroyed before two people are asked than without this line (GDPR art. 5(1)(f))'
    const reason = 'or raisedBecause: the reason, for whoever audits it'
    expect(mistakes(loose)).toEqual([
      `brakes.maxShareErasedPerRun: ${word}; at most 0.02, ${reason}`,
      `brakes.maxContactsErasedPerRun: ${word}; at most 500, ${reason}`,
      `brakes.per: ${word}; at least P30D, ${reason}`,
    ])
    expect(mistakes(loose, ['brakes: {dryRunFirst: true,', 'brakes: {dryRunFirst: true, raisedBecause: "merger of two portals",'])).toEqual(
      [],
    )
    expect(mistakes(['approvers: 2', 'approvers: 1'])).toEqual([expect.stringContaining('at least two different people approve')])
    expect(mistakes(['dryRunFirst: true', 'dryRunFirst: false'])).toEqual([
      'brakes.dryRunFirst: a value that the format does not know; one of: true',
    ])
  })
  it('asks a last time only where a record ends, and for marketing that is there', () => {
    const prospect = 'who: {customerSince: empty}, warnBefore: P60D,'
    const asking = (ask: string): readonly [string, string] => [prospect, `${prospect} lastMessage: {${ask}},`]
    expect(mistakes(asking('purpose: newsletter, channel: email, wait: P30D'))).toEqual([])
    expect(mistakes(asking('purpose: newsletter, channel: fax, wait: P30D'))).toEqual([
      'retention.rules[2].lastMessage.channel: unknown channel of this purpose "fax"; one of: email',
    ])
    expect(mistakes(['data: any, who: any,', 'data: any, who: any, automatic: true,'])).toEqual([
      'retention.rules[8].automatic: nothing is destroyed by this rule; data: contact with then: erase or anonymise, or remove it',
    ])
  })
})

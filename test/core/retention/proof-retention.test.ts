import { describe, expect, it } from 'vitest'
import type { ConsentFact } from '../../../src/core/consent/consent.ts'
import { PolicySchema } from '../../../src/core/policy/schema.ts'
import { createProofRetention, proofEnded, type KeptProof } from '../../../src/core/retention/proof-retention.ts'
import { policy } from '../judge-world.ts'

const day = (iso: string): number => Date.parse(iso) / 86_400_000
const today = day('2026-11-21')
const proof = (more: Partial<KeptProof> = {}): KeptProof => ({
  event: 'given',
  purpose: 'newsletter',
  channel: 'email',
  saidAt: 1_000,
  optIn: 'none',
  unheldAt: null,
  ...more,
})
const fact = (more: Partial<ConsentFact> = {}): ConsentFact => ({
  purpose: 'newsletter',
  channel: 'email',
  event: 'withdrawn',
  at: 2_000,
  source: 's',
  grade: 'proved',
  ...more,
})

describe('the end of what was said', () => {
  it.each<[string, KeptProof, readonly ConsentFact[], number | null]>([
    ['a yes that nobody took back', proof(), [], null],
    ['one that was taken back', proof(), [fact({ at: 5_000 }), fact()], 2_000],
    ['one that everything was refused after', proof(), [fact({ purpose: '*', channel: '*', event: 'refused' })], 2_000],
    ['a no before it', proof(), [fact({ at: 900 })], null],
    ['a no to something else', proof(), [fact({ purpose: 'profiling' }), fact({ channel: 'sms' })], null],
    ['a no without a date', proof(), [fact({ at: null })], null],
    ['a later yes', proof(), [fact({ event: 'given' })], null],
    ['a question that waits for its answer', proof({ optIn: 'asked' }), [fact()], null],
    ['one that was never answered', proof({ optIn: 'lapsed' }), [], 1_000],
    ['one of somebody whom no CRM has any more', proof({ unheldAt: 3_000 }), [fact({ at: 5_000 })], 3_000],
    ['a no', proof({ event: 'refused' }), [], 1_000],
  ])('of %s', (_what, said, facts, end) => {
    expect(proofEnded(said, facts)).toBe(end)
  })

  const withRules = (...rules: object[]): ReturnType<typeof createProofRetention> => {
    const shipped = policy.retention.rules.find(({ category }) => category === 'consent_proof')!
    const changed = rules.map((rule) => ({ ...shipped, ...rule })) as typeof policy.retention.rules
    return createProofRetention({ retention: { ...policy.retention, rules: changed } }, today)
  }
  const condition = (who: object) => PolicySchema.shape.retention.shape.rules.element.shape.who.parse(who)

  it('counts as the shipped policy says: three years for calls, five for the rest, what speaks of every channel included', () => {
    const { lastDay, shortest } = createProofRetention(policy, today)
    const end = day('2021-02-28')
    expect(['call', 'email', '*'].map((channel) => lastDay({ purpose: 'newsletter', channel }, end))).toEqual([
      day('2024-02-28'),
      day('2026-02-28'),
      day('2026-02-28'),
    ])
    expect(shortest).toEqual({ months: 36, days: 0, hours: 0 })
  })

  it('is counted by no rule that says something else than to erase after the end, is not in force, or cannot be read here', () => {
    const refuse: object[] = [
      { then: 'review' },
      { clock: ['collectedAt'] },
      { anchor: 'calendarYearEnd' },
      { enabled: false },
      { who: condition({ channel: { within: 'P1Y' } }) },
    ]
    for (const rule of refuse) expect(withRules(rule).lastDay(proof(), 0)).toBeNull()
    expect(withRules({ who: condition({ channel: { in: ['sms', 'email'] } }) }).lastDay(proof(), 0)).toBe(day('1975-01-01'))
    expect(withRules({ who: condition({ channel: { notIn: ['email'] } }), duration: 'P1Y' }, {}).lastDay(proof(), 0)).toBe(
      day('1975-01-01'),
    )
    expect(withRules({ who: condition({ purpose: 'newsletter', channel: { within: 'P1Y' } }) }, {}).lastDay(proof(), 0)).toBeNull()
  })
})

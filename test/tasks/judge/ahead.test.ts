import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentFact } from '../../../src/core/consent/consent.ts'
import { withoutChildsYes } from '../../../src/core/consent/childs-yes.ts'
import { createHasher } from '../../../src/core/identity/hash.ts'
import type { ActDay } from '../../../src/core/judge/judge.ts'
import { dayOfIso } from '../../../src/core/time/calendar.ts'
import { assessed, outcomeOf } from '../../../src/tasks/judge/ahead.ts'
import { judgeOne, type Outcome } from '../../../src/tasks/judge/assess.ts'
import type { Shell, Target } from '../../../src/tasks/shell.ts'
import { consumer, world } from '../../core/judge-world.ts'
import { record, type Values } from '../bench.ts'

const { judge } = world()
const target = { judge } as Target
const shell = { hasher: createHasher(Buffer.alloc(32, 7)) } as Shell

const days = ['2019-03-01', '2024-05-02', '2025-06-03', '2026-11-20']
const consentOf = (name: string): fc.Arbitrary<Values> =>
  fc
    .record({
      value: fc.constantFrom('yes', 'no', 'withdrawn', null),
      date: fc.constantFrom(...days.map((day) => `${day}T10:00:00Z`), null),
      text: fc.constantFrom('TXT-2026-05', null),
    })
    .map(({ value, date, text }) => ({ [`consent_${name}`]: value, [`consent_${name}_date`]: date, [`consent_${name}_text`]: text }))
const own: fc.Arbitrary<Values> = fc
  .tuple(
    consentOf('newsletter_email'),
    consentOf('prospecting_consumer_sms'),
    fc.record({
      hs_email_optout: fc.constantFrom('true', null),
      legal_hold: fc.constantFrom('true', null),
      processing_restricted: fc.constantFrom('true', null),
      contract_status: fc.constantFrom('active', null),
      date_of_birth: fc.constantFrom('1980-05-05', '2014-05-05', '2010-06-01', null),
      hs_email_last_click_date: fc.constantFrom(...days.map((day) => `${day}T10:00:00Z`), null),
    }),
  )
  .map((parts) => Object.assign({ ...consumer }, ...parts) as Values)

const times = [null, ...days.map((one) => Date.parse(`${one}T10:00:00Z`))]
/** Said by another record of the person: often the very same, as where one CRM copies another. */
const saidElsewhere = (own: readonly ConsentFact[]): fc.Arbitrary<ConsentFact> => {
  const anything: fc.Arbitrary<ConsentFact> = fc.record({
    purpose: fc.constantFrom('newsletter', 'prospecting_consumer', 'restricted', 'birthDate', 'running_contract', '*'),
    channel: fc.constantFrom('email', 'sms', 'retention', '*'),
    event: fc.constantFrom('given', 'withdrawn', 'refused', 'expired', 'asked', 'bound'),
    at: fc.constantFrom(...times),
    source: fc.constant('salesforce:Contact.box'),
    grade: fc.constantFrom('proved', 'claimed', 'contradicted'),
  })
  if (own.length === 0) return anything
  const same = fc.constantFrom(...own).map((fact): ConsentFact => ({ ...fact, source: 'salesforce:Contact.box' }))
  const other = fc.tuple(same, fc.constantFrom(...times)).map(([fact, at]): ConsentFact => ({ ...fact, at }))
  return fc.oneof({ arbitrary: same, weight: 5 }, other, anything)
}
const keyOf = ({ draft }: Outcome): string => draft.key
const act: fc.Arbitrary<ActDay> = fc.constantFrom<ActDay[]>(null, 'unknown', ...days.map(dayOfIso))

describe('a record of a person with several', () => {
  it('is judged by what all of them say: what was worked out for it alone is taken where the others add nothing', () => {
    let alone = 0
    fc.assert(
      fc.property(
        own.chain((fields) => {
          const { facts } = assessed(shell, target, record('1', fields))
          return fc.tuple(fc.constant(fields), fc.array(saidElsewhere(facts), { maxLength: 3 }), act, fc.boolean())
        }),
        ([fields, others, lastAct, forgot]) => {
          const one = record('1', fields)
          const known = assessed(shell, target, one)
          const said = withoutChildsYes([...(forgot ? known.facts.slice(1) : known.facts), ...others])
          const context = { facts: said, suppressed: false, lastAct }
          const outcome = outcomeOf(shell, target, one, context)
          const expected = judgeOne(judge, one.fields, context)
          expect([keyOf(outcome), outcome.reviewOn, outcome.patch]).toEqual([keyOf(expected), expected.reviewOn, expected.patch])
          if (outcome === known.alone && (others.length > 0 || lastAct !== null)) alone++
        },
      ),
      { numRuns: 3_000 },
    )
    // The law is not kept by judging everybody anew.
    expect(alone).toBeGreaterThan(200)
  })
})

describe('what was worked out for a record', () => {
  it('is not taken for a copy of it with other fields', () => {
    const first = record('1', { ...consumer })
    const { content } = assessed(shell, target, first)
    const copy = { ...first, fields: { ...first.fields, hs_email_optout: 'true' } }
    expect(assessed(shell, target, copy).content).not.toBe(content)
    expect(assessed(shell, target, copy).facts).toHaveLength(1)
    expect(assessed(shell, target, first).content).toBe(content)
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { world } from '../judge-world.ts'

const { judge, record } = world()
const people = [
  {},
  { email: 'camille@example.fr', consent_newsletter_email: 'yes', consent_newsletter_email_date: '2026-06-01' },
  { email: 'camille@example.fr', hs_email_optout: 'true', date_of_birth: '2012-01-01' },
  { country: 'Deutschland', phone: '030 23125543', recent_conversion_date: '2020-02-29' },
].map((own) => record(own))
/** By person, from a judge that never sees another. */
const alone = people.map((fields) => {
  const own = world().judge.record(fields)
  return { facts: own.facts(), lastAct: own.lastAct(), judge: own.judge({ facts: [], suppressed: true }) }
})
const questions = fc.array(fc.tuple(fc.nat(people.length - 1), fc.constantFrom('facts' as const, 'lastAct' as const, 'judge' as const)), {
  maxLength: 20,
})

test('a record that is asked between others answers as if it were asked alone', () => {
  fc.assert(
    fc.property(questions, (asked) => {
      const records = people.map((fields) => judge.record(fields))
      for (const [at, question] of asked) {
        const one = records[at]!
        const answer = question === 'judge' ? one.judge({ facts: [], suppressed: true }) : one[question]()
        expect(answer).toEqual(alone[at]![question])
      }
    }),
    { numRuns: 60 },
  )
})

test('fields that were changed in between are read anew by whoever asks for them anew', () => {
  const fields: Record<string, string | null> = { ...people[1]! }
  const before = judge.facts(fields)
  fields['consent_newsletter_email'] = 'withdrawn'
  expect(before.map((fact) => fact.event)).toEqual(['given'])
  expect(judge.facts(fields).map((fact) => fact.event)).toEqual(['withdrawn'])
})

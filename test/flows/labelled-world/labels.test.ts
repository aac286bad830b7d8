import { describe, expect, test } from 'vitest'
import { type Aspect, disputedCases } from './disputed.ts'
import { judgeOf, judgeWorld, type Judged } from './judge-world.ts'

const judged = judgeWorld()

/** What differs, by case; an empty object is agreement. Disputed cases must differ, or their entry has to go. */
function differences<T>(aspect: Aspect | null, expected: (one: Judged) => T, found: (one: Judged) => T): Readonly<Record<string, unknown>> {
  const disputed = aspect === null ? [] : disputedCases(aspect)
  const wrong = judged.filter((one) => JSON.stringify(expected(one)) !== JSON.stringify(found(one)))
  const settled = disputed.filter((id) => !wrong.some((one) => one.expected.person === id))
  return Object.fromEntries([
    ...wrong
      .filter((one) => !disputed.includes(one.expected.person))
      .map((one) => [`${one.expected.person}, ${one.expected.record}`, { expected: expected(one), found: found(one) }] as const),
    ...settled.map((id) => [id, 'is disputed no more: remove it from disputed.ts'] as const),
  ])
}

describe('the judge agrees with the law and the policy, record by record', () => {
  test('on every finding, no more and no less', () => {
    expect(
      differences(
        'findings',
        ({ expected }) => expected.findings,
        ({ verdict }) => verdict.findings.map((finding) => finding.rule).toSorted(),
      ),
    ).toEqual({})
  })

  test('on the audience', () => {
    expect(
      differences(
        null,
        ({ expected }) => expected.audience,
        ({ verdict }) => verdict.audience,
      ),
    ).toEqual({})
  })

  test('on every consent that is known', () => {
    const labelled = ({ expected }: Judged): readonly string[] => expected.consent?.toSorted() ?? []
    const found = ({ expected, verdict }: Judged): readonly string[] =>
      verdict.consent
        .filter((view) => expected.consent !== null && view.status !== 'unknown')
        .map((view) => `${view.purpose}:${view.channel}:${view.status}`)
        .toSorted()
    expect(differences(null, labelled, found)).toEqual({})
  })

  test('on the retention rule and the day it falls due', () => {
    expect(
      differences(
        'retention',
        ({ expected }) => expected.retention,
        ({ verdict }): readonly [string, string | null] => [verdict.retention.rule, verdict.retention.dueOn],
      ),
    ).toEqual({})
  })

  test('on who is who', () => {
    expect(
      differences(
        null,
        ({ expected }) => expected.linked.toSorted(),
        ({ linked }) => linked.toSorted(),
      ),
    ).toEqual({})
  })

  test('on the status', () => {
    expect(
      differences(
        'status',
        ({ expected }) => expected.status,
        ({ verdict }) => verdict.status,
      ),
    ).toEqual({})
  })

  test('and comes by every gate and every consent rule of the policy that is switched on', () => {
    const used = new Set(judged.flatMap(({ verdict }) => verdict.permissions.map((permission) => permission.rule)))
    const wanted =
      'restricted objected child not_informed service_customer service_event open_tracking partners_listed partners_unlisted newsletter ' +
      'call_running_contract call_consumer message_consumer email_generic email_professional message_professional_else call_professional ' +
      'postal everything_else'
    expect(wanted.split(' ').filter((rule) => !used.has(rule))).toEqual([])
  })
})

describe('what the CRM hides', () => {
  test('is a finding, and allows nothing that it might forbid', () => {
    const fine = judged.find(({ expected }) => expected.person === 'marketing-contact-informed')
    if (fine === undefined) throw new Error('the labelled world lacks marketing-contact-informed')
    const { hs_email_optout: _hidden, ...fields } = fine.fields
    const verdict = judgeOf('hubspot', 'contacts').judge(fields, { facts: [], suppressed: false })
    expect(verdict.findings.map((finding) => [finding.rule, finding.fields])).toContainEqual(['mapping.field_missing', ['hs_email_optout']])
    expect(verdict.permissions.filter((permission) => permission.channel === 'email' && permission.allowed)).toEqual([])
  })
})

import { expect, it } from 'vitest'
import type { Verdict } from '../../../src/core/judge/verdict.ts'
import { draftOf, verdictBody } from '../../../src/core/judge/verdict-body.ts'

function verdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    status: 'attention',
    audience: 'prospect',
    findings: [{ rule: 'consent.unproved', kind: 'consent', severity: 'high', fields: ['newsletter'], remedy: 'ask', ref: 'art. 7' }],
    consent: [{ purpose: 'newsletter', channel: 'email', status: 'granted', grade: 'claimed' }],
    permissions: [],
    lawfulBases: ['consent'],
    retention: { rule: 'prospect', dueOn: '2027-01-01', then: 'erase', hold: null },
    nextReviewOn: null,
    ...changes,
  }
}

it('equal verdicts have one draft, whatever objects they are made of and whatever their dates', () => {
  const draft = draftOf(verdict())
  expect(draft.body).toBe(verdictBody(verdict()))
  expect(draftOf(verdict({ nextReviewOn: '2026-12-01' }))).toBe(draft)
  expect(draftOf(verdict({ retention: { rule: 'prospect', dueOn: null, then: 'erase', hold: null } }))).toBe(draft)
})

it('each difference that the body shows is another draft', () => {
  const [finding] = verdict().findings
  const [view] = verdict().consent
  const others = [
    verdict({ status: 'ok' }),
    verdict({ audience: 'customer' }),
    verdict({ findings: [] }),
    verdict({ findings: [finding!, { ...finding!, rule: 'consent.forbidden' }] }),
    verdict({ findings: [{ ...finding!, fields: ['newsletter', 'partner'] }] }),
    verdict({ consent: [{ ...view!, grade: 'proved' }] }),
    verdict({ consent: [view!, { ...view!, channel: 'sms' }] }),
    verdict({ consent: [{ ...view!, channel: 'sms' }, view!] }),
    verdict({ lawfulBases: [] }),
    verdict({ retention: { rule: 'prospect', dueOn: null, then: 'erase', hold: 'litigation' } }),
    verdict({ retention: { rule: 'prospect', dueOn: null, then: 'archive', hold: null } }),
  ]
  const drafts = [verdict(), ...others].map(draftOf)
  expect(new Set(drafts.map((draft) => draft.key)).size).toBe(drafts.length)
  expect(drafts.map((draft) => draft.body)).toEqual([verdict(), ...others].map(verdictBody))
})

it('verdicts that share a place are told apart', () => {
  const views = Array.from({ length: 9_000 }, (_, index) => ({ ...verdict().consent[0]!, purpose: `purpose ${index}` }))
  for (const round of [0, 1])
    for (const view of views) {
      const one = verdict({ consent: [view], retention: { ...verdict().retention, hold: `${round}` } })
      expect(draftOf(one).body).toBe(verdictBody(one))
    }
})

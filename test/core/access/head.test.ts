import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { headOf, type HeadFacts } from '../../../src/core/access/head.ts'
import { frenchCopy } from '../../../src/core/access/words-fr.ts'
import { policy } from '../judge-world.ts'

const record = 'crm/contacts/1'
const held = { rule: 'former_customer', dueOn: null, then: 'erase', hold: 'running_contract' } as const
const facts: Omit<HeadFacts, 'language'> = {
  kind: 'access',
  request: '7f3a',
  madeAt: '2026-11-22T08:00:00.000Z',
  askedWith: ['ada@example.test'],
  systems: [],
  verdicts: [{ record, verdict: { status: 'ok', audience: 'professional', findings: [], consent: [], retention: held } }],
  origins: [{ record, source: 'person', collectedAt: null }],
  consents: [],
  statements: [],
  suppressed: false,
  recipients: [],
}

describe('the first pages of a copy', () => {
  it("tell in the person's language why a record is kept and that it came from them, not in the codes of the policy", () => {
    const told = (['fr', 'en'] as const).map((language) => headOf(policy, { ...facts, language }, 20_414))
    expect(told.map(({ retention, sources }) => [retention.at(-1)!.says, sources[0]!.says])).toEqual([
      [
        'Ancien client : échéance non calculable aujourd’hui, la fiche est réexaminée (suspendu : Contrat en cours)',
        'origine enregistrée : vous-même',
      ],
      ['Former customer: no date can be told today, the record is under review (on hold: Contract under way)', 'origin on record: you'],
    ])
  })

  it('has the days of the controller, on which deadlines are counted, and those that a CRM gives as they are', () => {
    const told = (collectedAt: string): string | undefined =>
      headOf(policy, { ...facts, language: 'fr', origins: [{ record, source: 'person', collectedAt }] }, 20_414).sources[0]?.says
    expect(['2026-11-01T23:30:00.000Z', '2026-11-01T00:00:00.000Z', '2026-11-01'].map((at) => told(at)?.slice(-10))).toEqual([
      '02/11/2026',
      '01/11/2026',
      '01/11/2026',
    ])
  })

  it('names the sources of the law in French in a French copy', () => {
    const refs = [...readFileSync(new URL('../../../config/policy.yaml', import.meta.url), 'utf8').matchAll(/\bref: "([^"]+)"/g)].map(
      ([, ref]) => ref!,
    )
    expect(refs.length).toBeGreaterThan(60)
    expect(
      refs.map(frenchCopy.law).filter((ref) => /\b(GDPR|CJEU|the|by|rules|reference|position on|decree|no|rec\.|delib)\b/.test(ref)),
    ).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { remedies } from '../../../src/core/judge/remedies.ts'
import { RULES } from '../../../src/core/judge/rules.ts'

describe('the rules of findings', () => {
  it('are all explained in the policy reference, with their severity', () => {
    const rows = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').map((cell) => cell.trim()))
    const unexplained = Object.entries(RULES).filter(
      ([id, rule]) => !rows.some(([, ids, severity]) => ids?.includes(`\`${id}\``) && severity === rule.severity),
    )
    expect(unexplained).toEqual([])
  })
  it('have a remedy in French and in English', () => {
    expect(Object.keys(remedies).toSorted()).toEqual(Object.keys(RULES).toSorted())
    expect(Object.values(remedies).filter(({ fr, en }) => fr.length < 10 || en.length < 10)).toEqual([])
  })
})

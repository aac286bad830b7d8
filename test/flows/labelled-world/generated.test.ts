import { describe, expect, test } from 'vitest'
import type { SeedRow } from '../../../src/sandbox/crm.ts'
import { generatePeople, worldOf } from '../../../src/sandbox/people/index.ts'
import { personOfContact, personOfHubspotRow, personOfLead } from '../../../src/sandbox/people/layout.ts'
import { type Stories, storiesOf } from '../../../src/sandbox/people/stories.ts'
import { groupsOf, judgeOf, rawFields } from './judge-world.ts'
import { TODAY } from './person.ts'

const COUNT = 3_000
const SEED = 42
const NOW = Date.parse(`${TODAY}T09:00:00Z`)
const world = worldOf(COUNT, SEED, NOW)
const people = generatePeople(COUNT, SEED, NOW)

const records = [
  ...recordsOf('hubspot', 'contacts', people.hubspot.contacts(), (row) => personOfHubspotRow(world.layout, row)),
  ...recordsOf('salesforce', 'Contact', people.salesforce.Contact(), (row) => personOfContact(world.layout, row)),
  ...recordsOf('salesforce', 'Lead', people.salesforce.Lead(), (row) => personOfLead(world.layout, row)),
]
const byName = new Map(records.map((record) => [record.name, record]))
const groups = groupsOf(records)
const verdicts = records.map((record) => {
  const facts = (groups.get(record.name) ?? []).flatMap((name) => {
    const linked = byName.get(name)
    return linked === undefined ? [] : linked.judge.facts(linked.fields)
  })
  return { ...record, verdict: record.judge.judge(record.fields, { facts, suppressed: false }) }
})

function recordsOf(crm: string, object: string, rows: Iterable<SeedRow>, personOf: (row: number) => number) {
  const judge = judgeOf(crm, object)
  return [...rows].map((row, index) => {
    const fields = rawFields(row, judge)
    const person = personOf(index)
    return {
      name: `${crm}:${object}:${String(row['hs_object_id'] ?? row['Id'])}`,
      judge,
      fields,
      identity: judge.identify(fields),
      person,
      stories: storiesOf(world, person),
    }
  })
}

/** Names of the rules broken by the records of whom `story` is told. */
const brokenBy = (story: (stories: Stories) => boolean): readonly string[] => [
  ...new Set(verdicts.filter(({ stories }) => story(stories)).flatMap(({ verdict }) => verdict.findings.map((finding) => finding.rule))),
]

describe('the generated people, seen by the judge', () => {
  test('people without a story break no rule, and they are about a third', () => {
    const fine = verdicts.filter(({ stories }) => stories.fine)
    expect(brokenBy((stories) => stories.fine)).toEqual([])
    expect([...new Set(fine.map(({ verdict }) => verdict.status))]).toEqual(['ok'])
    expect(fine.length / verdicts.length).toBeGreaterThan(0.29)
    expect(fine.length / verdicts.length).toBeLessThan(0.38)
  })

  test('two people are never one, in whichever way they resemble each other', () => {
    const joined = [...groups.values()].filter((group) => new Set(group.map((name) => byName.get(name)?.person)).size > 1)
    expect(joined).toEqual([])
  })

  test('most people who are in both CRMs are recognised', () => {
    const both = Map.groupBy(records, (record) => record.person)
      .values()
      .filter((mine) => mine.length > 1)
      .toArray()
    const recognised = both.filter((mine) => groups.get(mine[0]?.name ?? '')?.length === mine.length)
    expect(recognised.length / both.length).toBeGreaterThan(0.9)
  })

  test('a story about somebody shows in a finding', () => {
    expect({
      old: brokenBy((stories) => stories.relationship === 'prospect-old').includes('retention.erase_due'),
      archived: brokenBy((stories) => stories.relationship === 'former-customer-3-to-5').includes('retention.archive_due'),
      child: brokenBy((stories) => stories.state === 'under-15').includes('consent.child'),
      notInformed: brokenBy((stories) => stories.source === 'purchased-not-informed').includes('consent.not_informed'),
      unproved: brokenBy((stories) => stories.consent === 'import-unproved').includes('consent.unproved'),
      ignored: brokenBy((stories) => stories.consent === 'opt-out-hubspot-only').includes('consent.ignored_withdrawal'),
      undeclared: brokenBy((stories) => stories.undeclared !== null).includes('minimisation.undeclared_field'),
      health: brokenBy((stories) => stories.text === 'health').includes('sensitive.special'),
      lookAlike: brokenBy((stories) => stories.text === 'look-alike').some((rule) => rule.startsWith('sensitive.')),
      harmless: brokenBy((stories) => stories.text === 'harmless').some((rule) => rule.startsWith('sensitive.')),
    }).toEqual({
      old: true,
      archived: true,
      child: true,
      notInformed: true,
      unproved: true,
      ignored: true,
      undeclared: true,
      health: true,
      lookAlike: false,
      harmless: false,
    })
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { linkRecords, type LinkRecord } from '../../../src/core/identity/link.ts'

const seed = 20_261_121
const [unknown, jean, marie] = [0, 1, 2]
const [durand, bernard] = [11, 12]
const record = (id: number, givenName: number, emails: string[], crossIds: number[] = []): LinkRecord => ({
  id,
  givenName,
  familyName: unknown,
  emails,
  personal: 0,
  crossIds,
})
const called = (id: number, givenName: number, familyName: number, emails: string[] = ['a'], personal = 0): LinkRecord => ({
  ...record(id, givenName, emails),
  familyName,
  personal,
})
const groupsOf = (...records: LinkRecord[]): readonly (readonly number[])[] => linkRecords(records).groups

it('joins one mailbox of one name, and says why', () => {
  expect(linkRecords([record(2, jean, ['a']), record(1, jean, ['a']), record(3, unknown, ['a']), record(4, jean, ['b'])])).toEqual({
    groups: [[1, 2, 3], [4]],
    links: [
      { a: 1, b: 2, reason: 'email' },
      { a: 1, b: 3, reason: 'email' },
    ],
    sharedMailboxes: [],
  })
})

it('keeps two people on one mailbox apart, and leaves the nameless one alone', () => {
  const people = [
    called(1, jean, durand),
    called(2, marie, durand),
    record(3, unknown, ['a']),
    called(4, marie, durand),
    record(5, marie, ['a']),
  ]
  expect(linkRecords(people)).toEqual({
    groups: [[1], [2, 4], [3], [5]],
    links: [{ a: 2, b: 4, reason: 'email' }],
    sharedMailboxes: ['a'],
  })
})

it('lets no nameless record bridge two people', () => {
  expect(linkRecords([record(1, jean, ['a']), record(2, unknown, ['a', 'b']), record(3, marie, ['b'])]).groups).toEqual([[1], [2], [3]])
  const chain = [record(1, jean, ['a']), record(2, unknown, ['a', 'b']), record(3, unknown, ['b', 'c']), record(4, marie, ['c'])]
  expect(linkRecords(chain).groups).toEqual([[1], [2, 3], [4]])
  const oneSided = [record(1, jean, ['a']), record(2, unknown, ['a', 'b']), record(3, unknown, ['b', 'c'])]
  expect(linkRecords(oneSided).groups).toEqual([[1, 2, 3]])
})

it('lets no nameless record bridge two people through a cross-id either', () => {
  expect(linkRecords([record(1, jean, []), record(2, unknown, ['a'], [1]), record(3, marie, ['a'])])).toEqual({
    groups: [[1, 2], [3]],
    links: [{ a: 1, b: 2, reason: 'cross-id' }],
    sharedMailboxes: ['a'],
  })
})

it('takes the word of a CRM that two records are one person, whatever the names', () => {
  expect(linkRecords([record(1, jean, ['a']), record(2, marie, ['b'], [1, 2, 99])])).toEqual({
    groups: [[1, 2]],
    links: [{ a: 1, b: 2, reason: 'cross-id' }],
    sharedMailboxes: [],
  })
})

it('trusts no mailbox with more than 20 records, save for one full name', () => {
  const crowd = (given: number, family: number, size: number) => Array.from({ length: size }, (_, i) => called(i, given, family))
  expect(linkRecords(crowd(unknown, unknown, 20)).groups).toHaveLength(1)
  expect(linkRecords(crowd(unknown, unknown, 21))).toMatchObject({ links: [], sharedMailboxes: ['a'] })
  expect(linkRecords(crowd(jean, unknown, 21))).toMatchObject({ links: [], sharedMailboxes: ['a'] })
  expect(linkRecords(crowd(jean, durand, 21))).toMatchObject({ groups: [Array.from({ length: 21 }, (_, i) => i)], sharedMailboxes: ['a'] })
  expect(linkRecords(crowd(jean, unknown, 2), new Set(['a']))).toMatchObject({ links: [], sharedMailboxes: ['a'] })
})

it('keeps two family names on one mailbox apart, whether the given names are equal or missing', () => {
  expect(groupsOf(called(1, marie, durand), called(2, marie, bernard))).toEqual([[1], [2]])
  expect(groupsOf(called(1, unknown, durand), called(2, unknown, bernard))).toEqual([[1], [2]])
  expect(groupsOf(called(1, unknown, durand), called(2, marie, bernard))).toEqual([[1], [2]])
  expect(groupsOf(called(1, marie, durand), called(2, marie, bernard), record(3, marie, ['a']), record(4, unknown, ['a']))).toEqual([
    [1],
    [2],
    [3],
    [4],
  ])
})

it('joins what may be one name: a half of it missing, or its halves swapped', () => {
  expect(groupsOf(called(1, marie, durand), called(2, unknown, durand), record(3, marie, ['a']), record(4, unknown, ['a']))).toEqual([
    [1, 2, 3, 4],
  ])
  expect(groupsOf(called(1, marie, durand), called(2, durand, marie))).toEqual([[1, 2]])
  expect(groupsOf(called(1, marie, durand), called(2, durand, marie), record(3, marie, ['a']))).toEqual([[1], [2], [3]])
})

it('joins a woman to herself under another family name where the mailbox names her in full, and nobody else', () => {
  expect(groupsOf(called(1, marie, durand, ['a'], 1), called(2, marie, bernard))).toEqual([[1, 2]])
  expect(groupsOf(called(1, marie, durand, ['b', 'a'], 2), called(2, marie, bernard))).toEqual([[1, 2]])
  // The mailbox that they share is another one.
  expect(groupsOf(called(1, marie, durand, ['b', 'a'], 1), called(2, marie, bernard))).toEqual([[1], [2]])
  expect(groupsOf(called(1, marie, durand, ['a'], 1), called(2, unknown, bernard))).toEqual([[1], [2]])
  expect(groupsOf(called(1, marie, durand, ['a'], 1), called(2, jean, bernard))).toEqual([[1], [2]])
  expect(groupsOf(called(1, marie, durand, ['a'], 1), called(2, marie, bernard), called(3, jean, durand))).toEqual([[1, 2], [3]])
})

it('lets no half of a name bridge two people', () => {
  expect(groupsOf(called(1, marie, durand, ['a']), record(2, marie, ['a', 'b']), called(3, marie, bernard, ['b']))).toEqual([[1], [2], [3]])
  expect(groupsOf(called(1, marie, durand, ['a']), called(2, unknown, durand, ['a', 'b']), called(3, jean, durand, ['b']))).toEqual([
    [1],
    [2],
    [3],
  ])
})

it('never links equal names', () => {
  expect(linkRecords([record(1, jean, ['a']), record(2, jean, ['b']), record(3, jean, [])]).links).toEqual([])
})

const worlds = fc
  .array(
    fc.record({
      givenName: fc.integer({ min: 0, max: 3 }),
      familyName: fc.constantFrom(0, 11, 12),
      personal: fc.constantFrom(0, 0, 1, 2),
      emails: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 3 }),
      crossIds: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 1 }),
    }),
    { maxLength: 10 },
  )
  .map((records) => records.map((one, id) => ({ ...one, id })))

it('says the same whatever the order of the records', () => {
  fc.assert(
    fc.property(
      worlds.chain((records) => fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length }))),
      ([records, shuffled]) => {
        expect(linkRecords(shuffled)).toEqual(linkRecords(records))
      },
    ),
    { seed, numRuns: 2_000 },
  )
})

it('links two different given names by e-mail in no world', () => {
  fc.assert(
    fc.property(worlds, (records) => {
      const nameOf = (id: number): number => records[id]?.givenName ?? 0
      const clashes = linkRecords(records).links.filter(
        ({ a, b, reason }) => reason === 'email' && nameOf(a) !== nameOf(b) && nameOf(a) * nameOf(b) > 0,
      )
      expect(clashes).toEqual([])
    }),
    { seed, numRuns: 2_000 },
  )
})

it('puts two known names in one group only if a CRM said so', () => {
  fc.assert(
    fc.property(worlds, (records) => {
      const without = records.map((one) => ({ ...one, crossIds: [] }))
      for (const group of linkRecords(without).groups)
        expect(new Set(group.map((id) => records[id]?.givenName).filter(Boolean)).size).toBeLessThanOrEqual(1)
      // With cross-ids: only a set of twins that itself bears several names may hold them.
      const twins = linkRecords(records.map((one) => ({ ...one, emails: [] }))).groups.map(
        (group) => new Set(group.map((id) => records[id]?.givenName).filter(Boolean)).size,
      )
      if (Math.max(0, ...twins) > 1) return
      for (const group of linkRecords(records).groups)
        expect(new Set(group.map((id) => records[id]?.givenName).filter(Boolean)).size).toBeLessThanOrEqual(1)
    }),
    { seed, numRuns: 2_000 },
  )
})

it('puts two known family names in one group only if a CRM said so, or a mailbox names one of the two in full', () => {
  fc.assert(
    fc.property(worlds, (records) => {
      const impersonal = records.map((one) => ({ ...one, crossIds: [], personal: 0 }))
      for (const group of linkRecords(impersonal).groups)
        expect(new Set(group.map((id) => records[id]?.familyName).filter(Boolean)).size).toBeLessThanOrEqual(1)
    }),
    { seed, numRuns: 2_000 },
  )
})

it('makes its groups of its links alone, and every record stands in one', () => {
  fc.assert(
    fc.property(worlds, (records) => {
      const { groups, links } = linkRecords(records)
      const reached = new Map(records.map(({ id }) => [id, id]))
      for (let round = 0; round < records.length; round++) {
        for (const { a, b } of links) {
          const low = Math.min(reached.get(a) ?? a, reached.get(b) ?? b)
          reached.set(a, low)
          reached.set(b, low)
        }
      }
      expect(groups.flat().toSorted((a, b) => a - b)).toEqual(records.map(({ id }) => id))
      expect(groups.map((group) => group.map((id) => reached.get(id)))).toEqual(groups.map((group) => group.map(() => group[0])))
      expect(new Set(groups.map((group) => reached.get(group[0] ?? -1))).size).toBe(groups.length)
    }),
    { seed, numRuns: 2_000 },
  )
})

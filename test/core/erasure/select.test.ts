import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectRecords, type Candidate, type Person } from '../../../src/core/erasure/select.ts'
import { createIdentifier } from '../../../src/core/identity/identify.ts'
import { familyNameKey, givenNameKey } from '../../../src/core/identity/name.ts'
import { parseConnections } from '../../../src/core/record/mapping.ts'

const parsed = parseConnections({
  version: 1,
  connections: [
    {
      id: 'hubspot',
      crm: 'hubspot',
      objects: [
        { object: 'contacts', fields: { email: 'email', firstName: 'first', lastName: 'last' }, emails: ['more'], phones: ['phone'] },
      ],
    },
  ],
})
if (!parsed.ok) throw new Error('the mapping of this test is wrong')
const identify = createIdentifier({
  mapping: parsed.value.connections[0]!.objects[0]!,
  genericLocalParts: new Set(['comptoir']),
  homeCountry: 'FR',
})

type Held = { first?: string; last?: string; email?: string; more?: string; phone?: string }
function candidate(key: string, held: Held, more: Partial<Candidate> = {}): Candidate {
  const identity = identify({ email: null, first: null, last: null, more: null, phone: null, ...held })
  return { key, holds: 'person', via: ['email'], identity, formerEmails: [], same: [], ...more }
}
const marie: Person = {
  emails: ['marie.durand@example.test'],
  formerEmails: [],
  phones: ['+33612345678'],
  givenName: givenNameKey('Marie', 'Durand'),
  familyName: familyNameKey('Marie', 'Durand', 'marie'),
  records: [],
}
const verdicts = (person: Person, candidates: readonly Candidate[]): Record<string, string> =>
  Object.fromEntries(
    [...selectRecords(person, candidates)].map(([key, selection]) => [
      key,
      selection.verdict === 'selected' ? `selected: ${selection.reasons.join()}` : `${selection.verdict}: ${selection.why}`,
    ]),
  )

describe('of the records that CRMs came up with', () => {
  it('those at the person’s own address, at their second one and named by the CRM itself are selected, each with its reason', () => {
    expect(
      verdicts(marie, [
        candidate('a', { email: 'Marie.Durand@example.test', first: 'Marie', last: 'DURAND', more: 'md@example.org' }),
        candidate('b', { email: 'md@example.org', first: 'Marie', last: 'Durand' }),
        candidate('c', { email: 'm.other@example.org' }, { same: ['b'] }),
        candidate('d', { email: 'marie.durand@example.test' }),
      ]),
    ).toEqual({ a: 'selected: email', b: 'selected: email,same', c: 'selected: same', d: 'selected: email' })
  })
  it('those at a former address are selected with the same full name, and otherwise shown', () => {
    const former = { formerEmails: ['marie.durand@example.test'] }
    expect(
      verdicts(marie, [
        candidate('renamed', { email: 'marie@example.org', first: 'Marie', last: 'Durand' }, former),
        candidate('mistyped', { email: 'paul@example.org', first: 'Paul', last: 'Martin' }, former),
        candidate('nameless', { email: 'x@example.org' }, former),
        candidate('beyond', { email: 'marie@example.org', first: 'Marie', last: 'Durand' }),
      ]),
    ).toEqual({
      renamed: 'selected: email,former-email',
      mistyped: 'suggested: former-email',
      nameless: 'suggested: former-email',
      beyond: 'selected: email',
    })
  })
  it('somebody who has a former address of the person now is not the person', () => {
    const mover: Person = { ...marie, formerEmails: ['m.durand@example.org'] }
    expect(
      verdicts(mover, [
        candidate('successor', { email: 'm.durand@example.org', first: 'Michel', last: 'Durand' }),
        candidate('nameless', { email: 'm.durand@example.org' }),
        candidate('own', { email: 'm.durand@example.org', first: 'Marie', last: 'Durand' }),
      ]),
    ).toEqual({ successor: 'suggested: another-name', nameless: 'suggested: another-name', own: 'selected: former-email' })
  })
  it('shared mailboxes, equal names, phones, companies and look-alikes select nothing', () => {
    const shared: Person = { ...marie, emails: ['contact@example.test'] }
    expect(verdicts(shared, [candidate('a', { email: 'contact@example.test', first: 'Marie', last: 'Durand' })])).toEqual({
      a: 'suggested: shared-mailbox',
    })
    expect(verdicts({ ...marie, emails: ['comptoir@example.test'] }, [candidate('a', { email: 'comptoir@example.test' })])).toEqual({
      a: 'suggested: shared-mailbox',
    })
    expect(
      verdicts(marie, [
        candidate('namesake', { email: 'marie.durand@example.org', first: 'Marie', last: 'Durand' }),
        candidate('phone', { email: 'other@example.org', phone: '06 12 34 56 78' }),
        candidate('company', { email: 'marie.durand@example.test' }, { holds: 'company' }),
        candidate('dot', { email: 'mariedurand@example.test', first: 'Marie', last: 'Durand' }),
        candidate('tag', { email: 'marie.durand+news@example.test', first: 'Marie', last: 'Durand' }),
        candidate('cyrillic', { email: 'mаrie.durand@example.test', first: 'Marie', last: 'Durand' }),
        candidate('longer', { email: 'anne-marie.durand@example.test', first: 'Anne-Marie', last: 'Durand' }),
        candidate('domain', { email: 'marie.durand@example.test.example.org', first: 'Marie', last: 'Durand' }),
      ]),
    ).toEqual({
      namesake: 'left: nothing-in-common',
      phone: 'suggested: phone',
      company: 'left: company',
      dot: 'left: nothing-in-common',
      tag: 'left: nothing-in-common',
      cyrillic: 'left: nothing-in-common',
      longer: 'left: nothing-in-common',
      domain: 'left: nothing-in-common',
    })
  })
  it('of a mailbox that two people use, only those of the person’s own name are selected, and none when the name is not known', () => {
    const home = [
      candidate('his', { email: 'famille@example.test', first: 'Paul', last: 'Durand' }),
      candidate('hers', { email: 'famille@example.test', first: 'Marie', last: 'Durand' }),
    ]
    expect(verdicts({ ...marie, emails: ['famille@example.test'] }, home)).toEqual({
      his: 'suggested: another-name',
      hers: 'selected: email',
    })
    const unnamed = { ...marie, emails: ['famille@example.test'], givenName: '', familyName: '' }
    expect(verdicts(unnamed, home)).toEqual({ his: 'suggested: another-name', hers: 'suggested: another-name' })
    expect(verdicts({ ...unnamed, records: ['his'] }, home)).toEqual({ his: 'selected: confirmed,email', hers: 'suggested: another-name' })
  })
  it('a crowded mailbox is nobody’s', () => {
    const crowd = Array.from({ length: 30 }, (_, i) => candidate(`r${i}`, { email: 'marie.durand@example.test' }))
    const unnamed = { ...marie, givenName: '', familyName: '' }
    expect(new Set(Object.values(verdicts(unnamed, crowd)))).toEqual(new Set(['suggested: crowded-mailbox']))
    const namesakes = crowd.map((one) => ({ ...one, identity: candidate('', { email: '', first: 'Marie', last: 'Roux' }).identity }))
    const others = namesakes.map((one, i) => ({ ...one, identity: { ...one.identity, emails: crowd[i]!.identity.emails } }))
    expect(new Set(Object.values(verdicts(unnamed, others)))).toEqual(new Set(['suggested: crowded-mailbox']))
    expect(new Set(Object.values(verdicts(marie, others)))).toEqual(new Set(['suggested: another-name']))
    expect(new Set(Object.values(verdicts(unnamed, others.slice(0, 20))))).toEqual(new Set(['suggested: crowded-mailbox']))
    expect(new Set(Object.values(verdicts(unnamed, others.slice(0, 19))))).toEqual(new Set(['selected: email']))
  })
  it('the same are selected in whatever order the CRMs came up with them', () => {
    const held = fc.record({
      email: fc.constantFrom('marie.durand@example.test', 'famille@example.test', 'md@example.org'),
      more: fc.constantFrom('', 'md@example.org', 'marie.durand@example.test'),
      first: fc.constantFrom('', 'Marie', 'Paul'),
      last: fc.constantFrom('', 'Durand', 'Martin'),
    })
    const drawn = fc.array(fc.record({ held, former: fc.subarray(['marie.durand@example.test', 'old@example.org']), same: fc.nat(7) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(drawn, fc.nat(), (records, turn) => {
        const candidates = records.map(({ held: fields, former, same }, i) =>
          candidate(`k${i}`, fields, { formerEmails: former, same: same < records.length && same > 4 ? [`k${same}`] : [] }),
        )
        const turned = candidates.map((_, i) => candidates[(i + turn) % candidates.length]!).reverse()
        const one = verdicts(marie, candidates)
        expect(verdicts(marie, turned)).toEqual(one)
        for (const verdict of Object.values(one)) expect(verdict).not.toBe('selected: ')
      }),
      { seed: 20261122, numRuns: 1000 },
    )
  })
})

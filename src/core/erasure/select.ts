/**
 * Which of the records that a CRM came up with are this person's. Over-matching is the worst bug that an erasure can have: what is not certain is shown to
 * somebody, and never selected.
 */
import { linkRecords, type LinkRecord } from '../identity/link.ts'
import { namesPerson } from '../identity/name.ts'
import { mailboxLimit } from '../identity/rooms.ts'
import type { Identity } from '../judge/judge.ts'

/** How a CRM came up with a record. `same`: it names the record itself as the same person, by a cross-id, a merge or a conversion. */
export type Via = 'email' | 'former-email' | 'phone' | 'known-id' | 'same'
/** `key`: `connection:object:id`. `formerEmails`: what it held once, in identity form. `same`: keys of the records that it names as itself. */
export type Candidate = {
  readonly key: string
  readonly holds: 'person' | 'company'
  readonly via: readonly Via[]
  readonly identity: Pick<Identity, 'emails' | 'shared' | 'phones' | 'givenName' | 'familyName' | 'personal'>
  readonly formerEmails: readonly string[]
  readonly same: readonly string[]
}
/** `emails`: those that the person has shown to be theirs. `formerEmails`: those that records of theirs once held; others may have them now. `records`: those that somebody has confirmed, by key. Names are keys as `Identity` has them, '' for unknown. */
export type Person = {
  readonly emails: readonly string[]
  readonly formerEmails: readonly string[]
  readonly phones: readonly string[]
  readonly givenName: string
  readonly familyName: string
  readonly records: readonly string[]
}

export type Selection =
  | { readonly verdict: 'selected'; readonly reasons: readonly ('email' | 'former-email' | 'same' | 'confirmed')[] }
  /** Somebody has to look: nothing here is certain. */
  | { readonly verdict: 'suggested'; readonly why: 'shared-mailbox' | 'crowded-mailbox' | 'another-name' | 'former-email' | 'phone' }
  | { readonly verdict: 'left'; readonly why: 'company' | 'nothing-in-common' }

/** By key of each candidate. The order of the candidates does not matter. */
export function selectRecords(person: Person, candidates: readonly Candidate[]): ReadonlyMap<string, Selection> {
  const people = candidates.filter(({ holds }) => holds === 'person')
  let chosen = linkedTo(person, people, person.records)
  // One that is chosen by a former address may bring others with it.
  for (let size = -1; size !== chosen.size;) {
    size = chosen.size
    chosen = linkedTo(person, people, [...person.records, ...chosen, ...byFormerAddress(person, people, chosen)])
  }
  const mine = people.filter(({ key }) => chosen.has(key))
  const known: Known = { ...addressesOf(person, mine), crowded: crowdedOf(person, people), names: namesOf(person, mine) }
  return new Map(
    candidates.map((candidate): [string, Selection] => [
      candidate.key,
      chosen.has(candidate.key)
        ? { verdict: 'selected', reasons: reasonsOf(person, candidate, people, chosen) }
        : notSelected(person, candidate, known),
    ]),
  )
}

/** Number 0 is the person; the links are those of the sweep, so that a plan and the records' subjects cannot disagree. */
function linkedTo(person: Person, people: readonly Candidate[], certain: readonly string[]): ReadonlySet<string> {
  const numbers = new Map(people.map(({ key }, index) => [key, index + 1]))
  const tags = new Map<string, number>()
  const tagOf = (name: string): number => {
    if (name !== '' && !tags.has(name)) tags.set(name, tags.size + 1)
    return tags.get(name) ?? 0
  }
  const itself: LinkRecord = {
    id: 0,
    emails: person.emails,
    personal: person.emails.reduce(
      (bits, email, i) => (i < 30 && namesPerson(email, person.givenName, person.familyName) ? bits | (1 << i) : bits),
      0,
    ),
    crossIds: certain.flatMap((key) => numbers.get(key) ?? []),
    givenName: tagOf(person.givenName),
    familyName: tagOf(person.familyName),
  }
  const records = people.map(({ key, identity, same }): LinkRecord => ({
    id: numbers.get(key) ?? 0,
    emails: identity.emails,
    personal: identity.personal,
    crossIds: same.flatMap((other) => numbers.get(other) ?? []),
    givenName: tagOf(identity.givenName),
    familyName: tagOf(identity.familyName),
  }))
  const group = new Set(linkRecords([itself, ...records]).groups.find((ids) => ids.includes(0)))
  return new Set(people.filter((_, index) => group.has(index + 1)).map(({ key }) => key))
}

/** An address that a record once held may have been a slip of the pen: it counts only together with the same full name. */
function byFormerAddress(person: Person, people: readonly Candidate[], chosen: ReadonlySet<string>): readonly string[] {
  const mine = people.filter(({ key }) => chosen.has(key))
  const names = namesOf(person, mine)
  const { current, former } = addressesOf(person, mine)
  return people
    .filter(
      ({ identity, formerEmails }) =>
        names.has(nameOf(identity) ?? '') &&
        (formerEmails.some((email) => current.has(email)) || identity.emails.some((email) => former.has(email))),
    )
    .map(({ key }) => key)
}

type Addresses = { readonly current: ReadonlySet<string>; readonly former: ReadonlySet<string> }

function addressesOf(person: Person, mine: readonly Candidate[]): Addresses {
  return {
    current: new Set([...person.emails, ...mine.flatMap(({ identity }) => identity.emails)]),
    former: new Set([...person.formerEmails, ...mine.flatMap(({ formerEmails }) => formerEmails)]),
  }
}

function nameOf({ givenName, familyName }: { readonly givenName: string; readonly familyName: string }): string | null {
  return givenName === '' || familyName === '' ? null : `${givenName} ${familyName}`
}

function namesOf(person: Person, mine: readonly Candidate[]): ReadonlySet<string> {
  return new Set([person, ...mine.map(({ identity }) => identity)].flatMap((one) => nameOf(one) ?? []))
}

/** With more records than one person has, as the links count them: the person themselves stands among them. */
function crowdedOf(person: Person, people: readonly Candidate[]): ReadonlySet<string> {
  const records = new Map(person.emails.map((email) => [email, 1]))
  for (const { identity } of people) for (const email of new Set(identity.emails)) records.set(email, (records.get(email) ?? 0) + 1)
  return new Set([...records].flatMap(([email, count]) => (count > mailboxLimit ? [email] : [])))
}

type Reasons = Extract<Selection, { verdict: 'selected' }>['reasons']

function reasonsOf(
  person: Person,
  { key, identity, formerEmails, same }: Candidate,
  people: readonly Candidate[],
  chosen: ReadonlySet<string>,
): Reasons {
  const others = people.filter((other) => other.key !== key && chosen.has(other.key))
  const { current, former } = addressesOf(person, others)
  const isFormer = formerEmails.some((email) => current.has(email)) || identity.emails.some((email) => former.has(email))
  return [
    ...(person.records.includes(key) ? (['confirmed'] as const) : []),
    ...(identity.emails.some((email) => current.has(email)) ? (['email'] as const) : []),
    ...(isFormer ? (['former-email'] as const) : []),
    ...(others.some((other) => same.includes(other.key) || other.same.includes(key)) ? (['same'] as const) : []),
  ]
}

type Known = Addresses & { readonly crowded: ReadonlySet<string>; readonly names: ReadonlySet<string> }

function notSelected(person: Person, { holds, identity, formerEmails }: Candidate, { current, former, crowded, names }: Known): Selection {
  if (holds === 'company') return { verdict: 'left', why: 'company' }
  if (identity.shared.some((email) => person.emails.includes(email))) return { verdict: 'suggested', why: 'shared-mailbox' }
  const shared = identity.emails.filter((email) => current.has(email))
  if (shared.length > 0) {
    // It is their number that stands against them where no name does.
    const isNameless = names.size === 0 || nameOf(identity) === null
    return { verdict: 'suggested', why: isNameless && shared.some((email) => crowded.has(email)) ? 'crowded-mailbox' : 'another-name' }
  }
  if (formerEmails.some((email) => current.has(email)) || identity.emails.some((email) => former.has(email)))
    return { verdict: 'suggested', why: 'former-email' }
  if (identity.phones.some((phone) => person.phones.includes(phone))) return { verdict: 'suggested', why: 'phone' }
  return { verdict: 'left', why: 'nothing-in-common' }
}

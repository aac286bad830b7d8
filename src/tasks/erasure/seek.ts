/** Finds a person in every connection: what one CRM knows of them leads on to the others, until nothing new turns up. */
import type { Problem, RecordRef } from '../../connectors/connector.ts'
import type { Erasure, FoundRecord, Sought, Traits } from '../../connectors/erasure.ts'
import { selectRecords, type Candidate, type Person, type Selection } from '../../core/erasure/select.ts'
import type { Unreachable } from '../../core/erasure/plan.ts'
import { bindingFields, createStatementReader, type Statement } from '../../core/erasure/stated.ts'
import { createIdentifier } from '../../core/identity/identify.ts'
import type { Identity, RawFields } from '../../core/judge/judge.ts'
import type { ObjectMapping } from '../../core/record/mapping.ts'
import type { LocalDay } from '../../core/time/time-zone.ts'

/** One connection that can erase. */
export type Side = {
  readonly connection: string
  readonly erasure: Erasure
  readonly objects: Sought['objects']
  readonly identify: (object: string, fields: RawFields) => Identity
  /** As it is written there; '' for what is empty. */
  readonly nameOf: (object: string, fields: RawFields) => { readonly given: string; readonly family: string }
  /** Fields, by object, in which records say of themselves what may oblige us to keep them. */
  readonly stating: Readonly<Record<string, readonly string[]>>
  /** What a record says of itself that may oblige us to keep it. */
  readonly stated: (ref: RecordRef, fieldsOf: string, fields: RawFields, localDay: LocalDay) => Statement
}
export type SideOptions = { readonly genericLocalParts: ReadonlySet<string>; readonly homeCountry: string }

export function sideOf(connection: string, erasure: Erasure, mappings: readonly ObjectMapping[], options: SideOptions): Side {
  const identifiers = new Map(mappings.map((mapping) => [mapping.object, createIdentifier({ ...options, mapping })]))
  const readers = new Map(mappings.map((mapping) => [mapping.object, createStatementReader(mapping)]))
  return {
    connection,
    erasure,
    objects: mappings.map(soughtIn),
    stating: Object.fromEntries(mappings.map((mapping) => [mapping.object, [...new Set(bindingFields.flatMap(fromIn(mapping)))]])),
    identify(object, fields) {
      const identify = identifiers.get(object)
      if (identify === undefined) throw new TypeError(`${connection} brought a record of ${object}, which its mapping does not know`)
      return identify(fields)
    },
    stated(ref, fieldsOf, fields, localDay) {
      return readers.get(fieldsOf)?.(ref, fields, localDay) ?? { facts: [], unread: [] }
    },
    nameOf(object, fields) {
      const mapping = mappings.find((one) => one.object === object)
      const filled = (name: string): string =>
        mapping?.fields[name]?.from.map((field) => fields[field]?.trim() ?? '').find((text) => text !== '') ?? ''
      return { given: filled('firstName'), family: filled('lastName') }
    },
  }
}

function fromIn({ fields }: ObjectMapping): (name: string) => readonly string[] {
  return (name) => fields[name]?.from ?? []
}

function soughtIn(mapping: ObjectMapping): Sought['objects'][number] {
  const from = fromIn(mapping)
  const emails = [...new Set([...from('email'), ...mapping.emails])]
  const phones = [...new Set([...from('phone'), ...from('mobilePhone'), ...mapping.phones])]
  const names = ['firstName', 'lastName', 'country', ...bindingFields].flatMap(from)
  const crossIds = mapping.crossIds.map(({ field }) => field)
  return { object: mapping.object, fields: [...new Set([...names, ...emails, ...phones, ...crossIds])], emails, phones }
}

/** `key`: `connection:object:id`. Values in clear: for the time of one step only. */
export type Sighting = {
  readonly key: string
  readonly side: Side
  readonly record: FoundRecord
  readonly identity: Identity
  readonly selection: Selection
}
export type Seen = {
  readonly sightings: readonly Sighting[]
  readonly unreachable: readonly Unreachable[]
  /** The person as all their records tell: what to look for when looking again, and to be known by later. */
  readonly person: Person
  readonly names: Traits['names']
}

/** One address leads to a record, that to another address; a person's own go no deeper than this. */
const mostRounds = 6

/** `plan`: keys of records that were found before. What leads back to them alone leads nowhere new. */
export async function seek(
  sides: readonly Side[],
  person: Person,
  signal: AbortSignal,
  plan: ReadonlySet<string> = new Set(),
): Promise<Seen> {
  let emails: ReadonlySet<string> = new Set([...person.emails, ...person.formerEmails])
  let refs: ReadonlySet<string> = new Set(person.records)
  for (let round = 1; ; round++) {
    const { found, unreachable } = await lookAround(sides, { person, emails, refs }, signal)
    const aliases = aliasesIn(found)
    const selections = selectRecords(
      { ...person, records: person.records.map((key) => aliases.get(key) ?? key) },
      found.map((one) => candidateOf(one, aliases)),
    )
    const sightings = found.map((one): Sighting => ({ ...one, selection: selections.get(one.key)! }))
    const mine = sightings.filter(({ selection }) => selection.verdict === 'selected')
    const further = new Set([...emails, ...mine.flatMap(({ record, identity }) => [...identity.emails, ...record.formerEmails])])
    const named = new Set([
      ...refs,
      ...mine.flatMap(({ key, side, record, identity }) => [key, ...identity.crossIds, ...record.same.map((ref) => keyOf(side, ref))]),
    ])
    const others = sightings.filter(({ selection }) => selection.verdict !== 'selected')
    const seen = { sightings, unreachable, person: known(person, mine, others), names: namesOf(mine) }
    if (further.size === emails.size && [...named].every((key) => refs.has(key) || plan.has(key))) return seen
    if (round === mostRounds) {
      const gap = { connection: sides.map(({ connection }) => connection).join(', '), what: 'more addresses kept turning up' }
      return { ...seen, unreachable: [...unreachable, gap] }
    }
    emails = further
    refs = named
  }
}

/** For looks of one moment: whoever comes first looks, the others see what it saw. */
export function seekOnce(): typeof seek {
  let seen: Promise<Seen> | undefined
  return (sides, person, signal, plan) => (seen ??= seek(sides, person, signal, plan))
}

/**
 * A name that the person did not give is known when all their records agree on one. Of the numbers that they gave only those are theirs that a record of theirs
 * shows and nobody else's does: who has shown that a mailbox is theirs may have typed anybody's number beside it.
 */
function known(person: Person, mine: readonly Sighting[], others: readonly Sighting[]): Person {
  const emails = new Set([...person.emails, ...mine.flatMap(({ identity }) => identity.emails)])
  const former = [...person.formerEmails, ...mine.flatMap(({ record }) => record.formerEmails)].filter((email) => !emails.has(email))
  const agreed = (own: string, names: readonly string[]): string => {
    const told = new Set(names.filter((name) => name !== ''))
    return own !== '' || told.size !== 1 ? own : ([...told][0] ?? '')
  }
  return {
    ...person,
    emails: [...emails],
    formerEmails: [...new Set(former)],
    phones: person.phones.filter((phone) => mine.some(shows(phone)) && !others.some(shows(phone))),
    givenName: agreed(
      person.givenName,
      mine.map(({ identity }) => identity.givenName),
    ),
    familyName: agreed(
      person.familyName,
      mine.map(({ identity }) => identity.familyName),
    ),
  }
}

function shows(phone: string): (one: Sighting) => boolean {
  return ({ identity }) => identity.phones.includes(phone)
}

type Looking = { readonly person: Person; readonly emails: ReadonlySet<string>; readonly refs: ReadonlySet<string> }
type Found = Omit<Sighting, 'selection'>

async function lookAround(
  sides: readonly Side[],
  { person, emails, refs }: Looking,
  signal: AbortSignal,
): Promise<{ found: readonly Found[]; unreachable: readonly Unreachable[] }> {
  const answers = await Promise.all(
    sides.map(async (side) => {
      const sought: Sought = { emails: [...emails], phones: person.phones, refs: refsIn(side, refs), objects: side.objects }
      return { side, findings: await side.erasure.find(sought, signal) }
    }),
  )
  return {
    found: answers.flatMap(({ side, findings }) =>
      findings.records.map((record): Found => ({
        key: keyOf(side, record.ref),
        side,
        record,
        identity: side.identify(record.fieldsOf, record.fields),
      })),
    ),
    unreachable: answers.flatMap(({ side, findings }) => findings.gaps.map((gap) => unreachableIn(side, gap))),
  }
}

/** Ids of objects that the mapping does not know lead nowhere here. */
function refsIn({ connection, objects }: Side, keys: ReadonlySet<string>): readonly RecordRef[] {
  const known = new Set(objects.map(({ object }) => object))
  return [...keys].flatMap((key) => {
    const [own, object = '', id = ''] = key.split(':')
    return own === connection && known.has(object) && id !== '' ? [{ object, id }] : []
  })
}

export function keyOf({ connection }: Pick<Side, 'connection'>, { object, id }: RecordRef): string {
  return `${connection}:${object}:${id}`
}

export function unreachableIn({ connection }: Side, { name, message }: Problem): Unreachable {
  return { connection, what: `${name}: ${message}` }
}

function candidateOf({ key, side, record, identity }: Found, aliases: ReadonlyMap<string, string>): Candidate {
  const same = [...record.same.map((ref) => keyOf(side, ref)), ...identity.crossIds]
  return {
    key,
    holds: record.holds,
    via: record.via,
    identity,
    formerEmails: record.formerEmails,
    same: same.map((other) => aliases.get(other) ?? other),
  }
}

/** From the id that another CRM may have noted to the record that it leads to now: a merge's survivor, the account of a person. */
function aliasesIn(found: readonly Found[]): ReadonlyMap<string, string> {
  return new Map(
    found.flatMap(({ key, side, record }) =>
      record.aliases.map((id): [string, string] => [keyOf(side, { object: record.fieldsOf, id }), key]),
    ),
  )
}

/** As the records spell them, for the places where others speak of the person. */
function namesOf(mine: readonly Sighting[]): Traits['names'] {
  const names = mine.map(({ side, record }) => side.nameOf(record.fieldsOf, record.fields))
  return [
    ...new Map(
      names.filter(({ given, family }) => given !== '' && family !== '').map((name) => [`${name.given} ${name.family}`, name]),
    ).values(),
  ]
}

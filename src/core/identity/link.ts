/** Which records belong to one person. Over-matching is the worst bug an erasure can have: a doubt never links. */
import { createForest, type Forest } from './forest.ts'
import { ambiguous, isFull, isPartial, roomsOf, unknown, type Mailbox, type Member, type Names } from './rooms.ts'

/**
 * `emails`: opaque keys (hashes); bit i of `personal`: the i-th of them names this person in full. `crossIds`: ids of records that a CRM itself names
 * as the same person. `givenName`, `familyName`: tags, 0 = unknown.
 */
export type LinkRecord = {
  readonly id: number
  readonly emails: readonly string[]
  readonly personal: number
  readonly crossIds: readonly number[]
  readonly givenName: number
  readonly familyName: number
}
export type Link = { readonly a: number; readonly b: number; readonly reason: 'email' | 'cross-id' }
export type Linkage = {
  /** Ids in ascending order, groups by their first id; a record that nothing links is a group of its own. */
  readonly groups: readonly (readonly number[])[]
  /** a < b, sorted; enough to span every group, and each with its reason. */
  readonly links: readonly Link[]
  /** Keys of the mailboxes that several people seem to use, sorted. */
  readonly sharedMailboxes: readonly string[]
}

/**
 * Connected components over two kinds of link. A cross-id always links: the CRM says so. A mailbox links all its records if their names can be those of
 * one person, and otherwise those of the same full name. A record that lacks a name, or half of it, joins only if everybody that it would touch,
 * directly or through others that lack one, has the same name. Independent of the order of the records; near-linear.
 * @param crowded keys of mailboxes with more records than these: shared, whatever the names say
 */
export function linkRecords(records: readonly LinkRecord[], crowded: ReadonlySet<string> = new Set()): Linkage {
  const sorted = [...records].sort((x, y) => x.id - y.id)
  const index = new Map(sorted.map((record, i) => [record.id, i]))
  const twins = createForest(sorted.length)
  const links = new Map<string, readonly [number, number, Link['reason']]>()
  const add = (i: number, j: number, reason: Link['reason']): void => {
    links.set(`${Math.min(i, j)} ${Math.max(i, j)} ${reason}`, [Math.min(i, j), Math.max(i, j), reason])
  }
  for (const [i, record] of sorted.entries()) {
    for (const other of record.crossIds) {
      const j = index.get(other)
      if (j === undefined || j === i) continue
      twins.join(i, j)
      add(i, j, 'cross-id')
    }
  }
  const names = {
    given: effective(
      sorted.map((record) => record.givenName),
      twins,
    ),
    family: effective(
      sorted.map((record) => record.familyName),
      twins,
    ),
  }
  const mailboxes = new Map(Array.from(membersOf(sorted), ([key, members]) => [key, roomsOf(members, names, crowded.has(key))]))
  const attached = attachedPartials(mailboxes, names, twins)
  for (const { rooms } of mailboxes.values()) {
    for (const room of rooms) {
      for (const same of classesIn(room, names, attached)) {
        for (const other of same.slice(1)) add(same[0] ?? other, other, 'email')
      }
    }
  }
  const shared = [...mailboxes].filter(([, mailbox]) => mailbox.shared).map(([key]) => key)
  return result(sorted, [...links.values()], shared.sort())
}

/** A record's own name; one that lacks it takes that of its twins when they agree. */
function effective(own: readonly number[], twins: Forest): readonly number[] {
  const byTwin = new Map<number, number>()
  for (const [i, name] of own.entries()) {
    if (name === unknown) continue
    const root = twins.rootOf(i)
    const seen = byTwin.get(root)
    byTwin.set(root, seen === undefined || seen === name ? name : ambiguous)
  }
  return own.map((name, i) => (name === unknown ? (byTwin.get(twins.rootOf(i)) ?? unknown) : name))
}

function membersOf(records: readonly LinkRecord[]): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>()
  for (const [at, { emails, personal }] of records.entries()) {
    for (const [bit, email] of emails.entries()) {
      if (emails.indexOf(email) !== bit) continue
      const member = { at, personal: bit < 31 && (personal & (1 << bit)) !== 0 }
      const members = found.get(email)
      if (members === undefined) found.set(email, [member])
      else members.push(member)
    }
  }
  return found
}

/** The records with half a name or none that touch one name at most, taken together with every such record that they hang on. */
function attachedPartials(mailboxes: ReadonlyMap<string, Mailbox>, names: Names, twins: Forest): ReadonlySet<number> {
  const hanging = createForest(names.given.length)
  const partials = names.given.flatMap((_, i) => (isPartial(i, names) ? [i] : []))
  for (const i of partials) hanging.join(i, twins.rootOf(i))
  const rooms = [...mailboxes.values()].flatMap((mailbox) => mailbox.rooms)
  for (const room of rooms) {
    const [first, ...others] = room.filter((i) => isPartial(i, names))
    for (const other of others) hanging.join(first ?? other, other)
  }
  const given = new Map<number, number>()
  const family = new Map<number, number>()
  for (const room of rooms) {
    const first = room.find((i) => isPartial(i, names))
    if (first === undefined) continue
    const root = hanging.rootOf(first)
    for (const i of room) {
      note(given, root, names.given[i] ?? unknown)
      note(family, root, names.family[i] ?? unknown)
    }
  }
  const isClear = (root: number): boolean => given.get(root) !== ambiguous && family.get(root) !== ambiguous
  return new Set(partials.filter((i) => isClear(hanging.rootOf(i))))
}

function note(found: Map<number, number>, root: number, name: number): void {
  if (name !== unknown) found.set(root, (found.get(root) ?? name) === name ? name : ambiguous)
}

/** Members of one room that it links with each other. */
function classesIn(room: readonly number[], names: Names, attached: ReadonlySet<number>): readonly (readonly number[])[] {
  const partials = room.filter((i) => !isFull(i, names))
  if (partials.every((i) => attached.has(i))) return [room]
  const alike = Map.groupBy(partials, (i) => `${names.given[i]} ${names.family[i]}`)
  return [room.filter((i) => isFull(i, names)), ...alike.values()]
}

function result(
  records: readonly LinkRecord[],
  links: readonly (readonly [number, number, Link['reason']])[],
  sharedMailboxes: readonly string[],
): Linkage {
  const all = createForest(records.length)
  for (const [i, j] of links) all.join(i, j)
  const idOf = (i: number): number => records[i]?.id ?? Number.NaN
  return {
    groups: all.groups().map((group) => group.map(idOf)),
    links: links
      .map(([i, j, reason]): Link => ({ a: idOf(i), b: idOf(j), reason }))
      .sort((x, y) => x.a - y.a || x.b - y.b || (x.reason < y.reason ? -1 : 1)),
    sharedMailboxes,
  }
}

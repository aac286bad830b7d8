/** Which records belong to one person. Over-matching is the worst bug an erasure can have: a doubt never links. */
import { createForest, type Forest } from './identity-forest.ts'

/** `emails`: opaque keys (hashes). `crossIds`: ids of records that a CRM itself names as the same person. `givenName`: tag, 0 = unknown. */
export type LinkRecord = {
  readonly id: number
  readonly emails: readonly string[]
  readonly crossIds: readonly number[]
  readonly givenName: number
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

/** More records than this on one mailbox: a team or a placeholder, whatever the names say. */
const mailboxLimit = 20
const unknown = 0
/** A nameless record whose CRM-declared twins bear different names: nothing to compare, so its mailboxes prove nothing. */
const ambiguous = -1

/**
 * Connected components over two kinds of link. A cross-id always links: the CRM says so. A mailbox links records of one known
 * given name; records without a name join only on a mailbox that is not shared, and only if everybody that they would touch,
 * directly or through other nameless records, has the same name. Independent of the order of the records; near-linear.
 */
export function linkRecords(records: readonly LinkRecord[]): Linkage {
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
  const names = effectiveNames(sorted, twins)
  const mailboxes = mailboxesOf(sorted)
  const shared = new Set([...mailboxes.keys()].filter((key) => isShared(mailboxes.get(key) ?? [], names)))
  const attached = attachedNameless(mailboxes, shared, names, twins)
  for (const [key, members] of mailboxes) {
    for (const same of classesOn(members, names, attached, shared.has(key))) {
      for (const other of same.slice(1)) add(same[0] ?? other, other, 'email')
    }
  }
  return result(sorted, [...links.values()], [...shared].sort())
}

/** A record's own name; a nameless one takes that of its twins when they agree. */
function effectiveNames(records: readonly LinkRecord[], twins: Forest): readonly number[] {
  const byTwin = new Map<number, number>()
  for (const [i, { givenName }] of records.entries()) {
    if (givenName === unknown) continue
    const root = twins.rootOf(i)
    const seen = byTwin.get(root)
    byTwin.set(root, seen === undefined || seen === givenName ? givenName : ambiguous)
  }
  return records.map(({ givenName }, i) => (givenName === unknown ? (byTwin.get(twins.rootOf(i)) ?? unknown) : givenName))
}

function mailboxesOf(records: readonly LinkRecord[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>()
  for (const [i, { emails }] of records.entries()) {
    for (const email of new Set(emails)) {
      const members = found.get(email)
      if (members === undefined) found.set(email, [i])
      else members.push(i)
    }
  }
  return found
}

function isShared(members: readonly number[], names: readonly number[]): boolean {
  if (members.length > mailboxLimit) return true
  let first = unknown
  for (const i of members) {
    const name = names[i] ?? unknown
    if (name <= unknown) continue
    if (first !== unknown && name !== first) return true
    first = name
  }
  return false
}

/** The nameless records that touch one name at most, taken together with every nameless record that they hang on. */
function attachedNameless(
  mailboxes: ReadonlyMap<string, readonly number[]>,
  shared: ReadonlySet<string>,
  names: readonly number[],
  twins: Forest,
): ReadonlySet<number> {
  const nameless = createForest(names.length)
  const open = [...mailboxes].filter(([key]) => !shared.has(key)).map(([, members]) => members)
  const clusterless = names.flatMap((name, i) => (name === unknown ? [i] : []))
  for (const i of clusterless) nameless.join(i, twins.rootOf(i))
  for (const members of open) {
    const without = members.filter((i) => names[i] === unknown)
    for (const i of without) nameless.join(without[0] ?? i, i)
  }
  const touched = new Map<number, number>()
  for (const members of open) {
    const name = names[members.find((i) => (names[i] ?? unknown) > unknown) ?? -1] ?? unknown
    if (name === unknown) continue
    for (const i of members) {
      if (names[i] !== unknown) continue
      const root = nameless.rootOf(i)
      touched.set(root, (touched.get(root) ?? name) === name ? name : ambiguous)
    }
  }
  return new Set(clusterless.filter((i) => touched.get(nameless.rootOf(i)) !== ambiguous))
}

/** Members of one mailbox that it links with each other. */
function classesOn(
  members: readonly number[],
  names: readonly number[],
  attached: ReadonlySet<number>,
  isSharedMailbox: boolean,
): readonly (readonly number[])[] {
  if (isSharedMailbox) {
    return [
      ...Map.groupBy(
        members.filter((i) => (names[i] ?? unknown) > unknown),
        (i) => names[i],
      ).values(),
    ]
  }
  const nameless = members.filter((i) => names[i] === unknown)
  const named = members.filter((i) => (names[i] ?? unknown) > unknown)
  const joins = nameless.every((i) => attached.has(i))
  return joins ? [[...named, ...nameless]] : [named, nameless]
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

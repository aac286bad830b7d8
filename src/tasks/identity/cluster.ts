/** Loads the records that may belong to the same people as those of a batch, until no new one turns up, and links them into groups. */
import type { QueryExecutorProvider } from 'kysely'
import { linkRecords } from '../../core/identity/link.ts'
import {
  loadByEmails,
  loadByIds,
  loadByNames,
  loadBySubjects,
  loadIdentifiersByHash,
  loadIdentifiersOf,
  KINDS,
  PER_HASH,
  type StoredIdentifier,
  type StoredRecord,
} from '../../store/records.ts'
import { unpackLastAct } from '../../store/facts.ts'
import { createAddresses, type Addresses } from './addresses.ts'
import { mailboxesOf, nodeKey, type Node } from './cluster-node.ts'

export type Cluster = {
  nodes: ReadonlyMap<string, Node>
  /** People with several records. */
  groups: readonly (readonly Node[])[]
  /** By node key; records in no group are absent. */
  groupOf: ReadonlyMap<string, readonly Node[]>
  byEmail: ReadonlyMap<string, readonly Node[]>
  /** Who has an address in common with another. */
  neighbours: ReadonlySet<Node>
  /** Address hashes with so many records that not all of them were loaded. */
  crowded: ReadonlySet<string>
}

const MAX_ROUNDS = 6

/** What the cluster asks of the configured places. */
export type Acquaintance = {
  /** Hash of a record's own reference, where others may name it. */
  own: (source: number, id: string) => string | null
  /** The records behind a hash that one of the batch names. */
  named: (hash: string) => readonly { source: number; id: string }[]
  /** A stored record with what of it still counts. */
  heard: (record: StoredRecord) => StoredRecord
}

/** `changed` are the records of a batch, with their new identifiers, and yet without former ones. Whoever was close to one before belongs to the cluster, too. */
export async function loadCluster(db: QueryExecutorProvider, changed: readonly Node[], landscape: Acquaintance): Promise<Cluster> {
  const seeds = await withFormerAddresses(db, changed)
  const nodes = new Map(seeds.map((node) => [node.key, node]))
  const seen: Seen = { addresses: createAddresses(), hashes: new Set(), subjects: new Set(), crowded: new Set() }
  let frontier: readonly Node[] = seeds
  for (let round = 0; frontier.length > 0 && round < MAX_ROUNDS; round++) {
    const found = await loadNeighbours(db, frontier, seen, landscape.named)
    const fresh = found.filter((record) => !nodes.has(nodeKey(record.source, record.id)))
    frontier = await toNodes(db, fresh.map(landscape.heard), landscape.own)
    for (const node of frontier) nodes.set(node.key, node)
  }
  // Whom the last round brought has asked for nobody.
  for (const node of frontier) seen.addresses.meet(node)
  return link(nodes, seen)
}

async function withFormerAddresses(db: QueryExecutorProvider, changed: readonly Node[]): Promise<readonly Node[]> {
  const known = changed.filter((node) => node.stored)
  if (known.length === 0) return changed
  const identifiers = await loadIdentifiersOf(
    db,
    known.map((node) => node.source),
    known.map((node) => node.id),
  )
  const further = Map.groupBy(
    identifiers.filter((identifier) => identifier.kind !== KINDS.name),
    (identifier) => nodeKey(identifier.source, identifier.id),
  )
  return changed.map((node) => {
    if (!node.stored) return node
    const { email } = node.stored
    return { ...node, formerly: [...(email ? [email] : []), ...(further.get(node.key) ?? []).map((one) => one.hash)] }
  })
}

type Seen = { addresses: Addresses; hashes: Set<string>; subjects: Set<number>; crowded: Set<string> }

async function loadNeighbours(
  db: QueryExecutorProvider,
  frontier: readonly Node[],
  seen: Seen,
  named: (hash: string) => readonly { source: number; id: string }[],
): Promise<StoredRecord[]> {
  const emails = frontier.flatMap(seen.addresses.meet)
  const own = unseen(
    seen.hashes,
    frontier.flatMap((node) => node.own ?? []),
  )
  const subjects = unseen(
    seen.subjects,
    frontier.flatMap((node) => (node.stored?.subject ? [node.stored.subject] : [])),
  )
  const first = await loadByEmails(db, emails)
  const identifiers = await loadIdentifiersByHash(db, [...emails, ...own])
  for (const hash of full(first.map((record) => record.email))) seen.crowded.add(hash)
  for (const hash of full(identifiers.map((identifier) => identifier.hash))) seen.crowded.add(hash)
  const wanted = [...identifiers, ...frontier.flatMap((node) => node.names.flatMap(named))]
  return [
    ...first,
    ...(await loadByNames(db, own)),
    ...(await loadBySubjects(db, subjects)),
    ...(await loadByIds(
      db,
      wanted.map((record) => record.source),
      wanted.map((record) => record.id),
    )),
  ]
}

/** Those of which as many came as are loaded at most. */
function full(hashes: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>()
  for (const hash of hashes) if (hash !== null) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  return [...counts].flatMap(([hash, count]) => (count >= PER_HASH ? [hash] : []))
}

function unseen<T>(seen: Set<T>, values: readonly T[]): T[] {
  const fresh: T[] = []
  for (const value of values) {
    if (seen.has(value)) continue
    seen.add(value)
    fresh.push(value)
  }
  return fresh
}

async function toNodes(
  db: QueryExecutorProvider,
  records: readonly StoredRecord[],
  ownHash: (source: number, id: string) => string | null,
): Promise<Node[]> {
  const unique = new Map(records.map((record) => [nodeKey(record.source, record.id), record]))
  const list = [...unique.values()]
  const identifiers = await loadIdentifiersOf(
    db,
    list.map((record) => record.source),
    list.map((record) => record.id),
  )
  const owned = Map.groupBy(identifiers, (identifier: StoredIdentifier) => nodeKey(identifier.source, identifier.id))
  return list.map((record) => {
    const key = nodeKey(record.source, record.id)
    const own = owned.get(key) ?? []
    const hashesOf = (kind: number): string[] => own.filter((identifier) => identifier.kind === kind).map((identifier) => identifier.hash)
    const [plain, personalOnes] = [hashesOf(KINDS.address), hashesOf(KINDS.personal)]
    const emails = [...(record.email ? [record.email] : []), ...personalOnes, ...plain]
    const personal = record.email ? ((2 << personalOnes.length) - 1) & ~(record.personal ? 0 : 1) : 0
    const quiet = hashesOf(KINDS.quiet)
    return {
      key,
      source: record.source,
      id: record.id,
      emails,
      quiet,
      names: [...(record.name ? [record.name] : []), ...hashesOf(KINDS.name)],
      own: ownHash(record.source, record.id),
      given: record.given,
      family: record.family,
      personal,
      lastAct: unpackLastAct(record.facts),
      stored: record,
      formerly: mailboxesOf({ emails, quiet }),
    }
  })
}

function link(nodes: ReadonlyMap<string, Node>, { addresses: { byEmail, neighbours }, crowded: large }: Seen): Cluster {
  const crowded = new Set(large)
  if (neighbours.size > 0) for (const [email, holders] of byEmail) if (holders.length >= PER_HASH) crowded.add(email)
  const groupOf = new Map<string, readonly Node[]>()
  const groups: (readonly Node[])[] = []
  // Whom nothing could link to another stays out of it: most do, and to link them with nobody costs more than all the rest.
  const company = companyOf(nodes.values(), byEmail, neighbours)
  if (company.length > 0) {
    const indexOfOwn = new Map(company.flatMap((node, index) => (node.own ? [[node.own, index] as const] : [])))
    const linked = linkRecords(
      company.map((node, id) => ({
        id,
        emails: node.emails,
        crossIds: node.names.flatMap((hash) => indexOfOwn.get(hash) ?? []),
        givenName: node.given,
        familyName: node.family,
        personal: node.personal,
      })),
      crowded,
    )
    for (const group of linked.groups) if (group.length > 1) groups.push(group.map((index) => company[index]!))
  }
  for (const group of groups) for (const node of group) groupOf.set(node.key, group)
  return { nodes, groups, groupOf, byEmail, neighbours, crowded }
}

/** The records of its person, itself among them. */
export function personOf({ groupOf }: Pick<Cluster, 'groupOf'>, node: Node): readonly Node[] {
  return groupOf.get(node.key) ?? [node]
}

/** Whether it has none of its addresses in common with another record of the cluster. */
export function isAloneAtItsAddresses({ neighbours }: Pick<Cluster, 'neighbours'>, node: Node): boolean {
  return !neighbours.has(node)
}

/** Who shares an address with another, names one that is here, or is named. */
function companyOf(nodes: Iterable<Node>, byEmail: ReadonlyMap<string, readonly Node[]>, neighbours: ReadonlySet<Node>): readonly Node[] {
  const list = [...nodes]
  const own = new Set(list.flatMap((node) => node.own ?? []))
  const named = new Set(own.size === 0 ? [] : list.flatMap((node) => node.names))
  return list.filter(
    (node) =>
      (neighbours.has(node) && node.emails.some((email) => byEmail.get(email)!.length > 1)) ||
      (own.size > 0 && ((node.own !== null && named.has(node.own)) || node.names.some((name) => own.has(name)))),
  )
}

/** From a record's fields to keyed hashes: the last place where an address is seen in clear. */
import type { CrmRecord } from '../connectors/connector.ts'
import { suppressionForm } from '../core/identity-email.ts'
import type { Identity, Judge } from '../core/judge.ts'
import { KINDS, type StoredIdentifier, type StoredRecord } from '../store/records.ts'
import { nodeKey, type Node } from './cluster.ts'
import type { Place, Shell, Target } from './shell.ts'

/** `named`: the references behind `node.names`, as `crm:object:id`. */
export type Identified = {
  record: CrmRecord
  content: number
  node: Omit<Node, 'formerly'>
  named: readonly string[]
  suppressionHashes: readonly Buffer[]
}

export function identifyRecords(
  shell: Shell,
  target: Target,
  records: readonly CrmRecord[],
  known: ReadonlyMap<string, StoredRecord>,
  suppressing: boolean,
): Identified[] {
  const source = target.source.id
  return records.map((record) => {
    const { identity, content, ...hashes } = hashed(shell, target, record)
    const id = record.ref.id
    return {
      record,
      content,
      node: { key: nodeKey(source, id), source, id, ...hashes, stored: known.get(id) ?? null },
      named: identity.crossIds,
      suppressionHashes: suppressing ? suppressionHashes(shell, identity) : [],
    }
  })
}

type Hashed = Pick<Node, 'emails' | 'quiet' | 'names' | 'own' | 'given'> & { identity: Identity; content: number }

/** Held by the records themselves, and gone with them. Another policy may know other shared mailboxes. */
const memo = new WeakMap<CrmRecord, Hashed & { judge: Judge }>()

/** Worked out once per record: a batch that waits for its turn can do it ahead. */
export function hashed(shell: Shell, target: Target, record: CrmRecord): Hashed {
  const known = memo.get(record)
  if (known?.judge === target.judge) return known
  const identity = target.judge.identify(record.fields)
  const fresh = {
    judge: target.judge,
    identity,
    content: shell.digest(record.fields),
    emails: unique(identity.emails.map((email) => shell.hasher.identifier('email', email))),
    quiet: unique(identity.shared.map((email) => shell.hasher.identifier('email', email))),
    names: identity.crossIds.map((reference) => shell.hasher.identifier('record', reference)),
    own: ownHash(shell, target, record.ref.id),
    given: shell.hasher.givenNameTag(identity.givenName),
  }
  memo.set(record, fresh)
  return fresh
}

/** Only where others may name this record: a hash per record is not free. */
export function ownHash(shell: Shell, { named, source }: Place, id: string): string | null {
  return named ? shell.hasher.identifier('record', `${source.crm}:${source.object}:${id}`) : null
}

export function furtherIdentifiers(node: Omit<Node, 'formerly'>): StoredIdentifier[] {
  return [
    ...node.emails.slice(1).map((hash) => ({ hash, source: node.source, id: node.id, kind: KINDS.address })),
    ...node.quiet.map((hash) => ({ hash, source: node.source, id: node.id, kind: KINDS.quiet })),
    ...node.names.slice(1).map((hash) => ({ hash, source: node.source, id: node.id, kind: KINDS.name })),
  ]
}

function suppressionHashes(shell: Shell, identity: Identity): Buffer[] {
  // Both forms of an address: a false block beats an unlawful send.
  const addresses = unique([...identity.emails, ...identity.shared].flatMap((email) => [email, suppressionForm(email)]))
  return [
    ...addresses.map((email) => Buffer.from(shell.hasher.suppression('email', email))),
    ...identity.phones.map((phone) => Buffer.from(shell.hasher.suppression('phone', phone))),
  ]
}

function unique(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)]
}

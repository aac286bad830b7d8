/** From a record's fields to keyed hashes: the last place where an address is seen in clear. */
import type { CrmRecord } from '../../connectors/connector.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import type { Identity } from '../../core/judge/judge.ts'
import { KINDS, type StoredIdentifier, type StoredRecord } from '../../store/records.ts'
import { assessed, ownHash } from '../judge/ahead.ts'
import { nodeKey, type Node } from './cluster-node.ts'
import type { Shell, Target } from '../shell.ts'

/** `named`: the references behind `node.names`, as `connection:object:id`. */
export type Identified = {
  record: CrmRecord
  content: number
  node: Node
  named: readonly string[]
  suppressionHashes: readonly Buffer[]
}

/** `suppressing`: somebody is on the suppression list, or restricted. `accompanied`: records of other sources may name these. */
export function identifyRecords(
  shell: Shell,
  target: Target,
  records: readonly CrmRecord[],
  known: ReadonlyMap<string, StoredRecord>,
  { suppressing, accompanied }: { suppressing: boolean; accompanied: boolean },
): Identified[] {
  const source = target.source.id
  return records.map((record) => {
    const { content, emails, quiet, names, named, own, given, family, personal, lastAct } = assessed(shell, target, record)
    const id = record.ref.id
    return {
      record,
      content,
      node: {
        key: nodeKey(source, id),
        source,
        id,
        emails,
        quiet,
        names,
        own: accompanied ? (own ?? ownHash(shell, target, id)) : null,
        given,
        family,
        personal,
        lastAct,
        stored: (known.size === 0 ? null : known.get(id)) ?? null,
        formerly: NOTHING,
      },
      named,
      suppressionHashes: suppressing ? suppressionHashes(shell, target.judge.identify(record.fields)) : [],
    }
  })
}

const NOTHING: readonly never[] = Object.freeze([])

/** Beyond the first of each kind, which stand in the record itself. */
export function hasFurtherIdentifiers({ emails, quiet, names }: Node): boolean {
  return emails.length > 1 || quiet.length > 0 || names.length > 1
}

export function furtherIdentifiers(node: Node): StoredIdentifier[] {
  return [
    ...node.emails.slice(1).map((hash, index) => ({
      hash,
      source: node.source,
      id: node.id,
      kind: (node.personal & (2 << index)) === 0 ? KINDS.address : KINDS.personal,
    })),
    ...node.quiet.map((hash) => ({ hash, source: node.source, id: node.id, kind: KINDS.quiet })),
    ...node.names.slice(1).map((hash) => ({ hash, source: node.source, id: node.id, kind: KINDS.name })),
  ]
}

function suppressionHashes(shell: Shell, identity: Identity): Buffer[] {
  // Both forms of an address: a false block beats an unlawful send.
  const addresses = new Set([...identity.emails, ...identity.shared].flatMap((email) => [email, suppressionForm(email)]))
  return [
    ...[...addresses].map((email) => Buffer.from(shell.hasher.suppression('email', email))),
    ...identity.phones.map((phone) => Buffer.from(shell.hasher.suppression('phone', phone))),
  ]
}

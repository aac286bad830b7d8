/** Whom a batch concerns besides its own records: those whose person or mailbox now says something else. Their values are in the CRM only, so they are read again. */
import type { ConsentFact } from '../core/consent.ts'
import type { Recheck } from '../store/outbox.ts'
import { unpackFacts } from '../store/facts.ts'
import type { StoredRecord } from '../store/records.ts'
import { nodeKey, type Cluster, type Node } from './cluster.ts'
import { isCovered, isNegative, refusalsByEmail } from './facts.ts'
import type { Shell } from './shell.ts'

/** `rows`: the records of the batch as they are stored from now on. */
export function rechecksAround(shell: Shell, cluster: Cluster, rows: readonly StoredRecord[]): Recheck[] {
  const now = new Map(rows.map((row) => [nodeKey(row.source, row.id), row.facts]))
  const factsOf = (facts: Buffer | null): ConsentFact[] => unpackFacts(facts, shell.dictionary.factKinds)
  const before = neighboursBefore(cluster)
  const concerned = new Map<string, Recheck>()
  for (const node of cluster.nodes.values()) {
    const was = factsOf(node.stored?.facts ?? null)
    const is = now.has(node.key) ? factsOf(now.get(node.key)!) : was
    if (was.length === 0 && is.length === 0) continue
    const group = cluster.groupOf.get(node.key)!
    const others = new Set([...before(node), ...group, ...node.emails.flatMap((email) => cluster.byEmail.get(email)!)])
    for (const other of others) {
      if (other === node || now.has(other.key) || other.stored?.gone) continue
      const held = factsOf(other.stored?.facts ?? null)
      const heard = samePersonBefore(node, other) ? was : shares(node.formerly, other.formerly) ? refusalsByEmail(was) : []
      const hears = group.includes(other) ? is : shares(node.emails, other.emails) ? refusalsByEmail(is) : []
      if (newsOf(heard, held) !== newsOf(hears, held)) concerned.set(other.key, { source: other.source, id: other.id, reason: 'linked' })
    }
  }
  return [...concerned.values()]
}

/** What these facts say to somebody who holds those: a refusal that he has on file himself is no news. */
function newsOf(facts: readonly ConsentFact[], held: readonly ConsentFact[]): string {
  const news = facts.filter((fact) => !isNegative(fact) || !isCovered(fact, held))
  const lines = news.map(({ purpose, channel, event, at, grade }) => JSON.stringify([purpose, channel, event, at, grade]))
  return [...new Set(lines)].sort().join()
}

function neighboursBefore(cluster: Cluster): (node: Node) => readonly Node[] {
  const bySubject = new Map<number, Node[]>()
  const byAddress = new Map<string, Node[]>()
  for (const node of cluster.nodes.values()) {
    if (node.stored?.subject != null) append(bySubject, node.stored.subject, node)
    for (const email of node.formerly) append(byAddress, email, node)
  }
  return (node) => [
    ...(node.stored?.subject != null ? bySubject.get(node.stored.subject)! : []),
    ...node.formerly.flatMap((email) => byAddress.get(email)!),
  ]
}

function append<K>(map: Map<K, Node[]>, key: K, node: Node): void {
  const list = map.get(key)
  if (list) list.push(node)
  else map.set(key, [node])
}

function samePersonBefore(a: Node, b: Node): boolean {
  return a.stored?.subject != null && a.stored.subject === b.stored?.subject
}

function shares(a: readonly string[], b: readonly string[]): boolean {
  return a.some((email) => b.includes(email))
}

/** Whom a batch concerns besides its own records: those whose person or mailbox now says something else. Their values are in the CRM only, so they are read again. */
import type { ConsentFact } from '../../core/consent/consent.ts'
import type { Recheck } from '../../store/outbox.ts'
import { laterAct } from '../../core/judge/acts.ts'
import type { ActDay } from '../../core/judge/judge.ts'
import { unpackFacts, unpackLastAct } from '../../store/facts.ts'
import type { StoredRecord } from '../../store/records.ts'
import { isAloneAtItsAddresses, personOf, type Cluster } from './cluster.ts'
import { mailboxesOf, type Node } from './cluster-node.ts'
import { isNews, refusalsByEmail } from '../judge/facts.ts'
import type { Shell } from '../shell.ts'

/** `now`: the facts stored for the records of the batch from now on, by node key. */
export function rechecksAround(shell: Shell, cluster: Cluster, now: ReadonlyMap<string, StoredRecord['facts']>): Recheck[] {
  const concernable = [...cluster.nodes.values()].filter((node) => !isAlone(cluster, node))
  if (concernable.length === 0) return []
  const read = (bytes: Buffer | null): Said => ({ facts: unpackFacts(bytes, shell.dictionary.factKinds), lastAct: unpackLastAct(bytes) })
  const before = neighboursBefore(cluster)
  // Readers of a crowded mailbox are put on the recheck list by crowds.ts, in one statement.
  const shared = (addresses: readonly string[]): readonly string[] =>
    cluster.crowded.size === 0 ? addresses : addresses.filter((address) => !cluster.crowded.has(address))
  const concerned = new Map<string, Recheck>()
  for (const node of concernable) {
    const was = read(node.stored?.facts ?? null)
    const is = now.has(node.key) ? read(now.get(node.key)!) : was
    if (isSilent(was) && isSilent(is)) continue
    const group = personOf(cluster, node)
    const others = new Set([...before(node), ...group, ...shared(mailboxesOf(node)).flatMap((email) => cluster.byEmail.get(email)!)])
    for (const other of others) {
      if (other === node || now.has(other.key) || other.stored?.gone) continue
      const held = read(other.stored?.facts ?? null)
      const heard = samePersonBefore(node, other) ? was : shares(shared(node.formerly), other.formerly) ? toStrangers(was) : silence
      const hears = group.includes(other) ? is : shares(shared(mailboxesOf(node)), mailboxesOf(other)) ? toStrangers(is) : silence
      if (newsOf(heard, held) !== newsOf(hears, held)) concerned.set(other.key, { source: other.source, id: other.id, reason: 'linked' })
    }
  }
  return [...concerned.values()]
}

/** Whether no other record shares, or shared, its addresses or its subject: true of most records of a first pull. */
function isAlone(cluster: Cluster, node: Node): boolean {
  if (node.stored !== null || node.formerly.length > 0 || cluster.groupOf.has(node.key)) return false
  return isAloneAtItsAddresses(cluster, node)
}

/** What a record says of consent, and when the person last did something. */
type Said = { facts: readonly ConsentFact[]; lastAct: ActDay }
const silence: Said = { facts: [], lastAct: null }

function isSilent({ facts, lastAct }: Said): boolean {
  return facts.length === 0 && lastAct === null
}

/** To others who read the same mailbox. */
function toStrangers({ facts }: Said): Said {
  return { facts: refusalsByEmail(facts), lastAct: null }
}

/** What would change a record that says this itself. */
function newsOf({ facts, lastAct }: Said, held: Said): string {
  const news = facts.filter((fact) => isNews(fact, held.facts))
  const lines = news.map(({ purpose, channel, event, at, grade }) => JSON.stringify([purpose, channel, event, at, grade]))
  const act = laterAct(held.lastAct, lastAct) === held.lastAct ? '' : String(lastAct)
  return [...new Set(lines)].sort().join() + act
}

function neighboursBefore(cluster: Cluster): (node: Node) => readonly Node[] {
  const bySubject = new Map<number, Node[]>()
  const byAddress = new Map<string, Node[]>()
  for (const node of cluster.nodes.values()) {
    if (node.stored?.subject != null) append(bySubject, node.stored.subject, node)
    for (const email of node.formerly) if (!cluster.crowded.has(email)) append(byAddress, email, node)
  }
  return (node) => [
    ...(node.stored?.subject != null ? bySubject.get(node.stored.subject)! : []),
    ...node.formerly.flatMap((email) => byAddress.get(email) ?? []),
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

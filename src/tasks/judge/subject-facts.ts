/** What a record is judged with: what it says itself, what its person has said anywhere, and what was refused at its mailboxes. */
import type { CrmRecord } from '../../connectors/connector.ts'
import { isMirror, type ConsentFact } from '../../core/consent/consent.ts'
import { withoutChildsYes } from '../../core/consent/childs-yes.ts'
import { laterAct } from '../../core/judge/acts.ts'
import type { ActDay } from '../../core/judge/judge.ts'
import { unpackFacts } from '../../store/facts.ts'
import { assessed } from './ahead.ts'
import { mailboxesOf, type Node } from '../identity/cluster-node.ts'
import { isAloneAtItsAddresses, personOf, type Cluster } from '../identity/cluster.ts'
import type { Crowds } from '../identity/crowds.ts'
import { knownEchoes } from '../sweep/echoes.ts'
import { adopt, carryFacts, isNegative, refusalsByEmail, withoutPast } from './facts.ts'
import type { Sent } from '../sweep/in-flight.ts'
import { noOf, type ListedOnes } from '../comeback/sight.ts'
import type { Identified } from '../identity/identify.ts'
import type { Shell, Target } from '../shell.ts'

/** `inherited`: facts of records that were merged into one of these. `sent`: what is on its way to them. `listed`: who is on the suppression list. */
type Said = { inherited: ReadonlyMap<string, readonly ConsentFact[]>; sent: Sent; listed: ListedOnes }

/** The facts of each record of the batch plus the refusals of its subject in any record; stored with every record, so that they survive when a link is cut. */
export function collectFacts(
  shell: Shell,
  target: Target,
  identified: readonly Identified[],
  cluster: Cluster,
  { inherited, sent, listed }: Said,
): Map<string, readonly ConsentFact[]> {
  const kinds = shell.dictionary.factKinds
  const own = new Map<string, readonly ConsentFact[]>()
  for (const { record, node } of identified) {
    const carried = node.stored?.facts
      ? carriedOver(target, record, withoutPast(unpackFacts(node.stored.facts, kinds), shell.now()), sent)
      : assessed(shell, target, record).facts
    const refused = inherited.size === 0 ? nothing : (inherited.get(record.ref.id) ?? nothing)
    own.set(node.key, adopt(carried, listed.size === 0 ? refused : [...refused, ...noOf(listed.get(record.ref.id))]))
  }
  if (cluster.groups.length === 0) return own
  const adopted: [string, readonly ConsentFact[]][] = []
  for (const { record, node } of identified) {
    const group = cluster.groupOf.get(node.key)
    if (group === undefined) continue
    const others = group.filter((other) => other.key !== node.key)
    const said = others.flatMap((other) => own.get(other.key) ?? unpackFacts(other.stored?.facts ?? null, kinds))
    // What another record was left binds this one by their link.
    const facts = adopt(own.get(node.key)!, said.filter(isNegative))
    const childs = said.some(isProvedYes) ? target.judge.childsYes(record.fields, said) : nothing
    adopted.push([node.key, childs.length === 0 ? facts : [...facts, ...childs]])
  }
  // Not before: nobody takes over what another one took over.
  for (const [key, facts] of adopted) own.set(key, facts)
  return own
}

const nothing: readonly ConsentFact[] = Object.freeze([])

function isProvedYes({ event, grade }: ConsentFact): boolean {
  return event === 'given' && grade === 'proved'
}

function carriedOver(target: Target, { ref, fields, modifiedAt }: CrmRecord, stored: readonly ConsentFact[], sent: Sent): ConsentFact[] {
  const { facts, mirror } = target.judge
  const ours = new Set(stored.flatMap(({ source }) => (isMirror(source) ? [source] : [])))
  const live = facts(fields, modifiedAt, ours)
  const onItsWay = sent.get(ref.id)
  // So an opt-out of ours that arrives after this reading is not taken for a new refusal.
  const expected = onItsWay ? knownEchoes(mirror, onItsWay, stored) : []
  return carryFacts([...live, ...expected], stored, modifiedAt)
}

/** A grant counts for the person, unless they were a child; a refusal by e-mail counts for everybody who reads that mailbox. */
export function factsOfSubject(...asked: Parameters<typeof saidAround>): readonly ConsentFact[] {
  return withoutChildsYes(saidAround(...asked))
}

function saidAround(
  shell: Pick<Shell, 'dictionary'>,
  cluster: Cluster,
  crowds: Crowds,
  facts: ReadonlyMap<string, readonly ConsentFact[]>,
  node: Node,
): readonly ConsentFact[] {
  const own = facts.get(node.key) ?? []
  const group = personOf(cluster, node)
  if (group.length === 1 && cluster.crowded.size === 0 && isAloneAtItsAddresses(cluster, node)) return own
  const mailboxes = mailboxesOf(node)
  const neighbours = mailboxes.flatMap((email) => (cluster.crowded.has(email) ? [] : cluster.byEmail.get(email)!))
  const crowd = mailboxes.flatMap((email) => crowds.refusals.get(email) ?? [])
  if (group.length === 1 && crowd.length === 0 && neighbours.every((other) => other === node)) return own
  const factsOf = (other: Node): readonly ConsentFact[] =>
    facts.get(other.key) ?? unpackFacts(other.stored?.facts ?? null, shell.dictionary.factKinds)
  const strangers = neighbours.filter((other) => !group.includes(other))
  return [...group.flatMap(factsOf), ...refusalsByEmail(strangers.flatMap(factsOf)), ...crowd]
}

/** The latest act over these records. */
export function lastActOf(twins: readonly Node[]): ActDay {
  return twins.map((twin) => twin.lastAct).reduce(laterAct, null)
}

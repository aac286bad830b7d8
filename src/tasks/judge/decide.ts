/** Links the changed records of a batch, adds up the consent facts of each person, and judges. */
import type { CrmRecord } from '../../connectors/connector.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import type { JudgeContext } from '../../core/judge/judge.ts'
import { internFactKinds, internVerdicts } from '../../store/dictionary.ts'
import { keepFacts, packFacts } from '../../store/facts.ts'
import type { Recheck } from '../../store/outbox.ts'
import { nextSubjects, saveIdentifiers, saveSubjects, type StoredRecord } from '../../store/records.ts'
import { outcomeOf, ownHash } from './ahead.ts'
import type { Outcome } from './assess.ts'
import type { Node } from '../identity/cluster-node.ts'
import { loadCluster, type Acquaintance, type Cluster } from '../identity/cluster.ts'
import { loadCrowds, type Crowds } from '../identity/crowds.ts'
import { decisionEntries, verdictEntries } from './decision-entries.ts'
import { outlivesRecord } from './facts.ts'
import type { Sent } from '../sweep/in-flight.ts'
import { freshAmong, loadListed, noteSeen, undecided, type ListedOnes } from '../comeback/sight.ts'
import { rechecksAround } from '../identity/influence.ts'
import { furtherIdentifiers, hasFurtherIdentifiers, type Identified } from '../identity/identify.ts'
import { collectFacts, factsOfSubject, lastActOf } from './subject-facts.ts'
import { assignSubjects } from '../identity/subjects.ts'
import type { Landscape, Shell, Target } from '../shell.ts'
import { loadWishes } from '../identity/wishes.ts'

/** `context`: what the record was judged with. `twins`: the other records of its subject. */
export type Decision = { id: string; outcome: Outcome; context: JudgeContext; twins: readonly Node[] }
/** `rung`: address hashes whose records, all of them, are to be read again. */
export type Decided = { decisions: Decision[]; rows: StoredRecord[]; rechecks: Recheck[]; rung: readonly string[]; entries: string[] }

/**
 * `inherited`: facts of records that were merged into one of these. `accompanied`: other sources have records, so that cross-ids may lead to them.
 * `sent`: patches that are on their way to these records.
 */
type Beside = { inherited: ReadonlyMap<string, readonly ConsentFact[]>; accompanied: boolean; sent: Sent }

export async function judgeRecords(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  identified: readonly Identified[],
  { inherited, accompanied, sent }: Beside,
): Promise<Decided> {
  if (identified.length === 0) return { decisions: [], rows: [], rechecks: [], rung: [], entries: [] }
  const cluster = await loadNeighbourhood(shell, landscape, identified, accompanied)
  const subjects = await assignSubjects(cluster, (count) => nextSubjects(shell.db, count))
  const listed = await loadListed(shell, identified)
  const facts = collectFacts(shell, target, identified, cluster, { inherited, sent, listed })
  await internFactKinds(shell.db, shell.dictionary, spoken(facts))
  const crowds = await loadCrowds(shell, cluster, facts)
  const judged = await contextsOf(shell, identified, cluster, { facts, listed, crowds })
  const newer = freshAmong(target, judged, listed)
  const waiting = await undecided(shell, target, newer)
  const decisions = judged.map(({ record, context: known, twins }) => {
    const { id } = record.ref
    const context = waiting.size > 0 && waiting.has(id) ? { ...known, undecided: true } : known
    return { id, outcome: outcomeOf(shell, target, record, context), context, twins }
  })
  const drafts = decisions.map(({ outcome }) => outcome.draft)
  const fresh = await internVerdicts(shell.db, shell.dictionary, drafts)
  const rows = identified.map((one, index) => rowOf(shell, target, one, decisions[index]!.outcome, { facts, subjects }))
  await saveLinks(shell, identified, cluster, subjects)
  const entries = [
    ...(await noteSeen(shell, target, listed, newer)),
    ...verdictEntries(fresh),
    ...decisionEntries(target, identified, rows, drafts),
  ]
  return {
    decisions,
    rows,
    entries,
    rechecks: rechecksAround(shell, cluster, new Map(identified.map(({ node }, index) => [node.key, rows[index]!.facts]))),
    rung: crowds.changed,
  }
}

function spoken(facts: Known['facts']): readonly ConsentFact[] {
  const all: ConsentFact[] = []
  for (const some of facts.values()) for (const fact of some) all.push(fact)
  return all
}

type Around = { facts: Known['facts']; listed: ListedOnes; crowds: Crowds }

/** What each record is judged with. */
async function contextsOf(
  shell: Shell,
  identified: readonly Identified[],
  cluster: Cluster,
  { facts, listed, crowds }: Around,
): Promise<{ record: CrmRecord; context: JudgeContext; twins: readonly Node[] }[]> {
  const wishOf = await loadWishes(shell.db, identified)
  return identified.map((one) => {
    const { record } = one
    // Of those that were stored the cluster has a copy, with their former addresses.
    const node = one.node.stored === null ? one.node : cluster.nodes.get(one.node.key)!
    const twins = cluster.groupOf.get(node.key)?.filter((other) => other !== node) ?? nobody
    const known = factsOfSubject(shell, cluster, crowds, facts, node)
    const lastAct = twins.length === 0 ? null : lastActOf(twins)
    const suppressed = listed.size > 0 && listed.has(record.ref.id)
    return { record, context: { facts: known, lastAct, suppressed, ...wishOf(one) }, twins }
  })
}

const nobody: readonly never[] = Object.freeze([])

async function loadNeighbourhood(
  shell: Shell,
  landscape: Landscape,
  identified: readonly Identified[],
  accompanied: boolean,
): Promise<Cluster> {
  const referred = accompanied ? referencesOf(identified) : new Map<string, string>()
  const named = (name: string): { source: number; id: string }[] => {
    if (!accompanied) return []
    const [connection, object, id] = (referred.get(name) ?? '').split(':')
    return landscape.places
      .filter((one) => one.source.connection === connection && one.source.object === object)
      .map((one) => ({ source: one.source.id, id: id! }))
  }
  return loadCluster(
    shell.db,
    identified.map((one) => one.node),
    acquaintance(shell, landscape, named),
  )
}

/** The records that these name, by hash. */
function referencesOf(identified: readonly Identified[]): ReadonlyMap<string, string> {
  const references = new Map<string, string>()
  for (const { node, named } of identified) for (const [index, name] of node.names.entries()) references.set(name, named[index]!)
  return references
}

/** What a cluster asks of these places. `named`: the records behind a hash that one of the batch names. */
export function acquaintance(shell: Shell, landscape: Landscape, named: Acquaintance['named']): Acquaintance {
  const bySource = new Map(landscape.places.map((one) => [one.source.id, one]))
  const lasting = new Set([...shell.dictionary.factKinds].flatMap(([id, kind]) => (outlivesRecord(kind) ? [id] : [])))
  return {
    own: (source, id) => {
      const other = bySource.get(source)
      return other ? ownHash(shell, other, id) : null
    },
    named,
    heard: (record) => (landscape.retired.has(record.source) ? { ...record, facts: keepFacts(record.facts, lasting) } : record),
  }
}

/** What is known of the records of a batch, by node key. */
type Known = {
  facts: ReadonlyMap<string, readonly ConsentFact[]>
  subjects: ReadonlyMap<string, number>
}

function rowOf(
  shell: Shell,
  target: Target,
  { record, content, node }: Identified,
  { draft, reviewOn }: Outcome,
  { facts, subjects }: Known,
): StoredRecord {
  return {
    source: target.source.id,
    id: record.ref.id,
    subject: subjects.get(node.key) ?? null,
    content,
    email: node.emails[0] ?? null,
    name: node.names[0] ?? null,
    given: node.given,
    family: node.family,
    personal: (node.personal & 1) === 1,
    verdict: shell.dictionary.verdictIds.get(draft.key)!,
    reviewOn: reviewOn !== null && reviewOn > target.today ? reviewOn : null,
    gone: false,
    facts: packFacts(facts.get(node.key) ?? [], (fact) => shell.dictionary.factKindIds.get(fact)!, node.lastAct),
  }
}

async function saveLinks(
  shell: Shell,
  identified: readonly Identified[],
  cluster: Cluster,
  subjects: ReadonlyMap<string, number>,
): Promise<void> {
  const owners = identified.map((one) => one.node).filter((node) => node.stored !== null || hasFurtherIdentifiers(node))
  await saveIdentifiers(
    shell.db,
    owners.filter((node) => node.stored),
    owners.flatMap(furtherIdentifiers),
  )
  if (cluster.nodes.size === identified.length) return
  const changed = new Set(identified.map((one) => one.node.key))
  const moved = [...cluster.nodes.values()].filter(
    (node) => !changed.has(node.key) && (subjects.get(node.key) ?? null) !== node.stored!.subject,
  )
  await saveSubjects(
    shell.db,
    moved.map((node) => ({ source: node.source, id: node.id, subject: subjects.get(node.key) ?? null })),
  )
}

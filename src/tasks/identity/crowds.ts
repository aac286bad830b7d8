/** What is refused at mailboxes that are too crowded to load everybody: it binds all who read them (GDPR art. 21(3)), however many they are. */
import type { ConsentFact } from '../../core/consent/consent.ts'
import { unpackFacts } from '../../store/facts.ts'
import { loadMailboxFacts } from '../../store/mailboxes.ts'
import type { Cluster } from './cluster.ts'
import { mailboxesOf, type Node } from './cluster-node.ts'
import { isNegative, refusalsByEmail, sameRefusals } from '../judge/facts.ts'
import type { Shell } from '../shell.ts'

/** `refusals`: by address, what holds from now on for everybody there. `changed`: addresses at which that is not what held before. */
export type Crowds = { readonly refusals: ReadonlyMap<string, readonly ConsentFact[]>; readonly changed: readonly string[] }

const none: Crowds = { refusals: new Map(), changed: [] }

/** `facts`: those of the records of the batch from now on, by node key. */
export async function loadCrowds(shell: Shell, cluster: Cluster, facts: ReadonlyMap<string, readonly ConsentFact[]>): Promise<Crowds> {
  if (cluster.crowded.size === 0) return none
  const kinds = shell.dictionary.factKinds
  const negative = [...kinds].filter(([, kind]) => refusalsByEmail([{ ...kind, at: null }]).length > 0).map(([id]) => id)
  const batch = [...facts.keys()].map((key) => cluster.nodes.get(key)!)
  const said = await loadMailboxFacts(shell.db, [...cluster.crowded], negative, batch)
  const others = Map.groupBy(said, (one) => one.hash)
  const now = gather(batch, mailboxesOf, cluster.crowded, (node) => facts.get(node.key)!)
  const before = gather(
    batch,
    (node) => node.formerly,
    cluster.crowded,
    (node) => unpackFacts(node.stored?.facts ?? null, kinds),
  )
  const refusals = new Map<string, readonly ConsentFact[]>()
  const changed: string[] = []
  for (const hash of cluster.crowded) {
    const rest = refusalsByEmail((others.get(hash) ?? []).map(({ kind, at }) => ({ ...kinds.get(kind)!, at: at || null })))
    const held = [...rest, ...(before.get(hash) ?? [])]
    const holds = [...rest, ...(now.get(hash) ?? [])]
    refusals.set(hash, holds)
    if (!sameRefusals(held, holds)) changed.push(hash)
  }
  return { refusals, changed }
}

/** The refusals by e-mail of the given records, by address. */
function gather(
  nodes: readonly Node[],
  addressesOf: (node: Node) => readonly string[],
  wanted: ReadonlySet<string>,
  factsOf: (node: Node) => readonly ConsentFact[],
): ReadonlyMap<string, readonly ConsentFact[]> {
  const found = new Map<string, Map<string, ConsentFact>>()
  for (const node of nodes) {
    const addresses = addressesOf(node).filter((address) => wanted.has(address))
    if (addresses.length === 0) continue
    const facts = factsOf(node)
    if (!facts.some(isNegative)) continue
    for (const address of addresses) {
      const known = found.get(address) ?? new Map<string, ConsentFact>()
      found.set(address, known)
      // Equal ones once: a crowd that said the same must not make a list of the crowd's length.
      for (const fact of refusalsByEmail(facts)) known.set(JSON.stringify(fact), fact)
    }
  }
  return new Map(Array.from(found, ([address, facts]) => [address, [...facts.values()]]))
}

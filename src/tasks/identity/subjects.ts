/** Who is one person: subject numbers for the groups of a cluster, by node key. A record alone has none, and is not in the answer. */
import type { Cluster } from './cluster.ts'
import type { Node } from './cluster-node.ts'

/** A group keeps the lowest number that its members had; of two groups that had the same one, the first keeps it. */
export async function assignSubjects(cluster: Cluster, next: (count: number) => Promise<number[]>): Promise<Map<string, number>> {
  const subjects = new Map<string, number>()
  const taken = new Set<number>()
  const nameless: (readonly Node[])[] = []
  for (const group of cluster.groups) {
    const had = group
      .flatMap((node) => (node.stored?.subject ? [Number(node.stored.subject)] : []))
      .filter((subject) => !taken.has(subject))
    if (had.length === 0) nameless.push(group)
    else name(group, Math.min(...had))
  }
  const fresh = nameless.length > 0 ? await next(nameless.length) : []
  nameless.forEach((group, index) => name(group, fresh[index]!))
  return subjects

  function name(group: readonly Node[], subject: number): void {
    taken.add(subject)
    for (const node of group) subjects.set(node.key, subject)
  }
}

/** Who is met at which address, as a cluster grows. */
import { mailboxesOf, type Node } from './cluster-node.ts'

/** `neighbours`: who has an address in common with another. */
export type Addresses = {
  byEmail: ReadonlyMap<string, readonly Node[]>
  neighbours: ReadonlySet<Node>
  /** Adds a node, and answers those of its addresses, present and former, that nobody before it had. */
  meet: (node: Node) => readonly string[]
}

/** An address is looked up once where its record comes in: most are nobody else's, and need not be asked for again. */
export function createAddresses(): Addresses {
  const byEmail = new Map<string, Node[]>()
  const neighbours = new Set<Node>()
  const former = new Set<string>()
  return {
    byEmail,
    neighbours,
    meet(node) {
      const fresh: string[] = []
      for (const email of mailboxesOf(node)) {
        const holders = byEmail.get(email)
        if (holders === undefined) {
          byEmail.set(email, [node])
          if (former.size === 0 || !former.has(email)) fresh.push(email)
        } else {
          if (holders.length === 1) neighbours.add(holders[0]!)
          neighbours.add(node)
          holders.push(node)
        }
      }
      for (const email of node.formerly) {
        if (byEmail.has(email) || former.has(email)) continue
        former.add(email)
        fresh.push(email)
      }
      return fresh
    },
  }
}

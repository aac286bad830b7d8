import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAddresses } from '../../../src/tasks/identity/addresses.ts'
import type { Node } from '../../../src/tasks/identity/cluster-node.ts'

const addresses = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 3 })

it('tells who is met where, who meets another, and which addresses are new', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(addresses, addresses, addresses), { maxLength: 6 }), (people) => {
      const nodes = people.map(([emails, quiet, formerly], id) => ({ id: String(id), emails, quiet, formerly }) as unknown as Node)
      const met = createAddresses()
      const fresh = nodes.flatMap((node) => met.meet(node))
      const holders = Map.groupBy(
        nodes.flatMap((node) => [...node.emails, ...node.quiet].map((email) => ({ email, node }))),
        ({ email }) => email,
      )
      expect(met.byEmail).toEqual(new Map(Array.from(holders, ([email, list]) => [email, list.map(({ node }) => node)])))
      const together = [...holders.values()].filter((list) => list.length > 1).flat()
      expect(met.neighbours).toEqual(new Set(together.map(({ node }) => node)))
      expect(fresh).toEqual([...new Set(nodes.flatMap((node) => [...node.emails, ...node.quiet, ...node.formerly]))])
    }),
    { seed: 20_261_123, numRuns: 500 },
  )
})

/** One part of the comparison, in a process of its own: PART PARTS COUNT. Prints the rules that were met. */
import { compare } from './evaluate-compare.ts'
import { worldOf } from './evaluate-world.ts'

const [part = 0, parts = 1, count = 0] = process.argv.slice(2).map(Number)
process.stdout.write(`${JSON.stringify([...(await compare(worldOf(), count, { part, parts }))])}\n`)

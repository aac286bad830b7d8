/** One side in a process of its own: `own`, or a style of the peer; then COUNT and WARM. Prints its rates. */
import { ownRates, peerRate } from './evaluate-rate.ts'
import { styles, worldOf } from './evaluate-world.ts'

const [side = '', ...numbers] = process.argv.slice(2)
const [count = 0, warm = 0] = numbers.map(Number)
const style = styles.find((one) => one === side)
const rates = style === undefined ? await ownRates(worldOf(), { count, warm }) : await peerRate(worldOf(), style, { count, warm })
process.stdout.write(`${JSON.stringify(rates)}\n`)

/** Sends deliveries for a while. argv: URL PUBLIC-URL LANES RATE-or-0 SECONDS FROM */
import { setTimeout as pause } from 'node:timers/promises'
import { startSender } from '../test/prove/sender.ts'

const [url, publicUrl, lanes, rate, seconds, from] = process.argv.slice(2) as [string, string, string, string, string, string]
const sender = startSender({ url, publicUrl, lanes: Number(lanes), rate: Number(rate) || null, events: 1, from: Number(from) })
const began = performance.now()
await pause(Number(seconds) * 1_000)
await sender.stop()
const elapsed = (performance.now() - began) / 1_000
const took = sender.took.sort((a, b) => a - b)
const refused = [...sender.answers].filter(([status]) => status !== 200).reduce((sum, [, count]) => sum + count, 0)
process.stdout.write(
  `${JSON.stringify({ rate: sender.acknowledged.size / elapsed, p50: took[Math.floor(took.length * 0.5)], p99: took[Math.floor(took.length * 0.99)], refused })}\n`,
)
process.exit(0)

/** Workflows of four steps that do nothing but be durable, many at a time. argv: DATABASE-URL COUNT CONCURRENCY */
import { DBOS } from '@dbos-inc/dbos-sdk'

const [url, count, concurrency] = process.argv.slice(2) as [string, string, string]
// Its pool sends a statement on a connection that has one under way, which the driver warns of: nothing of ours.
process.noDeprecation = true
const step = (name: string): Promise<void> => DBOS.runStep(async () => undefined, { name })
const erase = DBOS.registerWorkflow(
  async (): Promise<void> => {
    for (const name of ['silence', 'prepare', 'erase', 'look']) await step(name)
  },
  { name: 'erase' },
)
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePoolSize: 20, logLevel: 'error', runAdminServer: false })
await DBOS.launch()
const run = async (total: number): Promise<number> => {
  let left = total
  const began = performance.now()
  await Promise.all(
    Array.from({ length: Number(concurrency) }, async () => {
      while (left-- > 0) await erase()
    }),
  )
  return total / ((performance.now() - began) / 1_000)
}
// The first ones load and compile.
await run(Number(concurrency))
const rate = await run(Number(count))
await DBOS.shutdown()
process.stdout.write(`${JSON.stringify({ rate })}\n`)
process.exit(0)

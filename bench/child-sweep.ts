/** One sweep of the build in a process of its own. Prints seconds, records and memory as JSON. */
import { parseArgs } from 'node:util'
import type * as main from '../src/main.ts'
import type * as settings from '../src/settings.ts'
import { built } from './build.ts'

const { openAccord } = await built<typeof main>('main')
const { readSettings } = await built<typeof settings>('settings')

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string' },
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seconds: { type: 'string' },
  },
})
const accord = await openAccord(readSettings(process.env, { data: values.data! }), { only: values.only! })
const limit = new AbortController()
if (values.seconds) setTimeout(() => limit.abort(new Error('time is up')), Number(values.seconds) * 1_000)
let records = 0
const started = performance.now()
let apiCalls = 0
let error = ''
try {
  const [summary] = await accord.sweep(
    { full: values.full, keep: true, write: values.write, progress: (event) => void (event.step === 'pull' && (records = event.done)) },
    limit.signal,
  )
  apiCalls = summary!.apiCalls
  records = summary!.records
  error = summary!.error?.message ?? ''
} catch (reason) {
  if (!limit.signal.aborted) throw reason
}
const seconds = (performance.now() - started) / 1_000
await accord.close()
process.stdout.write(`${JSON.stringify({ seconds, records, apiCalls, error, rssMiB: process.resourceUsage().maxRSS / 1024 })}\n`)
process.exit(0)

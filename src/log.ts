/** Structured lines on standard error. What looks like an address, a phone, an account or a token is struck out on the way. */
import { pino } from 'pino'
import type { Log } from './tasks/shell.ts'

const PATTERNS: readonly [RegExp, string][] = [
  [/[^\s"'<>@,;:()]{1,64}@[^\s"'<>@,;:()]{1,255}/gu, '[e-mail]'],
  [/\b(?:pat-[a-z0-9]+-[0-9a-f-]{8,}|00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+|Bearer\s+\S+)/g, '[token]'],
  // A day of a calendar has eight digits too, and is no number of anybody.
  // Nor is the id in a reference to a record (hubspot/contacts/163548291234), which no remedy could be carried out without.
  [
    /(?<![\w-])(?!(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d(?![ .()/-]*\d))(?!(?<=(?<![\w/-])[a-z][a-z0-9-]*\/[A-Za-z]\w*\/)(?:[1-9]\d{8,14}|00\d{13})(?![ .()/-]*\d))\+?\d[\d .()/-]{8,}\d(?![\w-])/g,
    '[number]',
  ],
]

/** Exported for its tests: every text that leaves by the log passes here. */
export function strike(text: string): string {
  return PATTERNS.reduce((struck, [pattern, mark]) => struck.replace(pattern, mark), text)
}

/** The course of things. Whatever else is logged means that something is not as it should be, and is seen at the default level. */
const USUAL: ReadonlySet<string> = new Set([
  'database opened',
  'sweep.started',
  'sweep.finished',
  'window.fired',
  'hubspot.throttled',
  'hubspot.subscriptions-one-by-one',
  'salesforce.job-kept',
  'salesforce.stream.listening',
  'salesforce.stream.ended',
])

export function createLog(level: string): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line) => void process.stderr.write(line) })
  return (event, facts = {}) => {
    const struck = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? strike(value) : value]),
    )
    if (USUAL.has(event)) logger.info(struck, event)
    else logger.warn(struck, event)
  }
}

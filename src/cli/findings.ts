import { Command, Option } from 'commander'
import type { Kysely } from 'kysely'
import { loadConnections, loadPolicy } from '../config/load.ts'
import { undeclaredField, unusedField } from '../core/minimisation/minimisation.ts'
import { meant } from '../core/policy/problem.ts'
import { RULES } from '../core/judge/rules.ts'
import { openStore } from '../main.ts'
import { readSettings, type Settings } from '../settings.ts'
import { countFindings, listConnectionFindings, listFindings, storedRules, type FindingFilter } from '../store/findings.ts'
import { sweptConnections } from '../store/sources.ts'
import { lastSweeps } from '../store/sweeps.ts'
import type { Tables } from '../store/tables.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine, printTable } from './output.ts'
import { KINDS } from './summary.ts'
import { wholeNumber } from './whole-number.ts'

type Flags = {
  config?: string
  data?: string
  json?: boolean
  connection?: string
  kind?: string
  rule?: string
  list?: boolean
  limit: string
}

export function findingsCommand(): Command {
  return new Command('findings')
    .description('What is to be put right, by connection, kind and rule. Shows references to records, never names.')
    .option('--connection <name>', 'only this connection')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(Object.keys(KINDS)))
    .option('--rule <id>', 'only this rule, such as consent.unproved')
    .option('--list', 'one line per record and rule instead of counts, after what a connection breaks as a whole')
    .option('--limit <n>', 'with --list: at most so many records', '100')
    .action(async (flags: Flags) => {
      const limit = wholeNumber(flags.limit, '--limit', 1)
      const { connection, kind, rule } = flags
      const filter = { ...(connection ? { connection } : {}), ...(kind ? { kind } : {}), ...(rule ? { rule } : {}) }
      const settings = readSettings(process.env, flags)
      const store = await openStore(settings)
      try {
        await refuseUnknown(store.db, settings, filter)
        if (flags.list) {
          await list(store.db, filter, limit, flags.json === true)
          return
        }
        const counts = await countFindings(store.db, filter)
        if (flags.json) printJson({ counts })
        else if (counts.length === 0) printLine(await nothingFound(store.db, connection))
        else
          printTable(
            ['connection', 'object', 'kind', 'rule', 'severity', 'records'],
            counts.map((row) => [row.connection, row.object, row.kind, row.rule, row.severity, row.records]),
          )
      } finally {
        await store.close()
      }
    })
}

async function list(db: Kysely<Tables>, filter: FindingFilter, limit: number, json: boolean): Promise<void> {
  const ofAll = (await listConnectionFindings(db, filter)).map((row) => ({ record: null, ...row, id: null }))
  // One more than is shown tells whether there is more.
  const found = await listFindings(db, filter, limit + 1)
  const more = found.length > limit
  const rows = [...ofAll, ...found.slice(0, limit).map((row) => ({ record: `${row.connection}/${row.object}/${row.id}`, ...row }))]
  if (json) {
    printJson({ findings: rows, more })
    return
  }
  if (rows.length === 0) {
    printLine(await nothingFound(db, filter.connection))
    return
  }
  printTable(
    ['record', 'rule', 'severity', 'fields', 'law'],
    rows.map(({ record, connection, object, rule, severity, fields, ref }) => [
      record ?? `${connection}/${object}: all`,
      rule,
      severity,
      someOf(fields),
      ref,
    ]),
  )
  if (more) printLine(`\nThere are more: only ${limit.toLocaleString('en')} are shown. --limit shows more, --rule and --kind less.`)
}

/** A record may have hundreds of fields that nobody needs: "accord explain" and --json name them all. */
function someOf(fields: readonly string[]): string {
  return fields.length > 5 ? `${fields.slice(0, 4).join(', ')} and ${fields.length - 4} more` : fields.join(', ')
}

/** What is misspelt has no findings, which must not look like an all-clear. */
async function refuseUnknown(db: Kysely<Tables>, { configDir, env }: Settings, { connection, rule }: FindingFilter): Promise<void> {
  if (connection !== undefined) {
    const stored = await sweptConnections(db)
    const configured = stored.includes(connection) ? [] : loadConnections(configDir, env, { lenient: true }).connections.map(({ id }) => id)
    const known = [...new Set([...configured, ...stored])]
    if (!known.includes(connection)) throw new UsageError(`there is no connection "${connection}"; there is ${known.join(', ')}`)
  }
  if (rule === undefined) return
  const shipped = [...Object.keys(RULES), undeclaredField, unusedField, ...(await storedRules(db))]
  if (shipped.includes(rule)) return
  const known = [...shipped, ...loadPolicy(configDir).detectors.map(({ id }) => `sensitive.${id}`)]
  if (!known.includes(rule)) throw new UsageError(`there is no rule "${rule}"; ${meant(rule, known, 'docs/policy.md lists them all')}`)
}

async function nothingFound(db: Kysely<Tables>, connection: string | undefined): Promise<string> {
  const swept = (await lastSweeps(db)).map((one) => one.connection)
  if (connection === undefined ? swept.length > 0 : swept.includes(connection)) return 'No open findings.'
  return `Nothing is known yet: no sweep ${connection === undefined ? '' : `of ${connection} `}has come to its end. Run "accord sweep" first.`
}

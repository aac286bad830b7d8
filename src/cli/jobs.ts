import { Command } from 'commander'
import { openStore } from '../main.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { loadDeadJobs, type DeadJob } from '../store/dead-jobs.ts'
import { openJobs } from '../store/jobs.ts'
import { printJson, printLine, printTable } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; all?: boolean }

/** More than that nobody reads in one go. */
const LIST_AT_MOST = 200

export function jobsCommand(): Command {
  return new Command('jobs')
    .description('Jobs that were given up after failing for two hours: see why, and retry them.')
    .addCommand(listCommand())
    .addCommand(retryCommand())
    .addHelpText(
      'after',
      '\nA job only says that there is work; the work itself stays in the database and is done as soon as a later job succeeds. No job holds personal data.',
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('List them, the latest first, with the reason of the last attempt.')
    .action(async (flags: Flags) => {
      const store = await openStore(readSettings(process.env, flags))
      try {
        const dead = await loadDeadJobs(store.db, LIST_AT_MOST)
        if (flags.json) printJson(dead)
        else show(dead)
      } finally {
        await store.close()
      }
    })
}

function show(dead: readonly DeadJob[]): void {
  if (dead.length === 0) return printLine('No job was given up.')
  printTable(
    ['id', 'job', 'connection', 'since', 'attempts', 'reason'],
    dead.map((job) => [job.id, job.queue, job.key, job.at, job.attempts, job.reason]),
  )
}

function retryCommand(): Command {
  return new Command('retry')
    .description('Try them again: those with these ids, or all.')
    .argument('[id...]', 'as "accord jobs list" shows them')
    .option('--all', 'every one that is listed')
    .action(async (ids: string[], flags: Flags) => {
      if (ids.length === 0 && !flags.all) throw new SettingsError('which jobs? give ids, as "accord jobs list" shows them, or --all')
      const store = await openStore(readSettings(process.env, flags))
      try {
        const dead = await loadDeadJobs(store.db, LIST_AT_MOST)
        const chosen = flags.all ? dead.map((job) => job.id) : ids
        const strangers = chosen.filter((id) => !dead.some((job) => job.id === id))
        if (strangers.length > 0)
          throw new SettingsError(`there is no job ${strangers.join(', ')}; "accord jobs list" shows those that were given up`)
        const retried = chosen.length === 0 ? 0 : await retry(store, chosen)
        if (flags.json) printJson({ retried })
        else printLine(retried === 1 ? 'One job waits to be tried again.' : `${retried} jobs wait to be tried again.`)
      } finally {
        await store.close()
      }
    })
}

async function retry(store: Awaited<ReturnType<typeof openStore>>, ids: readonly string[]): Promise<number> {
  const jobs = await openJobs(store.database, () => undefined, { worker: false })
  try {
    return await jobs.retry(ids)
  } finally {
    await jobs.stop(0)
  }
}

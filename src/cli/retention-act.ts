import { Command } from 'commander'
import { loadList } from '../store/retention-lists.ts'
import { dueLists } from '../store/retention-turns.ts'
import { approveList, stopList } from '../tasks/retention/approve.ts'
import type { RetentionDeps } from '../tasks/retention/deps.ts'
import { openStops } from '../store/retention-guard.ts'
import { confirmGuards, stopsDigest } from '../tasks/retention/guard.ts'
import { INTERNAL } from '../tasks/fault.ts'
import { advanceList } from '../tasks/retention/retention.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { userOf } from './request-deps.ts'
import { acceptedList, listId, stateWord, viewOf, withRetention, type Flags } from './retention-deps.ts'
import { wholeNumber } from './whole-number.ts'

export function approveCommand(): Command {
  return new Command('approve')
    .description(
      'Approve exactly the list that was shown; it is carried out after the waiting time of the policy. Above the brake two different people must approve.',
    )
    .argument('<list>', 'its number')
    .requiredOption('--digest <digest>', 'of the list that you have looked at, as it was shown')
    .requiredOption('--user <name>', 'who approves')
    .option('--count <records>', 'how many records go; asked for above the brake', (text) => wholeNumber(text, '--count', 0))
    .action(async (typed: string, flags: Flags & { digest: string; user: string; count?: number }) => {
      const user = userOf(flags.user)
      if (flags.digest.length < 12) throw new UsageError('--digest takes at least 12 characters of it')
      await withRetention(flags, async (deps) => {
        const id = await listId(deps.shell.db, typed)
        const { retention } = (await loadList(deps.shell.db, id))!
        const shown = retention.status === 'none' ? '' : retention.shown.digest
        const digest = shown.startsWith(flags.digest) ? shown : flags.digest
        const given = { user, digest, count: flags.count ?? null }
        const list = acceptedList(await untilInterrupted((signal) => approveList(deps, id, given, signal), 'again'))
        if (flags.json) printJson(viewOf(list))
        else printLine(`${id}: ${stateWord(list.retention)}`)
      })
    })
}

export function stopCommand(): Command {
  return new Command('stop')
    .description('Stop a list: everybody for whom nothing has begun is kept; what has begun is finished and verified.')
    .argument('<list>', 'its number')
    .requiredOption('--user <name>', 'who stops it')
    .action(async (typed: string, flags: Flags & { user: string }) => {
      const user = userOf(flags.user)
      await withRetention(flags, async (deps) => {
        const list = acceptedList(await stopList(deps, await listId(deps.shell.db, typed), user))
        if (flags.json) printJson(viewOf((await loadList(deps.shell.db, list.id))!))
        else printLine(`${list.id}: stopped`)
      })
    })
}

export function runCommand(): Command {
  return new Command('run')
    .description('Run the steps of approved lists that are due now. "accord serve" does so automatically.')
    .argument('[list]', 'its number; without it, every one')
    .action(async (typed: string | undefined, flags: Flags) => {
      await withRetention(flags, async (deps) => {
        const { shell } = deps
        const ids =
          typed === undefined
            ? await dueLists(shell.db, new Date(shell.now()).toISOString(), await shell.claims.living(), 1_000)
            : [await listId(shell.db, typed)]
        await carryOn(deps, ids, flags)
      })
    })
}

async function carryOn(deps: RetentionDeps, ids: readonly string[], flags: Flags): Promise<void> {
  const lists = []
  for (const id of ids) {
    const advanced = await untilInterrupted((signal) => advanceList(deps, id, signal), 'retention')
    const list = (await loadList(deps.shell.db, id))!
    lists.push({ ...viewOf(list), outcome: advanced.outcome, why: advanced.outcome === 'stopped' ? advanced.why : null })
    if (advanced.outcome === 'stopped' || advanced.outcome === 'postponed') process.exitCode = 1
    if (flags.json) continue
    printLine(`${id}: ${stateWord(list.retention)}`)
    if (advanced.outcome === 'stopped') printLine(`STOPPED: ${advanced.why}`)
    if (advanced.outcome === 'postponed')
      printLine(
        `${advanced.fault === INTERNAL ? 'An error of Accord itself, which the log names under retention.failed,' : 'A CRM'} is in the way (${advanced.fault}): it is tried again after ${new Date(advanced.until).toISOString()}.`,
      )
  }
  if (flags.json) printJson({ lists })
  else if (ids.length === 0) printLine('Nothing is due.')
}

export function confirmCommand(): Command {
  return new Command('confirm')
    .description(
      'Let retention continue after it stopped itself: you confirm that the date is right and that the CRMs’ fields are as they should be.',
    )
    .requiredOption('--digest <digest>', 'of what you have looked at, as "accord retention show" names it')
    .requiredOption('--user <name>', 'who has looked')
    .action(async (flags: Flags & { digest: string; user: string }) => {
      const user = userOf(flags.user)
      if (flags.digest.length < 12) throw new UsageError('--digest takes at least 12 characters of it')
      await withRetention(flags, async (deps) => {
        const open = stopsDigest(await openStops(deps.shell.db))
        const digest = open.startsWith(flags.digest) ? open : flags.digest
        const confirmed = await untilInterrupted((signal) => confirmGuards(deps, { user, digest }, signal), 'again')
        if (confirmed.outcome === 'changed')
          throw new UsageError('something else stops retention than what was shown: "accord retention show"')
        if (confirmed.outcome === 'refused') throw new UsageError(`this is mended, not confirmed: ${confirmed.still.join('; ')}`)
        if (flags.json) printJson({ confirmed: confirmed.stops })
        else if (confirmed.stops.length === 0) printLine('Nothing was stopped.')
        else for (const { detail } of confirmed.stops) printLine(`confirmed: ${detail}`)
      })
    })
}

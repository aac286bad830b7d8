import { Command } from 'commander'
import { toApprove as toApproveChange } from '../core/request/change.ts'
import { toApprove } from '../core/erasure/erasure.ts'
import { dueRequests } from '../store/request-turns.ts'
import { loadRequest } from '../store/requests.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import { approveChange } from '../tasks/change/decisions.ts'
import { approveRequest } from '../tasks/request/decisions.ts'
import { carryAround } from './request-around.ts'
import { carryOn, printDelay } from './request-carry.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { accepted, requestId, userOf, withDeps, type Flags } from './request-deps.ts'
import { standingWord, viewOf } from './request-show.ts'
import { wholeNumber } from './whole-number.ts'

export function approveCommand(): Command {
  return new Command('approve')
    .description('Carry out exactly what was shown. What is erased cannot be brought back.')
    .argument('<request>', 'its number')
    .requiredOption('--digest <digest>', 'of the plan that you have looked at, as it was shown')
    .requiredOption('--user <name>', 'who approves')
    .option('--count <records>', 'how many records go; asked for when there are many', (text) => wholeNumber(text, '--count', 0))
    .action(async (typed: string, flags: Flags & { digest: string; user: string; count?: number }) => {
      const user = userOf(flags.user)
      if (flags.digest.length < 12) throw new UsageError('--digest takes at least 12 characters of it')
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        const { kind, erasure, change } = (await loadRequest(deps.shell.db, id))!
        const shown = (kind === 'erasure' ? toApprove(erasure) : toApproveChange(change))?.digest ?? ''
        const digest = shown.startsWith(flags.digest) ? shown : flags.digest
        const approving = { user, digest, count: flags.count ?? null }
        accepted(await (kind === 'erasure' ? approveRequest(deps, id, approving) : approveChange(deps, id, approving)))
        await carryAll(deps, [id], flags)
      })
    })
}

export function retryCommand(): Command {
  return new Command('run')
    .description(
      'Run the steps that are due now: those that a CRM delayed, and the later verifications. "accord serve" does so automatically.',
    )
    .argument('[request]', 'its number; without it, every one')
    .action(async (typed: string | undefined, flags: Flags) => {
      await withDeps(flags, async (deps) => {
        const { shell } = deps
        if (typed === undefined) await untilInterrupted((signal) => carryAround(deps, flags, signal), 'requests')
        const due = dueRequests(shell.db, new Date(shell.now()).toISOString(), await shell.claims.living(), 1_000)
        await carryAll(deps, typed === undefined ? await due : [await requestId(shell.db, typed)], flags)
      })
    })
}

async function carryAll(deps: ErasureDeps, ids: readonly string[], flags: Flags): Promise<void> {
  const carried = await carryOn(deps, ids)
  if (flags.json) {
    const requests = carried.map(({ file, advanced }) => ({
      request: file.id,
      standing: viewOf(file).standing,
      heldUp: advanced.outcome === 'postponed' ? advanced.fault : null,
      reason: advanced.outcome === 'postponed' ? advanced.reason : null,
    }))
    return printJson({ requests })
  }
  for (const { file, advanced } of carried) {
    printLine(`${file.id}: ${standingWord(file)}`)
    printDelay(advanced)
  }
  if (carried.length === 0) printLine('Nothing is due.')
}

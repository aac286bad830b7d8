import { Command } from 'commander'
import type { Asked, ErasureDeps } from '../tasks/erasure/deps.ts'
import { planAsked, type Planned } from '../tasks/erasure/plan.ts'
import { planRequest } from '../tasks/request/decisions.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { accepted, requestId, withDeps, type Flags } from './request-deps.ts'
import { approvalWord, printPlan } from './request-plan.ts'
import { askedOf, origins, receiptOf, takeDown, type Receipt, type ReceiptFlags } from './request-receive.ts'
import { readSecretLine } from './secret-line.ts'

type EraseFlags = Flags & ReceiptFlags & { email: string; receive?: boolean; dryRun?: boolean }

export function eraseCommand(): Command {
  return new Command('erase')
    .description('Show what an erasure would do; with --receive, take the request down. Nothing is erased before "accord request approve".')
    .requiredOption('--email <->', '"-": the address is asked for, or read from a pipe; never from the command line')
    .option('--dry-run', 'only show, which is what happens without --receive')
    .option('--receive', 'take the request down: the time to answer runs from its receipt')
    .option('--origin <way>', `how it came in: ${origins.join(', ')}; with --receive`)
    .option('--received <day>', 'the day on which it reached the company (YYYY-MM-DD), if not today; with --receive')
    .option('--user <name>', 'who records it; with --receive')
    .addHelpText('after', '\nWithout --receive nothing is stored and nothing is sent: the CRMs are only read.')
    .action(async (flags: EraseFlags) => {
      if (flags.dryRun === true && flags.receive === true)
        throw new UsageError('a dry run takes nothing down: leave out --receive or --dry-run')
      const receipt = flags.receive === true ? receiptOf(flags) : null
      const typed = await readSecretLine(flags.email, 'e-mail address')
      await withDeps(flags, async (deps) => {
        const asked = askedOf(deps, typed)
        const { id, planned } = await untilInterrupted(
          (signal) => lookFor(deps, asked, receipt, signal),
          receipt === null ? 'again' : 'requests',
        )
        if (flags.json) printJson({ request: id, plan: planned.plan })
        else {
          printPlan(planned.plan)
          printLine()
          printLine(
            id === null ? 'Dry run: nothing was stored, nothing was sent. --receive takes the request down.' : nextWord(id, planned),
          )
        }
      })
    })
}

export function planCommand(): Command {
  return new Command('plan')
    .description('Look again, and show what would be done; --record adds one that was only suggested.')
    .argument('<request>', 'its number')
    .option('--record <key...>', 'a suggested record that you have recognised as the person, such as hubspot:contacts:123')
    .action(async (typed: string, flags: Flags & { record?: string[] }) => {
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        const { changed, planned } = await untilInterrupted((signal) => planRequest(deps, id, flags.record ?? [], signal), 'again')
        accepted(changed)
        if (flags.json) printJson({ request: id, plan: planned!.plan })
        else {
          printPlan(planned!.plan)
          printLine()
          printLine(nextWord(id, planned!))
        }
      })
    })
}

async function lookFor(
  deps: ErasureDeps,
  asked: Asked,
  receipt: Receipt | null,
  signal: AbortSignal,
): Promise<{ id: string | null; planned: Planned }> {
  if (receipt === null) return { id: null, planned: await planAsked(deps, asked, signal) }
  const id = await takeDown(deps, { asked, right: 'erasure', scope: 'all' }, receipt)
  const { changed, planned } = await planRequest(deps, id, [], signal)
  accepted(changed)
  return { id, planned: planned! }
}

function nextWord(id: string, { plan }: Planned): string {
  if (plan.items.length === 0)
    return `Nothing was found that is this person for certain. "accord request answer ${id.slice(0, 8)}" notes that you have told them so.`
  return approvalWord(id, plan)
}

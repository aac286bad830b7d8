import { Command } from 'commander'
import { createAddresseeReader } from '../core/intake.ts'
import type { Origin } from '../core/request-identity.ts'
import type { Asked, EraseDesk } from '../tasks/erase-desk.ts'
import { planFor, type Planned } from '../tasks/erase-plan.ts'
import { planRequest, receiveErasure } from '../tasks/request-desk.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { accepted, oneOf, requestId, userOf, withDesk, type Flags } from './request-desk.ts'
import { printPlan } from './request-plan.ts'
import { readSecretLine } from './secret-line.ts'

const origins: readonly Origin[] = ['session', 'signed-link', 'form', 'email', 'phone', 'post', 'in-person', 'representative']

type EraseFlags = Flags & { email: string; receive?: boolean; origin?: string; received?: string; user?: string }

export function eraseCommand(): Command {
  return new Command('erase')
    .description('Show what an erasure would do; with --receive, take the request down. Nothing is erased before "accord request approve".')
    .requiredOption('--email <->', '"-": the address is asked for, or read from a pipe; never from the command line')
    .option('--receive', 'take the request down: the time to answer runs from its receipt')
    .option('--origin <way>', `how it came in: ${origins.join(', ')}; with --receive`)
    .option('--received <day>', 'the day on which it reached the company (YYYY-MM-DD), if not today; with --receive')
    .option('--user <name>', 'who takes it down; with --receive')
    .addHelpText('after', '\nWithout --receive nothing is stored and nothing is sent: the CRMs are only read.')
    .action(async (flags: EraseFlags) => {
      const receipt = flags.receive === true ? receiptOf(flags) : null
      const typed = await readSecretLine(flags.email, 'e-mail address')
      await withDesk(flags, async (desk) => {
        const asked = askedOf(desk, typed)
        const { id, planned } = await untilInterrupted((signal) => lookFor(desk, asked, receipt, signal))
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
      await withDesk(flags, async (desk) => {
        const id = await requestId(desk.shell.db, typed)
        const { changed, planned } = await untilInterrupted((signal) => planRequest(desk, id, flags.record ?? [], signal))
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

type Receipt = { origin: Origin; day: string | null; user: string }

function receiptOf({ origin, received, user }: EraseFlags): Receipt {
  if (origin === undefined) throw new UsageError(`say with --origin how the request came in: ${origins.join(', ')}`)
  if (user === undefined) throw new UsageError('say with --user who takes the request down')
  if (received !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(received)) throw new UsageError('--received takes a day as YYYY-MM-DD')
  return { origin: oneOf('--origin', origin, origins), day: received ?? null, user: userOf(user) }
}

async function lookFor(
  desk: EraseDesk,
  asked: Asked,
  receipt: Receipt | null,
  signal: AbortSignal,
): Promise<{ id: string | null; planned: Planned }> {
  if (receipt === null) return { id: null, planned: await planFor(desk, asked, signal) }
  const { origin, day, user } = receipt
  const { id } = accepted(await receiveErasure(desk, { asked, origin, at: day === null ? desk.shell.now() : noonOf(day), user }))
  // Taken down whatever happens to the CRMs now: the time runs.
  if (!signal.aborted) printReceived(id)
  const { changed, planned } = await planRequest(desk, id, [], signal)
  accepted(changed)
  return { id, planned: planned! }
}

function printReceived(id: string): void {
  process.stderr.write(`Received as ${id}.\n`)
}

function noonOf(day: string): number {
  const at = Date.parse(`${day}T12:00:00Z`)
  if (Number.isNaN(at)) throw new UsageError('--received takes a day as YYYY-MM-DD')
  return at
}

function askedOf({ policy }: EraseDesk, typed: string): Asked {
  const read = createAddresseeReader(policy)({ email: typed })
  if (!read.ok || read.value.mailbox === null) throw new UsageError('this is not exactly one e-mail address')
  const { email, shared } = read.value.mailbox
  if (shared) process.stderr.write(`This is a mailbox that several people read: by itself it selects nobody.\n`)
  return { emails: [email], phones: [], records: [] }
}

function nextWord(id: string, { plan }: Planned): string {
  if (plan.items.length === 0)
    return `Nothing was found that is this person for certain. "accord request answer ${id.slice(0, 8)}" notes that you have told them so.`
  const count = plan.large ? ` --count ${plan.items.filter(({ action }) => action !== 'keep').length}` : ''
  return `To carry out exactly this: accord request approve ${id.slice(0, 8)} --digest ${plan.digest.slice(0, 16)}${count} --user NAME`
}

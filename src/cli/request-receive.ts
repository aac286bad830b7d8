import { Command } from 'commander'
import { createAddresseeReader } from '../core/consent/intake.ts'
import type { Origin } from '../core/request/identity.ts'
import { rights, type Asked as Wanted, type Right } from '../core/request/request.ts'
import type { Asked, ErasureDeps } from '../tasks/erasure/deps.ts'
import { receiveRequest } from '../tasks/request/receive.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'
import { carryOne, printDelay } from './request-carry.ts'
import { accepted, oneOf, userOf, withDeps, type Flags } from './request-deps.ts'
import { standingWord, viewOf } from './request-show.ts'
import { readSecretLine } from './secret-line.ts'

export const origins: readonly Origin[] = ['session', 'signed-link', 'form', 'email', 'phone', 'post', 'in-person', 'representative']
const scopes: readonly Wanted['scope'][] = ['marketing', 'particular-situation']

export type ReceiptFlags = { origin?: string; received?: string; user?: string }
/** `day`: null for today. */
export type Receipt = { origin: Origin; day: string | null; user: string }

export function receiveCommand(): Command {
  return new Command('receive')
    .description('Record a request of a person. The time limit for the answer runs from the day on which it reached the company.')
    .requiredOption('--right <right>', rights.join(', '))
    .option('--scope <scope>', `with objection, to what: ${scopes.join(', ')}`)
    .requiredOption('--email <->', '"-": the address is asked for, or read from a pipe; never from the command line')
    .requiredOption('--origin <way>', `how it came in: ${origins.join(', ')}`)
    .option('--received <day>', 'the day on which it reached the company (YYYY-MM-DD), if not today')
    .requiredOption('--user <name>', 'who records it')
    .addHelpText(
      'after',
      '\nA withdrawal and an objection to marketing take effect at once. For everything else "accord request show" says what comes next.',
    )
    .action(async (flags: Flags & ReceiptFlags & { right: string; scope?: string; email: string }) => {
      const receipt = receiptOf(flags)
      const wanted = wantedOf(oneOf('--right', flags.right, rights), flags.scope)
      const typed = await readSecretLine(flags.email, 'e-mail address')
      await withDeps(flags, async (deps) => {
        const id = await takeDown(deps, { ...wanted, asked: askedOf(deps, typed) }, receipt)
        const { file, advanced } = await carryOne(deps, id)
        if (flags.json) return printJson(viewOf(file))
        printLine(`${id}: to be answered by ${file.lastDay}; ${standingWord(file)}`)
        printDelay(advanced)
      })
    })
}

function wantedOf(right: Right, scope: string | undefined): Wanted {
  return { right, scope: scope === undefined ? 'all' : oneOf('--scope', scope, scopes) }
}

export function receiptOf({ origin, received, user }: ReceiptFlags): Receipt {
  if (origin === undefined) throw new UsageError(`say with --origin how the request came in: ${origins.join(', ')}`)
  if (user === undefined) throw new UsageError('say with --user who takes the request down')
  if (received !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(received) || Number.isNaN(noonOf(received))))
    throw new UsageError('--received takes a day as YYYY-MM-DD')
  return { origin: oneOf('--origin', origin, origins), day: received ?? null, user: userOf(user) }
}

/** Says the number at once: it is taken down whatever happens to the CRMs afterwards. */
export async function takeDown(deps: ErasureDeps, wanted: Wanted & { asked: Asked }, { origin, day, user }: Receipt): Promise<string> {
  const { id } = accepted(await receiveRequest(deps, { ...wanted, origin, at: instantOf(deps, day), user }))
  process.stderr.write(`Received as ${id}.\n`)
  return id
}

/** Noon, which is the same day everywhere in Europe; of today no later than now. */
function instantOf({ shell, calendar: { localDay } }: ErasureDeps, day: string | null): number {
  const now = shell.now()
  const noon = day === null ? now : noonOf(day)
  return localDay(noon) === localDay(now) ? Math.min(noon, now) : noon
}

function noonOf(day: string): number {
  return Date.parse(`${day}T12:00:00Z`)
}

export function askedOf({ policy }: ErasureDeps, typed: string): Asked {
  const read = createAddresseeReader(policy)({ email: typed })
  if (!read.ok || read.value.mailbox === null) throw new UsageError('this is not exactly one e-mail address')
  const { email, shared } = read.value.mailbox
  if (shared) process.stderr.write(`This is a mailbox that several people read: by itself it selects nobody.\n`)
  return { emails: [email], phones: [], records: [] }
}

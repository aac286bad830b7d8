/** What a user decides about a request, one command each. */
import { Command } from 'commander'
import type { Detail, Doubt } from '../core/request/identity.ts'
import type { RefusalReason } from '../core/request/request.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import { answerRequest, doubtRequest, identifyRequest, refuseRequest, withdrawRequest } from '../tasks/request/decisions.ts'
import type { Changed } from '../tasks/request/file.ts'
import { readSettings } from '../settings.ts'
import { acceptObjection, decideLift } from '../tasks/change/decisions.ts'
import { sendLink } from '../tasks/request/link.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'
import { carryOne, printDelay } from './request-carry.ts'
import { accepted, oneOf, requestId, userOf, withDeps, type Flags } from './request-deps.ts'
import { lossesOf, lossLine, standingWord, viewOf } from './request-show.ts'

const doubts: readonly Doubt[] = [
  'address-not-on-record',
  'mailbox-shared',
  'details-contradict',
  'someone-else-writes',
  'account-taken-over',
  'still-unclear',
]
const details: readonly Detail[] = [
  'signed-link',
  'reply-from-known-address',
  'customer-number',
  'order-reference',
  'call-back',
  'mandate',
  'identity-document',
]
const refusals: readonly RefusalReason[] = [
  'identity-not-established',
  'manifestly-unfounded',
  'excessive',
  'no-ground',
  'exempt',
  'compelling-grounds',
]

export function identifyCommand(): Command {
  return new Command('identify')
    .description('Note a doubt about who asks and what would settle it, or what has settled it. The proof itself is never kept.')
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who has the doubt, or has checked')
    .option('--doubt <doubt>', `${doubts.join(', ')}`)
    .option('--ask <detail...>', `with --doubt, what would settle it: ${details.join(', ')}`)
    .option('--proof <detail...>', 'what has settled it: some of what was asked for')
    .option('--link', 'send a link to the address itself; the person settles it by the button behind it')
    .action(async (typed: string, flags: Flags & { user: string; doubt?: string; ask?: string[]; proof?: string[]; link?: boolean }) => {
      const user = userOf(flags.user)
      const { doubt, ask = [], proof = [], link = false } = flags
      if ([doubt !== undefined, proof.length > 0, link].filter(Boolean).length !== 1)
        throw new UsageError('give one of --doubt with --ask, --proof, or --link')
      if (link) {
        if (readSettings(process.env, flags).mail === undefined)
          throw new UsageError('no mail can be sent: set ACCORD_SMTP_URL, ACCORD_MAIL_FROM and ACCORD_PUBLIC_URL')
        return decided(typed, flags, sendLink)
      }
      const proved = proof.map((one) => oneOf('--proof', one, details))
      await decided(typed, flags, (deps, id) =>
        doubt === undefined
          ? identifyRequest(deps, id, {
              user,
              proof: proved.length === 1 && proved[0] === 'signed-link' ? { by: 'signed-link' } : { by: 'details', details: proved },
            })
          : doubtRequest(deps, id, {
              user,
              doubt: oneOf('--doubt', doubt, doubts),
              details: ask.map((one) => oneOf('--ask', one, details)),
            }),
      )
    })
}

export function answerCommand(): Command {
  return new Command('answer')
    .description('Note that the person was told. Refused while it would not be true.')
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who has told them')
    .action((typed: string, flags: Flags & { user: string }) =>
      decided(typed, flags, (deps, id) => answerRequest(deps, id, userOf(flags.user))),
    )
}

export function refuseCommand(): Command {
  return new Command('refuse')
    .description('Note that the request was refused, and why.')
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who has decided')
    .requiredOption('--reason <reason>', refusals.join(', '))
    .action((typed: string, flags: Flags & { user: string; reason: string }) =>
      decided(typed, flags, (deps, id) =>
        refuseRequest(deps, id, { user: userOf(flags.user), reason: oneOf('--reason', flags.reason, refusals) }),
      ),
    )
}

export function withdrawCommand(): Command {
  return new Command('withdraw')
    .description(
      'Note that the person withdraws the request: nothing more is erased. What is erased stays erased, and they stay opted out.',
    )
    .argument('<request>', 'its number')
    .action((typed: string, flags: Flags) => decided(typed, flags, withdrawRequest))
}

export function acceptCommand(): Command {
  return new Command('accept')
    .description(
      'Nothing outweighs an objection for reasons of the person’s situation: what it is about ends. Otherwise refuse it for compelling-grounds.',
    )
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who has weighed it')
    .action((typed: string, flags: Flags & { user: string }) =>
      decided(typed, flags, (deps, id) => acceptObjection(deps, id, userOf(flags.user))),
    )
}

export function liftCommand(): Command {
  return new Command('lift')
    .description(
      'End a restriction. The person is told first (GDPR art. 18(3)): by a mail that leaves now, and the restriction ends a day later.',
    )
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who has decided')
    .option('--told', 'you have told the person yourself: it ends now')
    .action((typed: string, flags: Flags & { user: string; told?: boolean }) => {
      if (flags.told !== true && readSettings(process.env, flags).mail === undefined)
        throw new UsageError('no mail can be sent: tell the person yourself, and add --told')
      return decided(typed, flags, (deps, id) =>
        decideLift(deps, id, { user: userOf(flags.user), told: flags.told === true ? 'otherwise' : 'by-mail' }),
      )
    })
}

/** What a user has decided, then whatever that sets going. */
export async function decided(typed: string, flags: Flags, decide: (deps: ErasureDeps, id: string) => Promise<Changed>): Promise<void> {
  await withDeps(flags, async (deps) => {
    const id = await requestId(deps.shell.db, typed)
    accepted(await decide(deps, id))
    const { file, advanced } = await carryOne(deps, id)
    if (flags.json) return printJson(viewOf(file))
    printLine(`${id}: ${standingWord(file)}`)
    for (const one of lossesOf(file)) printLine(lossLine(one))
    printDelay(advanced)
  })
}

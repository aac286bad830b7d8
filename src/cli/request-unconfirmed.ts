import { Command } from 'commander'
import type { RefusalReason } from '../core/request/request.ts'
import { MOST_AT_ONCE, refuseUnconfirmed, showUnconfirmed } from '../tasks/request/unconfirmed.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { oneOf, userOf, withDeps, type Flags } from './request-deps.ts'

const reasons: readonly RefusalReason[] = ['manifestly-unfounded', 'excessive']

export function unconfirmedCommand(): Command {
  return new Command('unconfirmed')
    .description(
      'List requests from forms whose sender has not confirmed the address yet; --refuse refuses exactly those that were listed.',
    )
    .option('--refuse <reason>', reasons.join(', '))
    .option('--digest <digest>', 'with --refuse: the digest that the list ended with')
    .option('--user <name>', 'with --refuse, who has decided')
    .addHelpText('after', '\nEach expires after fourteen days without a confirmation. --refuse is for floods of requests sent by bots.')
    .action(async (flags: Flags & { refuse?: string; digest?: string; user?: string }) => {
      const { refuse, digest, user } = flags
      if (refuse === undefined) return withDeps(flags, async (deps) => print(await showUnconfirmed(deps), flags))
      if (digest === undefined || user === undefined)
        throw new UsageError('say with --digest what was shown, and with --user who has decided')
      if (digest.length < 12) throw new UsageError('--digest takes at least 12 characters of it')
      const decision = { user: userOf(user), reason: oneOf('--refuse', refuse, reasons) }
      await withDeps(flags, async (deps) => {
        const shown = await showUnconfirmed(deps)
        if (!shown.digest.startsWith(digest)) throw new UsageError('these are not the ones that were shown: look at them again')
        const ended = await untilInterrupted((signal) => refuseUnconfirmed(deps, { ...decision, digest: shown.digest }, signal), 'again')
        if (ended === null) throw new UsageError('these are not the ones that were shown: look at them again')
        if (flags.json) printJson({ refused: ended })
        else printLine(`${ended} refused (${decision.reason}).`)
      })
    })
}

function print({ requests, digest }: Awaited<ReturnType<typeof showUnconfirmed>>, { json }: Flags): void {
  if (json) {
    printJson({ requests: requests.map(({ id, kind, receivedAt }) => ({ request: id, kind, received: day(receivedAt) })), digest })
    return
  }
  const [first] = requests
  if (first === undefined) return printLine('No request waits for its address to be confirmed.')
  for (const [received, group] of Map.groupBy(requests, ({ receivedAt }) => day(receivedAt)))
    printLine(`${received}: ${group.length} (${[...new Set(group.map(({ kind }) => kind))].sort().join(', ')})`)
  printLine(
    `${requests.length}${requests.length === MOST_AT_ONCE ? ' or more' : ''} wait for a confirmation; each: --json, then "accord request show".`,
  )
  printLine(`To refuse all of these: accord request unconfirmed --refuse excessive --digest ${digest.slice(0, 16)} --user NAME`)
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

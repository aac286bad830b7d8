import { Command } from 'commander'
import type { Recipient } from '../core/request/recipients.ts'
import { loadNotices, type Notice } from '../store/notices.ts'
import { noteAnswer } from '../tasks/notify/notices.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine, printTable } from './output.ts'
import { oneOf, requestId, userOf, withDeps, type Flags } from './request-deps.ts'

const answers = ['acknowledged', 'impossible', 'disproportionate'] as const

export function recipientsCommand(): Command {
  return new Command('recipients')
    .description('Show which other systems were told of what was carried out (GDPR art. 19) and what they answered; or note an answer.')
    .argument('<request>', 'its number')
    .option('--recipient <id>', 'one of them, whose answer you note')
    .option('--answer <answer>', `${answers.join(', ')}; with --recipient`)
    .option('--user <name>', 'who knows; with --recipient')
    .addHelpText(
      'after',
      '\nRecipients are configured in config/recipients.yaml. A request stays open until each of them was told or given up on.',
    )
    .action(async (typed: string, flags: Flags & { recipient?: string; answer?: string; user?: string }) => {
      const noted = notedBy(flags)
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        if (noted !== null) {
          const changed = await noteAnswer(deps.shell, id, noted)
          if (changed.outcome === 'refused') throw new UsageError(changed.message)
        }
        const notices = await loadNotices(deps.shell.db, id)
        if (flags.json) printJson({ request: id, recipients: notices.map((notice) => viewOf(notice, deps.recipients)) })
        else printNotices(notices, deps.recipients)
      })
    })
}

function notedBy({ recipient, answer, user }: { recipient?: string; answer?: string; user?: string }) {
  if (recipient === undefined && answer === undefined) return null
  if (recipient === undefined || answer === undefined || user === undefined)
    throw new UsageError('an answer is noted with --recipient, --answer and --user together')
  return { recipient, answer: oneOf('--answer', answer, answers), user: userOf(user) }
}

function viewOf({ recipient, right, way, status, attempts, fault, by, endedAt }: Notice, recipients: readonly Recipient[]) {
  const name = recipients.find(({ id }) => id === recipient)?.name ?? null
  return { recipient, name, right, way, status, attempts, fault, by, at: endedAt === null ? null : new Date(endedAt).toISOString() }
}

function printNotices(notices: readonly Notice[], recipients: readonly Recipient[]): void {
  if (notices.length === 0)
    return printLine(recipients.length === 0 ? 'config/recipients.yaml names nobody who is to be told.' : 'Nobody is to be told yet.')
  printTable(
    ['recipient', 'right', 'by', 'state', 'tries', 'since'],
    notices.map((notice) => {
      const { recipient, right, way, status, attempts, fault, by, endedAt } = notice
      const state = [status, fault === null ? '' : `(${fault})`, by === null ? '' : `noted by ${by}`]
        .filter((part) => part !== '')
        .join(' ')
      return [recipient, right, way, state, String(attempts), endedAt === null ? '' : new Date(endedAt).toISOString().slice(0, 16)]
    }),
  )
}

import { Command } from 'commander'
import { loadMentions } from '../store/request-mentions.ts'
import { redactMentions, scanAgain } from '../tasks/request/redact.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { accepted, requestId, userOf, withDeps, type Flags } from './request-deps.ts'
import { mentionLine } from './request-show.ts'

type RedactFlags = Flags & { mention?: string[]; certain?: boolean; names?: boolean; user: string }

export function redactCommand(): Command {
  return new Command('redact')
    .description(
      'Remove mentions of an erased person from texts of other records (notes, descriptions), as "accord request show" lists them.',
    )
    .argument('<request>', 'its number')
    .option('--mention <place...>', 'as it is shown, such as hubspot/companies/123/description')
    .option('--certain', 'every mention that is certain and can be redacted')
    .option('--names', 'you have read these texts, and the name in them is this person’s: it goes as well')
    .requiredOption('--user <name>', 'who has decided')
    .action(async (typed: string, flags: RedactFlags) => {
      const user = userOf(flags.user)
      const places = flags.certain === true ? null : (flags.mention ?? [])
      if ((places === null) !== (flags.mention === undefined)) throw new UsageError('give either --mention or --certain')
      if (flags.names === true && places === null) throw new UsageError('--names goes with --mention: texts that you have read')
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        const { changed, around } = await untilInterrupted(
          (signal) => redactMentions(deps, id, { user, places, names: flags.names === true }, signal),
          'again',
        )
        accepted(changed)
        if (around.some(({ outcome }) => outcome === 'refused')) process.exitCode = 1
        if (flags.json) return printJson({ request: id, around, mentions: await loadMentions(deps.shell.db, id) })
        for (const { connection, object, id: one, outcome, reason } of around)
          printLine(`${connection}/${object}/${one ?? '*'}: ${outcome}${reason === null ? '' : ` (${reason})`}`)
        if (around.length === 0) printLine('There is nothing to be redacted.')
      })
    })
}

export function scanCommand(): Command {
  return new Command('scan')
    .description('Search the texts of other records for mentions again, after somebody has edited them by hand.')
    .argument('<request>', 'its number')
    .action(async (typed: string, flags: Flags) => {
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        accepted(await untilInterrupted((signal) => scanAgain(deps, id, signal), 'again'))
        const mentions = await loadMentions(deps.shell.db, id)
        if (flags.json) return printJson({ request: id, mentions })
        for (const mention of mentions) printLine(mentionLine(mention))
        if (mentions.length === 0) printLine('Nobody speaks of this person any more, as far as the CRMs can be searched.')
      })
    })
}

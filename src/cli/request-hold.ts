import { Command } from 'commander'
import { dayOfIso } from '../core/time/calendar.ts'
import type { Ground } from '../core/erasure/hold.ts'
import { holdRecord, releaseRecord, vouchRecord } from '../tasks/request/hold.ts'
import type { Changed } from '../tasks/request/file.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'
import { accepted, oneOf, requestId, userOf, withDeps, type Flags } from './request-deps.ts'
import { approvalWord, printPlan } from './request-plan.ts'
import { standingWord } from './request-show.ts'

/** `text`: which provision it rests on in France, unless somebody says another. */
const grounds = {
  'legal-duty': { ground: '17(3)(b)', text: 'C. com. L123-22' },
  'legal-claim': { ground: '17(3)(e)', text: 'C. civ. 2224' },
  research: { ground: '17(3)(d)', text: 'GDPR art. 89' },
} as const satisfies Record<string, { ground: Ground; text: string }>
const names = Object.keys(grounds) as (keyof typeof grounds)[]

type HoldFlags = Flags & { record: string; ground: string; law?: string; until?: string; user: string }

export function holdCommand(): Command {
  return new Command('hold')
    .description(
      'Keep one record of the plan although the person wants it erased (GDPR art. 17(3)). This changes the plan and its digest: look at it again before you approve.',
    )
    .argument('<request>', 'its number')
    .requiredOption('--record <key>', 'as the plan names it, such as salesforce:Contact:003...')
    .requiredOption('--ground <ground>', names.join(', '))
    .option('--law <provision>', 'the provision, for the certificate; else the one that is usual in France')
    .option('--until <day>', 'first day on which it may go (YYYY-MM-DD); without it until "accord request release"')
    .requiredOption('--user <name>', 'who has decided')
    .action(async (typed: string, flags: HoldFlags) => {
      const { ground, text } = grounds[oneOf('--ground', flags.ground, names)]
      const holding = { user: userOf(flags.user), key: flags.record, ground, text: lawOf(flags.law) ?? text, until: dayOf(flags.until) }
      await changed(typed, flags, (deps, id) => holdRecord(deps, id, holding))
    })
}

export function releaseCommand(): Command {
  return new Command('release')
    .description('End a hold that was set by "accord request hold": the record is erased with the next approval.')
    .argument('<request>', 'its number')
    .requiredOption('--record <key>', 'the record that is held')
    .requiredOption('--user <name>', 'who has decided')
    .action((typed: string, flags: Flags & { record: string; user: string }) =>
      changed(typed, flags, (deps, id) => releaseRecord(deps, id, { user: userOf(flags.user), key: flags.record })),
    )
}

export function vouchCommand(): Command {
  return new Command('vouch')
    .description(
      'State that nothing obliges the company to keep a record that is held only because Accord could not read something (deals, orders, …): you have looked there.',
    )
    .argument('<request>', 'its number')
    .requiredOption('--record <key>', 'the record that is held')
    .requiredOption('--user <name>', 'who has looked')
    .action((typed: string, flags: Flags & { record: string; user: string }) =>
      changed(typed, flags, (deps, id) => vouchRecord(deps, id, { user: userOf(flags.user), key: flags.record })),
    )
}

async function changed(typed: string, flags: Flags, change: (deps: ErasureDeps, id: string) => Promise<Changed>): Promise<void> {
  await withDeps(flags, async (deps) => {
    const file = accepted(await change(deps, await requestId(deps.shell.db, typed)))
    const plan = file.erasure.status === 'planned' ? file.erasure.plan : null
    if (flags.json) return printJson({ request: file.id, plan })
    if (plan !== null) printPlan(plan)
    printLine(plan === null ? `${file.id}: ${standingWord(file)}` : approvalWord(file.id, plan))
  })
}

/** It stands on the certificate, which names nobody. */
function lawOf(typed: string | undefined): string | null {
  if (typed === undefined) return null
  if (!/^[\p{L}\d .,()’'/-]{1,60}$/u.test(typed)) throw new UsageError('--law names a provision, such as "C. com. L123-22"')
  return typed
}

function dayOf(typed: string | undefined): number | null {
  if (typed === undefined) return null
  try {
    return dayOfIso(typed)
  } catch {
    throw new UsageError('--until takes a day as YYYY-MM-DD')
  }
}

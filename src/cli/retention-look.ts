import { Command } from 'commander'
import { loadPolicy } from '../config/load.ts'
import { limitsOf } from '../core/retention/brake.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { countDue } from '../store/retention-due.ts'
import { openStops } from '../store/retention-guard.ts'
import { listLists, loadCases, loadList, type StoredCase } from '../store/retention-lists.ts'
import { leaveOut, reviewOf, whatIf } from '../tasks/retention/what-if.ts'
import { stopsDigest } from '../tasks/retention/guard.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine, printTable } from './output.ts'
import { userOf } from './request-deps.ts'
import { heldUpWord } from './request-fault.ts'
import {
  acceptedList,
  ageWord,
  caseWord,
  countsOf,
  keptCounts,
  listId,
  printReview,
  stateWord,
  viewOf,
  withRetention,
  type Flags,
} from './retention-deps.ts'
import { wholeNumber } from './whole-number.ts'

const MOST = 500
const LISTS = 50

export function dueCommand(): Command {
  return new Command('due')
    .description('Count the records that look due, by Accord’s own tables alone. Calls no CRM and decides nothing.')
    .action(async (flags: Flags) => {
      const store = await openStore(readSettings(process.env, flags))
      try {
        const due = await countDue(store.db)
        const stops = await openStops(store.db)
        if (flags.json) return printJson({ due, stops })
        if (due.length === 0) printLine('Nothing is due.')
        else
          printTable(
            ['connection', 'object', 'rule', 'action', 'records'],
            due.map((one) => [one.connection, one.object, one.rule, one.then, one.records]),
          )
        for (const { detail } of stops) printLine(`STOPPED: ${detail}`)
      } finally {
        await store.close()
      }
    })
}

export function whatIfCommand(): Command {
  return new Command('what-if')
    .description(
      'Read the records that look due from the CRMs, judge them again, and show what would be erased and why. Changes nothing in any CRM.',
    )
    .option('--at-most <records>', `as many records as the list may have (${MOST})`, (text) => wholeNumber(text, '--at-most', 1))
    .action(async (flags: Flags & { atMost?: number }) => {
      await withRetention(flags, async (deps) => {
        const drawn = await untilInterrupted((signal) => whatIf(deps, { atMost: flags.atMost ?? MOST, which: 'all' }, signal), 'again')
        if (drawn.outcome === 'stopped') {
          process.exitCode = 1
          if (flags.json) return printJson({ outcome: 'stopped', stops: drawn.stops })
          for (const stop of drawn.stops) printLine(`STOPPED: ${stop}`)
          return printLine('Mend it; what is as it should be after all is confirmed as "accord retention show" says.')
        }
        const shown = drawn.outcome === 'shown' ? { ...drawn.list.shown, entries: drawn.entries } : drawn.list
        const head = drawn.outcome === 'shown' ? { ...viewOf(drawn.list), people: drawn.people } : { list: null }
        const counts = { due: countsOf(shown.entries), kept: keptCounts(shown.kept) }
        if (flags.json)
          return printJson({
            outcome: drawn.outcome,
            ...head,
            ...counts,
            more: shown.more,
            calls: shown.calls,
            unreachable: shown.unreachable,
          })
        printReview(shown)
        if (drawn.outcome === 'nothing') return printLine('Nothing would go.')
        const { list, digest, records } = viewOf(drawn.list)
        const short = list.slice(0, 8)
        printLine()
        printLine(`List ${short}. Nothing has been changed. Each record: accord retention review ${short}`)
        if (drawn.people === 0) printLine('Its rules are automatic: it begins by itself. accord retention stop keeps everybody.')
        else if (drawn.people === 1)
          printLine(`To let it go: accord retention approve ${short} --digest ${digest?.slice(0, 16)} --user NAME`)
        else
          printLine(
            `Above the brake: ${drawn.people} different people approve it, each with: accord retention approve ${short} --digest ${digest?.slice(0, 16)} --count ${records} --user NAME`,
          )
      })
    })
}

export function reviewCommand(): Command {
  return new Command('review')
    .description('Show each record of a list with its rule. --leave-out takes persons off the list, which then has to be approved again.')
    .argument('<list>', 'its number')
    .option('--leave-out <record...>', 'records of persons who stay, such as hubspot:contacts:123; with --user')
    .option('--user <name>', 'who leaves them out')
    .action(async (typed: string, flags: Flags & { leaveOut?: string[]; user?: string }) => {
      const { leaveOut: keys = [] } = flags
      if (keys.length > 0) {
        if (flags.user === undefined) throw new UsageError('say with --user who leaves them out')
        const user = userOf(flags.user)
        await withRetention(flags, async (deps) => acceptedList(await leaveOut(deps, await listId(deps.shell.db, typed), { user, keys })))
      }
      await showOne(typed, flags, 'records')
    })
}

export function showCommand(): Command {
  return new Command('show')
    .description('Show all lists, or one of them: who approved it, and what became of each person in it.')
    .argument('[list]', 'its number')
    .action(async (typed: string | undefined, flags: Flags) => {
      if (typed !== undefined) return showOne(typed, flags, 'outcomes')
      const settings = readSettings(process.env, flags)
      const { maxAgeMs } = limitsOf(loadPolicy(settings.configDir))
      const store = await openStore(settings)
      try {
        const lists = await listLists(store.db, 'all', LISTS)
        const stops = await openStops(store.db)
        if (flags.json) return printJson({ lists: lists.map(viewOf), stops, stopsDigest: stops.length === 0 ? null : stopsDigest(stops) })
        for (const { detail } of stops) printLine(`STOPPED: ${detail}`)
        if (stops.length > 0)
          printLine(`Once it is as it should be: accord retention confirm --digest ${stopsDigest(stops).slice(0, 16)} --user NAME`)
        if (lists.length === 0) return printLine('No list has been drawn up yet.')
        printTable(
          ['list', 'made', 'records', 'state', 'waits'],
          lists.map((one) => [
            one.id.slice(0, 8),
            viewOf(one).madeAt.slice(0, 10),
            viewOf(one).records,
            stateWord(one.retention),
            ageWord(one.retention, { now: Date.now(), maxAgeMs }),
          ]),
        )
      } finally {
        await store.close()
      }
    })
}

async function showOne(typed: string, flags: Flags, what: 'records' | 'outcomes'): Promise<void> {
  const store = await openStore(readSettings(process.env, flags))
  try {
    const id = await listId(store.db, typed)
    const list = (await loadList(store.db, id))!
    const cases = await loadCases(store.db, id)
    const review = (await reviewOf(store.db, id))!
    if (flags.json) return printJson({ ...viewOf(list), kept: review.kept, persons: cases.map(personView) })
    printLine(`list ${id}, digest ${viewOf(list).digest?.slice(0, 16)}: ${stateWord(list.retention)}`)
    if (list.fault !== null) printLine(heldUpWord(list.attempts, list.fault))
    printTable(
      what === 'records' ? ['record', 'rule', 'due', 'action', 'first'] : ['record', 'rule', 'outcome', 'last seen', 'state'],
      cases.flatMap((person) => rowsOf(person, what)),
    )
    for (const { keys, why, by } of review.kept) printLine(`kept: ${keys.join(', ')}: ${why}${by === null ? '' : ` (${by})`}`)
    for (const { case: one } of cases)
      if ('again' in one) for (const key of one.again) printLine(`seen again: ${key}; it is judged like any other record`)
  } finally {
    await store.close()
  }
}

function rowsOf(person: StoredCase, what: 'records' | 'outcomes'): string[][] {
  const { entry, erasure } = person
  const items = new Map('items' in erasure ? erasure.items.map((item) => [item.key, item]) : [])
  return entry.records.map(({ key, rule, dueOn, action }) => {
    if (what === 'records') return [key, rule ?? 'copy in a bin', dueOn ?? '', action, entry.ask === null ? '' : 'last message']
    const item = items.get(key)
    return [key, rule ?? 'copy in a bin', [item?.outcome ?? '', item?.reason ?? ''].join(' ').trim(), item?.trace ?? '', caseWord(person)]
  })
}

function personView({ n, case: one, entry, erasure }: StoredCase) {
  const standing = 'standing' in erasure ? erasure.standing : null
  const items = 'items' in erasure ? erasure.items.map(({ key, outcome, reason, trace }) => ({ key, outcome, reason, trace })) : []
  return { person: n, state: one, standing, records: entry.records, ask: entry.ask, items }
}

/** Those who were erased and are seen again: shown, erased once more, or kept. */
import { Command } from 'commander'
import type { Comeback, SeenRecord } from '../core/erasure/comeback.ts'
import { toApprove, type Accepted } from '../core/erasure/erasure.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { comebacksOf, findComebackIds, listComebacks, loadComeback, type StoredComeback } from '../store/comebacks.ts'
import { loadRequest } from '../store/requests.ts'
import { eraseAgain, keepComeback } from '../tasks/comeback/decisions.ts'
import { lookAtComebacks } from '../tasks/comeback/worker.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import { acceptReturned } from '../tasks/request/decisions.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine, printTable } from './output.ts'
import { accepted, oneOf, requestId, userOf, withDeps, type Flags } from './request-deps.ts'
import { approveCommand, printPlan } from './request-plan.ts'

const keeps: readonly Accepted[] = ['new-consent', 'somebody-else']
const MOST = 200

export function seenCommand(): Command {
  return new Command('seen')
    .description(
      'List people who were erased and have reappeared in a CRM: each case with its records, how they came back, and what can be done.',
    )
    .argument('[case]', 'its number; without it, every one')
    .addHelpText(
      'after',
      '\nSuch records are blocked for marketing as soon as they are read. Without proof of a new consent, only a user decides a case.',
    )
    .action(async (typed: string | undefined, flags: Flags) => {
      const { db, close } = await openStore(readSettings(process.env, flags))
      try {
        const files = typed === undefined ? await listComebacks(db, MOST) : [(await loadComeback(db, await caseId(db, typed)))!]
        if (flags.json) printJson({ cases: files.map(viewOf) })
        else if (files.length === 0) printLine('Nobody who was erased has been seen again.')
        else if (typed === undefined) printList(files)
        else printCase(files[0]!)
      } finally {
        await close()
      }
    })
}

export function againCommand(): Command {
  return new Command('again')
    .description('Prepare another erasure of somebody who reappeared. Nothing is erased before "accord request approve".')
    .argument('<case>', 'its number, as "accord request seen" shows it')
    .requiredOption('--user <name>', 'who has looked')
    .action(async (typed: string, flags: Flags & { user: string }) => {
      const user = userOf(flags.user)
      await withDeps(flags, async (deps) => {
        const id = await caseId(deps.shell.db, typed)
        const prepared = await untilInterrupted((signal) => eraseAgain(deps, id, user, signal), 'again')
        if (prepared.outcome === 'refused') throw new UsageError(prepared.message)
        const { request, planned } = prepared
        const { erasure } = request
        const waiting = toApprove(erasure)!
        if (flags.json)
          return printJson({ case: id, request: request.id, digest: waiting.digest, records: waiting.records, plan: planned?.plan ?? null })
        if (planned !== null) printPlan(planned.plan)
        printLine(
          `To erase them again (${waiting.records}): ${approveCommand(request.id, 'plan' in erasure ? erasure.plan : null, waiting)}`,
        )
      })
    })
}

export function keepCommand(): Command {
  return new Command('keep')
    .description('Keep somebody who reappeared after an erasure: take them off the suppression list, for the reason given.')
    .argument('<case>', 'the number of the case, or of the request')
    .requiredOption('--user <name>', 'who has looked')
    .requiredOption('--because <reason>', `${keeps.join(', ')}: the first needs a proved consent that is newer than the erasure`)
    .action(async (typed: string, flags: Flags & { user: string; because: string }) => {
      const decision = { user: userOf(flags.user), because: oneOf('--because', flags.because, keeps) }
      await withDeps(flags, async (deps) => {
        const kept = await untilInterrupted((signal) => keep(deps, typed, decision, signal), 'again')
        if (flags.json) printJson(kept)
        else printLine(`${kept.case ?? kept.request}: kept, ${decision.because}.`)
      })
    })
}

async function keep(
  deps: ErasureDeps,
  typed: string,
  decision: { user: string; because: Accepted },
  signal: AbortSignal,
): Promise<{ case: string | null; request: string }> {
  await lookAtComebacks(deps, signal)
  const [own] = /^[0-9a-f-]{4,36}$/i.test(typed) ? await findComebackIds(deps.shell.db, typed.toLowerCase()) : []
  const file = own === undefined ? null : (await loadComeback(deps.shell.db, await caseId(deps.shell.db, typed)))!
  const request = file?.request ?? (await requestId(deps.shell.db, typed))
  const id = file?.id ?? (await comebacksOf(deps.shell.db, [request]))[0]?.id ?? null
  if (id !== null) {
    const kept = await keepComeback(deps, id, decision, signal)
    if (kept.outcome === 'refused') throw new UsageError(kept.message)
    return { case: id, request }
  }
  accepted(await acceptReturned(deps, request, decision))
  return { case: null, request: (await loadRequest(deps.shell.db, request))!.id }
}

/** The first characters of an id are enough, where only one begins so. */
async function caseId(db: Parameters<typeof findComebackIds>[0], typed: string): Promise<string> {
  if (!/^[0-9a-f-]{4,36}$/i.test(typed))
    throw new UsageError('a case is named by its number, or by at least the first four characters of it')
  const [id, other] = await findComebackIds(db, typed.toLowerCase())
  if (id === undefined) throw new UsageError(`there is no case ${typed}; "accord request seen" shows all`)
  if (other !== undefined) throw new UsageError(`several cases begin with ${typed}: give more of the number`)
  return id
}

function viewOf({ id, request, state }: StoredComeback) {
  if (state.status === 'none') throw new RangeError('a case is stored from its opening on')
  const { records, openedAt, again } = state
  const ending = state.status === 'closed' ? { ...state, records: undefined } : null
  return { case: id, request, status: state.status, openedAt: isoOf(openedAt), again, ended: ending, records }
}

function printList(files: readonly StoredComeback[]): void {
  printTable(
    ['case', 'erased by', 'seen', 'records', 'came back by', 'state'],
    files.map(({ id, request, state }) => {
      const records = recordsOf(state)
      const ways = [...new Set(records.map(wayOf))].join(', ')
      return [id.slice(0, 8), request.slice(0, 8), dayOf(state), String(records.length), ways, stateWord(state)]
    }),
  )
}

function printCase({ id, request, state }: StoredComeback): void {
  const short = id.slice(0, 8)
  printLine(`case ${id}, erased by request ${request}; ${stateWord(state)}`)
  for (const record of recordsOf(state)) {
    const detail = record.arrival?.detail
    printLine(
      `${record.key}: seen ${isoOf(record.at).slice(0, 16)}Z, ${record.gone ? '' : 'came back by '}${wayOf(record)}${detail ? ` (${detail})` : ''}; no marketing goes there`,
    )
    for (const { purpose, channel, at } of record.consents)
      printLine(`  a proved consent of ${isoOf(at).slice(0, 10)}: ${purpose} by ${channel}`)
  }
  if (state.status !== 'open') return
  if (state.again !== null) return printLine(`An erasure waits for approval: accord request show ${state.again.slice(0, 8)}`)
  printLine(`Erase again: accord request again ${short} --user NAME`)
  if (recordsOf(state).some(({ consents }) => consents.length > 0))
    printLine(`Keep, by that consent: accord request keep ${short} --because new-consent --user NAME`)
  printLine(`Somebody else has this address now: accord request keep ${short} --because somebody-else --user NAME`)
}

function recordsOf(state: Comeback): readonly SeenRecord[] {
  return state.status === 'none' ? [] : state.records
}

function wayOf({ arrival, gone, lost }: SeenRecord): string {
  if (lost) return 'out of reach, its CRM is gone for good'
  if (gone) return 'gone again'
  return arrival === null ? 'not looked at yet' : `${arrival.way}${arrival.vouched || arrival.way === 'unknown' ? '' : ', as it says'}`
}

function stateWord(state: Comeback): string {
  if (state.status !== 'closed') return state.status
  return state.ended === 'kept' ? `kept: ${state.because}, by ${state.by.kind === 'staff' ? state.by.user : state.by.kind}` : state.ended
}

function dayOf(state: Comeback): string {
  return state.status === 'none' ? '' : isoOf(state.openedAt).slice(0, 10)
}

function isoOf(at: number): string {
  return new Date(at).toISOString()
}

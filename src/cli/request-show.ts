import { Command } from 'commander'
import { loadPolicy } from '../config/load.ts'
import { isoOf } from '../core/time/calendar.ts'
import { pausedLastDay } from '../core/request/deadline.ts'
import { nextCheck, toApprove, type Erasure, type Standing } from '../core/erasure/erasure.ts'
import type { Lost } from '../core/erasure/lost.ts'
import { isOpen } from '../core/request/request.ts'
import { openStore } from '../main.ts'
import { calendarOf } from '../rights.ts'
import { readSettings } from '../settings.ts'
import { countReappearances, loadReappearances } from '../store/reappearances.ts'
import { loadMentions, type Mention } from '../store/request-mentions.ts'
import { loadFaultReason } from '../store/request-turns.ts'
import { loadRequest, type StoredRequest } from '../store/requests.ts'
import { listRequests } from '../store/request-lists.ts'
import { printJson, printLine, printTable } from './output.ts'
import { placeOf } from '../tasks/request/redact.ts'
import { changeWord, printChange } from './request-change.ts'
import { requestId, type Flags } from './request-deps.ts'
import { faultWord, heldUpWord } from './request-fault.ts'
import { approveCommand, heldLine, printPlan } from './request-plan.ts'

const MOST = 200

export function listCommand(): Command {
  return new Command('list').description('List all requests, the most urgent first.').action(async (flags: Flags) => {
    const store = await openStore(readSettings(process.env, flags))
    try {
      const { files, damaged } = await listRequests(store.db, MOST)
      const back = await countReappearances(store.db)
      if (flags.json)
        printJson({
          requests: files.map((file) => ({ ...viewOf(file), reappeared: back.get(file.id) ?? 0 })),
          ...(damaged.length > 0 && { damaged }),
        })
      else if (files.length + damaged.length === 0) printLine('Nobody has asked for anything yet.')
      else {
        printTable(
          ['request', 'right', 'received', 'answer by', 'state', 'seen again'],
          files.map((file) => [
            file.id.slice(0, 8),
            file.kind,
            receivedOn(file),
            file.lastDay,
            standingWord(file),
            back.has(file.id) ? String(back.get(file.id)) : '',
          ]),
        )
      }
      for (const { id, kind, lastDay } of damaged) {
        process.exitCode = 1
        if (!flags.json) printLine(`DAMAGED: ${kind} ${id}, to be answered by ${lastDay}: what is stored of it cannot be read`)
      }
    } finally {
      await store.close()
    }
  })
}

export function showCommand(): Command {
  return new Command('show')
    .description('Show one request: what is planned, what was done and verified, and what waits for you.')
    .argument('<request>', 'its number')
    .action(async (typed: string, flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const store = await openStore(settings)
      try {
        const file = (await loadRequest(store.db, await requestId(store.db, typed)))!
        const mentions = await loadMentions(store.db, file.id)
        const reappeared = await loadReappearances(store.db, file.id)
        const reason = await loadFaultReason(store.db, file.id)
        if (flags.json)
          printJson({
            ...viewOf(file),
            reason,
            plan: 'plan' in file.erasure ? file.erasure.plan : null,
            items: itemsOf(file.erasure),
            mentions,
            reappeared,
          })
        else {
          printRequest(file, mentions, reason)
          const paused = pausedUntil(file, settings.configDir)
          if (paused !== null)
            printLine(
              `with the clock stopped while the person was asked who they are: ${paused}, in the view of the EDPB (01/2022) alone; count on ${file.lastDay}`,
            )
          for (const key of reappeared) printLine(`seen again: ${key}; no marketing goes there`)
        }
      } finally {
        await store.close()
      }
    })
}

function printRequest(file: StoredRequest, mentions: readonly Mention[], reason: string | null): void {
  printLine(`${file.kind} ${file.id}`)
  printLine(`received ${receivedOn(file)}, to be answered by ${file.lastDay}; ${standingWord(file)}`)
  const { fault, attempts, dueAt } = file
  if (fault !== null) printLine(`${heldUpWord(attempts, faultWord({ fault, reason }))}${nextTryWord(dueAt)}`)
  const { erasure } = file
  if (erasure.status === 'planned') printPlan(erasure.plan)
  const items = itemsOf(erasure)
  if (items.length > 0)
    printTable(
      ['record', 'action', 'outcome', 'last seen'],
      items.map(({ key, action, outcome, reason, trace }) => [key, action, [outcome ?? '', reason ?? ''].join(' ').trim(), trace ?? '']),
    )
  for (const { key, action, holds } of items) for (const hold of holds) printLine(heldLine(key, action, hold))
  for (const one of lossesOf(file)) printLine(lossLine(one))
  for (const { connection, object, id, outcome, reason } of 'around' in erasure ? erasure.around : [])
    printLine(`around it: ${connection}/${object}/${id ?? '*'} ${outcome}${reason === null ? '' : ` (${reason})`}`)
  for (const mention of mentions) printLine(mentionLine(mention))
  printChange(file)
  if (erasure.status === 'stopped')
    printLine(
      erasure.irreversible === 'nothing'
        ? 'Stopped before anything was erased.'
        : 'Stopped half-way: what is gone stays gone, and recipients are told of that alone ("accord request recipients").',
    )
  if (erasure.status === 'planned' && erasure.unlooked !== undefined)
    printLine(`${erasure.unlooked.join(', ')} is back, and this was planned without it: accord request plan ${file.id.slice(0, 8)}`)
  const waiting = toApprove(erasure)
  if (waiting !== null && (waiting.records > 0 || erasure.status === 'settled'))
    printLine(`Waits for your approval: ${approveCommand(file.id, 'plan' in erasure ? erasure.plan : null, waiting)}`)
}

/** What cannot be claimed, and who answers for that. */
export function lossLine({ connection, because, by, at }: Lost): string {
  const who = by.kind === 'staff' ? by.user : by.kind
  return `lost for good: ${connection} (${because}), declared by ${who} on ${isoDay(at)}: nobody can erase or look there any more; tell the person so`
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function nextTryWord(dueAt: number | null): string {
  return dueAt === null ? '' : `; next try ${new Date(dueAt).toISOString().slice(0, 16)}Z`
}

export function mentionLine(mention: Mention): string {
  return `mentioned elsewhere: ${placeOf(mention)}: ${mention.kinds.join('+')}, ${mention.certainty}; ${mention.remedy}`
}

function itemsOf(erasure: Erasure) {
  return 'items' in erasure ? erasure.items : []
}

export function lossesOf({ erasure, change }: StoredRequest): readonly Lost[] {
  const carried = erasure.status === 'planned' ? erasure.plan : erasure.status === 'none' ? change : erasure
  return ('lost' in carried && carried.lost) || []
}

/** For programs. */
export function viewOf(file: StoredRequest) {
  const { erasure, request, change } = file
  const next = nextCheck(erasure)
  return {
    request: file.id,
    kind: file.kind,
    received: new Date(file.receivedAt).toISOString(),
    answerBy: file.lastDay,
    status: request.status,
    erasure: erasure.status,
    change: 'goal' in change ? { goal: change.goal, status: change.status, restricted: change.restricted } : null,
    standing: 'standing' in erasure ? erasure.standing : 'standing' in change ? change.standing : null,
    lost: lossesOf(file).map(({ connection, because, by, at }) => ({
      connection,
      because,
      by: by.kind === 'staff' ? by.user : by.kind,
      on: isoDay(at),
    })),
    next: next === null ? null : { look: next.check, at: new Date(next.at).toISOString() },
    heldUp: file.fault,
  }
}

/** For people. */
export function standingWord(file: StoredRequest): string {
  const { status, erasure, standing, next } = viewOf(file)
  if (file.kind !== 'erasure') return changeWord(file)
  const look = next === null ? '' : `; next look ${next.at.slice(0, 16)}Z`
  if (erasure === 'settled') return `${WORDS[standing as Standing]}${status === 'closed' ? ', closed' : look}`
  if (erasure === 'returned') return 'came back after it was gone: to be approved again, or kept'
  if (erasure === 'running') return 'under way'
  if (erasure === 'planned' && status === 'identified') return 'planned, waits for approval'
  return status
}

const WORDS = {
  proved: 'proved',
  'not-proved': 'NOT PROVED',
  held: 'erased but for what the law keeps',
  'pending-vendor-purge': 'gone, pending the vendor’s own purge',
  'out-of-reach': 'gone wherever anybody can look; in a lost CRM nobody can erase or look any more',
} as const

/** The local day from which the time runs. */
function receivedOn({ request, receivedAt }: StoredRequest): string {
  return 'deadline' in request ? isoOf(request.deadline.received) : new Date(receivedAt).toISOString().slice(0, 10)
}

/** Null when nothing was asked of the person, or nothing is open any more. */
function pausedUntil({ request }: StoredRequest, configDir: string): string | null {
  if (!('questions' in request) || request.questions.length === 0 || !isOpen(request.status)) return null
  const { localDay, isWorking } = calendarOf(loadPolicy(configDir))
  const pauses = request.questions.map(({ askedAt, answeredAt }) => ({
    from: localDay(askedAt),
    to: answeredAt === null ? null : localDay(answeredAt),
  }))
  return isoOf(pausedLastDay(request.deadline, request.extended !== null, pauses, localDay(Date.now()), isWorking))
}

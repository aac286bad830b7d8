/** Tells other systems what became of the data that they were given (GDPR art. 19), and notes each answer. Which are due stands in their own table. */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  identifiersFor,
  nextTry,
  type Exempt,
  type Identifiers,
  rightOf,
  type Recipient,
  type Told as Said,
} from '../../core/request/recipients.ts'
import { openSealed, SEAL_BYTES, sealText } from '../../core/ledger/sealed.ts'
import { appendBlock } from '../../store/ledger.ts'
import {
  endNotice,
  insertNotice,
  loadNotices,
  postponeNotice,
  takeNotices,
  type DueNotice,
  type NewNotice,
  type Notice,
  type NoticeStatus,
} from '../../store/notices.ts'
import { alertDpo } from './alert.ts'
import { faultFacts, INTERNAL } from '../fault.ts'
import { regularly } from '../worker/regularly.ts'
import type { Shell } from '../shell.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** One telling, in clear, for the time of one call. `at`: when it was decided, epoch milliseconds. */
export type Telling = { id: string; request: string; right: Said; at: number; recipient: Recipient; person: Identifiers }
/** `told`: by a mail that a server has taken; a webhook acknowledges. `fault`: a code. */
export type Delivery = { outcome: 'acknowledged' | 'told' } | { outcome: 'failed'; fault: string }
export type Courier = { tell: (telling: Telling, signal: AbortSignal) => Promise<Delivery>; close: () => void }
export type Announcing = { request: string; right: Said; person: Identifiers }

/**
 * In the transaction of what is told: each recipient whom it concerns is to be told once, with no more of the person than it knows them by. To be called while the
 * person can still be opened.
 */
export async function announce(turn: TurnShell, recipients: readonly Recipient[], { request, right, person }: Announcing): Promise<void> {
  const now = turn.now()
  const entries: string[] = []
  for (const recipient of recipients.filter(({ tell }) => tell.includes(rightOf(right)))) {
    const notice = noticeFor(turn, recipient, { request, right, person })
    if (!(await insertNotice(turn.db, notice, iso(now)))) continue
    entries.push(entryOf(request, notice.recipient, notice.status === 'waiting' ? 'to-tell' : notice.status, null))
  }
  if (entries.length > 0) await appendBlock(turn.db, entries, iso(now))
}

/** Those who were told of a restriction, or may have been, hear that it has ended; of what was not told yet nothing is told any more. */
export async function announceLift(
  turn: TurnShell,
  recipients: readonly Recipient[],
  { request, person }: Omit<Announcing, 'right'>,
): Promise<void> {
  const at = iso(turn.now())
  const told = (await loadNotices(turn.db, request)).filter(({ right, way }) => right === 'restriction' && way !== 'none')
  for (const { id, recipient } of told.filter(({ status }) => status === 'waiting')) {
    await endNotice(turn.db, id, { status: 'failed', fault: 'overtaken', by: null }, at)
    await appendBlock(turn.db, [entryOf(request, recipient, 'failed', 'overtaken')], at)
  }
  // Whom nobody has tried to tell has nothing to take back; a try that failed may have arrived.
  const tried = told.filter(({ status, attempts }) => attempts > 0 || status !== 'waiting')
  const names = new Set(tried.filter(({ status }) => status !== 'impossible').map(({ recipient }) => recipient))
  const concerned = recipients.filter(({ id }) => names.has(id))
  await announce(turn, concerned, { request, right: 'restriction-lifted', person })
}

function noticeFor({ hashKey }: TurnShell, recipient: Recipient, { request, right, person }: Announcing): NewNotice {
  const id = randomUUID()
  const head = { id, request, right, recipient: recipient.id }
  if (recipient.none !== undefined) return { ...head, way: 'none', status: recipient.none.because, vault: null }
  const way = recipient.webhook === undefined ? 'email' : 'webhook'
  const sent = identifiersFor(recipient, person)
  if (sent === null) return { ...head, way, status: 'impossible', vault: null }
  const seal = randomBytes(SEAL_BYTES)
  const sealed = sealText(hashKey, { seal, iv: randomBytes(12), about: id }, JSON.stringify(sent))
  return { ...head, way, status: 'waiting', vault: { seal, sealed } }
}

/** Whoever dies with one in hand leaves it to others after this long. */
const LEASE_MS = 5 * 60_000
const PER_TURN = 20
const LOOK_EVERY_MS = 10_000

export type Told = { told: number; postponed: number; givenUp: number }

/** Until none is due. One goes twice only when the process dies between the two lines that send it and note it; its id stays the same. */
export async function tellRecipients(shell: Shell, recipients: readonly Recipient[], courier: Courier, signal: AbortSignal): Promise<Told> {
  const counts: Told = { told: 0, postponed: 0, givenUp: 0 }
  for (;;) {
    signal.throwIfAborted()
    const due = await takeNotices(shell.db, iso(shell.now()), iso(shell.now() + LEASE_MS), PER_TURN)
    const ends = await Promise.allSettled(due.map((notice) => tell(shell, recipients, courier, notice, counts, signal)))
    // Of the database: each has its lease, and comes again by itself.
    for (const one of ends) if (one.status === 'rejected') throw one.reason
    if (due.length < PER_TURN) return counts
  }
}

async function tell(
  shell: Shell,
  recipients: readonly Recipient[],
  courier: Courier,
  notice: DueNotice,
  counts: Told,
  signal: AbortSignal,
): Promise<void> {
  const { id, request, createdAt } = notice
  const delivery = await handOver(shell, recipients, courier, notice, signal)
  const now = shell.now()
  if (delivery.outcome !== 'failed') {
    await end(shell, notice, { status: delivery.outcome, fault: null })
    counts.told++
    return
  }
  const again = nextTry(notice.attempts, createdAt, now)
  if (again === null) {
    await end(shell, notice, { status: 'failed', fault: delivery.fault })
    shell.log('recipient.given-up', { request, recipient: notice.recipient, fault: delivery.fault, attempts: notice.attempts })
    counts.givenUp++
    return
  }
  await postponeNotice(shell.db, id, iso(again), delivery.fault)
  shell.log('recipient.postponed', { request, recipient: notice.recipient, fault: delivery.fault, attempts: notice.attempts })
  counts.postponed++
}

/** One that cannot be opened or put into words is tried again, and given up, as if the recipient had not answered. */
async function handOver(
  shell: Shell,
  recipients: readonly Recipient[],
  courier: Courier,
  notice: DueNotice,
  signal: AbortSignal,
): Promise<Delivery> {
  const { id, request, right, createdAt: at } = notice
  const recipient = recipients.find((one) => one.id === notice.recipient)
  if (recipient === undefined) return { outcome: 'failed', fault: 'not-configured' }
  try {
    const person = JSON.parse(openSealed(shell.hashKey, { seal: notice.seal, about: id }, notice.sealed)) as Identifiers
    return await courier.tell({ id, request, right, at, recipient, person }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    shell.log('recipient.failed', { request, recipient: recipient.id, ...faultFacts(error) })
    if (notice.attempts > 1) await inTurn(shell, (turn) => alertDpo(turn, { request, kind: 'failed', event: id }))
    return { outcome: 'failed', fault: INTERNAL }
  }
}

function end(
  shell: Shell,
  { id, request, recipient }: DueNotice,
  { status, fault }: { status: 'told' | 'acknowledged' | 'failed'; fault: string | null },
) {
  return inTurn(shell, async (turn) => {
    const at = iso(turn.now())
    if (!(await endNotice(turn.db, id, { status, fault, by: null }, at))) return
    await appendBlock(turn.db, [entryOf(request, recipient, status, fault)], at)
    if (status === 'failed') await alertDpo(turn, { request, kind: 'recipient-failed', event: recipient })
  })
}

/** What a user knows of a recipient: it has answered them, or cannot be told. */
export function noteAnswer(
  shell: Shell,
  request: string,
  { recipient, answer, user }: { recipient: string; answer: 'acknowledged' | Exempt; user: string },
): Promise<{ outcome: 'changed'; notices: Notice[] } | { outcome: 'refused'; message: string }> {
  return inTurn(shell, async (turn) => {
    // What was told last is what is answered.
    const notice = (await loadNotices(turn.db, request)).findLast((one) => one.recipient === recipient)
    if (notice === undefined)
      return { outcome: 'refused', message: `this request tells nobody of that name; "accord request recipients" lists them` }
    const at = iso(turn.now())
    await endNotice(turn.db, notice.id, { status: answer, fault: null, by: user }, at)
    await appendBlock(turn.db, [entryOf(request, recipient, answer, user)], at)
    return { outcome: 'changed', notices: await loadNotices(turn.db, request) }
  })
}

function entryOf(request: string, recipient: string, what: NoticeStatus | 'to-tell', detail: string | null): string {
  return JSON.stringify(['recipient', request, recipient, what, ...(detail === null ? [] : [detail])])
}

/** Day and night. */
export function startNotifying(
  shell: Shell,
  recipients: readonly Recipient[],
  courier: Courier,
  signal: AbortSignal,
): { stop: () => Promise<void> } {
  const rhythm = { everyMs: LOOK_EVERY_MS, log: shell.log, event: 'notices.unreachable', atOnce: true }
  const telling = regularly(() => tellRecipients(shell, recipients, courier, signal), rhythm)
  return {
    stop: async () => {
      await telling.stop()
      courier.close()
    },
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Sends the mails that wait. The address is opened here, handed over, and shredded whatever became of the mail. */
import { writeLink } from '../../core/consent/confirm-link.ts'
import { openSealed } from '../../core/ledger/sealed.ts'
import { expireConfirmations } from '../../store/confirmations.ts'
import type { Jobs } from '../../store/jobs.ts'
import { forgetAlarms } from '../../store/alarms.ts'
import { endMail, expireMails, forgetMails, nextMail, postponeMail, takeMail, type DueMail } from '../../store/mails.ts'
import { alarmDpo, dayOf } from './alarm.ts'
import { faultFacts, INTERNAL } from '../fault.ts'
import { regularly } from '../worker/regularly.ts'
import { forgetLinks } from '../../store/request-links.ts'
import { linkTimes } from '../request/link.ts'
import type { Shell } from '../shell.ts'

/** `to`: null is the DPO. `token`: what the link holds. `id` stays the same from try to try. */
export type Letter = Pick<DueMail, 'id' | 'template' | 'language' | 'expiresAt'> & {
  to: string | null
  facts: Readonly<Record<string, string>>
  token: string | null
}
/** `refused`: for good. `failed`: another try may do. `fault` is a code. */
export type Delivery = { outcome: 'sent' } | { outcome: 'refused' | 'failed'; fault: string }
export type Mailer = { send: (letter: Letter, signal: AbortSignal) => Promise<Delivery>; close: () => void }
export type Delivered = { sent: number; postponed: number; givenUp: number }

export const MAIL_QUEUE_KEY = 'mails'
/** A worker that dies with a mail in hand leaves it to others after this long. */
const LEASE_MS = 5 * 60_000
/** One minute, two, four, … up to about nine hours in all: then nobody waits for it any more, and the address goes. */
const MOST_TRIES = 10
const FIRST_WAIT_MS = 60_000
const KEEP_ENDED_MS = 30 * 24 * 3_600_000
/** A doorbell that was lost is missed for no longer than this. */
const LOOK_EVERY_MS = 30_000

/** Until none is due. A mail goes twice only when the process dies between the two lines that send it and note it. */
export async function deliverMails(shell: Shell, mailer: Pick<Mailer, 'send'>, signal: AbortSignal): Promise<Delivered> {
  const counts: Delivered = { sent: 0, postponed: 0, givenUp: 0 }
  await expireConfirmations(shell.db, iso(shell.now()))
  for (;;) {
    signal.throwIfAborted()
    const mail = await takeMail(shell.db, iso(shell.now()), iso(shell.now() + LEASE_MS))
    if (mail === null) break
    await deliver(shell, mailer, mail, counts, signal)
  }
  return counts
}

/** What ends by time alone, mailer or not: an address is kept for no longer than somebody may need to write to it. */
export async function tidyMails({ db, now }: Pick<Shell, 'db' | 'now'>): Promise<void> {
  const at = now()
  await expireConfirmations(db, iso(at))
  await expireMails(db, iso(at))
  await forgetLinks(db, linkTimes(at).day)
  await forgetMails(db, iso(at - KEEP_ENDED_MS))
  await forgetAlarms(db, iso(at - KEEP_ENDED_MS))
}

async function deliver(shell: Shell, mailer: Pick<Mailer, 'send'>, mail: DueMail, counts: Delivered, signal: AbortSignal): Promise<void> {
  const { id, expiresAt } = mail
  if (expiresAt <= shell.now()) return giveUp(shell, mail, 'expired', counts)
  const delivery = await send(shell, mailer, mail, signal)
  const now = shell.now()
  if (delivery.outcome === 'sent') {
    await endMail(shell.db, id, { status: 'sent', fault: null }, iso(now))
    counts.sent++
    return
  }
  const again = now + FIRST_WAIT_MS * 2 ** (mail.attempts - 1)
  if (delivery.outcome === 'refused' || mail.attempts >= MOST_TRIES || again >= expiresAt)
    return giveUp(shell, mail, delivery.fault, counts)
  await postponeMail(shell.db, id, iso(again), delivery.fault)
  shell.log('mail.postponed', { mail: id, fault: delivery.fault, attempts: mail.attempts })
  counts.postponed++
}

/** One that cannot be opened or put into words is a failure of its own: it is tried again, and given up, as if the server had not taken it. */
async function send(shell: Shell, mailer: Pick<Mailer, 'send'>, mail: DueMail, signal: AbortSignal): Promise<Delivery> {
  const { id, template, language, expiresAt, address, link } = mail
  try {
    const to = address === null ? null : openSealed(shell.hashKey, { seal: address.seal, about: id }, address.sealed)
    const kind = template === 'confirm' || template === 'copy' || template === 'address' ? template : 'identify'
    const token = link === null ? null : writeLink(shell.hashKey, kind, { id: link, expiresAt })
    const facts = JSON.parse(mail.facts) as Letter['facts']
    return await mailer.send({ id, template, to, language, facts, token, expiresAt }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    shell.log('mail.failed', { mail: id, template, ...faultFacts(error) })
    if (mail.attempts > 1) await alarmDpo(shell, { kind: 'mail-failed', event: `${template} ${dayOf(shell)}`, about: template })
    return { outcome: 'failed', fault: INTERNAL }
  }
}

async function giveUp(shell: Shell, { id, attempts }: DueMail, fault: string, counts: Delivered): Promise<void> {
  await endMail(shell.db, id, { status: 'given up', fault }, iso(shell.now()))
  shell.log('mail.given-up', { mail: id, fault, attempts })
  counts.givenUp++
}

/** Answers the doorbell, and rings it for what is due again. Without a mailer what waits goes stale. */
export async function startNotifier(shell: Shell, jobs: Jobs, mailer: Mailer, signal: AbortSignal): Promise<{ stop: () => Promise<void> }> {
  await jobs.work('notify', { lanes: 1 }, async (job) => {
    if (job.key === MAIL_QUEUE_KEY) await deliverMails(shell, mailer, AbortSignal.any([signal, job.signal]))
  })
  const look = async (): Promise<void> => {
    const due = await nextMail(shell.db)
    if (due === null || Date.parse(due) > shell.now() || (await jobs.rung('notify', MAIL_QUEUE_KEY))) return
    await jobs.ring(shell.db, { queue: 'notify', key: MAIL_QUEUE_KEY })
  }
  const looking = regularly(look, { everyMs: LOOK_EVERY_MS, log: shell.log, event: 'notifier.unreachable', atOnce: false })
  return {
    stop: async () => {
      await looking.stop()
      mailer.close()
    },
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

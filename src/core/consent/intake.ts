/** What a form or another system says on behalf of one person, held against the policy before anything of it is kept. */
import { dayMs } from '../time/calendar.ts'
import type { ConsentFact } from './consent.ts'
import { contactFieldKind } from '../record/contact-field.ts'
import type { Mailbox } from '../identity/identify.ts'
import { mailboxReaderOf } from '../policy/audience.ts'
import { normalisePhone } from '../identity/phone.ts'
import { OWN } from './own-connection.ts'
import { isOn } from '../policy/purposes.ts'
import type { Policy } from '../policy/schema.ts'

export type IntakeEvent = 'given' | 'withdrawn' | 'refused'
/** The wording that was shown. `hash`: SHA-256 of its UTF-8 bytes, in hex. */
export type ShownText = { readonly id: string; readonly hash: string; readonly language: string }
/** A body that has the right shape, not yet the right meaning. `at`: ISO 8601 with an offset; absent: now. */
export type IntakeBody = {
  readonly identifier: { readonly email?: string | undefined; readonly phone?: string | undefined }
  readonly event: IntakeEvent
  readonly purpose: string
  readonly channel: string
  readonly at?: string | undefined
  readonly text?: ShownText | undefined
  readonly form?: string | undefined
  readonly how?: string | undefined
  readonly doubleOptIn?: boolean | undefined
}

/** `said`: facts that hold for the mailbox's person. `byPhone`: those that bind every record with that number. `at` in epoch milliseconds. */
export type Statement = {
  readonly mailbox: Mailbox | null
  readonly phone: string | null
  readonly event: IntakeEvent
  readonly purpose: string
  readonly channel: string
  readonly at: number
  readonly text: ShownText | null
  readonly form: string | null
  readonly how: string | null
  readonly doubleOptIn: boolean
  readonly said: readonly ConsentFact[]
  readonly byPhone: readonly ConsentFact[]
}
/** `field` names what is wrong, never what it holds. */
export type IntakeProblem = { readonly code: string; readonly field: string; readonly message: string }
/** What is answered to a statement that was taken down. `id` names its proof. `at`: ISO 8601. */
export type Recorded = {
  readonly id: string
  readonly status: 'recorded' | 'awaiting_confirmation'
  readonly event: IntakeEvent
  readonly purpose: string
  readonly channel: string
  readonly at: string
}
export type ReadStatement = { readonly ok: true; readonly value: Statement } | { readonly ok: false; readonly problem: IntakeProblem }

/** A clock may be ahead of ours by that much. */
const GRACE_MS = 5 * 60_000
/** Nobody keeps proof of an older yes: the longest limitation of civil law is twenty years (C. civ. art. 2232). */
const OLDEST_MS = 20 * 365.25 * dayMs

export type Addressee = { readonly mailbox: Mailbox | null; readonly phone: string | null }
export type ReadAddressee = { readonly ok: true; readonly value: Addressee } | { readonly ok: false; readonly problem: IntakeProblem }

/** Who is meant, in the forms that are hashed. */
export function createAddresseeReader(policy: Policy): (identifier: IntakeBody['identifier']) => ReadAddressee {
  const mailboxOf = mailboxReaderOf(policy)
  return ({ email, phone }) => {
    const mailbox = email === undefined ? null : mailboxOf(email)
    if (email !== undefined && mailbox === null)
      return refused('email_invalid', 'identifier.email', 'this is not exactly one e-mail address')
    const number = phone === undefined ? null : normalisePhone(phone, policy.organisation.country)
    if (phone !== undefined && number === null)
      return refused('phone_invalid', 'identifier.phone', 'this is no valid telephone number; write it with its country code, such as +33…')
    return { ok: true, value: { mailbox, phone: number } }
  }
}

export function createIntake(policy: Policy): (body: IntakeBody, now: number) => ReadStatement {
  const addresseeOf = createAddresseeReader(policy)
  const phoneChannels = policy.channels.filter((channel) => contactFieldKind(channel.needs) === 'phone').map((channel) => channel.id)
  return (body, now) => {
    const addressee = addresseeOf(body.identifier)
    if (!addressee.ok) return addressee
    const { mailbox, phone } = addressee.value
    const at = body.at === undefined ? now : Date.parse(body.at)
    const problem = timeProblem(at, now) ?? scopeProblem(policy, body) ?? reachProblem(body, mailbox, phoneChannels)
    if (problem !== null) return { ok: false, problem }
    const statement = { ...body, at: Math.min(at, now), mailbox, phone }
    return { ok: true, value: { ...complete(statement), ...factsFrom(statement, phoneChannels) } }
  }
}

type Placed = Omit<IntakeBody, 'at'> & { readonly at: number; readonly mailbox: Mailbox | null; readonly phone: string | null }

function complete({
  mailbox,
  phone,
  event,
  purpose,
  channel,
  at,
  text,
  form,
  how,
  doubleOptIn,
}: Placed): Omit<Statement, 'said' | 'byPhone'> {
  return {
    mailbox,
    phone,
    event,
    purpose,
    channel,
    at,
    text: text ?? null,
    form: form ?? null,
    how: how ?? null,
    doubleOptIn: doubleOptIn ?? false,
  }
}

/**
 * A yes is for the person whom the mailbox names, and no telephone names anybody. A no binds whoever has the number, on the channels that use
 * it: a false block beats an unlawful call (GDPR art. 21(3)).
 */
function factsFrom(body: Placed, phoneChannels: readonly string[]): Pick<Statement, 'said' | 'byPhone'> {
  const { event, purpose, channel, at } = body
  const waits = event === 'given' && body.doubleOptIn === true
  const fact: Omit<ConsentFact, 'source'> = { purpose, channel, event: waits ? 'asked' : event, at, grade: waits ? 'claimed' : 'proved' }
  const channels = phoneChannels.filter((one) => channel === '*' || channel === one)
  return {
    said: body.mailbox === null ? [] : [{ ...fact, source: sourceOf('email') }],
    byPhone: body.phone === null || event === 'given' ? [] : channels.map((one) => ({ ...fact, channel: one, source: sourceOf('phone') })),
  }
}

/** As facts of a CRM name connection, object and field. */
export function sourceOf(object: 'email' | 'phone'): string {
  return `${OWN}:${object}.intake`
}

/** The nearest instant at which something may have been said: what was received is heard, whatever the clock says that took it down. `ahead`: that clock is wrong. */
export function sayableAt(at: number, now: number): { at: number; ahead: boolean } {
  return { at: Math.max(Math.min(at, now), now - OLDEST_MS), ahead: at > now + GRACE_MS }
}

function timeProblem(at: number, now: number): IntakeProblem | null {
  if (at > now + GRACE_MS)
    return problemOf('at_in_future', 'at', 'nobody has said this yet: the time lies more than five minutes ahead of the server’s clock')
  if (at < now - OLDEST_MS)
    return problemOf('at_too_old', 'at', 'the time lies more than twenty years back; send the time of the act itself')
  return null
}

function scopeProblem(policy: Policy, { event, purpose, channel }: IntakeBody): IntakeProblem | null {
  const offered = policy.purposes.filter((one) => !one.serviceOnly)
  if (purpose !== '*') {
    const known = policy.purposes.find((one) => one.id === purpose)
    const names = offered.map((one) => one.id)
    if (known === undefined) return problemOf('purpose_unknown', 'purpose', `the policy has no such purpose: it has ${names.join(', ')}`)
    if (known.serviceOnly)
      return problemOf(
        'purpose_not_consented',
        'purpose',
        `this purpose only serves a contract, so there is nothing to consent to; consent is for ${names.join(', ')}`,
      )
    if (event === 'given' && !isOn(known))
      return problemOf('purpose_off', 'purpose', 'the policy has switched this purpose off, so nobody can agree to it')
    if (channel !== '*' && !known.channels.includes(channel))
      return problemOf('channel_unknown', 'channel', `this purpose uses ${known.channels.join(', ')}`)
    return null
  }
  const channels = policy.channels.map((one) => one.id)
  return channel === '*' || channels.includes(channel)
    ? null
    : problemOf('channel_unknown', 'channel', `the policy has the channels ${channels.join(', ')}`)
}

function reachProblem(body: IntakeBody, mailbox: Mailbox | null, phoneChannels: readonly string[]): IntakeProblem | null {
  if (mailbox !== null) return null
  if (body.event === 'given')
    return problemOf('email_needed', 'identifier.email', 'a yes needs an e-mail address: a telephone number alone tells nobody apart')
  if (body.channel === '*' || phoneChannels.includes(body.channel)) return null
  return problemOf(
    'email_needed',
    'identifier.email',
    `by telephone number alone only ${phoneChannels.join(' and ')} can be refused; send the e-mail address for this channel`,
  )
}

function refused(code: string, field: string, message: string): { ok: false; problem: IntakeProblem } {
  return { ok: false, problem: problemOf(code, field, message) }
}

function problemOf(code: string, field: string, message: string): IntakeProblem {
  return { code, field, message }
}

/** Double opt-in: what was asked by mail, and what the person answers by the link in it. */
import { randomBytes } from 'node:crypto'
import { LINK_ID_BYTES, readLink } from '../../core/consent/confirm-link.ts'
import { sourceOf } from '../../core/consent/intake.ts'
import {
  countAsked,
  insertConfirmation,
  loadConfirmation,
  settleConfirmation,
  type Confirmation,
  type ConfirmationStatus,
} from '../../store/confirmations.ts'
import { appendBlock } from '../../store/ledger.ts'
import { loadSource } from '../../store/sources.ts'
import type { Proof } from '../../store/voices.ts'
import type { ConsentDeps } from './deps.ts'
import { leaveMail } from '../notify/leave-mail.ts'
import { loadStatementKey } from '../../store/subject-keys.ts'
import { sealEntry } from './statements.ts'
import { inTurn, type TurnShell } from '../turn.ts'
import { saveVoice } from './voice.ts'

const DAY_MS = 24 * 3_600_000
/** Long enough for a mail that is read after a holiday weekend, short enough that the question is still remembered. */
const LINK_LIFE_MS = 7 * DAY_MS
/** The same question again within that time is answered by the mail that is on its way; more a day is somebody who plays with the form. */
const SAME_MAIL_MS = 10 * 60_000
const MAILS_PER_DAY = 5

/** Leaves a mail to be sent, with the address under a key of its own. */
export async function askByMail(deps: ConsentDeps, shell: TurnShell, proof: Proof, email: string): Promise<void> {
  const now = shell.now()
  const about = { source: proof.source, record: proof.record, purpose: proof.purpose, channel: proof.channel }
  const asked = await countAsked(shell.db, about, { day: iso(now - DAY_MS), moment: iso(now - SAME_MAIL_MS) })
  if (asked.justNow || asked.today >= MAILS_PER_DAY) return
  const language = proof.text?.language === 'fr' ? 'fr' : 'en'
  const confirmation = { id: randomBytes(LINK_ID_BYTES), proof: proof.id, ...about, language, expiresAt: now + LINK_LIFE_MS }
  await insertConfirmation(shell.db, confirmation, iso(now))
  const facts = { purpose: proof.purpose, channel: proof.channel }
  await leaveMail(shell, { template: 'confirm', confirmation: confirmation.id, link: null, language, facts, to: email })
  await deps.ringMail(shell.db)
}

/** `status` of the link as it stands now; `null`: we made no such link. */
export type Asked = Pick<Confirmation, 'purpose' | 'channel' | 'language' | 'form' | 'saidAt'> & { status: ConfirmationStatus }

/** Looking changes nothing: mail scanners open every link. */
export async function lookAtLink(deps: ConsentDeps, token: string): Promise<Asked | null> {
  const link = readLink(deps.shell.hashKey, 'confirm', token)
  const found = link === null ? null : await loadConfirmation(deps.shell.db, link.id)
  return found === null ? null : { ...found, status: statusAt(found, deps.shell.now()) }
}

/** Answers how the link stood when it was used: `pending` means that it counted, now, and once. */
export async function confirmLink(deps: ConsentDeps, token: string): Promise<Asked | null> {
  const link = readLink(deps.shell.hashKey, 'confirm', token)
  if (link === null) return null
  return inTurn(deps.shell, async (shell) => {
    const found = await loadConfirmation(shell.db, link.id)
    if (found === null) return null
    const now = shell.now()
    const asked = { ...found, status: statusAt(found, now) }
    if (asked.status === 'pending') await count(deps, shell, found, now)
    return asked
  })
}

/**
 * The yes counts from when the form was sent, so that whatever was refused since then outweighs it; the click is the proof that it was this
 * person's.
 */
async function count(deps: ConsentDeps, shell: TurnShell, found: Confirmation, now: number): Promise<void> {
  const source = (await loadSource(shell.db, found.source))!
  const { purpose, channel, saidAt, record } = found
  const fact = { purpose, channel, event: 'given', at: saidAt, source: sourceOf('email'), grade: 'proved' } as const
  await settleConfirmation(shell.db, found.id, 'confirmed', iso(now))
  await saveVoice(shell, await deps.landscape(shell), { object: 'email', id: record, facts: [fact], lastAct: deps.actOn(now) })
  const key = await loadStatementKey(shell.db, found.proof, source.object)
  const words = [record, purpose, channel, iso(saidAt), iso(now)]
  await appendBlock(shell.db, [sealEntry(shell, { kind: 'confirmed', proof: found.proof, object: source.object }, key, words)], iso(now))
}

function statusAt({ status, expiresAt }: Confirmation, now: number): ConfirmationStatus {
  return status === 'pending' && expiresAt <= now ? 'expired' : status
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Takes down what a form or another system says on behalf of somebody: fact, proof, ledger and the answer in one transaction. */
import { randomBytes, randomUUID } from 'node:crypto'
import { suppressionForm } from '../../core/identity/email.ts'
import type { Recorded, Statement } from '../../core/consent/intake.ts'
import { SEAL_BYTES } from '../../core/ledger/sealed.ts'
import { cancelConfirmations } from '../../store/confirmations.ts'
import { appendBlock } from '../../store/ledger.ts'
import { ensureSubjectKey } from '../../store/subject-keys.ts'
import { saveProofs, type Proof, type SealedProof } from '../../store/voices.ts'
import { askByMail } from './ask.ts'
import type { ConsentDeps } from './deps.ts'
import { once, type Idempotency, type Once } from '../once.ts'
import type { Shell } from '../shell.ts'
import { sealEntry } from './statements.ts'
import { inTurn, type TurnShell } from '../turn.ts'
import { saveVoice, type Voice } from './voice.ts'

/** `apiKey`: who says it. `idempotency`: the caller's own key and the body as it came, or null when each call stands for itself. */
export type Posted = { statement: Statement; apiKey: string; idempotency: Idempotency | null }
export type PostedOutcome = Once<Recorded>

export function postConsent(deps: ConsentDeps, posted: Posted): Promise<PostedOutcome> {
  return inTurn(deps.shell, (shell) => once(shell, posted, () => takeDown(deps, shell, posted, shell.now())))
}

/** In a transaction that has the turn: fact, proof and ledger. */
export async function takeDown(deps: ConsentDeps, shell: TurnShell, { statement, apiKey }: Posted, now: number): Promise<Recorded> {
  const landscape = await deps.landscape(shell)
  const id = randomUUID()
  const proofs: SealedProof[] = []
  const entries: string[] = []
  for (const voice of voicesOf(shell, statement, deps.actOn)) {
    const source = await saveVoice(shell, landscape, voice)
    const proof = proofOf(statement, { id, source: source.id, record: voice.id, apiKey, now })
    const key = await ensureSubjectKey(shell.db, holderOf(shell, statement, voice), randomBytes(SEAL_BYTES), iso(now))
    const sealed = { ...proof, key: key.id, seal: randomBytes(SEAL_BYTES) }
    proofs.push(sealed)
    entries.push(
      sealEntry(shell, { kind: 'consent', proof: id, object: voice.object }, { subject: key.seal, own: sealed.seal }, wordsOf(proof)),
    )
  }
  await saveProofs(shell.db, proofs)
  await followUp(deps, shell, statement, proofs)
  await appendBlock(shell.db, entries, iso(now))
  const { event, purpose, channel, at, doubleOptIn } = statement
  const status = event === 'given' && doubleOptIn ? 'awaiting_confirmation' : 'recorded'
  return { id, status, event, purpose, channel, at: iso(at) }
}

/** A yes may have to be asked for by mail; a no takes back what was asked. */
async function followUp(deps: ConsentDeps, shell: TurnShell, statement: Statement, proofs: readonly Proof[]): Promise<void> {
  const [proof] = proofs
  if (proof === undefined || statement.mailbox === null) return
  if (statement.event !== 'given') await cancelConfirmations(shell.db, proof, proof.receivedAt)
  else if (statement.doubleOptIn) await askByMail(deps, shell, proof, statement.mailbox.email)
}

/** One record for the mailbox, one for the number: each says only what holds for it. */
function voicesOf(
  { hasher }: Shell,
  { mailbox, phone, said, byPhone, event, doubleOptIn, at }: Statement,
  actOn: ConsentDeps['actOn'],
): Voice[] {
  const voices: Voice[] = []
  if (mailbox !== null) {
    const hash = hasher.identifier('email', mailbox.email)
    const lastAct = event === 'given' && !doubleOptIn ? actOn(at) : null
    const where = mailbox.shared ? { emails: [], quiet: [hash] } : { emails: [hash], quiet: [] }
    voices.push({ object: 'email', id: hasher.voice('email', mailbox.email), ...where, facts: said, lastAct })
  }
  if (phone !== null && byPhone.length > 0)
    voices.push({ object: 'phone', id: hasher.voice('phone', phone), emails: [], quiet: [], facts: byPhone, lastAct: null })
  return voices
}

function holderOf({ hasher }: Shell, { mailbox, phone }: Statement, { object }: Voice): Buffer {
  return Buffer.from(object === 'email' ? hasher.holder('email', suppressionForm(mailbox!.email)) : hasher.holder('phone', phone!))
}

function proofOf(statement: Statement, rest: { id: string; source: number; record: string; apiKey: string; now: number }): Proof {
  const { event, purpose, channel, at, text, form, how, doubleOptIn } = statement
  const { now, ...named } = rest
  const optIn = event === 'given' && doubleOptIn ? 'asked' : 'none'
  return { ...named, event, purpose, channel, at: iso(at), receivedAt: iso(now), text, form, how, optIn, confirmedAt: null }
}

/** The whole proof, whose it is by the keyed name: what is in the ledger cannot be changed later in the table. */
function wordsOf({ record, event, purpose, channel, at, receivedAt, text, form, how, apiKey, optIn }: Proof): unknown[] {
  return [
    record,
    event,
    purpose,
    channel,
    at,
    receivedAt,
    text === null ? null : [text.id, text.hash, text.language],
    form,
    how,
    apiKey,
    optIn,
  ]
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Leaves a mail to be sent, in the transaction of what it tells. */
import { randomBytes, randomUUID } from 'node:crypto'
import { SEAL_BYTES, sealText } from '../../core/ledger/sealed.ts'
import { insertMail, type NewMail } from '../../store/mails.ts'
import type { TurnShell } from '../turn.ts'

/** `facts`: without personal data. `to`: in clear, and sealed under a key of its own here; null is the DPO. */
export type Leaving = Omit<NewMail, 'id' | 'facts' | 'address'> & { facts: Readonly<Record<string, string>>; to: string | null }

export async function leaveMail({ db, hashKey, now }: TurnShell, { facts, to, ...mail }: Leaving): Promise<void> {
  const id = randomUUID()
  const seal = randomBytes(SEAL_BYTES)
  const address = to === null ? null : { seal, sealed: sealText(hashKey, { seal, iv: randomBytes(12), about: id }, to) }
  await insertMail(db, { ...mail, id, facts: JSON.stringify(facts), address }, new Date(now()).toISOString())
}

/** What has to be kept although the person wants it erased, as somebody of the company knows it (GDPR art. 17(3)). */
import { decide } from '../../core/erasure/decide.ts'
import { holdByHand, type Ground } from '../../core/erasure/hold.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { asErasure, changeRequest, type Changed } from './file.ts'

/** `text`: the provision, for the certificate. `until`: epoch day; null: until somebody releases it. */
export type Holding = { user: string; key: string; ground: Ground; text: string; until: number | null }

export function holdRecord({ shell, calendar }: ErasureDeps, id: string, { user, key, ground, text, until }: Holding): Promise<Changed> {
  return changeRequest(shell, id, async ({ erasure }, turn) => {
    const today = calendar.localDay(turn.now())
    if (until !== null && until <= today) return { message: 'a hold ends on a day to come' }
    const hold = holdByHand(user, ground, text, until, today)
    const decided = decide(erasure, { type: 'hold', by: { kind: 'staff', user }, key, hold }, turn.now())
    return decided.ok ? { events: asErasure(decided.events) } : { message: decided.message }
  })
}

/** A user has looked where Accord may not, and answers for it that nothing there obliges the company. */
export function vouchRecord({ shell }: ErasureDeps, id: string, { user, key }: { user: string; key: string }): Promise<Changed> {
  return changeRequest(shell, id, async ({ erasure }, turn) => {
    const decided = decide(erasure, { type: 'vouch', by: { kind: 'staff', user }, key }, turn.now())
    return decided.ok ? { events: asErasure(decided.events) } : { message: decided.message }
  })
}

/** After everything was carried out the record is to go, and waits for an approval of its own. */
export function releaseRecord({ shell }: ErasureDeps, id: string, { user, key }: { user: string; key: string }): Promise<Changed> {
  return changeRequest(shell, id, async ({ erasure }, turn) => {
    const decided = decide(erasure, { type: 'release', by: { kind: 'staff', user }, key }, turn.now())
    return decided.ok ? { events: asErasure(decided.events) } : { message: decided.message }
  })
}

/** A CRM that is gone for good: its account is closed, and nobody can look or erase there any more. Somebody says so, and answers for it (GDPR art. 5(2)). */
import type { Actor } from '../request/request.ts'

export const lossReasons = ['account-closed', 'contract-ended', 'vendor-gone'] as const
export type LossReason = (typeof lossReasons)[number]

/** `account`: of the CRM, as it was known; null: it never showed one. `at`: epoch milliseconds. */
export type Lost = {
  readonly connection: string
  readonly crm: string
  readonly account: string | null
  readonly because: LossReason
  readonly by: Actor
  readonly at: number
}

/** Absent in what was stored before anything was lost. */
export type Losses = { readonly lost?: readonly Lost[] }

export function isLost({ lost = [] }: Losses, connection: string): boolean {
  return lost.some((one) => one.connection === connection)
}

/** Nothing where nothing is lost, so that whatever is bound to the text of it stays what it was. */
export function lossesOf(lost: readonly Lost[] = []): Losses {
  return lost.length === 0 ? {} : { lost }
}

export function withLoss({ lost = [] }: Losses, one: Lost): Losses {
  return { lost: [...lost.filter(({ connection }) => connection !== one.connection), one] }
}

export function withoutLoss({ lost = [] }: Losses, connection: string): Losses {
  return lossesOf(lost.filter((one) => one.connection !== connection))
}

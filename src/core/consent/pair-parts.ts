/** What is said of one purpose on one channel. A policy has a few hundred such parts: each is one object, and is never changed. */
import type { ConsentStatus, Grade } from './consent.ts'
import type { ConsentRule } from '../policy/schema.ts'
import type { Pair } from '../policy/purposes.ts'
import type { ConsentView, Permission } from '../judge/verdict.ts'

/**
 * `certain`: no unknown answer took part; otherwise `rule` is the strictest of those that might apply. What is then said: `allowed` when the rule is met,
 * `unreachable` when it is met and there is nothing to send to, `refused` when it is not.
 */
export type Choice = {
  readonly rule: ConsentRule
  readonly certain: boolean
  readonly allowed: Permission
  readonly unreachable: Permission
  readonly refused: Permission
}
export type PairParts = {
  choiceOf(rule: ConsentRule, certain: boolean): Choice
  /** `id`: of a gate, or `purpose.<id>`. */
  refusalBy(id: string): Permission
  /** After expiry under the rule that applies. `code`: see `codeOf`. */
  viewOf(code: number): ConsentView
}

const statuses = ['unknown', 'granted', 'withdrawn', 'refused', 'expired'] as const
const grades = [null, 'proved', 'claimed', 'contradicted'] as const

/** Status and grade as one number, below 32; 0 for nothing known. */
export function codeOf(status: ConsentStatus, grade: Grade | null): number {
  return statuses.indexOf(status) * grades.length + grades.indexOf(grade)
}

/** What `codeOf` has made a number of. */
export function statusOf(code: number): ConsentStatus {
  const status = statuses[Math.floor(code / grades.length)]
  if (status === undefined) throw new RangeError('a number that no status and grade have')
  return status
}

export function createPairParts({ purpose, channel }: Pair): PairParts {
  const views = statuses.flatMap((status) => grades.map((grade): ConsentView => ({ purpose, channel, status, grade })))
  const unreachable: Permission = { purpose, channel, allowed: false, rule: `channel.${channel}` }
  const refusals = new Map<string, Permission>()
  const choices = new Map<ConsentRule, { readonly certain: Choice; readonly uncertain: Choice }>()
  const refusalBy = (id: string): Permission => {
    let permission = refusals.get(id)
    if (permission === undefined) refusals.set(id, (permission = { purpose, channel, allowed: false, rule: id }))
    return permission
  }
  return {
    choiceOf(rule, certain) {
      let both = choices.get(rule)
      if (both === undefined) {
        const allowed = { purpose, channel, allowed: true, rule: rule.id }
        const parts = { rule, allowed, unreachable, refused: refusalBy(rule.id) }
        choices.set(rule, (both = { certain: { ...parts, certain: true }, uncertain: { ...parts, certain: false } }))
      }
      return certain ? both.certain : both.uncertain
    },
    refusalBy,
    viewOf(code) {
      const view = views[code]
      if (view === undefined) throw new RangeError('a number that no status and grade have')
      return view
    },
  }
}

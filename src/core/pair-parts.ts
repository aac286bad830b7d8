/** What verdicts say of one purpose on one channel. A policy has a few hundred such parts: each is one object, and is never changed. */
import type { ConsentStatus, Grade } from './consent.ts'
import type { Pair } from './permission-table.ts'
import type { ConsentView, Permission } from './verdict.ts'

export type PairState = {
  /** The view after expiry under the rule that applies. */
  readonly view: ConsentView
  /** Whether the rules allow it, contact point or not. */
  readonly lawful: boolean
}
export type PairParts = {
  /** `code`: see `codeOf`. */
  stateOf(code: number, lawful: boolean): PairState
  /** `rule`: id of what decided. */
  permissionOf(allowed: boolean, rule: string): Permission
}

const statuses = ['unknown', 'granted', 'withdrawn', 'refused', 'expired'] as const
const grades = [null, 'proved', 'claimed', 'contradicted'] as const

/** Status and grade as one number, below 32; 0 for nothing known. */
export function codeOf(status: ConsentStatus, grade: Grade | null): number {
  return statuses.indexOf(status) * grades.length + grades.indexOf(grade)
}

export function createPairParts({ purpose, channel }: Pair): PairParts {
  const states: { readonly lawful: PairState; readonly unlawful: PairState }[] = statuses.flatMap((status) =>
    grades.map((grade) => {
      const view: ConsentView = { purpose, channel, status, grade }
      return { lawful: { view, lawful: true }, unlawful: { view, lawful: false } }
    }),
  )
  const allowances = new Map<string, Permission>()
  const refusals = new Map<string, Permission>()
  return {
    stateOf(code, lawful) {
      const both = states[code]
      if (both === undefined) throw new RangeError('a number that no status and grade have')
      return lawful ? both.lawful : both.unlawful
    },
    permissionOf(allowed, rule) {
      const known = allowed ? allowances : refusals
      let permission = known.get(rule)
      if (permission === undefined) known.set(rule, (permission = { purpose, channel, allowed, rule }))
      return permission
    },
  }
}

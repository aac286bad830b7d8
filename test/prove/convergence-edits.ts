/** What people do to a record in a CRM, at random. */
import type { Fields } from '../../src/connectors/connector.ts'
import type { Names } from './convergence-crm.ts'
import type { Random } from './random.ts'

/** `change`: the fields after it, for an edit at that time. */
export type Edit = { id: string; side: 0 | 1; tick: number; change: (names: Names, at: number) => Fields }

const iso = (ms: number): string => new Date(ms).toISOString()
const MOST_EDITS = 5

export function editsOf(id: string, ticks: number, random: Random): Edit[] {
  return Array.from({ length: 1 + random(MOST_EDITS) }, () => {
    const side = random(2) as 0 | 1
    const tick = 1 + random(ticks)
    const earlier = random(2) === 0 ? 0 : random(900) * 1_000
    const kind = kinds[random(kinds.length)]!
    return { id, side, tick, change: (names, at) => kind(names, at - earlier, random) }
  })
}

const kinds: readonly ((names: Names, at: number, random: Random) => Fields)[] = [
  ({ yes, at, text }, time) => ({ [yes]: 'yes', [at]: iso(time), [text]: 'NL-2026-05' }),
  ({ yes, at, text }, time) => ({ [yes]: 'yes', [at]: iso(time), [text]: 'NL-2026-06' }),
  ({ yes, at, text }, time) => ({ [yes]: 'withdrawn', [at]: iso(time), [text]: 'NL-2026-05' }),
  // No date, no text.
  ({ yes, at, text }) => ({ [yes]: 'withdrawn', [at]: null, [text]: null }),
  ({ yes, at, text }) => ({ [yes]: 'yes', [at]: null, [text]: null }),
  ({ yes, at, text }) => ({ [yes]: null, [at]: null, [text]: null }),
  ({ optOut }) => ({ [optOut]: 'true' }),
  ({ optOut }) => ({ [optOut]: 'true' }),
  ({ optOut }) => ({ [optOut]: 'false' }),
  ({ other }, _time, random) => ({ [other]: `Poste ${random(1_000)}` }),
]

/** HubSpot's native integration with Salesforce, as a switch: carries people from one CRM to the other, and brings back whom only one forgot. */
import type { SandboxClock, SyncSide } from '../crm.ts'
import { createLinks, noCounts, runCycle } from './cycle.ts'
import type { Links, SyncCounts } from './cycle.ts'
import { SYNC_DEFAULTS } from './settings.ts'
import type { SyncChange, SyncSettings } from './settings.ts'
import type { z } from 'zod'

export type Sync = {
  change(change: z.infer<typeof SyncChange>): SyncReport
  /** One cycle now. Throws while the integration is off. */
  run(): SyncReport
  report(): SyncReport
  /** Off, and everything forgotten. */
  reset(): void
}
export type SyncReport = SyncCounts & {
  settings: SyncSettings
  pairs: number
  cycles: number
  lastAt: string | null
  nextAt: string | null
}

type State = {
  readonly clock: SandboxClock
  readonly sides: { hubspot: SyncSide; salesforce: SyncSide }
  readonly settings: SyncSettings
  links: Links
  counts: SyncCounts
  cycles: number
  lastAt: number | undefined
  nextAt: number | undefined
  cancel: () => void
}

export function createSync(clock: SandboxClock, hubspot: SyncSide, salesforce: SyncSide): Sync {
  const state: State = {
    clock,
    sides: { hubspot, salesforce },
    settings: { ...SYNC_DEFAULTS },
    ...unlinked(),
    nextAt: undefined,
    cancel: () => undefined,
  }
  const { settings } = state
  return {
    report: () => report(state),
    change(change) {
      const wasOn = settings.on
      Object.assign(settings, change)
      if (!wasOn && settings.on) {
        Object.assign(state, unlinked())
        cycle(state, settings.start === 'full')
      }
      plan(state)
      return report(state)
    },
    run() {
      if (!settings.on) throw new Error('the integration is off; POST /sync {"on": true} first')
      cycle(state, true)
      plan(state)
      return report(state)
    },
    reset() {
      Object.assign(settings, SYNC_DEFAULTS)
      Object.assign(state, unlinked())
      plan(state)
    },
  }
}

const unlinked = (): Pick<State, 'links' | 'counts' | 'cycles' | 'lastAt'> => ({
  links: createLinks(),
  counts: noCounts(),
  cycles: 0,
  lastAt: undefined,
})

function cycle(state: State, create: boolean): void {
  const { sides, links, settings, clock, lastAt } = state
  const now = clock.now()
  state.counts = runCycle({ ...sides, links, settings, since: lastAt ?? 0, counts: noCounts() }, create)
  state.lastAt = now
  state.cycles += 1
}

/** The next cycle by the clock. */
function plan(state: State): void {
  const { settings, clock } = state
  state.cancel()
  state.nextAt = settings.on ? clock.now() + settings.lagMs : undefined
  if (state.nextAt === undefined) return
  state.cancel = clock.at(state.nextAt, () => {
    cycle(state, true)
    plan(state)
  })
}

function report({ settings, links, cycles, lastAt, nextAt, counts }: State): SyncReport {
  const text = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
  return { settings: { ...settings }, pairs: links.toSalesforce.size, cycles, lastAt: text(lastAt), nextAt: text(nextAt), ...counts }
}

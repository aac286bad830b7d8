import type { Kept, SandboxCrm, SandboxClock } from './crm.ts'

/** What `reset` comes back to. */
export const DEFAULT_SNAPSHOT = 'default'

export type Snapshots = {
  /** Remembers the present state of all CRMs under a name, in the place of what had it. */
  keep(name: string): void
  /** Throws when nothing was kept under that name. */
  restore(name: string): void
  /** Throws for a name that is not there, and for the one that `reset` needs. */
  drop(name: string): void
  list(): { name: string; at: string }[]
}

export function createSnapshots(crms: readonly SandboxCrm[], clock: SandboxClock): Snapshots {
  const kept = new Map<string, { at: string; states: Kept[] }>()

  function named(name: string): Kept[] {
    const found = kept.get(name)
    if (found === undefined) throw new Error(`there is no snapshot ${name}; there are ${[...kept.keys()].join(', ')}`)
    return found.states
  }

  return {
    keep(name) {
      for (const state of kept.get(name)?.states ?? []) state.drop()
      kept.set(name, { at: new Date(clock.now()).toISOString(), states: crms.map((crm) => crm.keep()) })
    },
    restore(name) {
      for (const state of named(name)) state.restore()
    },
    drop(name) {
      if (name === DEFAULT_SNAPSHOT) throw new Error('the default snapshot stays: reset comes back to it')
      for (const state of named(name)) state.drop()
      kept.delete(name)
    },
    list: () => [...kept].map(([name, { at }]) => ({ name, at })),
  }
}

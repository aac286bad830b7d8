import type { CrmOptions } from '../crm.ts'
import { LIVE } from './columns.ts'
import { DEFAULT_SETTINGS } from './portal.ts'
import type { Portal } from './portal.ts'
import { claim } from './records.ts'
import type { RegistryMark } from './registry.ts'
import type { StoreMark } from './store.ts'

type Kept = {
  registry: RegistryMark
  store: StoreMark
  aliases: [number, number][]
  blocklist: string[]
  returned: string[]
  nextId: number
}

/** The state `reset` comes back to: the empty portal until `keep` is called. Tokens, limits and levers start afresh with every reset. */
export function createSnapshots(portal: Portal, options: CrmOptions): { keep(): void; restore(): void } {
  let kept = take(portal)

  function restore(): void {
    portal.properties.rewind(kept.registry)
    portal.store.rewind(kept.store)
    refill(portal.aliases, kept.aliases)
    refillSet(portal.blocklist, kept.blocklist)
    refillSet(portal.returned, kept.returned)
    portal.nextId = kept.nextId
    portal.settings = { ...DEFAULT_SETTINGS }
    portal.index.clear()
    portal.tokens.clear()
    portal.limits.clear()
    portal.limits.enabled = options.rateLimit
    portal.changes++
    reindex(portal)
  }

  return {
    keep() {
      kept = take(portal)
    },
    restore,
  }
}

function take(portal: Portal): Kept {
  return {
    registry: portal.properties.mark(),
    store: portal.store.mark(),
    aliases: [...portal.aliases],
    blocklist: [...portal.blocklist],
    returned: [...portal.returned],
    nextId: portal.nextId,
  }
}

/** The indexes are derived; keeping a copy of them would double the memory of a large portal. */
function reindex(portal: Portal): void {
  portal.emails.clear()
  portal.uniques.clear()
  portal.properties.list.forEach((property, index) => {
    if (property.hasUniqueValue) portal.uniques.set(index, new Map())
  })
  for (let row = 0; row < portal.store.columns.count; row++) {
    if (portal.store.columns.status[row] === LIVE) claim(portal, row, portal.store.values(row))
  }
}

function refill<Key, Value>(map: Map<Key, Value>, entries: readonly [Key, Value][]): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}

function refillSet(set: Set<string>, values: readonly string[]): void {
  set.clear()
  for (const value of values) set.add(value)
}

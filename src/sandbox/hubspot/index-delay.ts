import { encodeRecord, valueIn } from './record.ts'
import type { Values } from './store.ts'

/** What the search index still shows of a record that has changed: null means it is not there yet. */
export type Indexed = { updated: number; value(property: number): string | undefined } | null

type Shown = { until: number; updated: number; bytes: Buffer | null }

/** The search index lags behind the records: seconds in the live API (HubSpot docs, "Search": newly changed records take a moment). */
export type IndexDelay = {
  /** Remembers what the index shows until it catches up with the change made now. `before` null: the record was created now. */
  note(id: number, now: number, lagMs: number, updated: number, before: Values | null): void
  /** Undefined: the index shows the present record. */
  shown(id: number, now: number): Indexed | undefined
  /** When the index next catches up with something; Infinity when it is not behind. */
  nextChange(now: number): number
  clear(): void
}

export function createIndexDelay(): IndexDelay {
  const pending = new Map<number, Shown[]>()

  function expire(now: number): void {
    for (const [id, list] of pending) {
      if (list.at(-1)!.until > now) break
      pending.delete(id)
    }
  }

  return {
    note(id, now, lagMs, updated, before) {
      expire(now)
      if (lagMs <= 0) return
      const shown = { until: now + lagMs, updated, bytes: before === null ? null : Buffer.from(encodeRecord(before)) }
      const list = pending.get(id)
      if (list === undefined) pending.set(id, [shown])
      else list.push(shown)
    },
    shown(id, now) {
      const found = pending.get(id)?.find((entry) => entry.until > now)
      if (found === undefined) return undefined
      const { bytes, updated } = found
      if (bytes === null) return null
      return { updated, value: (property) => valueIn(bytes, 0, bytes.length, property) }
    },
    nextChange(now) {
      expire(now)
      let next = Infinity
      for (const list of pending.values()) for (const { until } of list) if (until > now && until < next) next = until
      return next
    },
    clear: () => pending.clear(),
  }
}

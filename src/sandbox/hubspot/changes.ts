/**
 * What happened in the portal, told by the one place that makes it happen. Webhooks, the journal and the synchronisation with Salesforce
 * listen. A change carries the value of one property at most, never a record.
 */

/** Who made a change, as history entries say it. */
export type Source = { type: string; id: string | null; user: number | null }

export type ChangedRecord = { objectTypeId: string; id: number }

export type Change = { at: number; source: Source } &
  /** A privacy deletion is told once; webhooks make two events of it. */
  (
    | (ChangedRecord & { kind: 'creation' | 'deletion' | 'privacyDeletion' | 'restore' })
    | (ChangedRecord & { kind: 'propertyChange'; property: string; value: string; sensitive: boolean })
    /** `id` is the record that came out of it. */
    | (ChangedRecord & { kind: 'merge'; primary: number; merged: number[]; moved: number })
    /** One direction; whoever changes an association tells both. */
    | (ChangedRecord & {
        kind: 'associationChange'
        to: ChangedRecord
        category: string
        typeId: number
        removed: boolean
        primary: boolean
      })
  )

export type ChangeFeed = {
  /** False as long as nobody listens: then a change need not even be described. */
  watched: boolean
  tell(change: Change): void
  /** The answer ends it. */
  watch(listener: (change: Change) => void): () => void
}

export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<(change: Change) => void>()
  const feed: ChangeFeed = {
    watched: false,
    tell(change) {
      for (const listener of listeners) listener(change)
    },
    watch(listener) {
      listeners.add(listener)
      feed.watched = true
      return () => {
        listeners.delete(listener)
        feed.watched = listeners.size > 0
      }
    },
  }
  return feed
}

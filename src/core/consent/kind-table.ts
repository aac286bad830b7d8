/** What belongs to kinds of facts. */
import { isSameKind, type FactKind } from './consent.ts'

export type KindTable<T> = {
  get: (kind: FactKind) => T | undefined
  set: (kind: FactKind, value: T) => void
  delete: (kind: FactKind) => void
  clear: () => void
}

/** Facts are made anew for each record, and so would be a text of their kinds: among the few of one source they are compared, which takes a tenth. */
export function createKindTable<T>(): KindTable<T> {
  const bySource = new Map<string, { readonly kind: FactKind; value: T }[]>()
  const entryOf = (kind: FactKind): { value: T } | undefined => bySource.get(kind.source)?.find((entry) => isSameKind(entry.kind, kind))
  return {
    get: (kind) => entryOf(kind)?.value,
    set(kind, value) {
      const known = entryOf(kind)
      if (known !== undefined) known.value = value
      else bySource.set(kind.source, [...(bySource.get(kind.source) ?? []), { kind, value }])
    },
    delete(kind) {
      const left = bySource.get(kind.source)?.filter((entry) => !isSameKind(entry.kind, kind)) ?? []
      bySource.set(kind.source, left)
    },
    clear: () => bySource.clear(),
  }
}

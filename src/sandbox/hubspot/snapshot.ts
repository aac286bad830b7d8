import type { CrmOptions } from '../crm.ts'
import { DEFAULT_SETTINGS } from './portal.ts'
import type { Portal } from './portal.ts'

/** The state `reset` comes back to: the empty portal until `keep` is called. Tokens, limits and levers start afresh with every reset. */
export function createSnapshots(portal: Portal, options: CrmOptions): { keep(): void; restore(): void } {
  const keepAll = (): (() => void)[] => portal.parts.map((part) => part.keep())
  let restoreAll = keepAll()
  return {
    keep() {
      restoreAll = keepAll()
    },
    restore() {
      for (const restorePart of restoreAll) restorePart()
      portal.settings = { ...DEFAULT_SETTINGS }
      portal.tokens.clear()
      portal.limits.clear()
      portal.limits.enabled = options.rateLimit
    },
  }
}

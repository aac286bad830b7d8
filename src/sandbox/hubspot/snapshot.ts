import type { CrmOptions } from '../crm.ts'
import { DEFAULT_SETTINGS } from './portal.ts'
import type { Portal } from './portal.ts'

/** Remembers the portal as it is; the answer brings it back, as often as it is called. Tokens, limits and levers start afresh every time. */
export function keepPortal(portal: Portal, options: CrmOptions): () => void {
  const parts = portal.parts.map((part) => part.keep())
  return () => {
    for (const restorePart of parts) restorePart()
    portal.settings = { ...DEFAULT_SETTINGS }
    portal.tokens.clear()
    portal.limits.clear()
    portal.limits.enabled = options.rateLimit
  }
}

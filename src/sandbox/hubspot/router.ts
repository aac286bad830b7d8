import { ACCOUNT_MOUNTS } from './account-mounts.ts'
import { ASSOCIATION_MOUNTS } from './association-mounts.ts'
import { CONTACT_V1_MOUNT } from './contact-v1.ts'
import { NoRoute } from './errors.ts'
import { JOURNAL_MOUNTS } from './journal-mounts.ts'
import { MARKETING_MOUNTS } from './marketing-mounts.ts'
import { OBJECT_MOUNTS } from './object-mounts.ts'
import { OLDER_PROPERTY_MOUNT } from './property-v2.ts'
import { createMatcher } from './route.ts'
import type { Mount, Placed } from './route.ts'
import { WEBHOOK_MOUNTS } from './webhook-mounts.ts'

/** Every address an API is mounted at: the versions in the path, and the date-based ones. */
const MOUNTS: readonly Mount[] = [
  ...OBJECT_MOUNTS,
  OLDER_PROPERTY_MOUNT,
  CONTACT_V1_MOUNT,
  ...ASSOCIATION_MOUNTS,
  ...ACCOUNT_MOUNTS,
  ...MARKETING_MOUNTS,
  ...WEBHOOK_MOUNTS,
  ...JOURNAL_MOUNTS,
]

const matchers = MOUNTS.map(createMatcher)

/** Throws NoRoute for what is not there. `path` has no query. */
export function placeRequest(method: string, path: string): Placed {
  for (const match of matchers) {
    const found = match(path)
    if (found === undefined) continue
    if (found.methods === undefined) throw new NoRoute(404)
    // unverified: HEAD, which general-purpose servers answer as GET (RFC 9110, 9.3.2).
    const chosen = found.methods[method === 'HEAD' ? 'GET' : method]
    if (chosen === undefined) throw new NoRoute(405)
    return { ...found, route: chosen }
  }
  throw new NoRoute(404)
}

import type { Answer, Call } from './call.ts'
import type { ObjectKind } from './object-kind.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'
import type { ObjectTable } from './table.ts'

export type ObjectHandler = (table: ObjectTable, call: Call) => Answer

/** Handlers of one object type are given its table, and need the type's scopes. */
export function objectRoute(
  kind: ObjectKind,
): (handler: ObjectHandler, access: keyof ObjectKind['scopes'], limit?: Route['kind']) => Route {
  return (handler, access, limit) => route((portal, call) => handler(portal.tables.get(kind.name)!, call), kind.scopes[access], limit)
}

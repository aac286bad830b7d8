/** Query cursors: row numbers waiting to be paged through, bound to the token that opened them. */
import { Fault } from './fault.ts'
import { makeId } from './ids.ts'
import type { Session } from './session.ts'

/** `page` serves rows from an offset. Which rows belong is settled when the cursor opens; their values are read per page (unverified). */
export type Cursor = {
  id: string
  token: string
  openedAt: number
  size: number
  /** The records from `from` on, without brackets, and the offset after them. */
  page: (from: number) => Page
  /** Of a child list: such cursors do not count among the ten (unverified). */
  isChild: boolean
}
export type Page = { text: string; to: number }
export type Cursors = { open: Map<string, Cursor>; made: number }

const PER_USER = 10
const CHILD_CURSORS = 2_000
const LIFETIME = 2 * 86_400_000

export const createCursors = (): Cursors => ({ open: new Map(), made: 0 })

/** One user may hold ten; the oldest gives way. */
export function openCursor(cursors: Cursors, session: Session, now: number, what: Pick<Cursor, 'size' | 'page' | 'isChild'>): Cursor {
  cursors.made += 1
  const cursor = { ...what, id: makeId('01g', cursors.made).slice(0, 18), token: session.token, openedAt: now }
  cursors.open.set(cursor.id, cursor)
  const alike = [...cursors.open.values()].filter(({ isChild }) => isChild === what.isChild)
  const [oldest] = alike
  if (oldest !== undefined && alike.length > (what.isChild ? CHILD_CURSORS : PER_USER)) cursors.open.delete(oldest.id)
  return cursor
}

const lostCursor = (): Fault => new Fault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')

/** `01g…-2000`: the cursor and the offset of the page. */
export function findCursor(cursors: Cursors, session: Session, now: number, locator: string): { cursor: Cursor; offset: number } {
  const [, id = '', offset = ''] = /^(01g[0-9A-Za-z]{12,15})-(\d{1,9})$/.exec(locator) ?? []
  const cursor = cursors.open.get(id)
  if (cursor === undefined || now - cursor.openedAt > LIFETIME || Number(offset) >= cursor.size) throw lostCursor()
  // A cursor dies with its token: another one gets no further, though it is itself valid.
  if (cursor.token !== session.token) throw new Fault(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
  return { cursor, offset: Number(offset) }
}

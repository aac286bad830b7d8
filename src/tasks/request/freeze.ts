/**
 * Who asks to be erased, objects or wants a restriction is left alone by marketing from the moment the request is taken down, before anybody knows who it is: a
 * false block beats an unlawful send, and this one ends with the request. Nothing is opted out in a CRM by it, since that might not be taken back.
 */
import { normaliseEmail, suppressionForm } from '../../core/identity/email.ts'
import type { RequestIn, Status } from '../../core/request/request.ts'
import { ringMailboxes } from '../../store/mailboxes.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { openPerson } from '../erasure/deps.ts'
import type { TurnShell } from '../turn.ts'

/** Their records are read and judged again. In the transaction that begins or ends the request, while the person can be opened. */
export async function readPersonAgain(turn: TurnShell, file: Pick<StoredRequest, 'id' | 'vault'>): Promise<void> {
  const { asked } = openPerson(turn, file)
  const emails = new Set(asked.emails.flatMap((email) => [normaliseEmail(email) ?? email, suppressionForm(email)]))
  if (emails.size === 0) return
  await ringMailboxes(
    turn.db,
    [...emails].map((email) => turn.hasher.identifier('email', email)),
    [],
  )
  await turn.ring(turn.db, { rechecks: new Set(), anywhere: true, patches: null })
}

const over: ReadonlySet<Status> = new Set<RequestIn<'withdrawn' | 'refused' | 'closed'>['status']>(['withdrawn', 'refused', 'closed'])

/** Nothing is wanted any more that was before. */
export function ends(before: Status, after: Status): boolean {
  return !over.has(before) && over.has(after)
}

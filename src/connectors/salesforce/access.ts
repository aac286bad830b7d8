/** All that an org holds of a person, for a copy under GDPR art. 15(3): their records with every field, and what hangs on them. Changes nothing. */
import type { Access, AccessPage, AccessRequest } from '../access.ts'
import { ConnectorError, type RecordRef } from '../connector.ts'
import { attachedTo, consentsOf, individualsOf, mailsOf } from './access-around.ts'
import { historyOf } from './access-history.ts'
import { entryOf, rowsOf, type Whole } from './access-read.ts'
import { checkedIds, textAt } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

export function accessOf(org: Org): Access {
  return { collect: (request, signal) => collect(org, request, signal) }
}

/** One of the person's records. `contact`: itself, or the shadow behind a person account, on which much hangs. */
export type Own = { readonly ref: RecordRef; readonly id: string; readonly contact: string | null; readonly whole: Whole }

async function* collect(org: Org, { refs, emails }: AccessRequest, signal: AbortSignal): AsyncGenerator<AccessPage> {
  const own: Own[] = []
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) own.push(...(await readOwn(org, object, group, signal)))
  for (const { ref, whole } of own) yield { entries: [{ part: 'record', of: ref, fields: entryOf(whole) }], gaps: [] }
  yield* historyOf(org, own, signal)
  yield* attachedTo(org, own, emails, signal)
  yield* mailsOf(org, own, emails, signal)
  yield* individualsOf(org, own, signal)
  yield* consentsOf(org, own, signal)
}

async function readOwn(org: Org, object: string, refs: readonly RecordRef[], signal: AbortSignal): Promise<Own[]> {
  const ids = [...new Set(await checkedIds(org, refs, signal))]
  const rows = new Map((await rowsOf(org, object, { any: ['Id'], values: ids }, signal)).map((whole) => [whole.id, whole]))
  return ids.map((id): Own => {
    const whole = rows.get(id)
    if (whole === undefined) throw new ConnectorError('unavailable', `one of the ${object} records vanished while it was read; begin again`)
    if (object === 'Account' && whole.row['IsPersonAccount'] !== true)
      throw new ConnectorError('refused', 'an Account that is no person account is a company: its data is not a copy of anybody’s')
    const shadow = object === 'Account' ? recordId(textAt(whole, 'PersonContactId') ?? '', null) : null
    return { ref: { object, id }, id, contact: object === 'Contact' ? id : shadow, whole }
  })
}

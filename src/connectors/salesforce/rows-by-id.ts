/** All rows of a condition, in pages by Id. */
import type { Org } from './org.ts'
import { unreadable } from './payloads.ts'
import { type Question, queryRows, type Rows } from './query.ts'
import { columnsOf, idOf } from './record.ts'
import { quote, select } from './soql.ts'

export type Condition = Pick<Question, 'object' | 'fields' | 'resource'> & { where: string }

/** `where` is made of names and quoted values only. No page is empty. */
export async function* rowsById(org: Org, { object, fields, resource, where }: Condition, signal: AbortSignal): AsyncGenerator<Rows, void> {
  const limit = org.settings.pageSize
  for (let after = ''; ;) {
    const beyond = after === '' ? where : `(${where}) AND Id > ${quote(after)}`
    const soql: Question['soql'] = (plan) => select({ fields: columnsOf(plan, 'live'), object, where: beyond, orderBy: ['Id'], limit })
    const answer = await queryRows(org, { object, fields, resource, soql }, signal)
    const end = answer.rows.at(-1)
    if (end === undefined && answer.whole) return
    if (end === undefined) throw unreadable(`the query of ${object}`, 'records')
    if (idOf(end) <= after) throw unreadable(`the query of ${object}`, 'the order by Id')
    yield answer
    if (answer.whole && answer.rows.length < limit) return
    after = idOf(end)
    signal.throwIfAborted()
  }
}

/** How a Contact or Lead came to be there: who created it, and what the lead source says. Only the first is out of everybody's reach. */
import type { RecordRef } from '../connector.ts'
import type { Arrival } from '../../core/erasure/comeback.ts'
import { checkedIds, infoOf, isDeletedRow, rowsWith, textAt, type Found } from './erasure-read.ts'
import type { Org } from './org.ts'

const asked = ['CreatedDate', 'CreatedById', 'LeadSource']

export async function arrivals(org: Org, refs: readonly RecordRef[], signal: AbortSignal): Promise<(Arrival | null)[]> {
  const rows = new Map<string, Found>()
  const keys = await checkedIds(org, refs, signal)
  for (const [object, group] of Map.groupBy(
    refs.map((ref, index) => ({ object: ref.object, id: keys[index]! })),
    (one) => one.object,
  )) {
    const ids = group.map(({ id }) => id)
    for (const row of await rowsWith(org, object, { fields: asked, any: ['Id'], values: ids }, signal))
      if (!isDeletedRow(row)) rows.set(row.id, row)
  }
  const types = await userTypes(org, [...rows.values()], signal)
  return keys.map((id) => {
    const row = rows.get(id)
    return row === undefined ? null : arrivalOf(row, types)
  })
}

/** By id of the user; empty where users cannot be read. Their names are nobody's business here. */
async function userTypes(org: Org, rows: readonly Found[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.flatMap((row) => textAt(row, 'CreatedById') ?? []))]
  const info = ids.length === 0 ? null : await infoOf(org, 'User', signal)
  if (info?.fields.has('UserType') !== true) return new Map()
  const users = await rowsWith(org, 'User', { fields: ['UserType'], any: ['Id'], values: ids }, signal)
  return new Map(users.map((user) => [user.id, textAt(user, 'UserType') ?? '']))
}

/** unverified: the user types of integrations; a type that is not named here is somebody at a screen, an import or an API call alike. */
const ways: Readonly<Record<string, Arrival['way']>> = {
  Guest: 'form',
  AutomatedProcess: 'sync',
  CloudIntegrationUser: 'sync',
}

function arrivalOf(row: Found, types: ReadonlyMap<string, string>): Arrival {
  const creator = textAt(row, 'CreatedById')
  const type = creator === null ? undefined : types.get(creator)
  const source = textAt(row, 'LeadSource')
  const created = Date.parse(textAt(row, 'CreatedDate') ?? '')
  const way = (type === undefined ? undefined : ways[type]) ?? wayOfSource(source)
  const vouched = type !== undefined && type in ways
  const detail = [creator === null ? '' : `user ${creator}`, type ?? ''].filter((part) => part !== '').join(', ')
  return { way, vouched, detail: detail === '' ? null : detail, at: Number.isNaN(created) ? null : created }
}

/** Web-to-Lead sets "Web"; so may anybody else. */
function wayOfSource(source: string | null): Arrival['way'] {
  if (source === 'Web') return 'form'
  return source === 'Purchased List' ? 'import' : 'unknown'
}

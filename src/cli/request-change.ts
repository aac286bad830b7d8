/** How a change of records is shown: what is written where, and what was seen there. */
import { toApprove, type ChangeItem, type ItemState } from '../core/request/change.ts'
import type { StoredRequest } from '../store/requests.ts'
import { printLine, printTable } from './output.ts'

export function printChange({ id, change }: StoredRequest): void {
  const items: readonly (ChangeItem & Partial<ItemState>)[] =
    change.status === 'planned' ? change.plan.items : 'items' in change ? (change.items ?? []) : []
  if (items.length > 0)
    printTable(
      ['record', 'fields', 'outcome', 'last seen'],
      items.map(({ key, fields, outcome, reason, seen }) => [
        key,
        fields.join(', '),
        [outcome ?? '', reason ?? ''].join(' ').trim(),
        seen ?? '',
      ]),
    )
  if (change.status === 'planned') for (const { key, why } of change.plan.suggestions) printLine(`not selected: ${key}: ${why}`)
  const gaps = change.status === 'planned' ? change.plan.gaps : 'gaps' in change ? change.gaps : []
  for (const gap of gaps) printLine(`out of reach: ${gap}`)
  if ('restricted' in change && change.restricted) printLine('Restricted: kept, and used for nothing.')
  if (change.status === 'planned' && change.plan.address !== null)
    printLine(`The new address is to be confirmed first: accord request address ${id.slice(0, 8)} --link --user NAME`)
  const waiting = toApprove(change)
  if (waiting !== null && waiting.records > 0)
    printLine(`Waits for your approval: accord request approve ${id.slice(0, 8)} --digest ${waiting.digest.slice(0, 16)} --user NAME`)
}

/** For people. */
export function changeWord({ request: { status }, change }: StoredRequest): string {
  if (status === 'closed' || status === 'withdrawn' || status === 'refused') return status
  if (change.status === 'running') return 'under way'
  if (change.status === 'planned') return 'planned, waits for approval'
  if (change.status !== 'settled') return status
  return `${change.restricted ? 'restricted, ' : ''}${CHANGE_WORDS[change.standing]}${status === 'answered' ? ', answered' : ''}`
}

const CHANGE_WORDS = {
  proved: 'proved',
  part: 'done but for what a CRM refused, or a lost one held',
  'nothing-held': 'no record is held',
  'not-proved': 'NOT PROVED',
} as const

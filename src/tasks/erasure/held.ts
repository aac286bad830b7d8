/** What binds the company to keep a record: as a plan is drawn up, and once more right before something is destroyed, since an approval is of what was there then. */
import { ConnectorError, type RecordRef } from '../../connectors/connector.ts'
import type { BindingFact } from '../../connectors/erasure.ts'
import type { ErasureIn, Held, ItemState } from '../../core/erasure/erasure.ts'
import { holdsOf, unreadHoldsOf, type Hold, type HoldFact, type HoldRule } from '../../core/erasure/hold.ts'
import { heldBy, type Plan } from '../../core/erasure/plan.ts'
import type { LocalDay } from '../../core/time/time-zone.ts'
import { bindingKinds, type Statement } from '../../core/erasure/stated.ts'
import type { Side } from './seek.ts'

/** `today`: epoch day at the controller. */
export type Holding = { readonly rules: readonly HoldRule[]; readonly today: number; readonly localDay: LocalDay }

/** What was read is believed for so long: the deletions of a group take seconds of it. */
const FRESH_MS = 60_000

/** Milliseconds: `wall` of the clock that people set, `monotonic` of one that nobody sets, and that stands still while the machine sleeps. */
export type Instant = { readonly wall: number; readonly monotonic: number }
/** `step`: round and connection. */
type Reading = { readonly plan: Plan; readonly step: string; readonly at: Instant }

/** In memory, by the very plan that is being carried out: whoever loads it again, another worker or this one after a pause, asks again. */
const lastRead = new WeakMap<Plan, Map<string, Instant>>()

export function noteRead({ plan, step, at }: Reading): void {
  const reads = lastRead.get(plan) ?? new Map<string, Instant>()
  lastRead.set(plan, reads.set(step, at))
}

export function isFresh({ plan, step, at }: Reading): boolean {
  const last = lastRead.get(plan)?.get(step)
  if (last === undefined) return false
  const passed = [at.wall - last.wall, at.monotonic - last.monotonic]
  return passed.every((ms) => ms >= 0 && ms < FRESH_MS)
}

type Kind = HoldFact['kind']
/** `hidden`: kinds of facts of which nobody could see whether there are any. */
type Binding = { readonly found: readonly HoldFact[]; readonly hidden: readonly Kind[] }

/** All that may bind the company to keep a record: what hangs on it in its CRM, and what it states itself. */
export function bindingOf(
  { facts, unread }: { readonly facts: readonly BindingFact[]; readonly unread: readonly Kind[] },
  statements: readonly Statement[],
  localDay: LocalDay,
): Binding {
  return {
    found: [...facts.map((fact) => factOf(fact, localDay)), ...statements.flatMap((one) => one.facts)],
    hidden: [...unread, ...statements.flatMap((one) => one.unread.map((field) => bindingKinds[field]))],
  }
}

function factOf({ kind, ref, open, at }: BindingFact, localDay: LocalDay): HoldFact {
  return { kind, object: ref.object, id: ref.id, open, day: at === null ? null : localDay(at) }
}

/**
 * Of records that are about to go, those on which something binding has come up since they were shown, or that came back and were never surveyed.
 * @throws ConnectorError of kind `scope` when what could be read then cannot be now: nothing goes before it can
 */
export async function heldSince(
  side: Side,
  { plan }: Pick<ErasureIn<'running'>, 'plan'>,
  items: readonly ItemState[],
  { rules, today, localDay }: Holding,
  signal: AbortSignal,
): Promise<readonly Held[]> {
  const going = items.filter(({ action, trace }) => action !== 'keep' && trace !== 'absent')
  if (going.length === 0) return []
  const refs = going.map(({ object, id }): RecordRef => ({ object, id }))
  const bound = await side.erasure.bindings(refs, side.stating, signal)
  return going.flatMap((item, i): Held[] => {
    const statements = bound[i]!.said.map(({ fieldsOf, fields }) => side.stated(item, fieldsOf, fields, localDay))
    const { found, hidden } = bindingOf(bound[i]!, statements, localDay)
    const unseen = unreadHoldsOf(
      hidden.filter((kind) => !(item.vouched ?? []).includes(kind)),
      rules,
      today,
    )
    if (unseen.length > 0 && plan.items.some(({ key }) => key === item.key)) throw unreadable(side.connection, hidden)
    return heldNow(item, [...holdsOf(found, rules, today), ...unseen], plan.anonymises)
  })
}

/** What was shown is approved with what it says; what was not is no reason to destroy, even where the CRM cannot do with less. */
function heldNow(item: ItemState, now: readonly Hold[], anonymises: readonly string[]): Held[] {
  const shown = new Set(item.holds.map(nameOf))
  if (now.every((hold) => shown.has(nameOf(hold)))) return []
  const names = new Set(now.map(nameOf))
  const holds = [...item.holds.filter((hold) => !names.has(nameOf(hold))), ...now]
  const { action } = heldBy(item, holds, anonymises)
  return [{ key: item.key, action: action === 'anonymise' ? 'anonymise' : 'keep', holds }]
}

function nameOf({ rule, because }: Hold): string {
  return JSON.stringify([rule, because])
}

function unreadable(connection: string, kinds: readonly Kind[]): ConnectorError {
  const what = [...new Set(kinds)].join(', ')
  return new ConnectorError(
    'scope',
    `whether anything obliges the company to keep a record of ${connection} cannot be read any more (${what}); nothing goes before it can: see "accord check"`,
  )
}

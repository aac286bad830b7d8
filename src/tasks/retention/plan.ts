/** What an erasure of one person would take, who is due by the policy: by the same search, holds and order as a request, and without one record that was not judged. */
import { isUnread } from '../../core/erasure/hold.ts'
import type { Plan, PlanItem } from '../../core/erasure/plan.ts'
import type { Entry, Kept, KeptWhy, ListedRecord } from '../../core/retention/list.ts'
import { askingAmong, knownRecords } from '../../store/retention-due.ts'
import type { PersonFile } from '../erasure/deps.ts'
import { planFor } from '../erasure/plan.ts'
import { markHashes } from '../erasure/suppress.ts'
import type { JudgingWorld, RetentionDeps } from './deps.ts'

/** `person`: by what they are looked for again, in clear. */
export type PlannedPerson =
  | { outcome: 'planned'; entry: Entry; plan: Plan; person: PersonFile }
  | { outcome: 'kept'; kept: Kept; unreachable: Plan['unreachable'] }

export async function planPerson(
  deps: RetentionDeps,
  world: JudgingWorld,
  due: Omit<Entry, 'calls'>,
  signal: AbortSignal,
): Promise<PlannedPerson> {
  const keys = due.records.map(({ key }) => key)
  const { plan, person } = await planFor(deps.erase, { emails: [], phones: [], records: keys }, signal)
  const keep = (why: KeptWhy, by: string | null, holds: Kept['holds'] = []): PlannedPerson => ({
    outcome: 'kept',
    kept: { keys, why, by, holds },
    unreachable: plan.unreachable,
  })
  const holds = plan.items.flatMap((item) => item.holds)
  // Nobody is there to weigh what could not be looked at: what is not known stays.
  if (plan.unreachable.length > 0 && holds.every(isUnread)) return keep('unread', null)
  // Also one that is content with an anonymous record, where the CRM knows no such thing: a user would decide, and none is asked here.
  if (holds.length > 0 || plan.items.some(({ action }) => action !== 'erase')) return keep('hold', holds[0]?.rule ?? null, holds)
  if (due.records.some(({ action, connection }) => action === 'anonymise' && !canAnonymise(deps, connection)))
    return keep('cannot-anonymise', null)
  const asker = { hashes: markHashes(deps.shell, person.subject.person), keys }
  if ((await askingAmong(deps.shell.db, [asker])).size > 0) return keep('request', null)
  const found = new Set(plan.items.map(({ key }) => key))
  if (keys.some((key) => !found.has(key))) return keep('changed', null)
  const more = plan.items.filter(({ key }) => !keys.includes(key))
  if (
    (
      await knownRecords(
        deps.shell.db,
        more.map(({ key }) => key),
      )
    ).length > 0
  )
    return keep('elsewhere', null)
  for (const item of more) if (await isLive(world, item, signal)) return keep('changed', null)
  const records = [...due.records, ...more.map(copyOf)].sort((a, b) => (a.key < b.key ? -1 : 1))
  // More records than one person has as a rule: somebody looks, whatever the policy lets pass.
  const entry = { ...due, automatic: due.automatic && !plan.large, records, calls: plan.calls }
  return { outcome: 'planned', entry, plan: planOf(plan, records), person }
}

/** A copy in a bin or archive goes with its record; one that is live, and that nobody has judged, does not. Where nothing can be read it counts as live. */
async function isLive({ targets }: JudgingWorld, { connection, object, id }: PlanItem, signal: AbortSignal): Promise<boolean> {
  const target = targets.find(({ source }) => source.connection === connection && source.object === object)
  if (target === undefined) return true
  const { records } = await target.connector.get({ object, ids: [id], fields: target.judge.reads }, signal)
  return records.length > 0
}

function copyOf({ key, connection, object, id }: PlanItem): ListedRecord {
  return { key, connection, object, id, rule: null, dueOn: null, action: 'erase' }
}

function canAnonymise({ erase }: RetentionDeps, connection: string): boolean {
  return erase.sides.some((side) => side.connection === connection && side.erasure.anonymity !== undefined)
}

/** As the rules say: nobody has asked to be forgotten, so nobody is put on a list for it. */
function planOf(plan: Plan, records: readonly ListedRecord[]): Plan {
  const actions = new Map(records.map(({ key, action }) => [key, action]))
  return { ...plan, occasion: 'retention', items: plan.items.map((item) => ({ ...item, action: actions.get(item.key) ?? item.action })) }
}

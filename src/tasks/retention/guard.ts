/** Before anything is shown, approved or destroyed: is it the day that our clock says, and do the CRMs' fields still tell what people did? */
import { hash } from 'node:crypto'
import { clockFaults, isConfirmable, type ClockFault } from '../../core/retention/clock.ts'
import { gaugeFault } from '../../core/retention/gauge.ts'
import {
  confirmedPlaces,
  confirmStops,
  forgetGauges,
  lastClock,
  loadGauges,
  openStops,
  readGauges,
  saveClock,
  saveGauges,
  saveStops,
  type Stop,
} from '../../store/retention-guard.ts'
import { wakeLists } from '../../store/retention-turns.ts'
import { takeTurn } from '../../store/records.ts'
import type { RetentionDeps } from './deps.ts'

const KEEP_GAUGES_MS = 120 * 86_400_000

/** Asks each CRM for its time first. Answers what stands in the way, in words; empty: nothing does. */
export async function checkGuards(deps: RetentionDeps, signal: AbortSignal): Promise<readonly string[]> {
  for (const { connector } of deps.linked) await connector.check([], signal)
  const clock = await noteClock(deps)
  // A day that nobody believes in is no day to compare with.
  return clock.length > 0 ? clock : noteFields(deps)
}

/** By what the CRMs' last answers told: after a record was read, and without another request. */
export async function noteClock({ shell, linked }: RetentionDeps): Promise<readonly string[]> {
  const now = shell.now()
  const crms = linked.map(({ name, connector }) => ({ connection: name, ahead: connector.clock.aheadMs }))
  const faults = clockFaults({ now, lastSeen: await lastClock(shell.db), crms })
  const foundAt = new Date(now).toISOString()
  if (faults.length === 0) await saveClock(shell.db, foundAt)
  const stops = faults.map((fault): Stop => ({ kind: fault.kind, about: fault.connection ?? '', foundAt, detail: wordOf(fault) }))
  await keepStops({ shell }, stops)
  return (await openStops(shell.db)).map(({ detail }) => detail)
}

/** How many records show an act of their person, compared with the days before. */
async function noteFields({ shell, linked }: RetentionDeps): Promise<readonly string[]> {
  const now = shell.now()
  const gauges = await readGauges(shell.db, now)
  const earlier = await loadGauges(shell.db, new Date(now - KEEP_GAUGES_MS).toISOString())
  const confirmed = await confirmedPlaces(shell.db, 'acts-never-seen')
  const stops = gauges.flatMap((gauge): Stop[] => {
    const { connection, object } = gauge
    const mapping = linked.find(({ name }) => name === connection)?.objects.find((one) => one.object === object)
    const own = earlier.filter((one) => one.connection === connection && one.object === object)
    const fault = gaugeFault(gauge, own, {
      mapped: Object.keys(mapping?.acts ?? {}).length > 0,
      confirmed: confirmed.has(`${connection}:${object}`),
    })
    if (fault === null) return []
    const percent = (share: number): string => `${Math.round(share * 100)} %`
    const detail =
      fault.kind === 'acts-vanished'
        ? `${connection} ${object}: ${percent(fault.before)} of the records showed an act of their person, now ${percent(fault.now)} do: was a field emptied, or its mapping changed?`
        : `${connection} ${object}: not one of ${gauge.records} records shows an act of its person: is the mapping of acts right?`
    return [{ kind: fault.kind, about: `${connection}:${object}`, foundAt: new Date(now).toISOString(), detail }]
  })
  await keepStops({ shell }, stops)
  const stopped = new Set(stops.map(({ about }) => about))
  // What is not believed must not become what later days are compared with.
  await saveGauges(
    shell.db,
    gauges.filter(({ connection, object }) => !stopped.has(`${connection}:${object}`)),
  )
  await forgetGauges(shell.db, new Date(now - KEEP_GAUGES_MS).toISOString())
  return (await openStops(shell.db)).map(({ detail }) => detail)
}

async function keepStops({ shell }: Pick<RetentionDeps, 'shell'>, stops: readonly Stop[]): Promise<void> {
  if (stops.length === 0) return
  for (const { kind, about } of await saveStops(shell.db, stops)) shell.log('retention.stopped', { kind, about })
}

/** `still`: what nobody can confirm away. */
/** `changed`: these are open, and not those that were shown. */
export type Confirmed = { outcome: 'confirmed' | 'changed'; stops: readonly Stop[] } | { outcome: 'refused'; still: readonly string[] }

/** What a confirmation names: exactly what was shown. */
export function stopsDigest(stops: readonly Stop[]): string {
  return hash('sha256', JSON.stringify(stops.map(({ kind, about, foundAt }) => [kind, about, foundAt])))
}

/** Somebody has looked: the date is right, the fields are as they should be. Two clocks that disagree are mended first. */
export async function confirmGuards(
  deps: RetentionDeps,
  { user, digest }: { user: string; digest: string },
  signal: AbortSignal,
): Promise<Confirmed> {
  const { shell, linked } = deps
  for (const { connector } of linked) await connector.check([], signal)
  const now = shell.now()
  const crms = linked.map(({ name, connector }) => ({ connection: name, ahead: connector.clock.aheadMs }))
  const still = clockFaults({ now, lastSeen: await lastClock(shell.db), crms }).filter((fault) => !isConfirmable(fault))
  if (still.length > 0) return { outcome: 'refused', still: still.map(wordOf) }
  const at = new Date(now).toISOString()
  return shell.db.transaction().execute(async (trx): Promise<Confirmed> => {
    await takeTurn(trx)
    const stops = await openStops(trx)
    if (stopsDigest(stops) !== digest) return { outcome: 'changed', stops }
    await confirmStops(trx, stops, user, at)
    await saveClock(trx, at)
    await wakeLists(trx, at)
    if (stops.some(({ kind }) => kind.startsWith('acts-'))) await saveGauges(trx, await readGauges(trx, now + 1))
    return { outcome: 'confirmed', stops }
  })
}

function wordOf(fault: ClockFault): string {
  const span = fault.byMs >= 2 * 86_400_000 ? `${Math.round(fault.byMs / 86_400_000)} days` : `${Math.round(fault.byMs / 60_000)} minutes`
  switch (fault.kind) {
    case 'clock-backward':
      return `the clock of this machine stands ${span} before the last time that it was read`
    case 'clock-forward':
      return `the clock of this machine has moved ${span} since it was last read`
    case 'clock-disagrees':
      return `the clock of this machine and that of ${fault.connection} differ by ${span}`
    case 'clock-unread':
      return `${fault.connection} has not told its time`
    default:
      return fault satisfies never
  }
}

/** A group of people at once, or each alone where that fails: what one of them breaks on is their own, and nobody else's turn. */
import { ConnectorError } from '../../connectors/connector.ts'
import type { StoredCase } from '../../store/retention-lists.ts'
import { beginPersons, type Began } from './begin.ts'
import { carryOn } from './carry.ts'
import type { JudgingWorld, RetentionDeps } from './deps.ts'

export type Failed = ReadonlyMap<number, unknown>
type Carried = Awaited<ReturnType<typeof carryOn>>

/** @throws ConnectorError */
export async function beginEach(
  deps: RetentionDeps,
  world: JudgingWorld,
  { list, group }: { list: string; group: readonly StoredCase[] },
  signal: AbortSignal,
): Promise<Began & { failed: Failed }> {
  try {
    return { ...(await beginPersons(deps, world, list, group, signal)), failed: new Map() }
  } catch (error) {
    if (error instanceof ConnectorError || signal.aborted) throw error
    if (group.length === 1) return { stop: null, faults: [], failed: new Map([[group[0]!.n, error]]) }
  }
  const alone: (Began & { failed: Failed })[] = []
  for (const person of group) {
    // One that met a stop ends the beginnings of this turn.
    if (alone.some(({ stop }) => stop !== null)) break
    alone.push(await beginEach(deps, world, { list, group: [person] }, signal))
  }
  return {
    stop: alone.find(({ stop }) => stop !== null)?.stop ?? null,
    faults: alone.flatMap(({ faults }) => faults),
    failed: new Map(alone.flatMap(({ failed }) => [...failed])),
  }
}

export async function carryEach(
  deps: RetentionDeps,
  world: () => Promise<JudgingWorld>,
  { list, numbers }: { list: string; numbers: readonly number[] },
  signal: AbortSignal,
): Promise<Carried> {
  try {
    return await carryOn(deps, world, { list, numbers }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    if (numbers.length === 1) return { faults: [], still: [], failed: new Map([[numbers[0]!, error]]) }
  }
  const alone: Carried[] = []
  for (const n of numbers) alone.push(await carryEach(deps, world, { list, numbers: [n] }, signal))
  return {
    faults: alone.flatMap(({ faults }) => faults),
    still: alone.flatMap(({ still }) => still),
    failed: new Map(alone.flatMap(({ failed }) => [...failed])),
  }
}

/**
 * Who is under way stands aside as soon as they ask for something, an end to it or a restriction above all (GDPR art. 18): before anything of theirs is destroyed
 * they leave the list, and whoever has lost a record already waits until it is over.
 */
import { ConnectorError } from '../../connectors/connector.ts'
import { irreversibleOf, type Erasure } from '../../core/erasure/erasure.ts'
import { dueSteps } from '../../core/erasure/steps.ts'
import { askingAmong } from '../../store/retention-due.ts'
import type { StoredCase } from '../../store/retention-lists.ts'
import { openPerson } from '../erasure/deps.ts'
import { markHashes } from '../erasure/suppress.ts'
import { dropPersons } from './ask.ts'
import { caseId } from './begin.ts'
import type { JudgingWorld, RetentionDeps } from './deps.ts'

/** `still`: numbers of those who wait. */
export type Aside = { going: readonly StoredCase[]; still: readonly number[]; faults: readonly ConnectorError[] }

/** Asked before each step: whoever may be looked at alone goes on. */
export async function standAside(
  deps: RetentionDeps,
  world: () => Promise<JudgingWorld>,
  list: string,
  persons: readonly StoredCase[],
  signal: AbortSignal,
): Promise<Aside> {
  const asking = new Set(await askingOf(deps, persons.filter(isDestroying)))
  if (asking.size === 0) return { going: persons, still: [], faults: [] }
  for (const { n } of asking) deps.shell.log('retention.contradicted', { list, person: n })
  const untouched = [...asking].filter(({ erasure }) => 'items' in erasure && irreversibleOf(erasure.items) === 'nothing')
  const faults = await dropAll(deps, world, list, untouched, signal)
  return {
    going: persons.filter((person) => !asking.has(person)),
    still: [...asking].filter((person) => faults.length > 0 || !untouched.includes(person)).map(({ n }) => n),
    faults,
  }
}

async function askingOf({ shell }: RetentionDeps, persons: readonly StoredCase[]): Promise<readonly StoredCase[]> {
  if (persons.length === 0) return []
  const askers = persons.map((one) => ({
    hashes: markHashes(shell, openPerson(shell, { id: caseId(one), vault: one.vault }).subject.person),
    keys: one.entry.records.map(({ key }) => key),
  }))
  const places = await askingAmong(shell.db, askers)
  return persons.filter((_, n) => places.has(n))
}

async function dropAll(
  deps: RetentionDeps,
  world: () => Promise<JudgingWorld>,
  list: string,
  persons: readonly StoredCase[],
  signal: AbortSignal,
): Promise<readonly ConnectorError[]> {
  if (persons.length === 0) return []
  try {
    const dropping = persons.map((person) => ({ person, why: 'request' as const }))
    return await dropPersons(deps, await world(), list, dropping, signal)
  } catch (error) {
    if (!(error instanceof ConnectorError) || signal.aborted) throw error
    return [error]
  }
}

function isDestroying({ erasure }: { readonly erasure: Erasure }): boolean {
  return dueSteps(erasure).some(({ act }) => act === 'prepare' || act === 'erase')
}

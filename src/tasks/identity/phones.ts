/** What was refused by telephone number alone: it binds every record that has the number, whoever it is (GDPR art. 21(3)). */
import type { CrmRecord } from '../../connectors/connector.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import { unpackFacts } from '../../store/facts.ts'
import { loadByIds, type StoredRecord } from '../../store/records.ts'
import { isCovered } from '../judge/facts.ts'
import type { Shell, Target } from '../shell.ts'

const none: ReadonlyMap<string, readonly ConsentFact[]> = new Map()

/**
 * By id of the record. Numbers are looked at only where somebody has refused by one, `phones` the source of that: no record is kept with its number.
 */
export async function refusalsByPhone(
  shell: Shell,
  target: Target,
  records: readonly CrmRecord[],
  phones: number | null,
): Promise<ReadonlyMap<string, readonly ConsentFact[]>> {
  if (phones === null) return none
  const owners = new Map<string, string[]>()
  for (const record of records) {
    for (const phone of target.judge.identify(record.fields).phones) {
      const voice = shell.hasher.voice('phone', phone)
      owners.set(voice, [...(owners.get(voice) ?? []), record.ref.id])
    }
  }
  const voices = [...owners.keys()]
  const rows = await loadByIds(
    shell.db,
    voices.map(() => phones),
    voices,
  )
  const refused = new Map<string, ConsentFact[]>()
  for (const { id, facts } of rows) {
    for (const owner of owners.get(id)!) {
      refused.set(owner, [...(refused.get(owner) ?? []), ...unpackFacts(facts, shell.dictionary.factKinds)])
    }
  }
  return refused
}

/** Whether the record does not yet hold all of it. */
export function isNewTo(stored: StoredRecord | undefined, refused: readonly ConsentFact[] | undefined, shell: Shell): boolean {
  if (refused === undefined) return false
  const held = unpackFacts(stored?.facts ?? null, shell.dictionary.factKinds)
  return refused.some((fact) => !isCovered(fact, held))
}

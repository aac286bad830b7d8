import type { SandboxCrm } from './crm.ts'
import { generatePeople } from './people/index.ts'
import type { Rows } from './people/index.ts'
import { startPeopleThread } from './people-thread.ts'

/** From here on a second thread gains more time than it takes to start. */
export const APART_FROM = 50_000

/**
 * Fills the CRMs with generated people; the same count, seed and time give the same people. From `apartFrom` people on, HubSpot, which must be
 * empty, is filled by a thread of its own while this one fills Salesforce.
 */
export async function loadPeople(crms: readonly SandboxCrm[], count: number, seed: number, now: number, apartFrom: number): Promise<void> {
  const apart = crms.find((crm) => crm.take !== undefined && count >= apartFrom)
  const thread = apart && startPeopleThread({ count, seed, now, crm: apart.name })
  try {
    const people = generatePeople(count, seed, now)
    for (const crm of crms) if (crm !== apart) loadRows(crm, people[crm.name])
    if (thread !== undefined) apart?.take?.(await thread.content)
  } finally {
    await thread?.stop()
  }
}

/** What is referred to comes first. */
export function loadRows(crm: SandboxCrm, objects: Readonly<Record<string, Rows>>): void {
  for (const [object, rows] of Object.entries(objects)) crm.load(object, rows())
}

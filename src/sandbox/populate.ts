import type { SandboxCrm } from './crm.ts'
import { generatePeople } from './people/index.ts'

/** Fills the CRMs with generated people; the same count, seed and time give the same people. */
export function loadPeople(crms: readonly SandboxCrm[], count: number, seed: number, now: number): void {
  const people = generatePeople(count, seed, now)
  for (const crm of crms) {
    for (const [object, rows] of Object.entries(people[crm.name])) crm.load(object, rows())
  }
}

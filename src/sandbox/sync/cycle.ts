/** One cycle of the native integration: what changed since the last one, on either side, is carried to the other. */
import type { SyncRecord, SyncSide } from '../crm.ts'
import type { SyncSettings } from './settings.ts'

export type SyncCounts = {
  linked: number
  created: number
  written: number
  optedOut: number
  recreated: number
  removed: number
  unlinked: number
  refused: number
}
/** HubSpot id → Salesforce id. A pair outlives the death of one of its records: that is how the integration brings it back. */
export type Links = { toSalesforce: Map<string, string>; toHubSpot: Map<string, string> }
export type Cycle = { hubspot: SyncSide; salesforce: SyncSide; links: Links; settings: SyncSettings; since: number; counts: SyncCounts }

export const createLinks = (): Links => ({ toSalesforce: new Map(), toHubSpot: new Map() })
export const noCounts = (): SyncCounts => ({
  linked: 0,
  created: 0,
  written: 0,
  optedOut: 0,
  recreated: 0,
  removed: 0,
  unlinked: 0,
  refused: 0,
})

/** `create` false: pairs are found, nothing is brought over that the other side does not have. */
export function runCycle(cycle: Cycle, create: boolean): SyncCounts {
  const { hubspot, salesforce, links, since } = cycle
  // The lists are taken first: what this cycle writes is not for this cycle to read again.
  const changedHere = [...hubspot.changedSince(since)].filter((key) => !links.toSalesforce.has(key))
  const changedThere = [...salesforce.changedSince(since)].filter((key) => !links.toHubSpot.has(key))
  for (const [here, there] of Array.from(links.toSalesforce)) syncPair(cycle, here, there)
  for (const key of changedHere) if (!links.toSalesforce.has(key)) meetHubSpot(cycle, key, create)
  for (const key of changedThere) if (!links.toHubSpot.has(key)) meetSalesforce(cycle, key, create)
  salesforce.commit()
  return cycle.counts
}

function link({ links }: Cycle, here: string, there: string): void {
  unlinkThere(links, there)
  unlinkHere(links, here)
  links.toSalesforce.set(here, there)
  links.toHubSpot.set(there, here)
}

function unlinkHere(links: Links, here: string): void {
  const there = links.toSalesforce.get(here)
  links.toSalesforce.delete(here)
  if (there !== undefined) links.toHubSpot.delete(there)
}

function unlinkThere(links: Links, there: string): void {
  const here = links.toHubSpot.get(there)
  links.toHubSpot.delete(there)
  if (here !== undefined) links.toSalesforce.delete(here)
}

function syncPair(cycle: Cycle, hereKey: string, thereKey: string): void {
  const { hubspot, salesforce, links, settings, counts } = cycle
  const here = hubspot.read(hereKey)
  const there = salesforce.read(thereKey)
  if (here !== undefined && there !== undefined) {
    // Merges and conversions lead on to other ids.
    if (here.key !== hereKey || there.key !== thereKey) {
      unlinkHere(links, hereKey)
      link(cycle, here.key, there.key)
      hubspot.write(here.key, new Map(), there.key)
    }
    if (here.changedAt >= cycle.since || there.changedAt >= secondOf(cycle.since)) exchange(cycle, here, there)
    return
  }
  if (here === undefined && there === undefined) {
    unlinkHere(links, hereKey)
    counts.unlinked += 1
    return
  }
  if (there !== undefined) orphanThere(cycle, hereKey, there, settings.deletedInHubSpot)
  else if (here !== undefined) orphanHere(cycle, thereKey, here, settings.deletedInSalesforce)
}

const secondOf = (ms: number): number => Math.floor(ms / 1_000) * 1_000
const toHubSpot = ({ settings }: Cycle): boolean => settings.directions !== 'to-salesforce'
const toSalesforce = ({ settings }: Cycle): boolean => settings.directions !== 'to-hubspot'

/** Fields that one side changed go to the other; where both changed, Salesforce wins. What is empty overwrites nothing (simplified). */
function exchange(cycle: Cycle, here: SyncRecord, there: SyncRecord): void {
  const { hubspot, salesforce, counts } = cycle
  const salesforceWins = there.changedAt >= secondOf(cycle.since)
  const forHere = toHubSpot(cycle) ? missing(there, here, salesforceWins) : new Map<string, string>()
  const forThere = toSalesforce(cycle) && isIncluded(cycle, here) ? missing(here, there, !salesforceWins) : new Map<string, string>()
  if (forHere.size > 0) count(counts, hubspot.write(here.key, forHere, there.key))
  if (forThere.size > 0) count(counts, salesforce.write(there.key, forThere, here.key))
  const { optOuts } = cycle.settings
  // Opting out is carried over, opting in again never is (unverified for the way to Salesforce).
  if (there.optedOut && !here.optedOut && (optOuts === 'both' || optOuts === 'to-hubspot')) {
    hubspot.optOut(here.key)
    counts.optedOut += 1
  }
  if (here.optedOut && !there.optedOut && (optOuts === 'both' || optOuts === 'to-salesforce')) {
    salesforce.optOut(there.key)
    counts.optedOut += 1
  }
}

/** What the one has and the other lacks; with `wins`, also where they differ. */
function missing(from: SyncRecord, to: SyncRecord, wins: boolean): Map<string, string> {
  const held = to.fields
  return new Map([...from.fields].filter(([name, value]) => (held.has(name) ? wins && held.get(name) !== value : to.accepts(name))))
}

function count(counts: SyncCounts, written: boolean): void {
  if (written) counts.written += 1
  else counts.refused += 1
}

/** Its HubSpot contact was deleted: the integration takes the Salesforce record for one that HubSpot lacks. */
function orphanThere(cycle: Cycle, hereKey: string, there: SyncRecord, rule: SyncSettings['deletedInHubSpot']): void {
  const { salesforce, links, counts } = cycle
  if (rule === 'delete') {
    unlinkHere(links, hereKey)
    if (salesforce.remove(there.key)) counts.removed += 1
    return
  }
  if (rule === 'keep' || !toHubSpot(cycle)) return
  if (rule === 'recreate-on-change' && there.changedAt < secondOf(cycle.since)) return
  unlinkHere(links, hereKey)
  if (meetSalesforce(cycle, there.key, true)) counts.recreated += 1
}

function orphanHere(cycle: Cycle, thereKey: string, here: SyncRecord, rule: SyncSettings['deletedInSalesforce']): void {
  const { hubspot, links, counts } = cycle
  if (rule === 'delete') {
    unlinkThere(links, thereKey)
    if (hubspot.remove(here.key)) counts.removed += 1
    return
  }
  if (here.partner !== undefined) hubspot.write(here.key, new Map(), undefined)
  if (rule === 'keep' || !toSalesforce(cycle)) return
  if (rule === 'recreate-on-change' && here.changedAt < cycle.since) return
  unlinkThere(links, thereKey)
  if (meetHubSpot(cycle, here.key, true)) counts.recreated += 1
}

/** A HubSpot contact without a partner: noted id, then address, then a new record. */
function meetHubSpot(cycle: Cycle, key: string, create: boolean): boolean {
  const { hubspot, salesforce, counts } = cycle
  const here = hubspot.read(key)
  if (here === undefined || !isIncluded(cycle, here)) return false
  const noted = here.partner === undefined ? undefined : salesforce.read(here.partner)?.key
  const known = noted ?? (here.email === undefined ? undefined : salesforce.keyOfEmail(here.email))
  const there = known === undefined ? undefined : salesforce.read(known)
  if (there !== undefined) {
    // Two contacts of one Salesforce record: the first that was linked stays.
    if (cycle.links.toHubSpot.has(there.key)) return false
    join(cycle, here, there)
    return true
  }
  if (!create || !toSalesforce(cycle) || here.email === undefined) return false
  const made = salesforce.create(here.fields, here.key, cycle.settings.createAs)
  if (made === undefined) {
    counts.refused += 1
    return false
  }
  counts.created += 1
  if (here.optedOut && cycle.settings.optOuts !== 'none') salesforce.optOut(made)
  hubspot.write(here.key, new Map(), made)
  link(cycle, here.key, made)
  return true
}

function meetSalesforce(cycle: Cycle, key: string, create: boolean): boolean {
  const { hubspot, salesforce, counts } = cycle
  const there = salesforce.read(key)
  // Without an address the integration brings nobody over.
  if (there?.email === undefined) return false
  const known = hubspot.keyOfEmail(there.email)
  const here = known === undefined ? undefined : hubspot.read(known)
  if (here !== undefined) {
    // Two Salesforce records of one address: the first that was linked stays.
    if (!cycle.links.toSalesforce.has(here.key)) join(cycle, here, there)
    return false
  }
  if (!create || !toHubSpot(cycle)) return false
  const made = hubspot.create(there.fields, there.key, 'Contact')
  if (made === undefined) {
    counts.refused += 1
    return false
  }
  counts.created += 1
  if (there.optedOut && cycle.settings.optOuts !== 'none') hubspot.optOut(made)
  link(cycle, made, there.key)
  return true
}

function join(cycle: Cycle, here: SyncRecord, there: SyncRecord): void {
  link(cycle, here.key, there.key)
  cycle.counts.linked += 1
  if (here.partner !== there.key) cycle.hubspot.write(here.key, new Map(), there.key)
}

function isIncluded({ settings: { inclusion } }: Cycle, here: SyncRecord): boolean {
  return inclusion === null || inclusion.values.includes(here.value(inclusion.property) ?? '')
}

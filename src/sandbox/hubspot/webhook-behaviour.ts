import { z } from 'zod'

const share = z.number().min(0).max(1)
const delay = z
  .int()
  .min(0)
  .max(7 * 86_400_000)

/** How the sender treats its receivers; every key is what nature or an unlucky day decides. Only the named keys change. */
const Behaviour = z.strictObject({
  duplicates: share.describe('share of events that are sent a second time, in a later batch'),
  drop: share.describe('share of events that are lost'),
  reorder: z.boolean().describe('shuffles what is sent together'),
  delayMs: z.union([delay, z.strictObject({ from: delay, to: delay })]).describe('time between a change and its first delivery'),
  foreignPortals: share.describe('share of events that bring one of another portal along'),
  batchMost: z.int().min(1).max(100).describe('events in one POST'),
  timeoutMs: z.int().min(10).max(60_000).describe('how long a receiver may take, in real time'),
  settingsCache: z.boolean().describe('settings and subscriptions take effect up to five minutes late'),
  httpsOnly: z.boolean().describe('refuses targets that are not https, as HubSpot does'),
  anyCertificate: z.boolean().describe('accepts self-signed certificates of receivers'),
  signature: z.enum(['v1', 'v2']).describe('what X-HubSpot-Signature holds; the v3 header is always sent'),
  timestamps: z.enum(['sandbox', 'machine']).describe('the clock that signatures are dated with'),
  mergeTells: z.enum(['merge', 'all']).describe('all: a merge also tells of the new record and of the two that are gone'),
  creationTells: z.enum(['creation', 'all']).describe('all: a creation also tells the first value of each subscribed property'),
  creationFlag: z.enum(['NEW', 'CREATED']).describe('changeFlag of creations'),
  keepValues: z.boolean().describe('the delivery log keeps property values from now on'),
  queueMost: z.int().min(1).max(1_000_000).describe('events that wait at most; more are shed and counted'),
})

export type Behaviour = z.infer<typeof Behaviour>
export const BehaviourChange = Behaviour.partial()

export const DEFAULT_BEHAVIOUR: Behaviour = {
  duplicates: 0,
  drop: 0,
  reorder: false,
  delayMs: 0,
  // unverified: whether one POST ever mixes portals.
  foreignPortals: 0,
  batchMost: 100,
  timeoutMs: 5000,
  settingsCache: false,
  httpsOnly: false,
  anyCertificate: false,
  signature: 'v1',
  timestamps: 'sandbox',
  // unverified: which events besides `merge` a merge fires.
  mergeTells: 'merge',
  // unverified: that the values a record is created with fire as changes.
  creationTells: 'all',
  // unverified: the vendor's kits say NEW, newer captures CREATED.
  creationFlag: 'NEW',
  keepValues: false,
  queueMost: 100_000,
}

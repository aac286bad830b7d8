/** Papers of a sale that hang on a contact: they may bind the company to keep it, and are never rewritten (HubSpot docs: invoices, orders; object types 0-53, 0-123). */
import type { Problem } from '../connector.ts'
import type { BindingFact } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { orGap, readBy } from './erasure-read.ts'
import type { CrmObject } from './payloads.ts'

type Paper = {
  readonly name: 'deals' | 'invoices' | 'orders'
  readonly kind: BindingFact['kind']
  readonly properties: readonly string[]
  /** Null: nothing that binds. */
  readonly factOf: (properties: CrmObject['properties']) => Pick<BindingFact, 'open' | 'at'> | null
}

/** A won deal may stand for an invoice: it is for the company's rules to say whether it binds. */
const deals: Paper = {
  name: 'deals',
  kind: 'won-deal',
  properties: ['hs_is_closed_won', 'closedate'],
  factOf: (said) => (said['hs_is_closed_won'] === 'true' ? { open: false, at: timeOf(said, ['closedate']) } : null),
}

/** A draft is no invoice yet. One that was voided stays in the books; one that is not paid runs still. */
const invoices: Paper = {
  name: 'invoices',
  kind: 'invoice',
  properties: ['hs_invoice_status', 'hs_invoice_date'],
  factOf: (said) =>
    said['hs_invoice_status'] === 'draft' ? null : { open: said['hs_invoice_status'] === 'open', at: timeOf(said, ['hs_invoice_date']) },
}

/** Each, whatever its stage: portals rename the stages as they like, so that "cancelled" may mean "invoiced". */
const orders: Paper = {
  name: 'orders',
  kind: 'order',
  properties: ['hs_processed_date', 'hs_external_created_date'],
  factOf: (said) => ({ open: false, at: timeOf(said, ['hs_processed_date', 'hs_external_created_date']) }),
}

/** Stay as they are, whoever is erased. */
export function commerceOf({ settings }: Pick<HubspotClient, 'settings'>): readonly Paper[] {
  return settings.commerce === 'none' ? [] : [invoices, orders]
}

export function papersOf(client: Pick<HubspotClient, 'settings'>): readonly Paper[] {
  return [deals, ...commerceOf(client)]
}

/** By id; null: they could not be read, which is in `gaps` then. */
export async function factsOf(
  client: HubspotClient,
  paper: Paper,
  ids: readonly string[],
  gaps: Problem[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BindingFact> | null> {
  const { name, kind, properties, factOf } = paper
  const read = await orGap(readBy(client, name, ids, properties, {}, signal), name, gaps)
  if (read === null) return null
  return new Map(
    read.flatMap(({ id, properties: said }): [string, BindingFact][] => {
      const fact = factOf(said)
      return fact === null ? [] : [[id, { kind, ref: { object: name, id }, ...fact }]]
    }),
  )
}

/** The first that is a date, epoch milliseconds. */
function timeOf(said: CrmObject['properties'], names: readonly string[]): number | null {
  return names.map((name) => Date.parse(said[name] ?? '')).find((time) => !Number.isNaN(time)) ?? null
}

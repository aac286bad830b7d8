/** What hangs on a person's contacts: activities whole, and what is the company's by its name alone. */
import type { AccessEntry, AccessField } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import type { Problem, RecordRef } from '../connector.ts'
import { fieldOf, plainField } from './access-field.ts'
import { Labelled } from './access-payloads.ts'
import { resultsOf } from './batch-errors.ts'
import type { HubspotClient } from './client.ts'
import { propertiesOf } from './describe.ts'
import { activities } from './erasure-activities.ts'
import { commerceOf } from './erasure-commerce.ts'
import { associatedWith, chunksOf, orGap, readBy } from './erasure-read.ts'
import type { Call } from './message.ts'
import { onwardsIn } from './next-page.ts'
import type { CrmObject, Property } from './payloads.ts'

/** Read whole: what was written to, by or about the person. A ticket is a conversation with them. */
const whole = [...activities.map(({ name }) => ({ name, texts: textsOf(name) })), { name: 'tickets', texts: ['subject', 'content'] }]
/** The company's own: the person sees that they are linked, with what and as what; of papers that are made out to them, what was sold and when. */
type Linked = { readonly name: string; readonly shows: Readonly<Record<string, string>>; readonly paper?: true }
const byName: readonly Linked[] = [
  { name: 'companies', shows: { name: 'Name' } },
  { name: 'deals', shows: { dealname: 'Name' } },
  {
    name: 'invoices',
    paper: true,
    shows: {
      hs_number: 'Number',
      hs_title: 'Title',
      hs_invoice_status: 'Status',
      hs_invoice_date: 'Date',
      hs_due_date: 'Due date',
      hs_amount_billed: 'Amount',
      hs_currency: 'Currency',
    },
  },
  {
    name: 'orders',
    paper: true,
    shows: {
      hs_order_name: 'Name',
      hs_external_order_id: 'Number',
      hs_fulfillment_status: 'Status',
      hs_external_created_date: 'Date',
      hs_total_price: 'Amount',
      hs_currency_code: 'Currency',
    },
  },
]
const thingsPerPage = 100

function textsOf(object: string): readonly string[] {
  return activities.find(({ name }) => name === object)?.texts ?? []
}

export async function* activitiesOf(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  for (const { name, texts } of whole) {
    const gaps: Problem[] = []
    const owners = await ownersOf(client, refs, name, gaps, signal)
    const properties = owners.size === 0 ? null : await orGap(propertiesOf(client, name, signal), name, gaps)
    if (gaps.length > 0) yield { entries: [], gaps }
    for (const chunk of properties === null ? [] : chunksOf([...owners], thingsPerPage)) {
      const ids = chunk.map(([id]) => id)
      const names = properties!.map((property) => property.name)
      const things = new Map((await readBy(client, name, ids, names, {}, signal)).map((thing) => [thing.id, thing]))
      const entries = chunk.flatMap(([id, of]) => {
        const thing = things.get(id)
        return thing === undefined ? [] : [activityOf(name, of, thing, properties!, texts)]
      })
      yield { entries, gaps: hiddenIn(name, [...things.values()], properties!, texts) }
    }
  }
}

/** By id of the thing, the contact that led to it; one that hangs on two of the person's contacts is told once. */
async function ownersOf(
  client: HubspotClient,
  refs: readonly RecordRef[],
  to: string,
  gaps: Problem[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RecordRef>> {
  const owners = new Map<string, RecordRef>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = group.map(({ id }) => id)
    const found = await orGap(associatedWith(client, object, to, ids, signal), to, gaps)
    for (const [id, things] of found ?? []) for (const thing of things) if (!owners.has(thing)) owners.set(thing, { object, id })
  }
  return owners
}

function activityOf(
  object: string,
  of: RecordRef,
  { id, properties: values }: CrmObject,
  properties: readonly Property[],
  texts: readonly string[],
): AccessEntry {
  const provenance = values['hs_email_direction'] === 'INCOMING_EMAIL' ? 'person' : 'other'
  const fields = properties.flatMap((property): AccessField[] => {
    const field = fieldOf(property, values[property.name], undefined)
    if (field === null) return []
    // A title or a preview repeats what the text says.
    const isText = texts.includes(field.name) || property.type === 'string'
    const holds = field.holds === 'plain' && isText ? 'text' : field.holds
    return [{ ...field, provenance: field.provenance === 'derived' ? 'derived' : provenance, holds }]
  })
  return { part: 'activity', of, object, id, fields }
}

/** Without `sales-email-read` HubSpot keeps what a mail says to itself. */
function hiddenIn(
  object: string,
  things: readonly CrmObject[],
  properties: readonly Property[],
  texts: readonly string[],
): readonly Problem[] {
  const defined = new Set(properties.map(({ name }) => name))
  const hidden = texts.filter((name) => defined.has(name) && things.some((thing) => !(name in thing.properties)))
  if (hidden.length === 0) return []
  const message = `HubSpot did not give ${hidden.join(', ')} of ${object} to this token; mails need the scope sales-email-read`
  return [{ kind: 'field-hidden', name: object, message }]
}

export async function* relatedOf(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  for (const { name, shows, paper } of byName) {
    if (paper === true && commerceOf(client).every((one) => one.name !== name)) continue
    const gaps: Problem[] = []
    const links = await orGap(linksTo(client, refs, name, signal), name, gaps, paper === true ? 'refused' : null)
    const ids = [...new Set((links ?? []).map(({ id }) => id))]
    const read = await orGap(readBy(client, name, ids, Object.keys(shows), {}, signal), name, gaps)
    const things = new Map((read ?? []).map(({ id, properties }) => [id, properties]))
    const entries = (links ?? []).map(({ of, id, label }): AccessEntry => {
      const fields = [
        ...Object.entries(shows).flatMap(([property, word]) => {
          const value = things.get(id)?.[property] ?? ''
          return value === '' ? [] : [plainField(property, word, value)]
        }),
        ...(label === null ? [] : [plainField('association', 'Association', label)]),
      ]
      return { part: 'association', of, object: name, id, fields }
    })
    yield { entries, gaps }
  }
}

type Link = { readonly of: RecordRef; readonly id: string; readonly label: string | null }

async function linksTo(client: HubspotClient, refs: readonly RecordRef[], to: string, signal: AbortSignal): Promise<readonly Link[]> {
  const links: Link[] = []
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const path = client.paths.associations(object, to)
    const onwards = onwardsIn(path)
    let open: readonly { id: string; after?: string }[] = group.map(({ id }) => ({ id }))
    while (open.length > 0) {
      const answers = await Promise.all(
        chunksOf(open, thingsPerPage).map(async (inputs) => {
          const call: Call = { method: 'POST', path, body: { inputs } }
          return resultsOf(call, await client.call(call, Labelled, signal))
        }),
      )
      const results = answers.flat()
      for (const { from, to: others } of results)
        for (const { toObjectId, associationTypes } of others) {
          const labels = associationTypes.flatMap(({ label }) => label ?? [])
          links.push({ of: { object, id: from.id }, id: toObjectId, label: labels.length === 0 ? null : labels.join(', ') })
        }
      open = results.flatMap(({ from, paging }) => {
        const after = onwards(paging?.next?.after, from.id)
        return after === undefined ? [] : [{ id: from.id, after }]
      })
    }
  }
  return links
}

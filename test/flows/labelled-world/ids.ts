/** The whole labelled world with its record ids, in the order of the files. */
import { salesforceId } from '../../../src/sandbox/people/salesforce-id.ts'
import { consent } from './consent.ts'
import { content } from './content.ts'
import { edges } from './edges.ts'
import { identity } from './identity.ts'
import { names } from './names.ts'
import { type Case, type Context, type Home, type Label, nameOf, type Row } from './person.ts'
import { retention } from './retention.ts'

export type Reference = { readonly crm: 'hubspot' | 'salesforce'; readonly object: Home; readonly id: string }
export type LabelledRecord = {
  readonly reference: Reference
  readonly person: string
  readonly why: string
  readonly row: Row
  readonly context: Context
  readonly label: Label
  readonly linked: readonly string[]
}

const CASES: readonly Case[] = [...retention, ...consent, ...identity, ...content, ...edges, ...names]
const FIRST_HUBSPOT_ID = 51_000_000_001
const PREFIX = { Contact: '003', Lead: '00Q' } as const
const REFERRED = /^\{(Contact|Lead) of ([a-z-]+)\}$/

/** `crm:object:id`, which is `connection:object:id` here, as the judge names records of other connections. */
export function nameOfRecord({ crm, object, id }: Reference): string {
  return `${crm}:${object}:${id}`
}

export function labelledWorld(): readonly LabelledRecord[] {
  const numbered = CASES.map((one, number) => {
    const records = one.build(nameOf(number))
    return { one, records: records.map((record, i) => ({ record, reference: reference(record.home, number * 4 + i) })) }
  })
  const idOf = new Map(
    numbered.flatMap(({ one, records }) => records.map(({ record, reference }) => [`${record.home} of ${one.id}`, reference.id] as const)),
  )
  return numbered.flatMap(({ one, records }) =>
    records.map(({ record, reference }) => ({
      reference,
      person: one.id,
      why: one.why,
      row: { ...own(reference), ...resolved(record.row, idOf) },
      context: record.context,
      label: record.label,
      linked: one.unlinked ? [] : records.filter((other) => other.reference !== reference).map((other) => nameOfRecord(other.reference)),
    })),
  )
}

/** Account ids by company name. */
export const ACCOUNT_ID = salesforceId('001', 5_100_000)

function reference(home: Home, number: number): Reference {
  if (home === 'contacts') return { crm: 'hubspot', object: home, id: String(FIRST_HUBSPOT_ID + number) }
  return { crm: 'salesforce', object: home, id: salesforceId(PREFIX[home], 5_100_000 + number) }
}

function own({ object, id }: Reference): Row {
  return object === 'contacts' ? { hs_object_id: id } : { Id: id }
}

function resolved(row: Row, idOf: ReadonlyMap<string, string>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => {
      if (field === 'AccountId') return [field, ACCOUNT_ID]
      const referred = typeof value === 'string' ? REFERRED.exec(value) : null
      if (referred === null) return [field, value]
      const id = idOf.get(`${referred[1]} of ${referred[2]}`)
      if (id === undefined) throw new Error(`the labelled world refers to ${String(value)}, which it lacks`)
      return [field, id]
    }),
  )
}

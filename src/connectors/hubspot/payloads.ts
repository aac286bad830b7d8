/** HubSpot's answers, only the fields that are used. What is not here may change without our noticing. */
import { z } from 'zod'

type Values = Readonly<Record<string, string | null>>
/**
 * By hand, since it sees every value of every record: a third of the time that a schema of records takes. Values travel as text; a number or a boolean that comes as
 * such is put down as the text that it stands for, unless digits of it are lost already.
 */
const Values = z.custom<Values>((value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const values = value as Record<string, unknown>
  for (const name in values) {
    const held = values[name]
    if (typeof held === 'string' || held === null) continue
    if (typeof held !== 'boolean' && !(typeof held === 'number' && Math.abs(held) <= Number.MAX_SAFE_INTEGER)) return false
    values[name] = String(held)
  }
  return true
})
/** `properties` of one record holds every requested property that exists: null when empty, absent when unknown or unreadable. */
export const CrmObject = z.object({
  id: z.string().regex(/^\d+$/),
  properties: Values,
  updatedAt: z.string(),
  archivedAt: z.nullish(z.string()),
})
export type CrmObject = z.output<typeof CrmObject>

/** Left out on the last page; `null` says the same. */
const Paging = z.nullish(z.object({ next: z.nullish(z.object({ after: z.string().min(1), link: z.nullish(z.string()) })) }))
export const ListPage = z.object({ results: z.array(CrmObject), paging: Paging })
export const SearchPage = z.object({ total: z.int().nonnegative(), results: z.array(CrmObject), paging: Paging })
/** Beside `results` in every answer to a batch, on 200, 201 and 207: dated versions report partial failure with 200. */
export const batchErrors = { status: z.nullish(z.string()), numErrors: z.nullish(z.number()), errors: z.nullish(z.array(z.unknown())) }
export const BatchAnswer = z.object({ results: z.array(CrmObject), ...batchErrors })

export const Account = z.object({ portalId: z.number(), timeZone: z.string() })

const Option = z.object({
  label: z.string(),
  value: z.string(),
  hidden: z.nullish(z.boolean()),
  displayOrder: z.nullish(z.number()),
  description: z.nullish(z.string()),
})
export type Option = z.output<typeof Option>
export const Property = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  fieldType: z.string(),
  options: z.nullish(z.array(Option)).transform((options) => options ?? []),
  calculated: z.nullish(z.boolean()),
  externalOptions: z.nullish(z.boolean()),
  hubspotDefined: z.nullish(z.boolean()),
  referencedObjectType: z.nullish(z.string()),
  dataSensitivity: z.nullish(z.string()),
  modificationMetadata: z.nullish(z.object({ readOnlyValue: z.boolean() })),
})
export type Property = z.output<typeof Property>
export const PropertyList = z.object({ results: z.array(Property) })
export const Anything = z.unknown()

/** RFC 6749, 5.1: the server may leave out how long it lives; HubSpot's docs say half an hour. */
export const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().default(1_800),
  refresh_token: z.nullish(z.string().min(1)),
})

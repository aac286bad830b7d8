/** HubSpot's answers, only the fields that are used. What is not here may change without our noticing. */
import { z } from 'zod'

type Values = Readonly<Record<string, string | null>>
/** By hand, since it sees every value of every record: a third of the time that a schema of records takes. */
const Values = z.custom<Values>((value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const name in value) {
    const held = (value as Record<string, unknown>)[name]
    if (typeof held !== 'string' && held !== null) return false
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

const Paging = z.optional(z.object({ next: z.optional(z.object({ after: z.string().min(1), link: z.optional(z.string()) })) }))
export const ListPage = z.object({ results: z.array(CrmObject), paging: Paging })
export const SearchPage = z.object({ total: z.int().nonnegative(), results: z.array(CrmObject), paging: Paging })
/** Beside `results` in every answer to a batch, on 200, 201 and 207: dated versions report partial failure with 200. */
export const batchErrors = { numErrors: z.optional(z.number()), errors: z.optional(z.array(z.unknown())) }
export const BatchAnswer = z.object({ results: z.array(CrmObject), ...batchErrors })

export const Account = z.object({ portalId: z.number(), timeZone: z.string() })

const Option = z.object({
  label: z.string(),
  value: z.string(),
  hidden: z.optional(z.boolean()),
  displayOrder: z.optional(z.number()),
  description: z.nullish(z.string()),
})
export type Option = z.output<typeof Option>
export const Property = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  fieldType: z.string(),
  options: z.array(Option).default([]),
  calculated: z.optional(z.boolean()),
  externalOptions: z.optional(z.boolean()),
  hubspotDefined: z.optional(z.boolean()),
  referencedObjectType: z.nullish(z.string()),
  dataSensitivity: z.optional(z.string()),
  modificationMetadata: z.optional(z.object({ readOnlyValue: z.boolean() })),
})
export type Property = z.output<typeof Property>
export const PropertyList = z.object({ results: z.array(Property) })
export const Anything = z.unknown()

export const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** HubSpot's answers that only a copy of somebody's data asks for. */
import { z } from 'zod'
import { batchErrors, CrmObject } from './payloads.ts'

const Version = z.object({
  value: z.nullish(z.coerce.string()),
  timestamp: z.nullish(z.coerce.string()),
  sourceType: z.nullish(z.string()),
})
export const ValuesWithHistory = z.object({
  results: z.array(z.object({ ...CrmObject.shape, propertiesWithHistory: z.optional(z.record(z.string(), z.array(Version))) })),
  ...batchErrors,
})

const Paging = z.nullish(z.object({ next: z.nullish(z.object({ after: z.coerce.string().min(1) })) }))
/** Each with the label of its association, where it has one: "billing contact". */
export const Labelled = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: z.coerce.string() }),
      to: z.array(
        z.object({
          toObjectId: z.coerce.string().regex(/^\d+$/),
          associationTypes: z.array(z.object({ label: z.nullish(z.string()) })).default([]),
        }),
      ),
      paging: Paging,
    }),
  ),
  ...batchErrors,
})

export const Memberships = z.object({
  results: z.array(z.object({ listId: z.coerce.string(), firstAddedTimestamp: z.nullish(z.string()) })),
  paging: Paging,
})
export const ListNames = z.object({
  lists: z.array(z.object({ listId: z.coerce.string(), name: z.string(), processingType: z.nullish(z.string()) })),
})

export const FormPage = z.object({ results: z.array(z.object({ id: z.string(), name: z.string() })), paging: Paging })
/** `submittedAt`: epoch milliseconds. */
export const SubmissionPage = z.object({
  results: z.array(
    z.object({
      conversionId: z.nullish(z.string()),
      submittedAt: z.number(),
      values: z.array(z.object({ name: z.string(), objectTypeId: z.nullish(z.string()), value: z.coerce.string() })),
      pageUrl: z.nullish(z.string()),
    }),
  ),
  paging: Paging,
})

export const Definitions = z.object({
  results: z.array(
    z.object({ id: z.coerce.string(), name: z.string(), purpose: z.nullish(z.string()), description: z.nullish(z.string()) }),
  ),
})

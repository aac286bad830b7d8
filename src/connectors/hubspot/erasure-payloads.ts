/** HubSpot's answers that only an erasure asks for. */
import { z } from 'zod'
import { batchErrors, CrmObject } from './payloads.ts'

const Versions = z.record(z.string(), z.array(z.object({ value: z.nullish(z.coerce.string()) })))
export const HistoryAnswer = z.object({
  results: z.array(z.object({ ...CrmObject.shape, propertiesWithHistory: z.optional(Versions) })),
  ...batchErrors,
})
export const ArchivePage = z.object({
  results: z.array(CrmObject),
  paging: z.nullish(z.object({ next: z.nullish(z.object({ after: z.string().min(1) })) })),
})
/** `toObjectId` is a number in answers and a string in the types of the official client. */
export const Associations = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: z.coerce.string() }),
      to: z.array(z.object({ toObjectId: z.coerce.string().regex(/^\d+$/) })),
      paging: z.nullish(z.object({ next: z.nullish(z.object({ after: z.coerce.string() })) })),
    }),
  ),
  ...batchErrors,
})

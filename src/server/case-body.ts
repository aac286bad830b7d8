/** Bodies and answers of the routes for cases: what is validated, and what the OpenAPI document shows. */
import { z } from 'zod'

const id = z.uuid({ error: 'a case is named by its number' }).meta({ description: 'the number of the case' })

export const CasePath = z.strictObject({ id })
export const CaseListPath = z.strictObject({})

const who = {
  case: id,
  user: z
    .string()
    .regex(/^[\w.-]{1,40}$/, { error: 'a short name or number of a user of yours, such as "dpo": never an address' })
    .meta({ description: 'who has looked and decides; kept in the ledger' }),
}
const Keep = z.strictObject({
  decision: z.literal('keep').meta({ description: 'they stay: taken off the suppression list by what their record shows' }),
  because: z.enum(['new-consent', 'somebody-else']).meta({
    description: '"new-consent" needs a proved consent that is newer than the erasure; "somebody-else": the address has a new owner',
  }),
  ...who,
})
const Erase = z.strictObject({
  decision: z.literal('erase').meta({ description: 'prepares one more erasure; nothing is erased before a user approves its plan' }),
  ...who,
})
export const CaseDecisionBody = z.discriminatedUnion('decision', [Keep, Erase])
export type CaseDecisionBody = z.infer<typeof CaseDecisionBody>

export const CaseAnswer = z.object({
  id,
  request: z.uuid().meta({ description: 'the request by which they were erased' }),
  status: z.enum(['open', 'closed']),
  openedAt: z.iso.datetime(),
  again: z.uuid().nullable().meta({ description: 'the request by which they are to be erased once more' }),
  ended: z
    .object({
      how: z
        .enum(['erased', 'gone', 'kept', 'lost'])
        .meta({ description: '`lost`: in a CRM that is gone for good, where nobody could look' }),
      at: z.iso.datetime(),
      because: z.enum(['new-consent', 'somebody-else']).nullable(),
      by: z.string().nullable().meta({ description: 'the user who decided, or "service"' }),
    })
    .nullable(),
  records: z.array(
    z.object({
      connection: z.string(),
      object: z.string(),
      id: z.string().meta({ description: 'of the record in that CRM' }),
      seenAt: z.iso.datetime(),
      cameBackBy: z
        .enum(['form', 'import', 'sync', 'api', 'by-hand', 'unknown'])
        .nullable()
        .meta({ description: 'how the record came to be there; null: nobody has looked yet' }),
      vouched: z.boolean().meta({ description: 'by a field of the CRM that nobody can write' }),
      gone: z.boolean().meta({ description: 'not there any more, as the CRM says' }),
      outOfReach: z
        .boolean()
        .meta({ description: 'its CRM is gone for good: nobody can erase or look there; certificates call it `out-of-reach`' }),
      consents: z
        .array(z.object({ purpose: z.string(), channel: z.string(), day: z.iso.date() }))
        .meta({ description: 'proved, and newer than the erasure' }),
    }),
  ),
})
export const CaseList = z.object({
  cases: z.array(CaseAnswer).meta({ description: 'the open ones first, the oldest of them first; 200 at most' }),
})
export const CaseDecided = z.object({
  case: CaseAnswer,
  toApprove: z
    .object({
      request: z.uuid(),
      digest: z.string().meta({ description: 'of exactly what would be erased; an approval names it' }),
      records: z.int(),
    })
    .nullable()
    .meta({ description: 'what waits for "accord request approve"' }),
})

/** Bodies and answers of the routes for requests of persons: what is validated, and what the OpenAPI document shows. */
import { z } from 'zod'
import { email, phone } from './consent-body.ts'
import { correctable } from '../core/request/corrections.ts'
import { rights } from '../core/request/request.ts'

const common = {
  identifier: z
    .strictObject({ email, phone: phone.optional() })
    .meta({ description: 'Whose data it is about. The address is kept sealed until the request is closed, and shown to nobody.' }),
  origin: z.enum(['session', 'form', 'email', 'phone', 'post', 'in-person', 'representative']).meta({
    description:
      'how it came in. "session": the person was signed in to an account of yours, which settles who they are; the key needs the scope requests:session',
  }),
  receivedAt: z.iso
    .datetime({ offset: true, error: 'write an instant with its offset, such as 2026-11-21T10:15:00+01:00' })
    .optional()
    .meta({ description: 'when it reached the company, whoever there received it; absent: now. The time to answer runs from that day.' }),
  language: z.enum(['fr', 'en']).optional().meta({ description: 'in which the person is written to; absent: as the company writes' }),
}

const plain = rights.filter((right) => right !== 'objection' && right !== 'rectification')
const Plain = z.strictObject({ right: z.enum(plain).meta({ description: 'which right' }), ...common })
const Objection = z.strictObject({
  right: z.literal('objection'),
  scope: z.enum(['marketing', 'particular-situation']).meta({
    description: 'to marketing: absolute, and carried out at once; "particular-situation": to another use, and weighed by a person',
  }),
  ...common,
})
const Rectification = z.strictObject({
  right: z.literal('rectification'),
  corrections: z
    .partialRecord(z.enum(correctable), z.string().max(500).nullable())
    .optional()
    .meta({ description: 'how the person wants to be described, by contact field; null empties a field. Sealed with the request.' }),
  ...common,
})

export const RequestBody = z.discriminatedUnion('right', [Plain, Objection, Rectification])
export type RequestBody = z.infer<typeof RequestBody>

export const RequestPath = z.strictObject({ id: z.uuid({ error: 'a request is named by its number' }).meta({ description: 'its number' }) })

export const RequestAnswer = z.object({
  id: z.uuid().meta({ description: 'names the request' }),
  right: z.enum(rights),
  status: z.enum(['received', 'identity-check', 'identified', 'in-progress', 'answered', 'refused', 'withdrawn', 'closed']),
  receivedAt: z.iso.datetime(),
  answerBy: z.iso.date().meta({ description: 'the last day on which the person may be answered' }),
  identity: z.enum(['settled', 'not_needed', 'to_be_confirmed', 'to_be_asked']).meta({
    description:
      'who asks; "to_be_confirmed": a link was sent to the address, whether or not anybody has heard of it; "to_be_asked": this service can send no mail, so that nobody was asked: somebody of the company asks them',
  }),
})

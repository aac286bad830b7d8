/** Bodies and answers of the consent routes: what is validated, and what the OpenAPI document shows. */
import { z } from 'zod'

export const email = z
  .string()
  .min(3)
  .max(320)
  .meta({ description: 'one address; kept as a keyed hash', examples: ['claire@example.fr'] })
export const phone = z
  .string()
  .min(6)
  .max(40)
  .meta({ description: 'with its country code, or national to the controller; kept as a keyed hash', examples: ['+33199001234'] })
const Identifier = z
  .union([z.strictObject({ email, phone: phone.optional() }), z.strictObject({ phone })])
  .meta({ description: 'Who says it. A yes needs an e-mail address; a no may come with a telephone number alone.' })

const word = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'write an id of the policy: lower case letters, digits and _' })
/** What the integrator chooses must not carry an address or a number of anybody into the proof. */
const reference = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$/, { error: 'write up to 120 letters, digits and . _ : / - without anything personal in it' })
  .refine((text) => !/\d{9}/.test(text.replace(/[.:/_-]/g, '')) || /^[0-9a-f-]{36}$/i.test(text), {
    error: 'this looks like a telephone or customer number; name the form, not the person',
  })
const at = z.iso.datetime({ offset: true, error: 'write an instant with its offset, such as 2026-11-21T10:15:00+01:00' }).meta({
  description: 'when the person said it, at most five minutes ahead of the server’s clock',
  examples: ['2026-11-21T10:15:00+01:00'],
})
const form = reference.meta({ description: 'where it was said: the name or the address of the form', examples: ['example.fr/newsletter'] })
const how = z.enum(['checkbox', 'button', 'reply', 'call_recording', 'paper', 'in_person', 'api']).meta({ description: 'by which act' })
const text = z
  .strictObject({
    id: reference.meta({ description: 'name and version of the wording', examples: ['NL-2026-01'] }),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'write the SHA-256 of the wording in UTF-8 as 64 hexadecimal digits in lower case' })
      .meta({ description: 'SHA-256 of the wording that was shown, in UTF-8' }),
    language: z.string().regex(/^[a-z]{2}$/, { error: 'write a language as two small letters, such as fr' }),
  })
  .meta({ description: 'the wording that was shown' })

const Given = z.strictObject({
  event: z.literal('given'),
  identifier: Identifier,
  purpose: word.meta({ description: 'a purpose of the policy' }),
  channel: word.meta({ description: 'a channel of that purpose' }),
  at,
  text,
  form,
  how,
  doubleOptIn: z
    .boolean()
    .default(false)
    .meta({ description: 'true: the yes counts once the person has confirmed it by a link in an e-mail' }),
})
const every = z.literal('*')
const No = z.strictObject({
  event: z.enum(['withdrawn', 'refused']),
  identifier: Identifier,
  purpose: z.union([every, word]).default('*').meta({ description: 'absent or *: every purpose that is not a contract’s' }),
  channel: z.union([every, word]).default('*').meta({ description: 'absent or *: every channel' }),
  at: at.optional().meta({ description: 'absent: now' }),
  text: text.optional(),
  form: form.optional(),
  how: how.optional(),
})

export const ConsentBody = z.discriminatedUnion('event', [Given, No])

export const RecordedAnswer = z.object({
  id: z.uuid().meta({ description: 'names the proof' }),
  status: z.enum(['recorded', 'awaiting_confirmation']),
  event: z.enum(['given', 'withdrawn', 'refused']),
  purpose: z.string(),
  channel: z.string(),
  at: z.iso.datetime().meta({ description: 'the time that counts' }),
})

export const LookupBody = z.strictObject({ identifier: Identifier })

const instant = z.iso.datetime()
export const LookupAnswer = z.object({
  suppressed: z.boolean().meta({ description: 'on the suppression list, which outweighs every yes' }),
  states: z
    .array(
      z.object({
        purpose: z.string(),
        channel: z.string(),
        status: z.enum(['granted', 'withdrawn', 'refused', 'expired', 'unknown']),
        grade: z.enum(['proved', 'claimed', 'contradicted']).nullable(),
        since: instant.nullable().meta({ description: 'the time that decides; null: none, or not known' }),
      }),
    )
    .meta({
      description: 'what everything that was said adds up to, here and in every CRM, before any end that a rule of the policy sets',
    }),
  statements: z
    .array(
      z.object({
        id: z.uuid(),
        event: z.enum(['given', 'withdrawn', 'refused']),
        purpose: z.string(),
        channel: z.string(),
        at: instant,
        receivedAt: instant,
        text: z.object({ id: z.string(), hash: z.string(), language: z.string() }).nullable(),
        form: z.string().nullable(),
        how: z.string().nullable(),
        doubleOptIn: z.enum(['none', 'asked', 'confirmed', 'lapsed']),
        confirmedAt: instant.nullable(),
      }),
    )
    .meta({ description: 'the proofs of what was said to Accord itself, newest first, at most 200' }),
})

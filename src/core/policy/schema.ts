/** The shape of config/policy.yaml. Strict: a key that nobody knows is an error, because a misspelt rule would silently not apply. */
import { z } from 'zod'
import { ConditionSchema } from './condition.ts'
import { dayOfIso } from '../time/calendar.ts'
import { confidence, country, date, duration, fieldName, formerly, id, isTimeZone, label, law, life, text } from './values.ts'

const Organisation = z.strictObject({
  controller: z.strictObject({ name: text, siren: text.optional(), address: text }),
  dpo: z.strictObject({ name: text, email: text }),
  country,
  locale: z.enum(['fr', 'en']),
  timezone: z.string().refine(isTimeZone, { error: 'no such time zone', params: { instead: 'an IANA name such as Europe/Paris' } }),
  /** MM-DD of the last day of the financial year; for retention rules and erasure holds with `anchor: fyEnd`. */
  financialYearEnd: z
    .string()
    .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'the last day of the financial year is written "12-31"' })
    .default('12-31'),
  ref: text,
  confidence: confidence.optional(),
})

const Unknowns = z.strictObject({
  audience: id,
  country: z.union([z.literal('strictest'), country]),
  consent: z.literal('none'),
  startDate: z.literal('review'),
  ...law,
})

const Channel = z.strictObject({
  id,
  formerly,
  label,
  needs: fieldName,
  everyMessage: z.array(text).optional(),
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).optional(),
  hours: z
    .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, { error: 'hours are written "10:00-13:00"' }))
    .optional(),
  timezone: text.optional(),
  publicHolidays: z.boolean().optional(),
  maxCalls: z.int().min(0).optional(),
  per: duration.optional(),
  silenceAfterRefusal: duration.optional(),
  ...law,
})

export const LawfulBasis = z.enum(['consent', 'contract', 'legal_obligation', 'legitimate_interest', 'public_interest', 'vital_interests'])

const Purpose = z.strictObject({
  id,
  formerly,
  label,
  lawfulBasis: LawfulBasis,
  serviceOnly: z.boolean().default(false),
  assessedBy: text.optional(),
  assessedOn: date.optional(),
  channels: z.array(id).min(1),
  fields: z.array(fieldName),
  enabled: z.boolean().default(true),
  ...law,
})

const Audience = z.strictObject({ id, label, when: z.union([z.literal('otherwise'), ConditionSchema]), ...law })

const Gate = z.strictObject({ id, refuseWhen: ConditionSchema, exceptServiceOnly: z.boolean().default(false), ...life, ...law })

const ConsentRule = z.strictObject({
  id,
  channel: z.array(id).min(1).optional(),
  audience: z.array(id).min(1).optional(),
  country: z.array(country).min(1).optional(),
  purposes: z.array(id).min(1).optional(),
  when: ConditionSchema.optional(),
  need: z.enum(['none', 'information', 'consent', 'forbidden']),
  validFor: duration.optional(),
  reviewAfter: duration.optional(),
  keepProof: duration.optional(),
  ...life,
  ...law,
})

const Hold = z.strictObject({ id, label, when: ConditionSchema, effect: z.enum(['keep', 'archive', 'wait']), ...life, ...law })

const RetentionRule = z.strictObject({
  category: id,
  label,
  data: z.enum(['contact', 'account', 'consent', 'tracking', 'request', 'any']),
  who: z.union([z.literal('any'), ConditionSchema]),
  clock: z.array(fieldName).min(1),
  anchor: z.enum(['date', 'fyEnd', 'calendarYearEnd']).default('date'),
  duration,
  warnBefore: duration.optional(),
  then: z.enum(['erase', 'archive', 'anonymise', 'review']),
  /** May be carried out without an approval, under the brake. */
  automatic: z.boolean().default(false),
  /** "Do you still want to hear from us?", asked once before the end, where this purpose may still use the channel. */
  lastMessage: z.strictObject({ purpose: id, channel: id, wait: duration }).optional(),
  ...life,
  ...law,
})

const Retention = z.strictObject({
  actsOfThePerson: z.array(fieldName).min(1),
  holds: z.array(Hold),
  rules: z.array(RetentionRule).min(1),
})

/** What a CRM knows that may bind the company, and the grounds of art. 17(3): (a) expression and (c) public health have no place in a CRM. */
export const holdFacts = ['won-deal', 'contract', 'order', 'invoice', 'case', 'legal-hold'] as const
export const holdGrounds = ['17(3)(b)', '17(3)(d)', '17(3)(e)'] as const
/** What of a CRM keeps a record from being erased (GDPR art. 17(3)). Without `keepFor` only while it is open: a contract that runs, a hold that is set. `anchor`: it counts from the fact's own day, or from the close of its financial year. */
const ErasureHold = z.strictObject({
  id,
  on: z.enum(holdFacts),
  ground: z.enum(holdGrounds),
  keepFor: duration.optional(),
  anchor: z.enum(['date', 'fyEnd']).default('date'),
  record: z.enum(['keep', 'anonymise']),
  ...life,
  ...law,
})

/** Of a policy that does not speak of it: rather kept too long than an invoice too few. An empty list says that nothing is held. */
const cautious = { record: 'keep', enabled: true, confidence: 'secondary' } as const
const unsaidHolds = [
  { ...cautious, id: 'contract', on: 'contract', keepFor: 'P5Y', anchor: 'date', ground: '17(3)(e)', ref: 'C. civ. 2224' },
  { ...cautious, id: 'invoice', on: 'invoice', keepFor: 'P10Y', anchor: 'fyEnd', ground: '17(3)(b)', ref: 'C. com. L123-22' },
  { ...cautious, id: 'order', on: 'order', keepFor: 'P10Y', anchor: 'fyEnd', ground: '17(3)(b)', ref: 'C. com. L123-22' },
  { ...cautious, id: 'won_deal', on: 'won-deal', keepFor: 'P10Y', anchor: 'fyEnd', ground: '17(3)(b)', ref: 'C. com. L123-22' },
  { ...cautious, id: 'legal', on: 'legal-hold', anchor: 'date', ground: '17(3)(e)', ref: 'C. civ. 2224' },
] satisfies z.output<typeof ErasureHold>[]

const Detector = z.strictObject({
  id,
  label,
  how: z.enum(['nirKey', 'cardNumber', 'lexicon', 'iban']),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  action: z.enum(['block', 'review', 'warn']),
  ...law,
})

/** Of retention acts. Tighter freely; looser only with `raisedBecause`. */
const Brakes = z.strictObject({
  dryRunFirst: z.literal(true),
  maxShareErasedPerRun: z.number().min(0).max(1),
  maxContactsErasedPerRun: z.int().min(0),
  /** Both are counted over this time. */
  per: duration.default('P30D'),
  raisedBecause: text.optional(),
  fourEyesAbove: z.int().min(0),
  approvers: z.int().min(2, { error: 'above the brake at least two different people approve' }),
  waitAfterApproval: duration,
  maxDataAge: duration,
  ...law,
})

const Right = z.strictObject({
  id,
  within: duration.optional(),
  internalTarget: duration.optional(),
  monthEnd: z.literal('clamp').optional(),
  adds: duration.optional(),
  tellWithin: duration.optional(),
  reasonRequired: z.boolean().optional(),
  default: text.optional(),
  idDocument: text.optional(),
  ...law,
})

const Suppression = z.strictObject({
  storage: z.literal('keyedHashOnly'),
  content: z.array(text),
  defaultScope: z.enum(['all_marketing', 'channel', 'purpose', 'brand']),
  keepAtLeast: duration,
  reviewEvery: duration,
  until: text,
  checkAt: z.array(text),
  ...law,
})

export const PolicySchema = z.strictObject({
  version: z.literal(1),
  asOf: date,
  organisation: Organisation,
  contactFields: z.array(fieldName).min(1),
  unknowns: Unknowns,
  channels: z.array(Channel).min(1),
  purposes: z.array(Purpose).min(1),
  audiences: z.array(Audience).min(1),
  gates: z.array(Gate),
  consentRules: z.array(ConsentRule).min(1),
  retention: Retention,
  erasureHolds: z.array(ErasureHold).default(unsaidHolds),
  detectors: z.array(Detector),
  brakes: Brakes,
  rights: z.array(Right),
  suppression: Suppression,
  /** Pursued no longer, and nothing in their place: what was refused is kept, in case they come back. */
  ended: z.strictObject({ purposes: z.array(id).default([]), channels: z.array(id).default([]) }).default({ purposes: [], channels: [] }),
})

export type Policy = z.output<typeof PolicySchema>
export type Purpose = Policy['purposes'][number]
export type Channel = Policy['channels'][number]
export type Gate = Policy['gates'][number]
export type ConsentRule = Policy['consentRules'][number]
export type RetentionRule = Policy['retention']['rules'][number]
export type Hold = Policy['retention']['holds'][number]

/** Whether a rule is in force on a day: an audit replays the rules of that day. `validTo` is the last day. */
export function inForce(rule: { enabled: boolean; validFrom?: string | undefined; validTo?: string | undefined }, today: number): boolean {
  if (!rule.enabled) return false
  if (rule.validFrom !== undefined && today < dayOfIso(rule.validFrom)) return false
  return rule.validTo === undefined || today <= dayOfIso(rule.validTo)
}

/** What of a policy is on file for people, and that nothing acts on, entry by entry: what the law or this code fixes counts as acted on only where the policy says the same. */
import { lawfulTimes } from '../request/deadline.ts'
import type { Policy } from './schema.ts'
import { isImmediate } from '../request/request.ts'

type RightEntry = Policy['rights'][number]
type Said = Partial<Omit<RightEntry, 'id' | 'ref' | 'confidence'>>

const isAtOnce = isImmediate({ right: 'objection', scope: 'marketing' })
/** By id, what this version does. An entry of another name is nobody's. */
const rightsDone: Readonly<Record<string, Said>> = {
  answer: { within: lawfulTimes.within, internalTarget: lawfulTimes.internalTarget, monthEnd: 'clamp' },
  extension: { adds: lawfulTimes.adds, tellWithin: lawfulTimes.within, reasonRequired: true },
  identity_check: { default: 'signedInOrKnownChannel', idDocument: 'onlyOnReasonableDoubt' },
}
/** Whatever time a policy allows for it: at once is within it. */
const atOnce: Said = { reasonRequired: false }

/** Columns of the list, and when a record is held against it: whenever it is read, however it came or came back. Nothing is sent by Accord itself. */
const suppressionDone = {
  content: new Set(['contactPoint', 'scope', 'reason', 'addedAt']),
  defaultScope: 'all_marketing',
  until: 'newExplicitOptIn',
  checkAt: new Set(['import', 'form', 'sync', 'merge', 'enrichment', 'afterRestore']),
} as const

/** Paths into the policy. */
export function withoutEffect(policy: Policy): readonly string[] {
  const keys = [...policy.rights.flatMap(rightWithoutEffect), ...suppressionWithoutEffect(policy)]
  const channelKeys = ['everyMessage', 'days', 'hours', 'timezone', 'publicHolidays', 'maxCalls', 'per', 'silenceAfterRefusal'] as const
  for (const key of channelKeys) if (policy.channels.some((channel) => channel[key] !== undefined)) keys.push(`channels[].${key}`)
  if (policy.consentRules.some((rule) => rule.keepProof !== undefined)) keys.push('consentRules[].keepProof')
  // Accord keeps no opens and no clicks: those of a CRM are the CRM's to shorten.
  if (policy.retention.rules.some((rule) => rule.data === 'tracking')) keys.push('retention.rules[] with data: tracking')
  return keys
}

function rightWithoutEffect({ id, ref: _ref, confidence: _confidence, within, ...rest }: RightEntry): string[] {
  const isObjection = id === 'marketing_objection' && isAtOnce
  const done = isObjection ? atOnce : rightsDone[id]
  if (done === undefined) return [`rights[${id}]`]
  const said: Said = within === undefined || isObjection ? rest : { within, ...rest }
  return Object.entries(said).flatMap(([key, value]) =>
    value === undefined || value === done[key as keyof Said] ? [] : [`rights[${id}].${key}`],
  )
}

/** How long a hash is kept, no policy can shorten: until the person says yes anew. */
function suppressionWithoutEffect({ suppression }: Policy): string[] {
  const { content, defaultScope, until, checkAt } = suppression
  return [
    ...content.filter((one) => !(suppressionDone.content as ReadonlySet<string>).has(one)).map((one) => `suppression.content: ${one}`),
    ...(defaultScope === suppressionDone.defaultScope ? [] : ['suppression.defaultScope']),
    'suppression.reviewEvery',
    ...(until === suppressionDone.until ? [] : ['suppression.until']),
    ...checkAt.filter((one) => !(suppressionDone.checkAt as ReadonlySet<string>).has(one)).map((one) => `suppression.checkAt: ${one}`),
  ]
}

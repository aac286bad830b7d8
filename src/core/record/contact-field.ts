/** What kind of thing a policy's contact field holds. The names are those of config/policy.yaml. */

/**
 * `date`: only a past day makes sense. `dateAhead`: the planned end of something, which may lie ahead and then counts as the start it
 * will be. A name of the company's own ending in `At` or `Since` is a date; everything else is text.
 */
export type ContactFieldKind = 'text' | 'email' | 'phone' | 'country' | 'flag' | 'date' | 'dateAhead'

const kinds: ReadonlyMap<string, ContactFieldKind> = new Map<string, ContactFieldKind>([
  ['email', 'email'],
  ['phone', 'phone'],
  ['mobilePhone', 'phone'],
  ['country', 'country'],
  ['suppressed', 'flag'],
  ['restricted', 'flag'],
  ['legalHold', 'flag'],
  ['openRequest', 'flag'],
  ['birthDate', 'date'],
  ['contractEndedAt', 'dateAhead'],
  ['warrantyEndsAt', 'dateAhead'],
])

export function contactFieldKind(field: string): ContactFieldKind {
  return kinds.get(field) ?? (/(?:At|Since|Date|On)$/.test(field) ? 'date' : 'text')
}

/** What Accord knows by itself, so that no CRM field is mapped to it. */
export const ownFields: readonly string[] = ['suppressed', 'openRequest']

/** Fields that rules about Accord's own files may use besides the contact fields. */
export const systemFields: Readonly<Record<'contact' | 'account' | 'consent' | 'tracking' | 'request' | 'any', readonly string[]>> = {
  contact: [],
  account: [],
  consent: ['channel', 'purpose', 'consentEnded'],
  tracking: ['recordedAt'],
  request: ['requestClosed'],
  any: [],
}

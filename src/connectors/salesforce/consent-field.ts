/**
 * What a person said for one type of contact point and one purpose, as fields of the Contact or Lead that points to the Individual. Salesforce keeps it in
 * rows of ContactPointTypeConsent (Object Reference), which belong to the Individual:
 *
 * - `ContactPointTypeConsent:Email/Newsletter`: PrivacyConsentStatus (OptIn, OptOut, OptOutPending …) for the DataUsePurpose of that name, in any case;
 *   empty where nothing was said, or there is no Individual. `ContactPointTypeConsent:Email`: of rows that name no purpose.
 * - the same with `:at` (CaptureDate, see `momentOf`), `:source` (CaptureSource), `:double` (DoubleConsentCaptureDate). A purpose whose own name ends in
 *   one of these is written with `:status` behind it.
 *
 * They cost one query for 500 records with an Individual, and only where they are asked for. A change of such a row does not touch the record: a delta asks
 * one more question for it.
 */
export const CONSENT = 'ContactPointTypeConsent'
export const PURPOSE = 'DataUsePurpose'
export const STATUS = 'PrivacyConsentStatus'

/** Each part with the column that holds it. */
export const columnOf = { status: STATUS, at: 'CaptureDate', source: 'CaptureSource', double: 'DoubleConsentCaptureDate' } as const
export type Part = keyof typeof columnOf
/** `purpose`: a name as the mapping spells it; `null` for rows that name none. */
export type ConsentField = { readonly name: string; readonly type: string; readonly purpose: string | null; readonly part: Part }

const grammar = new RegExp(`^${CONSENT}:([A-Za-z]{1,40})(?:/(.+?))?(?::(status|at|source|double))?$`, 's')

export const isConsent = (name: string): boolean => name.startsWith(`${CONSENT}:`)

export function consentField(name: string): ConsentField | null {
  const [, type, purpose, part] = grammar.exec(name) ?? []
  return type === undefined ? null : { name, type, purpose: purpose ?? null, part: (part as Part | undefined) ?? 'status' }
}

/** SOQL compares names without regard to case. */
export const purposeKey = (name: string): string => name.trim().toLowerCase()

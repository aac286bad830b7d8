/** What a copy of somebody's data says in its own words, in French and in English. */
import type { ConsentStatus, Grade } from '../consent/consent.ts'
import { englishCopy } from './words-en.ts'
import { frenchCopy } from './words-fr.ts'
import type { FindingKind, RecordStatus, RetentionView } from '../judge/verdict.ts'

import type { Language } from '../text/language.ts'
import { localIsoDay } from '../time/time-zone.ts'
type Line = { readonly what: string; readonly says: string; readonly law: string | null }
type Purposes = 'consent' | 'contract' | 'legal_obligation' | 'legitimate_interest' | 'public_interest' | 'vital_interests'

export type AccessWords = {
  readonly day: (iso: string) => string
  /** What stands before a value. */
  readonly colon: string
  readonly crm: (crm: string) => string
  readonly law: (ref: string) => string
  readonly bases: Readonly<Record<Purposes, string>>
  readonly purpose: (basis: string, channels: string) => string
  readonly consentStatus: Readonly<Record<ConsentStatus, string>>
  /** Fields of the policy that ship with it; a company's own stand as they are. */
  readonly contactFields: Readonly<Record<string, string>>
  readonly restOf: (known: number) => string
  readonly findings: Readonly<Record<FindingKind, string>>
  readonly grades: Readonly<Record<Grade, string>>
  readonly consent: (status: string, grade: string | null, since: string | null) => string
  readonly events: Readonly<Record<string, string>>
  readonly form: (name: string) => string
  readonly text: (id: string, hash: string) => string
  readonly confirmed: (day: string) => string
  readonly suppressed: string
  readonly notSuppressed: string
  readonly status: Readonly<Record<RecordStatus, string>>
  readonly judged: (status: string, audience: string) => string
  readonly automated: string
  /** `person` is the one word of the mapping that the policy knows; others stand as the company wrote them. */
  readonly sourceOf: (source: string | null, day: string | null) => string
  readonly processor: string
  readonly thens: Readonly<Record<RetentionView['then'], string>>
  readonly period: (months: number, days: number, hours: number) => string
  readonly kept: (period: string, then: string) => string
  readonly due: (rule: string, day: string | null, then: string, hold: string | null) => string
  readonly rights: readonly Line[]
  readonly cnil: string
  readonly authority: (country: string) => string
  readonly others: string
  readonly because: Readonly<Record<'email' | 'former-email' | 'same' | 'confirmed', string>>
  readonly inPlace: { readonly colleague: string; readonly other: string; readonly withheld: string }
  readonly paper: PaperWords
  readonly readme: (facts: ReadmeFacts) => string
}
export type PaperWords = {
  readonly title: string
  readonly madeFor: string
  readonly made: string
  readonly request: string
  readonly controller: string
  readonly dpo: string
  readonly intro: string
  readonly headings: Readonly<
    Record<
      | 'systems'
      | 'purposes'
      | 'consents'
      | 'statements'
      | 'suppression'
      | 'concluded'
      | 'sources'
      | 'recipients'
      | 'retention'
      | 'rights'
      | 'complaint'
      | 'others'
      | 'unread',
      string
    >
  >
  readonly parts: Readonly<
    Record<'record' | 'history' | 'activity' | 'association' | 'list' | 'subscription' | 'submission' | 'consent' | 'file', string>
  >
  readonly provenance: Readonly<Record<'person' | 'observed' | 'derived' | 'other' | 'unknown', string>>
  readonly since: (day: string) => string
  readonly until: string
  readonly none: string
  readonly more: (count: number) => string
  /** Of a value that the paper has not the letters for. */
  readonly transcribed: string
  readonly page: (number: number) => string
}
export type ReadmeFacts = {
  readonly kind: 'access' | 'portability'
  readonly controller: string
  readonly dpo: string
  readonly day: string
  readonly unread: readonly string[]
  readonly withheld: number
}

export const accessWords: Readonly<Record<Language, AccessWords>> = { fr: frenchCopy, en: englishCopy }

/** With days as they are where the controller is: the day that a deadline counts from is the day that is printed. */
export function accessWordsIn(language: Language, timezone: string): AccessWords {
  const words = accessWords[language]
  return { ...words, day: (iso) => words.day(localIsoDay(iso, timezone)) }
}

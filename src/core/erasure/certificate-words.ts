/** What the printed certificate says, in French and in English. The signed file is the certificate; paper only shows it. */
import type { Certificate } from './certificate.ts'
import { englishCertificate } from './certificate-words-en.ts'
import { frenchCertificate } from './certificate-words-fr.ts'
import type { Around, CheckId, Outcome, Trace } from './erasure.ts'
import type { Ground, HoldFact } from './hold.ts'
import type { Language } from '../text/language.ts'
import type { LossReason } from './lost.ts'
import type { ResidueHit } from './residue.ts'

type Recipient = 'waiting' | 'told' | 'acknowledged' | 'failed' | 'impossible' | 'disproportionate'
/** A code of the signed file, and what it means: by kind of code. A new code does not compile before somebody has found its words. */
export type CodeWords = {
  readonly standing: Readonly<Record<Certificate['standing'], string>>
  readonly method: Readonly<Record<'purge' | 'bin', string>>
  readonly action: Readonly<Record<Certificate['records'][number]['action'], string>>
  readonly outcome: Readonly<Record<Outcome | Around['outcome'], string>>
  readonly trace: Readonly<Record<Trace, string>>
  readonly ground: Readonly<Record<Ground, string>>
  readonly because: Readonly<Record<HoldFact['kind'] | 'by-hand', string>>
  readonly certainty: Readonly<Record<'certain' | 'possible', string>>
  readonly mark: Readonly<Record<ResidueHit['kind'] | 'more', string>>
  readonly remedy: Readonly<Record<'redact' | 'delete' | 'by-hand', string>>
  readonly told: Readonly<Record<Recipient, string>>
  readonly look: Readonly<Record<'first' | CheckId, string>>
  readonly loss: Readonly<Record<LossReason, string>>
}
export type CertificateWords = CodeWords & {
  readonly title: string
  readonly request: string
  readonly received: string
  readonly issued: string
  readonly controller: string
  readonly systems: string
  readonly records: string
  readonly holds: string
  readonly article: (ground: string) => string
  readonly unreadFact: (fact: string) => string
  readonly until: (day: string) => string
  readonly review: (day: string) => string
  readonly around: string
  readonly mentions: string
  readonly unread: string
  readonly lost: string
  readonly lossLine: (because: string, records: number, by: string, day: string) => string
  /** Of a record in a CRM that is lost, in place of what was to become of it. */
  readonly notDone: string
  readonly unreached: string
  /** As the plan says it, in English: a name, a colon, and why. */
  readonly gap: (what: string) => string
  readonly recipients: string
  readonly looks: string
  readonly next: (look: string, at: string) => string
  readonly last: string
  readonly more: (count: number) => string
  readonly none: string
  /** Where the paper has not the letters for something. */
  readonly transcribed: string
  readonly proof: (key: string, block: number) => string
  /** In place of the standing, where records stay without the person: `all` of those that do not stay whole, or `some` of them. */
  readonly anonymised: Readonly<Record<'all' | 'some', string>>
}

export const certificateWords: Readonly<Record<Language, CertificateWords>> = { fr: frenchCertificate, en: englishCertificate }

/** The words of one code; the code itself when a newer file has one that this version does not know. */
export function wordOf<K extends keyof CodeWords>(language: Language, kind: K, code: string): string {
  const words: Readonly<Record<string, string>> = certificateWords[language][kind]
  return words[code] ?? code
}

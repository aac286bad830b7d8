/**
 * Every finding the judge can make, by rule id. A record carries each id at most once, with all the fields it concerns.
 *
 * Two families are open and follow the policy: `sensitive.<detector id>` (severity and article of the detector) and the rules of
 * `minimisation.ts`. The rest is closed and listed here, with what exactly makes each one true.
 *
 * Consent findings speak of a *signal*: the CRM itself treats the person as contactable. Signals are a mapped consent that says
 * `given` (a flag, a subscription, "subscribed"), a mapped lawful basis that says consent, and a mapped marketing marker (HubSpot's
 * marketing contact) on a channel whose own opt-out is not set. Without a signal a person nobody may contact is merely `blocked`.
 */
import type { FindingKind, Severity } from './verdict.ts'

export type Rule = { readonly kind: FindingKind; readonly severity: Severity; readonly ref: string }

export const RULES = {
  /**
   * A positive signal stands beside a withdrawal, refusal or objection: of this record itself, of a linked record when the signal is
   * proved but older, or of the suppression list. Or: this person opted out of a whole channel elsewhere (or is suppressed), no consent for
   * that channel has been proved since, and this record's own opt-out field for it is not set although there is something to send to.
   */
  'consent.ignored_withdrawal': { kind: 'consent', severity: 'critical', ref: 'GDPR art. 7(3), 21(3)' },
  /** A signal on a record whose processing is restricted. */
  'consent.restricted_in_use': { kind: 'consent', severity: 'critical', ref: 'GDPR art. 18(2)' },
  /** The person has asked, by right, that their data be kept and not used: nothing may use the record until the restriction is lifted. */
  'consent.restricted': { kind: 'consent', severity: 'critical', ref: 'GDPR art. 18(1)-(2)' },
  /** This record claims a consent without proof that another record of the same person withdrew or refused. */
  'consent.contradicted': { kind: 'consent', severity: 'high', ref: 'GDPR art. 5(1)(d), 7(1)' },
  /**
   * The policy needs a consent, the record claims one, and act + time + text version are not all on file, here or on a linked record.
   * Also: the CRM's lawful basis says consent, and no consent at all is valid.
   */
  'consent.unproved': { kind: 'consent', severity: 'high', ref: 'GDPR art. 7(1)' },
  /** The record still claims a proved consent that has outlived its validity. */
  'consent.expired': { kind: 'consent', severity: 'high', ref: 'GDPR art. 5(2); C. conso. R223-1' },
  /** Under the age of the policy's gate. Always a finding. */
  'consent.child': { kind: 'consent', severity: 'high', ref: 'GDPR art. 8; LIL art. 45' },
  /** Not collected from the person, no notice sent, and more than one month has passed since collection (or the collection date is unknown). */
  'consent.not_informed': { kind: 'consent', severity: 'high', ref: 'GDPR art. 14(3)(a)' },
  /** The CRM's lawful basis says that none applies ("Not applicable"), which switches the CRM's own safeguards off. */
  'consent.basis_not_applicable': { kind: 'consent', severity: 'high', ref: 'GDPR art. 5(2), 6(1)' },
  /** The marketing marker is set, that channel's own opt-out is not, there is something to send to, and no purpose but service may use the channel. Not beside an ignored withdrawal of that channel. */
  'consent.marketing_without_permission': { kind: 'consent', severity: 'high', ref: 'GDPR art. 6(1); CPCE art. L34-5' },
  /** The record claims a consent for something that the policy forbids for this person, whatever they said. */
  'consent.forbidden': { kind: 'consent', severity: 'medium', ref: 'GDPR art. 5(1)(b)' },
  /**
   * No gate refuses, and yet no purpose at all may use the record, by any channel: kept for nothing. Not while a hold stands, not when the end
   * of retention is due or cannot be told, and not when something that could allow a use cannot be read, or is stopped by an unusable address or
   * number alone.
   */
  'consent.no_purpose': { kind: 'consent', severity: 'medium', ref: 'GDPR art. 5(1)(b), 6(1)' },
  /** A valid consent is older than the rule's `reviewAfter`. */
  'consent.review_due': { kind: 'consent', severity: 'low', ref: 'GDPR art. 5(2)' },

  /** The end of the category's period has come: today >= start + duration, and no hold. */
  'retention.erase_due': { kind: 'retention', severity: 'high', ref: 'GDPR art. 5(1)(e)' },
  /** The same, when the rule says archive, or when a hold with effect `archive` stands. */
  'retention.archive_due': { kind: 'retention', severity: 'high', ref: 'GDPR art. 5(1)(e)' },
  'retention.anonymise_due': { kind: 'retention', severity: 'high', ref: 'GDPR art. 5(1)(e)' },
  /** The same, when the rule says review, or when a hold cannot be read. */
  'retention.review_due': { kind: 'retention', severity: 'medium', ref: 'GDPR art. 5(1)(e)' },
  /** A second clock of the same record (rules with `data: account`) has run out. */
  'retention.account_due': { kind: 'retention', severity: 'medium', ref: 'GDPR art. 5(1)(e)' },
  /** No start date, or one that cannot be read, or the category itself cannot be told. Never "keep for ever", never erased. */
  'retention.start_unknown': { kind: 'retention', severity: 'medium', ref: 'GDPR art. 5(1)(e), 5(2)' },
  /** Inside the `warnBefore` period of the category, or of an online account (then with the field `accountCreatedAt`). */
  'retention.warning': { kind: 'retention', severity: 'low', ref: 'GDPR art. 5(1)(e)' },

  /** An address field is filled with something that is no e-mail address, or the record's own address with more than one. */
  'accuracy.email_unusable': { kind: 'accuracy', severity: 'medium', ref: 'GDPR art. 5(1)(d)' },
  /** A phone field is filled with something that cannot be dialled. */
  'accuracy.phone_unusable': { kind: 'accuracy', severity: 'low', ref: 'GDPR art. 5(1)(d)' },
  /** A date that is none, lies before 1900 or after 2200, or lies in the future where only the past makes sense. */
  'accuracy.date_implausible': { kind: 'accuracy', severity: 'low', ref: 'GDPR art. 5(1)(d)' },

  /** A mapped field that the CRM lacks or hides from us; on one record: a field that it should have given and did not. */
  'mapping.field_missing': { kind: 'mapping', severity: 'high', ref: 'GDPR art. 5(2), 25' },
  /** A field that the mapping translates holds a value that it does not name. Such a value allows nothing. */
  'mapping.value_unknown': { kind: 'mapping', severity: 'medium', ref: 'GDPR art. 5(1)(d), 25' },
  /** A contact field that a rule of the policy needs and the connection does not map. */
  'mapping.field_unmapped': { kind: 'mapping', severity: 'medium', ref: 'GDPR art. 5(2), 25' },
  /** The CRM takes no write of this record any more, such as a converted Lead of Salesforce. Its verdict is in Accord alone. */
  'mapping.record_frozen': { kind: 'mapping', severity: 'low', ref: 'GDPR art. 5(1)(c), 5(1)(e)' },
  /** A field of the write-back that the CRM lacks, that we may not write, that lacks a value, or that is of another kind: then it is somebody else's, and left alone. */
  'mapping.write_back_missing': { kind: 'mapping', severity: 'medium', ref: 'GDPR art. 5(2), 25' },
  /** An opt-out of the CRM that is to follow what the person said elsewhere ("mirror"), and that we may not write: it stays open there. */
  'mapping.mirror_read_only': { kind: 'mapping', severity: 'high', ref: 'GDPR art. 7(3), 21(3)' },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof RULES

/** The contract between the pure core and the tasks: one judge per connection, object and policy. */
import type { ConsentFact } from '../consent/consent.ts'
import type { Mirror } from '../consent/mirror.ts'
import type { Held } from '../record/row.ts'
import type { Finding, Verdict } from './verdict.ts'

/** Field values as the CRM gives them: text, `null` when empty, absent when it could not be read. */
export type RawFields = Readonly<Record<string, string | null>>

/** Identifiers in their identity form, in clear: they live in memory only, and are hashed before they are stored. */
export type Identity = {
  /** E-mail addresses that may link records: shared mailboxes are left out. The first one is the record's own. */
  readonly emails: readonly string[]
  /** Shared mailboxes (info@, contact@): they never link, and yet may be on the suppression list. */
  readonly shared: readonly string[]
  /** E.164. */
  readonly phones: readonly string[]
  /** Records of other connections that the CRM itself names as the same person, as `connection:object:id`. */
  readonly crossIds: readonly string[]
  /** First token of the given name, folded; empty when unknown. Two different ones on one mailbox never link. */
  readonly givenName: string
  /** The family name, folded; empty when unknown. Two different ones on one mailbox do not link either, unless it is one person's own. */
  readonly familyName: string
  /** Bit i: the i-th of `emails` names this person in full, and so is nobody else's. */
  readonly personal: number
}

/** Epoch day, at the controller, of what a person did last. `null`: nothing is known. `unknown`: a field that may hold a later act cannot be read. */
export type ActDay = number | null | 'unknown'

export type JudgeContext = {
  /** Facts of the whole subject: this record's own and those of the records linked to it. */
  readonly facts: readonly ConsentFact[]
  /** An address or phone of this record is on the suppression list. */
  readonly suppressed: boolean
  /** Whether somebody on the list may be taken off it is about to be looked at: opt-outs of the CRM's own are not set meanwhile. Absent: no. */
  readonly undecided?: boolean
  /** The person has a request that is not closed yet: nothing is erased meanwhile. Absent: none. */
  readonly openRequest?: boolean
  /** What they ask for would end marketing, and nobody has decided yet: none goes there meanwhile. Absent: nothing of the kind. */
  readonly frozen?: boolean
  /** The person has asked that their data be kept and not used (GDPR art. 18). Absent: not that we know. */
  readonly restricted?: boolean
  /** The latest act on the other records of the subject: it restarts the clock of this one, too. Absent: none. */
  readonly lastAct?: ActDay
}

/** One record, as `Judge` answers for it. What it says holds as long as what it was made from is not changed. */
export type JudgedRecord = {
  identity(): Identity
  /**
   * What this record says about consent. `changedAt`: epoch milliseconds at which the CRM says it was last changed; what it says may be as late as
   * that, though the run began before. `ours`: sources of opt-outs that we set, as `mirrorOf` names them.
   */
  facts(changedAt?: number, ours?: ReadonlySet<string>): readonly ConsentFact[]
  /** The latest act of the person on this record. */
  lastAct(): ActDay
  /** What of that which other records of the person say they said as a child, by the birth date of this one; see childs-yes.ts. */
  childsYes(said: readonly ConsentFact[]): readonly ConsentFact[]
  judge(context: JudgeContext): Verdict
  /** The CRM's own opt-outs that have to change, with what to write; `null` when none has. */
  optOuts(verdict: Verdict): RawFields | null
  /** The write-back fields that differ from what the record holds, or `null` when none does. Multi-selects compare as sets. */
  patch(verdict: Verdict): RawFields | null
}

export interface Judge {
  /** CRM fields to ask for. */
  readonly reads: readonly string[]
  /** CRM fields of the write-back. */
  readonly writes: readonly string[]
  /** What is wrong with the mapping itself: fields that the CRM lacks or hides. */
  readonly problems: readonly Finding[]
  /** For more than one question: a record is read once for them all, which is a tenth of judging it. */
  record(fields: RawFields): JudgedRecord
  recordHeld(held: Held): JudgedRecord
  /** For one question; see `JudgedRecord`. */
  identify(fields: RawFields): Identity
  facts(fields: RawFields, changedAt?: number, ours?: ReadonlySet<string>): readonly ConsentFact[]
  lastAct(fields: RawFields): ActDay
  childsYes(fields: RawFields, said: readonly ConsentFact[]): readonly ConsentFact[]
  judge(fields: RawFields, context: JudgeContext): Verdict
  /** The CRM's own opt-outs, and what else is written so that they say what the person said. */
  readonly mirror: Pick<Mirror, 'names' | 'echoes'>
}

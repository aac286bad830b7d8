/** The part of the port by which a person is found, taken out of a CRM, and looked for again. */
import type { Arrival } from '../core/erasure/comeback.ts'
import type { Fields, Problem, RecordRef } from './connector.ts'

/**
 * Who is looked for, in clear: held for the time of one step, never stored. Every address is in identity form and every phone in E.164. `refs`: records that are
 * known to be this person's. `objects`: where to look, with the fields to bring and those of them that hold addresses and phones.
 */
export type Sought = {
  emails: readonly string[]
  phones: readonly string[]
  refs: readonly RecordRef[]
  objects: readonly { object: string; fields: readonly string[]; emails: readonly string[]; phones: readonly string[] }[]
}
/** `same`: the CRM itself says that this is the person of a record that was found otherwise: a merge, a conversion, a shared Individual. */
export type FoundVia = 'email' | 'former-email' | 'phone' | 'known-id' | 'same'
/**
 * One record that may be the person's: `core` decides. `formerEmails`: as the CRM's history and merges tell, in identity form. `aliases`: ids that led to this
 * record once. `same`: other records of this CRM that it names as the same person.
 */
export type FoundRecord = {
  ref: RecordRef
  via: readonly FoundVia[]
  state: 'live' | 'archived' | 'binned'
  holds: 'person' | 'company'
  /** `fieldsOf`: the object whose field names these are; a person account shows those of its Contact. */
  fields: Fields
  fieldsOf: string
  formerEmails: readonly string[]
  aliases: readonly string[]
  same: readonly RecordRef[]
}
/** `gaps`: what could not be looked at, so that a plan says so. */
export type Findings = { records: readonly FoundRecord[]; gaps: readonly Problem[] }

/** What the CRM knows that may bind the company to keep something (GDPR art. 17(3)). `at`: epoch milliseconds. */
export type BindingFact = {
  kind: 'won-deal' | 'contract' | 'order' | 'invoice' | 'case' | 'legal-hold'
  ref: RecordRef
  open: boolean
  at: number | null
}
/**
 * Before anything happens: what hangs on a record, and what its erasure takes. `attached`: how many things by their object. `unread`: what may bind the company
 * and could not be looked at; nobody knows whether there is any.
 */
export type Surveyed = {
  ref: RecordRef
  facts: readonly BindingFact[]
  unread: readonly BindingFact['kind'][]
  attached: Readonly<Record<string, number>>
  calls: number
}
/**
 * The same without what binds nobody: asked right before something goes. `said`: what the record says of itself, in the fields that were asked for; a person
 * account speaks as two objects. None: it is not there, or nothing was asked.
 */
export type Bound = Pick<Surveyed, 'ref' | 'facts' | 'unread'> & {
  said: readonly { fieldsOf: string; fields: Fields }[]
}
/**
 * The person's own words to be taken out of what others share with them. In clear, like `Sought`. Where something is destroyed, `emails` are those that nobody else
 * has or reads; `formerEmails`: once theirs, and of nobody else who is known: they lead to nothing, and stand against nothing that hangs on a record of theirs.
 * `going`, `kept`: all records of theirs in this CRM that go or stay as they are; what hangs on one that is kept stays.
 */
export type Traits = {
  emails: readonly string[]
  formerEmails?: readonly string[]
  going?: readonly RecordRef[]
  kept?: readonly RecordRef[]
  phones: readonly string[]
  names: readonly { given: string; family: string }[]
  /** Where a national phone number is dialled. */
  homeCountry: string
}
/** One thing around the person's records, a note or a case; `id` null: all of that object, which we may not touch. `reason`: codes and names only. */
export type AttachedResult = {
  object: string
  id: string | null
  outcome: 'deleted' | 'redacted' | 'detached' | 'gone' | 'left' | 'refused'
  reason?: string
}
export type SilenceResult = { ref: RecordRef } & ({ outcome: 'silenced' | 'gone' } | { outcome: 'refused'; reason: string })
export type EraseResult = { ref: RecordRef } & ({ outcome: 'erased' | 'gone' } | { outcome: 'refused'; reason: string })
/**
 * What a sceptical auditor finds on looking again. `recoverable`: in a bin or archive, from where somebody can bring it back. `purging`: nobody can read or restore
 * it, and the vendor still shows that it was there. `unread`: we may not look.
 */
export type Trace = 'present' | 'recoverable' | 'purging' | 'absent' | 'unread'
/**
 * A text of somebody else's that may speak of the person; `core` decides whether it does. `remedy`: what this connector can do about it. `more`: no text, but that
 * the CRM's search found more in this object than it gives (`moreIn`).
 */
export type ResidueText = { ref: RecordRef; field: string; text: string; remedy: 'redact' | 'delete' | 'by-hand'; more?: true }

export function moreIn(object: string): ResidueText {
  return { ref: { object, id: '*' }, field: '*', text: '', remedy: 'by-hand', more: true }
}

/** One field of something that is not the person's, where words about them were found and shown. */
export type Place = { ref: RecordRef; field: string; remedy: 'redact' | 'delete' }
/** `certain`: addresses and numbers alone; `all`: names too, since somebody has read the text and knows whom it means. */
export type Reading = 'certain' | 'all'

/**
 * Every act is on records that were looked up and shown, by id, never on a query or an address: HubSpot blocks an address that nobody has, for good, and an empty
 * filter is everybody. All of it may be done twice.
 */
export interface Erasure {
  /** Calls that our part of the CRM's quota allows for, one after the other: for the minutes of a plan. */
  readonly callsPerMinute: number
  /** `bin`: a delete that can be refused, and taken back until the bin is emptied, which `erase` does too. `purge`: nobody can take it back. */
  readonly means: 'bin' | 'purge'
  /** By every identifier, on live, archived, binned and merged records; changes nothing. */
  find(sought: Sought, signal: AbortSignal): Promise<Findings>
  survey(refs: readonly RecordRef[], signal: AbortSignal): Promise<{ records: readonly Surveyed[]; gaps: readonly Problem[] }>
  /** One answer per record, in order, with as few calls as that takes. `asked`: fields by object. */
  bindings(refs: readonly RecordRef[], asked: Readonly<Record<string, readonly string[]>>, signal: AbortSignal): Promise<readonly Bound[]>
  /** Opts the addresses of these records out of all marketing. One result per record, in order. */
  silence(refs: readonly RecordRef[], signal: AbortSignal): Promise<readonly SilenceResult[]>
  /** What hangs on these records: what is theirs alone goes, what others share loses the traits, what would block is detached. */
  prepare(refs: readonly RecordRef[], traits: Traits, signal: AbortSignal): Promise<readonly AttachedResult[]>
  /** One result per record, in order. `erased` is the CRM's word: `verify` is ours. */
  erase(refs: readonly RecordRef[], signal: AbortSignal): Promise<readonly EraseResult[]>
  /** Reads every record again by every way there is. */
  verify(refs: readonly RecordRef[], signal: AbortSignal): Promise<readonly { ref: RecordRef; trace: Trace }[]>
  /** Where these records came from; one answer per record, in order. `null`: it is not there any more. */
  arrivals(refs: readonly RecordRef[], signal: AbortSignal): Promise<readonly (Arrival | null)[]>
  /** Texts found by these traits in what is not the person's own: notes on companies, tasks, mails, descriptions. */
  residue(traits: Traits, signal: AbortSignal): AsyncIterable<readonly ResidueText[]>
  /** About how many calls a reading by `residue` takes. */
  residueCalls(traits: Traits): number
  /** Takes the traits out of these places, and nothing else; `redacted` only when the place was read again without them. One result per place, in order. */
  redact(places: readonly Place[], traits: Traits, reading: Reading, signal: AbortSignal): Promise<readonly AttachedResult[]>
  /** Present if and only if the CRM can forget what its fields once held: elsewhere an emptied record is still the person's. */
  readonly anonymity?: Anonymity
}

/** `anonymised` is the CRM's word: `verify` is ours. */
export type AnonymiseResult = { ref: RecordRef } & ({ outcome: 'anonymised' | 'gone' } | { outcome: 'refused'; reason: string })
export interface Anonymity {
  /**
   * Empties every field that may tell who it is, and what hangs on the record alone; the record stays, and what points to it. One result per record, in order.
   * `around`: what became of the things around.
   */
  make(
    refs: readonly RecordRef[],
    traits: Traits,
    signal: AbortSignal,
  ): Promise<{ records: readonly AnonymiseResult[]; around: readonly AttachedResult[] }>
  /** Reads every field and every former value again: `true` where nothing of the person is left; false also for what is not there. In order. */
  verify(refs: readonly RecordRef[], traits: Traits, signal: AbortSignal): Promise<readonly boolean[]>
}

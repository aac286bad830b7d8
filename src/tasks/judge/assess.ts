/** Assesses one record by itself: keyed hashes of its identifiers, and the verdict that holds if no other record belongs to its subject. */
import type { CrmRecord } from '../../connectors/connector.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import type { Hasher } from '../../core/identity/hash.ts'
import { withoutTag } from '../../core/identity/email.ts'
import type { ActDay, Identity, Judge, JudgeContext, JudgedRecord, RawFields } from '../../core/judge/judge.ts'
import { draftOf, type VerdictDraft } from '../../core/judge/verdict-body.ts'
import type { Held } from '../../core/record/row.ts'
import { carryFacts } from './facts.ts'

/** `reviewOn`: YYYY-MM-DD, as the judge gives it. */
export type Outcome = { readonly draft: VerdictDraft; readonly reviewOn: string | null; readonly patch: RawFields | null }

/**
 * Hashes are 64-bit integers in decimal. `emails` link records, `quiet` (function mailboxes, and those behind plus tags) do not. `names`: hashes of the references in `named`
 * (`connection:object:id`). `own`: hash of the record's own reference; null if it was not needed. `facts`: as on a first reading. `alone`: the outcome if no other
 * record belongs to the subject.
 */
export type Assessed = {
  readonly content: number
  readonly emails: readonly string[]
  readonly quiet: readonly string[]
  readonly names: readonly string[]
  readonly named: readonly string[]
  readonly own: string | null
  readonly given: number
  readonly family: number
  /** Bit i: the i-th of `emails` names the person in full. */
  readonly personal: number
  readonly facts: readonly ConsentFact[]
  readonly lastAct: ActDay
  readonly alone: Outcome
}

/** `reference`: `connection:object` if other records may name records of this place, else null: that saves a hash per record. */
export type Assessor = { readonly judge: Judge; readonly hasher: Hasher; readonly reference: string | null }

/** `held`: the same fields as numbers and values, in the order of `judge.reads`, if the caller has them so; then `fields` is hardly ever asked for. */
export function assess({ judge, hasher, reference }: Assessor, given: Omit<CrmRecord, 'version'> & { held?: Held }): Assessed {
  const { ref, modifiedAt, held } = given
  const record = held === undefined ? judge.record(given.fields) : judge.recordHeld(held)
  const identity = record.identity()
  const facts = carryFacts(record.facts(modifiedAt), [], modifiedAt)
  return {
    content: held === undefined ? hasher.content(judge.reads, given.fields) : hasher.contentHeld(judge.reads, held),
    emails: unique(identity.emails.map((email) => hasher.identifier('email', email))),
    quiet: unique(quietOf(identity).map((email) => hasher.identifier('email', email))),
    names: identity.crossIds.map((name) => hasher.identifier('record', name)),
    named: identity.crossIds,
    own: reference === null ? null : hasher.identifier('record', `${reference}:${ref.id}`),
    given: hasher.givenNameTag(identity.givenName),
    family: hasher.familyNameTag(identity.familyName),
    personal: identity.personal,
    facts,
    lastAct: record.lastAct(),
    alone: outcomeOf(judge, given, { facts, suppressed: false }, record),
  }
}

/**
 * Function mailboxes, and those behind plus tags: a no to `lea+news@` is one of whoever reads `lea@`, who may be two people all the same. Not what Gmail makes
 * of dots: an identifier more for one consumer in four.
 */
function quietOf({ emails, shared }: Identity): readonly string[] {
  if (!emails.some(isTagged) && !shared.some(isTagged)) return shared
  const behind = [...emails, ...shared].filter(isTagged).map(withoutTag)
  return [...shared, ...behind.filter((email) => !emails.includes(email))]
}

function isTagged(email: string): boolean {
  return email.includes('+')
}

export function judgeOne(judge: Judge, fields: RawFields, context: JudgeContext): Outcome {
  return outcomeOf(judge, { fields }, context, judge.record(fields))
}

type Fields = Pick<CrmRecord, 'fields'>

function outcomeOf(judge: Judge, given: Fields, context: JudgeContext, record: JudgedRecord): Outcome {
  const verdict = record.judge(context)
  const mirrored = context.undecided === true ? null : record.optOuts(verdict)
  const patch = mirrored === null ? record.patch(verdict) : patchAfter(judge, { ...given.fields, ...mirrored }, mirrored, context)
  return { draft: draftOf(verdict), reviewOn: verdict.nextReviewOn, patch }
}

/** The patch, worked out as if the opt-outs in it were set already: one write instead of two. */
function patchAfter(judge: Judge, after: RawFields, mirrored: RawFields, context: JudgeContext): RawFields {
  const record = judge.record(after)
  const facts = [...context.facts, ...judge.mirror.echoes(mirrored, context.facts)]
  return { ...record.patch(record.judge({ ...context, facts })), ...mirrored }
}

function unique(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)]
}

/** A retention act as it goes (GDPR art. 5(1)(e)): a list that was shown, the people who approved it, and each person in it until the proof. No personal data. */
import type { Standing } from '../erasure/erasure.ts'
import { foldWord } from '../text/fold.ts'
import type { Acts, Limits, SpentByConnection } from './brake.ts'

/** What was shown, without the entries, which stand beside it. `automatic`: every rule in it may act without anybody. */
export type Shown = {
  readonly digest: string
  readonly day: string
  readonly madeAt: number
  readonly persons: number
  readonly acts: Acts
  readonly automatic: boolean
}
export type Approval = { readonly user: string; readonly at: number }
type Approved = { readonly shown: Shown; readonly approvals: readonly Approval[] }
/** `superseded`: a newer what-if shows something else. `carried-out`: nobody is left in it. */
export type Ending = 'carried-out' | 'stopped' | 'superseded'

export type Retention =
  | { readonly status: 'none' }
  /** Waits for approvals, or for more of them: `braked` when it was under way and met the brake. */
  | ({ readonly status: 'shown'; readonly braked: boolean } & Approved)
  /** `from`: nothing is done before, so that somebody can still stop it (epoch milliseconds). */
  | ({ readonly status: 'released'; readonly from: number } & Approved)
  | ({ readonly status: 'ended'; readonly at: number; readonly because: Ending; readonly by: string | null } & Approved)
export type Status = Retention['status']
export type RetentionIn<S extends Status> = Extract<Retention, { status: S }>

export type RetentionEvent =
  | { readonly type: 'shown'; readonly at: number; readonly shown: Shown }
  | { readonly type: 'left-out'; readonly at: number; readonly by: string; readonly shown: Shown }
  | { readonly type: 'approved'; readonly at: number; readonly by: string; readonly digest: string }
  | { readonly type: 'released'; readonly at: number; readonly from: number }
  | { readonly type: 'braked'; readonly at: number; readonly connection: string; readonly acts: number; readonly allowed: number }
  | { readonly type: 'ended'; readonly at: number; readonly because: Ending; readonly by: string | null }
export type EventType = RetentionEvent['type']
export type EventOf<E extends EventType> = Extract<RetentionEvent, { type: E }>

export type RetentionCommand =
  | { readonly type: 'show'; readonly shown: Shown }
  /** Somebody is taken off the list by hand: what is left is shown anew. */
  | { readonly type: 'leave-out'; readonly by: string; readonly shown: Shown }
  /** `count`: how many records somebody says will go, asked for when one person is not enough. */
  | { readonly type: 'approve'; readonly by: string; readonly digest: string; readonly count: number | null }
  /** Before each person: may these records go now? */
  | { readonly type: 'spend'; readonly acts: Acts }
  | { readonly type: 'end'; readonly because: Ending; readonly by: string | null }
export type CommandType = RetentionCommand['type']
export type CommandOf<C extends CommandType> = Extract<RetentionCommand, { type: C }>

/** `stops`: what makes the clock or the CRM's fields unbelievable, in words; while there is one, nothing is approved or done. */
export type Moment = {
  readonly now: number
  readonly stops: readonly string[]
  readonly spent: SpentByConnection
  readonly limits: Limits
}

/** `went`: a record is not there any more. `not-due`: the person did something, consented anew, or a hold began. `found-more`: a record that was not shown. `lost`: the CRM of one of them is gone for good. */
export type DropWhy = 'went' | 'not-due' | 'held' | 'request' | 'found-more' | 'refused' | 'list-ended' | 'lost'
/** One person of a list. What becomes of their records stands in an erasure beside it. `again`: keys of records of theirs that were seen after the end. */
export type Case =
  | { readonly status: 'waiting'; readonly notBefore: number | null }
  | { readonly status: 'asked'; readonly at: number; readonly until: number }
  | { readonly status: 'begun'; readonly at: number; readonly acts: Acts; readonly again: readonly string[] }
  | { readonly status: 'dropped'; readonly at: number; readonly why: DropWhy }
  | {
      readonly status: 'closed'
      readonly at: number
      readonly acts: Acts
      readonly again: readonly string[]
      readonly standing: Standing
    }
export type CaseStatus = Case['status']
export type CaseIn<S extends CaseStatus> = Extract<Case, { status: S }>

export type CaseEvent =
  | { readonly type: 'asked'; readonly at: number; readonly until: number }
  | { readonly type: 'begun'; readonly at: number; readonly acts: Acts }
  | { readonly type: 'dropped'; readonly at: number; readonly why: DropWhy }
  | { readonly type: 'seen-again'; readonly at: number; readonly keys: readonly string[] }
  | { readonly type: 'closed'; readonly at: number; readonly standing: Standing }
export type CaseEventType = CaseEvent['type']
export type CaseEventOf<E extends CaseEventType> = Extract<CaseEvent, { type: E }>

export type CaseCommand =
  | { readonly type: 'ask'; readonly until: number }
  | { readonly type: 'begin'; readonly acts: Acts }
  /** `request`: also of somebody who has begun, as long as nothing of theirs is destroyed. */
  | { readonly type: 'drop'; readonly why: DropWhy }
  | { readonly type: 'see-again'; readonly keys: readonly string[] }
  | { readonly type: 'close'; readonly standing: Standing }
export type CaseCommandType = CaseCommand['type']
export type CaseCommandOf<C extends CaseCommandType> = Extract<CaseCommand, { type: C }>

/** Different people: the same one twice is one, however the name was typed; the first spelling stands. */
export function approversOf({ approvals }: { readonly approvals: readonly Approval[] }): readonly string[] {
  return approvals.map(({ user }) => user).filter((user, i, users) => users.findIndex((other) => isSamePerson(other, user)) === i)
}

export function isSamePerson(user: string, other: string): boolean {
  return foldWord(user) === foldWord(other)
}

/** A person's exercise of a right (GDPR art. 7(3), 15 to 18, 20, 21): its states, what happened to it, and what may be done. No personal data anywhere. */
import type { Deadline } from './deadline.ts'
import type { Detail, Doubt, Origin, Proof } from './identity.ts'

export const rights = ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'withdrawal'] as const
export type Right = (typeof rights)[number]

/**
 * What is asked for. An objection to marketing is absolute (art. 21(2)-(3)); one to another use, `particular-situation`, is weighed (art. 21(1)).
 * The scope of every other right is `all`.
 */
export type Asked = { readonly right: Right; readonly scope: 'all' | 'marketing' | 'particular-situation' }

/** `kind` of who acted: the person, this service by itself, or somebody of the company by an opaque user id. */
export type Actor = { readonly kind: 'person' | 'service' } | { readonly kind: 'staff'; readonly user: string }

/** Times are epoch milliseconds. `deadline` was fixed on receipt: a calendar that is mended later moves no promise. */
export type Case = Asked & {
  readonly receivedAt: number
  readonly origin: Origin
  readonly deadline: Deadline
  readonly acknowledgedAt: number | null
  readonly extended: { readonly at: number; readonly reason: ExtensionReason } | null
  /** Questions to the person about who they are, oldest first: each stops the clock in the view of the EDPB, until answered. */
  readonly questions: readonly Question[]
}
export type Question = {
  readonly doubt: Doubt
  readonly details: readonly Detail[]
  readonly askedAt: number
  readonly answeredAt: number | null
}

/** Art. 12(3) knows no other. */
export type ExtensionReason = 'complexity' | 'number-of-requests'
/** Art. 12(5), 12(2) with 11(2), 17(1), 17(3), 21(1). "We hold nothing about you" is an answer, not a refusal. */
export type RefusalReason =
  | 'identity-not-established'
  | 'manifestly-unfounded'
  | 'excessive'
  | 'no-ground'
  | 'exempt'
  | 'compelling-grounds'
/** `part`: something was kept, by a hold that the answer names. */
export type Outcome = 'full' | 'part' | 'nothing-held'
/** How far an erasure or rectification had come, in what cannot be taken back. */
export type Irreversible = 'nothing' | 'part' | 'all'

export type Request =
  | { readonly status: 'none' }
  | ({ readonly status: 'received' } & Case)
  | ({ readonly status: 'identity-check' } & Case)
  /** Of a known person, and waiting for its turn or for an approval. */
  | ({ readonly status: 'identified'; readonly proof: Proof } & Case)
  /** `proof` is null where none is needed. */
  | ({ readonly status: 'in-progress'; readonly proof: Proof | null; readonly begunAt: number } & Case)
  | ({ readonly status: 'answered'; readonly at: number; readonly outcome: Outcome; readonly late: boolean } & Case)
  | ({ readonly status: 'refused'; readonly at: number; readonly reason: RefusalReason; readonly late: boolean } & Case)
  | ({ readonly status: 'withdrawn'; readonly at: number; readonly irreversible: Irreversible } & Case)
  /** The file is kept as proof, without the address of who asked. */
  | ({ readonly status: 'closed'; readonly at: number; readonly ended: 'answered' | 'refused' | 'withdrawn' } & Case)

export type Status = Request['status']
export type RequestIn<S extends Status> = Extract<Request, { status: S }>

export type RequestEvent =
  | ({ readonly type: 'received'; readonly at: number; readonly origin: Origin; readonly deadline: Deadline } & Asked)
  | { readonly type: 'acknowledged'; readonly at: number }
  | {
      readonly type: 'identity-doubted'
      readonly at: number
      readonly by: Actor
      readonly doubt: Doubt
      readonly details: readonly Detail[]
    }
  | { readonly type: 'identified'; readonly at: number; readonly by: Actor; readonly proof: Proof }
  | { readonly type: 'begun'; readonly at: number; readonly by: Actor }
  | { readonly type: 'extended'; readonly at: number; readonly by: Actor; readonly reason: ExtensionReason }
  | { readonly type: 'answered'; readonly at: number; readonly by: Actor; readonly outcome: Outcome; readonly late: boolean }
  | { readonly type: 'refused'; readonly at: number; readonly by: Actor; readonly reason: RefusalReason; readonly late: boolean }
  | { readonly type: 'withdrawn'; readonly at: number; readonly irreversible: Irreversible }
  | { readonly type: 'closed'; readonly at: number }

export type EventType = RequestEvent['type']
export type EventOf<E extends EventType> = Extract<RequestEvent, { type: E }>

export type RequestCommand =
  | ({ readonly type: 'receive'; readonly at: number; readonly origin: Origin } & Asked)
  | { readonly type: 'acknowledge' }
  | { readonly type: 'doubt-identity'; readonly by: Actor; readonly doubt: Doubt; readonly details: readonly Detail[] }
  | { readonly type: 'identify'; readonly by: Actor; readonly proof: Proof }
  | { readonly type: 'begin'; readonly by: Actor }
  /** Given together with the notice to the person: no notice, no extension. */
  | { readonly type: 'extend'; readonly by: Actor; readonly reason: ExtensionReason }
  | { readonly type: 'answer'; readonly by: Actor; readonly outcome: Outcome }
  | { readonly type: 'refuse'; readonly by: Actor; readonly reason: RefusalReason }
  | { readonly type: 'withdraw'; readonly irreversible: Irreversible }
  | { readonly type: 'close' }

export type CommandType = RequestCommand['type']
export type CommandOf<C extends CommandType> = Extract<RequestCommand, { type: C }>

/** `message` is for people: what stands in the way, and what to do instead. No events: it was done before, and asking again is no mistake. */
export type Decided = { readonly ok: true; readonly events: readonly RequestEvent[] } | { readonly ok: false; readonly message: string }

/** Takes effect at once and without knowing more of the person than the address: a withdrawal, and an objection to marketing (art. 7(3), 21(3)). */
export function isImmediate({ right, scope }: Asked): boolean {
  return right === 'withdrawal' || (right === 'objection' && scope === 'marketing')
}

export function isOpen(status: Status): boolean {
  return status === 'received' || status === 'identity-check' || status === 'identified' || status === 'in-progress'
}

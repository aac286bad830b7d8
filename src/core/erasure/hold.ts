/** What has to be kept for now, and by which law: GDPR art. 17(3). Never the whole of a person by habit: a hold has a ground, a source and a day on which it ends. */
import { addDuration, parseDuration, type Duration } from '../policy/duration.ts'
import { anchorOf } from '../retention/retention.ts'
import { inForce, type holdFacts, type holdGrounds, type Policy } from '../policy/schema.ts'

export type Ground = (typeof holdGrounds)[number]

/** What a CRM knows that may bind us. `day`: epoch day of the last thing that happened; null when the CRM does not say. `open`: it runs still. */
export type HoldFact = {
  readonly kind: (typeof holdFacts)[number]
  readonly object: string
  readonly id: string
  readonly open: boolean
  readonly day: number | null
}
/** `period`: counted from the fact's day, or from the close of the financial year that it falls in (`closing`, MM-DD); null: only while it is open. `text`: the provision, for the certificate. `instead`: what happens to the record. */
export type HoldRule = {
  readonly id: string
  readonly on: HoldFact['kind']
  readonly ground: Ground
  readonly text: string
  readonly period: Duration | null
  readonly closing: string | null
  readonly instead: 'keep' | 'anonymise'
}
/** `until`: first day on which it no longer holds; null: until somebody lifts it, to be looked at on `review`. */
export type Hold = {
  readonly rule: string
  readonly ground: Ground
  readonly text: string
  readonly because:
    | { readonly kind: HoldFact['kind']; readonly object: string; readonly id: string }
    | { readonly kind: 'by-hand'; readonly user: string }
    /** Nobody could look whether there is such a thing: it counts as there until a user has. */
    | { readonly kind: 'unread'; readonly fact: HoldFact['kind'] }
  readonly until: number | null
  readonly review: number
  readonly instead: 'keep' | 'anonymise'
}

const reviewEvery: Duration = { months: 12, days: 0, hours: 0 }

/** The rules of the policy that are in force on `today` (epoch day). Which of them bind a company is its lawyer's answer, not ours. */
export function holdRulesOf(
  { erasureHolds, organisation }: Pick<Policy, 'erasureHolds' | 'organisation'>,
  today: number,
): readonly HoldRule[] {
  return erasureHolds
    .filter((rule) => inForce(rule, today))
    .map(({ id, on, ground, ref, keepFor, anchor, record }) => ({
      id: `hold.${id}`,
      on,
      ground,
      text: ref,
      period: keepFor === undefined ? null : parseDuration(keepFor),
      closing: anchor === 'fyEnd' ? organisation.financialYearEnd : null,
      instead: record,
    }))
}

const byHand = 'hold.by-hand'

export function isByHand({ rule }: Pick<Hold, 'rule'>): boolean {
  return rule === byHand
}

/** Those that hold on `today`, in the order of the facts. A fact without a day holds until somebody has looked: an unknown end is no end. */
export function holdsOf(facts: readonly HoldFact[], rules: readonly HoldRule[], today: number): readonly Hold[] {
  return facts.flatMap((fact) =>
    rules
      .filter(({ on }) => on === fact.kind)
      .flatMap(({ id, ground, text, period, closing, instead }): Hold[] => {
        const until = endOf(fact, period, closing)
        if (until !== null && until <= today) return []
        const review = addDuration(today, reviewEvery)
        const { kind, object, id: record } = fact
        return [
          {
            rule: id,
            ground,
            text,
            because: { kind, object, id: record },
            until,
            review: until === null ? review : Math.min(until, review),
            instead,
          },
        ]
      }),
  )
}

/** What could not be read holds by each rule that would look at it, and keeps the record as it is: what is not known is no reason to destroy. */
export function unreadHoldsOf(unread: readonly HoldFact['kind'][], rules: readonly HoldRule[], today: number): readonly Hold[] {
  return [...new Set(unread)].flatMap((fact) =>
    rules
      .filter(({ on }) => on === fact)
      .map(({ id, ground, text }): Hold => ({
        rule: id,
        ground,
        text,
        because: { kind: 'unread', fact },
        until: null,
        review: addDuration(today, reviewEvery),
        instead: 'keep',
      })),
  )
}

export function isUnread({ because }: Pick<Hold, 'because'>): boolean {
  return because.kind === 'unread'
}

/** `null`: not known yet. A year is over at the end of its last day: what is counted from its close begins with the day after. */
function endOf({ open, day }: HoldFact, period: Duration | null, closing: string | null): number | null {
  if (open) return null
  if (period === null) return 0
  if (day === null) return null
  return addDuration(closing === null ? day : anchorOf('fyEnd', closing)(day) + 1, period)
}

/** Somebody of the company holds a record, for a claim or a duty that no field tells of. */
export function holdByHand(user: string, ground: Ground, text: string, until: number | null, today: number): Hold {
  const review = addDuration(today, reviewEvery)
  return {
    rule: byHand,
    ground,
    text,
    because: { kind: 'by-hand', user },
    until,
    review: until === null ? review : Math.min(until, review),
    instead: 'keep',
  }
}

/** What has to be kept for now, and by which law: GDPR art. 17(3). Never the whole of a person by habit: a hold has a ground, a source and a day on which it ends. */
import { addDuration, type Duration } from './duration.ts'

/** (a) expression and (c) public health have no place in a CRM. */
export type Ground = '17(3)(b)' | '17(3)(d)' | '17(3)(e)'

/** What a CRM knows that may bind us. `day`: epoch day of the last thing that happened; null when the CRM does not say. `open`: it runs still. */
export type HoldFact = {
  readonly kind: 'won-deal' | 'contract' | 'order' | 'invoice' | 'case' | 'legal-hold'
  readonly object: string
  readonly id: string
  readonly open: boolean
  readonly day: number | null
}
/** `period`: counted from the fact's day; null: only while it is open. `text`: the provision, for the certificate. `instead`: what happens to the record. */
export type HoldRule = {
  readonly id: string
  readonly on: HoldFact['kind']
  readonly ground: Ground
  readonly text: string
  readonly period: Duration | null
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
  readonly until: number | null
  readonly review: number
  readonly instead: 'keep' | 'anonymise'
}

const years = (count: number): Duration => ({ months: count * 12, days: 0, hours: 0 })

/** Defaults, for a company to confirm or change: which of them bind it is its lawyer's answer, not ours. A case that is open is no legal claim: it is detached. */
export const holdRules: readonly HoldRule[] = [
  { id: 'hold.contract', on: 'contract', ground: '17(3)(e)', text: 'C. civ. 2224', period: years(5), instead: 'keep' },
  { id: 'hold.invoice', on: 'invoice', ground: '17(3)(b)', text: 'C. com. L123-22', period: years(10), instead: 'keep' },
  { id: 'hold.order', on: 'order', ground: '17(3)(b)', text: 'C. com. L123-22', period: years(10), instead: 'keep' },
  { id: 'hold.won-deal', on: 'won-deal', ground: '17(3)(b)', text: 'C. com. L123-22', period: years(10), instead: 'keep' },
  { id: 'hold.legal', on: 'legal-hold', ground: '17(3)(e)', text: 'C. civ. 2224', period: null, instead: 'keep' },
]

const reviewEvery = years(1)

/** Those that hold on `today`, in the order of the facts. A fact without a day holds until somebody has looked: an unknown end is no end. */
export function holdsOf(facts: readonly HoldFact[], rules: readonly HoldRule[], today: number): readonly Hold[] {
  return facts.flatMap((fact) =>
    rules
      .filter(({ on }) => on === fact.kind)
      .flatMap(({ id, ground, text, period, instead }): Hold[] => {
        const until = endOf(fact, period)
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

/** `null`: not known yet. */
function endOf({ open, day }: HoldFact, period: Duration | null): number | null {
  if (open) return null
  if (period === null) return 0
  return day === null ? null : addDuration(day, period)
}

/** Somebody of the company holds a record, for a claim or a duty that no field tells of. */
export function holdByHand(user: string, ground: Ground, text: string, until: number | null, today: number): Hold {
  const review = addDuration(today, reviewEvery)
  return {
    rule: 'hold.by-hand',
    ground,
    text,
    because: { kind: 'by-hand', user },
    until,
    review: until === null ? review : Math.min(until, review),
    instead: 'keep',
  }
}

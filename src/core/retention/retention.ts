/** How long a record is kept: its category, the clock that runs, what holds it, and the day its end comes. */
import { compileActs } from '../judge/acts.ts'
import { civilOf, dayOf, daysInMonth, isoOf } from '../time/calendar.ts'
import { compileCondition, no, unknown, yes, type CompileContext, type Test, type Tri } from '../policy/condition-compile.ts'
import { compileHoldDays } from '../consent/of-person.ts'
import { contactFieldKind } from '../record/contact-field.ts'
import { addDuration, parseDuration, subtractDuration, type Duration } from '../policy/duration.ts'
import { emptyDay, noteDay, type Frame } from '../judge/frame.ts'
import type { ActDay } from '../judge/judge.ts'
import { unknownDay } from '../time/known-day.ts'
import { inForce, type Hold, type Policy, type RetentionRule } from '../policy/schema.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import type { LocalDay } from '../time/time-zone.ts'
import type { RetentionView } from '../judge/verdict.ts'

export type RetentionOutcome = {
  readonly view: RetentionView
  /** What to do today. `wait`: due, but a request is open or a hold keeps it. `undetermined`: the hold of a due record cannot be read. */
  readonly action: 'none' | 'warn' | 'erase' | 'archive' | 'anonymise' | 'review' | 'wait' | 'unknown'
  /** Names of what the clock looked at, for the finding: contact fields. */
  readonly clock: readonly string[]
  readonly account: 'none' | 'warn' | 'due'
}
export type RetentionOptions = {
  readonly policy: Policy
  readonly context: CompileContext
  /** CRM fields of each act of the person. */
  readonly acts: Readonly<Record<string, readonly string[]>>
  readonly readable: ReadonlySet<string>
  readonly columnOf: ColumnOf
  readonly localDay: LocalDay
}

/** `acts` is null where what the person does restarts nothing. */
type Clock = { readonly slots: readonly number[]; readonly acts: ReturnType<typeof compileActs> | null }
type Compiled = {
  readonly rule: RetentionRule
  readonly who: Test
  readonly clock: Clock
  readonly duration: Duration
  readonly warnBefore: Duration | null
  readonly anchor: (day: number) => number
}

/** `latestYes`: see `OwnStatements`. `elsewhere`: the latest act on other records of the person. `held`: ids of the holds that bind the person. */
type Seen = {
  readonly frame: Frame
  readonly row: Row
  readonly latestYes: number
  readonly elsewhere: ActDay
  readonly held: readonly string[]
}

export function compileRetention(options: RetentionOptions): (seen: Seen) => RetentionOutcome {
  const { policy, context } = options
  const rules = policy.retention.rules.filter((rule) => inForce(rule, context.today)).map((rule) => compileRule(rule, options))
  const contact = rules.filter(({ rule }) => rule.data === 'contact' || rule.data === 'any')
  const account = rules.filter(({ rule }) => rule.data === 'account')
  const holds = policy.retention.holds
    .filter((hold) => inForce(hold, context.today))
    .map((hold) => ({ hold, test: compileCondition(hold.when, context) }))
  const contracts = new Set(
    policy.retention.holds
      .filter(({ when }) => typeof when !== 'string' && when.some(({ field }) => field === 'contractStatus'))
      .map(({ id }) => id),
  )
  const endSlot = context.slotOf('contractEndedAt')
  const noteHoldDays = compileHoldDays(policy, context)
  return (seen) => {
    const { frame } = seen
    const category = firstOf(contact, frame)
    const held = firstHold(holds, seen)
    noteHoldDays(frame)
    const accountState = account.length === 0 || held.hold !== null ? 'none' : accountOf(firstOf(account, frame), seen, context)
    const { rule, clock } = category.compiled
    const start = category.certain ? startOf(clock, seen, context) : unknownDay
    const due = dueFrom(category.compiled, start)
    // While a contract runs without a known end, nobody can say on which day its file is due: GDPR art. 5(1)(e).
    const open = held.answer === yes && held.hold?.effect === 'keep' && !(start > context.today)
    const view: RetentionView = {
      rule: rule.category,
      dueOn: Number.isNaN(due) || open ? null : isoOf(due),
      then: Number.isNaN(due) ? 'review' : rule.then,
      hold: held.hold?.id ?? null,
    }
    // A contract that runs by its status and ended by its date: once the period since then is over, somebody has to say which.
    const ended = open && contracts.has(held.hold?.id ?? '') ? (frame.days[endSlot] ?? unknownDay) : unknownDay
    const contradicted = ended > emptyDay && ended <= context.today && due <= context.today
    if (ended > emptyDay && due > context.today) noteDay(frame, due)
    return {
      view,
      action: contradicted ? 'review' : open ? 'none' : doubted(actionOf(category.compiled, due, held, frame, context.today), frame),
      clock: rule.clock,
      account: accountState,
    }
  }
}

function compileRule(rule: RetentionRule, options: RetentionOptions): Compiled {
  const duration = parseDuration(rule.duration)
  const warnBefore = rule.warnBefore === undefined ? null : parseDuration(rule.warnBefore)
  if (duration === null) throw new RangeError('a duration that the policy schema let through does not parse')
  return {
    rule,
    who: rule.who === 'any' ? () => yes : compileCondition(rule.who, options.context),
    clock: compileClock(rule, options),
    duration,
    warnBefore,
    anchor: anchorOf(rule.anchor, options.policy.organisation.financialYearEnd),
  }
}

function compileClock(rule: RetentionRule, { policy, context, acts, readable, columnOf, localDay }: RetentionOptions): Clock {
  const fields = rule.clock.filter((field) => field !== 'actsOfThePerson' && contactFieldKind(field).startsWith('date'))
  if (!rule.clock.includes('actsOfThePerson')) return { slots: fields.map((field) => context.slotOf(field)), acts: null }
  const counted = policy.retention.actsOfThePerson
  return {
    slots: fields.map((field) => context.slotOf(field)),
    acts: compileActs({ acts, counted, readable, columnOf, today: context.today, localDay }),
  }
}

/** First day of the period: the date itself, or the last day of the financial or calendar year it falls in. */
export function anchorOf(anchor: RetentionRule['anchor'], financialYearEnd: string): (day: number) => number {
  if (anchor === 'date') return (day) => day
  const [month, lastDay] = anchor === 'calendarYearEnd' ? [12, 31] : financialYearEnd.split('-').map(Number)
  return (day) => {
    const { year } = civilOf(day)
    const end = (y: number): number => dayOf(y, month ?? 12, Math.min(lastDay ?? 31, daysInMonth(y, month ?? 12)))
    return end(year) >= day ? end(year) : end(year + 1)
  }
}

/** The first category that fits. One that only might fit ends the search: a later one could erase somebody whom this one would keep. */
type Category = { readonly compiled: Compiled; readonly certain: boolean }

function firstOf(rules: readonly Compiled[], frame: Frame): Category {
  let last: Compiled | undefined
  for (let i = 0; i < rules.length; i++) {
    const compiled = rules[i]
    if (compiled === undefined) continue
    last = compiled
    const answer = compiled.who(frame)
    if (answer !== no) return { compiled, certain: answer === yes }
  }
  if (last === undefined) throw new Error('a policy whose last retention rule takes everything left a record without a category')
  return { compiled: last, certain: false }
}

type Held = { readonly hold: Hold | null; readonly answer: Tri }
const notHeld: Held = { hold: null, answer: no }

function firstHold(holds: readonly { hold: Hold; test: Test }[], { frame, held }: Seen): Held {
  for (let i = 0; i < holds.length; i++) {
    const entry = holds[i]
    const own = entry?.test(frame) ?? no
    const answer = held.length > 0 && entry !== undefined && held.includes(entry.hold.id) ? yes : own
    if (entry !== undefined && answer !== no) return { hold: entry.hold, answer }
  }
  return notHeld
}

/** First day on which the end is due; `unknownDay` when no start is known, or when a part of the clock cannot be read and might be later. */
function dueFrom(compiled: Compiled, start: number): number {
  return Number.isNaN(start) || start === emptyDay ? unknownDay : addDuration(compiled.anchor(start), compiled.duration)
}

function startOf(clock: Clock, { frame, row, latestYes, elsewhere }: Seen, { today }: CompileContext): number {
  let start = emptyDay
  for (let i = 0; i < clock.slots.length; i++) {
    const day = frame.days[clock.slots[i] ?? -1] ?? unknownDay
    if (Number.isNaN(day)) return unknownDay
    if (day > start) start = day
  }
  if (clock.acts === null) return start
  const own = clock.acts(row, latestYes, frame)
  if (Number.isNaN(own) || elsewhere === 'unknown') return unknownDay
  if (own > start) start = own
  return elsewhere !== null && elsewhere > start && elsewhere <= today + 1 ? elsewhere : start
}

function actionOf(compiled: Compiled, due: number, held: Held, frame: Frame, today: number): RetentionOutcome['action'] {
  if (Number.isNaN(due))
    return held.hold === null || held.answer === unknown ? 'unknown' : held.hold.effect === 'archive' ? 'unknown' : 'none'
  if (today < due) {
    const warn = compiled.warnBefore === null ? due : subtractDuration(due, compiled.warnBefore)
    noteDay(frame, today < warn ? warn : due)
    return today >= warn && held.hold === null ? 'warn' : 'none'
  }
  if (held.hold === null) return compiled.rule.then
  if (held.answer === unknown) return 'review'
  return held.hold.effect === 'archive' ? 'archive' : 'wait'
}

/** Who is on file with an act that lies ahead has done something, and the date of it is wrong: nobody is destroyed on a date that cannot be. */
function doubted(action: RetentionOutcome['action'], frame: Frame): RetentionOutcome['action'] {
  return frame.actAhead && (action === 'erase' || action === 'anonymise') ? 'review' : action
}

function accountOf(category: Category, seen: Seen, context: CompileContext): RetentionOutcome['account'] {
  if (!category.certain) return 'none'
  const due = dueFrom(category.compiled, startOf(category.compiled.clock, seen, context))
  const action = actionOf(category.compiled, due, notHeld, seen.frame, context.today)
  return action === 'none' || action === 'warn' ? action : action === 'unknown' ? 'none' : 'due'
}

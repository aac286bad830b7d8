/** What one record says about consent, read through the connection's mapping. */
import { answersOf, isNo } from './answers.ts'
import { dayMs, firstPlausibleDay, lastPlausibleDay, readMoment } from '../time/calendar.ts'
import { covers, isMirror, mirrorOf, type ConsentEvent, type ConsentFact, type Grade } from './consent.ts'
import { isZero } from '../time/known-day.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import type { Text } from '../text/text.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { isShownText } from './shown-text.ts'
import type { DayStart } from '../time/time-zone.ts'

/**
 * `ahead`: the instant from which on it will have a date; `null` when it has one, or none that could be. `untimely`: so far ahead that no two clocks
 * or time zones explain it. `worded`: the text that was shown stands beside it.
 */
export type Statement = {
  readonly event: ConsentEvent
  readonly at: number | null
  readonly grade: Grade
  readonly ahead: number | null
  readonly untimely: boolean
  readonly worded: boolean
}
export type StatementSource = {
  readonly field: string
  readonly source: string
  readonly purposes: readonly string[]
  readonly channels: readonly string[]
  /** It can say no, so that not being able to read it leaves the answer open. */
  readonly negative: boolean
  /** It can say yes, with the time and the text of it. */
  readonly provable: boolean
  /**
   * `undefined`: could not be read. `'strange'`: a value that the mapping does not translate. `null`: says nothing.
   * `latest`: epoch milliseconds after which nothing can have been said yet.
   */
  readonly read: (row: Row, latest: number) => Statement | null | undefined | 'strange'
}

export type ConsentReaderOptions = {
  readonly mapping: ObjectMapping
  readonly connection: string
  readonly readable: ReadonlySet<string>
  readonly columnOf: ColumnOf
  readonly dayStart: DayStart
}

export function compileStatements(options: ConsentReaderOptions): readonly StatementSource[] {
  const { mapping, connection, readable, columnOf, dayStart } = options
  return mapping.consents.map((consent) => {
    const answerOf = answersOf(consent.values)
    const boolean = 'true' in consent.values !== 'false' in consent.values
    const { at, text } = consent
    const column = readable.has(consent.field) ? columnOf(consent.field) : null
    const optional = (name: string | undefined): number | null => (name === undefined ? null : columnOf(name))
    return {
      field: consent.field,
      source: `${connection}:${mapping.object}.${consent.field}`,
      purposes: consent.purposes === '*' ? ['*'] : consent.purposes,
      channels: consent.channels === '*' ? ['*'] : consent.channels,
      provable: at !== undefined && text !== undefined && Object.values(consent.values).includes('given'),
      negative: Object.values(consent.values).some(isNo),
      read: onceForEqual({ column, when: optional(at), words: optional(text) }, (value, date, shown, latest) => {
        const event = answerOf(value)
        if (event === undefined) return boolean && /^(?:true|false)$/i.test(value) ? null : 'strange'
        const negative = isNo(event)
        const begin = beginningOf(date, dayStart)
        // A date that lies ahead is none yet.
        const said = begin === null || begin > latest ? null : negative ? endOf(date, begin, dayStart) : begin
        // Proof is the act (the value itself), its time, and the text that was shown: GDPR art. 7(1).
        const worded = begin !== null && isFilledText(shown)
        const proved = said !== null && worded
        const ahead = said === null ? begin : null
        // Somewhere on earth it is the next day already.
        const untimely = ahead !== null && ahead > latest + (readMoment(date ?? '')?.dateOnly === true ? dayMs : 0)
        return { event, at: said, grade: proved ? 'proved' : 'claimed', ahead, untimely, worded }
      }),
    }
  })
}

type Columns = { readonly column: number | null; readonly when: number | null; readonly words: number | null }
type Understand = (value: string, date: Text, words: Text, latest: number) => Statement | null | 'strange'

/**
 * A record is asked the same up to five times: for its facts, its findings, its acts and its retention. The last answer is kept, and given again for equal
 * texts. `column` `null`: it is not shown.
 */
function onceForEqual({ column, when, words: shown }: Columns, understand: Understand): StatementSource['read'] {
  let last: { value: string; date: Text; words: Text; latest: number; said: ReturnType<Understand> } | null = null
  return (row, latest) => {
    const value = column === null ? undefined : row[column]
    if (value === null || value === undefined) return value
    const date = when === null ? null : row[when]
    const words = shown === null ? null : row[shown]
    if (last === null || last.value !== value || last.date !== date || last.words !== words || last.latest !== latest)
      last = { value, date, words, latest, said: understand(value, date, words, latest) }
    return last.said
  }
}

/** Epoch milliseconds; of a bare date the first instant of that day at the controller. `null`: no date, or one that cannot be. */
function beginningOf(text: string | null | undefined, dayStart: DayStart): number | null {
  if (text === null || text === undefined) return null
  const moment = readMoment(text)
  if (moment === null || moment.ms < firstPlausibleDay * dayMs || moment.ms > lastPlausibleDay * dayMs) return null
  if (isZero(moment.ms)) return null
  return moment.dateOnly ? dayStart(moment.ms / dayMs) : moment.ms
}

/** A no on a bare date counts to the end of that day, a yes from its beginning, so that the no wins on equal days. */
function endOf(text: string | null | undefined, begin: number, dayStart: DayStart): number {
  const moment = readMoment(text ?? '')
  return moment?.dateOnly === true ? dayStart(moment.ms / dayMs + 1) - 1 : begin
}

function isFilledText(text: string | null | undefined): boolean {
  return text !== null && text !== undefined && isShownText(text)
}

export type FactOptions = {
  /** Epoch milliseconds after which nothing can have been said yet. */
  readonly latest: number
  /** Purposes that an objection to everything leaves alone. */
  readonly services: ReadonlySet<string>
  /** The instant from which on the person agrees alone. */
  readonly ofAge: (row: Row) => number
  /** Sources, as `mirrorOf` names them, whose no was set by us. */
  readonly ours: ReadonlySet<string>
}

/** The later of this yes and the newest proved one so far, in epoch milliseconds; NaN when either cannot be read. */
export function laterYes(newest: number, said: ReturnType<StatementSource['read']>): number {
  if (said === undefined || said === 'strange') return Number.NaN
  return said?.event === 'given' && said.grade === 'proved' && said.at !== null && said.at > newest ? said.at : newest
}

/** Facts for the store: one for each purpose and channel named. */
export function factsOf(
  sources: readonly StatementSource[],
  row: Row,
  { latest, services, ofAge, ours }: FactOptions,
): readonly ConsentFact[] {
  const facts: ConsentFact[] = []
  let undatedNo = false
  let provedYes = false
  for (const source of sources) {
    const said = source.read(row, latest)
    if (said === null || said === undefined || said === 'strange') continue
    const negative = isNo(said.event)
    const byUs = negative && said.at === null && ours.has(mirrorOf(source.source))
    if (said.event === 'given') provedYes ||= said.grade === 'proved'
    else if (said.at === null && !byUs) undatedNo ||= negative
    for (const purpose of source.purposes) {
      for (const channel of source.channels) facts.push(factOf(said, purpose, channel, byUs ? mirrorOf(source.source) : source.source))
    }
  }
  if (!provedYes) return facts
  const since = ofAge(row)
  return undatedNo || since !== -Infinity ? withoutUnsound(facts, services, since) : facts
}

/** A yes that was on record before its own date contradicts itself. It keeps that date, to be known again once it has come (`carryFacts`). */
function factOf(said: Statement, purpose: string, channel: string, source: string): ConsentFact {
  const { event, at, grade, ahead, untimely } = said
  if (event === 'given' && untimely) return { purpose, channel, event, at: ahead, source, grade: 'contradicted' }
  return { purpose, channel, event, at, source, grade }
}

/**
 * A person's no that still stands and does not say since when outweighs each yes beside it: the record contradicts itself, and proves nothing (GDPR
 * art. 5(2)). Nor does the yes that a child gave alone (art. 8(1)), however old the person is by now.
 */
function withoutUnsound(facts: readonly ConsentFact[], services: ReadonlySet<string>, ofAge: number): readonly ConsentFact[] {
  const standing = facts.filter(
    ({ event, at, source }) => (event === 'withdrawn' || event === 'refused') && at === null && !isMirror(source),
  )
  return facts.map((fact) => {
    if (fact.event !== 'given' || fact.grade !== 'proved') return fact
    const denied = standing.some((no) => covers(no, fact.purpose, fact.channel) && !(no.purpose === '*' && services.has(fact.purpose)))
    const tooYoung = fact.at !== null && fact.at < ofAge && !services.has(fact.purpose)
    return denied || tooYoung ? { ...fact, grade: 'claimed' } : fact
  })
}

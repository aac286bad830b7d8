/** A contact as facts for a general rules engine: everything read, parsed and added up beforehand, so that only deciding is left to it. */
import { noConsent, summarise } from '../src/core/consent/consent.ts'
import { compileActs, compileLatestYes } from '../src/core/judge/acts.ts'
import { ageOfConsent, compileOfAge } from '../src/core/consent/child.ts'
import { compileReach } from '../src/core/judge/reach.ts'
import { compileStatements, factsOf } from '../src/core/consent/facts.ts'
import { createCollector } from '../src/core/judge/collect.ts'
import { contactFieldKind } from '../src/core/record/contact-field.ts'
import { createFrameReader, emptyDay, type Frame } from '../src/core/judge/frame.ts'
import type { Text } from '../src/core/text/text.ts'
import { regionOf } from '../src/core/identity/country.ts'
import type { ObjectMapping } from '../src/core/record/mapping.ts'
import { createRowReader, type ColumnOf, type Row } from '../src/core/record/row.ts'
import { createStatementReader, sourcesFor } from '../src/core/consent/own-statements.ts'
import { createPairStates } from '../src/core/consent/pair-states.ts'
import { frenchTerritories } from '../src/core/policy/permission-table.ts'
import type { Policy } from '../src/core/policy/schema.ts'
import { fieldsUsedByRules, type PurposePair } from '../src/core/policy/purposes.ts'
import { dayStartIn, localDayIn, type DayStart, type LocalDay } from '../src/core/time/time-zone.ts'
import { vocabulariesOf } from '../src/core/policy/vocabulary.ts'
import type { Contact } from './evaluate-people.ts'

/** In place of a text that could not be read or understood: conditions let it pass, and `unclear` tells that the answer is open. */
export const unreadable = '?'
/** The state of one purpose on one channel. `blind`: a possible no could not be read. `since`: epoch day of the proved yes. */
export type Standing = { readonly status: 'granted' | 'no' | 'none' | 'blind'; readonly since: number }
/** `unclear`: contact fields whose conditions are open. */
export type Facts = { readonly values: Readonly<Record<string, unknown>>; readonly unclear: ReadonlySet<string> }
export type FactOptions = {
  readonly policy: Policy
  readonly mapping: ObjectMapping
  readonly pairs: readonly PurposePair[]
  readonly readable: ReadonlySet<string>
  /** Epoch day. */
  readonly today: number
}

export function createFactReader(options: FactOptions): (contact: Contact) => Facts {
  const { policy, mapping, readable, today } = options
  const localDay = localDayIn(policy.organisation.timezone)
  const used = fieldsUsedByRules(policy)
  const rows = createRowReader()
  const { columnOf } = rows
  const reader = createFrameReader({ used, mapping, vocabularies: vocabulariesOf(policy), readable, columnOf, today, localDay })
  const dayStart = dayStartIn(policy.organisation.timezone)
  const latest = dayStart(today + 1) - 1
  const statements = compileStatements({ mapping, connection: 'hubspot', readable, columnOf, dayStart })
  const counted = policy.retention.actsOfThePerson
  const lastAct = compileActs({ acts: mapping.acts, counted, readable, columnOf, today, localDay })
  const latestYes = compileLatestYes(statements, latest)
  const standings = createStandings(options, { columnOf, localDay, dayStart, latest, statements })
  const reachOf = compileReach({ pairs: options.pairs, mapping, slotOf: reader.slotOf, columnOf, homeCountry: policy.organisation.country })
  return ({ fields, suppressed, openRequest }) => {
    const row = rows.read(fields)
    reader.fill(row, { suppressed, openRequest })
    const { frame } = reader
    const values: Record<string, unknown> = {}
    const unclear = new Set<string>()
    for (const field of used) addField(values, unclear, field, frame, reader.slotOf(field))
    addEmail(values, unclear, frame)
    const region = regionOf(frame.texts[reader.slotOf('country')] ?? null)
    values['country'] = region === null ? unreadable : frenchTerritories.has(region) ? 'FR' : region
    if (region === null) unclear.add('country')
    const { reachable } = reachOf(frame, row)
    for (const { needs, index } of options.pairs) values[`reach.${needs}`] = reachable[index] === 1
    const act = lastAct(row, latestYes(row), null)
    for (const rule of policy.retention.rules)
      values[`start.${rule.category}`] = startOf(rule.clock, (field) => frame.days[reader.slotOf(field)], act)
    standings(row, suppressed).forEach((standing, index) => (values[`standing.${index}`] = standing))
    return { values, unclear }
  }
}

function addField(values: Record<string, unknown>, unclear: Set<string>, field: string, frame: Frame, slot: number): void {
  const kind = contactFieldKind(field)
  const text = kind === 'flag' ? flagOf(frame.texts[slot]) : frame.texts[slot]
  values[field] = text === undefined ? unreadable : text
  if (text === undefined) unclear.add(field)
  if (!kind.startsWith('date')) return
  const day = frame.days[slot] ?? Number.NaN
  values[`${field}.day`] = Number.isNaN(day) ? Infinity : day === emptyDay ? null : day
}

function flagOf(text: Text): Text {
  const lower = text?.toLowerCase()
  if (lower === 'true' || lower === '1' || lower === 'yes') return 'true'
  if (lower === 'false' || lower === '0' || lower === 'no') return 'false'
  return text === null ? null : undefined
}

function addEmail(values: Record<string, unknown>, unclear: Set<string>, frame: Frame): void {
  const clear = frame.email !== undefined
  if (!clear) unclear.add('email')
  values['email.mailbox'] = frame.email === null ? null : clear ? frame.mailbox : unreadable
  values['email.domain'] = frame.email === null ? null : clear ? frame.domain : unreadable
}

/** The latest day that the clock names; `null` when there is none or when one cannot be read. */
function startOf(clock: readonly string[], dayOf: (field: string) => number | undefined, act: number): number | null {
  const latest = Math.max(...clock.map((field) => (field === 'actsOfThePerson' ? act : (dayOf(field) ?? Number.NaN))))
  return Number.isFinite(latest) ? latest : null
}

type Times = {
  readonly columnOf: ColumnOf
  readonly localDay: LocalDay
  readonly dayStart: DayStart
  readonly latest: number
  readonly statements: ReturnType<typeof compileStatements>
}

function createStandings(
  { policy, mapping, pairs, readable, today }: FactOptions,
  { columnOf, localDay, dayStart, latest, statements }: Times,
): (row: Row, suppressed: boolean) => readonly Standing[] {
  const services = new Set(pairs.filter((pair) => pair.serviceOnly).map((pair) => pair.purpose))
  const ofAge = compileOfAge({ age: ageOfConsent(policy, today), mapping, readable, columnOf, localDay, dayStart })
  const ownOf = createStatementReader(sourcesFor(statements, pairs, readable), pairs.length, latest)
  const joined = createPairStates(pairs)
  const collector = createCollector()
  return (row, suppressed) => {
    collector.reset()
    const { unreadable: blind } = ownOf(row, collector)
    const states = joined(factsOf(statements, row, { latest, services, ofAge, ours: new Set() }))
    return pairs.map(({ index, serviceOnly }): Standing => {
      const state = states[index] ?? noConsent
      const { status } = summarise(state)
      const no = status === 'withdrawn' || status === 'refused' || (suppressed && !serviceOnly)
      if (no) return { status: 'no', since: -Infinity }
      if (blind[index] === 1) return { status: serviceOnly ? 'none' : 'blind', since: -Infinity }
      return status === 'granted' ? { status, since: localDay(state.proved) } : { status: 'none', since: -Infinity }
    })
  }
}

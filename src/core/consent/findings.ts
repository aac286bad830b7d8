/** Where the CRM treats somebody as contactable who is not. What counts as a signal is told in rules.ts. */
import type { Collector } from '../judge/collect.ts'
import type { ConsentFact, ConsentStatus } from './consent.ts'
import type { ConsentOutcome } from './judge.ts'
import type { OwnStatements } from './own-statements.ts'
import type { Choices } from '../policy/permission-table.ts'
import type { PurposePair } from '../policy/purposes.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import { quickMap, type Lookup } from '../text/quick-set.ts'

export type SignalOptions = {
  readonly pairs: readonly PurposePair[]
  /** By channel: the CRM field that marks a record for marketing. */
  readonly marketing: ReadonlyMap<string, string>
  readonly legalBasis: { readonly field: string; readonly values: ReadonlyMap<string, string> } | null
  readonly columnOf: ColumnOf
}
export type SignalInput = {
  readonly row: Row
  readonly own: OwnStatements
  readonly outcome: ConsentOutcome
  /** By pair. */
  readonly statusAt: (pair: number) => ConsentStatus
  readonly choices: Choices
  readonly facts: readonly ConsentFact[]
  readonly suppressed: boolean
  readonly restricted: boolean
  /** The gate on age refuses, which is a finding of its own. */
  readonly child: boolean
  readonly reachable: Uint8Array
  readonly reviewDue: Uint8Array
}

export function createSignalCheck(options: SignalOptions): (input: SignalInput, collector: Collector) => void {
  const ofChannel = new Map<string, readonly PurposePair[]>()
  for (const pair of options.pairs) ofChannel.set(pair.channel, [...(ofChannel.get(pair.channel) ?? []), pair])
  const markers = [...options.marketing].map(([channel, field]): Marker => ({
    channel,
    field,
    column: options.columnOf(field),
    pairs: ofChannel.get(channel) ?? [],
  }))
  const { legalBasis } = options
  const basis =
    legalBasis === null
      ? null
      : { field: legalBasis.field, values: quickMap(legalBasis.values), column: options.columnOf(legalBasis.field) }
  return (input, collector) => {
    for (let i = 0; i < input.own.yes.length; i++) checkYes(input, i, options, collector)
    for (let i = 0; i < input.own.open.length; i++) checkOptOut(input, i, ofChannel, collector)
    if (basis !== null) checkBasis(input, basis, collector)
    for (let i = 0; i < markers.length; i++) checkMarketing(input, markers[i] as Marker, collector)
  }
}

function checkYes(input: SignalInput, index: number, { pairs }: SignalOptions, collector: Collector): void {
  const yes = input.own.yes[index]
  if (yes === undefined) return
  const { field } = yes.source
  for (const at of yes.source.pairs) {
    const pair = pairs[at]
    const choice = input.choices.byPair[at]
    if (pair === undefined || choice === undefined || pair.serviceOnly) continue
    const status = input.statusAt(at)
    if (input.restricted) collector.add('consent.restricted_in_use', field)
    else if (status === 'withdrawn' || status === 'refused') {
      const known = input.suppressed || input.own.no[at] === 1 || yes.said.grade === 'proved'
      collector.add(known ? 'consent.ignored_withdrawal' : 'consent.contradicted', field)
    } else if (choice.rule.need === 'forbidden') {
      if (choice.certain) collector.add('consent.forbidden', field)
    } else if (choice.rule.need === 'consent') {
      if (status === 'expired') collector.add('consent.expired', field)
      else if (status !== 'granted') {
        // A consent that cannot be read to the end is a matter of the mapping, not of missing proof.
        if (input.own.unreadable[at] === 0 && !input.child) collector.add('consent.unproved', field)
      } else if (input.reviewDue[at] === 1) collector.add('consent.review_due', field)
    }
  }
}

/** One unsubscription must reach every database: CNIL SAN-2025-002. */
function checkOptOut(
  input: SignalInput,
  index: number,
  ofChannel: ReadonlyMap<string, readonly PurposePair[]>,
  collector: Collector,
): void {
  const source = input.own.open[index]
  const channel = source?.optOut ?? null
  if (source === undefined || channel === null) return
  const pairs = ofChannel.get(channel) ?? []
  if (!pairs.some((pair) => input.reachable[pair.index] === 1)) return
  const elsewhere = input.suppressed || input.facts.some((fact) => isObjection(fact, channel))
  if (!elsewhere || pairs.some((pair) => !pair.serviceOnly && input.statusAt(pair.index) === 'granted')) return
  collector.add('consent.ignored_withdrawal', source.field)
}

function isObjection(fact: ConsentFact, channel: string): boolean {
  return (
    fact.purpose === '*' && (fact.event === 'withdrawn' || fact.event === 'refused') && (fact.channel === '*' || fact.channel === channel)
  )
}

type Basis = { readonly field: string; readonly values: Lookup<string>; readonly column: number }

function checkBasis(input: SignalInput, basis: Basis, collector: Collector): void {
  const text = input.row[basis.column]
  if (text === null || text === undefined) return
  if (!text.includes(';')) checkBasisPart(text, input, basis, collector)
  else for (const part of text.split(';')) if (part.trim() !== '') checkBasisPart(part.trim(), input, basis, collector)
}

function checkBasisPart(part: string, input: SignalInput, { field, values }: Basis, collector: Collector): void {
  const value = values.get(part)
  if (value === undefined) collector.add('mapping.value_unknown', field)
  if (value === 'not_applicable') collector.add('consent.basis_not_applicable', field)
  if (value === 'consent') checkClaimedBasis(input, field, collector)
}

function checkClaimedBasis({ restricted, choices, statusAt }: SignalInput, field: string, collector: Collector): void {
  if (restricted) collector.add('consent.restricted_in_use', field)
  else if (!choices.byPair.some((_, pair) => statusAt(pair) === 'granted')) collector.add('consent.unproved', field)
}

type Marker = { readonly channel: string; readonly field: string; readonly column: number; readonly pairs: readonly PurposePair[] }

function checkMarketing(input: SignalInput, { channel, field, column, pairs }: Marker, collector: Collector): void {
  if (input.row[column] !== 'true' || input.own.closed.has(channel)) return
  if (!pairs.some((pair) => input.reachable[pair.index] === 1)) return
  if (input.restricted) {
    collector.add('consent.restricted_in_use', field)
    return
  }
  if (collector.has('consent.ignored_withdrawal') && isIgnored(input, channel, pairs)) return
  // Service messages are no marketing: CPCE art. L34-5.
  const permitted = pairs.some((pair) => !pair.serviceOnly && isLawful(input.outcome, input.choices, pair.index))
  if (!permitted) collector.add('consent.marketing_without_permission', field)
}

/** A withdrawal that is ignored on this channel is a finding of its own; one on another channel says nothing of the marker. */
function isIgnored({ own, facts, suppressed, statusAt }: SignalInput, channel: string, pairs: readonly PurposePair[]): boolean {
  const isRefused = (at: number): boolean => statusAt(at) === 'withdrawn' || statusAt(at) === 'refused'
  const ofChannel = (at: number): boolean => pairs.some((pair) => pair.index === at && !pair.serviceOnly)
  if (own.yes.some(({ source }) => source.pairs.some((at) => ofChannel(at) && isRefused(at)))) return true
  return own.open.some(({ optOut }) => optOut === channel) && (suppressed || facts.some((fact) => isObjection(fact, channel)))
}

/** Whether the rules allow it, contact point or not. */
export function isLawful({ permissions }: ConsentOutcome, { byPair }: Choices, pair: number): boolean {
  const permission = permissions[pair]
  return permission !== undefined && (permission.allowed || permission === byPair[pair]?.unreachable)
}

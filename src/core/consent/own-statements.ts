/** What one record itself says about consent, laid over the policy's purposes × channels. */
import type { Collector } from '../judge/collect.ts'
import { laterYes, type Statement, type StatementSource } from './facts.ts'
import type { PurposePair } from '../policy/purposes.ts'
import type { Row } from '../record/row.ts'

export type Source = StatementSource & {
  /** Indexes of the pairs it speaks of; `*` leaves service purposes out, which nobody can object to on a contract's basis. */
  readonly pairs: readonly number[]
  /** Set when it is this record's opt-out of one whole channel. */
  readonly optOut: string | null
  readonly shown: boolean
}
/** Filled anew for each record. */
export type OwnStatements = {
  readonly yes: { source: Source; said: Statement }[]
  /** By pair: this record says no. */
  readonly no: Uint8Array
  /** By pair: a possible no could not be read, or not understood. */
  readonly unreadable: Uint8Array
  allReadable: boolean
  /** Opt-outs of whole channels that are not set, and those that are. */
  readonly open: Source[]
  readonly closed: Set<string>
  /** The first instant at which a date of a yes that lies ahead will have come; Infinity for none. */
  ahead: number
  /** A yes that would be proved, were its date not so far ahead that it cannot be. */
  provedAhead: boolean
  /** Epoch milliseconds of the newest proved yes; -Infinity for none, NaN when one could not be read. */
  latestYes: number
}

export function sourcesFor(
  sources: readonly StatementSource[],
  pairs: readonly PurposePair[],
  readable: ReadonlySet<string>,
): readonly Source[] {
  return sources.map((source) => {
    const every = source.purposes.includes('*')
    const covers = (pair: PurposePair): boolean =>
      (every ? !pair.serviceOnly : source.purposes.includes(pair.purpose)) &&
      (source.channels.includes('*') || source.channels.includes(pair.channel))
    const [channel] = source.channels
    return {
      ...source,
      pairs: pairs.filter(covers).map((pair) => pair.index),
      optOut: every && source.negative && source.channels.length === 1 && channel !== undefined ? channel : null,
      shown: readable.has(source.field),
    }
  })
}

export function createStatementReader(
  sources: readonly Source[],
  size: number,
  latest: number,
): (row: Row, collector: Collector) => OwnStatements {
  const own: OwnStatements = {
    yes: [],
    no: new Uint8Array(size),
    unreadable: new Uint8Array(size),
    allReadable: true,
    open: [],
    closed: new Set(),
    ahead: Infinity,
    provedAhead: false,
    latestYes: -Infinity,
  }
  return (row, collector) => {
    own.yes.length = 0
    own.open.length = 0
    if (own.closed.size > 0) own.closed.clear()
    own.no.fill(0)
    own.unreadable.fill(0)
    own.allReadable = true
    own.ahead = Infinity
    own.provedAhead = false
    own.latestYes = -Infinity
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]
      if (source !== undefined) take(own, source, source.read(row, latest), collector)
    }
    return own
  }
}

function take(own: OwnStatements, source: Source, said: ReturnType<Source['read']>, collector: Collector): void {
  if (source.provable) own.latestYes = laterYes(own.latestYes, said)
  if (said === undefined || said === 'strange') {
    if (said === 'strange') collector.add('mapping.value_unknown', source.field)
    else if (source.shown) collector.add('mapping.field_missing', source.field)
    if (source.negative && source.pairs.length > 0) {
      own.allReadable = false
      mark(own.unreadable, source.pairs)
    }
    return
  }
  if (said !== null && said.event === 'given') {
    own.yes.push({ source, said })
    if (said.ahead !== null && said.ahead < own.ahead) own.ahead = said.ahead
    if (said.untimely && said.worded && source.provable) own.provedAhead = true
  }
  if (said !== null && (said.event === 'withdrawn' || said.event === 'refused')) {
    mark(own.no, source.pairs)
    if (source.optOut !== null) own.closed.add(source.optOut)
  } else if (source.optOut !== null) own.open.push(source)
}

function mark(marks: Uint8Array, pairs: readonly number[]): void {
  for (let i = 0; i < pairs.length; i++) marks[pairs[i] ?? 0] = 1
}

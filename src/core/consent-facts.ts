/** What one record says about consent, read through the connection's mapping. */
import { dayMs, readMoment } from './calendar.ts'
import type { ConsentEvent, ConsentFact, Grade } from './consent.ts'
import { filled } from './frame.ts'
import type { RawFields } from './judge.ts'
import type { ObjectMapping } from './mapping.ts'
import { firstPlausibleDay } from './calendar.ts'

/** One thing that the record says: `pairs` are indexes of the policy's purposes × channels that it covers. */
export type Statement = { readonly event: ConsentEvent; readonly at: number | null; readonly grade: Grade }
export type StatementSource = {
  readonly field: string
  readonly source: string
  readonly purposes: readonly string[]
  readonly channels: readonly string[]
  /** It can say no, so that not being able to read it leaves the answer open. */
  readonly negative: boolean
  /** `undefined`: could not be read. `'strange'`: a value that the mapping does not translate. `null`: says nothing. */
  readonly read: (fields: RawFields) => Statement | null | undefined | 'strange'
}

export type ConsentReaderOptions = {
  readonly mapping: ObjectMapping
  readonly connection: string
  readonly readable: ReadonlySet<string>
  /** Epoch milliseconds after which a yes cannot have been given yet. */
  readonly latest: number
}

export function compileStatements(options: ConsentReaderOptions): readonly StatementSource[] {
  const { mapping, connection, readable, latest } = options
  return mapping.consents.map((consent) => {
    const events = new Map(Object.entries(consent.values))
    const boolean = events.has('true') !== events.has('false')
    const at = consent.at
    const text = consent.text
    const shown = readable.has(consent.field)
    return {
      field: consent.field,
      source: `${connection}:${mapping.object}.${consent.field}`,
      purposes: consent.purposes === '*' ? ['*'] : consent.purposes,
      channels: consent.channels === '*' ? ['*'] : consent.channels,
      negative: Object.values(consent.values).some((event) => event === 'withdrawn' || event === 'refused'),
      read: (fields) => {
        const value = shown ? filled(fields[consent.field]) : undefined
        if (value === null || value === undefined) return value
        const event = events.get(value)
        if (event === undefined) return boolean && (value === 'true' || value === 'false') ? null : 'strange'
        const negative = event === 'withdrawn' || event === 'refused'
        const moment = at === undefined ? null : momentOf(filled(fields[at]), negative, latest)
        // Proof is the act (the value itself), its time, and the text that was shown: GDPR art. 7(1).
        const proved = moment !== null && text !== undefined && typeof filled(fields[text]) === 'string'
        return { event, at: moment, grade: proved ? 'proved' : 'claimed' }
      },
    }
  })
}

/** A no on a bare date counts to the end of that day, a yes from its start, so that the no wins on equal days. A yes in the future is undated. */
function momentOf(text: string | null | undefined, negative: boolean, latest: number): number | null {
  if (text === null || text === undefined) return null
  const moment = readMoment(text)
  if (moment === null || moment.ms < firstPlausibleDay * dayMs) return null
  if (moment.ms > latest) return null
  return moment.dateOnly && negative ? moment.ms + dayMs - 1 : moment.ms
}

/** Facts for the store: one for each purpose and channel named. */
export function factsOf(sources: readonly StatementSource[], fields: RawFields): readonly ConsentFact[] {
  const facts: ConsentFact[] = []
  for (const source of sources) {
    const said = source.read(fields)
    if (said === null || said === undefined || said === 'strange') continue
    for (const purpose of source.purposes) {
      for (const channel of source.channels)
        facts.push({ purpose, channel, event: said.event, at: said.at, source: source.source, grade: said.grade })
    }
  }
  return facts
}

/** The CRM's own opt-outs, set when a person has said no elsewhere: one unsubscription must reach every database (CNIL SAN-2025-002; GDPR art. 7(3), 21(3)). */
import { answersOf, isNo } from './answers.ts'
import { consentStateOf, covers, mirrorOf, type ConsentFact } from './consent.ts'
import type { FieldInfo } from '../record/field-info.ts'
import type { RawFields } from '../judge/judge.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import type { Policy } from '../policy/schema.ts'
import { pairsOf } from '../policy/purposes.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import type { Verdict } from '../judge/verdict.ts'

export type Mirror = {
  readonly names: ReadonlySet<string>
  /** What must be read to know whether there is a place to write to. */
  readonly reads: readonly string[]
  /** Fields that the CRM lacks or lets nobody write. */
  readonly unready: readonly string[]
  /** The opt-outs that have to change, with what to write; `null` when none has. */
  wanted(row: Row, verdict: Verdict): RawFields | null
  /**
   * What the record will say of itself once these fields are written: a no that adds nothing to `facts`, so that reading our own writing is no news.
   * Facts are those of the whole person.
   */
  echoes(set: RawFields, facts: readonly ConsentFact[]): readonly ConsentFact[]
}

type Pair = { readonly purpose: string; readonly channel: string }
type Rule = {
  readonly field: string
  readonly source: string
  /** As they stand in the mapping: `*` for all. */
  readonly purposes: readonly string[]
  readonly channels: readonly string[]
  /** Those of the policy, and where each stands among the views of a verdict. */
  readonly pairs: readonly Pair[]
  readonly views: readonly number[]
  readonly event: 'withdrawn' | 'refused'
  readonly isNo: (value: string) => boolean
  readonly withdrawn: string
  readonly granted: string | null
}
/** `column`: of its field. `needs`: of the field that must be filled for there to be a place to write to. */
type Placed = { readonly rule: Rule; readonly column: number; readonly needs: number | null }

export type MirrorOptions = {
  readonly policy: Policy
  readonly mapping: ObjectMapping
  /** Id of the connection. */
  readonly connection: string
  readonly catalogue: readonly FieldInfo[]
  readonly columnOf: ColumnOf
}

export function mirrorNames(mapping: ObjectMapping): readonly string[] {
  return mapping.consents.flatMap((consent) => (consent.mirror === undefined ? [] : [consent.field]))
}

export function createMirror({ policy, mapping, connection, catalogue, columnOf }: MirrorOptions): Mirror {
  const writable = new Set(catalogue.flatMap((field) => (field.writable ? [field.name] : [])))
  const all = rulesOf(policy, mapping, connection)
  const needs = new Map(catalogue.flatMap((field) => (field.needs === undefined ? [] : [[field.name, field.needs] as const])))
  const rules = all.filter((rule) => writable.has(rule.field))
  const placed = rules.map((rule): Placed => {
    const place = needs.get(rule.field)
    return { rule, column: columnOf(rule.field), needs: place === undefined ? null : columnOf(place) }
  })
  return {
    names: new Set(rules.map((rule) => rule.field)),
    reads: rules.flatMap((rule) => needs.get(rule.field) ?? []),
    unready: all.flatMap((rule) => (writable.has(rule.field) ? [] : [rule.field])),
    wanted(row, verdict) {
      let set: Record<string, string> | null = null
      for (let i = 0; i < placed.length; i++) {
        const { rule, column, needs: place } = placed[i] as Placed
        const value = row[column]
        // What cannot be read is a finding of its own, and not overwritten.
        if (value === undefined) continue
        if (place !== null && row[place] === null) continue
        const no = value !== null && rule.isNo(value)
        if (!no && rule.views.every((at) => isRefused(verdict, at))) (set ??= {})[rule.field] = rule.withdrawn
        else if (no && rule.granted !== null && rule.views.every((at) => verdict.consent[at]?.status === 'granted'))
          (set ??= {})[rule.field] = rule.granted
      }
      return set
    },
    echoes: (set, facts) => rules.flatMap((rule) => (set[rule.field] === rule.withdrawn ? echoOf(rule, facts) : [])),
  }
}

function isRefused(verdict: Verdict, at: number): boolean {
  const status = verdict.consent[at]?.status
  return status === 'withdrawn' || status === 'refused'
}

/** Older by a millisecond than the oldest no that it stands for: it weighs nothing beside any of them. */
function echoOf(rule: Rule, facts: readonly ConsentFact[]): readonly ConsentFact[] {
  let oldest = Infinity
  for (const { purpose, channel } of rule.pairs) {
    const { withdrawn, refused } = consentStateOf(facts, purpose, channel)
    oldest = Math.min(oldest, Math.max(withdrawn, refused))
  }
  // Refused by the suppression list alone: then the field is read as what it is, a no of that day.
  if (!Number.isFinite(oldest)) return []
  const { event, source } = rule
  return rule.purposes.flatMap((purpose) =>
    rule.channels.map((channel) => ({ purpose, channel, event, at: oldest - 1, source: mirrorOf(source), grade: 'claimed' as const })),
  )
}

function rulesOf(policy: Policy, mapping: ObjectMapping, connection: string): readonly Rule[] {
  // In the order of a verdict's views, which leave service purposes out.
  const pairs = pairsOf(policy).filter((pair) => !pair.serviceOnly)
  return mapping.consents.flatMap((consent) => {
    const { mirror, field } = consent
    const event = mirror === undefined ? undefined : consent.values[mirror.withdrawn]
    if (mirror === undefined || (event !== 'withdrawn' && event !== 'refused')) return []
    const purposes = consent.purposes === '*' ? ['*'] : consent.purposes
    const channels = consent.channels === '*' ? ['*'] : consent.channels
    const facts = purposes.flatMap((purpose) =>
      channels.map((channel): ConsentFact => ({ purpose, channel, event, at: null, source: '', grade: 'claimed' })),
    )
    const views = pairs.flatMap((pair, at) => (facts.some((fact) => covers(fact, pair.purpose, pair.channel)) ? [at] : []))
    // Of nothing everything is true: a channel that the policy does not know is never refused.
    if (views.length === 0) return []
    const answerOf = answersOf(consent.values)
    const source = `${connection}:${mapping.object}.${field}`
    const known = views.flatMap((at) => pairs[at] ?? [])
    return [
      {
        field,
        source,
        purposes,
        channels,
        pairs: known,
        views,
        event,
        isNo: (value) => {
          const said = answerOf(value)
          return said !== undefined && isNo(said)
        },
        withdrawn: mirror.withdrawn,
        granted: mirror.granted ?? null,
      },
    ]
  })
}

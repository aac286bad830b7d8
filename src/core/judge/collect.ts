/** Gathers what is wrong with one record: each rule at most once, with all its fields. Equal findings are one object. */
import type { FieldInfo } from '../record/field-info.ts'
import { remedies } from './remedies.ts'
import { RULES, type RuleId } from './rules.ts'
import type { Finding, Severity } from './verdict.ts'

export type Collector = {
  reset(): void
  add(rule: RuleId, field: string): void
  addFinding(finding: Finding): void
  has(rule: RuleId): boolean
  /** Worst first, then in the order of the rules; the same array for nothing. */
  take(): readonly Finding[]
}

const rank: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 }
const ids = (Object.keys(RULES) as RuleId[]).toSorted((a, b) => rank[RULES[a].severity] - rank[RULES[b].severity])
const orders: ReadonlyMap<RuleId, number> = new Map(ids.map((id, order) => [id, order]))
const nothing: readonly Finding[] = Object.freeze([])
/** Distinct lists of fields per rule; beyond it, findings are made anew. */
const maxKept = 2_000

export function createCollector(): Collector {
  const fieldsOf: string[][] = ids.map(() => [])
  const isFound = new Uint8Array(ids.length)
  let found = 0
  const others: Finding[] = []
  const kept = ids.map(() => new Map<string, Finding>())
  const findingOf = (order: number): Finding => {
    const fields = fieldsOf[order] as string[]
    const known = kept[order] as Map<string, Finding>
    const key = fields.length === 1 ? (fields[0] as string) : fields.join()
    const before = known.get(key)
    if (before !== undefined) return before
    const id = ids[order] as RuleId
    const finding: Finding = { rule: id, ...RULES[id], fields: [...fields], remedy: remedies[id].en }
    if (known.size < maxKept) known.set(key, finding)
    return finding
  }
  return {
    reset() {
      if (found > 0) isFound.fill(0)
      found = 0
      others.length = 0
    },
    add(rule, field) {
      const order = orders.get(rule) as number
      const fields = fieldsOf[order] as string[]
      if (isFound[order] === 0) {
        isFound[order] = 1
        fields.length = 0
        found++
      }
      if (field !== '' && !fields.includes(field)) fields.push(field)
    },
    addFinding: (finding) => void others.push(finding),
    has: (rule) => isFound[orders.get(rule) as number] === 1,
    take() {
      if (found === 0 && others.length === 0) return nothing
      const findings: Finding[] = []
      for (let order = 0; findings.length < found; order++) if (isFound[order] === 1) findings.push(findingOf(order))
      return others.length === 0 ? findings : [...findings, ...others].sort((a, b) => rank[a.severity] - rank[b.severity])
    },
  }
}

/** The findings about the mapping itself, one for each rule. */
export function problemFindings(problems: readonly { readonly rule: RuleId; readonly field: string }[]): readonly Finding[] {
  const collector = createCollector()
  for (const { rule, field } of problems) collector.add(rule, field)
  return collector.take()
}

/** Fields of `wanted` that the catalogue does not show. */
export function missingFrom(catalogue: readonly FieldInfo[], wanted: readonly string[]): readonly string[] {
  const shown = new Set(catalogue.map((field) => field.name))
  return wanted.filter((name) => !shown.has(name))
}

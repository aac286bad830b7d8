/** Counts what a scanner finds against the labels, per detector. */
import type { Scanner } from '../../../src/core/sensitive/scanner.ts'
import type { LabelledComment } from './comments.ts'

export type Score = {
  readonly found: number
  readonly right: number
  readonly expected: number
  readonly precision: number
  readonly recall: number
}

export function scoreOf(
  scanner: Scanner,
  comments: readonly LabelledComment[],
): { scores: Record<string, Score>; slips: readonly string[] } {
  const counts = new Map<string, { found: number; right: number; expected: number }>()
  const slips: string[] = []
  const count = (id: string) => counts.get(id) ?? counts.set(id, { found: 0, right: 0, expected: 0 }).get(id)!
  for (const [label, text] of comments) {
    const expected = new Set(
      label
        .split(' ')
        .filter(Boolean)
        .map((item) => item.split(':')[0] ?? ''),
    )
    const found = new Set(scanner.scan(text).map((hit) => hit.detector))
    for (const id of new Set([...expected, ...found])) {
      for (const name of [id, 'overall']) {
        const one = count(name)
        if (expected.has(id)) one.expected++
        if (found.has(id)) one.found++
        if (expected.has(id) && found.has(id)) one.right++
      }
      if (expected.has(id) !== found.has(id)) slips.push(`${found.has(id) ? 'too much' : 'missed'} ${id} | ${label} | ${text}`)
    }
  }
  const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)
  const scores = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, c]) => [id, { ...c, precision: ratio(c.right, c.found), recall: ratio(c.right, c.expected) }])
  return { scores: Object.fromEntries(scores), slips }
}

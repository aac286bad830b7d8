/** What the ledger is told of a batch: each verdict that nobody had before, and each decision that is new or different. */
import type { VerdictDraft } from '../../core/judge/verdict-body.ts'
import type { StoredRecord } from '../../store/records.ts'
import type { Identified } from '../identity/identify.ts'
import { refOf, type Target } from '../shell.ts'

export function verdictEntries(fresh: readonly VerdictDraft[]): string[] {
  return fresh.map(({ key, body }) => JSON.stringify(['verdict', key, JSON.parse(body)]))
}

/** One entry per decision that is new or different: who, what, until when. */
export function decisionEntries(
  target: Target,
  identified: readonly Identified[],
  rows: readonly StoredRecord[],
  drafts: readonly VerdictDraft[],
): string[] {
  const entries: string[] = []
  for (const [index, { node }] of identified.entries()) {
    const row = rows[index]!
    const same = node.stored && node.stored.verdict === row.verdict && node.stored.reviewOn === row.reviewOn
    if (!same) entries.push(JSON.stringify(['decision', refOf(target.source, node.id), drafts[index]!.key, row.reviewOn]))
  }
  return entries
}

/** One record, read from the CRM now and judged as a sweep would judge it. Nothing is stored. */
import type { Fields } from '../../connectors/connector.ts'
import type { Verdict } from '../../core/judge/verdict.ts'
import type { ObjectMapping } from '../../core/record/mapping.ts'
import { applyBatch } from '../sweep/batch.ts'
import { refOf, type Landscape, type Shell, type Target } from '../shell.ts'

/** `record`: its reference, with the id as the CRM spells it. `linked`: the other records of the same person. */
export type Explained = { record: string; verdict: Verdict; values: Fields; linked: readonly string[] }

/** Answers null when the CRM no longer has the record. */
export async function explain(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  asked: string,
  signal: AbortSignal,
): Promise<Explained | null> {
  const id = target.connector.canonicalId?.(asked) ?? asked
  const { records } = await target.connector.get({ object: target.source.object, ids: [id], fields: target.judge.reads }, signal)
  const record = records[0]
  if (!record) return null
  const { decisions } = await applyBatch(shell, landscape, target, { records: [record], gone: [], force: true }, 'dry run')
  const { context, twins } = decisions[0]!
  const sources = new Map(landscape.places.map((one) => [one.source.id, one.source]))
  const linked = twins.filter((twin) => !twin.stored?.gone && sources.has(twin.source))
  return {
    record: refOf(target.source, id),
    verdict: target.judge.judge(record.fields, context),
    values: record.fields,
    linked: linked.map((twin) => refOf(sources.get(twin.source)!, twin.id)).sort(),
  }
}

/** The CRM's fields behind what findings call by a word of the policy; none for a word that the CRM never holds. */
export function fieldsBehind({ verdict, values }: Explained, { fields }: Pick<ObjectMapping, 'fields'>): Record<string, readonly string[]> {
  const words = new Set(verdict.findings.flatMap((finding) => finding.fields))
  return Object.fromEntries(
    [...words].filter((word) => !(word in values) && word in fields).map((word) => [word, fields[word]?.from ?? []]),
  )
}

/**
 * Assesses records before their batch gets its turn in the database. Most records that are pulled are the only one of their subject, so that the verdict
 * can be worked out in a thread while this one reads on and stores earlier batches.
 */
import type { CrmRecord, Page } from '../../connectors/connector.ts'
import { isSameKind, type ConsentFact } from '../../core/consent/consent.ts'
import { laterAct } from '../../core/judge/acts.ts'
import type { Judge, JudgeContext } from '../../core/judge/judge.ts'
import { assess, judgeOne, type Assessed, type Assessor, type Outcome } from './assess.ts'
import type { AssessThread, Recipe } from './assess-thread.ts'
import { isNews } from './facts.ts'
import { toSheet } from './packed-records.ts'
import type { Place, Shell, Target } from '../shell.ts'

/** Memo on the record object itself, freed with it: every garbage collection walks a WeakMap of thousands. It names its judge, since another policy may assess differently, and its record: a copy with other fields takes it along. */
const memo = Symbol('assessed')
type Memo = { readonly judge: Judge; readonly record: CrmRecord; readonly assessed: Assessed }
type Remembering = CrmRecord & { [memo]?: Memo }

function remembered({ judge }: Target, record: Remembering): Assessed | null {
  const known = record[memo]
  return known !== undefined && known.judge === judge && known.record === record ? known.assessed : null
}

/** Assesses a record, once for each judge. */
export function assessed(shell: Shell, target: Target, record: Remembering): Assessed {
  const known = remembered(target, record)
  if (known !== null) return known
  const fresh = assess(assessorOf(shell, target), record)
  record[memo] = { judge: target.judge, record, assessed: fresh }
  return fresh
}

/** The digest of the fields alone, without assessing the record. */
export function contentOf(shell: Shell, target: Target, record: Remembering): number {
  return remembered(target, record)?.content ?? shell.hasher.content(target.judge.reads, record.fields)
}

/** What was worked out for the record alone holds wherever the others of its person add nothing to it. */
export function outcomeOf(shell: Shell, target: Target, record: CrmRecord, context: JudgeContext): Outcome {
  const { facts, lastAct, alone } = assessed(shell, target, record)
  const nothingElse =
    addNothing(context.facts, facts) &&
    !context.suppressed &&
    !context.openRequest &&
    !context.restricted &&
    !context.frozen &&
    laterAct(lastAct, context.lastAct ?? null) === lastAct
  return nothingElse ? alone : judgeOne(target.judge, record.fields, context)
}

/** `all` hold the very same as the record says itself, and what others say as well. */
function addNothing(all: readonly ConsentFact[], own: readonly ConsentFact[]): boolean {
  if (all === own) return true
  return own.every((fact) => isAmong(fact, all)) && all.every((fact) => own.includes(fact) || !isNews(fact, own))
}

function isAmong(fact: ConsentFact, all: readonly ConsentFact[]): boolean {
  return all.includes(fact) || all.some((one) => one.at === fact.at && isSameKind(one, fact))
}

/** Hash of a record's own reference, where others may name it. */
export function ownHash(shell: Shell, place: Place, id: string): string | null {
  const reference = referenceOf(place)
  return reference === null ? null : shell.hasher.identifier('record', `${reference}:${id}`)
}

function referenceOf({ named, source }: Place): string | null {
  return named ? `${source.connection}:${source.object}` : null
}

function assessorOf(shell: Shell, target: Target): Assessor {
  return { judge: target.judge, hasher: shell.hasher, reference: null }
}

/** Fewer are done before a thread is up. */
export const WORTH_A_THREAD = 1_000

export type Ahead = {
  /** Hands the records of a page over to the thread, and answers the same ones in a form that keeps less. */
  take: (page: Pick<Page, 'records' | 'expected'>) => readonly CrmRecord[]
  /** Until all that were taken so far are assessed. */
  done: () => Promise<void>
}

/**
 * Where there are more than a thousand, or as many are expected, the thread takes them; the first ones of those who did not know are assessed here.
 * `accompanied`: there are records of other sources, so that these may be named.
 */
export function openAhead(shell: Shell, target: Target, thread: AssessThread, { accompanied }: { accompanied: boolean }): Ahead {
  const { judge } = target
  const recipe: Recipe | null = target.recipe
    ? { recipe: target.recipe, hashKey: shell.hashKey, reference: accompanied ? referenceOf(target) : null }
    : null
  let seen = 0
  let last: Promise<void> = Promise.resolve()
  return {
    take({ records, expected }) {
      seen += records.length
      if (recipe === null || Math.max(seen, expected ?? 0) <= WORTH_A_THREAD) return records
      const { sheet, light } = toSheet(records, judge.reads)
      const before = last
      last = thread.assess(recipe, sheet).then(async (all) => {
        light.forEach((record: Remembering, index) => (record[memo] = { judge, record, assessed: all[index]! }))
        await before
      })
      last.catch(() => undefined) // awaited by `done`; the pull may be broken by something else first
      return light
    },
    done: () => last,
  }
}

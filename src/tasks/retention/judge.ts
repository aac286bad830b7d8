/** Records read again now and judged anew, with all that is known of their person. Nothing is stored: a stored verdict is what this is there to doubt. */
import { standingOfPerson, type JudgedRecord, type Standing } from '../../core/retention/list.ts'
import { recordsOfSubjects, type DueCandidate } from '../../store/retention-due.ts'
import { loadAsked } from '../../store/retention-turns.ts'
import { applyBatch } from '../sweep/batch.ts'
import type { JudgingWorld, RetentionDeps } from './deps.ts'
import type { Target } from '../shell.ts'

/** The records of one person, by our tables. */
export type PersonRecords = readonly DueCandidate[]
export type JudgedPerson = { records: PersonRecords; standing: Standing }

export function keyOf({ connection, object, id }: Pick<DueCandidate, 'connection' | 'object' | 'id'>): string {
  return `${connection}:${object}:${id}`
}

/** Candidates with whatever else belongs to their person; one that stands alone is a person. */
export async function personsOf({ shell }: RetentionDeps, candidates: readonly DueCandidate[]): Promise<PersonRecords[]> {
  const subjects = [...new Set(candidates.flatMap(({ subject }) => subject ?? []))]
  const all = await recordsOfSubjects(shell.db, subjects)
  const bySubject = new Map<number, DueCandidate[]>()
  for (const record of all) bySubject.set(record.subject!, [...(bySubject.get(record.subject!) ?? []), record])
  const seen = new Set<number>()
  return candidates.flatMap((candidate): PersonRecords[] => {
    const { subject } = candidate
    if (subject === null) return [[candidate]]
    if (seen.has(subject)) return []
    seen.add(subject)
    return [bySubject.get(subject) ?? [candidate]]
  })
}

export async function judgeLive(
  deps: RetentionDeps,
  world: JudgingWorld,
  persons: readonly PersonRecords[],
  signal: AbortSignal,
): Promise<JudgedPerson[]> {
  const judged = new Map<string, Live>()
  for (const target of world.targets) {
    const own = persons.flat().filter(({ source }) => source === target.source.id)
    const { idsPerGet } = target.connector.limits
    for (let from = 0; from < own.length; from += idsPerGet)
      for (const [key, one] of await readAndJudge(deps, world, target, own.slice(from, from + idsPerGet), signal)) judged.set(key, one)
  }
  const asked = await loadAsked(deps.shell.db, [...judged.keys()])
  const rules = deps.policy.retention.rules
  return persons.map((records): JudgedPerson => {
    const live = records.flatMap((record) => {
      const one = judged.get(keyOf(record))
      return one === undefined ? [] : [{ record, one }]
    })
    const known = new Set(records.map(({ source, id }) => `${source}:${id}`))
    const entries = live.map(({ record, one }): JudgedRecord => {
      const until = asked.get(keyOf(record))
      const { connection, object, id } = record
      return {
        key: keyOf(record),
        connection,
        object,
        id,
        verdict: one.verdict,
        lostAct: record.acted && one.lastAct === null,
        asked: until !== undefined && until.dueOn === one.verdict.retention.dueOn ? until.until : null,
        askable: one.askable,
      }
    })
    const standing = standingOfPerson(entries, rules, deps.today())
    // Whom the reading links to somebody else is another person than the list would name.
    const grown = live.some(({ one }) => one.twins.some((twin) => !known.has(twin)))
    if (standing.standing !== 'due' || !grown) return { records, standing }
    const keys = standing.entry.records.map(({ key }) => key)
    return { records, standing: { standing: 'kept', kept: { keys, why: 'changed', by: null, holds: [] } } }
  })
}

type Live = Pick<JudgedRecord, 'verdict' | 'askable'> & { lastAct: ReturnType<Target['judge']['lastAct']>; twins: readonly string[] }

async function readAndJudge(
  { shell }: RetentionDeps,
  { landscape, targets }: JudgingWorld,
  target: Target,
  own: readonly DueCandidate[],
  signal: AbortSignal,
): Promise<[string, Live][]> {
  const { source, connector, judge } = target
  const { records } = await connector.get({ object: source.object, ids: own.map(({ id }) => id), fields: judge.reads }, signal)
  const { decisions } = await applyBatch(shell, landscape, target, { records, gone: [], force: true }, 'dry run')
  const byId = new Map(decisions.map((decision) => [decision.id, decision]))
  const inCrms = new Set(targets.map((one) => one.source.id))
  return records.flatMap((record): [string, Live][] => {
    const decision = byId.get(record.ref.id)
    if (decision === undefined) return []
    const twins = decision.twins.filter((twin) => twin.stored?.gone !== true && inCrms.has(twin.source))
    return [
      [
        keyOf({ connection: source.connection, object: source.object, id: record.ref.id }),
        {
          verdict: judge.judge(record.fields, decision.context),
          lastAct: judge.lastAct(record.fields),
          askable: askFieldOf(target) !== null,
          twins: twins.map((twin) => `${twin.source}:${twin.id}`),
        },
      ],
    ]
  })
}

/** The field from whose date the marketing team's mailing is sent; null: there is none, or it is not ours to write. */
export function askFieldOf({ recipe }: Target): string | null {
  const name = recipe?.mapping.writeBack.lastMessage
  const field = recipe?.schema.fields.find((one) => one.name === name)
  return name !== undefined && field?.writable === true && field.custom && field.type === 'date' ? name : null
}

/** Steps and looks of people who have begun: each step of a whole group side by side, as erasures that somebody asked for take it (see request/advance.ts), and what came of it in one commit. */
import { ConnectorError } from '../../connectors/connector.ts'
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { evolve as evolveErasure } from '../../core/erasure/evolve.ts'
import { nextCheck, type CheckId, type ErasureEvent, type Report, type Step } from '../../core/erasure/erasure.ts'
import { dueSteps, isFirstAtCrm } from '../../core/erasure/steps.ts'
import { decideCase } from '../../core/retention/act-decide.ts'
import { evolveCase } from '../../core/retention/act-evolve.ts'
import type { CaseEvent, Retention } from '../../core/retention/act.ts'
import { loadCases, type StoredCase } from '../../store/retention-lists.ts'
import { forgetAsked } from '../../store/retention-turns.ts'
import { lookAgain, worldOf } from '../erasure/act.ts'
import { openPerson, type PersonFile } from '../erasure/deps.ts'
import { seekOnce } from '../erasure/seek.ts'
import { carryOut } from '../erasure/step.ts'
import { waitForOwnWrites } from '../erasure/own-writes.ts'
import { readAgain } from '../request/progress.ts'
import { caseId } from './begin.ts'
import { standAside, type Aside } from './aside.ts'
import type { JudgingWorld, RetentionDeps } from './deps.ts'
import { changeList, type CaseChange } from './file.ts'

/** One thing that was done at the CRMs, or the end. */
type Deed = { do: 'step'; step: Step; report: Report } | { do: 'check'; check: CheckId; report: Report } | { do: 'close' }
type Done = { n: number; deeds: readonly Deed[]; faults: readonly ConnectorError[] }

/**
 * Each until nothing of theirs is due, or a CRM is in the way; answers what was, who waits for what they have asked, and with whom something failed otherwise than
 * a CRM does.
 */
export async function carryOn(
  deps: RetentionDeps,
  world: () => Promise<JudgingWorld>,
  { list, numbers }: { list: string; numbers: readonly number[] },
  signal: AbortSignal,
): Promise<Pick<Aside, 'faults' | 'still'> & { failed: ReadonlyMap<number, unknown> }> {
  const faults: ConnectorError[] = []
  const failed = new Map<number, unknown>()
  const still: number[] = []
  for (let open = numbers; open.length > 0;) {
    signal.throwIfAborted()
    const persons = (await loadCases(deps.shell.db, list, open)).filter((person) => person.case.status === 'begun')
    const aside = await standAside(deps, world, list, persons, signal)
    still.push(...aside.still)
    faults.push(...aside.faults)
    const ends = await Promise.allSettled(aside.going.map((person) => act(deps, person, signal)))
    signal.throwIfAborted()
    const done = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value : []))
    for (const [i, end] of ends.entries()) if (end.status === 'rejected') failed.set(aside.going[i]!.n, end.reason)
    faults.push(...done.flatMap((one) => one.faults))
    const noted = await note(
      deps,
      list,
      done.filter(({ deeds }) => deeds.length > 0),
    )
    for (const { n, reason } of noted.failed) failed.set(n, reason)
    open = noted.stored.flatMap(({ n, deeds, faults: own }) => (own.length > 0 || deeds.some((deed) => deed.do === 'close') ? [] : [n]))
  }
  return { faults, still, failed }
}

/** Acts at the CRMs first: whoever dies before it is stored does it again, which no step minds. Empty: nothing is due. */
async function act(deps: RetentionDeps, person: StoredCase, signal: AbortSignal): Promise<Done[]> {
  const { erasure, n } = person
  if (erasure.status === 'running') {
    const steps = dueSteps(erasure)
    return steps.length === 0 ? [] : [await takeSteps(deps, person, steps, signal)]
  }
  const next = nextCheck(erasure)
  if (next !== null && next.at > deps.shell.now()) return []
  if (erasure.status !== 'settled' || next === null) return [{ n, deeds: [{ do: 'close' }], faults: [] }]
  try {
    const looks = await lookAgain(deps.erase, erasure, fileOf(deps, person), { reading: false }, signal)
    const report: Report = {
      deeds: [],
      around: [],
      sights: looks.flatMap((look) => look.report.sights),
      returned: looks.flatMap((look) => look.report.returned),
    }
    return [{ n, deeds: [{ do: 'check', check: next.check, report }], faults: [] }]
  } catch (error) {
    return [{ n, deeds: [], faults: [faultOf(error, signal)] }]
  }
}

/** Side by side: one CRM that is away does not keep the others from their part. */
async function takeSteps(deps: RetentionDeps, person: StoredCase, steps: readonly Step[], signal: AbortSignal): Promise<Done> {
  const { erasure, n } = person
  if (erasure.status !== 'running') throw new Error(`no step is due while an erasure is ${erasure.status}`)
  const { subject } = fileOf(deps, person)
  const world = worldOf(deps.erase, seekOnce())
  const ends = await Promise.allSettled(
    steps.map(async (step) => {
      const items = erasure.items.filter(({ connection }) => connection === step.connection)
      if (isFirstAtCrm(erasure, step)) await waitForOwnWrites(deps.shell, items, signal)
      return carryOut(world, erasure, step, subject, signal)
    }),
  )
  const deeds = ends.flatMap((end, i): Deed[] => (end.status === 'fulfilled' ? [{ do: 'step', step: steps[i]!, report: end.value }] : []))
  return { n, deeds, faults: ends.flatMap((end) => (end.status === 'rejected' ? [faultOf(end.reason, signal)] : [])) }
}

function faultOf(error: unknown, signal: AbortSignal): ConnectorError {
  if (!(error instanceof ConnectorError) || signal.aborted) throw error
  return error
}

function fileOf({ shell }: RetentionDeps, person: StoredCase): PersonFile {
  return openPerson(shell, { id: caseId(person), vault: person.vault })
}

/** All in one transaction, or one by one where that fails: nobody's proof waits for what fails with somebody else. */
async function note(
  deps: RetentionDeps,
  list: string,
  done: readonly Done[],
): Promise<{ stored: readonly Done[]; failed: readonly { n: number; reason: unknown }[] }> {
  if (done.length === 0) return { stored: [], failed: [] }
  try {
    await store(deps, list, done)
    return { stored: done, failed: [] }
  } catch (error) {
    if (done.length === 1) return { stored: [], failed: [{ n: done[0]!.n, reason: error }] }
    const alone = []
    for (const one of done) alone.push(await note(deps, list, [one]))
    return { stored: alone.flatMap(({ stored }) => stored), failed: alone.flatMap(({ failed }) => failed) }
  }
}

async function store(deps: RetentionDeps, list: string, done: readonly Done[]): Promise<void> {
  const told: Came[] = []
  const changed = await changeList(deps, list, async ({ retention }, turn) => {
    const numbers = done.map(({ n }) => n)
    const files = new Map((await loadCases(turn.db, list, numbers)).map((file) => [file.n, file]))
    for (const { n, deeds } of done) {
      const came = deeds.reduce((so, deed) => afterDeed(so, deed, retention, turn.now()), nothingYet(files.get(n)!))
      told.push(came)
    }
    await readAgain(
      turn,
      told.flatMap(({ gone }) => gone),
    )
    await forgetAsked(
      turn.db,
      told.flatMap(({ over }) => over),
    )
    return { cases: told.map(({ change }) => change) }
  })
  if (changed.outcome === 'refused') throw new Error(changed.message)
  for (const came of told) warn(deps, came)
}

/** `gone`: records that our own tables are to forget by reading them again. `over`: keys of whom no last message needs to be remembered. */
type Came = {
  file: StoredCase
  change: CaseChange & { events: readonly CaseEvent[]; erasure: readonly ErasureEvent[] }
  gone: readonly { connection: string; object: string; id: string }[]
  over: readonly string[]
}

function nothingYet(file: StoredCase): Came {
  return { file, change: { n: file.n, events: [], erasure: [] }, gone: [], over: [] }
}

/**
 * A record of the person that was not in the list is no part of this: it is told, judged by the next sweep like any other, and goes by the next list if it is
 * due. Nothing is ever erased here that nobody was shown.
 */
function afterDeed(came: Came, deed: Deed, retention: Retention, now: number): Came {
  const { file, change } = came
  if (deed.do === 'close') return closed(came, retention, now)
  const report = { ...deed.report, returned: [] }
  const decided = decideErasure(
    file.erasure,
    deed.do === 'step'
      ? { type: 'report', step: deed.step, report }
      : { type: 'check', check: deed.check, sights: report.sights, returned: [] },
    now,
  )
  if (!decided.ok) throw new Error(decided.message)
  const again = decideCase(file.case, { type: 'see-again', keys: deed.report.returned.map(({ key }) => key) }, now)
  const seen = again.ok ? again.events : []
  const erases = deed.do === 'step' && deed.step.act === 'erase' && decided.events.length > 0 && 'items' in file.erasure
  const going = erases && 'items' in file.erasure ? file.erasure.items.filter((item) => item.connection === deed.step.connection) : []
  return {
    ...came,
    file: { ...file, case: seen.reduce(evolveCase, file.case), erasure: decided.events.reduce(evolveErasure, file.erasure) },
    change: { ...change, events: [...change.events, ...seen], erasure: [...change.erasure, ...decided.events] },
    gone: [...came.gone, ...going],
  }
}

/** The end: who it was is forgotten, and the ledger keeps what was done, by which rule and with whose word. */
function closed(came: Came, retention: Retention, now: number): Came {
  const { file, change } = came
  if (file.erasure.status !== 'settled') throw new Error('this person is not looked at yet')
  const { standing, items, around, checksDone, settledAt } = file.erasure
  const decided = decideCase(file.case, { type: 'close', standing }, now)
  if (!decided.ok) throw new Error(decided.message)
  const rules = new Map(file.entry.records.map(({ key, rule, dueOn }) => [key, { rule, dueOn }]))
  const proof = {
    digest: retention.status === 'none' ? null : retention.shown.digest,
    approvals: retention.status === 'none' ? [] : retention.approvals,
    standing,
    records: items.map(({ key, action, outcome, reason, trace }) => ({ key, ...rules.get(key), action, outcome, reason, trace })),
    around,
    looks: { first: new Date(settledAt).toISOString(), later: checksDone },
    again: file.case.status === 'begun' ? file.case.again : [],
  }
  return {
    ...came,
    change: { ...change, events: [...change.events, ...decided.events], vault: null, proof },
    over: standing === 'not-proved' ? [] : items.map(({ key }) => key),
  }
}

function warn({ shell }: RetentionDeps, { file: { list, n }, change }: Came): void {
  for (const event of change.erasure)
    if ((event.type === 'settled' || event.type === 'checked') && event.standing === 'not-proved')
      shell.log('retention.not-proved', { list, person: n })
  if (change.erasure.some((event) => event.type === 'reported' && event.report.held !== undefined))
    shell.log('retention.held', { list, person: n })
  if (change.events.some(({ type }) => type === 'seen-again')) shell.log('retention.seen-again', { list, person: n })
}

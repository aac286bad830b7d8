import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/erasure/decide.ts'
import { evolve, unbegun } from '../../../src/core/erasure/evolve.ts'
import type { Hold } from '../../../src/core/erasure/hold.ts'
import { planErasure, withLosses, type Plan } from '../../../src/core/erasure/plan.ts'
import { nextCheck, toApprove, type Erasure, type ErasureCommand, type Report, type Trace } from '../../../src/core/erasure/erasure.ts'
import { dueSteps, stepId } from '../../../src/core/erasure/steps.ts'
import type { Lost } from '../../../src/core/erasure/lost.ts'
import type { Actor } from '../../../src/core/request/request.ts'

const dpo: Actor = { kind: 'staff', user: 'u7' }
const now = 1_795_000_000_000
const keys = ['hs:contacts:2', 'sf:Contact:1']
const lost: Lost = { connection: 'sf', crm: 'salesforce', account: '00D1', because: 'account-closed', by: dpo, at: now }
const lose: ErasureCommand = { type: 'lose', lost }
const regain: ErasureCommand = { type: 'regain', by: dpo, connection: 'sf' }
const none: Report = { deeds: [], sights: [], returned: [], around: [] }
const recordOf = (key: string) => {
  const [connection = '', object = '', id = ''] = key.split(':')
  return { key, connection, object, id, reasons: ['email'] as const }
}

const byHand: Hold = {
  rule: 'hold.by-hand',
  ground: '17(3)(e)',
  text: 'a dispute',
  because: { kind: 'by-hand', user: 'u7' },
  until: null,
  review: 20_800,
  instead: 'keep',
}

function planOf(of: readonly string[], reached: readonly string[] = ['hs', 'sf']): Plan {
  const reaches = reached.map((connection) => ({
    connection,
    means: 'bin' as const,
    anonymises: false,
    looking: 9,
    callsPerMinute: 600,
  }))
  const drafts = of.map((key) => ({
    ...recordOf(key),
    selection: { verdict: 'selected' as const, reasons: ['email'] as const },
    holds: [],
    calls: 1,
  }))
  return planErasure(drafts, { reaches, unreachable: [] })
}

function must(state: Erasure, command: ErasureCommand): Erasure {
  const decided = decide(state, command, now)
  if (!decided.ok) throw new Error(`${command.type}: ${decided.message}`)
  return decided.events.reduce(evolve, state)
}
const planned = (plan = planOf(keys)): Erasure => must(unbegun, { type: 'plan', plan })
const approved = (state: Erasure): Erasure =>
  must(state, { type: 'approve', by: dpo, digest: toApprove(state)!.digest, count: toApprove(state)!.records })

/** Steps of one CRM that erases what it is asked to, and of another that shows `there`. */
function run(from: Erasure, there: Trace = 'absent', steps: string[] = []): Erasure {
  let state = from
  for (let [step] = dueSteps(state); step !== undefined; [step] = dueSteps(state)) {
    const { act, connection } = step
    steps.push(stepId(step))
    const own = state.status === 'running' ? state.items.filter((item) => item.connection === connection) : []
    const deeds = act === 'erase' ? own.map(({ key }) => ({ key, outcome: 'erased' as const, reason: null })) : []
    const sights = act === 'look' ? own.map(({ key }) => ({ key, trace: connection === 'sf' ? there : ('absent' as const) })) : []
    state = must(state, { type: 'report', step, report: { ...none, deeds, sights } })
  }
  return state
}
const traces = (state: Erasure) => ('items' in state ? state.items.map(({ key, outcome, trace }) => [key, outcome, trace]) : null)

describe('an erasure in a CRM that is gone for good', () => {
  it('goes on without it, and says of what was there that nobody erased or looked at it', () => {
    let state = approved(planned())
    while (dueSteps(state)[0]?.act !== 'erase') state = must(state, { type: 'report', step: dueSteps(state)[0]!, report: none })
    const steps: string[] = []
    const settled = run(must(state, lose), 'absent', steps)
    expect(steps).toEqual(['1:erase:hs', '1:look:hs'])
    expect(settled).toMatchObject({ status: 'settled', standing: 'out-of-reach', lost: [lost] })
    expect(traces(settled)).toEqual([
      ['hs:contacts:2', 'erased', 'absent'],
      ['sf:Contact:1', null, 'out-of-reach'],
    ])
    expect([toApprove(settled), nextCheck(settled)?.check]).toEqual([null, 'hour'])
    const checked = must(settled, { type: 'check', check: 'hour', sights: [{ key: 'hs:contacts:2', trace: 'absent' }], returned: [] })
    expect([checked, traces(checked)?.[1]]).toEqual([
      expect.objectContaining({ standing: 'out-of-reach' }),
      ['sf:Contact:1', null, 'out-of-reach'],
    ])
    expect(decide(checked, lose, now)).toEqual({ ok: true, events: [] })
  })
  it('is settled at once where nothing else was left to do, and never proved, known record or none', () => {
    let state = approved(planned(planOf(['hs:contacts:2'])))
    while (stepId(dueSteps(state)[0]!) !== '1:look:sf') {
      const [first] = dueSteps(state)
      const sights = first!.act === 'look' ? [{ key: 'hs:contacts:2', trace: 'absent' as const }] : []
      state = must(state, { type: 'report', step: first!, report: { ...none, sights } })
    }
    expect(must(state, lose)).toMatchObject({ status: 'settled', standing: 'out-of-reach' })
    const proved = run(approved(planned()))
    expect(proved).toMatchObject({ standing: 'proved' })
    const after = must(proved, lose)
    expect(after).toMatchObject({ standing: 'out-of-reach' })
    // What was done there stays said; that it is still so nobody can see.
    expect(traces(after)?.[1]).toEqual(['sf:Contact:1', 'erased', 'out-of-reach'])
  })
  it('stays unproved for what is left in another CRM, and takes along who came back there', () => {
    const stuck = run(approved(planned()), 'present')
    expect(stuck).toMatchObject({ standing: 'not-proved' })
    expect(must(stuck, lose)).toMatchObject({ standing: 'out-of-reach' })
    expect(must(stuck, { ...lose, lost: { ...lost, connection: 'hs' } })).toMatchObject({ standing: 'not-proved' })
    const back = must(run(approved(planned())), { type: 'notice', returned: [recordOf('sf:Lead:9')] })
    expect(back).toMatchObject({ status: 'returned' })
    const left = must(back, lose)
    expect(left).toMatchObject({ status: 'settled', standing: 'out-of-reach' })
    expect(traces(left)?.[2]).toEqual(['sf:Lead:9', null, 'out-of-reach'])
    const both = must(run(approved(planned())), { type: 'notice', returned: [recordOf('sf:Lead:9'), recordOf('hs:contacts:8')] })
    expect(must(both, lose)).toMatchObject({ status: 'returned', standing: 'not-proved', returned: [{ key: 'hs:contacts:8' }] })
  })
  it('is approved anew by what is left to do, and keeps what was known there however often it is planned', () => {
    const before = planned()
    const state = must(before, lose)
    expect([toApprove(state)!.records, toApprove(state)!.digest === toApprove(before)!.digest]).toEqual([1, false])
    const again = must(state, { type: 'plan', plan: planOf(['hs:contacts:2'], ['hs']) })
    expect(again).toMatchObject({ plan: { lost: [lost], items: [{ key: 'hs:contacts:2' }, { key: 'sf:Contact:1' }] } })
    // What was known there and what is found anew are one person's, however few each of them is.
    const of = (crm: string) => Array.from({ length: 6 }, (_, n) => `${crm}:contacts:${n + 10}`)
    const halves = must(must(planned(planOf(of('sf'))), lose), { type: 'plan', plan: planOf(of('hs'), ['hs']) })
    expect(halves).toMatchObject({ plan: { large: true, items: { length: 12 } } })
    const steps: string[] = []
    expect(run(approved(again), 'absent', steps)).toMatchObject({ standing: 'out-of-reach' })
    expect(steps.some((step) => step.includes('sf'))).toBe(false)
  })
  it('that is back against all expectation is looked at everywhere once more before anything counts as proved', () => {
    const settled = run(must(approved(planned()), lose))
    const back = must(settled, regain)
    expect(back).toMatchObject({ status: 'settled', standing: 'not-proved' })
    expect(traces(back)?.[1]).toEqual(['sf:Contact:1', null, 'unread'])
    expect(run(approved(back))).toMatchObject({ standing: 'proved', round: 2 })
    expect(decide(back, regain, now)).toEqual({ ok: true, events: [] })
    const before = planned()
    // What was planned without it is no plan for it, whatever of it was carried along.
    const waiting = must(must(before, lose), regain)
    expect([waiting, toApprove(waiting)]).toEqual([{ ...before, unlooked: ['sf'] }, null])
    expect(decide(waiting, { type: 'approve', by: dpo, digest: toApprove(before)!.digest, count: 2 }, now)).toEqual({
      ok: false,
      message: 'sf is back, and this was planned without it: plan it anew',
    })
    expect(must(waiting, { type: 'plan', plan: planOf(keys) })).toEqual(before)
    expect(must(waiting, lose)).toEqual(must(before, lose))
    expect(run(must(must(approved(before), lose), regain))).toMatchObject({ standing: 'proved' })
  })
  it('that is back stays unproved whatever is decided before a round has looked there, known records or none', () => {
    const alone = ['hs:contacts:2']
    const back = (state: Erasure): Erasure => must(must(state, lose), regain)
    const settled = run(must(approved(planned(planOf(alone))), lose))
    const regained = must(settled, regain)
    const again = must(regained, { type: 'notice', returned: [recordOf('hs:contacts:8')] })
    const accepted = must(again, { type: 'accept', by: dpo, because: 'new-consent' })
    expect([regained, accepted].map((one) => 'standing' in one && one.standing)).toEqual(['not-proved', 'not-proved'])
    // A look that was taken without it, and is noted now.
    const checked = must(regained, { type: 'check', check: 'hour', sights: [{ key: 'hs:contacts:2', trace: 'absent' }], returned: [] })
    expect(checked).toMatchObject({ standing: 'not-proved' })
    expect(must(regained, { ...lose, lost: { ...lost, connection: 'hs' } })).toMatchObject({ standing: 'not-proved' })
    expect(must(regained, lose)).toEqual(settled)
    const steps: string[] = []
    expect(run(approved(accepted), 'absent', steps)).toMatchObject({ standing: 'proved', round: 2 })
    expect(steps).toContain('2:look:sf')
    let half = approved(planned(planOf(alone)))
    while (dueSteps(half)[0]?.act !== 'look') half = must(half, { type: 'report', step: dueSteps(half)[0]!, report: none })
    half = must(half, { type: 'report', step: dueSteps(half).find(({ connection }) => connection === 'sf')!, report: none })
    const anew: string[] = []
    run(back(half), 'absent', anew)
    expect(anew).toContain('1:look:sf')
  })
  it('that is back is not taken for proved when a record is released or vouched for', () => {
    const kept = must(planned(planOf(['hs:contacts:2'])), { type: 'hold', by: dpo, key: 'hs:contacts:2', hold: byHand })
    const regained = must(run(must(approved(kept), lose)), regain)
    expect(must(regained, { type: 'release', by: dpo, key: 'hs:contacts:2' })).toMatchObject({ standing: 'not-proved', unlooked: ['sf'] })
  })
  it('keeps the safeguards of what is lost, however often it is planned: its place in the order, what it can do, and that there is much', () => {
    const many = { ...planOf(keys), anonymises: ['sf'], large: true, connections: ['hs', 'sf', 'zz'] }
    const again = must(must(planned(many), lose), { type: 'plan', plan: planOf(['hs:contacts:2'], ['hs', 'zz']) })
    expect(again).toMatchObject({ plan: { anonymises: ['sf'], large: true, connections: ['hs', 'sf', 'zz'] } })
  })
  it('is no more proved for whoever asks after the loss than for whoever had asked before', () => {
    const plan = withLosses(planOf(['hs:contacts:2'], ['hs']), [lost], ({ crm }) => crm === 'hubspot')
    const settled = run(approved(planned(plan)))
    expect(settled).toMatchObject({ standing: 'out-of-reach', lost: [lost] })
    const steps: string[] = []
    expect(run(approved(must(settled, regain)), 'absent', steps)).toMatchObject({ standing: 'proved' })
    // What can be refused comes first, what cannot be taken back last.
    expect(steps.filter((step) => step.includes('erase'))).toEqual(['2:erase:sf', '2:erase:hs'])
    expect(withLosses(planOf([], ['hs']), [lost], () => true).connections).toEqual(['hs', 'sf'])
  })
})

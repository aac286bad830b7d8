import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, type ErasureDecideTable } from '../../../src/core/erasure/decide.ts'
import { erasureOf, evolve, unbegun, type ErasureEvolveTable } from '../../../src/core/erasure/evolve.ts'
import { holdByHand, unreadHoldsOf } from '../../../src/core/erasure/hold.ts'
import { planErasure, withHolds, type Plan } from '../../../src/core/erasure/plan.ts'
import {
  mostRounds,
  nextCheck,
  toApprove,
  type Erasure,
  type ErasureCommand,
  type ErasureEvent,
  type Report,
  type Returned,
  type Step,
  type Trace,
} from '../../../src/core/erasure/erasure.ts'
import { dueSteps, stepId } from '../../../src/core/erasure/steps.ts'
import type { Actor } from '../../../src/core/request/request.ts'

const dpo: Actor = { kind: 'staff', user: 'u7' }
const now = 1_795_000_000_000
const record = (key: string) => {
  const [connection = '', object = '', id = ''] = key.split(':')
  return { key, connection, object, id, reasons: ['email'] as const }
}
function planOf(keys: readonly string[], held: readonly string[] = []): Plan {
  const hold = {
    rule: 'hold.order',
    ground: '17(3)(b)',
    text: 'C. com. L123-22',
    because: { kind: 'order', object: 'Order', id: '801' },
    until: null,
    review: 21_000,
    instead: 'keep',
  } as const
  return planErasure(
    [...keys, ...held].map((key) => ({
      ...record(key),
      selection: { verdict: 'selected', reasons: ['email'] },
      holds: held.includes(key) ? [hold] : [],
      calls: 5,
    })),
    {
      reaches: [
        { connection: 'hs', means: 'purge', anonymises: false, looking: 12, callsPerMinute: 600 },
        { connection: 'sf', means: 'bin', anonymises: true, looking: 12, callsPerMinute: 600 },
      ],
      unreachable: [],
    },
  )
}

/** Two CRMs of whom the harness knows everything, and a sync that may run between any two steps. */
type World = { readonly traces: Map<string, Trace>; lies: boolean; refuses: boolean; purges: boolean; sync: () => void }
function worldOf(keys: readonly string[]): World {
  const traces = new Map<string, Trace>(keys.map((key) => [key, 'present']))
  return { traces, lies: false, refuses: false, purges: false, sync: () => undefined }
}

function carryOut(world: World, state: Erasure, step: Step): Report {
  const items = state.status === 'running' ? state.items.filter(({ connection }) => connection === step.connection) : []
  if (step.act === 'erase') {
    return {
      sights: [],
      returned: [],
      around: [],
      deeds: items.map(({ key, action }) => {
        if (action === 'keep') return { key, outcome: 'kept', reason: null }
        if (world.refuses) return { key, outcome: 'refused', reason: 'INSUFFICIENT_ACCESS' }
        if (!world.lies) world.traces.set(key, world.purges ? 'purging' : 'absent')
        return { key, outcome: 'erased', reason: null }
      }),
    }
  }
  if (step.act !== 'look') return { deeds: [], sights: [], returned: [], around: [] }
  const known = new Set(items.map(({ key }) => key))
  return {
    deeds: [],
    around: [],
    sights: items.map(({ key }) => ({ key, trace: world.traces.get(key) ?? 'absent' })),
    returned: [...world.traces]
      .filter(([key, trace]) => trace === 'present' && key.startsWith(`${step.connection}:`) && !known.has(key))
      .map(([key]): Returned => record(key)),
  }
}

function must(state: Erasure, command: ErasureCommand, at = now): { readonly state: Erasure; readonly events: readonly ErasureEvent[] } {
  const decided = decide(state, command, at)
  if (!decided.ok) throw new Error(`${command.type}: ${decided.message}`)
  return { state: decided.events.reduce(evolve, state), events: decided.events }
}
function approved(plan: Plan): Erasure {
  return must(must(unbegun, { type: 'plan', plan }).state, { type: 'approve', by: dpo, digest: plan.digest, count: plan.items.length })
    .state
}
function run(world: World, from: Erasure, steps: Step[] = []): Erasure {
  let state = from
  for (let turns = 0; turns < 1000; turns++) {
    const [step] = dueSteps(state)
    if (step === undefined) return state
    world.sync()
    steps.push(step)
    state = must(state, { type: 'report', step, report: carryOut(world, state, step) }).state
  }
  throw new Error('it never ends')
}

describe('an erasure', () => {
  it('suppresses, opts out, prepares everywhere, erases the CRM that may refuse before the one that cannot be taken back, and looks', () => {
    const steps: Step[] = []
    const state = run(worldOf(['sf:Contact:1', 'hs:contacts:2']), approved(planOf(['sf:Contact:1', 'hs:contacts:2'])), steps)
    expect(steps.map(stepId)).toEqual([
      '1:suppress:',
      '1:silence:sf',
      '1:silence:hs',
      '1:prepare:sf',
      '1:prepare:hs',
      '1:erase:sf',
      '1:erase:hs',
      '1:look:sf',
      '1:look:hs',
    ])
    expect(state).toMatchObject({ status: 'settled', standing: 'proved' })
  })
  it('goes round again for somebody whom the sync brings back, and gives up on a sync that never stops', () => {
    const keys = ['sf:Contact:1', 'hs:contacts:2']
    const once = worldOf(keys)
    let made = 0
    once.sync = () => {
      if (once.traces.get('sf:Contact:1') === 'absent' && once.traces.get('hs:contacts:2') === 'present' && made++ === 0)
        once.traces.set('sf:Lead:9', 'present')
    }
    const healed = run(once, approved(planOf(keys)))
    expect(healed).toMatchObject({ status: 'settled', standing: 'proved', round: 2 })
    expect([...once.traces.values()]).toEqual(['absent', 'absent', 'absent'])
    const endless = worldOf(keys)
    endless.sync = () => void endless.traces.set(`hs:contacts:${100 + made++}`, 'present')
    expect(run(endless, approved(planOf(keys)))).toMatchObject({ status: 'settled', standing: 'not-proved', round: mostRounds })
  })
  it('does not believe a CRM that says it erased and keeps the record: once more, then not proved', () => {
    const world = worldOf(['sf:Contact:1'])
    world.lies = true
    const state = run(world, approved(planOf(['sf:Contact:1'])))
    expect(state).toMatchObject({ status: 'settled', standing: 'not-proved', round: 2, items: [{ outcome: 'erased', trace: 'present' }] })
    const retry = toApprove(state)!
    expect(decide(state, { type: 'approve', by: { kind: 'service' }, digest: retry.digest, count: null }, now)).toMatchObject({ ok: false })
    world.lies = false
    const again = must(state, { type: 'approve', by: dpo, digest: retry.digest, count: retry.records }).state
    expect(run(world, again)).toMatchObject({ status: 'settled', standing: 'proved', round: 3 })
  })
  it('says what was refused, without trying for ever', () => {
    const world = worldOf(['sf:Contact:1'])
    world.refuses = true
    expect(run(world, approved(planOf(['sf:Contact:1'])))).toMatchObject({
      standing: 'not-proved',
      round: 1,
      items: [{ outcome: 'refused', reason: 'INSUFFICIENT_ACCESS', trace: 'present' }],
    })
  })
  it('of what the vendor still has to purge is pending, and proved by a later look', () => {
    const world = worldOf(['sf:Contact:1'])
    world.purges = true
    const state = run(world, approved(planOf(['sf:Contact:1'])))
    expect(state).toMatchObject({ standing: 'pending-vendor-purge' })
    expect(nextCheck(state)).toEqual({ check: 'hour', at: now + 3_600_000 })
    const look = (from: Erasure, check: 'hour' | 'day', trace: Trace) =>
      must(from, { type: 'check', check, sights: [{ key: 'sf:Contact:1', trace }], returned: [] }).state
    const hour = look(state, 'hour', 'purging')
    expect(hour).toMatchObject({ standing: 'pending-vendor-purge', checksDone: ['hour'] })
    const day = look(hour, 'day', 'absent')
    expect(day).toMatchObject({ standing: 'proved' })
    expect(nextCheck(day)).toEqual({ check: 'week', at: now + 7 * 86_400_000 })
    expect(decide(day, { type: 'check', check: 'month', sights: [], returned: [] }, now)).toEqual({
      ok: false,
      message: 'the earlier looks come first',
    })
  })
  it('keeps in its file what was refused around the records, and what was done about it later', () => {
    const world = worldOf(['sf:Contact:1'])
    world.lies = true
    const thing = { connection: 'sf', object: 'Case', id: '500', reason: null } as const
    let state = approved(planOf(['sf:Contact:1']))
    for (let step = dueSteps(state)[0]; step !== undefined; step = dueSteps(state)[0]) {
      const outcome = step.round === 1 ? ('refused' as const) : ('detached' as const)
      const around = step.act === 'prepare' && step.connection === 'sf' ? [{ ...thing, outcome }] : []
      state = must(state, { type: 'report', step, report: { ...carryOut(world, state, step), around } }).state
    }
    expect(state).toMatchObject({ status: 'settled', round: 2, around: [{ ...thing, outcome: 'detached' }] })
  })
  it('that keeps a record by law is held, not proved', () => {
    const world = worldOf(['sf:Contact:1', 'hs:contacts:2'])
    const state = run(world, approved(planOf(['hs:contacts:2'], ['sf:Contact:1'])))
    expect(state).toMatchObject({ standing: 'held' })
    expect(Object.fromEntries(world.traces)).toEqual({ 'sf:Contact:1': 'present', 'hs:contacts:2': 'absent' })
  })
  it('of a record that is to be anonymous is held once it was read so, and goes round again for a sync that fills it', () => {
    const plan = planOf(['hs:contacts:2'], ['sf:Contact:1'])
    const weak = withHolds(plan, 'sf:Contact:1', (holds) => holds.map((hold) => ({ ...hold, instead: 'anonymise' as const })))
    const start = approved(weak)
    expect(start).toMatchObject({ items: [{ action: 'erase' }, { action: 'anonymise' }] })
    const walk = (traces: readonly Trace[], outcome: 'anonymised' | 'refused'): Erasure => {
      let state = start
      for (let step = dueSteps(state)[0]; step !== undefined; step = dueSteps(state)[0]) {
        const here = step.connection === 'sf'
        const deed = here
          ? { key: 'sf:Contact:1', outcome, reason: null }
          : { key: 'hs:contacts:2', outcome: 'erased' as const, reason: null }
        const sight = here
          ? { key: 'sf:Contact:1', trace: traces[Math.min(step.round, traces.length) - 1]! }
          : { key: 'hs:contacts:2', trace: 'absent' as const }
        const nothing: Report = { deeds: [], sights: [], returned: [], around: [] }
        const report =
          step.act === 'erase' ? { ...nothing, deeds: [deed] } : step.act === 'look' ? { ...nothing, sights: [sight] } : nothing
        state = must(state, { type: 'report', step, report }).state
      }
      return state
    }
    expect(walk(['anonymous'], 'anonymised')).toMatchObject({ standing: 'held', round: 1 })
    expect(walk(['present', 'anonymous'], 'anonymised')).toMatchObject({ standing: 'held', round: 2 })
    const stuck = walk(['present'], 'anonymised')
    expect(stuck).toMatchObject({ standing: 'not-proved', round: 2 })
    expect(toApprove(stuck)).toMatchObject({ records: 1 })
    expect(walk(['present'], 'refused')).toMatchObject({ standing: 'not-proved', round: 1 })
    expect(walk(['unread'], 'anonymised')).toMatchObject({ standing: 'not-proved' })
    expect(walk(['absent'], 'anonymised')).toMatchObject({ standing: 'held' })
  })
  it('that nobody could look at any more is not proved', () => {
    const state = run(worldOf(['hs:contacts:2']), approved(planOf(['hs:contacts:2'])))
    expect(must(state, { type: 'check', check: 'hour', sights: [], returned: [] }).state).toMatchObject({ standing: 'not-proved' })
  })
  it('erases nothing that came back later before a user has approved it, and keeps whom a user accepts', () => {
    const world = worldOf(['hs:contacts:2'])
    const state = run(world, approved(planOf(['hs:contacts:2'])))
    world.traces.set('hs:contacts:3', 'present')
    const sights = [{ key: 'hs:contacts:2', trace: 'absent' as const }]
    const { state: back, events } = must(state, { type: 'check', check: 'hour', sights, returned: [record('hs:contacts:3')] })
    expect(events.map(({ type }) => type)).toEqual(['checked', 'returned'])
    expect(back).toMatchObject({ status: 'returned', standing: 'not-proved' })
    expect(dueSteps(back)).toEqual([])
    const digest = toApprove(back)!.digest
    expect(decide(back, { type: 'approve', by: dpo, digest: toApprove(state)?.digest ?? '', count: null }, now)).toMatchObject({
      ok: false,
    })
    expect(run(world, must(back, { type: 'approve', by: dpo, digest, count: null }).state)).toMatchObject({ standing: 'proved' })
    const kept = must(back, { type: 'accept', by: dpo, because: 'new-consent' }).state
    expect(kept).toMatchObject({ status: 'settled', standing: 'proved', accepted: ['hs:contacts:3'], checksDone: ['hour'] })
    expect(must(kept, { type: 'check', check: 'day', sights, returned: [record('hs:contacts:3')] }).state).toMatchObject({
      standing: 'proved',
    })
  })
  it('is approved as it was shown, by a user who states the number when there are many, and not at all when nothing was found', () => {
    const many = Array.from({ length: 11 }, (_, n) => `hs:contacts:${n + 1}`)
    const plan = planOf(many)
    const planned = must(unbegun, { type: 'plan', plan }).state
    const approve = (part: object) => decide(planned, { type: 'approve', by: dpo, digest: plan.digest, count: 11, ...part }, now)
    expect(approve({})).toMatchObject({ ok: true })
    expect(approve({ count: 10 })).toEqual({ ok: false, message: 'state the number of records that are to go, as the plan shows it' })
    expect(approve({ by: { kind: 'service' } })).toEqual({ ok: false, message: 'so many records need a user’s approval' })
    expect(approve({ digest: planOf(['hs:contacts:1']).digest })).toMatchObject({ ok: false })
    // An import that brings one person back many times is no smaller for the plan that had a single record.
    const sights = [{ key: 'hs:contacts:0', trace: 'absent' as const }]
    const one = run(worldOf(['hs:contacts:0']), approved(planOf(['hs:contacts:0'])))
    const back = must(one, { type: 'check', check: 'hour', sights, returned: many.map(record) }).state
    const again = (count: number | null) => decide(back, { type: 'approve', by: dpo, digest: toApprove(back)!.digest, count }, now)
    expect([again(null).ok, again(11).ok]).toEqual([false, true])
    const empty = planOf([])
    expect(
      decide(must(unbegun, { type: 'plan', plan: empty }).state, { type: 'approve', by: dpo, digest: empty.digest, count: null }, now),
    ).toEqual({
      ok: false,
      message: 'nothing was found: the answer is that nothing is held',
    })
  })
  it('keeps what somebody holds by hand, whatever is found anew, and lets it go once it is released and approved again', () => {
    const hold = holdByHand('u7', '17(3)(e)', 'C. civ. 2224', null, 20_000)
    const world = worldOf(['sf:Contact:1', 'hs:contacts:2'])
    const plan = planOf(['sf:Contact:1', 'hs:contacts:2'])
    const planned = must(unbegun, { type: 'plan', plan }).state
    const wish: ErasureCommand = { type: 'hold', by: dpo, key: 'sf:Contact:1', hold }
    expect(decide(planned, { ...wish, by: { kind: 'service' } }, now)).toMatchObject({ ok: false })
    expect(decide(planned, { ...wish, key: 'sf:Contact:9' }, now)).toMatchObject({ ok: false })
    const held = must(planned, wish).state
    expect(decide(held, wish, now)).toMatchObject({ ok: false })
    expect(toApprove(held)).toMatchObject({ records: 1 })
    expect(decide(held, { type: 'approve', by: dpo, digest: plan.digest, count: 1 }, now)).toMatchObject({ ok: false })
    const again = must(held, { type: 'plan', plan: planOf(['sf:Contact:1', 'hs:contacts:2', 'hs:contacts:3']) }).state
    expect(again).toMatchObject({ plan: { items: [{ action: 'erase' }, { action: 'erase' }, { action: 'keep', holds: [hold] }] } })
    expect(must(held, { type: 'release', by: dpo, key: 'sf:Contact:1' }).state).toEqual(planned)
    const { digest } = toApprove(held)!
    const settled = run(world, must(held, { type: 'approve', by: dpo, digest, count: 1 }).state)
    expect(settled).toMatchObject({ status: 'settled', standing: 'held' })
    expect(world.traces.get('sf:Contact:1')).toBe('present')
    expect(decide(settled, { type: 'release', by: dpo, key: 'hs:contacts:2' }, now)).toMatchObject({ ok: false })
    const released = must(settled, { type: 'release', by: dpo, key: 'sf:Contact:1' }).state
    expect(released).toMatchObject({ status: 'settled', standing: 'not-proved' })
    const shown = toApprove(released)!
    expect(shown.records).toBe(1)
    const done = run(world, must(released, { type: 'approve', by: dpo, digest: shown.digest, count: 1 }).state)
    expect(done).toMatchObject({ status: 'settled', standing: 'proved' })
    expect([...world.traces.values()]).toEqual(['absent', 'absent'])
  })
  it('keeps what could not be read until a user answers for it, and what is held by hand besides', () => {
    const key = 'sf:Contact:1'
    const rule = {
      id: 'hold.order',
      on: 'order',
      ground: '17(3)(b)',
      text: 'C. com. L123-22',
      period: null,
      closing: null,
      instead: 'keep',
    } as const
    const [unread] = unreadHoldsOf(['order'], [rule], 20_000)
    const plan = withHolds(planOf([key, 'hs:contacts:2']), key, () => [unread!])
    const planned = must(unbegun, { type: 'plan', plan }).state
    expect(decide(planned, { type: 'vouch', by: { kind: 'service' }, key }, now)).toMatchObject({ ok: false })
    expect(decide(planned, { type: 'vouch', by: dpo, key: 'hs:contacts:2' }, now)).toMatchObject({ ok: false })
    expect(decide(planned, { type: 'release', by: dpo, key }, now)).toMatchObject({ ok: false })
    expect(must(planned, { type: 'vouch', by: dpo, key }).state).toMatchObject({
      plan: { items: [{}, { action: 'erase', holds: [], vouched: ['order'] }] },
    })
    const hold = holdByHand('u7', '17(3)(e)', 'C. civ. 2224', null, 20_000)
    const both = must(must(planned, { type: 'hold', by: dpo, key, hold }).state, { type: 'vouch', by: dpo, key }).state
    expect(both).toMatchObject({ plan: { items: [{}, { action: 'keep', holds: [hold] }] } })
    const { digest } = toApprove(planned)!
    const settled = run(worldOf([key, 'hs:contacts:2']), must(planned, { type: 'approve', by: dpo, digest, count: 1 }).state)
    expect(settled).toMatchObject({ standing: 'held' })
    expect(must(settled, { type: 'vouch', by: dpo, key }).state).toMatchObject({ status: 'settled', standing: 'not-proved' })
  })
  it('keeps a record on which something binding came up after the approval; where nobody asked, what is left of the person with it', () => {
    const keys = ['sf:Contact:1', 'hs:contacts:2']
    const hold = holdByHand('u7', '17(3)(b)', 'C. com. L123-22', null, 20_000)
    const after = (plan: Plan): Erasure => {
      let state = approved(plan)
      while (dueSteps(state)[0]?.act !== 'prepare') state = must(state, { type: 'report', step: dueSteps(state)[0]!, report: none }).state
      const step = { round: 1, act: 'prepare', connection: 'sf' } as const
      return must(state, { type: 'report', step, report: { ...none, held: [{ key: keys[0]!, action: 'keep', holds: [hold] }] } }).state
    }
    const none: Report = { deeds: [], sights: [], returned: [], around: [] }
    const asked = after(planOf(keys))
    expect(asked).toMatchObject({
      items: [
        { action: 'erase', holds: [] },
        { action: 'keep', holds: [hold] },
      ],
    })
    expect(run(worldOf(keys), asked)).toMatchObject({ standing: 'held', items: [{ outcome: 'erased' }, { outcome: 'kept' }] })
    const due = after({ ...planOf(keys), occasion: 'retention' })
    expect(run(worldOf(keys), due)).toMatchObject({ standing: 'held', items: [{ outcome: 'kept' }, { outcome: 'kept', holds: [hold] }] })
  })
  it('stopped half-way tells what is gone, the step that was on its way included', () => {
    const keys = ['sf:Contact:1', 'hs:contacts:2']
    const world = worldOf(keys)
    let state = approved(planOf(keys))
    while (dueSteps(state)[0]?.act !== 'erase') {
      const step = dueSteps(state)[0]!
      state = must(state, { type: 'report', step, report: carryOut(world, state, step) }).state
    }
    const step = dueSteps(state)[0]!
    const late = carryOut(world, state, step)
    const stopped = must(state, { type: 'stop' }).state
    expect(stopped).toMatchObject({ status: 'stopped', irreversible: 'nothing' })
    const told = must(stopped, { type: 'report', step, report: late }).state
    expect(told).toMatchObject({ status: 'stopped', irreversible: 'part' })
    expect(decide(told, { type: 'report', step, report: late }, now)).toEqual({ ok: true, events: [] })
    expect(dueSteps(told)).toEqual([])
  })
})

describe('whatever the CRMs, the sync and the workers do', () => {
  it('an erasure ends, is proved only when nothing is there, touches nothing else, and no step counts twice', () => {
    const keys = ['sf:Contact:1', 'sf:Lead:2', 'hs:contacts:3', 'hs:contacts:4']
    const strangers = ['sf:Contact:900', 'hs:contacts:901']
    const moods = fc.record({ lies: fc.boolean(), refuses: fc.boolean(), purges: fc.boolean() })
    const world$ = fc.record({
      held: fc.subarray(keys, { maxLength: 2 }),
      moods: fc.array(moods, { minLength: 1, maxLength: 30 }),
      syncs: fc.array(fc.boolean(), { maxLength: 40 }),
      crashes: fc.array(fc.boolean(), { maxLength: 40 }),
    })
    const seen = new Set<string>()
    fc.assert(
      fc.property(world$, ({ held, moods: changing, syncs, crashes }) => {
        const world = worldOf([...keys])
        const mine = new Set(keys)
        let state = approved(
          planOf(
            keys.filter((key) => !held.includes(key)),
            held,
          ),
        )
        let history: readonly ErasureEvent[] = []
        let made = 0
        for (let turn = 0; dueSteps(state).length > 0; turn++) {
          expect(turn).toBeLessThan(200)
          const due = dueSteps(state)
          const step = due[turn % due.length]!
          Object.assign(world, changing[turn % changing.length])
          // The sync copies whoever is left on one side to the other.
          if (syncs[turn] && [...world.traces.values()].includes('present')) {
            const key = `${turn % 2 === 0 ? 'hs:contacts' : 'sf:Lead'}:${5000 + made++}`
            world.traces.set(key, 'present')
            mine.add(key)
          }
          const report = carryOut(world, state, step)
          // Died between the deed and its record: the step is still due, and is done again.
          if (crashes[turn]) continue
          const told = must(state, { type: 'report', step, report })
          expect(decide(told.state, { type: 'report', step, report }, now)).toEqual({ ok: true, events: [] })
          state = told.state
          history = [...history, ...told.events]
        }
        expect(state.status).toBe('settled')
        if (state.status !== 'settled') return
        seen.add(state.standing)
        const left = state.items.filter(
          ({ key, action }) => action === 'erase' && !['absent', 'purging'].includes(world.traces.get(key) ?? 'absent'),
        )
        if (state.standing === 'proved' || state.standing === 'held') expect(left).toEqual([])
        for (const { key } of state.items) expect(mine.has(key)).toBe(true)
        for (const key of held) expect(world.traces.get(key)).toBe('present')
        for (const key of strangers) expect(state.items.map((item) => item.key)).not.toContain(key)
        expect(
          new Set(history.filter(({ type }) => type === 'reported').map((event) => JSON.stringify('step' in event ? event.step : null)))
            .size,
        ).toBe(history.filter(({ type }) => type === 'reported').length)
      }),
      { seed: 20261122, numRuns: 2000 },
    )
    expect([...seen].sort()).toEqual(['held', 'not-proved', 'pending-vendor-purge', 'proved'])
  })
  it('a history that cannot have happened is refused, and no cell may be missing', () => {
    expect(() => erasureOf([{ type: 'settled', at: 1, standing: 'proved' }])).toThrow('an erasure that is none cannot have been settled')
    // @ts-expect-error a status with no answer to most events
    const events: ErasureEvolveTable['running'] = { planned: 'impossible' }
    // @ts-expect-error a status with no answer to most commands
    const commands: ErasureDecideTable['running'] = { stop: () => ({ ok: true, events: [] }) }
    expect([Object.keys(events), Object.keys(commands)]).toEqual([['planned'], ['stop']])
  })
})

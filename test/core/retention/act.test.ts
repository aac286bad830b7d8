import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, decideCase } from '../../../src/core/retention/act-decide.ts'
import { evolve, evolveCase, unshown } from '../../../src/core/retention/act-evolve.ts'
import {
  approversOf,
  type Case,
  type CaseCommand,
  type CaseEvent,
  type Moment,
  type Retention,
  type RetentionCommand,
  type RetentionEvent,
  type Shown,
} from '../../../src/core/retention/act.ts'
import { allowedIn, spentWith, type Acts, type Limits } from '../../../src/core/retention/brake.ts'

const DAY = 86_400_000
const now = 1_795_000_000_000
const limits: Limits = { share: 0.02, count: 500, windowMs: 30 * DAY, fourEyesAbove: 100, people: 2, waitMs: DAY, maxAgeMs: DAY }
const spent = { hs: { inWindow: 0, records: 10_000 } }
const moment: Moment = { now, stops: [], spent, limits }
const shownOf = (count: number, more: Partial<Shown> = {}): Shown => ({
  digest: `d${count}`,
  day: '2026-11-22',
  madeAt: now,
  persons: count,
  acts: { hs: count },
  automatic: false,
  ...more,
})

const give = (state: Retention, command: RetentionCommand, at: Moment = moment): Retention => {
  const decided = decide(state, command, at)
  if (!decided.ok) throw new Error(decided.message)
  return decided.events.reduce(evolve, state)
}
const approve = (by: string, shown: Shown, count: number | null = null): RetentionCommand => ({
  type: 'approve',
  by,
  digest: shown.digest,
  count,
})

const small = shownOf(5)
const large = shownOf(150)
const states: { readonly [S in Retention['status']]: Extract<Retention, { status: S }> } = {
  none: { status: 'none' },
  shown: { status: 'shown', shown: small, approvals: [], braked: false },
  released: { status: 'released', shown: small, approvals: [{ user: 'ana', at: now }], from: now },
  ended: { status: 'ended', shown: small, approvals: [], at: now, because: 'stopped', by: 'ana' },
}
const commands: { readonly [C in RetentionCommand['type']]: Extract<RetentionCommand, { type: C }> } = {
  show: { type: 'show', shown: small },
  'leave-out': { type: 'leave-out', by: 'ana', shown: shownOf(4) },
  approve: { type: 'approve', by: 'ben', digest: small.digest, count: null },
  spend: { type: 'spend', acts: { hs: 1 } },
  end: { type: 'end', because: 'stopped', by: 'ben' },
}

describe('what may be done with a list', () => {
  it('by state and command', () => {
    const answers = Object.fromEntries(
      Object.entries(states).map(([status, state]) => [
        status,
        Object.fromEntries(
          Object.entries(commands).map(([type, command]) => {
            const decided = decide(state, command, moment)
            return [type, decided.ok ? decided.events.map((event) => event.type).join('+') || 'already' : 'refused']
          }),
        ),
      ]),
    )
    expect(answers).toEqual({
      none: { show: 'shown', 'leave-out': 'refused', approve: 'refused', spend: 'refused', end: 'refused' },
      shown: { show: 'refused', 'leave-out': 'left-out', approve: 'approved+released', spend: 'refused', end: 'ended' },
      released: { show: 'refused', 'leave-out': 'refused', approve: 'already', spend: 'already', end: 'ended' },
      ended: { show: 'refused', 'leave-out': 'refused', approve: 'refused', spend: 'refused', end: 'already' },
    })
  })

  it('every event leads somewhere from where it can happen, and throws anywhere else', () => {
    const events: { readonly [E in RetentionEvent['type']]: Extract<RetentionEvent, { type: E }> } = {
      shown: { type: 'shown', at: now, shown: small },
      'left-out': { type: 'left-out', at: now, by: 'ana', shown: shownOf(4) },
      approved: { type: 'approved', at: now, by: 'ana', digest: small.digest },
      released: { type: 'released', at: now, from: now },
      braked: { type: 'braked', at: now, connection: 'hs', acts: 3, allowed: 2 },
      ended: { type: 'ended', at: now, because: 'stopped', by: 'ana' },
    }
    const possible = Object.entries(states).map(([status, state]) => [
      status,
      Object.entries(events).flatMap(([type, event]) => {
        try {
          return [`${type}: ${evolve(state, event).status}`]
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          return []
        }
      }),
    ])
    expect(Object.fromEntries(possible)).toEqual({
      none: ['shown: shown'],
      shown: ['left-out: shown', 'approved: shown', 'released: released', 'ended: ended'],
      released: ['braked: shown', 'ended: ended'],
      ended: [],
    })
  })
})

describe('an approval', () => {
  it('of one person is enough below the brake, and begins after the waiting time', () => {
    expect(give(states.shown, approve('ana', small))).toMatchObject({ status: 'released', from: now + DAY })
  })
  it('above it takes two different people, each with the number of records', () => {
    const shown = give(unshown, { type: 'show', shown: large })
    expect(decide(shown, approve('ana', large), moment)).toMatchObject({ ok: false, message: expect.stringContaining('--count') })
    const once = give(shown, approve('ana', large, 150))
    expect(once.status).toBe('shown')
    expect(decide(once, approve('ana', large, 150), moment)).toMatchObject({ ok: false })
    expect(['Ana', ' ANA ', 'Aná'].map((by) => decide(once, approve(by, large, 150), moment).ok)).toEqual([false, false, false])
    expect(give(once, approve('ben', large, 150)).status).toBe('released')
  })
  it('counts what ten lists just below the limit have destroyed within the window', () => {
    const limit = { ...limits, fourEyesAbove: 1_000, share: 1 }
    const list = shownOf(499)
    for (const [inWindow, status] of [
      [0, 'released'],
      [1, 'released'],
      [2, 'shown'],
      [499, 'shown'],
    ] as const) {
      const at = { ...moment, limits: limit, spent: { hs: { inWindow, records: 100_000 } } }
      expect(give(give(unshown, { type: 'show', shown: list }, at), approve('ana', list, 499), at).status).toBe(status)
    }
  })
  it('approves nothing when it is of another list, too old, or anything is stopped', () => {
    expect(decide(states.shown, { ...commands.approve, digest: 'other' }, moment)).toMatchObject({ ok: false })
    expect(decide(states.shown, commands.approve, { ...moment, now: now + DAY + 1 })).toMatchObject({ ok: false })
    expect(decide(states.shown, commands.approve, { ...moment, now: now - 1 })).toMatchObject({ ok: false })
    expect(decide(states.shown, commands.approve, { ...moment, stops: ['the clock'] })).toMatchObject({ ok: false })
  })
  it('is lost when somebody is left out: what remains is another list', () => {
    const once = give(give(unshown, { type: 'show', shown: large }), approve('ana', large, 150))
    expect(give(once, { type: 'leave-out', by: 'ben', shown: shownOf(149) })).toMatchObject({ approvals: [] })
  })
  it('is not needed where every rule is automatic, but for the brake and the waiting time', () => {
    const automatic = shownOf(5, { automatic: true })
    const released = give(unshown, { type: 'show', shown: automatic })
    expect(released).toMatchObject({ status: 'released', from: now + DAY, approvals: [] })
    expect(decide(released, { type: 'spend', acts: { hs: 1 } }, moment)).toMatchObject({ ok: false })
    expect(decide(released, { type: 'spend', acts: { hs: 1 } }, { ...moment, now: now + DAY })).toEqual({ ok: true, events: [] })
    expect(give(unshown, { type: 'show', shown: shownOf(201, { automatic: true }) }).status).toBe('shown')
  })
  it('of one person is stopped by the brake when other lists have used the window up', () => {
    const full = { ...moment, now: now + DAY, spent: { hs: { inWindow: 200, records: 10_000 } } }
    const braked = give({ ...states.released, from: now }, { type: 'spend', acts: { hs: 5 } }, full)
    expect(braked).toMatchObject({ status: 'shown', braked: true, approvals: [{ user: 'ana', at: now }] })
    const second = { ...full, now: now + 1 }
    expect(give(braked, approve('ben', small, 5), second).status).toBe('released')
  })
})

describe('one person of a list', () => {
  const cases: { readonly [S in Case['status']]: Extract<Case, { status: S }> } = {
    waiting: { status: 'waiting', notBefore: null },
    asked: { status: 'asked', at: now - DAY, until: now },
    begun: { status: 'begun', at: now, acts: { hs: 1 }, again: [] },
    dropped: { status: 'dropped', at: now, why: 'not-due' },
    closed: { status: 'closed', at: now, acts: { hs: 1 }, again: [], standing: 'proved' },
  }
  const asks: { readonly [C in CaseCommand['type']]: Extract<CaseCommand, { type: C }> } = {
    ask: { type: 'ask', until: now + DAY },
    begin: { type: 'begin', acts: { hs: 1 } },
    drop: { type: 'drop', why: 'held' },
    'see-again': { type: 'see-again', keys: ['hs:contacts:2'] },
    close: { type: 'close', standing: 'proved' },
  }
  it('by state and command: nothing begins twice, and nothing that has begun is taken back', () => {
    const answers = Object.fromEntries(
      Object.entries(cases).map(([status, state]) => [
        status,
        Object.fromEntries(
          Object.entries(asks).map(([type, command]) => {
            const decided = decideCase(state, command, now)
            return [type, decided.ok ? decided.events.map((event) => event.type).join('+') || 'already' : 'refused']
          }),
        ),
      ]),
    )
    expect(answers).toEqual({
      waiting: { ask: 'asked', begin: 'begun', drop: 'dropped', 'see-again': 'refused', close: 'refused' },
      asked: { ask: 'already', begin: 'begun', drop: 'dropped', 'see-again': 'refused', close: 'refused' },
      begun: { ask: 'refused', begin: 'already', drop: 'refused', 'see-again': 'seen-again', close: 'closed' },
      dropped: { ask: 'refused', begin: 'refused', drop: 'already', 'see-again': 'refused', close: 'refused' },
      closed: { ask: 'refused', begin: 'already', drop: 'refused', 'see-again': 'already', close: 'already' },
    })
  })
  it('leaves the list after they have begun for what they ask for alone', () => {
    const decided = decideCase(cases.begun, { type: 'drop', why: 'request' }, now)
    expect(decided.ok && decided.events.reduce(evolveCase, cases.begun as Case)).toEqual({ status: 'dropped', at: now, why: 'request' })
  })
  it('is not begun while a last message may still be answered', () => {
    expect(decideCase({ ...cases.asked, until: now + 1 }, asks.begin, now)).toMatchObject({ ok: false })
    expect(decideCase({ status: 'waiting', notBefore: now + 1 }, asks.begin, now)).toMatchObject({ ok: false })
  })
  it('an event that cannot have happened throws', () => {
    const begun: CaseEvent = { type: 'begun', at: now, acts: { hs: 1 } }
    for (const status of ['begun', 'dropped', 'closed'] as const) expect(() => evolveCase(cases[status], begun)).toThrow(RangeError)
  })
})

/** Any number of lists, people and days, against one CRM. Whoever begins a person counts. */
type Move =
  | { readonly do: 'show'; readonly persons: number; readonly automatic: boolean }
  | { readonly do: 'approve'; readonly list: number; readonly by: 'ana' | 'ben' | 'cy'; readonly honest: boolean }
  | { readonly do: 'begin'; readonly list: number; readonly person: number }
  | { readonly do: 'end'; readonly list: number }
  | { readonly do: 'wait'; readonly hours: number }
  | { readonly do: 'clock'; readonly stopped: boolean }

const moves = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('show' as const), persons: fc.integer({ min: 3, max: 12 }), automatic: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      list: fc.nat(3),
      by: fc.constantFrom('ana' as const, 'ben' as const, 'cy' as const),
      honest: fc.boolean(),
    }),
  },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('begin' as const), list: fc.nat(3), person: fc.nat(11) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 25, 25, 24 * 20, 24 * 31) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock' as const), stopped: fc.constantFrom(false, false, true) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), list: fc.nat(3) }) },
)
type World = {
  now: number
  stopped: boolean
  braked: boolean
  lists: { retention: Retention; cases: Case[] }[]
  begun: { at: number; list: number; person: number; lone: boolean }[]
}
const tight: Limits = { ...limits, share: 1, count: 10, fourEyesAbove: 8 }
const RECORDS = 1_000

function momentIn(world: World): Moment {
  const inWindow = world.begun.filter(({ at }) => at > world.now - tight.windowMs).length
  return { now: world.now, stops: world.stopped ? ['the clock'] : [], limits: tight, spent: { hs: { inWindow, records: RECORDS } } }
}

function play(world: World, move: Move): void {
  const list = 'list' in move ? world.lists[move.list] : undefined
  const tell = (command: RetentionCommand): readonly RetentionEvent[] => {
    if (list === undefined) return []
    const decided = decide(list.retention, command, momentIn(world))
    if (!decided.ok) return []
    list.retention = decided.events.reduce(evolve, list.retention)
    return decided.events
  }
  switch (move.do) {
    case 'wait':
      world.now += move.hours * 3_600_000
      return
    case 'clock':
      world.stopped = move.stopped
      return
    case 'show': {
      const shown = shownOf(move.persons, { madeAt: world.now, automatic: move.automatic })
      const decided = decide(unshown, { type: 'show', shown }, momentIn(world))
      if (!decided.ok || world.lists.length > 3) return
      const cases = Array.from({ length: move.persons }, (): Case => ({ status: 'waiting', notBefore: null }))
      world.lists.push({ retention: decided.events.reduce(evolve, unshown), cases })
      return
    }
    case 'approve': {
      if (list === undefined || list.retention.status === 'none') return
      const { digest, acts } = list.retention.shown
      tell({ type: 'approve', by: move.by, digest: move.honest ? digest : 'another', count: acts['hs'] ?? 0 })
      return
    }
    case 'end':
      tell({ type: 'end', because: 'stopped', by: 'ana' })
      return
    case 'begin':
      for (let person = 0; person <= move.person; person++) begin(world, move.list, person)
      return
    default:
      move satisfies never
  }
}

function begin(world: World, number: number, person: number): void {
  const list = world.lists[number]
  const one = list?.cases[person]
  if (list === undefined || one === undefined) return
  const acts: Acts = { hs: 1 }
  const before = list.retention
  const spend = decide(before, { type: 'spend', acts }, momentIn(world))
  if (!spend.ok) return
  list.retention = spend.events.reduce(evolve, before)
  if (spend.events.length > 0) world.braked = true
  if (spend.events.length > 0) return
  const begun = decideCase(one, { type: 'begin', acts }, world.now)
  if (!begun.ok || begun.events.length === 0) return
  list.cases[person] = begun.events.reduce(evolveCase, one)
  expect(world.stopped).toBe(false)
  if (before.status !== 'released') throw new Error('begun without an approved list')
  const people = approversOf(before).length
  expect(people > 0 || before.shown.automatic).toBe(true)
  expect(world.now).toBeGreaterThanOrEqual(before.from)
  expect(before.from - before.shown.madeAt).toBeGreaterThanOrEqual(tight.waitMs)
  if (people === 1) expect(before.shown.acts['hs']).toBeLessThanOrEqual(tight.fourEyesAbove)
  world.begun.push({ at: world.now, list: number, person, lone: people < 2 })
}

describe('whatever people, lists and clocks do', () => {
  it('nobody goes without approval, nobody twice, and never more than the brake lets one person approve', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.array(moves, { minLength: 40, maxLength: 160 }), (sequence) => {
        const world: World = { now, stopped: false, braked: false, lists: [], begun: [] }
        for (const move of sequence) play(world, move)
        const ids = world.begun.map(({ list, person }) => `${list}:${person}`)
        expect(new Set(ids).size).toBe(ids.length)
        if (world.braked) seen.add('braked')
        world.begun.forEach(({ at, lone }, index) => {
          seen.add(lone ? 'by one or none' : 'by two')
          if (!lone) return
          const inWindow = world.begun.slice(0, index + 1).filter((one) => one.at > at - tight.windowMs).length
          expect(inWindow).toBeLessThanOrEqual(tight.count)
        })
      }),
      { seed: 20261122, numRuns: 400 },
    )
    expect([...seen].sort()).toEqual(['braked', 'by one or none', 'by two'])
  })
  it('what the brake allows never grows with what was destroyed, and never passes the count', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(2_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(2_000),
        (records, gone, share, count) => {
          const allowed = allowedIn({ share, count }, { inWindow: 0, records })
          expect(allowed).toBeLessThanOrEqual(count)
          const left = Math.max(0, records - gone)
          expect(allowedIn({ share, count }, { inWindow: records - left, records: left })).toBe(allowed)
          // Nor with what has begun in the same moment, one after the other.
          const begun = spentWith(spentWith({ hs: { inWindow: 0, records } }, { hs: records - left }), { hs: 0, sf: 1 })
          expect(begun).toEqual({ hs: { inWindow: records - left, records: left }, sf: { inWindow: 1, records: 0 } })
        },
      ),
    )
  })
})

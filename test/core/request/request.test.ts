import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, type DecideTable, type Moment } from '../../../src/core/request/decide.ts'
import { evolve, requestOf, unborn, type EvolveTable } from '../../../src/core/request/evolve.ts'
import {
  isImmediate,
  isOpen,
  rights,
  type Actor,
  type Request,
  type RequestCommand,
  type RequestEvent,
} from '../../../src/core/request/request.ts'
import { workingDaysIn } from '../../../src/core/request/deadline-holidays.ts'
import { dayStartIn, localDayIn } from '../../../src/core/time/time-zone.ts'

const calendar = { localDay: localDayIn('Europe/Paris'), dayStart: dayStartIn('Europe/Paris'), isWorking: workingDaysIn('france') }
const receivedAt = Date.parse('2026-11-25T09:00:00Z')
const at = (iso: string): Moment => ({ now: Date.parse(`${iso}T10:00:00Z`), calendar })
const moment = at('2026-11-26')
const dpo: Actor = { kind: 'staff', user: 'u7' }
const service: Actor = { kind: 'service' }
const person: Actor = { kind: 'person' }

const receive = (part: Partial<Extract<RequestCommand, { type: 'receive' }>> = {}): RequestCommand => ({
  type: 'receive',
  at: receivedAt,
  origin: 'email',
  right: 'erasure',
  scope: 'all',
  ...part,
})
/** Runs commands that must all be allowed. */
function after(commands: readonly RequestCommand[], when = moment): { readonly state: Request; readonly events: readonly RequestEvent[] } {
  return commands.reduce<{ state: Request; events: readonly RequestEvent[] }>(
    ({ state, events }, command) => {
      const decided = decide(state, command, when)
      if (!decided.ok) throw new Error(`${command.type}: ${decided.message}`)
      return { state: decided.events.reduce(evolve, state), events: [...events, ...decided.events] }
    },
    { state: unborn, events: [] },
  )
}
const refusal = (state: Request, command: RequestCommand, when = moment): string => {
  const decided = decide(state, command, when)
  return decided.ok ? `allowed: ${decided.events.map(({ type }) => type).join()}` : decided.message
}
const link: RequestCommand = { type: 'identify', by: person, proof: { by: 'signed-link' } }
const ask = (part: Partial<Extract<RequestCommand, { type: 'doubt-identity' }>>): RequestCommand => ({
  type: 'doubt-identity',
  by: dpo,
  doubt: 'address-not-on-record',
  details: ['customer-number'],
  ...part,
})

describe('a request', () => {
  it('is received, proved by a signed link, begun and answered in time', () => {
    const { state, events } = after([
      receive(),
      { type: 'acknowledge' },
      link,
      { type: 'begin', by: dpo },
      { type: 'answer', by: service, outcome: 'part' },
    ])
    expect(events.map(({ type }) => type)).toEqual(['received', 'acknowledged', 'identified', 'begun', 'answered'])
    expect(state).toMatchObject({ status: 'answered', outcome: 'part', late: false, receivedAt, acknowledgedAt: moment.now })
    expect(requestOf(events)).toEqual(state)
  })
  it('says so when the answer is late, and not when the time was extended', () => {
    const begun = after([receive(), link, { type: 'begin', by: dpo }])
    const answer: RequestCommand = { type: 'answer', by: service, outcome: 'full' }
    expect(decide(begun.state, answer, at('2026-12-28'))).toMatchObject({ events: [{ late: false }] })
    expect(decide(begun.state, answer, at('2026-12-29'))).toMatchObject({ events: [{ late: true }] })
    const extended = after([receive(), link, { type: 'begin', by: dpo }, { type: 'extend', by: dpo, reason: 'complexity' }])
    expect(decide(extended.state, answer, at('2027-02-25'))).toMatchObject({ events: [{ late: false }] })
    expect(decide(extended.state, answer, at('2027-02-26'))).toMatchObject({ events: [{ late: true }] })
  })
  it('is extended once, and only within the first month', () => {
    const { state } = after([receive(), link])
    const extend: RequestCommand = { type: 'extend', by: dpo, reason: 'number-of-requests' }
    expect(refusal(state, extend, at('2026-12-28'))).toBe('allowed: extended')
    expect(refusal(state, extend, at('2026-12-29'))).toContain('within the first month')
    const again = after([receive(), link, extend])
    expect(refusal(again.state, extend)).toBe('allowed: ')
    expect(refusal(again.state, { ...extend, reason: 'complexity' })).toBe('the time is extended once only')
  })
  it('that nobody knows cannot be begun, unless it takes effect at once', () => {
    expect(refusal(after([receive()]).state, { type: 'begin', by: service })).toBe('first make sure who is asking')
    expect(refusal(after([receive({ right: 'withdrawal' })]).state, { type: 'begin', by: service })).toBe('allowed: begun')
    expect(refusal(after([receive({ right: 'objection', scope: 'marketing' })]).state, { type: 'begin', by: service })).toBe(
      'allowed: begun',
    )
    expect(refusal(after([receive({ right: 'objection', scope: 'particular-situation' })]).state, { type: 'begin', by: service })).toBe(
      'first make sure who is asking',
    )
  })
  it('of marketing cannot be doubted, extended or refused', () => {
    const { state } = after([receive({ right: 'objection', scope: 'marketing' })])
    expect(refusal(state, ask({}))).toContain('takes effect at once')
    expect(refusal(state, { type: 'extend', by: dpo, reason: 'complexity' })).toContain('takes effect at once')
    expect(refusal(state, { type: 'refuse', by: dpo, reason: 'excessive' })).toContain('cannot be refused')
  })
  it('is refused by a named user, for a reason that its right knows', () => {
    const { state } = after([receive(), link])
    expect(refusal(state, { type: 'refuse', by: service, reason: 'no-ground' })).toContain('name the user')
    expect(refusal(after([receive()]).state, { type: 'refuse', by: service, reason: 'identity-not-established' })).toContain(
      'name the user',
    )
    expect(refusal(state, { type: 'refuse', by: dpo, reason: 'compelling-grounds' })).toContain('only an objection')
    expect(refusal(state, { type: 'refuse', by: dpo, reason: 'identity-not-established' })).toBe('the person has been identified')
    expect(refusal(state, { type: 'refuse', by: dpo, reason: 'no-ground' })).toBe('allowed: refused')
    expect(refusal(after([receive()]).state, { type: 'refuse', by: dpo, reason: 'identity-not-established' })).toContain(
      'ask for more details',
    )
  })
  it('withdrawn half-way tells what could not be taken back', () => {
    const begun = after([receive(), link, { type: 'begin', by: dpo }])
    expect(after([receive(), { type: 'withdraw', irreversible: 'part' }]).state).toMatchObject({
      status: 'withdrawn',
      irreversible: 'nothing',
    })
    const half = decide(begun.state, { type: 'withdraw', irreversible: 'part' }, moment)
    expect(half).toEqual({ ok: true, events: [{ type: 'withdrawn', at: moment.now, irreversible: 'part' }] })
    expect(refusal(begun.state, { type: 'withdraw', irreversible: 'all' })).toContain('nothing left to withdraw')
  })
  it('keeps its deadline when the calendar is mended later', () => {
    const { events } = after([receive()])
    expect(requestOf(events)).toMatchObject({ deadline: { received: calendar.localDay(receivedAt) } })
  })
})

describe('who is asking', () => {
  it('is settled by a session or a signed link, with no more questions', () => {
    for (const [origin, proof] of [
      ['session', { by: 'session' }],
      ['signed-link', { by: 'signed-link' }],
    ] as const) {
      const { state } = after([receive({ origin })])
      expect(refusal(state, { type: 'identify', by: service, proof })).toBe('allowed: identified')
      expect(refusal(state, ask({ doubt: 'details-contradict' }))).toContain('leaves no room for this doubt')
      expect(refusal(state, ask({ doubt: 'mailbox-shared' }))).toBe('allowed: identity-doubted')
    }
    expect(refusal(after([receive()]).state, { type: 'identify', by: service, proof: { by: 'session' } })).toContain('did not come through')
  })
  it('is asked for details only on a recorded doubt of somebody', () => {
    const { state } = after([receive()])
    expect(refusal(state, { type: 'identify', by: dpo, proof: { by: 'details', details: ['customer-number'] } })).toContain(
      'only after a doubt has been recorded',
    )
    expect(refusal(state, ask({ by: service }))).toContain('name the user')
    const doubted = after([receive(), ask({})])
    expect(refusal(doubted.state, { type: 'identify', by: dpo, proof: { by: 'details', details: ['order-reference'] } })).toContain(
      'only details that were asked for',
    )
    expect(refusal(doubted.state, { type: 'identify', by: dpo, proof: { by: 'details', details: [] } })).toContain('at least one')
    expect(refusal(doubted.state, link)).toContain('settled by the details')
    expect(refusal(doubted.state, { type: 'identify', by: dpo, proof: { by: 'details', details: ['customer-number'] } })).toBe(
      'allowed: identified',
    )
  })
  it('is never asked for an identity document by default, and never for it among others', () => {
    const id = { details: ['identity-document'] as const }
    const milder = 'the copy of an identity document is asked for only after something milder has not settled the doubt'
    expect(refusal(after([receive()]).state, ask(id))).toBe(milder)
    const doubted = after([receive(), ask({})]).state
    expect(refusal(doubted, ask(id))).toBe(milder)
    expect(refusal(doubted, ask({ doubt: 'still-unclear', details: ['identity-document', 'customer-number'] }))).toContain('alone')
    expect(refusal(doubted, ask({ doubt: 'still-unclear', ...id }))).toBe('allowed: identity-doubted')
  })
  it('stops a clock that is told apart while we wait', () => {
    const { state } = after([receive(), ask({})])
    expect(state).toMatchObject({ status: 'identity-check', questions: [{ askedAt: moment.now, answeredAt: null }] })
    const answered = decide(state, { type: 'identify', by: dpo, proof: { by: 'details', details: ['customer-number'] } }, at('2026-12-01'))
    expect(answered.ok && evolve(state, answered.events[0]!)).toMatchObject({
      status: 'identified',
      questions: [{ askedAt: moment.now, answeredAt: at('2026-12-01').now }],
    })
  })
})

describe('the tables', () => {
  const scope = { right: fc.constantFrom(...rights), scope: fc.constantFrom('all', 'marketing', 'particular-situation') }
  const origin = fc.constantFrom('session', 'signed-link', 'form', 'email', 'representative')
  const by = fc.constantFrom(dpo, service, person)
  const details = fc.subarray(['signed-link', 'customer-number', 'mandate', 'identity-document'] as const)
  const rare = fc.oneof(
    fc.record({ type: fc.constant('receive'), at: fc.constant(receivedAt), origin, ...scope }),
    fc.record({ type: fc.constant('withdraw'), irreversible: fc.constantFrom('nothing', 'part', 'all') }),
    fc.record({ type: fc.constant('close') }),
    fc.record({ type: fc.constant('acknowledge') }),
  )
  const common = fc.oneof(
    fc.record({
      type: fc.constant('doubt-identity'),
      by,
      doubt: fc.constantFrom('mailbox-shared', 'still-unclear', 'address-not-on-record'),
      details,
    }),
    fc.record({
      type: fc.constant('identify'),
      by,
      proof: fc.oneof(fc.constantFrom({ by: 'session' }, { by: 'signed-link' }), fc.record({ by: fc.constant('details'), details })),
    }),
    fc.record({ type: fc.constant('begin'), by }),
    fc.record({ type: fc.constant('extend'), by, reason: fc.constantFrom('complexity', 'number-of-requests') }),
    fc.record({ type: fc.constant('answer'), by, outcome: fc.constantFrom('full', 'part', 'nothing-held') }),
    fc.record({
      type: fc.constant('refuse'),
      by,
      reason: fc.constantFrom('excessive', 'identity-not-established', 'no-ground', 'compelling-grounds'),
    }),
  )
  const command = fc.oneof({ weight: 1, arbitrary: rare }, { weight: 8, arbitrary: common }) as fc.Arbitrary<RequestCommand>

  const openings = [receive({ right: 'objection', scope: 'marketing' }), receive({ origin: 'signed-link' }), receive()]

  it('let no sequence of commands break what the law says', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.array(command, { minLength: 4, maxLength: 25 }), fc.constantFrom(...openings), (commands, opening) => {
        let state: Request = unborn
        const events: RequestEvent[] = []
        for (const one of [opening, ...commands]) {
          const decided = decide(state, one, moment)
          if (!decided.ok) {
            expect(decided.message.length).toBeGreaterThan(10)
            continue
          }
          for (const event of decided.events) {
            const before = state
            state = evolve(state, event)
            seen.add(`${before.status} ${event.type}`)
            events.push(event)
            if (before.status !== 'none' && !isOpen(before.status)) expect(event.type).toBe('closed')
            if (state.status === 'in-progress') expect(state.proof !== null || isImmediate(state)).toBe(true)
            if (state.status === 'refused' || state.status === 'identity-check') expect(isImmediate(state)).toBe(false)
          }
          // Whatever was done once may be asked for again: a worker that dies between the deed and its record asks twice.
          if (decided.events.length > 0 && one.type !== 'receive' && one.type !== 'doubt-identity')
            expect(decide(state, one, moment)).toEqual({ ok: true, events: [] })
        }
        expect(requestOf(events)).toEqual(state)
      }),
      { seed: 20261122, numRuns: 3000 },
    )
    expect([...seen].sort()).toEqual([
      'answered closed',
      'identified acknowledged',
      'identified answered',
      'identified begun',
      'identified extended',
      'identified identity-doubted',
      'identified refused',
      'identified withdrawn',
      'identity-check acknowledged',
      'identity-check extended',
      'identity-check identified',
      'identity-check identity-doubted',
      'identity-check refused',
      'identity-check withdrawn',
      'in-progress acknowledged',
      'in-progress answered',
      'in-progress extended',
      'in-progress refused',
      'in-progress withdrawn',
      'none received',
      'received acknowledged',
      'received begun',
      'received extended',
      'received identified',
      'received identity-doubted',
      'received refused',
      'received withdrawn',
      'refused closed',
      'withdrawn closed',
    ])
  })
  it('refuse a history that cannot have happened', () => {
    expect(() => requestOf([{ type: 'answered', at: 1, by: service, outcome: 'full', late: false }])).toThrow(
      'a request that is none cannot have been answered',
    )
    const { events } = after([receive(), link, { type: 'begin', by: dpo }])
    expect(() => requestOf([...events, ...events.slice(2)])).toThrow('a request that is in-progress cannot have been begun')
  })
  it('do not compile with a cell missing', () => {
    // @ts-expect-error a status with no answer to nine of the ten events
    const events: EvolveTable['received'] = { received: 'impossible' }
    // @ts-expect-error a status with no answer to nine of the ten commands
    const commands: DecideTable['received'] = { close: () => ({ ok: true, events: [] }) }
    expect([Object.keys(events), Object.keys(commands)]).toEqual([['received'], ['close']])
  })
})

import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/request/change-decide.ts'
import { evolve, unchanged } from '../../../src/core/request/change-evolve.ts'
import {
  dueChanges,
  irreversibleOf,
  toApprove,
  type Change,
  type ChangeIn,
  type ChangeCommand,
  type ChangeItem,
} from '../../../src/core/request/change.ts'
import { retryAt } from '../../../src/core/request/change-due.ts'
import type { Actor } from '../../../src/core/request/request.ts'

const service: Actor = { kind: 'service' }
const dpo: Actor = { kind: 'staff', user: 'u1' }
const item = (connection: string, fields: readonly string[] = []): ChangeItem => ({
  key: `${connection}:contacts:1`,
  connection,
  object: 'contacts',
  id: '1',
  fields,
})
const both = [item('hubspot'), item('salesforce')]
function after(commands: readonly ChangeCommand[], from: Change = unchanged): Change {
  return commands.reduce<Change>((state, command) => {
    const decided = decide(state, command, 1_000)
    if (!decided.ok) throw new Error(`${command.type}: ${decided.message}`)
    return decided.events.reduce(evolve, state)
  }, from)
}
const told = (state: Change, command: ChangeCommand): string => {
  const decided = decide(state, command, 1_000)
  return decided.ok ? decided.events.map(({ type }) => type).join() : decided.message
}
const begin = (goal: 'opt-out' | 'restrict' | 'lift' | 'correct', by: Actor = service): ChangeCommand => ({
  type: 'begin',
  by,
  goal,
  losses: [],
})
const find = (items: readonly ChangeItem[], gaps: readonly string[] = []): ChangeCommand => ({
  type: 'find',
  items,
  gaps,
  sides: ['hubspot', 'salesforce'],
})
const write = (connection: string, outcome: 'written' | 'refused' = 'written'): ChangeCommand => ({
  type: 'write',
  connection,
  deeds: [{ key: item(connection).key, outcome, reason: outcome === 'refused' ? 'INVALID' : null }],
})
const look = (connection: string, seen: 'as-asked' | 'otherwise' | 'gone' | 'unread' = 'as-asked'): ChangeCommand => ({
  type: 'look',
  connection,
  sights: [{ key: item(connection).key, seen }],
})
const all = (end: ChangeCommand): readonly ChangeCommand[] => [find(both), write('hubspot'), write('salesforce'), look('hubspot'), end]
const plan = (fields: readonly string[], address: string | null = null): ChangeCommand => ({
  type: 'plan',
  plan: { items: [item('hubspot', fields)], suggestions: [], gaps: [], digest: 'd', address },
  sides: ['hubspot', 'salesforce'],
  losses: [],
})

const lost = { connection: 'salesforce', crm: 'salesforce', account: null, because: 'contract-ended', by: dpo, at: 1_000 } as const
const lose: ChangeCommand = { type: 'lose', lost }
const regain: ChangeCommand = { type: 'regain', by: dpo, connection: 'salesforce' }

describe('a change of records', () => {
  it('goes on without a CRM that is gone for good, in part; back there, it is not proved before somebody has looked', () => {
    const settled = after([begin('opt-out'), find(both), write('hubspot'), lose, look('hubspot')])
    expect(settled).toMatchObject({
      status: 'settled',
      standing: 'part',
      lost: [lost],
      items: [{ seen: 'as-asked' }, { seen: 'out-of-reach' }],
    })
    expect([told(settled, lose), toApprove(settled), retryAt(settled as ChangeIn<'settled'>) === null]).toEqual(['', null, false])
    expect(after([lose], after([begin('restrict'), find([item('salesforce')]), write('salesforce')]))).toMatchObject({ standing: 'part' })
    const proved = after([begin('opt-out'), ...all(look('salesforce'))])
    expect([told(proved, lose), after([lose], proved)]).toEqual(['lost', expect.objectContaining({ standing: 'part' })])
    expect(after([regain], settled)).toMatchObject({ standing: 'not-proved', items: [{ seen: 'as-asked' }, { seen: 'unread' }] })
    expect(after([regain, begin('opt-out'), ...all(look('salesforce'))], settled)).toMatchObject({ standing: 'proved', round: 2 })
    // Somewhere else it concerns nobody.
    expect(told(after([begin('opt-out'), find([item('hubspot')])]), lose)).toBe('')
    const planned = after([plan(['lastname'])])
    expect(told(planned, { ...lose, lost: { ...lost, connection: 'hubspot' } })).toBe('lost')
    const without = after([{ ...lose, lost: { ...lost, connection: 'hubspot' } }], planned)
    expect(toApprove(without)!.digest).not.toBe('d')
    expect(after([begin('correct', dpo)], without)).toMatchObject({ status: 'settled', standing: 'part' })
  })
  it('is done in part for whoever asks after the loss, and looks for records there before anything is proved once it is back', () => {
    const late = { type: 'begin', by: service, goal: 'opt-out', losses: [lost] } as const
    const hubspot = [find([item('hubspot')]), write('hubspot'), look('hubspot')]
    const settled = after([late, ...hubspot])
    expect(settled).toMatchObject({ standing: 'part', lost: [lost] })
    expect(after([late, { ...find([]), sides: ['hubspot'] } as ChangeCommand])).toMatchObject({ standing: 'part' })
    const again = after([regain, begin('opt-out')], settled)
    expect(again).toMatchObject({ status: 'running', items: null, unlooked: ['salesforce'] })
    // Looked for before it was back, and noted after.
    const stale = { ...find([item('hubspot')]), sides: ['hubspot'] } as ChangeCommand
    expect(after([stale, write('hubspot'), look('hubspot')], again)).toMatchObject({ standing: 'not-proved', unlooked: ['salesforce'] })
    expect(after(all(look('salesforce')), again)).toMatchObject({ standing: 'proved' })
    const half = after([regain], after([late, ...hubspot.slice(0, 2)]))
    expect(dueChanges(half)).toEqual([{ act: 'find' }])
    expect(after([lose], settled)).toEqual(settled)

    const correction = { ...plan(['lastname']), losses: [lost] } as ChangeCommand
    const corrected = after([correction, begin('correct', dpo), write('hubspot'), look('hubspot')])
    expect(corrected).toMatchObject({ standing: 'part', lost: [lost] })
    const back = after([regain], corrected)
    expect([toApprove(back), retryAt(back as ChangeIn<'settled'>), told(back, begin('correct', dpo))]).toEqual([
      null,
      null,
      'salesforce is back, and nobody has looked there: look at it again',
    ])
    expect(after([plan(['lastname'])], back)).toMatchObject({ status: 'planned' })
    const waiting = after([correction, regain])
    expect([toApprove(waiting), told(waiting, begin('correct', dpo))]).toEqual([
      null,
      'salesforce is back, and this was planned without it: plan it anew',
    ])
    expect(toApprove(after([plan(['lastname'])], waiting))).toEqual({ digest: 'd', records: 1 })
  })
  it('finds, writes everywhere, then looks everywhere, and each step counts once', () => {
    const begun = after([begin('opt-out')])
    expect(dueChanges(begun)).toEqual([{ act: 'find' }])
    const found = after([find(both)], begun)
    expect(dueChanges(found)).toEqual([
      { act: 'write', connection: 'hubspot' },
      { act: 'write', connection: 'salesforce' },
    ])
    expect(told(found, look('hubspot'))).toContain('not due')
    const half = after([write('hubspot')], found)
    expect([told(half, write('hubspot')), told(half, find([])), dueChanges(half)]).toEqual([
      '',
      '',
      [{ act: 'write', connection: 'salesforce' }],
    ])
    const seen = after([write('salesforce'), look('salesforce')], half)
    expect(told(seen, look('hubspot'))).toBe('looked,settled')
    expect(after([look('hubspot')], seen)).toMatchObject({ status: 'settled', standing: 'proved', restricted: false })
  })

  it.each([
    ['proved', all(look('salesforce'))],
    ['proved', all(look('salesforce', 'gone'))],
    ['not-proved', all(look('salesforce', 'otherwise'))],
    ['not-proved', all(look('salesforce', 'unread'))],
    ['not-proved', all({ type: 'look', connection: 'salesforce', sights: [] })],
    ['not-proved', [find([item('hubspot')]), write('hubspot', 'refused'), look('hubspot')]],
    ['not-proved', [find([item('hubspot')], ['a CRM that cannot be searched']), write('hubspot'), look('hubspot')]],
    ['not-proved', [find([], ['a CRM that cannot be searched'])]],
    ['nothing-held', [find([])]],
  ] as const)('ends %s by what is seen, not by what a CRM says', (standing, commands) => {
    expect(after([begin('restrict'), ...commands])).toMatchObject({ status: 'settled', standing, restricted: true })
  })

  it('is tried again after what was not proved, and not after what was', () => {
    const failed = after([begin('opt-out'), ...all(look('salesforce', 'otherwise'))])
    expect(toApprove(failed)).toMatchObject({ records: 1 })
    expect(after([begin('opt-out')], failed)).toMatchObject({ status: 'running', round: 2, items: null })
    expect(told(after([begin('opt-out'), ...all(look('salesforce'))]), begin('opt-out'))).toBe('')
    expect(told(failed, begin('restrict'))).toContain('something else')
  })

  it('does not write a new address before its owner has confirmed it, or a user has said how it is known', () => {
    const planned = after([plan(['email'], 'a hash')])
    expect(told(planned, begin('correct', dpo))).toContain('not confirmed')
    const proved = after([{ type: 'prove-address', by: { kind: 'person' }, how: 'signed-link' }], planned)
    expect(told(proved, { type: 'prove-address', by: dpo, how: 'in-person' })).toBe('')
    expect(told(proved, begin('correct', dpo))).toBe('begun')
    expect(told(after([plan(['email'], 'another')], proved), begin('correct', dpo))).toContain('not confirmed')
    expect(told(after([begin('correct', dpo)], proved), { type: 'prove-address', by: dpo, how: 'account' })).toContain('no new address')
  })

  it('is shown and approved anew when somebody else has written a record meanwhile, and not tried again by itself', () => {
    const changed: ChangeCommand = {
      type: 'write',
      connection: 'hubspot',
      deeds: [{ key: item('hubspot').key, outcome: 'changed', reason: null }],
    }
    const stale = after([plan(['phone']), begin('correct', dpo), changed, look('hubspot', 'otherwise')])
    expect(stale).toMatchObject({ status: 'settled', standing: 'not-proved' })
    expect([toApprove(stale), retryAt(stale as ChangeIn<'settled'>), told(stale, begin('correct', dpo))]).toEqual([
      null,
      null,
      'somebody else has written it since it was looked at: look at it again',
    ])
    expect(after([plan(['phone']), begin('correct', dpo), write('hubspot'), look('hubspot')], stale)).toMatchObject({ standing: 'proved' })
  })

  it('restricts until somebody lifts it, or an objection is accepted', () => {
    const frozen = after([begin('restrict'), ...all(look('salesforce'))])
    expect(told(frozen, { type: 'decide-lift', by: service, effectiveAt: 9, told: 'otherwise' })).toContain('name the user')
    expect(after([{ type: 'decide-lift', by: dpo, effectiveAt: 9, told: 'otherwise' }], frozen)).toMatchObject({
      restricted: true,
      lift: { effectiveAt: 9 },
    })
    for (const goal of ['lift', 'opt-out'] as const) expect(after([begin(goal)], frozen)).toMatchObject({ restricted: false, round: 1 })
    const lifted = after([begin('lift'), ...all(look('salesforce'))], frozen)
    expect([told(lifted, begin('lift')), told(lifted, { type: 'decide-lift', by: dpo, effectiveAt: 9, told: 'otherwise' })]).toEqual([
      '',
      'nothing is restricted that could be lifted',
    ])
    expect(after([{ type: 'stop' }, begin('lift')], after([begin('restrict')]))).toMatchObject({ status: 'running', restricted: false })
  })

  it('keeps the word that a restriction ends while it is tried again, and takes an earlier end', () => {
    const decided = { type: 'decide-lift', by: dpo, effectiveAt: 1_900, told: 'by-mail' } as const
    const failed = after([begin('restrict'), ...all(look('salesforce', 'otherwise')), decided])
    expect(after([begin('restrict')], failed)).toMatchObject({ status: 'running', round: 2, lift: { effectiveAt: 1_900 } })
    expect(after([begin('lift')], failed)).toMatchObject({ restricted: false, lift: null })
    expect(after([{ ...decided, effectiveAt: 1_400 }], failed)).toMatchObject({ lift: { effectiveAt: 1_400 } })
    expect(told(failed, { ...decided, effectiveAt: 2_200 })).toBe('')
    const missed = after([{ ...decided, effectiveAt: 900 }], failed)
    expect(after([{ ...decided, effectiveAt: 2_200 }], missed)).toMatchObject({ lift: { effectiveAt: 2_200 } })
  })

  it('corrects nothing before a plan, and tells what a CRM refused', () => {
    expect(told(unchanged, begin('correct', dpo))).toContain('approved the plan')
    const planned = after([plan(['lastname'])])
    expect([toApprove(planned), told(planned, begin('opt-out'))]).toEqual([
      { digest: 'd', records: 1 },
      'this request asks for a correction',
    ])
    const running = after([begin('correct', dpo)], planned)
    expect(dueChanges(running)).toEqual([{ act: 'write', connection: 'hubspot' }])
    expect([told(running, plan([])), irreversibleOf(running)]).toEqual(['this is being carried out already', 'nothing'])
    const refused = after([write('hubspot', 'refused'), look('hubspot', 'otherwise')], running)
    expect(refused).toMatchObject({ standing: 'part' })
    const lied = after([write('hubspot'), look('hubspot', 'otherwise')], running)
    expect([lied, irreversibleOf(lied)]).toMatchObject([{ standing: 'not-proved' }, 'all'])
  })

  it('that cannot have happened is not believed', () => {
    expect(() => evolve(unchanged, { type: 'settled', at: 1, standing: 'proved' })).toThrow('cannot have been settled')
  })
})

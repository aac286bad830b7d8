import { describe, expect, it } from 'vitest'
import {
  decide,
  evolve,
  unopened,
  type Arrival,
  type Comeback,
  type ComebackCommand,
  type FreshConsent,
} from '../../../src/core/erasure/comeback.ts'

const DAY = 86_400_000
const key = 'hubspot:contacts:1'
const form: Arrival = { way: 'form', vouched: true, detail: 'FORM 9', at: 5 * DAY }
const claimed: Arrival = { ...form, vouched: false }
const imported: Arrival = { way: 'import', vouched: true, detail: 'IMPORT', at: 5 * DAY }
const consent: FreshConsent = { purpose: 'newsletter', channel: 'email', at: 5 * DAY, source: 'hubspot:contacts.consent', own: false }
const staff = { kind: 'staff', user: 'u1' } as const

function after(...commands: readonly ComebackCommand[]): Comeback {
  return commands.reduce((state: Comeback, command) => {
    const decided = decide(state, command, 6 * DAY)
    if (!decided.ok) throw new Error(decided.message)
    return decided.events.reduce(evolve, state)
  }, unopened)
}
const see: ComebackCommand = { type: 'see', request: 'r1', keys: [key, key] }
const look = (arrival: Arrival | null, consents: readonly FreshConsent[] = []): ComebackCommand => ({
  type: 'look',
  records: [{ key, arrival, consents }],
})

describe('a person who was erased and is seen again', () => {
  it('is one case, whatever is seen of them', () => {
    const state = after(see, see, { type: 'see', request: 'r1', keys: ['salesforce:Lead:2'] })
    expect(state).toMatchObject({ status: 'open', request: 'r1', again: null })
    expect(state.status === 'open' && state.records.map((one) => one.key)).toEqual([key, 'salesforce:Lead:2'])
  })

  it.each<[string, Arrival, readonly FreshConsent[], 'open' | 'kept']>([
    ['a form of their own, with a new consent that is proved', form, [consent], 'kept'],
    ['a form without a consent', form, [], 'open'],
    ['a form that only somebody claims, as an import could', claimed, [consent], 'open'],
    ['an import that brings a consent', imported, [consent], 'open'],
    ['an import of somebody who has confirmed to Accord itself', imported, [{ ...consent, own: true }], 'kept'],
  ])('%s', (_, arrival, consents, expected) => {
    const state = after(see, look(arrival, consents))
    expect(state.status === 'closed' ? state.ended : state.status).toBe(expected)
  })

  it('tells the ledger no more than the days of what the person did, whatever it ends with', () => {
    const [exact, day] = [5 * DAY + 43_210_987, 5 * DAY]
    const open = after(see)
    const decided = decide(open, look({ ...form, at: exact }, [{ ...consent, at: exact }]), 6 * DAY)
    const coarse = { ...consent, at: day }
    expect(decided).toEqual({
      ok: true,
      events: [
        { type: 'looked', at: 6 * DAY, records: [{ key, arrival: { ...form, at: day }, consents: [coarse] }] },
        { type: 'ended', at: 6 * DAY, ended: 'kept', because: 'new-consent', by: { kind: 'service' }, proof: { key, ...coarse } },
      ],
    })
    const waits = after(see, look({ ...imported, at: exact }, [{ ...consent, at: exact }]))
    expect(JSON.stringify(decide(waits, { type: 'keep', by: staff, because: 'new-consent' }, 7 * DAY))).not.toContain(String(exact))
  })

  it('goes on without the records of a CRM that is gone for good, and ends with the last of them as lost, never as gone or erased', () => {
    const lost = { connection: 'hubspot', crm: 'hubspot', account: null, because: 'vendor-gone', by: staff, at: 6 * DAY } as const
    expect(after(see, { type: 'lose', lost })).toMatchObject({ status: 'closed', ended: 'lost' })
    const other = after(see, { type: 'see', request: 'r1', keys: ['salesforce:Lead:2'] }, { type: 'lose', lost })
    expect(other).toMatchObject({ status: 'open', records: [{ key, gone: true, lost: true }, { gone: false }] })
    // What was there nobody has seen erased or gone, whatever becomes of the rest.
    const ended = (command: ComebackCommand) =>
      after(see, { type: 'see', request: 'r1', keys: ['salesforce:Lead:2'] }, { type: 'lose', lost }, command)
    expect(ended({ type: 'end', ended: 'erased' })).toMatchObject({ status: 'closed', ended: 'lost' })
    const away: ComebackCommand = { type: 'look', records: [{ key: 'salesforce:Lead:2', arrival: null, consents: [] }] }
    expect(ended(away)).toMatchObject({ status: 'closed', ended: 'lost' })
    expect(decide(other, { type: 'lose', lost }, 6 * DAY)).toEqual({ ok: true, events: [] })
  })

  it('waits for no decision once the records have gone by themselves', () => {
    expect(after(see, look(null))).toMatchObject({ status: 'closed', ended: 'gone' })
  })

  it('is kept by nobody but a user, and for a new consent only with its proof', () => {
    const open = after(see, look(imported))
    expect(decide(open, { type: 'keep', by: staff, because: 'new-consent' }, 7 * DAY)).toMatchObject({ ok: false })
    expect(decide(open, { type: 'keep', by: { kind: 'service' }, because: 'somebody-else' }, 7 * DAY)).toMatchObject({ ok: false })
    expect(after(see, look(imported), { type: 'keep', by: staff, because: 'somebody-else' })).toMatchObject({
      ended: 'kept',
      by: staff,
      proof: null,
    })
    expect(after(see, look(imported, [consent]), { type: 'keep', by: staff, because: 'new-consent' })).toMatchObject({
      proof: { key, ...consent },
    })
  })

  it('who is to be erased is not kept by a look any more, and ends with the erasure', () => {
    const going = after(see, { type: 'erase', by: staff, request: 'r2' }, look(form, [consent]))
    expect(going).toMatchObject({ status: 'open', again: 'r2' })
    expect(after(see, { type: 'erase', by: staff, request: 'r2' }, { type: 'end', ended: 'erased' })).toMatchObject({
      status: 'closed',
      ended: 'erased',
    })
  })

  it('is over when it is closed, and a history that cannot have happened is refused', () => {
    const closed = after(see, look(null))
    for (const command of [see, { type: 'erase', by: staff, request: 'r2' } as const])
      expect(decide(closed, command, 7 * DAY)).toMatchObject({ ok: false })
    expect(decide(closed, look(form), 7 * DAY)).toEqual({ ok: true, events: [] })
    expect(() => evolve(closed, { type: 'seen', at: 1, key })).toThrow(RangeError)
    expect(() => evolve(unopened, { type: 'looked', at: 1, records: [] })).toThrow(RangeError)
  })
})

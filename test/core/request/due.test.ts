import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/core/request/change.ts'
import { unchanged } from '../../../src/core/request/change-evolve.ts'
import { nextDue } from '../../../src/core/request/due.ts'
import { COPY_LINK_LIFE_MS } from '../../../src/core/access/copy-link.ts'
import type { Erasure } from '../../../src/core/erasure/erasure.ts'
import type { Request } from '../../../src/core/request/request.ts'

const request = (status: Request['status']): Request => ({ status, right: 'erasure', scope: 'all' }) as Request
const settled = (standing: string, checksDone: readonly string[]): Erasure =>
  ({ status: 'settled', standing, settledAt: 1_000, checksDone, items: [] }) as unknown as Erasure
const all = ['hour', 'day', 'week', 'month']
const running = { status: 'running', round: 1, done: [], plan: { connections: ['a'] }, items: [] } as unknown as Erasure

const open = (right: string, status: string, scope = 'all'): Request => ({ status, right, scope }) as unknown as Request
const restricted = (more: object): Change =>
  ({
    status: 'settled',
    goal: 'restrict',
    standing: 'proved',
    restricted: true,
    lift: null,
    at: 1_000,
    round: 1,
    items: [],
    ...more,
  }) as unknown as Change

describe('what a request that changes records wants next', () => {
  it.each<[string, Request, Change, number | 'now' | null]>([
    ['to begin at once where the law says so', open('withdrawal', 'received'), unchanged, 'now'],
    ['to begin at once, an objection to marketing', open('objection', 'received', 'marketing'), unchanged, 'now'],
    ['to know who asks for a restriction', open('restriction', 'received'), unchanged, null],
    ['to restrict once that is known', open('restriction', 'identified'), unchanged, 'now'],
    ['to restrict while an objection is weighed', open('objection', 'identified', 'particular-situation'), unchanged, 'now'],
    ['somebody’s plan of a correction', open('rectification', 'identified'), unchanged, null],
    ['an answer', open('restriction', 'in-progress'), restricted({}), null],
    ['to stay as it is until somebody lifts it', open('restriction', 'answered'), restricted({}), null],
    ['the day of the lift', open('restriction', 'answered'), restricted({ lift: { effectiveAt: 9_000 } }), 9_000],
    [
      'the day of the lift also where the restriction is not proved',
      open('restriction', 'in-progress'),
      restricted({ standing: 'not-proved', round: 5, lift: { effectiveAt: 9_000 } }),
      9_000,
    ],
    [
      'another try before the day of the lift',
      open('restriction', 'in-progress'),
      restricted({ standing: 'not-proved', lift: { effectiveAt: 400_000 } }),
      301_000,
    ],
    ['its end once lifted', open('restriction', 'answered'), restricted({ goal: 'lift', restricted: false }), 'now'],
    ['to lift when it was withdrawn', open('restriction', 'withdrawn'), restricted({}), 'now'],
    ['another try after five minutes', open('restriction', 'in-progress'), restricted({ standing: 'not-proved' }), 301_000],
    ['somebody after five', open('restriction', 'in-progress'), restricted({ standing: 'not-proved', round: 5 }), null],
  ])('is %s', (_, asked, change, due) => expect(nextDue(asked, { erasure: { status: 'none' }, change })).toBe(due))
})

describe('what a request wants next', () => {
  it.each<[string, Request, Erasure, number | 'now' | null]>([
    ['its steps', request('in-progress'), running, 'now'],
    ['the next look, an hour after the first proof', request('in-progress'), settled('proved', []), 3_601_000],
    ['somebody to answer it when all looks are taken', request('in-progress'), settled('proved', all), null],
    ['its end when it is answered and looked at', request('answered'), settled('proved', all), 'now'],
    ['no end while it is not proved', request('answered'), settled('not-proved', all), null],
    ['somebody to decide when a person is back', request('in-progress'), { status: 'returned' } as Erasure, null],
    [
      'the last day of the link, when it is a copy',
      { status: 'answered', right: 'access', at: 1_000 } as Request,
      { status: 'none' } as Erasure,
      1_000 + COPY_LINK_LIFE_MS,
    ],
    ['its end when nothing was held', request('answered'), { status: 'planned' } as Erasure, 'now'],
    ['its end when it was withdrawn', request('withdrawn'), { status: 'stopped' } as Erasure, 'now'],
    ['its end when it was refused', request('refused'), { status: 'none' } as Erasure, 'now'],
    ['nothing more once closed', request('closed'), settled('proved', all), null],
    ['an approval', request('identified'), { status: 'planned' } as Erasure, null],
  ])('is %s', (_, asked, erasure, due) => expect(nextDue(asked, { erasure, change: unchanged })).toBe(due))
})

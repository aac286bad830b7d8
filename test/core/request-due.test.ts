import { describe, expect, it } from 'vitest'
import { nextDue } from '../../src/core/request-due.ts'
import type { Erasure } from '../../src/core/erasure.ts'
import type { Request } from '../../src/core/request.ts'

const request = (status: Request['status']): Request => ({ status }) as Request
const settled = (standing: string, checksDone: readonly string[]): Erasure =>
  ({ status: 'settled', standing, settledAt: 1_000, checksDone, items: [] }) as unknown as Erasure
const all = ['hour', 'day', 'week', 'month']
const running = { status: 'running', round: 1, done: [], plan: { connections: ['a'] }, items: [] } as unknown as Erasure

describe('what a request wants next', () => {
  it.each<[string, Request, Erasure, number | 'now' | null]>([
    ['its steps', request('in-progress'), running, 'now'],
    ['the next look, an hour after the first proof', request('in-progress'), settled('proved', []), 3_601_000],
    ['somebody to answer it when all looks are taken', request('in-progress'), settled('proved', all), null],
    ['its end when it is answered and looked at', request('answered'), settled('proved', all), 'now'],
    ['no end while it is not proved', request('answered'), settled('not-proved', all), null],
    ['somebody to decide when a person is back', request('in-progress'), { status: 'returned' } as Erasure, null],
    ['its end when nothing was held', request('answered'), { status: 'planned' } as Erasure, 'now'],
    ['its end when it was withdrawn', request('withdrawn'), { status: 'stopped' } as Erasure, 'now'],
    ['its end when it was refused', request('refused'), { status: 'none' } as Erasure, 'now'],
    ['nothing more once closed', request('closed'), settled('proved', all), null],
    ['an approval', request('identified'), { status: 'planned' } as Erasure, null],
  ])('is %s', (_, asked, erasure, due) => expect(nextDue(asked, erasure)).toBe(due))
})

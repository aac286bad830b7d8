import { describe, expect, it } from 'vitest'
import { relationOf, turnOf, type OpenRequest } from '../../../src/core/request/together.ts'
import { rights, type Right } from '../../../src/core/request/request.ts'

const open = (id: string, right: Right, receivedAt: number, begun = false): OpenRequest => ({
  id,
  right,
  receivedAt,
  begun,
  answeredAt: null,
})
const answered = (id: string, right: Right, receivedAt: number, answeredAt: number): OpenRequest => ({
  ...open(id, right, receivedAt, true),
  answeredAt,
})

describe('two requests of one person', () => {
  it('mean the same to each other from either side', () => {
    const opposite = { apart: 'apart', joins: 'joins', ask: 'ask', before: 'after', after: 'before' } as const
    for (const a of rights) for (const b of rights) expect([a, b, relationOf(b, a)]).toEqual([a, b, opposite[relationOf(a, b)]])
  })
  it('to withdraw or object wait for nothing and hold up nothing', () => {
    for (const right of ['withdrawal', 'objection'] as const) {
      expect(
        turnOf(
          open('a', right, 2),
          rights.map((other, i) => open(`o${i}`, other, 1, true)),
        ),
      ).toEqual({ turn: 'go' })
      for (const other of rights) expect(relationOf(other, right)).toBe('apart')
    }
  })
  it('to see everything and to erase everything: seeing comes first, whichever was received first', () => {
    const access = open('a', 'access', 2)
    const erasure = open('e', 'erasure', 1)
    expect(turnOf(erasure, [access])).toEqual({ turn: 'wait', for: ['a'] })
    expect(turnOf(access, [erasure])).toEqual({ turn: 'go' })
    expect(turnOf(access, [open('e', 'erasure', 1, true)])).toEqual({ turn: 'ask', about: ['e'] })
  })
  it('to erase twice are carried out once, by the one that two workers agree on', () => {
    const [a, b, c] = [open('a', 'erasure', 5), open('b', 'erasure', 5), open('c', 'erasure', 4)]
    const all = [a, b, c] as const
    expect(all.map((mine) => turnOf(mine, all))).toEqual([{ turn: 'join', request: 'c' }, { turn: 'join', request: 'c' }, { turn: 'go' }])
    const begun = open('b', 'erasure', 5, true)
    expect([a, c].map((mine) => turnOf(mine, [a, begun, c]))).toEqual([
      { turn: 'join', request: 'b' },
      { turn: 'join', request: 'b' },
    ])
    expect(turnOf(begun, [a, begun, c])).toEqual({ turn: 'go' })
  })
  it('for the same thing are one while the first waits for its answer, and two once the person asks again after it', () => {
    for (const right of ['access', 'portability', 'erasure', 'restriction'] as const) {
      const first = answered('a', right, 1, 10)
      expect([turnOf(open('b', right, 10), [first]), turnOf(open('b', right, 11), [first])]).toEqual([
        { turn: 'join', request: 'a' },
        { turn: 'go' },
      ])
    }
  })
  it('of which one is answered do not contradict each other any more, but for a restriction, which is in force', () => {
    expect(turnOf(open('a', 'access', 5), [answered('e', 'erasure', 1, 4)])).toEqual({ turn: 'go' })
    expect(turnOf(open('r', 'rectification', 5), [answered('e', 'erasure', 1, 4)])).toEqual({ turn: 'go' })
    expect(turnOf(open('e', 'erasure', 5), [answered('r', 'rectification', 1, 4)])).toEqual({ turn: 'go' })
    expect(turnOf(open('e', 'erasure', 5), [answered('r', 'restriction', 1, 4)])).toEqual({ turn: 'ask', about: ['r'] })
    expect(turnOf(open('e', 'erasure', 5), [answered('a', 'access', 1, 4)])).toEqual({ turn: 'wait', for: ['a'] })
  })
  it('to restrict and to erase contradict each other: the person says which, and nothing is erased meanwhile', () => {
    const restriction = open('r', 'restriction', 1)
    const erasure = open('e', 'erasure', 2)
    expect(turnOf(erasure, [restriction, open('a', 'access', 3)])).toEqual({ turn: 'ask', about: ['r'] })
    expect(turnOf(restriction, [erasure])).toEqual({ turn: 'ask', about: ['e'] })
  })
})

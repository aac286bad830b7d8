import { describe, expect, it } from 'vitest'
import { ConnectorError } from '../../src/connectors/connector.ts'
import { together } from '../../src/connectors/together.ts'

const always = new AbortController().signal
const owner = {}

/** Answers each number with its double; what was asked stands in `asked`. */
function doubling(fails: (keys: readonly number[]) => ConnectorError | null = () => null) {
  const asked: { shape: string; keys: readonly number[]; signal: AbortSignal }[] = []
  const ask = together(
    async (_: object, shape: string, keys: readonly number[], signal) => {
      asked.push({ shape, keys, signal })
      await new Promise((resolve) => setImmediate(resolve))
      const error = fails(keys)
      if (error) throw error
      return new Map(keys.map((key) => [key, 2 * key]))
    },
    (doubles, keys) => keys.map((key) => doubles.get(key)!),
  )
  return { asked, ask }
}

describe('questions that are asked together', () => {
  it('go out as one for each shape, with each key once, and give each asker their own', async () => {
    const { asked, ask } = doubling()
    const answers = await Promise.all([
      ask(owner, 'a', [1, 2], always),
      ask(owner, 'a', [2, 3], always),
      ask(owner, 'b', [4], always),
      ask({}, 'a', [5], always),
    ])
    expect(answers).toEqual([[2, 4], [4, 6], [8], [10]])
    expect(asked.map(({ shape, keys }) => [shape, keys])).toEqual([
      ['a', [1, 2, 3]],
      ['b', [4]],
      ['a', [5]],
    ])
  })
  it.each([
    ['they are refused: one bad question is one bad answer', new ConnectorError('refused', 'three')],
    ['some of them failed', new ConnectorError('unavailable', 'three', { ofSome: true })],
  ])('are asked one by one when %s', async (_, error) => {
    const { asked, ask } = doubling((keys) => (keys.includes(3) ? error : null))
    const answers = await Promise.allSettled([1, 2, 3].map((key) => ask(owner, 'a', [key], always)))
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))).toEqual([[2], [4], 'three'])
    expect(asked.map(({ keys }) => keys)).toEqual([[1, 2, 3], [1], [2], [3]])
  })
  it('fail together when the CRM is away', async () => {
    const { asked, ask } = doubling(() => new ConnectorError('unavailable', 'away'))
    const answers = await Promise.allSettled([1, 2].map((key) => ask(owner, 'a', [key], always)))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
  })
  it('are given up when nobody waits for the answer any more, and not before', async () => {
    const { asked, ask } = doubling()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = ask(owner, 'a', [1], one.signal)
    const second = ask(owner, 'a', [2], two.signal)
    one.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect(await second).toEqual([4])
    const third = ask(owner, 'a', [3], two.signal)
    await new Promise((resolve) => setImmediate(resolve))
    two.abort(new Error('enough'))
    await expect(third).rejects.toThrow('enough')
    expect(asked.map(({ keys, signal }) => [keys, signal.aborted])).toEqual([
      [[2], false],
      [[3], true],
    ])
    await expect(ask(owner, 'a', [4], two.signal)).rejects.toThrow('enough')
  })
})

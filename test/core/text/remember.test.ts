import { expect, it } from 'vitest'
import { remember } from '../../../src/core/text/remember.ts'

it('works once for equal texts, however they came about, and each time for long ones', () => {
  const seen: string[] = []
  const lengthOf = remember((text) => seen.push(text) && text.length, 10)
  const page = `${'x'.repeat(100)} United Kingdom ${'y'.repeat(100)}`
  const cut = (): string => page.slice(101, 115)
  const long = 'z'.repeat(65)
  expect([lengthOf(cut()), lengthOf(cut()), lengthOf('United Kingdom'), lengthOf(long), lengthOf(long)]).toEqual([14, 14, 14, 65, 65])
  expect(seen).toEqual(['United Kingdom', long, long])
})

it('keeps no more answers than it was told', () => {
  let worked = 0
  const numbered = remember(() => ++worked, 3)
  expect(['a', 'b', 'c', 'a', 'd', 'a'].map(numbered)).toEqual([1, 2, 3, 1, 4, 5])
})

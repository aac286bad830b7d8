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

it('keeps no more answers than it was told, and never gives one for another text', () => {
  let worked = 0
  const lengthOf = remember((text) => {
    worked++
    return text.length
  }, 16)
  const texts = Array.from({ length: 200 }, (_, index) => 'x'.repeat(index % 60) + index)
  for (const text of [...texts, ...texts]) expect(lengthOf(text)).toBe(text.length)
  expect(worked).toBeGreaterThan(2 * (200 - 16))
})

it('asks again where nobody knew', () => {
  const asked: string[] = []
  const unknown = remember((text) => void asked.push(text), 4)
  expect([unknown('a'), unknown('b'), unknown('a')]).toEqual([undefined, undefined, undefined])
  expect(new Set(asked)).toEqual(new Set(['a', 'b']))
})

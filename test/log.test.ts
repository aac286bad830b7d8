import { describe, expect, it } from 'vitest'
import { strike } from '../src/log.ts'

describe('what leaves by the log', () => {
  it.each([
    ['+33 6 12 34 56 78', '[number]'],
    ['06.12.34.56.78', '[number]'],
    ['call 01-23-45-67-89 or (0)1 23 45 67 89', 'call [number] or ([number]'],
    ['2026-11-22 06 12 34 56 78', '[number]'],
    ['2612-34-56 78', '[number]'],
    ['ada@example.test asked', '[e-mail] asked'],
    ['Bearer abc.def', '[token]'],
  ])('says nothing of whom or by which key: %s', (text, struck) => {
    expect(strike(text)).toBe(struck)
  })

  it.each(['2026-11-22', 'due on 2026-11-22, again on 2027-01-01', '2026-11-22T03:00', '2026-11-22T03:00:00.000Z'])(
    'keeps days and times: %s',
    (text) => {
      expect(strike(text)).toBe(text)
    },
  )
})

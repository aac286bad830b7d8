import { describe, expect, it } from 'vitest'
import { emailSpellings, phoneSpellings } from '../../../src/core/identity/spellings.ts'
import { normaliseEmail } from '../../../src/core/identity/email.ts'
import { normalisePhone } from '../../../src/core/identity/phone.ts'

describe('other spellings', () => {
  it('of an address under a foreign domain are two, and both mean the same', () => {
    expect(emailSpellings('ada@example.test')).toEqual(['ada@example.test'])
    expect(emailSpellings('ada@xn--exmple-cua.test')).toEqual(['ada@xn--exmple-cua.test', 'ada@exämple.test'])
    for (const one of emailSpellings('ada@xn--exmple-cua.test')) expect(normaliseEmail(one)).toBe('ada@xn--exmple-cua.test')
  })
  it('of a French number are those that people write, and all mean the same', () => {
    expect(phoneSpellings('+33612345678')).toEqual(['33612345678', '0612345678', '06 12 34 56 78', '33 6 12 34 56 78'])
    expect(
      phoneSpellings('+33612345678')
        .slice(1, 3)
        .map((one) => normalisePhone(one, 'FR')),
    ).toEqual(['+33612345678', '+33612345678'])
    expect(phoneSpellings('+12025550123')).toEqual(['12025550123'])
  })
})

import { describe, expect, it } from 'vitest'
import { isSameValue, readCorrections } from '../../../src/core/request/corrections.ts'
import { policy } from '../judge-world.ts'

describe('what is to be corrected', () => {
  it.each([
    ['a name, as it is typed', { lastName: ' Roux ' }, { lastName: 'Roux' }],
    ['an address, in the form that is looked for', { email: 'Ada.ROUX@Example.test' }, { email: 'ada.roux@example.test' }],
    ['a number, with its country', { mobilePhone: '06 12 34 56 78' }, { mobilePhone: '+33612345678' }],
    ['a day, and a field to be emptied', { birthDate: '1980-02-29', jobTitle: null }, { birthDate: '1980-02-29', jobTitle: null }],
  ])('is read: %s', (_, given, value) => expect(readCorrections(policy, given)).toEqual({ ok: true, value }))

  it.each([
    ['nothing', {}, ''],
    ['what somebody agreed to', { newsletterStatus: 'subscribed' }, 'newsletterStatus'],
    ['a mark of ours', { restricted: 'false' }, 'restricted'],
    ['a mailbox that several people read', { email: 'info@example.fr' }, 'email'],
    ['two addresses', { email: 'a@example.test, b@example.test' }, 'email'],
    ['no number', { phone: 'secret-12' }, 'phone'],
    ['a day that is none', { birthDate: '12/01/1980' }, 'birthDate'],
    ['an empty text in place of null', { lastName: '  ' }, 'lastName'],
    ['a line break', { address: 'secret\nline' }, 'address'],
    ['a number in place of a text', { lastName: 7 }, 'lastName'],
  ])('is refused without quoting it: %s', (_, given, field) => {
    const read = readCorrections(policy, given)
    expect([read.ok, read.ok || read.field]).toEqual([false, field])
    expect(JSON.stringify(read)).not.toMatch(/secret|1980|subscribed/)
  })

  it.each([
    ['email', 'ADA@example.test', 'ada@example.test', true],
    ['phone', '06 12 34 56 78', '+33612345678', true],
    ['phone', '06 12 34 56 79', '+33612345678', false],
    ['birthDate', '1980-02-28T00:00:00Z', '1980-02-28', true],
    ['lastName', 'roux', 'Roux', false],
    ['jobTitle', '', null, true],
    ['jobTitle', 'Buyer', null, false],
  ] as const)('is seen in the %s of a CRM: %s for %s is %s', (field, held, wanted, same) =>
    expect(isSameValue(field, held, wanted, 'FR')).toBe(same),
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isCardNumber, isIban, isLuhn, isNir, isNirBody, isRib, isSiren, isSiret } from '../../../src/core/sensitive/checksums.ts'

const seed = 20_261_121
const bare = (value: string): string => value.replaceAll(' ', '')

it('knows a NIR by its structure and key, Corsica included', () => {
  expect(['2 55 08 14 168 025 38', '1 55 08 2A 190 004 90', '1 55 08 2B 190 004 20'].map((nir) => isNir(bare(nir)))).toEqual([
    true,
    true,
    true,
  ])
  expect(
    ['2 55 08 14 168 025 12', '9 55 08 14 168 025 38', '2 55 13 14 168 025 38', '2 55 08 00 168 025 38', '2 55 08 14 168 025'].map((nir) =>
      isNir(bare(nir)),
    ),
  ).toEqual([false, false, false, false, false])
  expect(isNirBody('2550814168025')).toBe(true)
})

it('accepts exactly one key for each NIR', () => {
  const body = fc
    .tuple(
      fc.constantFrom('1', '2'),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('01', '75', '95', '2A', '2B', '97', '99'),
      fc.integer({ min: 1, max: 999 }),
      fc.integer({ min: 1, max: 999 }),
    )
    .map(
      ([sex, year, month, department, commune, order]) =>
        sex +
        String(year).padStart(2, '0') +
        String(month).padStart(2, '0') +
        department +
        String(commune).padStart(3, '0') +
        String(order).padStart(3, '0'),
    )
  fc.assert(
    fc.property(body, (digits) => {
      const keys = Array.from({ length: 100 }, (_, key) => String(key).padStart(2, '0')).filter((key) => isNir(digits + key))
      expect(keys).toHaveLength(1)
    }),
    { seed, numRuns: 200 },
  )
})

it('knows an IBAN by country, length and remainder', () => {
  expect(
    ['FR14 2004 1010 0505 0001 3M02 606', 'DE89 3704 0044 0532 0130 00', 'GB82 WEST 1234 5698 7654 32', 'BE68 5390 0754 7034'].map((iban) =>
      isIban(bare(iban)),
    ),
  ).toEqual([true, true, true, true])
  expect(
    [
      'FR14 2004 1010 0505 0001 3M02 607',
      'FR14 2004 1010 0505 0001 3M02 60',
      'ZZ89 3704 0044 0532 0130 00',
      'DE89 3704 0044 0532 0130 01',
    ].map((iban) => isIban(bare(iban))),
  ).toEqual([false, false, false, false])
})

it('catches every single wrong digit of an IBAN and of a Luhn number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 21 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const iban = 'DE89370400440532013000'
      const wrong = iban.slice(0, at) + String((Number(iban[at]) + by) % 10) + iban.slice(at + 1)
      expect([isIban(iban), isIban(wrong)]).toEqual([true, false])
      const card = '4111111111111111'
      const place = at % 16
      expect(isLuhn(card.slice(0, place) + String((Number(card[place]) + by) % 10) + card.slice(place + 1))).toBe(false)
    }),
    { seed },
  )
})

it('knows the RIB by its key', () => {
  expect([
    isRib('20041', '01005', '0500013M026', '06'),
    isRib('20041', '01005', '0500013M026', '07'),
    isRib('20041', '01005', '0500013N026', '06'),
  ]).toEqual([true, false, false])
})

it('tells cards from the numbers of companies and phones', () => {
  expect(
    ['4111111111111111', '378282246310005', '30569309025904', '5555555555554444', '6011111111111117', '3530111333300000'].map(isCardNumber),
  ).toEqual([true, true, true, true, true, true])
  expect(
    ['4111111111111112', '73282932000074', '490154203237518', '35600000000048', '0000000000000000', '41111111111111'].map(isCardNumber),
  ).toEqual([false, false, false, false, false, false])
})

it('knows French companies, La Poste included', () => {
  expect(['732829320', '356000000', '732829321'].map(isSiren)).toEqual([true, true, false])
  expect(['73282932000074', '35600000000048', '35600000049837', '73282932000075', '35600000049838'].map(isSiret)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})

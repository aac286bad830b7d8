import fc from 'fast-check'
import { getCountries, getCountryCallingCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, it } from 'vitest'
import { regionOf } from '../../../src/core/identity/country.ts'
import { isPhone, normalisePhone } from '../../../src/core/identity/phone.ts'

const seed = 20_261_121

it.each([
  ['06 12 34 56 78', 'FR', '+33612345678'],
  ['06.12.34.56.78', 'France', '+33612345678'],
  ['06-12-34-56-78', 'france', '+33612345678'],
  ['0612345678', 'FRANCE', '+33612345678'],
  ['06 12 34 56 78', 'FR', '+33612345678'],
  ['+33 6 12 34 56 78', null, '+33612345678'],
  ['+33 (0)6 12 34 56 78', null, '+33612345678'],
  ['0033 6 12 34 56 78', null, '+33612345678'],
  ['00330612345678', null, '+33612345678'],
  ['+0033 6 12 34 56 78', null, '+33612345678'],
  ['+330612345678', null, '+33612345678'],
  ['33612345678', 'FR', '+33612345678'],
  ['612345678', 'FR', '+33612345678'],
  ['Tél : 01 23 45 67 89', 'FR', '+33123456789'],
  ['01 23 45 67 89 poste 12', 'FR', '+33123456789'],
  ['01 23 45 67 89 / 06 12 34 56 78', 'FR', '+33123456789'],
  ['0612345678 (bureau)', 'FR', '+33612345678'],
  ['０６ １２ ３４ ５６ ７８', 'FR', '+33612345678'],
  ['0692 12 34 56', 'RE', '+262692123456'],
  ['0692 12 34 56', 'La Réunion', '+262692123456'],
  ['0692 12 34 56', 'FR', '+262692123456'],
  ['+33 692 12 34 56', null, '+262692123456'],
  ['0612345678', 'Réunion', '+33612345678'],
  ['0690 12 34 56', 'Guadeloupe', '+590690123456'],
  ['0696 12 34 56', '972', '+596696123456'],
  ['0694 12 34 56', 'Guyane française', '+594694123456'],
  ['0639 01 23 45', 'Mayotte', '+262639012345'],
  ['0470 12 34 56', 'Belgique', '+32470123456'],
  ['0470/12.34.56', 'BE', '+32470123456'],
  ['079 123 45 67', 'Suisse', '+41791234567'],
  ['030 123456', 'Germany', '+4930123456'],
  ['07400 123456', 'United Kingdom', '+447400123456'],
  ['+1 212 555 0123', 'FR', '+12125550123'],
  ['+49 30 123456', null, '+4930123456'],
])('reads %j of %s as %s', (raw, country, expected) => {
  expect(normalisePhone(raw, country)).toBe(expected)
})

it.each([
  ['06 12 34 56 78', null],
  ['06 12 34 56', 'FR'],
  ['00 00 00 00 00', 'FR'],
  ['0600000000', 'FR'],
  ['112', 'FR'],
  ['', 'FR'],
  ['néant', 'FR'],
  ['jean@example.test', 'FR'],
  ['1234567890123456789012', 'FR'],
  ['+', null],
  ['(((((((((((((((', 'FR'],
])('finds no number in %j of %s', (raw, country) => {
  expect(normalisePhone(raw, country)).toBeNull()
})

it('agrees with the numbering plan on every French form, but for placeholders and for overseas numbers in metropolitan dress', () => {
  const nsn = fc.oneof(
    fc.integer({ min: 100_000_000, max: 999_999_999 }),
    fc.constantFrom(262, 263, 269, 590, 594, 596, 639, 690, 691, 692, 693, 694, 696, 697).map((prefix) => prefix * 1_000_000 + 123_456),
  )
  fc.assert(
    fc.property(nsn, (digits) => {
      const ours = normalisePhone(`0${digits}`, 'FR')
      const theirs = parsePhoneNumberFromString(`0${digits}`, 'FR')
      if (ours === null) expect(theirs?.isValid() === true && digits % 1e8 !== 0).toBe(false)
      else if (ours.startsWith('+33')) expect(ours).toBe(theirs?.number)
      else expect([ours.slice(-9), parsePhoneNumberFromString(ours)?.isValid()]).toEqual([String(digits), true])
    }),
    { seed, numRuns: 4_000 },
  )
})

it('says of a number what the numbering plan says, whichever number with its first five digits was read before', () => {
  const prefix = fc.oneof(
    fc.integer({ min: 10_000, max: 99_999 }),
    fc.integer({ min: 0, max: 999 }).map((rest) => 63_900 + rest),
  )
  const ending = fc.integer({ min: 0, max: 9_999 })
  fc.assert(
    fc.property(prefix, ending, ending, (first, one, other) => {
      for (const last of [one, other]) {
        const nsn = first * 10_000 + last
        const ours = normalisePhone(`+33 ${nsn}`, null)
        const theirs = parsePhoneNumberFromString(ours !== null && !ours.startsWith('+33') ? ours : `+33${nsn}`)
        if (nsn % 1e8 !== 0) expect(ours).toBe(theirs?.isValid() === true ? theirs.number : null)
      }
    }),
    { seed, numRuns: 4_000 },
  )
})

it('says of a number of any country what its plan says, whichever number that differs in the last two digits was read before', () => {
  const codes = new Map(getCountries().map((country) => [getCountryCallingCode(country) as string, country]))
  codes.delete('33')
  const pairs = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }))
  const dress = fc.constantFrom('+C N', '+CN', '00C N', '+C (0)N', '+C(0) N', '+C\u00A0N', '+C.N-')
  const changed = fc.array(fc.tuple(fc.nat(5), fc.nat(9)), { maxLength: 3 })
  fc.assert(
    fc.property(fc.constantFrom(...codes), changed, fc.nat(9), dress, pairs, ([code, country], changes, longer, form, endings) => {
      const digits = [...(getExampleNumber(country, examples)?.nationalNumber ?? '2012345678')]
      for (const [at, digit] of changes) digits[at] = String(digit)
      const start = digits.slice(0, -2).join('') + (longer === 0 ? '7' : '')
      for (const ending of endings) {
        const number = `${start}${String(ending).padStart(2, '0')}`
        const theirs = parsePhoneNumberFromString(`+${code}${number}`, { extract: false })
        const expected = theirs?.isValid() === true ? theirs.number : null
        const written = form
          .replace('C', code)
          .replace('N-', `${number.slice(0, 3)}-${number.slice(3)}`)
          .replace('N', number)
        expect([written, normalisePhone(written, 'FR')]).toEqual([written, expected])
      }
    }),
    { seed, numRuns: 2_000 },
  )
})

it('knows whether there is a number without writing it out', () => {
  const signs = fc.string({ unit: fc.constantFrom(...'0123456789 .-/()+xé０\u00A0'.split('')), maxLength: 24 })
  const french = fc.integer({ min: 1e8, max: 1e9 - 1 }).map((nsn) => `0${nsn}`)
  fc.assert(
    fc.property(fc.oneof(signs, french), fc.constantFrom('FR', 'RE', 'BE', null), (raw, country) => {
      expect(isPhone(raw, country)).toBe(normalisePhone(raw, country) !== null)
    }),
    { seed, numRuns: 2_000 },
  )
})

it('looks at the second of two numbers where the first digits only look French', () => {
  expect([normalisePhone('+33 8 / 43123456', 'BE'), normalisePhone('+33 8 43123456', 'BE')]).toEqual(['+3243123456', null])
})

it('gives up on long text at once', () => {
  expect([
    normalisePhone('9'.repeat(1_000_000), 'FR'),
    normalisePhone('06 '.repeat(300_000), 'FR'),
    normalisePhone('('.repeat(1_000_000), 'FR'),
  ]).toEqual([null, null, null])
})

it('reads what it wrote', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789 .-/()+'.split('')), maxLength: 24 })
  fc.assert(
    fc.property(digits, fc.constantFrom('FR', 'RE', 'BE', null), (raw, country) => {
      const once = normalisePhone(raw, country)
      if (once !== null) expect(normalisePhone(once, null)).toBe(once)
    }),
    { seed, numRuns: 4_000 },
  )
})

it('knows countries by code and by name', () => {
  const given = [
    'FR',
    'fr',
    'France',
    'Allemagne',
    'Germany',
    'Deutschland',
    'Francja',
    'Polska',
    'ROYAUME-UNI',
    'uk',
    'Etats-Unis',
    'USA',
    'Pays-Bas',
    'The Netherlands',
    "Côte d'Ivoire",
    'BEL',
    '974',
    'Ile de la Réunion',
    'fr_FR',
    'en-GB',
    'FR-75',
    'IT-FR',
    'Martinique (972)',
    'France (FR)',
    'it-fr',
    'xx_YY',
    'Atlantis',
    '',
    null,
  ]
  expect(given.map(regionOf)).toEqual([
    'FR',
    'FR',
    'FR',
    'DE',
    'DE',
    'DE',
    'FR',
    'PL',
    'GB',
    'GB',
    'US',
    'US',
    'NL',
    'NL',
    'CI',
    'BE',
    'RE',
    'RE',
    null,
    null,
    'FR',
    'IT',
    'MQ',
    'FR',
    null,
    null,
    null,
    null,
    null,
  ])
})

it('leaves open which country is meant where a text may mean two: French law is not presumed of a Belgian', () => {
  const given = ['FR-BE', 'FR-CH', 'Saint-Martin (NL)', 'France (Allemagne)', 'France (99)', 'Guyane (britannique)']
  expect(given.map(regionOf)).toEqual(given.map(() => null))
  expect(
    ['FR-FR', 'FR-RE', 'FR-NC', 'FR-IDF', 'FR-2A', 'France (75)', 'France (métropolitaine)', 'La Réunion (974)'].map(regionOf),
  ).toEqual(['FR', 'RE', 'NC', 'FR', 'FR', 'FR', 'FR', 'RE'])
})

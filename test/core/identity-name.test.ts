import { expect, it } from 'vitest'
import { givenNameKey } from '../../src/core/identity-name.ts'

it.each([
  ['Marie', 'Durand', 'marie'],
  ['MARIE', null, 'marie'],
  ['  Élodie ', 'Durand', 'elodie'],
  ['Jean-Marc', 'Durand', 'jean'],
  ['Jean Marc', 'Durand', 'jean'],
  ['Mme Claire', 'Durand', 'claire'],
  ['M.', 'Durand', ''],
  ['J', 'Durand', ''],
  ['J. P.', 'Durand', ''],
  ['', 'Durand', ''],
  [null, 'Durand', ''],
  [null, null, ''],
  ['-', '?', ''],
  ['jean@example.test', 'Durand', ''],
  [null, 'Jean DUPONT', 'jean'],
  [null, 'DUPONT Jean', 'jean'],
  [null, 'DE LA TOUR', ''],
  [null, 'De La Tour', ''],
  ['Łukasz', 'Nowak', 'łukasz'],
])('reads %j %j as %j', (first, last, expected) => {
  expect(givenNameKey(first, last)).toBe(expected)
})

it('reads no further than a name can go', () => {
  expect(givenNameKey('x'.repeat(100_000), null)).toBe('x'.repeat(200))
})

import { expect, it } from 'vitest'
import { familyNameKey, givenNameKey, namesPerson } from '../../../src/core/identity/name.ts'

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

it.each([
  ['Marie', 'Durand', 'durand'],
  ['Marie', 'DURAND', 'durand'],
  ['Marie', ' Évrard ', 'evrard'],
  ['Marie', 'Cœur', 'coeur'],
  ['Marie', 'Łęcki', 'lecki'],
  ['Marie', "d'Aubigné", 'aubigne'],
  ['Marie', "N'Diaye", 'ndiaye'],
  ['Marie', 'Le Gall', 'legall'],
  ['Marie', 'LEGALL', 'legall'],
  ['Marie', 'de La Tour', 'latour'],
  ['Marie', 'LA TOUR', 'latour'],
  ['Marie', 'Saint-Clair', 'saintclair'],
  ['Marie', 'St Clair', 'saintclair'],
  ['Marie', 'Durand-Bernard', 'durand'],
  ['Marie', 'Durand épouse Bernard', 'durand'],
  ['Marie', 'Mme Durand', 'durand'],
  // The whole name in one field, and which part is which.
  ['Marie', 'Marie Durand', 'durand'],
  ['Marie', 'DURAND Marie', 'durand'],
  ['Marie Durand', null, 'durand'],
  ['Jean-Marc', null, ''],
  [null, 'Marie DURAND', 'durand'],
  [null, 'DURAND Marie', 'durand'],
  // Without a given name nobody knows which part is which: all of it, in either order.
  [null, 'Marie Durand', 'durandmarie'],
  [null, 'Durand Marie', 'durandmarie'],
  [null, 'Durand', 'durand'],
  [null, 'DE LA TOUR', 'latour'],
  [null, 'Durand-Bernard', 'bernarddurand'],
  ['Marie', null, ''],
  ['Marie', 'D.', ''],
  ['Marie', 'Marie', ''],
  ['Marie', '[not provided]', ''],
  ['Marie', 'Inconnu', ''],
  ['Marie', '-', ''],
  ['Marie', 'marie@example.test', ''],
])('reads the family name of %j %j as %j', (first, last, expected) => {
  expect(familyNameKey(first, last, givenNameKey(first, last))).toBe(expected)
})

it.each([
  ['marie.durand@example.test', true],
  ['durand.marie@example.test', true],
  ['mdurand@example.test', true],
  ['durand-m@example.test', true],
  ['marie.durand69+salon@example.test', true],
  ['mariedurand.pro@example.test', true],
  ['marie@example.test', false],
  ['durand@example.test', false],
  ['famille.durand@example.test', false],
  ['jdurand@example.test', false],
  ['secretariat@example.test', false],
  ['secretariat+marie.durand@example.test', false],
])('finds the person in %s: %s', (email, expected) => {
  expect(namesPerson(email, 'marie', 'durand')).toBe(expected)
})

it('finds a family name of several words in an address', () => {
  expect(
    ['anne.de-la-tour@example.test', 'adelatour@example.test', 'tour@example.test'].map((one) => namesPerson(one, 'anne', 'latour')),
  ).toEqual([true, false, false])
})

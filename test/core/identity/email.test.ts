import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSharedMailbox, normaliseEmail, suppressionForm } from '../../../src/core/identity/email.ts'
import { freeProviders } from '../../../src/core/identity/free-providers.ts'

const seed = 20_261_121

it.each([
  [' Jean.Dupont+News@GMAIL.com ', 'jean.dupont+news@gmail.com', 'jeandupont@gmail.com'],
  ['jean.dupont@googlemail.com', 'jean.dupont@googlemail.com', 'jeandupont@gmail.com'],
  ['"Dupont, J" <J.Dupont@Exemple.FR>', 'j.dupont@exemple.fr', 'j.dupont@exemple.fr'],
  ['a@BÜCHER.example', 'a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  ['jean.dupont@exemple.fr.', 'jean.dupont@exemple.fr', 'jean.dupont@exemple.fr'],
  ['mailto:Jean@Example.test?subject=Bonjour%20a@b', 'jean@example.test', 'jean@example.test'],
  ['jean​@exam­ple.test', 'jean@example.test', 'jean@example.test'],
  ['Jean <jean@example.test>', 'jean@example.test', 'jean@example.test'],
  ['a.b+c+d@example.test', 'a.b+c+d@example.test', 'a.b@example.test'],
  ['+tag@example.test', '+tag@example.test', '+tag@example.test'],
  ['"John Doe"@example.test', '"john doe"@example.test', '"john doe"@example.test'],
  ["o'neil@example.test", "o'neil@example.test", "o'neil@example.test"],
  ['élodie@example.test', 'élodie@example.test', 'élodie@example.test'],
  ['STRASSE@STRAẞE.example', 'strasse@xn--strae-oqa.example', 'strasse@xn--strae-oqa.example'],
])('reads %j as %s, suppressed as %s', (raw, identity, suppression) => {
  expect(normaliseEmail(raw)).toBe(identity)
  expect(suppressionForm(identity)).toBe(suppression)
})

it.each([
  'pas-un-mail',
  '',
  '@',
  'a@',
  '@b.fr',
  'a@b',
  'a@@b.fr',
  'a b@c.fr',
  'a@b.fr, c@d.fr',
  'a@b.fr;c@d.fr',
  'a@127.0.0.1',
  'a@[127.0.0.1]',
  'a@1.2',
  'a@0x7f.1',
  '.a@b.fr',
  'a.@b.fr',
  'a..b@c.fr',
  'a@-b.fr',
  'a@b-.fr',
  'a@b..fr',
  'a@b.fr/x',
  'a@b.fr?x',
  'a@b.fr#x',
  'a@b%2efr',
  '<a@b.fr>, <c@d.fr>',
  'a@b.fr <c@d.fr',
  'n/a',
  'néant',
  `${'a'.repeat(65)}@b.fr`,
  `a@${'b'.repeat(64)}.fr`,
  `a@${'b.'.repeat(200)}fr`,
])('takes no address from %j', (raw) => {
  expect(normaliseEmail(raw)).toBeNull()
})

it('gives up on hostile text at once', () => {
  const hostile = [
    'x'.repeat(1_000_000),
    `${'<'.repeat(2_000)}a@b.fr>`,
    `"${'\\\\'.repeat(1_000)}`,
    `"${'a'.repeat(1_900)}"`,
    `${'a.'.repeat(900)}@b.fr`,
  ]
  expect(hostile.map(normaliseEmail)).toEqual([null, null, null, null, null])
})

it('keeps an address of the greatest length that mail allows', () => {
  const longest = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(58)}.fr`
  expect(longest.length).toBe(64 + 1 + 253)
  expect(normaliseEmail(longest.toUpperCase())).toBe(longest)
})

it('gives the same answer by the fast path and by the slow one', () => {
  const piece = fc.string({ unit: fc.constantFrom(...'abzAZ09._-+@@xn \u212A\u0130'.split('')), maxLength: 24 })
  fc.assert(
    fc.property(piece, (raw) => {
      // A zero-width space is dropped, and keeps the fast path out.
      expect(normaliseEmail(raw)).toBe(normaliseEmail(`\u200B${raw}`))
    }),
    { seed, numRuns: 5_000 },
  )
})

it('has nothing to do the second time', () => {
  const address = fc.oneof(
    fc.emailAddress(),
    fc.string({ unit: 'binary', maxLength: 40 }).map((local) => `${local}@exämple.test`),
    fc.string({ unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(address, (raw) => {
      const once = normaliseEmail(raw)
      if (once === null) return
      expect(normaliseEmail(once)).toBe(once)
      const form = suppressionForm(once)
      expect(suppressionForm(form)).toBe(form)
      expect(once.length).toBeLessThanOrEqual(320)
    }),
    { seed, numRuns: 600 },
  )
})

it('knows the mailboxes of functions, whatever their tag', () => {
  const generic = new Set(['info', 'contact'])
  expect(
    ['info@example.fr', 'contact+shop@example.fr', 'marie@example.fr', 'info.marie@example.fr'].map((email) =>
      isSharedMailbox(email, generic),
    ),
  ).toEqual([true, true, false, false])
})

it('takes no slip of the finger for an employer', () => {
  for (const domain of ['gmial.com', 'gmail.co', 'hotmial.fr', 'yaho.fr', 'wandoo.fr', 'pt.lu'])
    expect(freeProviders.has(domain), domain).toBe(true)
})

it('knows where anybody may open a mailbox', () => {
  expect(
    ['gmail.com', 'orange.fr', 'wanadoo.fr', 'laposte.net', 'web.de', 'libero.it', 'example.fr'].map((domain) => freeProviders.has(domain)),
  ).toEqual([true, true, true, true, true, true, false])
  expect([...freeProviders].filter((domain) => normaliseEmail(`a@${domain}`) !== `a@${domain}`)).toEqual([])
})

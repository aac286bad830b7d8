import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHasher, createMac, givenNameTag, shortTag } from '../../../src/core/identity/hash.ts'

const seed = 20_261_121
const key = Uint8Array.from({ length: 32 }, (_, i) => i)
const first64 = (bytes: Uint8Array): string => Buffer.from(bytes).readBigInt64BE().toString()
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

it('hashes suppressed identifiers to the published vectors', () => {
  const hasher = createHasher(key)
  expect(hex(hasher.suppression('email', 'jean.dupont@exemple.fr'))).toBe(
    'a2296cc8f10974586ecc16bae4d63d6fef438d3ed3aefc4611f70b5da26e182e',
  )
  expect(hex(hasher.suppression('phone', '+33612345678'))).toBe('a2fa2024b9b8905850a9676caca2c0da353921b970d729e8caf44eb90bc16da9')
})

// RFC 4231, test cases 1, 2, 6 and 7: those whose data is text.
it.each([
  ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [Buffer.from('Jefe').toString('hex'), 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    'aa'.repeat(131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    'aa'.repeat(131),
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
])('passes RFC 4231 with key %s', (keyHex, text, expected) => {
  expect(hex(createMac(Buffer.from(keyHex, 'hex'))(text))).toBe(expected)
})

it('equals the plain HMAC for any key and text', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 4 }),
      (anyKey, texts) => {
        const mac = createMac(anyKey)
        expect(texts.map((text) => hex(mac(text)))).toEqual(texts.map((text) => createHmac('sha256', anyKey).update(text).digest('hex')))
      },
    ),
    { seed, numRuns: 150 },
  )
})

it('keeps purposes, channels and keys apart', () => {
  const hasher = createHasher(key)
  const all = [
    hasher.identifier('email', '+33612345678'),
    hasher.identifier('phone', '+33612345678'),
    hasher.identifier('record', '+33612345678'),
    first64(hasher.suppression('email', '+33612345678')),
    first64(hasher.suppression('phone', '+33612345678')),
    createHasher(Uint8Array.of(1)).identifier('email', '+33612345678'),
  ]
  expect(all.every((text) => BigInt.asIntN(64, BigInt(text)).toString() === text)).toBe(true)
  expect(new Set(all).size).toBe(6)
})

it('tags a given name with 16 bits, and an unknown one with 0', () => {
  const hasher = createHasher(key)
  expect([hasher.givenNameTag(''), givenNameTag(key, '')]).toEqual([0, 0])
  const names = Array.from({ length: 2_000 }, (_, i) => `name${i}`)
  expect(names.map((name) => hasher.givenNameTag(name))).toEqual(names.map((name) => givenNameTag(key, name)))
  expect(names.every((name) => hasher.givenNameTag(name) >= 1 && hasher.givenNameTag(name) <= 65_535)).toBe(true)
})

it('tags a family name with 15 bits, so that it can be found in the place of a given name', () => {
  const hasher = createHasher(key)
  const names = Array.from({ length: 2_000 }, (_, i) => `name${i}`)
  expect(names.map((name) => hasher.familyNameTag(name))).toEqual(names.map((name) => shortTag(hasher.givenNameTag(name))))
  expect(names.every((name) => hasher.familyNameTag(name) >= 1 && hasher.familyNameTag(name) <= 32_767)).toBe(true)
  expect([hasher.familyNameTag(''), shortTag(32_768)]).toEqual([0, 1])
})

it('digests what is held as it digests fields: those that are asked for, and nothing that is empty', () => {
  const hasher = createHasher(Uint8Array.from({ length: 32 }, (_, i) => 255 - i))
  const names = ['email', 'absent', 'note', 'unasked', 'city', 'phone']
  const values = ['zoé@example.fr', undefined, '', 'x'.repeat(50), null, '\u{1f600}']
  const at = [0, 1, 2, 3, 4, 5]
  const asked = ['email', 'note', 'city', 'phone', 'elsewhere']
  const plain = hasher.content(asked, { email: 'zoé@example.fr', note: '', city: null, phone: '\u{1f600}', unasked: 'x' })
  expect(hasher.contentHeld(asked, { names, blank: [], at, values })).toBe(plain)
  expect(hasher.contentHeld(['unasked'], { names, blank: [], at, values })).toBe(hasher.content(['unasked'], { unasked: 'x'.repeat(50) }))
  expect(hasher.contentHeld(asked, { names, blank: [], at: [], values: [] })).toBe(hasher.content([], {}))
})

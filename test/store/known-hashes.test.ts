import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHasher } from '../../src/core/identity/hash.ts'
import { createKnownHashes, type KnownHashes } from '../../src/store/known-hashes.ts'

/** As `bigint::text` writes them. */
const hash = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)

function begun(): KnownHashes {
  const hashes = createKnownHashes()
  hashes.follow(1)
  hashes.begin()
  return hashes
}

describe('known hashes', () => {
  it('never deny one that was stored, however it is written', () => {
    const hashes = begun()
    for (const short of ['0', '-1', '9', '-123456789', '123456789', '-1234567890', String(-(2n ** 63n))]) {
      hashes.add(short)
      expect(hashes.mayBeStored(short)).toBe(true)
    }
    fc.assert(
      fc.property(fc.array(hash), (stored) => {
        for (const one of stored) hashes.add(one)
        return stored.every(hashes.mayBeStored)
      }),
    )
  })

  it('deny nearly every other one', () => {
    const hashes = begun()
    const hasher = createHasher(Buffer.alloc(32, 7))
    const hashOf = (person: number): string => hasher.identifier('email', `${person}@example.fr`)
    for (let person = 0; person < 10_000; person++) hashes.add(hashOf(person))
    const taken = Array.from({ length: 10_000 }, (_, person) => hashOf(10_000 + person)).filter(hashes.mayBeStored)
    expect(taken.length).toBeLessThan(10)
  })

  it('deny nothing before they begin, nor once somebody else had a turn', () => {
    const hashes = createKnownHashes()
    expect(hashes.mayBeStored('1')).toBe(true)
    hashes.follow(7)
    expect(hashes.mayBeStored('1')).toBe(true)
    hashes.begin()
    expect(hashes.mayBeStored('1')).toBe(false)
    hashes.follow(8)
    hashes.begin()
    expect(hashes.mayBeStored('1')).toBe(false)
    hashes.follow(10)
    expect(hashes.mayBeStored('1')).toBe(true)
    hashes.follow(11)
    expect(hashes.mayBeStored('1')).toBe(true)
  })

  it('do not begin with what they knew before', () => {
    const hashes = begun()
    hashes.add('1')
    hashes.follow(3)
    hashes.begin()
    expect(hashes.mayBeStored('1')).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { readLink, writeLink } from '../../../src/core/consent/confirm-link.ts'
import { openSealed, sealText } from '../../../src/core/ledger/sealed.ts'

const key = Buffer.alloc(32, 7)
const id = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const expiresAt = Date.parse('2026-11-28T12:00:00Z')

describe('a link', () => {
  const token = writeLink(key, 'confirm', { id, expiresAt })
  it('says which question it answers and until when, to whoever has the key', () => {
    expect([token.length, readLink(key, 'confirm', token)]).toEqual([48, { id, expiresAt }])
  })
  it('is none with any of its bits turned over, any piece missing or added, or under another key', () => {
    const bytes = Buffer.from(token, 'base64url')
    const turned = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes)
      copy[bit >> 3]! ^= 1 << (bit & 7)
      return copy.toString('base64url')
    })
    const strange = [token.slice(1), `${token}A`, `${token}=`, ` ${token}`, token.toUpperCase(), '', '../../etc/passwd']
    expect([...turned, ...strange].filter((one) => readLink(key, 'confirm', one) !== null)).toEqual([])
    expect(readLink(Buffer.alloc(32, 8), 'confirm', token)).toBe(null)
    expect(readLink(key, 'identify', token)).toBe(null)
  })
})

describe('a sealed text', () => {
  const [seal, iv] = [Buffer.alloc(32, 1), Buffer.alloc(12, 2)]
  const sealed = sealText(key, { seal, iv, about: 'row 1' }, 'zoé@example.fr')
  it('opens with both halves of its key, in its own place', () => {
    expect(openSealed(key, { seal, about: 'row 1' }, sealed)).toBe('zoé@example.fr')
  })
  it.each<[string, () => unknown]>([
    ['its own half of the key', () => openSealed(key, { seal: Buffer.alloc(32), about: 'row 1' }, sealed)],
    ['the half outside the database', () => openSealed(Buffer.alloc(32), { seal, about: 'row 1' }, sealed)],
    ['its place', () => openSealed(key, { seal, about: 'row 2' }, sealed)],
    ['its last byte', () => openSealed(key, { seal, about: 'row 1' }, sealed.subarray(0, -1))],
  ])('does not open without %s', (_what, attempt) => {
    expect(attempt).toThrow()
  })
  it('does not tell how long it is', () => {
    expect(sealText(key, { seal, iv, about: 'row 1' }, 'a@b.fr').length).toBe(sealed.length)
  })
})

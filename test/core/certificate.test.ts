import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { certificateText, signCertificate, verifyCertificate, type Unsigned } from '../../src/core/certificate.ts'
import { keyIdOf } from '../../src/core/ledger-checkpoint.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const keys = new Map([[keyIdOf(publicKey), publicKey]])
const unsigned: Unsigned = {
  format: 'accord/erasure-certificate/v1',
  controller: 'Exemple SAS',
  request: '0193a0d4-0000-4000-8000-000000000000',
  received: '2026-11-02T09:00:00.000Z',
  issued: '2026-11-04T09:00:00.000Z',
  standing: 'held',
  systems: [{ connection: 'hubspot', crm: 'hubspot', method: 'purge', records: 2 }],
  records: [
    { ref: 'hubspot/contacts/1', reasons: ['email'], action: 'erase', outcome: 'erased', trace: 'absent', holds: [] },
    {
      ref: 'hubspot/contacts/2',
      reasons: ['same'],
      action: 'keep',
      outcome: 'kept',
      trace: 'present',
      holds: [
        { ground: 'GDPR art. 17(3)(b)', text: 'C. com. L123-22', because: 'won-deal deals/7', until: '2035-01-01', review: '2027-11-02' },
      ],
    },
  ],
  around: [{ connection: 'hubspot', object: 'notes', outcome: 'deleted', count: 3 }],
  mentionsRead: null,
  mentions: [],
  recipients: [],
  unreached: [],
  looks: [{ look: 'first', at: '2026-11-02T10:00:00.000Z', standing: 'held' }],
  next: { look: 'hour', at: '2026-11-02T11:00:00.000Z' },
  ledger: { id: 'ledger', block: 3, hash: 'ab' },
}
const text = certificateText(signCertificate(unsigned, privateKey))

describe('a certificate', () => {
  it('verifies with the public key alone, also when its line ends were changed on the way', () => {
    expect(verifyCertificate(text, keys)).toEqual({ ok: true, certificate: JSON.parse(text) })
    expect(verifyCertificate(text.replaceAll('\n', '\r\n'), keys)).toMatchObject({ ok: true })
  })
  it('is forged when any one character of a value is another, and when a word was added or is said twice', () => {
    const forged = [...text.matchAll(/"(?:[^"]*)"(?=[,\n])|\d+(?=[,\n])/g)].map(({ index, 0: value }) => {
      const at = index + (value.startsWith('"') ? Math.min(1, value.length - 2) : 0)
      const other = text[at] === '1' ? '2' : '1'
      return text.slice(0, at) + other + text.slice(at + 1)
    })
    expect(forged.length).toBeGreaterThan(30)
    for (const one of forged) expect(verifyCertificate(one, keys)).toMatchObject({ ok: false })
    const twice = text.replace('"standing": "held"', '"standing": "proved",\n  "standing": "held"')
    expect(verifyCertificate(twice, keys)).toMatchObject({ ok: false, fault: 'forged' })
    expect(verifyCertificate(`${text} `, keys)).toMatchObject({ ok: false, fault: 'forged' })
    expect(verifyCertificate(text.replace('"next"', '"more": 1,\n  "next"'), keys)).toMatchObject({ ok: false, fault: 'no-certificate' })
  })
  it('of an unknown key, and what is no certificate, prove nothing', () => {
    expect(verifyCertificate(text, new Map())).toEqual({ ok: false, fault: 'unknown-key', key: keyIdOf(publicKey) })
    for (const other of ['', '{}', 'null', text.slice(0, 100)])
      expect(verifyCertificate(other, keys)).toEqual({ ok: false, fault: 'no-certificate', key: null })
  })
})

import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../src/core/erasure/certificate.ts'
import { printCertificate } from '../../src/paper/certificate.ts'
import { textsOf } from './pdf-texts.ts'

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const long = 'un motif qui demande toute une ligne et même un peu plus, tel que les personnes en écrivent '
/** More of everything than fits. */
const certificate: Certificate = {
  format: 'accord/erasure-certificate/v1',
  controller: long,
  request: '7f3a0000-0000-4000-8000-000000000000',
  received: '2026-11-01T00:00:00.000Z',
  issued: '2026-11-22T00:00:00.000Z',
  standing: 'held',
  systems: times(9, (i) => ({ connection: `salesforce-${i}`, crm: 'salesforce', method: 'bin', records: 40 })),
  records: times(40, (i) => ({
    ref: `salesforce/Contact/0034400000000${i}AAA`,
    reasons: ['email'],
    action: 'keep',
    outcome: null,
    trace: 'present',
    holds: [{ ground: 'invoice', text: 'C. com. L123-22', because: long, until: '2036-12-31', review: '2027-11-22' }],
  })),
  around: times(40, (i) => ({ connection: 'salesforce', object: `Object${i}`, outcome: 'redacted', count: 3 })),
  mentionsRead: '2026-11-22T00:00:00.000Z',
  mentions: times(40, (i) => ({ ref: `hubspot/companies/${i}`, certainty: 'certain', what: long })),
  recipients: times(9, (i) => ({ name: `${long}${i}`, way: 'webhook', outcome: 'told', at: '2026-11-22T00:00:00.000Z' })),
  unreached: times(9, () => ({ connection: 'salesforce', what: `${long}${long}` })),
  looks: times(9, (i) => ({ look: ['first', 'hour', 'day', 'week', 'month'][i % 5]!, at: '2026-11-22T00:00:00.000Z', standing: 'held' })),
  next: { look: 'month', at: '2026-12-22T00:00:00.000Z' },
  ledger: { id: 'l', block: 16, hash: 'h' },
  key: '79c925bf48c1d393',
  signature: 'A'.repeat(88),
}

describe('a printed certificate', () => {
  it.each(['fr', 'en'] as const)('stays on one page in %s, whatever there is to say', async (language) => {
    const pdf = (await printCertificate(certificate, language)).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b/g)?.length).toBe(1)
  })

  it('shows letters that its font lacks as near as it can, says so, and has the days of the controller', async () => {
    const received = '2026-11-01T23:30:00.000Z'
    const greek = { ...certificate, controller: 'Ελλάς Čapek Łódź Ltd', received, timezone: 'Europe/Paris' }
    const pdf = await printCertificate(greek, 'fr')
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBe(1)
    const text = textsOf(pdf)
    expect(text).toContain('Ellas Capek Lódz Ltd')
    expect(text).toContain('02/11/2026')
    expect(text).toMatch(/remplacés/)
    expect(textsOf(await printCertificate({ ...certificate, received }, 'fr'))).toContain('01/11/2026')
  })
})

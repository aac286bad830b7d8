import { describe, expect, it } from 'vitest'
import { strike } from '../src/log.ts'

describe('what leaves by the log', () => {
  it.each([
    ['+33 6 12 34 56 78', '[number]'],
    ['06.12.34.56.78', '[number]'],
    ['call 01-23-45-67-89 or (0)1 23 45 67 89', 'call [number] or ([number]'],
    ['2026-11-22 06 12 34 56 78', '[number]'],
    ['2612-34-56 78', '[number]'],
    ['ada@example.test asked', '[e-mail] asked'],
    ['Bearer abc.def', '[token]'],
  ])('says nothing of whom or by which key: %s', (text, struck) => {
    expect(strike(text)).toBe(struck)
  })

  it.each([
    'hubspot/contacts/163548291234',
    'salesforce/Contact/003440000009002 is gone',
    'hubspot-eu/contacts/51000000001, hubspot/p440_cars/51000000001',
  ])('keeps references to records: %s', (text) => {
    expect(strike(text)).toBe(text)
  })

  it.each([
    ['GET /crm/v3/objects/contacts/0612345678', 'GET /crm/v3/objects/contacts/[number]'],
    ['tel/06/0612345678', 'tel/[number]'],
    ['hubspot/contacts/06 12 34 56 78', 'hubspot/contacts/[number]'],
    ['hubspot/contacts/+33612345678', 'hubspot/contacts/[number]'],
  ])('strikes numbers in what is no reference: %s', (text, struck) => {
    expect(strike(text)).toBe(struck)
  })

  it.each(['2026-11-22', 'due on 2026-11-22, again on 2027-01-01', '2026-11-22T03:00', '2026-11-22T03:00:00.000Z'])(
    'keeps days and times: %s',
    (text) => {
      expect(strike(text)).toBe(text)
    },
  )
})

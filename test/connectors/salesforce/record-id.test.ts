import { describe, expect, it } from 'vitest'
import { recordId } from '../../../src/connectors/salesforce/record-id.ts'

describe('a record id', () => {
  it('is given in its 18-character form, whichever of the two it came in', () => {
    expect(recordId('001D000000IRFma', '001')).toBe('001D000000IRFmaIAH')
    expect(recordId('001D000000IRFmaIAH', '001')).toBe('001D000000IRFmaIAH')
  })

  it('is refused with a wrong checksum, length, prefix or character', () => {
    const bad = [
      '',
      '1',
      '001D000000IRFmaIAI',
      '001d000000irfmaIAH',
      '001D000000IRFm',
      '003/../x?y#abcde',
      '001D000000IRFma\n',
      '００1D000000IRFm',
    ]
    for (const id of bad) expect(recordId(id, '001')).toBeNull()
    expect(recordId('001D000000IRFma', '003')).toBeNull()
    expect(recordId('001D000000IRFma', null)).toBe('001D000000IRFmaIAH')
  })
})

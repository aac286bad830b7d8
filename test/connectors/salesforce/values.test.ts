import { describe, expect, it } from 'vitest'
import { jsonOf, sameValue, textOf } from '../../../src/connectors/salesforce/values.ts'

describe('a value as text', () => {
  it.each([
    ['boolean', true, 'true', 'true'],
    ['boolean', false, 'false', 'false'],
    ['double', 5, '5.0', '5'],
    ['double', 10_000_000, '1.0E7', '10000000'],
    ['currency', 0.1, '0.1', '0.1'],
    ['int', -3, '-3', '-3'],
    ['datetime', '2022-03-17T16:21:26.000+0000', '2022-03-17T16:21:26.000Z', '2022-03-17T16:21:26.000Z'],
    ['datetime', '0001-01-01T00:00:00.000+0000', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
    ['date', '0001-01-01', '0001-01-01', '0001-01-01'],
    ['multipicklist', 'b;a', 'b;a', 'b;a'],
    ['textarea', 'a\r\n"b"', 'a\r\n"b"', 'a\r\n"b"'],
    ['string', '5.0', '5.0', '5.0'],
    ['string', '2022-03-17T16:21:26.000+0000', '2022-03-17T16:21:26.000+0000', '2022-03-17T16:21:26.000+0000'],
    ['string', null, '', null],
  ])('%s: %j by REST and %j by Bulk are both %j', (type, json, csv, text) => {
    expect(textOf(json, type, 'X')).toBe(text)
    expect(textOf(csv, type, 'X')).toBe(text)
  })

  it('is never made out of an object', () => {
    expect(() => textOf({ street: 'rue X' }, 'string', 'MailingAddress')).toThrow('MailingAddress is missing or of another type')
  })

  it('keeps a datetime that is none for the core to judge', () => {
    expect(textOf('soon', 'datetime', 'X')).toBe('soon')
    expect(textOf('2022-03-17T16:21:26Z', 'datetime', 'X')).toBe('2022-03-17T16:21:26.000Z')
  })
})

describe('a value as JSON', () => {
  it('has the type of the field, and empty text clears it', () => {
    expect([
      jsonOf('true', 'boolean'),
      jsonOf(null, 'boolean'),
      jsonOf('5.0', 'double'),
      jsonOf('', 'string'),
      jsonOf(null, 'date'),
      jsonOf('a;b', 'multipicklist'),
    ]).toEqual([true, false, 5, null, null, 'a;b'])
  })
})

describe('two values', () => {
  it('are the same when Salesforce would store the same', () => {
    expect(sameValue('a;b', 'b;a', 'multipicklist')).toBe(true)
    expect(sameValue('a;b', 'b', 'multipicklist')).toBe(false)
    expect(sameValue('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z', 'datetime')).toBe(true)
    expect(sameValue('5', '5.0', 'double')).toBe(true)
    expect(sameValue(null, '', 'string')).toBe(true)
    expect(sameValue('false', null, 'boolean')).toBe(true)
    expect(sameValue('x', null, 'string')).toBe(false)
    expect(sameValue('X', 'x', 'string')).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, name, path, quote, select } from '../../../src/connectors/salesforce/soql.ts'
import { lex, literalText } from '../../../src/sandbox/salesforce/soql-lex.ts'

const SEED = 20_260_317
const runs = { seed: SEED, numRuns: 10_000 }

const nasty = fc.constantFrom(
  "'",
  '"',
  '\\',
  '%',
  '_',
  '\n',
  '\r',
  '\t',
  '\0',
  '\u2028',
  '\u202e',
  '\ud800',
  'é',
  '例え',
  'ß',
  '🙂',
  ' OR ',
  '--',
  '(',
  ')',
  'Id',
  '@',
)
const value = fc
  .array(fc.oneof({ weight: 3, arbitrary: nasty }, { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) }), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''))
const label = fc.stringMatching(/^[\p{L}\p{N}]{1,12}$/u)
const address = fc
  .tuple(
    fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.constantFrom(`o'brien`, `"a\\b"`, `x%_y`, `\\' OR Id != null OR Name='`)),
    label,
    fc.constantFrom('example', 'exämple', 'xn--exmple-cua', '例え'),
  )
  .map(([local, sub, domain]) => `${local}@${sub}.${domain}.test`)

describe(`SOQL literals (fast-check seed ${SEED})`, () => {
  const around = (literal: string) => `SELECT Id FROM Contact WHERE Email = ${literal} AND IsDeleted = false`
  const shape = (query: string) => lex(query).map((token) => (token.kind === 'string' ? 'string' : token.text))
  const expected = shape(around("'x'"))

  it('keep a query its structure and a value its content, whatever the value is', () => {
    fc.assert(
      fc.property(fc.oneof(value, address), (text) => {
        const query = around(quote(text))
        expect(shape(query)).toEqual(expected)
        const literal = lex(query).find((token) => token.kind === 'string')!
        expect(literalText(query, literal)).toBe(text)
      }),
      runs,
    )
  })

  it('hold no control or format character as it is', () => {
    expect(quote(`a'b\\c"d\n\u2028\u202e🙂\ud800`)).toBe(`'a\\'b\\\\c\\"d\\u000a\\u2028\\u202e🙂\\ud800'`)
  })
})

describe('SOQL names', () => {
  it('are names and nothing more', () => {
    expect(select({ fields: ['Id', 'Account.Name', 'X__c'], object: 'Contact', where: 'Id != null', orderBy: ['Id'], limit: 5 })).toBe(
      'SELECT Id,Account.Name,X__c FROM Contact WHERE Id != null ORDER BY Id LIMIT 5',
    )
    for (const bad of ['', 'Id FROM User', 'Id,Name', '1d', 'A.B.C', "Id'", '(SELECT Id FROM Cases)', 'Ïd']) {
      expect(() => path(bad)).toThrow(expect.objectContaining({ kind: 'refused' }))
      expect(() => name(bad)).toThrow(expect.objectContaining({ kind: 'refused' }))
    }
  })

  it('write a moment as a literal with milliseconds', () => {
    expect(instant(Date.UTC(2026, 2, 17, 16, 21, 26))).toBe('2026-03-17T16:21:26.000Z')
    expect(() => instant(8.64e15)).toThrow(expect.objectContaining({ kind: 'bad-cursor' }))
  })
})

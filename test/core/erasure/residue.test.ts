import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileResidue, redact, type Traits } from '../../../src/core/erasure/residue.ts'

const traits: Traits = {
  emails: ['marie.durand@example.test', 'md+news@example.org', 'zoé@example.test'],
  phones: ['+33612345678'],
  names: [
    { given: 'Marie', family: 'Durand' },
    { given: 'Zoë', family: "d'Arc" },
    { given: '', family: 'Durand' },
  ],
}
const find = compileResidue(traits, 'FR')
const seen = (text: string): readonly string[] => find(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

describe('what is left of a person in a text', () => {
  it.each([
    ['Appeler marie.durand@example.test.', ['email marie.durand@example.test']],
    ['Marie.DURAND@Example.TEST;md+news@example.org', ['email Marie.DURAND@Example.TEST', 'email md+news@example.org']],
    ['<a href="mailto:marie.durand%40example.test?subject=x">ici</a>', ['email marie.durand%40example.test']],
    ['marie.durand&#64;example.test', ['email marie.durand&#64;example.test']],
    ['De : "Marie" <marie.durand@example.test>', ['email marie.durand@example.test']],
    ['zoé@example.test a répondu', ['email zoé@example.test']],
    ['tél. 06 12 34 56 78', ['phone 06 12 34 56 78']],
    ['+33 (0)6.12.34.56.78, rappeler', ['phone +33 (0)6.12.34.56.78']],
    ['Portable:0612345678', ['phone 0612345678']],
    ['(06 12 34 56 78)', ['phone 06 12 34 56 78']],
    ['(06) 12-34-56-78', ['phone (06) 12-34-56-78']],
    ['0033612345678', ['phone 0033612345678']],
    ['vu avec Marie Durand hier', ['name Marie Durand']],
    ['DURAND, Marie', ['name DURAND, Marie']],
    ['Durand\u00a0Marie', ['name Durand\u00a0Marie']],
    ['Contrat_Zoe d’Arc.pdf', []],
    ["Zoe D'Arc", ["name Zoe D'Arc"]],
    ['CV_2024_marie.durand@example.test.pdf', ['email marie.durand@example.test']],
    ['marie.durand@example.test.docx', ['email marie.durand@example.test']],
    ['CV marie.durand@example.test', ['email marie.durand@example.test']],
    ['<p>06&nbsp;12&nbsp;34&nbsp;56&nbsp;78</p>', ['phone 06&nbsp;12&nbsp;34&nbsp;56&nbsp;78']],
    ['appeler 06<b>12</b>345678', ['phone 06<b>12</b>345678']],
    ['<p>Marie&nbsp;Durand</p><p>Zo&euml; d&#39;Arc</p>', ['name Marie&nbsp;Durand', 'name Zo&euml; d&#39;Arc']],
    ['<b>Marie</b> Durand', ['name Marie</b> Durand']],
    ['marie.durand&commat;example&period;test', ['email marie.durand&commat;example&period;test']],
    ['zo&eacute;@example.test', ['email zo&eacute;@example.test']],
    ['<p title="Marie&nbsp;X">Marie</p><p>Durand</p>', ['name Marie</p><p>Durand']],
    [
      '<a href="mailto:marie.durand@example.test">marie.durand@example.test</a>',
      ['email marie.durand@example.test', 'email marie.durand@example.test'],
    ],
  ])('%s', (text, hits) => {
    expect(seen(text)).toEqual(hits)
  })
  it.each([
    'amarie.durand@example.test',
    'marie.durand@example.testing',
    'marie.durand@example.test.example.org',
    'mariedurand@example.test',
    'marie.durand+x@example.test',
    'marie.durand@example',
    'CV_amarie.durand@example.test.pdf',
    'anne_marie.durand@example.test',
    'mаrie.durand@example.test',
    '06 12 34 56 79',
    '106 12 34 56 78',
    '06123456789',
    'FR7630001007941234567890185',
    'Anne-Marie Durand',
    'Marie Durand-Petit',
    'Marie Durandal',
    'Rose-Marie, Durand',
    'Marie',
    'Durand et fils',
    '2026-06-12 34:56:78',
  ])('is not in %s', (text) => {
    expect(seen(text)).toEqual([])
  })
  it('is told with certainty only by what is one person’s alone', () => {
    expect(find('Marie Durand, 0612345678').map(({ certainty }) => certainty)).toEqual(['possible', 'certain'])
  })
  it('is cut out where it is certain, and what surrounds it stays as it was', () => {
    const text = 'Émile et Marie Durand <marie.durand@example.test>, 06 12 34 56 78 — rappeler 🙂 md+news@example.org'
    expect(redact(text, find(text), '[…]')).toBe('Émile et Marie Durand <[…]>, […] — rappeler 🙂 […]')
    expect(redact('nothing', [], '[…]')).toBe('nothing')
  })
  it('is gone after the cut, whatever stands around it', () => {
    const around = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom(...traits.emails, '06 12 34 56 78', ' ', ', ')),
      {
        maxLength: 10,
      },
    )
    fc.assert(
      fc.property(around, (parts) => {
        const text = parts.join(' ')
        const hits = find(text)
        for (const { start, end } of hits) expect(start).toBeLessThan(end)
        const cut = redact(text, hits, '\u2588')
        expect(find(cut).filter(({ certainty }) => certainty === 'certain')).toEqual([])
      }),
      { seed: 20261122, numRuns: 500 },
    )
  })
  it('takes no time that an attacker could stretch', () => {
    const hostile = ['@', 'a@', '1 ', 'a.', 'marie ', '%40', '+1(2', 'marie\u00e9', '&#64;'].map((part) => part.repeat(40_000))
    const started = process.cpuUsage().user
    for (const text of [...hostile, `marie${' '.repeat(200_000)}durand`]) find(text)
    // Linear takes a second, a quadratic scan of one of these minutes.
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(15)
  })
})

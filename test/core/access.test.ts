import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { AccessEntry, AccessField } from '../../src/core/access/entry.ts'
import { byteOrderMark, csvLine, tables } from '../../src/core/access/csv.ts'
import { compileOthers } from '../../src/core/access/others.ts'
import { portable, tell, type Telling } from '../../src/core/access/told.ts'
import { visible } from '../../src/core/text/visible.ts'

const others = compileOthers({
  emails: ['ada@example.test'],
  phones: ['+33612345678'],
  names: [{ given: 'Ada', family: 'Le Goff' }],
  homeCountry: 'FR',
})

describe('others in a person’s texts', () => {
  it.each<[string, string, number]>([
    ['Write to bruno@example.org or Ada@Example.test.', 'Write to [x] or Ada@Example.test.', 1],
    ['Tel. 06 12 34 56 78, bureau 01 44 55 66 77', 'Tel. 06 12 34 56 78, bureau [x]', 1],
    ['Order 2024 1234 5678, 12 m3', 'Order 2024 1234 5678, 12 m3', 0],
    ['', '', 0],
    ['06 12 34 56 78 01 44 55 66 77, 0612345678/0144556677', '06 12 34 56 78 [x], 0612345678/[x]', 2],
    ['tél 1 44 55 66 77, mobile 33612345678, tel 33144556677', 'tél [x], mobile 33612345678, tel [x]', 2],
    ['01_44_55_66_77, 01–44–55–66–77', '[x], [x]', 2],
  ])('loses in %j the addresses and numbers that are not theirs', (text, left, struck) =>
    expect(others.strike(text, '[x]')).toEqual({ text: left, struck }),
  )

  it.each([
    'Rappeler Mme Durand',
    'Voir avec Paul',
    'Jean Dupont a validé',
    'Jean LE GOFF paie',
    'Ada Dupont',
    'Son mari règle la facture',
    'her husband pays',
    'Ask Marie',
    'M.Roux a appelé',
    'm. roux a appelé',
    'mr roux',
    'monsieur Roux',
    'Mme roux a appelé',
    'rappeler mme Roux',
    'RAPPELER MME ROUX',
    'avec madame roux',
    'maître Roux',
    'Madame De la Tour',
    'M de Villepin',
    'le Dr. martin',
    'le mari de la cliente',
    'La mère est hospitalisée',
    'leurs enfants',
    'votre mari',
    "l'ex-femme du gérant",
    'ses filles',
    'rdv paul martin demain',
    'J. Roux a validé',
    'Roux J. a validé',
    'Jean-Paul valide',
    "Paul m'a dit que c'est signé",
    'Dupont Ada, à ne pas confondre',
    'Vu E\u0301lodie',
  ])('may name somebody else: %s', (text) => expect(others.mayName(text)).toBe(true))

  it.each([
    'Bonjour Ada',
    'Mme Le Goff préfère le matin',
    'MME LE GOFF',
    'mme. le goff',
    'Ada Le Goff',
    'relancer lundi',
    'client ravi, 3 machines',
    'Appeler Ada',
    'Madame souhaite être rappelée',
    'Madame, Monsieur',
    'tuyau de 12 m. environ, latence 20 ms de moins',
    "nom d'épouse : Le Goff",
    'il m a dit ok, me rappeler',
    'parti chez un partenaire, a partner of the group',
    'call Monday',
  ])('names nobody else: %s', (text) => expect(others.mayName(text)).toBe(false))

  it('leaves of a list of parties the person alone', () => {
    expect(others.parties('"Ada" <ada@example.test>; bruno@example.org', '[x]')).toEqual({
      text: '"Ada" <ada@example.test>; [x]',
      struck: 1,
    })
    expect(others.parties('Ada Le Goff', '[x]')).toEqual({ text: 'Ada Le Goff', struck: 0 })
    expect(others.parties('Bruno Voisin', '[x]')).toEqual({ text: '[x]', struck: 1 })
    expect(others.parties('06 12 34 56 78', '[x]')).toEqual({ text: '06 12 34 56 78', struck: 0 })
  })

  it('takes no long time over a text without end', () => {
    const long = `${'a'.repeat(50_000)}@${'Aa '.repeat(20_000)}`
    const begun = process.cpuUsage()
    others.strike(long, '[x]')
    others.mayName('aa '.repeat(30_000))
    for (const begun of ['<', '<!--', '<style ', '<p>\n', '&amp;', '&#', ' \n']) visible(begun.repeat(100_000 / begun.length))
    // Microseconds of CPU: a pattern that tries every start again takes minutes.
    expect(process.cpuUsage(begun).user).toBeLessThan(3_000_000)
  })
})

const field = (more: Partial<AccessField>): AccessField => ({
  name: 'f',
  label: 'F',
  value: 'v',
  shown: null,
  at: null,
  source: null,
  provenance: 'other',
  holds: 'plain',
  ...more,
})
const of = { object: 'contacts', id: '1' }
const telling = (decision: 'release' | 'withhold' | null = null): Telling => ({
  others,
  decided: (thing, text) => ({ key: `${thing} ${text}`, decision }),
  words: { colleague: '[staff]', other: '[other]', withheld: '[withheld]' },
})
const activity = (...fields: AccessField[]): AccessEntry => ({ part: 'activity', of, object: 'notes', id: '9', fields })
const toldFields = (entry: AccessEntry, decision: 'release' | 'withhold' | null = null) => {
  const { told, marked } = tell('crm', entry, telling(decision))
  return { fields: 'fields' in told.entry ? told.entry.fields.map(({ value, note }) => [value, note]) : [], marked }
}

describe('one piece as the person gets it', () => {
  it('names colleagues by their part, and leaves the person’s own words alone', () => {
    const { fields, marked } = toldFields(
      activity(
        field({ value: '440', holds: 'colleague' }),
        field({ value: 'Ask Marie, bruno@example.org', holds: 'text', provenance: 'person' }),
        field({ value: 'Write to bruno@example.org', holds: 'text' }),
      ),
    )
    expect(fields).toEqual([
      ['[staff]', 'colleague'],
      ['Ask Marie, bruno@example.org', null],
      ['Write to [other]', 'others'],
    ])
    expect(marked).toEqual([])
  })

  it('holds back a text that may name somebody until it is released, and once for a note and its preview', () => {
    const entry = activity(
      field({ name: 'body', value: '<p>Ask  Marie</p>', holds: 'text' }),
      field({ name: 'preview', value: 'Ask Marie', holds: 'text' }),
    )
    const held = toldFields(entry)
    expect(held.fields).toEqual([
      ['[withheld]', 'withheld'],
      ['[withheld]', 'withheld'],
    ])
    expect(held.marked.map(({ place, key }) => [place, key])).toEqual([
      ['crm:notes:9#body', 'crm:notes:9 Ask Marie'],
      ['crm:notes:9#preview', 'crm:notes:9 Ask Marie'],
    ])
    expect(toldFields(entry, 'release').fields[1]).toEqual(['Ask Marie', null])
    expect(toldFields(entry, 'withhold').fields[1]).toEqual(['[withheld]', 'withheld'])
  })

  it('holds back every word of somebody else’s that only names the person, but for the person’s own address and number', () => {
    const sent = (name: string, value: string) => field({ name, value, holds: 'another' })
    const entry = activity(
      sent('email', 'paul@example.org'),
      sent('firstname', 'Paul'),
      sent('friend_email', 'Ada@Example.test'),
      sent('friend_phone', '06 12 34 56 78'),
      sent('message', 'I told ada@example.test of you, mobile 07 98 76 54 32'),
    )
    const { fields, marked } = toldFields(entry)
    expect(fields).toEqual([
      ['[other]', 'others'],
      ['[withheld]', 'withheld'],
      ['Ada@Example.test', null],
      ['06 12 34 56 78', null],
      ['[withheld]', 'withheld'],
    ])
    expect(marked.map(({ text }) => text)).toEqual(['Paul', 'I told ada@example.test of you, mobile [other]'])
    expect(toldFields(entry, 'release').fields[4]).toEqual(['I told ada@example.test of you, mobile [other]', 'others'])
    expect(portable(tell('crm', entry, telling('release')).told, () => true)).toBeNull()
  })

  it.each([
    ['<p>Ligne 01&nbsp;44&nbsp;55&nbsp;66&nbsp;77</p>', 'Ligne [other]'],
    ['01<b>44</b>556677', '[other]'],
    ['0144\u200B556677', '[other]'],
    ['<p>ecrire a paul.roux&#64;example.org</p>', 'ecrire a [other]'],
    ['ecrire a paul.roux&#x40;example&period;org', 'ecrire a [other]'],
    ['ecrire a paul.roux&amp;commat;example.org', 'ecrire a [other]'],
    ['<a href="mailto:paul&#64;example.org">Contact</a>', 'Contact'],
    ['<a href="mailto:paul@example.org">paul@example.org</a>', '<a href="mailto:[other]">[other]</a>'],
    ['<p>Vu avec M. &Eacute;lie</p>', '[held]'],
    ['<p><img alt="Signature de Mme Roux" src="x.png">Bien à vous</p>', 'Bien à vous'],
    ['<p>Bien à vous</p><!-- dicté par M. Roux -->', 'Bien à vous'],
    ['<p><img alt="logo" src="x.png">Bien à vous</p>', '<p><img alt="logo" src="x.png">Bien à vous</p>'],
    ['Vu &Eacute;lodie', '[held]'],
    // What is the person's own stays, however it is written.
    ['<p>ada&#64;example.test, 06&nbsp;12&nbsp;34&nbsp;56&nbsp;78</p>', '<p>ada&#64;example.test, 06&nbsp;12&nbsp;34&nbsp;56&nbsp;78</p>'],
    ['ada&commat;example.test ou 01 44 55 66 77', 'ada&commat;example.test ou [other]'],
    ['&#97;da@example.test', 'ada@example.test'],
    ['<p>De : Ada <ada@example.test></p>', '<p>De : Ada <ada@example.test></p>'],
  ])('strikes of %j what a reader sees of it, and leaves %j', (value, left) => {
    const { fields } = toldFields(activity(field({ value, holds: 'text' })))
    expect(fields[0]?.[0]).toBe(left.replace('[held]', '[withheld]'))
  })

  it('gives nothing of another to a reader, wherever references and tags stand in it', () => {
    const ways = [
      (c: string) => c,
      (c: string) => `&#${c.codePointAt(0)};`,
      (c: string) => `&#x${c.codePointAt(0)?.toString(16)};`,
      (c: string) => `&amp;#${c.codePointAt(0)};`,
      (c: string) => `<b>${c}</b>`,
      (c: string) => `${c}\u200B`,
    ]
    const written = fc.array(fc.constantFrom(...ways), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(fc.constantFrom('paul@example.org', '0144556677'), written, (plain, how) => {
        const value = [...plain].map((c, i) => how[i]?.(c) ?? c).join('')
        expect(visible(toldFields(activity(field({ value, holds: 'text' }))).fields[0]?.[0] ?? '')).toBe('[other]')
      }),
      { seed: 20_261_122, numRuns: 200 },
    )
  })

  it('does the same to earlier values', () => {
    const versions = [
      { value: 'Ask Marie', at: '2026-01-01T00:00:00Z', source: 'CRM_UI', provenance: 'other' as const },
      { value: 'Mornings', at: null, source: null, provenance: 'other' as const },
    ]
    const { told } = tell('crm', { part: 'history', of, name: 'notes', label: 'Notes', holds: 'text', versions }, telling())
    expect('versions' in told.entry && told.entry.versions.map(({ value }) => value)).toEqual(['[withheld]', 'Mornings'])
  })

  it('is portable as far as the person gave it, or their acts left it', () => {
    const entry: AccessEntry = {
      part: 'record',
      of,
      fields: [
        field({ name: 'city', provenance: 'person' }),
        field({ name: 'visits', provenance: 'observed' }),
        field({ name: 'score', provenance: 'derived' }),
        field({ name: 'remark', provenance: 'other' }),
        field({ name: 'email', provenance: 'unknown' }),
        field({ name: 'segment', provenance: 'unknown' }),
      ],
    }
    const left = portable(tell('crm', entry, telling()).told, (object, name) => object === 'contacts' && name === 'email')
    expect(left !== null && 'fields' in left.entry && left.entry.fields.map(({ name }) => name)).toEqual(['city', 'visits', 'email'])
    expect(portable(tell('crm', activity(field({ value: 'call', holds: 'text' })), telling()).told, () => true)).toBeNull()
  })

  it('shows of a mail in HTML what a reader sees', () => {
    expect(visible('<style>p{}</style><p>Hello&nbsp;Ada</p><p>5 &lt; 6 &amp; &#233;</p>')).toBe('Hello Ada\n5 < 6 & é')
    expect(visible('2 < 3')).toBe('2 < 3')
    expect(visible('&Eacute;lodie &#x40; &#64 &ccaron; &euro; &#128; &bogus; &amp;nbsp;&Sigma;')).toBe('Élodie @ @ č € € &bogus;  Σ')
    expect(visible('dépress<b>ive</b><br/><!-- x --><o:p>&nbsp;</o:p>de : Ada <ada@example.test>')).toBe(
      'dépressive\nde : Ada <ada@example.test>',
    )
    expect(visible('https://example.test/?a=1&copy=2&reg=3')).toBe('https://example.test/?a=1&copy=2&reg=3')
    expect(visible('<style>a')).toBe('<style>a')
    expect(visible('<p>\r\n  Two\r\nlines</p><p>of&#10;three</p>')).toBe('Two lines\nof\nthree')
  })
})

describe('tables', () => {
  it.each(['=1+1', '+33612345678', '-5', '@sum', ' =x', '＝x', '%0A', '|cmd', '\u200B=x', '"=x'])(
    'begin no cell with a formula: %j',
    (cell) => {
      const [[read = '']] = Papa.parse<string[]>(csvLine([cell], ',')).data as [string[]]
      expect(read).toBe(`'${cell}`)
    },
  )
  it.each([
    'x;=HYPERLINK("http://example.test";"cliquez")',
    'x,=1+1',
    'x\t=1+1',
    '\t=x',
    'x\n=cmd|calc',
    'x\r\n@sum',
    'x; \u200B=1',
    'x;"=1',
    'x;-2+3+cmd|calc',
    'x,+1;=1',
  ])('begin none behind what a spreadsheet of another country takes for the end of a cell: %j', (cell) => {
    for (const separator of [',', ';'] as const)
      for (const part of csvLine(['a', cell], separator).split(/[;,\t\r\n]/)) expect(part).not.toMatch(/^[\s\p{Cf}"]*[=@|%+-](?!\d+$)/u)
  })
  it('are read back as they were written, but for line ends', () => {
    const cells = ['a,b', 'a;b', 'say "hi"', '', 'é €', ' edge ', '0612345678; +33612345678', 'Salut, 5 - 3 = 2']
    for (const separator of [',', ';'] as const)
      expect(Papa.parse<string[]>(csvLine([...cells, 'two\r\nlines'], separator), { delimiter: separator }).data[0]).toEqual([
        ...cells,
        'two lines',
      ])
    expect(byteOrderMark).toBe('\uFEFF')
  })
  it('have one line for each value, in the table of its kind', () => {
    const { told } = tell('crm', activity(field({ value: 'a' }), field({ value: 'b' })), telling())
    expect(tables.map(({ file, rowsOf }) => [file, rowsOf(told).length])).toEqual([
      ['records.csv', 0],
      ['history.csv', 0],
      ['around.csv', 2],
    ])
    for (const { header, rowsOf } of tables) for (const row of rowsOf(told)) expect(row.length).toBe(header.length)
  })
})

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { certificateParts, glossaryOf, standingLine } from '../../../src/core/erasure/certificate-lines.ts'
import { certificateWords } from '../../../src/core/erasure/certificate-words.ts'
import { holdFacts, holdGrounds } from '../../../src/core/policy/schema.ts'
import { certificateText, signCertificate, verifyCertificate, type Unsigned } from '../../../src/core/erasure/certificate.ts'
import { keyIdOf } from '../../../src/core/ledger/checkpoint.ts'

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

describe('the words of a certificate', () => {
  const { fr, en } = certificateWords
  const kinds = [
    'standing',
    'method',
    'action',
    'outcome',
    'trace',
    'ground',
    'because',
    'certainty',
    'mark',
    'remedy',
    'told',
    'look',
    'loss',
  ] as const
  const codes = kinds.map((kind) => [kind, Object.keys(en[kind])] as const)
  /** One certificate with every code that there is; what is named besides is in no language. */
  const every: Unsigned = {
    ...unsigned,
    systems: Object.keys(en.method).map((method) => ({ connection: 'k1', crm: 'k2', method: method as 'bin', records: 1 })),
    records: Object.keys(en.trace).flatMap((trace) =>
      Object.keys(en.action).map((action) => ({
        ref: 'k1/k2/7',
        reasons: [],
        action: action as 'keep',
        outcome: 'erased',
        trace,
        holds: holdGrounds.flatMap((ground) =>
          ['by-hand', ...holdFacts.flatMap((fact) => [`${fact} k2/7`, `unread ${fact}`])].map((because) => {
            return { ground: `GDPR art. ${ground}`, text: 'C. com. L123-22', because, until: null, review: '2027-11-02' }
          }),
        ),
      })),
    ),
    around: Object.keys(en.outcome).map((outcome) => ({ connection: 'k1', object: 'k2', outcome, count: 1 })),
    mentions: Object.keys(en.remedy).flatMap((remedy) =>
      Object.keys(en.certainty).map((certainty) => {
        return { ref: 'k1/k2/7', certainty: certainty as 'certain', what: `k3: ${Object.keys(en.mark).join('+')}; ${remedy}` }
      }),
    ),
    recipients: Object.keys(en.told).map((outcome) => ({ name: 'k4', way: 'email' as const, outcome, at: null })),
    lost: Object.keys(en.loss).map((because, records) => {
      return { connection: 'k1', crm: 'k2', records, because, declaredBy: 'u7', declared: '2026-11-02T10:00:00.000Z' }
    }),
    unreached: [{ connection: 'k1', what: 'k2: HubSpot answered 403; the token lacks a scope' }],
    looks: Object.keys(en.look).map((look) => ({ look, at: '2026-11-02T10:00:00.000Z', standing: 'held' })),
    next: { look: 'week', at: '2026-11-09T10:00:00.000Z' },
  }
  const lines = (language: 'fr' | 'en') =>
    certificateParts(every, language, { records: 99, others: 999 }).flatMap(([title, text]) => [title, ...text])

  it('are there for every code, in French and in English, and are not the code', () => {
    expect([Object.keys(en.ground), Object.keys(en.because)]).toEqual([[...holdGrounds], [...holdFacts, 'by-hand']])
    for (const [kind, known] of codes) {
      expect(Object.keys(fr[kind])).toEqual(known)
      for (const word of Object.values<string>(fr[kind])) expect(word).toMatch(/\S/)
    }
    const glossary = glossaryOf(every)
    const missing = codes.flatMap(([kind, known]) => known.map((code) => `${kind}.${code}`)).filter((code) => !(code in glossary))
    // One certificate has one standing.
    expect(missing).toEqual(['standing.proved', 'standing.pending-vendor-purge', 'standing.out-of-reach'])
    expect(glossary['because.won-deal']).toEqual({ fr: 'vente conclue', en: 'won deal' })
    expect(glossary['ground.17(3)(b)']).toEqual({ fr: 'obligation légale', en: 'legal obligation' })
  })
  it('leave neither a code nor an English word on the French paper', () => {
    const own = codes.flatMap(([kind, known]) => known.flatMap((code) => [code, en[kind][code as never] as string]))
    const french = new Set(codes.flatMap(([kind]) => Object.values<string>(fr[kind])))
    const foreign = own.filter((word) => !word.startsWith('17(3)') && ![...french].some((one) => one.includes(word)))
    expect(foreign.length).toBeGreaterThan(60)
    const page = lines('fr').join('\n')
    expect(
      foreign.filter((word) => new RegExp(`(?<![\\p{L}-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}-])`, 'u').test(page)),
    ).toEqual([])
    expect(page).not.toMatch(/GDPR|answered|could not/)
    expect(page).toContain('RGPD, art. 17(3)(b) (obligation légale), C. com. L123-22 (non lu : facture ?), à réexaminer le 02/11/2027')
    expect(page).toContain(
      'k3 : adresse électronique + numéro de téléphone + nom + plus que la recherche du CRM n’en montre ; peut être expurgé',
    )
    expect(page).toContain('k2 (k1) – contrat terminé – 1 fiche connue – déclaré par u7 le 02/11/2026')
    expect(lines('en').join('\n')).toContain(
      'GDPR art. 17(3)(e) (establishment, exercise or defence of legal claims), C. com. L123-22 (won deal k2/7)',
    )
  })
})

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

describe('the sentence at the top', () => {
  it('says anonymised of what stays without the person, and erased of nothing that stays', () => {
    const of = (standing: Unsigned['standing'], ...outcomes: Unsigned['records'][number]['outcome'][]) =>
      (['fr', 'en'] as const).map((language) => {
        const records = outcomes.map((outcome) => ({ ...unsigned.records[0]!, outcome }))
        return standingLine({ standing, records }, language).split(/[ ,:]/, 1)[0]
      })
    expect(of('held', 'anonymised', 'kept')).toEqual(['ANONYMISÉ', 'ANONYMISED'])
    expect(of('proved', 'anonymised')).toEqual(['ANONYMISÉ', 'ANONYMISED'])
    expect(
      standingLine(
        { standing: 'held', records: (['erased', 'anonymised'] as const).map((outcome) => ({ ...unsigned.records[0]!, outcome })) },
        'en',
      ),
    ).toContain('OR ANONYMISED')
    expect([of('held', 'erased', 'kept'), of('proved', 'erased')]).toEqual([
      ['EFFACÉ', 'ERASED'],
      ['PROUVÉ', 'PROVED'],
    ])
    const lost = (language: 'fr' | 'en') => standingLine({ standing: 'out-of-reach', records: unsigned.records }, language)
    expect([lost('fr'), lost('en')]).toEqual([expect.stringContaining('EFFACÉ EN PARTIE'), expect.stringContaining('ERASED IN PART')])
  })
  it('calls nothing erased in a system that is gone, but for what was erased there before', () => {
    const records = ([null, 'erased'] as const).map((outcome) => ({
      ...unsigned.records[0]!,
      action: 'erase' as const,
      outcome,
      trace: 'out-of-reach',
    }))
    const [, [, lines]] = certificateParts({ ...unsigned, records }, 'en', { records: 9, others: 9 }) as unknown as [
      unknown,
      [string, string[]],
    ]
    expect(lines.map((line) => line.split(' – ').slice(1))).toEqual([
      ['not erased', 'system gone, cannot be read again'],
      ['erased', 'system gone, cannot be read again'],
    ])
  })
})

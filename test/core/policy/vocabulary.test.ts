import { describe, expect, it } from 'vitest'
import { isNoAddress, isNoWork, isPlaceholder } from '../../../src/core/text/placeholder.ts'
import { vocabulariesOf } from '../../../src/core/policy/vocabulary.ts'
import { consumer, hubspot, permission, policy, professional, proved, rules, world } from '../judge-world.ts'

const { verdict } = world()
/** A customer whose last purchase was eleven years ago. */
const customer = { ...consumer, customer_since: '2014-01-01', last_purchase_date: '2015-01-01' }

describe('a word of the policy', () => {
  it('is the same in capitals, with spaces around it and with accents: a running contract holds', () => {
    for (const spelling of ['active', 'Active', ' ACTIVE ', 'Áctive']) {
      const found = verdict({ ...customer, contract_status: spelling })
      expect([found.retention.hold, permission(found, 'customer_care', 'email')], spelling).toEqual([
        'running_contract',
        '+service_customer',
      ])
    }
  })
  it('that nobody knows is unknown where a hold depends on it: a person decides, and the field is named', () => {
    const found = verdict({ ...customer, contract_status: 'En cours' })
    expect([found.retention.hold, found.findings.map((one) => [one.rule, one.fields])]).toEqual([
      'running_contract',
      [
        ['retention.review_due', []],
        ['mapping.value_unknown', ['contract_status']],
      ],
    ])
    expect(rules(verdict({ ...customer, contract_status: 'Ended' }))).toEqual(['retention.erase_due'])
  })
  it('is unknown as well where the field is mapped as it is, and the same spellings count', () => {
    const plain = world({
      mapping: { ...hubspot, fields: { ...hubspot.fields, contractStatus: { from: ['contract_status'], values: null, otherwise: null } } },
    })
    expect(rules(plain.verdict({ ...customer, contract_status: 'ended' }))).toEqual(['retention.review_due', 'mapping.value_unknown'])
    expect(plain.verdict({ ...customer, contract_status: 'Active' }).retention.hold).toBe('running_contract')
  })
  it('that nobody knows moves nobody into a category that erases', () => {
    const found = verdict({ ...consumer, createdate: '2020-01-01T00:00:00Z', newsletter_status: 'Abonné' })
    expect([found.retention.rule, rules(found)]).toEqual(['newsletter_only', ['retention.start_unknown', 'mapping.value_unknown']])
  })
  it('that says nothing of a job says something of a contract: it is unknown there as any other', () => {
    for (const word of ['inactif', 'Privé', 'retraité', 'npai']) {
      const found = verdict({ ...customer, contract_status: word })
      expect([found.retention.hold, rules(found)], word).toEqual(['running_contract', ['retention.review_due', 'mapping.value_unknown']])
      const reader = verdict({ ...consumer, createdate: '2020-01-01T00:00:00Z', newsletter_status: word })
      expect([reader.retention.rule, rules(reader)], word).toEqual([
        'newsletter_only',
        ['retention.start_unknown', 'mapping.value_unknown'],
      ])
    }
  })
  it('in a box that is neither ticked nor not is unknown: no contact, no erasure', () => {
    const found = verdict({ ...customer, legal_hold: 'à vérifier', processing_restricted: 'à vérifier' })
    expect([permission(found, 'customer_offers', 'post'), rules(found)]).toEqual([
      '-restricted',
      ['retention.review_due', 'mapping.value_unknown'],
    ])
    expect(verdict({ ...customer, legal_hold: 'Oui' }).retention.hold).toBe('legal_hold')
  })
  it('leaves fields alone that no gate, hold or category compares', () => {
    const audiences = policy.audiences.map((one) =>
      one.id === 'professional' ? { ...one, when: [{ field: 'jobTitle', predicate: { is: 'equal' as const, value: 'Gérante' } }] } : one,
    )
    const titled = world({ policy: { ...policy, audiences } })
    expect([
      titled.verdict({ ...professional, jobtitle: 'gerante' }).audience,
      titled.verdict({ ...professional, jobtitle: 'Directrice' }).audience,
    ]).toEqual(['professional', 'consumer'])
    expect(vocabulariesOf(policy).get('source')?.closed).toBe(false)
  })
})

describe('a text that stands for nothing', () => {
  it('is no company, no job, no street and no proof', () => {
    for (const nothing of ['N/A', '-', '[not provided]', 'non renseigné', '—', 'Particulier']) {
      expect(verdict({ ...professional, company: nothing }).audience, nothing).toBe('consumer')
      expect(verdict({ ...professional, jobtitle: nothing }).audience, nothing).toBe('consumer')
      expect(permission(verdict({ ...consumer, address: nothing }), 'customer_offers', 'post'), nothing).toBe('-channel.post')
      const claimed = verdict({ ...consumer, ...proved('newsletter_email'), consent_newsletter_email_text: nothing })
      expect([permission(claimed, 'newsletter', 'email'), rules(claimed)], nothing).toEqual(['-newsletter', ['consent.unproved']])
    }
    expect(verdict(professional).audience).toBe('professional')
    expect(permission(verdict({ ...consumer, address: 'NPAI' }), 'customer_offers', 'post')).toBe('-channel.post')
    expect(verdict({ ...professional, jobtitle: 'Retraitée' }).audience).toBe('consumer')
    for (const home of ['Chez moi', 'Domicile', 'PERSONNEL', 'usage privé', 'zu Hause'])
      expect(verdict({ ...professional, company: home }).audience, home).toBe('consumer')
  })
  it('gives way to the next field that is mapped', () => {
    const twice = world({
      mapping: { ...hubspot, fields: { ...hubspot.fields, company: { from: ['company', 'siren'], values: null, otherwise: null } } },
    })
    expect(twice.verdict({ ...professional, company: 'n/a', siren: '732829320' }).audience).toBe('professional')
  })
  it('is told from names, words and codes that look like one', () => {
    const nothing = ['', '.', '…', '???', 'n.a.', 'NA', 'Néant', 'NEANT', 'xxx', 'Sans objet', '(unknown)', 'à compléter', 'TBD', 'null']
    const noWork = [
      'Particulier (B2C)',
      'persona física',
      'Consumer',
      'Madame',
      'in Rente',
      'Particuliers',
      'perso',
      'Privé',
      'RETRAITÉE',
      'Étudiant',
      "demandeur d'emploi",
      'Mère au foyer',
      'lycéen',
      'Student',
      'sans emploi',
    ]
    const noAddress = ['NPAI', "N'habite pas à l'adresse indiquée"]
    const something = [
      'Retraite Plus',
      'Élève avocate',
      'Responsable du personnel',
      'Privé & Fils',
      'Nana',
      'NL-2025-03',
      'Nathalie',
      'ACME',
      '3M',
      'Testud',
      'Xerox',
      'Vide-grenier du port',
      'Aucune SARL',
      'ØRSTED',
      'AB',
      'Inconnue & Fils',
    ]
    expect(nothing.filter((text) => !isPlaceholder(text) || !isNoWork(text))).toEqual([])
    expect(noWork.filter((text) => isPlaceholder(text) || !isNoWork(text))).toEqual([])
    expect(noAddress.filter((text) => isPlaceholder(text) || isNoWork(text) || !isNoAddress(text))).toEqual([])
    expect(something.filter((text) => isPlaceholder(text) || isNoWork(text))).toEqual([])
  })
})

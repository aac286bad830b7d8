import { expect, it } from 'vitest'
import { createFillCounter, unusedFields } from '../../../src/core/minimisation/fill.ts'
import { sensitiveField } from '../../../src/core/minimisation/fields.ts'
import { undeclaredRemedy } from '../../../src/core/judge/remedies.ts'
import { createMinimiser, type CatalogueField } from '../../../src/core/minimisation/minimisation.ts'
import { createRowReader } from '../../../src/core/record/row.ts'

const field = (name: string, custom: boolean, writable = true, label = name): CatalogueField => ({ name, custom, writable, label })
const catalogue = [
  field('email', false),
  field('marital_status', false),
  field('date_of_birth', false),
  field('ip_city', false, false),
  field('hs_analytics_source', false, false),
  field('jobtitle', false),
  field('children_count', true),
  field('lead_magnet_code', true),
  field('siren', true),
]
const { columnOf, read } = createRowReader()
const minimiser = createMinimiser({ declared: new Set(['email', 'date_of_birth', 'siren', 'jobtitle']), catalogue, columnOf })

it('watches custom fields and the vendor defaults that marketing should not fill, unless declared', () => {
  expect(minimiser.watched).toEqual(['marital_status', 'children_count', 'lead_magnet_code'])
})

it('names the undeclared fields that a record fills: zero and false too, empty and blank not', () => {
  expect(
    minimiser.judgeRecord(
      read({ email: 'a@example.test', marital_status: '', children_count: '0', lead_magnet_code: '  ', ip_city: 'Lyon' }),
    ),
  ).toEqual(['children_count'])
  expect(minimiser.judgeRecord(read({ email: 'a@example.test', children_count: null }))).toEqual([])
  expect(minimiser.findingFor(read({ email: 'a@example.test' }))).toBeNull()
})

it('is as grave as the worst field', () => {
  expect(minimiser.findingFor(read({ lead_magnet_code: 'LM-1', marital_status: 'Married' }))).toEqual({
    rule: 'minimisation.undeclared_field',
    kind: 'minimisation',
    severity: 'high',
    fields: ['marital_status', 'lead_magnet_code'],
    remedy: undeclaredRemedy.en,
    ref: 'GDPR art. 5(1)(c)',
  })
  expect(minimiser.findingFor(read({ lead_magnet_code: 'LM-1' }))?.severity).toBe('low')
  expect(minimiser.findingFor(read({ lead_magnet_code: 'LM-1' }))).toBe(minimiser.findingFor(read({ lead_magnet_code: 'LM-2' })))
})

it.each([
  ['ConvictionsCount', 'Convictions Count', false, 'critical'],
  ['ChildrenCount', 'Children Count', false, 'high'],
  ['ConsumerCreditScore', 'Consumer Credit Score', false, 'high'],
  ['military_status', 'Military status', false, 'high'],
  ['ip_latlon', 'IP Latitude & Longitude', false, 'medium'],
  ['Religion__c', 'Religion', true, 'critical'],
  ['champ_12', 'Handicap déclaré', true, 'critical'],
  ['Nb_Enfants__c', "Nombre d'enfants", true, 'high'],
  ['SSN__c', 'SSN', true, 'critical'],
  ['Numero_Securite_Sociale__c', 'Numéro de sécurité sociale', true, 'critical'],
  ['carte_identite', "Carte d'identité", true, 'critical'],
  ['titre_sejour', 'Titre de séjour', true, 'critical'],
  ['numero_carte_bancaire', 'Numéro de carte bancaire', true, 'critical'],
  ['cvv', 'CVV', true, 'critical'],
  ['mot_de_passe', 'Mot de passe', true, 'critical'],
  ['Travailleur_handicape__c', 'Travailleur handicapé', true, 'critical'],
  ['origine_ethnique', 'Origine ethnique', true, 'critical'],
  ['appartenance_syndicale', 'Appartenance syndicale', true, 'critical'],
  ['confession', 'Confession', true, 'critical'],
  ['champ_13', 'Maladies connues', true, 'critical'],
  ['diagnosis', 'Diagnosis', true, 'critical'],
  ['situation_familiale', 'Situation familiale', true, 'high'],
  ['race_du_chien', 'Race du chien', true, undefined],
  ['account_health', 'Account health score', true, undefined],
  ['nom_du_syndic', 'Syndic de copropriété', true, undefined],
  ['politique_tarifaire', 'Politique tarifaire', true, undefined],
  ['identite_visuelle', 'Identité visuelle', true, undefined],
  ['last_password_reset', 'Last password reset', true, undefined],
  ['racetrack_visits', 'Racetrack visits', true, undefined],
  ['hs_health_score', 'Health score', false, undefined],
  ['lead_magnet_code', 'Lead magnet', true, undefined],
])('weighs %s (%s)', (name, label, custom, severity) => {
  expect(sensitiveField(name, label, custom)?.severity).toBe(severity)
})

it('finds the fields that almost nobody fills, and none before enough was counted', () => {
  const counter = createFillCounter(['children_count', 'lead_magnet_code', 'siren'])
  for (let i = 0; i < 1_000; i++)
    counter.add({ children_count: i < 4 ? '1' : null, lead_magnet_code: i < 5 ? 'x' : '', siren: i < 2 ? '1' : null })
  const report = counter.report()
  expect(report).toEqual({ records: 1_000, filled: { children_count: 4, lead_magnet_code: 5, siren: 2 } })
  const options = { catalogue, keep: new Set(['siren']), minRecords: 1_000 }
  expect(unusedFields(report, options)).toMatchObject({
    rule: 'minimisation.unused_field',
    kind: 'minimisation',
    severity: 'low',
    fields: ['children_count'],
  })
  expect(unusedFields(report, { ...options, minRecords: 1_001 })).toBeNull()
  expect(unusedFields({ records: 0, filled: {} }, { ...options, minRecords: 0 })).toBeNull()
})

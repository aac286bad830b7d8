/** Words of the lists that mean something else in the trade of those who write notes; a false alarm costs somebody's trust, and a blocked write their work. */
import { expect, it } from 'vitest'
import { createScanner } from '../../../src/core/sensitive/scanner.ts'
import { detectors } from './detectors.ts'

const scanner = createScanner({ detectors })
const found = (text: string): string => [...new Set(scanner.scan(text).map((hit) => hit.detector))].join()
const notFound = (texts: readonly string[], detector: string): readonly string[] =>
  texts.filter((text) => (detector === '' ? found(text) !== '' : !found(text).includes(detector)))

it('leaves names, goods and what a seller does alone', () => {
  const harmless = [
    'Baptiste, merci de rappeler',
    'vu baptiste au stand, il veut une démo',
    'Quaker Oats commande 3 palettes',
    'Liste LR des articles à commander',
    'Étiquette RN 118 à coller sur le panneau',
    'Fan de Hollande et de tulipes, part en voyage chaque été',
    'Batterie lithium, prend lithium en stock chaque trimestre',
    'On lithium batteries they want a discount',
    'On insulin pumps they are the market leader',
    'Bipolar stepper motor, 24 V',
    'Pulled back the order, call again in June',
    'He pulled back from the deal',
    'Hip replacement implants: distributor for Benelux',
    'Had twins beds delivered last week',
    'Lost baby monitor in shipping, replace',
    'Losing baby wipes stock, reorder',
    'Malaria nets, 2000 units to Ghana',
    "Fatigue chronique du matériau constatée au banc d'essai",
    'Chronic pain point: data silos',
    'Long covid supply delays explained',
    'Two years theft insurance included',
    '12 months theft cover sold',
    'Chauffeur sous bracelet RFID pour l’accès au dépôt',
    'Voir oncologue Dr Petit pour le devis du scanner',
    'Buried his ticket in the backlog',
    'Burying their fibre cable next week',
    'Une incapable de livrer à temps, cette plateforme',
    'Crypto : 200 euros de bons offerts',
    'crypto 500 € en portefeuille',
  ]
  expect(notFound(harmless, '')).toEqual([])
})

it('takes no word of a list for a clause about the person', () => {
  const lists = [
    'Salon Santé 2026 : diabète, cancer, obésité',
    'Conférences de la fondation : autisme, dyslexie, surdité',
    'Publie des guides sur le catalogue : divorce, succession, donation',
  ]
  expect(notFound(lists, '')).toEqual([])
  expect(
    notFound(['diabétique, prévoir une pause pendant la formation', 'Mme Petit, dépressive, reporte la formation'], 'special'),
  ).toEqual([])
})

it('still finds the same words where they tell of somebody', () => {
  const told = [
    'elle est baptiste, pas de rdv le dimanche',
    'baptiste pratiquant',
    'candidat sur la liste LR',
    'il prend du lithium',
    'on insulin since May',
    'told me she is bipolar',
    'pulled a muscle, back in two weeks',
    'torn ligament, on crutches',
    'had twins in March',
    'elle a perdu le bébé',
    'lost the baby last month',
    'Fatigue chronique, à ménager',
    'off with long covid',
    'voit un oncologue tous les mois',
  ]
  expect(notFound(told, 'special')).toEqual([])
  expect(notFound(['got two years for theft', 'six months for theft, out in June'], 'offences')).toEqual([])
  expect(notFound(['burying her father on Thursday', 'buried his mum last week'], 'private_life')).toEqual([])
  expect(notFound(['CB au nom du mari, crypto 737', 'crypto : 123', "code d'alarme : 4512", 'code d’alarme 4512B'], 'secrets')).toEqual([])
  expect(notFound(['quel incapable'], 'insults')).toEqual([])
})

it('takes neither an animal nor what may yet happen for a fact about somebody', () => {
  const harmless = [
    'le chien est épileptique',
    'her cat died of cancer',
    'deaf puppy, quiet room please',
    "en cas d'hospitalisation, séance reportée",
    'au cas où il serait malade, voir avec le siège',
    'si jamais elle tombait enceinte, contrat suspendu',
  ]
  expect(notFound(harmless, '')).toEqual([])
  const told = ['vient avec son chien, est épileptique', "chien d'aveugle : il est aveugle", 'malade, cas signalé au siège']
  expect(notFound(told, 'special')).toEqual([])
})

it('leaves what the trade calls by the words of a body, a crime or an insult alone', () => {
  const harmless = [
    'campagne de reconquête sur les inactifs',
    'faire la transition avec le nouveau commercial',
    'accusé de réception non reçu',
    'gabarit digital envoyé au graphiste',
    'fingerprint reader for the tills',
    'empreinte digitale de la marque à soigner',
    'lost sight of the quote, resend',
    'shingles for the garage roof',
    'the migration was a complete nightmare',
    'right knob of the oven missing',
    'any food allergies? form sent to all',
    'on lui a volé son camion, refaire la carte',
    'credit union official statement, filed',
    "Italian woman's shoes, size 39",
    'cloche en verre cassée, avoir',
  ]
  expect(notFound(harmless, '')).toEqual([])
})

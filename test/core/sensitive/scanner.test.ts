import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createScanner } from '../../../src/core/sensitive/scanner.ts'
import { secretLabels } from '../../../src/core/sensitive/secrets.ts'
import { wordsOf } from '../../../src/core/sensitive/text.ts'
import { heldOut, tuning } from './comments.ts'
import { visible } from '../../../src/core/text/visible.ts'
import { detectors } from './detectors.ts'

const seed = 20_261_121
const scanner = createScanner({ detectors })
const ids = (text: string): string[] => [...new Set(scanner.scan(text).map((hit) => hit.detector))]

it('says which detector answered, what the policy makes of it, and where', () => {
  const text = 'RAS. Cliente dépressive, mdp : Soleil2024, IBAN FR14 2004 1010 0505 0001 3M02 606.'
  expect(scanner.scan(text).map((hit) => ({ ...hit, text: text.slice(hit.start, hit.end) }))).toEqual([
    { detector: 'special', severity: 'critical', action: 'review', start: 13, end: 23, text: 'dépressive' },
    { detector: 'secrets', severity: 'critical', action: 'block', start: 25, end: 41, text: 'mdp : Soleil2024' },
    { detector: 'iban', severity: 'high', action: 'warn', start: 48, end: 81, text: 'FR14 2004 1010 0505 0001 3M02 606' },
  ])
})

it('reports two words of private life as two hits, and one phrase as one', () => {
  expect(scanner.scan('En instance de divorce et au chômage')).toHaveLength(2)
  expect(scanner.scan('vieux con')).toHaveLength(1)
})

it('takes letters for what stands written out behind them, and AVC before somebody for "avec"', () => {
  const said = (text: string): string => ids(text).join()
  expect(
    ['PMA : plan de maintenance annuel', 'IVG : intégration verticale groupe', 'AVC le client à 15h', 'Rdv AVC Mme Petit'].map(said),
  ).toEqual(['', '', '', ''])
  expect(['PMA : en cours, la rappeler', 'IVG en mai', 'AVC en janvier'].map(said)).toEqual(['special', 'special', 'special'])
})

it('takes what stands in a clause of its own for a word about the person, whatever the rest of the note is about', () => {
  expect(ids('diabétique, prévoir une pause pendant la formation')).toEqual(['special'])
  expect(ids('formation sur le diabète pour 12 personnes')).toEqual([])
})

it('knows the French "son" from the English one', () => {
  expect(ids('a perdu son badge et son chargeur')).toEqual([])
  expect(ids('lost his son in May')).toEqual(['private_life'])
})

it('looks only for what the policy asks for', () => {
  const onlyCards = createScanner({ detectors: detectors.filter(({ id }) => id === 'card') })
  expect(onlyCards.scan('connard, CB 4111 1111 1111 1111').map((hit) => hit.detector)).toEqual(['card'])
  expect(createScanner({ detectors: [] }).scan('connard, CB 4111 1111 1111 1111')).toEqual([])
})

it('refuses a lexicon that does not exist', () => {
  expect(() => createScanner({ detectors: [{ id: 'astrology', how: 'lexicon', severity: 'low', action: 'warn' }] })).toThrow(
    'detector astrology has no word list; known lists: special, offences, insults, private_life, secrets',
  )
})

describe('words', () => {
  it.each([
    ['CLIENTE DÉPRESSIVE', ['special']],
    ['Cliente de\u0301pressive', ['special']],
    ['Cliente dépres\u00ADsive', ['special']],
    ['Cliente ｄépressive', ['special']],
    ['cliente depresive', ['special']],
    ['contrat, conseil, confort, transport, tracé', []],
    ['A eu un AVC', ['special']],
    ['vu avc lui', []],
    ['RECONNUE RQTH, A FAIT UN AVC', ['special']],
    ['VU AVC LUI LUNDI POUR LE DEVIS', []],
    ["n'est pas enceinte", ['special']],
    ['casier judiciaire vierge', ['offences']],
    ['habite rue des Juifs, Colmar', []],
    ['livrer Rue de la Mosquée', []],
    ['juif pratiquant', ['special']],
    ['va à la mosquée le vendredi', ['special']],
    ['pas malade, simple retard', []],
    ['malade, rappeler lundi', ['special']],
    ['ce concurrent est le cancer du marché', []],
    ['cancer du sein', ['special']],
    ["il n'est pas idiot", []],
    ['pas du tout con', []],
    ['il est con', ['insults']],
    ['Mme Chrétien, M. Legay et M. Moche', []],
    ['voir https://example.test/connard?id=4111111111111111', []],
    ['écrire à connard@example.test', []],
    ['Arrêt Maladie Depuis Mars', ['special']],
    ['Cancer Du Sein', ['special']],
    ['Cliente Dépressive Sévère', ['special']],
    ['Son Mari Juif Pratiquant', ['special']],
    ['Vu lundi. Elle Est Enceinte', ['special']],
    ['Mental Health Programmes, Lycée Gay Lussac', []],
    ['Contact : Jean Sourd', []],
    ['Cabinet Le Sourd Avocats', []],
    ['Mme Juif, Société Martin', []],
    ['<p>d&eacute;pression</p>', ['special']],
    ['s&eacute;ropositif', ['special']],
    ['Elle est&nbsp;enceinte', ['special']],
    ['<div>Cliente dépress<b>ive</b></div>', ['special']],
    ['1&nbsp;85&nbsp;06&nbsp;75&nbsp;123&nbsp;456&nbsp;89', ['nir']],
    ['<td>4111&nbsp;1111&nbsp;1111&nbsp;1111</td>', ['card']],
    ['FR76&nbsp;3000&nbsp;6000&nbsp;0112&nbsp;3456&nbsp;7890&nbsp;189', ['iban']],
    ['mdp : <strong>Azerty123</strong>', ['secrets']],
    ['mdp&nbsp;: Azerty123', ['secrets']],
    ['<p class="con">Devis <a href="https://example.test/?nir=1850675123456">ici</a></p><style>.moche{}</style>', []],
    ['Dupont & fils, R&D, <attente>', []],
    ['<ul><li>Client con</li><li>tent du devis</li></ul>', ['insults']],
  ])('%j gives %j', (text, expected) => {
    expect(ids(text)).toEqual(expected)
  })

  it('keep their place, whatever folding does to their length', () => {
    const text = 'Œuvre ﬁnale, straße'
    const { words, starts, ends } = wordsOf(text)
    expect(words.map((word, i) => [word, text.slice(starts[i], ends[i])])).toEqual([
      ['oeuvre', 'Œuvre'],
      ['finale', 'ﬁnale'],
      ['strasse', 'straße'],
    ])
  })
})

describe('numbers', () => {
  it.each([
    ['secu 2.55.08.14.168.025.38', ['nir']],
    ['n° de sécurité sociale : 2 55 08 14 168 025', ['nir']],
    ['dossier 2550814168025', []],
    ['commande n° 255081416802538', []],
    ['2 55 08 14 168 025 12', []],
    ['CB 4111\u00A01111\u00A01111\u00A01111', ['card']],
    ['commande 4111111111111111', []],
    ['SIRET 732 829 320 00074', []],
    ['IMEI 490154203237518', []],
    ['06 12 34 56 78, 01 23 45 67 89', []],
    ['12345678901234567890123456789012345678901234567890', []],
    ['be68539007547034', ['iban']],
    ['RIB : 20041 01005 0500013M026 06', ['iban']],
    ['RIB : 20041 01005 0500013M026 07', []],
    ['iban FR1420041010050500013M02606X', []],
    ['David 1 85 06 75 123 456 89', ['nir']],
    ['Ingrid : 185067512345689', ['nir']],
    ['client: 185067512345689', ['nir']],
    ['Dossier client 185067512345689', ['nir']],
    ['commande n° 1 85 06 75 123 456 89', ['nir']],
    ['1 85 06 75 123 456 clé : 89', ['nir']],
    ['1850675123456 CLE 89', ['nir']],
    ['1850675123456 clef 89', ['nir']],
    ['1 85 06 75 123 456 (89)', ['nir']],
    ['1  85  06  75  123  456  89', ['nir']],
    ['1\t85\t06\t75\t123\t456\t89', ['nir']],
    ['carte vitale : 1850675123456', ['nir']],
    ['n° sécu. soc. : 1850675123456', ['nir']],
    ['N.I.R. 1850675123456', ['nir']],
    ['1 85 06 75 123 456 clé : 88', []],
    ['paid 4111 1111 1111 1111', ['card']],
    ['card valid 4111 1111 1111 1111', ['card']],
    ['CB client : 4111 1111 1111 1111', ['card']],
    ['carte n° 4111111111111111', ['card']],
    ['Customer: 4111111111111111', ['card']],
    ['facture réglée par CB 4111111111111111', ['card']],
    ['exp 12/2027 4111 1111 1111 1111', ['card']],
    ['facture 2024 4111 1111 1111 1111', ['card']],
    ['exp 1227 4111 1111 1111 1111', ['card']],
    ['Mobil +4915123456787', []],
    ['EAN13 4006381333931, mobile 4915123456787', []],
    ['article 4111111111111111, colis 4111111111111111', []],
    ['RIB reçu le 12 mai FR76 3000 6000 0112 3456 7890 189', ['iban']],
    ['prelevement le 05 FR76 3000 6000 0112 3456 7890 189', ['iban']],
    ['no 12 IBAN FR76 3000 6000 0112 3456 7890 189', ['iban']],
    ['FR 75 Paris FR76 3000 6000 0112 3456 7890 189', ['iban']],
    ['au 31 iban FR76 3000 6000 0112 3456 7890 189', ['iban']],
    ['le 12/05 IBAN FR76 3000 6000 0112 3456 7890 189', ['iban']],
    ['Code banque 30006 Code guichet 00001 N° de compte 12345678901 Clé RIB 89', ['iban']],
    [`Code banque : 30006\nCode guichet : 00001\nN° de compte : 12345678901\nCLÉ RIB : 89`, ['iban']],
    [`30006\t00001\t12345678901\t89`, ['iban']],
    [`code banque | 30006 | code guichet | 00001 | compte | 12345678901 | clé | 89`, ['iban']],
  ])('%j gives %j', (text, expected) => {
    expect(ids(text)).toEqual(expected)
  })
})

describe('secrets', () => {
  it.each([
    ['mdp : Soleil2024', ['secrets']],
    ['mdp : tournesol', ['secrets']],
    ['mot de passe : problème de connexion depuis lundi', []],
    ['mot de passe oublié', []],
    ['mdp : ********', []],
    ['mdp envoyé par mail', []],
    ['password reset', []],
    ['PIN 4821', ['secrets']],
    ['PIN connector', []],
    ['Code promo PIN2024', []],
    ['code pin : 4821', ['secrets']],
    ['cvv 737', ['secrets']],
    ['passeport 18CK90211', ['secrets']],
    ['passeport à renouveler', []],
    ['passeport 18 CK 90211', ['secrets']],
    ['CSC 123', ['secrets']],
    ['code confidentiel : 1234', ['secrets']],
    ['code secret 1234', ['secrets']],
    ['social security number: 123-45-6789', ['secrets']],
    ['SSN 123 45 6789', ['secrets']],
    ['CNI n° 880692310285', ['secrets']],
    ["carte d'identité n° D2H6862M2", ['secrets']],
    ['permis de conduire 880692310285', ['secrets']],
    ['titre de séjour 7503012345', ['secrets']],
    ['Mot de passe\nAzerty123', ['secrets']],
    ['Mot de passe :\r\nAzerty123\r\nMerci', ['secrets']],
    ['Mot de passe\nRelance2024 à faire', []],
    ['mdp : SurferRose1', ['secrets']],
    ['mdp dessert99', ['secrets']],
    ['mdp : comptes2024', ['secrets']],
    ['mdp : sonic2024', ['secrets']],
    ['mdp : surferrose', ['secrets']],
    ['mdp : oublié.', []],
    ['mdp : réinitialisé', []],
    ['mdp : sur', []],
    ["pièce d'identité reçue, permis de construire 075 112 23 V0001", []],
    ['chambre en séjour du 12 au 15, 7503012345', []],
  ])('%j gives %j', (text, expected) => {
    expect(ids(text)).toEqual(expected)
  })
})

it.each(secretLabels)('is woken by the label %s', (label) => {
  const values = ['4821', '737', '18CK90211', '123-45-6789', '880692310285', 'Soleil2024']
  expect(values.some((value) => ids(`${label} : ${value}`).includes('secrets'))).toBe(true)
})

it('answers the same for a comment in a longer note, at its new place', () => {
  const comments = [...tuning, ...heldOut].filter(([label]) => label !== '').map(([, text]) => text)
  fc.assert(
    fc.property(fc.constantFrom(...comments), fc.integer({ min: 1, max: 30 }), (text, lines) => {
      const before = 'Rappeler lundi.\n'.repeat(lines)
      const alone = scanner.scan(text)
      const within = scanner.scan(`${before}${text}\nDevis envoyé.`)
      expect(within.map((hit) => [hit.detector, hit.start - before.length])).toEqual(alone.map((hit) => [hit.detector, hit.start]))
    }),
    { seed, numRuns: 300 },
  )
})

it('gives sound spans for any text', () => {
  const pieces = fc.constantFrom(
    'con',
    'gros ',
    'mdp:',
    '4111 ',
    '1111 ',
    ' enceinte ',
    'FR14 ',
    '2004 ',
    'é',
    '\n',
    '. ',
    '\u200B',
    '<b>',
    '&eacute;',
    '&nbsp;',
    '😀',
    'AVC ',
    'de ',
    '"',
    'est ',
    '@',
    '://',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
      ),
      (text) => {
        const hits = scanner.scan(text)
        const { length } = visible(text)
        return hits.every(({ start, end }, i) => (hits[i - 1]?.start ?? 0) <= start && start < end && end <= length)
      },
    ),
    { seed, numRuns: 1_000 },
  )
})

it('reads 64 KB of the worst text that we could think of', () => {
  const worst = [
    'gros con ',
    'mdp ',
    '4111 1111 1111 1112 ',
    'FR14 2004 1010 0505 0001 3M02 607 ',
    'AB12',
    '12345 code ',
    'con/',
    'a@',
    'gay ',
    '"',
    '1 ',
    'passeport ',
    '@4111111111111111.',
  ]
  const counts = worst.map((piece) => scanner.scan(piece.repeat(Math.ceil(65_536 / piece.length))).length)
  expect(counts).toEqual([7_282, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3_641])
})

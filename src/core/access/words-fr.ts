/** The copy in French. */
import { brandOf } from './brand.ts'
import type { AccessWords, ReadmeFacts } from './words.ts'

const day = (iso: string): string => iso.slice(0, 10).split('-').reverse().join('/')

/** How the shipped policy names its sources. */
const lawWords: readonly (readonly [english: string, french: string])[] = [
  ['GDPR', 'RGPD'],
  ['CJEU', 'CJUE'],
  [', rec. ', ', cons. '],
  ['decree ', 'décret '],
  [' as read by the CNIL', ' selon la CNIL'],
  ['CNIL delib.', 'CNIL, délib.'],
  ['CNIL partner-sharing rules', 'CNIL, règles de transmission aux partenaires'],
  ['CNIL position on generic addresses', 'CNIL, position sur les adresses génériques'],
  ['CNIL suppression-list page', 'CNIL, page sur les listes repoussoir'],
  ['CNIL storage-limitation page', 'CNIL, page sur les durées de conservation'],
  ['CNIL free-text page', 'CNIL, page sur les zones de commentaires'],
  ['CNIL reference, online accounts', 'référentiel de la CNIL, comptes en ligne'],
  ['commercial-management reference', 'référentiel de gestion commerciale'],
  [': no rule, no contact', ' : sans règle, pas de contact'],
]

export const frenchCopy: AccessWords = {
  day,
  colon: '\u00A0:',
  crm: brandOf,
  law: (ref) => lawWords.reduce((text, [english, french]) => text.replaceAll(english, french), ref),
  bases: {
    consent: 'votre consentement',
    contract: 'un contrat avec vous, ou vos démarches pour en conclure un',
    legal_obligation: 'une obligation légale',
    legitimate_interest: 'notre intérêt légitime, auquel vous pouvez vous opposer',
    public_interest: 'une mission d’intérêt public',
    vital_interests: 'la sauvegarde d’intérêts vitaux',
  },
  purpose: (basis, channels) => `base légale : ${basis} ; canaux : ${channels}`,
  consentStatus: { granted: 'accordé', withdrawn: 'retiré', refused: 'refusé', expired: 'expiré', unknown: 'inconnu (vaut refus)' },
  contactFields: {
    civility: 'civilité',
    firstName: 'prénom',
    lastName: 'nom',
    birthDate: 'date de naissance',
    company: 'société',
    jobTitle: 'fonction',
    siren: 'SIREN',
    email: 'courriel',
    phone: 'téléphone',
    mobilePhone: 'téléphone mobile',
    address: 'adresse',
    country: 'pays',
    language: 'langue',
    interests: 'centres d’intérêt',
    comments: 'commentaires',
    lastPurchaseAt: 'date du dernier achat',
    partnerListVersion: 'liste de partenaires présentée',
  },
  restOf: (known) => (known === 0 ? 'Toutes les finalités' : 'Toutes les autres'),
  findings: {
    minimisation: 'Données peut-être inutiles',
    retention: 'Durée de conservation',
    consent: 'Consentement',
    sensitive: 'Donnée sensible',
    mapping: 'Lecture de la fiche',
    identity: 'Identité',
    accuracy: 'Exactitude',
  },
  grades: { proved: 'prouvé', claimed: 'affirmé sans preuve complète', contradicted: 'contredit' },
  consent: (status, grade, since) =>
    [status, ...(grade === null ? [] : [grade]), ...(since === null ? [] : [`depuis le ${since}`])].join(', '),
  events: { given: 'accord', withdrawn: 'retrait', refused: 'refus', expired: 'expiration', asked: 'demande envoyée' },
  form: (name) => `formulaire ${name}`,
  text: (id, hash) => `texte présenté ${id} (SHA-256 ${hash.slice(0, 16)}…)`,
  confirmed: (on) => `confirmé par courriel le ${on}`,
  suppressed:
    'Vos coordonnées figurent, sous forme d’empreinte illisible, sur notre liste repoussoir : aucun message commercial ne vous est envoyé.',
  notSuppressed: 'Vos coordonnées ne figurent pas sur notre liste repoussoir.',
  status: { ok: 'en règle', attention: 'à corriger', blocked: 'bloquée : à ne plus utiliser' },
  judged: (status, audience) => `fiche ${status}, traitée comme « ${audience} »`,
  automated:
    'Un contrôle automatique vérifie que chaque fiche respecte nos règles et peut en bloquer l’usage commercial. Aucune décision produisant des effets juridiques ou vous affectant de façon similaire n’est prise sur ce seul fondement (RGPD, art. 22).',
  sourceOf: (source, on) =>
    `${source === null ? 'origine non enregistrée' : `origine enregistrée : ${source === 'person' ? 'vous-même' : source}`}${on === null ? '' : `, collectée le ${on}`}`,
  processor: 'logiciel de gestion de la relation client, dont l’éditeur agit pour notre compte (sous-traitant)',
  thens: { erase: 'effacées', archive: 'archivées à accès restreint', anonymise: 'anonymisées', review: 'réexaminées' },
  period: (months, days, hours) =>
    [
      ...(months >= 12 ? [`${Math.floor(months / 12)} an${months >= 24 ? 's' : ''}`] : []),
      ...(months % 12 > 0 ? [`${months % 12} mois`] : []),
      ...(days > 0 ? [`${days} jour${days > 1 ? 's' : ''}`] : []),
      ...(hours > 0 ? [`${hours} heure${hours > 1 ? 's' : ''}`] : []),
    ].join(' '),
  kept: (period, then) => (period === '' ? `${then} dès qu’elles ne servent plus` : `${period}, puis ${then}`),
  due: (rule, on, then, hold) =>
    `${rule} : ${on === null ? 'échéance non calculable aujourd’hui, la fiche est réexaminée' : `à partir du ${on}, ${then}`}${hold === null ? '' : ` (suspendu : ${hold})`}`,
  rights: [
    { what: 'Accès', says: 'obtenir cette copie ; la première est gratuite.', law: 'RGPD, art. 15' },
    { what: 'Rectification', says: 'faire corriger ou compléter ce qui est inexact.', law: 'RGPD, art. 16' },
    { what: 'Effacement', says: 'faire effacer vos données, sauf celles que la loi oblige à conserver.', law: 'RGPD, art. 17' },
    {
      what: 'Limitation',
      says: 'demander que vos données soient gardées sans être utilisées, le temps d’un examen.',
      law: 'RGPD, art. 18',
    },
    { what: 'Portabilité', says: 'recevoir dans un format lisible par machine ce que vous nous avez fourni.', law: 'RGPD, art. 20' },
    {
      what: 'Opposition',
      says: 'refuser à tout moment et sans motif tout message commercial ; et, pour des raisons tenant à votre situation, tout usage fondé sur notre intérêt légitime.',
      law: 'RGPD, art. 21',
    },
    {
      what: 'Retrait du consentement',
      says: 'reprendre votre accord à tout moment, aussi simplement que vous l’avez donné.',
      law: 'RGPD, art. 7(3)',
    },
    { what: 'Directives après décès', says: 'dire ce que doivent devenir vos données.', law: 'loi Informatique et Libertés, art. 85' },
  ],
  cnil: 'Vous pouvez adresser une réclamation à la CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr/fr/plaintes (RGPD, art. 77), et saisir le juge.',
  authority: (country) =>
    `Vous pouvez adresser une réclamation à l’autorité de protection des données de votre pays (${country}), ou du lieu de votre travail (RGPD, art. 77), et saisir le juge.`,
  others:
    'Pour ne pas porter atteinte aux droits d’autrui (RGPD, art. 15(4)), les membres du personnel sont désignés par leur seule fonction, les adresses et numéros d’autres personnes sont retirés des textes, et un texte qui nomme peut-être quelqu’un d’autre n’est communiqué qu’après examen. Chaque endroit concerné est indiqué.',
  because: {
    email: 'porte votre adresse',
    'former-email': 'a porté votre adresse, avec votre nom',
    same: 'désignée par le système comme vous-même',
    confirmed: 'reconnue par un membre du personnel',
  },
  inPlace: {
    colleague: '[un membre du personnel]',
    other: '[une autre personne]',
    withheld: '[texte non communiqué à ce jour : il nomme peut-être une autre personne]',
  },
  paper: {
    title: 'Copie de vos données personnelles',
    madeFor: 'Établie pour',
    made: 'le',
    request: 'Demande',
    controller: 'Responsable du traitement',
    dpo: 'Délégué à la protection des données',
    intro:
      'Ce document reprend, sous une forme lisible, tout ce que contiennent les fichiers joints. Les valeurs exactes sont dans data.json ; les lettres que ce document ne peut pas afficher y sont transcrites en lettres latines (grec, cyrillique), sans leur accent, ou remplacées par ¿, et la valeur le dit.',
    headings: {
      systems: 'Où vos données se trouvent',
      purposes: 'À quoi elles servent, et pourquoi nous en avons le droit',
      consents: 'Vos accords et vos refus',
      statements: 'Ce que vous nous avez déclaré, avec sa preuve',
      suppression: 'Opposition aux messages commerciaux',
      concluded: 'Ce que nous en avons conclu',
      sources: 'D’où elles viennent',
      recipients: 'Qui les reçoit',
      retention: 'Combien de temps nous les gardons',
      rights: 'Vos droits',
      complaint: 'Réclamation',
      others: 'Les autres personnes',
      unread: 'Ce qui n’a pas pu être lu',
    },
    parts: {
      record: 'Fiche',
      history: 'Valeurs antérieures',
      activity: 'Échanges et notes',
      association: 'Liens',
      list: 'Listes et campagnes',
      subscription: 'Abonnements',
      submission: 'Formulaires envoyés',
      consent: 'Consentements et coordonnées',
      file: 'Fichiers',
    },
    provenance: { person: 'vous', observed: 'votre activité', derived: 'calcul', other: 'un tiers ou nous', unknown: '' },
    since: (on) => `depuis le ${on}`,
    until: 'avant',
    none: 'Rien.',
    more: (count) => `… et ${count} autres`,
    transcribed: 'certains caractères remplacés ici, exacts dans data.json',
    page: (number) => `page ${number}`,
  },
  readme: ({ kind, controller, dpo, day: on, unread, withheld }: ReadmeFacts) =>
    [
      kind === 'access'
        ? `Copie de vos données personnelles (RGPD, art. 15), ${controller}, ${on}`
        : `Vos données, pour les emporter ailleurs (RGPD, art. 20), ${controller}, ${on}`,
      '',
      ...(kind === 'access'
        ? ['copie.pdf      à lire : tout, en clair']
        : ['Ce que vous avez fourni, et ce que votre activité a laissé ; ni nos conclusions ni les écrits de tiers.', '']),
      'data.json      les mêmes informations, exactes, pour une machine',
      'records.csv    vos fiches, une valeur par ligne',
      'history.csv    les valeurs antérieures',
      'around.csv     échanges, listes, abonnements, formulaires, consentements',
      '',
      'Dans les fichiers CSV (UTF-8, points-virgules), ce qu’un tableur prendrait pour une formule (commençant par = + - @ …) est précédé d’une apostrophe, et un retour à la ligne y est une espace. data.json est exact.',
      ...(withheld > 0
        ? [
            '',
            `${withheld} texte(s) qui nomme(nt) peut-être d’autres personnes ne sont pas communiqués à ce jour : chacun est signalé à sa place.`,
          ]
        : []),
      ...(unread.length > 0 ? ['', 'N’a pas pu être lu, faute d’accès :', ...unread.map((line) => `- ${line}`)] : []),
      '',
      `Ces fichiers contiennent des données personnelles : gardez-les en lieu sûr. Questions, rectification, effacement : ${dpo}`,
      '',
    ].join('\r\n'),
}

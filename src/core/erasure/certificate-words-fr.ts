/** The printed certificate in French. */
import type { CertificateWords } from './certificate-words.ts'

export const frenchCertificate: CertificateWords = {
  title: 'Certificat d’effacement (RGPD, art. 17)',
  standing: {
    proved: 'PROUVÉ : chaque système a été relu, rien n’a été retrouvé.',
    held: 'EFFACÉ SAUF CE QUE LA LOI OBLIGE À CONSERVER, indiqué ci-dessous.',
    'pending-vendor-purge': 'EFFACÉ, purge de l’éditeur en attente : plus personne ne peut lire ni restaurer ces fiches.',
    'out-of-reach':
      'EFFACÉ EN PARTIE : dans un système disparu, indiqué ci-dessous, plus rien ne peut être effacé ni relu ; ailleurs, chaque système a été relu.',
  },
  request: 'Demande',
  received: 'reçue le',
  issued: 'établi le',
  controller: 'Responsable du traitement',
  systems: 'Systèmes et méthode',
  method: { purge: 'effacement définitif par identifiant', bin: 'suppression par identifiant, puis corbeille vidée' },
  records: 'Fiches',
  action: { erase: 'effacée', anonymise: 'anonymisée', keep: 'conservée' },
  trace: {
    present: 'présente',
    recoverable: 'récupérable',
    purging: 'purge de l’éditeur en attente',
    absent: 'absente à la relecture',
    anonymous: 'anonyme à la relecture',
    unread: 'non relue',
    'out-of-reach': 'système disparu, ne peut être relue',
  },
  holds: 'Conservé, et pourquoi',
  article: (ground) => `RGPD, art. ${ground}`,
  ground: {
    '17(3)(b)': 'obligation légale',
    '17(3)(d)': 'archives, recherche ou statistiques',
    '17(3)(e)': 'constatation, exercice ou défense de droits en justice',
  },
  because: {
    'won-deal': 'vente conclue',
    contract: 'contrat',
    order: 'commande',
    invoice: 'facture',
    case: 'dossier ouvert',
    'legal-hold': 'conservation pour un litige',
    'by-hand': 'décision d’un utilisateur',
  },
  unreadFact: (fact) => `non lu : ${fact} ?`,
  until: (day) => `jusqu’au ${day}`,
  review: (day) => `à réexaminer le ${day}`,
  around: 'Autour de ces fiches',
  outcome: {
    erased: 'effacée',
    anonymised: 'anonymisée',
    kept: 'conservée',
    deleted: 'supprimé',
    redacted: 'expurgé',
    detached: 'détaché',
    gone: 'déjà absent',
    left: 'laissé',
    refused: 'refusé par le système',
  },
  mentions: 'Mentions restantes dans des textes tiers',
  unread: 'textes non encore lus : ils le seront une heure après l’effacement',
  certainty: { certain: 'certaine', possible: 'possible (homonyme ?)' },
  mark: { email: 'adresse électronique', phone: 'numéro de téléphone', name: 'nom', more: 'plus que la recherche du CRM n’en montre' },
  remedy: { redact: 'peut être expurgé', delete: 'peut être supprimé', 'by-hand': 'à modifier dans le système même' },
  lost: 'Systèmes disparus, où plus rien ne peut être effacé ni relu',
  lossLine: (because, records, by, day) =>
    `${because} – ${records === 0 ? 'aucune fiche connue' : records === 1 ? '1 fiche connue' : `${records} fiches connues`} – déclaré par ${by} le ${day}`,
  notDone: 'non effacée',
  loss: { 'account-closed': 'compte fermé', 'contract-ended': 'contrat terminé', 'vendor-gone': 'éditeur disparu' },
  unreached: 'Hors d’atteinte',
  gap: (what) =>
    what.startsWith('lost: ')
      ? 'système disparu'
      : what.includes(': ')
        ? `${what.slice(0, what.indexOf(': '))} : n’a pas pu être lu`
        : 'une partie n’a pas pu être parcourue',
  recipients: 'Autres destinataires (RGPD, art. 19)',
  told: {
    waiting: 'à informer',
    told: 'informé par courriel',
    acknowledged: 'informé, a accusé réception',
    failed: 'n’a pas pu être informé',
    impossible: 'information impossible',
    disproportionate: 'effort disproportionné',
  },
  looks: 'Relectures',
  look: { first: 'première', hour: 'après 1 heure', day: 'après 1 jour', week: 'après 7 jours', month: 'après 31 jours' },
  next: (look, at) => `Prochaine relecture : ${look}, le ${at}.`,
  last: 'Toutes les relectures ont eu lieu.',
  more: (count) => `… et ${count} de plus : voir le fichier signé.`,
  none: 'aucune',
  transcribed: 'Certains caractères sont remplacés ici ; le fichier signé les a tels quels.',
  proof: (key, block) =>
    `Ce feuillet reproduit un fichier signé (Ed25519, clé ${key}, registre au bloc ${block}). Vérification : accord certificate verify FICHIER`,
  anonymised: {
    all: 'ANONYMISÉ : les fiches restent sans dire de qui il s’agissait, chaque champ a été relu ; ce que la loi oblige à conserver est indiqué ci-dessous.',
    some: 'EFFACÉ, OU ANONYMISÉ là où la loi oblige à conserver une fiche sans la personne, indiqué ci-dessous ; chaque champ a été relu.',
  },
}

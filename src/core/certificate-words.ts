/** What the printed certificate says, in French and in English. The signed file is the certificate; paper only shows it. */
import type { Certificate } from './certificate.ts'
import type { Around, CheckId, Outcome, Trace } from './erasure.ts'
import type { Ground, HoldFact } from './erasure-hold.ts'
import type { LossReason } from './lost.ts'
import type { ResidueHit } from './residue.ts'

export type Language = 'fr' | 'en'
type Recipient = 'waiting' | 'told' | 'acknowledged' | 'failed' | 'impossible' | 'disproportionate'
/** A code of the signed file, and what it means: by kind of code. A new code does not compile before somebody has found its words. */
export type CodeWords = {
  readonly standing: Readonly<Record<Certificate['standing'], string>>
  readonly method: Readonly<Record<'purge' | 'bin', string>>
  readonly action: Readonly<Record<Certificate['records'][number]['action'], string>>
  readonly outcome: Readonly<Record<Outcome | Around['outcome'], string>>
  readonly trace: Readonly<Record<Trace, string>>
  readonly ground: Readonly<Record<Ground, string>>
  readonly because: Readonly<Record<HoldFact['kind'] | 'by-hand', string>>
  readonly certainty: Readonly<Record<'certain' | 'possible', string>>
  readonly mark: Readonly<Record<ResidueHit['kind'] | 'more', string>>
  readonly remedy: Readonly<Record<'redact' | 'delete' | 'by-hand', string>>
  readonly told: Readonly<Record<Recipient, string>>
  readonly look: Readonly<Record<'first' | CheckId, string>>
  readonly loss: Readonly<Record<LossReason, string>>
}
type Words = CodeWords & {
  readonly title: string
  readonly request: string
  readonly received: string
  readonly issued: string
  readonly controller: string
  readonly systems: string
  readonly records: string
  readonly holds: string
  readonly article: (ground: string) => string
  readonly unreadFact: (fact: string) => string
  readonly until: (day: string) => string
  readonly review: (day: string) => string
  readonly around: string
  readonly mentions: string
  readonly unread: string
  readonly lost: string
  readonly lossLine: (because: string, records: number, by: string, day: string) => string
  /** Of a record in a CRM that is lost, in place of what was to become of it. */
  readonly notDone: string
  readonly unreached: string
  /** As the plan says it, in English: a name, a colon, and why. */
  readonly gap: (what: string) => string
  readonly recipients: string
  readonly looks: string
  readonly next: (look: string, at: string) => string
  readonly last: string
  readonly more: (count: number) => string
  readonly none: string
  /** Where the paper has not the letters for something. */
  readonly transcribed: string
  readonly proof: (key: string, block: number) => string
  /** In place of the standing, where records stay without the person: `all` of those that do not stay whole, or `some` of them. */
  readonly anonymised: Readonly<Record<'all' | 'some', string>>
}

export const certificateWords: Readonly<Record<Language, Words>> = {
  fr: {
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
  },
  en: {
    title: 'Certificate of erasure (GDPR art. 17)',
    standing: {
      proved: 'PROVED: every system was read again, and nothing was found.',
      held: 'ERASED BUT FOR WHAT THE LAW REQUIRES TO KEEP, as stated below.',
      'pending-vendor-purge': 'ERASED, vendor purge pending: nobody can read or restore these records any more.',
      'out-of-reach':
        'ERASED IN PART: in a system that is gone, as stated below, nothing can be erased or read again any more; elsewhere every system was read again.',
    },
    request: 'Request',
    received: 'received on',
    issued: 'issued on',
    controller: 'Controller',
    systems: 'Systems and method',
    method: { purge: 'permanent deletion by id', bin: 'deletion by id, then recycle bin emptied' },
    records: 'Records',
    action: { erase: 'erased', anonymise: 'anonymised', keep: 'kept' },
    trace: {
      present: 'present',
      recoverable: 'recoverable',
      purging: 'vendor purge pending',
      absent: 'absent when read again',
      anonymous: 'anonymous when read again',
      unread: 'could not be read again',
      'out-of-reach': 'system gone, cannot be read again',
    },
    holds: 'Kept, and why',
    article: (ground) => `GDPR art. ${ground}`,
    ground: {
      '17(3)(b)': 'legal obligation',
      '17(3)(d)': 'archives, research or statistics',
      '17(3)(e)': 'establishment, exercise or defence of legal claims',
    },
    because: {
      'won-deal': 'won deal',
      contract: 'contract',
      order: 'order',
      invoice: 'invoice',
      case: 'open case',
      'legal-hold': 'kept for a dispute',
      'by-hand': 'a user’s decision',
    },
    unreadFact: (fact) => `could not be read: ${fact}?`,
    until: (day) => `until ${day}`,
    review: (day) => `to be reviewed on ${day}`,
    around: 'Around these records',
    outcome: {
      erased: 'erased',
      anonymised: 'anonymised',
      kept: 'kept',
      deleted: 'deleted',
      redacted: 'redacted',
      detached: 'detached',
      gone: 'gone already',
      left: 'left',
      refused: 'refused by the system',
    },
    mentions: 'Mentions left in texts of others',
    unread: 'texts not read yet: they are an hour after the erasure',
    certainty: { certain: 'certain', possible: 'possible (a namesake?)' },
    mark: { email: 'e-mail address', phone: 'telephone number', name: 'name', more: 'more than the search of the CRM shows' },
    remedy: { redact: 'can be redacted', delete: 'can be deleted', 'by-hand': 'to be changed in the system itself' },
    lost: 'Systems that are gone, where nothing can be erased or read again',
    lossLine: (because, records, by, day) =>
      `${because} – ${records === 0 ? 'no record known' : records === 1 ? '1 record known' : `${records} records known`} – declared by ${by} on ${day}`,
    notDone: 'not erased',
    loss: { 'account-closed': 'account closed', 'contract-ended': 'contract ended', 'vendor-gone': 'vendor gone' },
    unreached: 'Out of reach',
    gap: (what) => what,
    recipients: 'Other recipients (GDPR art. 19)',
    told: {
      waiting: 'to be told',
      told: 'told by mail',
      acknowledged: 'told, has acknowledged',
      failed: 'could not be told',
      impossible: 'impossible to tell',
      disproportionate: 'disproportionate effort',
    },
    looks: 'Looks',
    look: { first: 'first', hour: 'after 1 hour', day: 'after 1 day', week: 'after 7 days', month: 'after 31 days' },
    next: (look, at) => `Next look: ${look}, on ${at}.`,
    last: 'All looks have been taken.',
    more: (count) => `… and ${count} more: see the signed file.`,
    none: 'none',
    transcribed: 'Some letters are replaced here; the signed file has them as they are.',
    proof: (key, block) =>
      `This sheet shows a signed file (Ed25519, key ${key}, ledger at block ${block}). To verify: accord certificate verify FILE`,
    anonymised: {
      all: 'ANONYMISED: the records stay without telling who it was, each field was read again; what the law requires to keep is stated below.',
      some: 'ERASED, OR ANONYMISED where the law requires to keep a record without the person, as stated below; each field was read again.',
    },
  },
}

/** The words of one code; the code itself when a newer file has one that this version does not know. */
export function wordOf<K extends keyof CodeWords>(language: Language, kind: K, code: string): string {
  const words: Readonly<Record<string, string>> = certificateWords[language][kind]
  return words[code] ?? code
}

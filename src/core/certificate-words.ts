/** What the printed certificate says, in French and in English. The signed file is the certificate; paper only shows it. */
import type { Certificate } from './certificate.ts'

export type Language = 'fr' | 'en'
type Words = {
  readonly title: string
  readonly standing: Readonly<Record<Certificate['standing'], string>>
  readonly request: string
  readonly received: string
  readonly issued: string
  readonly controller: string
  readonly systems: string
  readonly method: Readonly<Record<'purge' | 'bin', string>>
  readonly records: string
  readonly action: Readonly<Record<Certificate['records'][number]['action'], string>>
  readonly trace: Readonly<Record<string, string>>
  readonly holds: string
  readonly until: (day: string) => string
  readonly review: (day: string) => string
  readonly around: string
  readonly outcome: Readonly<Record<string, string>>
  readonly mentions: string
  readonly unread: string
  readonly certainty: Readonly<Record<'certain' | 'possible', string>>
  readonly unreached: string
  readonly recipients: string
  readonly told: Readonly<Record<string, string>>
  readonly looks: string
  readonly look: Readonly<Record<string, string>>
  readonly next: (look: string, at: string) => string
  readonly last: string
  readonly more: (count: number) => string
  readonly none: string
  readonly proof: (key: string, block: number) => string
}

export const certificateWords: Readonly<Record<Language, Words>> = {
  fr: {
    title: 'Certificat d’effacement (RGPD, art. 17)',
    standing: {
      proved: 'PROUVÉ : chaque système a été relu, rien n’a été retrouvé.',
      held: 'EFFACÉ SAUF CE QUE LA LOI OBLIGE À CONSERVER, indiqué ci-dessous.',
      'pending-vendor-purge': 'EFFACÉ, purge de l’éditeur en attente : plus personne ne peut lire ni restaurer ces fiches.',
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
    },
    holds: 'Conservé, et pourquoi',
    until: (day) => `jusqu’au ${day}`,
    review: (day) => `à réexaminer le ${day}`,
    around: 'Autour de ces fiches',
    outcome: {
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
    unreached: 'Hors d’atteinte',
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
    proof: (key, block) =>
      `Ce feuillet reproduit un fichier signé (Ed25519, clé ${key}, registre au bloc ${block}). Vérification : accord certificate verify FICHIER`,
  },
  en: {
    title: 'Certificate of erasure (GDPR art. 17)',
    standing: {
      proved: 'PROVED: every system was read again, and nothing was found.',
      held: 'ERASED BUT FOR WHAT THE LAW REQUIRES TO KEEP, as stated below.',
      'pending-vendor-purge': 'ERASED, vendor purge pending: nobody can read or restore these records any more.',
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
    },
    holds: 'Kept, and why',
    until: (day) => `until ${day}`,
    review: (day) => `to be reviewed on ${day}`,
    around: 'Around these records',
    outcome: {
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
    unreached: 'Out of reach',
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
    proof: (key, block) =>
      `This sheet shows a signed file (Ed25519, key ${key}, ledger at block ${block}). To verify: accord certificate verify FILE`,
  },
}

/** What a person should do about each finding, in French and English. */
import type { RuleId } from './rules.ts'

export type Remedy = { readonly fr: string; readonly en: string }

export const remedies: Readonly<Record<RuleId, Remedy>> = {
  'consent.ignored_withdrawal': {
    fr: "Cette personne a dit non : désinscrivez-la partout et retirez l'accord affiché. Aucun envoi avant.",
    en: 'This person said no: unsubscribe them everywhere and clear the consent shown. Send nothing before that.',
  },
  'consent.restricted_in_use': {
    fr: 'Le traitement de cette fiche est limité : sortez-la de toute liste et de tout envoi.',
    en: 'Processing of this record is restricted: take it out of every list and mailing.',
  },
  'consent.restricted': {
    fr: 'La personne a demandé la limitation : conservez la fiche, ne vous en servez pour rien tant que la limitation dure.',
    en: 'The person has asked for restriction: keep the record, and use it for nothing while the restriction lasts.',
  },
  'consent.contradicted': {
    fr: "Un CRM dit oui sans preuve, l'autre a reçu un non : le non vaut. Retirez l'accord, ou recueillez-en un nouveau avec preuve.",
    en: 'One CRM says yes without proof, another was told no: the no holds. Clear the consent, or collect a new one with proof.',
  },
  'consent.unproved': {
    fr: "Ajoutez la date et la version du texte accepté, ou retirez l'accord affiché. D'ici là, il ne vaut rien.",
    en: 'Add the date and the version of the text that was accepted, or clear the consent shown. Until then it counts for nothing.',
  },
  'consent.expired': {
    fr: "L'accord n'est plus valable : redemandez-le si un message est encore permis, sinon retirez-le.",
    en: 'The consent is no longer valid: ask again where a message is still allowed, otherwise clear it.',
  },
  'consent.child': {
    fr: "Enfant : pas de prospection sans l'accord conjoint d'un parent. Vérifiez la date de naissance, ou effacez la fiche.",
    en: "A child: no marketing without a parent's joint consent. Check the birth date, or erase the record.",
  },
  'consent.not_informed': {
    fr: "Envoyez la notice d'information et notez-en la date, ou effacez la fiche : le délai d'un mois est passé.",
    en: 'Send the privacy notice and note its date, or erase the record: the one month allowed is over.',
  },
  'consent.basis_not_applicable': {
    fr: 'Choisissez la base légale réelle : « non applicable » neutralise les protections du CRM.',
    en: 'Choose the real lawful basis: "not applicable" switches off the protections of the CRM.',
  },
  'consent.marketing_without_permission': {
    fr: "Passez ce contact en non-marketing : aucune finalité n'autorise de lui écrire.",
    en: 'Set this contact to non-marketing: no purpose allows you to write to them.',
  },
  'consent.forbidden': {
    fr: "La politique interdit cet usage pour cette personne, quel que soit l'accord affiché : retirez-le, ou faites évoluer la politique.",
    en: 'The policy forbids this use for this person whatever consent is shown: clear it, or have the policy changed.',
  },
  'consent.no_purpose': {
    fr: 'Aucune finalité ne peut utiliser cette fiche : recueillez un accord ou informez la personne, sinon effacez-la.',
    en: 'No purpose may use this record: obtain consent or inform the person, otherwise erase it.',
  },
  'consent.review_due': {
    fr: "L'accord date : confirmez-le lors d'un prochain message permis.",
    en: 'The consent is old: have it confirmed in a coming message that is allowed.',
  },
  'retention.erase_due': { fr: 'Durée de conservation échue : effacez la fiche.', en: 'The retention period is over: erase the record.' },
  'retention.archive_due': {
    fr: 'Durée échue, mais la fiche doit être gardée : archivez-la hors de portée du marketing.',
    en: "The period is over but the record must be kept: archive it out of marketing's reach.",
  },
  'retention.anonymise_due': {
    fr: 'Durée de conservation échue : anonymisez la fiche.',
    en: 'The retention period is over: anonymise the record.',
  },
  'retention.review_due': {
    fr: 'Durée échue : décidez de garder, archiver ou effacer, et notez pourquoi.',
    en: 'The period is over: decide whether to keep, archive or erase, and note why.',
  },
  'retention.account_due': {
    fr: 'Compte en ligne délaissé : prévenez la personne puis fermez-le.',
    en: 'An idle online account: warn the person, then close it.',
  },
  'retention.start_unknown': {
    fr: 'Aucun point de départ fiable : complétez la date de collecte ou le dernier échange, sinon effacez la fiche.',
    en: 'No reliable start date: fill in when it was collected or the last exchange, otherwise erase the record.',
  },
  'retention.warning': {
    fr: 'Échéance proche : demandez, si un message est permis, si la personne souhaite rester en contact.',
    en: 'The end is near: ask, where a message is allowed, whether the person wants to stay in touch.',
  },
  'accuracy.email_unusable': {
    fr: "Corrigez ou videz l'adresse : elle ne désigne aucune boîte.",
    en: 'Correct or empty the address: it names no mailbox.',
  },
  'accuracy.phone_unusable': {
    fr: 'Corrigez ou videz le numéro : il ne peut pas être composé.',
    en: 'Correct or empty the number: it cannot be dialled.',
  },
  'accuracy.date_implausible': { fr: "Corrigez la date : elle n'est pas possible.", en: 'Correct the date: it cannot be right.' },
  'mapping.field_missing': {
    fr: "Donnez à Accord le droit de lire ces champs (ou corrigez leur nom dans connections.yaml). D'ici là, leur contenu est inconnu.",
    en: 'Give Accord the right to read these fields (or correct their names in connections.yaml). Until then their content is unknown.',
  },
  'mapping.value_unknown': {
    fr: 'Ajoutez cette valeur à « values » dans connections.yaml, ou corrigez la fiche.',
    en: 'Add this value under "values" in connections.yaml, or correct the record.',
  },
  'mapping.field_unmapped': {
    fr: 'Indiquez dans connections.yaml où lire ces champs, ou « none » si ce CRM ne les connaît pas.',
    en: 'Say in connections.yaml where to read these fields, or "none" if this CRM never holds them.',
  },
  'mapping.record_frozen': {
    fr: "Ce CRM ne laisse plus modifier la fiche (une piste convertie est une copie du contact) : suivez le verdict sur le contact, et effacez la copie si rien n'impose de la garder.",
    en: 'This CRM lets nobody change the record any more (a converted Lead is a copy of its Contact): follow the verdict of the Contact, and erase the copy unless something obliges you to keep it.',
  },
  'mapping.write_back_missing': {
    fr: 'Créez ou complétez ces champs avec « accord provision », ou donnez le droit de les écrire. Si un champ de ce nom sert à autre chose, choisissez-en un autre dans connections.yaml.',
    en: 'Create or complete these fields with "accord provision", or grant the right to write them. If a field of that name serves something else, choose another in connections.yaml.',
  },
  'mapping.mirror_read_only': {
    fr: "Donnez à Accord le droit d'écrire ce désabonnement, ou retirez « mirror » dans connections.yaml et reportez les oppositions à la main : d'ici là, ce CRM peut encore écrire à qui a dit non ailleurs.",
    en: 'Give Accord the right to write this opt-out, or remove "mirror" in connections.yaml and carry objections over by hand: until then this CRM may still contact people who said no elsewhere.',
  },
}

export const sensitiveRemedy: Remedy = {
  fr: 'Relisez ce commentaire : remplacez le passage par une formule neutre et utile, et purgez son historique.',
  en: 'Read this comment again: replace the passage with something neutral and useful, and purge its history.',
}
export const undeclaredRemedy: Remedy = {
  fr: 'Ce champ ne sert aucune finalité : videz-le, ou déclarez la finalité qui en a besoin.',
  en: 'No purpose needs this field: empty it, or declare the purpose that does.',
}

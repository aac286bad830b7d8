/** Fields that CRMs ship, and that a marketing team has no business to fill (GDPR art. 5(1)(c), 9, 10). Lower-case names. */
import type { Severity } from '../judge/verdict.ts'

export type SensitiveField = { readonly severity: Severity; readonly why: string; readonly ref: string }

const offence: SensitiveField = { severity: 'critical', why: 'criminal convictions', ref: 'GDPR art. 10' }
const special: SensitiveField = { severity: 'critical', why: 'a special category of data', ref: 'GDPR art. 9(1)' }
const nationalId: SensitiveField = { severity: 'critical', why: 'a national identification number', ref: 'GDPR art. 87' }
const card: SensitiveField = { severity: 'critical', why: 'a payment card', ref: 'CNIL delib. 2017-222' }
const secret: SensitiveField = { severity: 'critical', why: 'a password or code', ref: 'GDPR art. 32' }
const privateLife: SensitiveField = { severity: 'high', why: 'private life', ref: 'GDPR art. 5(1)(c)' }
const money: SensitiveField = { severity: 'high', why: 'personal finances', ref: 'GDPR art. 5(1)(c)' }
const located: SensitiveField = { severity: 'medium', why: 'a location worked out from the IP address', ref: 'GDPR art. 5(1)(c)' }
const studies: SensitiveField = { severity: 'medium', why: 'studies and career, copied from an ad form', ref: 'GDPR art. 5(1)(c)' }

/**
 * HubSpot: the default properties of groups `facebook_ads_properties` and `conversioninformation` (ip_*). Salesforce: Individual
 * (ConvictionsCount, ChildrenCount, …), Contact and Person Account defaults.
 */
const knownSensitive: ReadonlyMap<string, SensitiveField> = new Map<string, SensitiveField>([
  ...among(privateLife, 'date_of_birth gender marital_status military_status relationship_status'),
  ...among(studies, 'school degree field_of_study graduation_date start_date'),
  ...among(located, 'ip_city ip_country ip_country_code ip_latlon ip_state ip_state_code ip_zipcode'),
  ...among(offence, 'convictionscount'),
  ...among(
    privateLife,
    'childrencount militaryservice birthdate deathdate individualsage genderidentity pronouns maritalstatus personbirthdate persongenderidentity',
  ),
  ...among(money, 'consumercreditscore consumercreditscoreprovidername ishomeowner'),
])

/**
 * Words in a custom field's name or label that announce the same, folded, whole words each; `*` leaves the end open. `unless`: what a word beside them makes
 * harmless, since a field's name is all there is to go by: a customer's health score, the breed of a dog, the day of the last reset.
 */
type Telling = { readonly kind: SensitiveField; readonly words: string; readonly unless?: string }
const telling: readonly Telling[] = [
  { kind: offence, words: 'conviction convictions condamnation* criminal* casier casier_judiciaire infraction infractions' },
  {
    kind: nationalId,
    words: `nir ssn secu securite_sociale social_security carte_vitale numero_vitale national_id national_insurance passport passeport cni carte_identite
      carte_d_identite carte_nationale_d_identite piece_identite piece_d_identite numero_identite identity_card id_card titre_sejour titre_de_sejour carte_sejour
      carte_de_sejour residence_permit`,
    unless: 'caisse organisme regime cotisation* plafond',
  },
  {
    kind: card,
    words:
      'carte_bancaire carte_bleue carte_credit carte_de_credit carte_de_paiement numero_de_carte card_number credit_card payment_card cvv cvv2 cvc cvc2 cryptogramme*',
    unless: 'fidelite loyalty cadeau gift type accepte* accepted',
  },
  {
    kind: secret,
    words: 'mot_de_passe mots_de_passe motdepasse mdp password passwords passwd passcode pwd code_pin pin_code code_secret',
    unless: 'reset date changed change oubli* expir* policy forgotten last reinit* envoye sent',
  },
  {
    kind: special,
    words: `religion* religious religieu* confession croyance* sante health* medical* medicale* maladie* malade diagnos* handicap* disabilit* disabled invalidite rqth
      grossesse pregnan* ethni* race racial* raciale* origine_raciale syndicat syndicats syndical syndicale syndicales syndique syndiquee union_member* trade_union
      orientation_sexuelle sexual_orientation sexualite sexuality blood groupe_sanguin allerg* vaccin* politique political* opinions_politiques biometri* genetique*
      genetic*`,
    unless: `score scoring check account customer status_page system assurance insurance mutuelle secteur sector industry industrie sante_client chien* chat* cheval animal
      animaux dog cat pet breed course tarif* prix confidentialite commercial* rse cookies retour* achat* voyage* remboursement* remise* privacy`,
  },
  {
    kind: privateLife,
    words: `birth birthday naissance anniversaire gender sexe marital maritale matrimonial* situation_familiale situation_de_famille family_status etat_civil divorce* veuf
      veuve pacs children enfant enfants spouse conjoint nationality nationalite military militaire`,
  },
  { kind: money, words: 'iban rib salary salaire* income revenu revenus credit_score patrimoine dettes surendettement' },
]
const compiled = telling.map(({ kind, words, unless }) => ({
  kind,
  words: wordsIn(words),
  unless: unless === undefined ? null : wordsIn(unless),
}))

function wordsIn(list: string): RegExp {
  const each = list.trim().split(/\s+/)
  return new RegExp(`_(?:${each.map((word) => (word.endsWith('*') ? `${word.slice(0, -1)}[a-z0-9]*` : word)).join('|')})(?=_)`)
}

/**
 * What a field says about itself; `null` when nothing. Vendor fields go by the list alone: their names are known, and words of
 * theirs mislead (`hs_content_membership_…`). Custom fields go by the words of their name and label.
 */
export function sensitiveField(name: string, label: string, custom: boolean): SensitiveField | null {
  const known = knownSensitive.get(name.toLowerCase())
  if (known !== undefined) return known
  if (!custom) return null
  const words = `_${wordsOf(name)}_${wordsOf(label)}_`
  for (const { kind, words: told, unless } of compiled) if (told.test(words) && unless?.test(words) !== true) return kind
  return null
}

/** `ChildrenCount__c` and `Nombre d'enfants` give `children_count_c` and `nombre_d_enfants`. */
function wordsOf(text: string): string {
  const spaced = text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
  return spaced.toLowerCase().replace(/[^a-z0-9]+/g, '_')
}

function among(kind: SensitiveField, names: string): readonly (readonly [string, SensitiveField])[] {
  return names.split(' ').map((name) => [name, kind] as const)
}

/** Fields that CRMs ship, and that a marketing team has no business to fill (GDPR art. 5(1)(c), 9, 10). Lower-case names. */
import type { Severity } from './verdict.ts'

export type SensitiveField = { readonly severity: Severity; readonly why: string; readonly ref: string }

const offence: SensitiveField = { severity: 'critical', why: 'criminal convictions', ref: 'GDPR art. 10' }
const special: SensitiveField = { severity: 'critical', why: 'a special category of data', ref: 'GDPR art. 9(1)' }
const nationalId: SensitiveField = { severity: 'critical', why: 'a national identification number', ref: 'GDPR art. 87' }
const privateLife: SensitiveField = { severity: 'high', why: 'private life', ref: 'GDPR art. 5(1)(c)' }
const money: SensitiveField = { severity: 'high', why: 'personal finances', ref: 'GDPR art. 5(1)(c)' }
const located: SensitiveField = { severity: 'medium', why: 'a location worked out from the IP address', ref: 'GDPR art. 5(1)(c)' }
const studies: SensitiveField = { severity: 'medium', why: 'studies and career, copied from an ad form', ref: 'GDPR art. 5(1)(c)' }

/**
 * HubSpot: the default properties of groups `facebook_ads_properties` and `conversioninformation` (ip_*). Salesforce: Individual
 * (ConvictionsCount, ChildrenCount, …), Contact and Person Account defaults.
 */
export const knownSensitive: ReadonlyMap<string, SensitiveField> = new Map<string, SensitiveField>([
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

/** Words in a custom field's name or label that announce the same. Matched as whole words of the folded name. */
const telling: readonly (readonly [SensitiveField, readonly string[]])[] = [
  [offence, ['conviction', 'convictions', 'condamnation', 'condamnations', 'criminal', 'casier']],
  [nationalId, ['nir', 'ssn', 'secu', 'passport', 'passeport', 'cni']],
  [
    special,
    [
      'religion',
      'religious',
      'health',
      'sante',
      'medical',
      'handicap',
      'disability',
      'grossesse',
      'pregnancy',
      'pregnant',
      'ethnicity',
      'ethnie',
      'race',
      'syndicat',
      'union_membership',
      'orientation_sexuelle',
      'sexual_orientation',
      'blood',
      'allergies',
      'allergie',
      'politique',
      'political',
    ],
  ],
  [
    privateLife,
    [
      'birth',
      'birthday',
      'naissance',
      'anniversaire',
      'gender',
      'sexe',
      'marital',
      'matrimoniale',
      'children',
      'enfants',
      'spouse',
      'conjoint',
      'nationality',
      'nationalite',
      'military',
    ],
  ],
  [money, ['iban', 'rib', 'salary', 'salaire', 'income', 'revenus', 'credit_score']],
]

/**
 * What a field says about itself; `null` when nothing. Vendor fields go by the list alone: their names are known, and words of
 * theirs mislead (`hs_content_membership_…`). Custom fields go by the words of their name and label.
 */
export function sensitiveField(name: string, label: string, custom: boolean): SensitiveField | null {
  const known = knownSensitive.get(name.toLowerCase())
  if (known !== undefined) return known
  if (!custom) return null
  const words = `_${wordsOf(name)}_${wordsOf(label)}_`
  for (const [kind, tokens] of telling) if (tokens.some((token) => words.includes(`_${token}_`))) return kind
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

/** The body: biometric and genetic data (GDPR art. 4(13), 4(14), 9), and what somebody takes, carries or cannot bear. */
import type { Rule } from './pattern.ts'

const offered = `vend vends vendre vente sell sells selling demo devis quote solution~s module~s gamme offre~s api iphone smartphone~s feature~s ecran~s
  marque~s brand~s startup~s @trade`

export const body: readonly Rule[] = [
  {
    words: `empreinte~s_doigt~s|pouce|digitale~s|palmaire~s|vocale~s|retinienne~s fingerprint~s,ed voice_print|prints|template voiceprint~s faceprint~s reconnaissance_faciale
      facial_recognition face|iris|retina|palm_scan|scans|scanned iris_scanne|enregistre scan_visage|iris|retine`,
    unlessAfter: 'proof resistant free reader~s sensor~s lock~s carbone',
    unlessNear: `${offered} carbone web seo internet traces`,
  },
  {
    words:
      'gabarit~s_visage|biometrique~s|facial biometric_template~s|data|enrolment|enrollment|profile|scan donnee~s|profil~s_biometrique~s',
    unlessNear: offered,
  },
  {
    words: `test~s|profil~s|resultat~s|analyse~s_adn|genetique~s|paternite dna|genetic|paternity|ancestry_test|tests|result|results|profile|sample|screening
      porteu~r,rs,se,ses_gene|genes|mutation|anomalie|maladie carries|carrier|carrying|has_gene|mutation gene_brca|defectueux|huntington BRCA
      mutation~s|anomalie~s|predisposition~s|antecedent~s_genetique~s genetic_disorder~s|condition|mutation|predisposition|marker caryotype~s karyotype~s
      drepanocytose thalassemie sickle_cell hemochromatose haemophilia~,c huntington`,
    unlessNear: `${offered} laboratoire~s labo~s laboratory lab kit~s reactif~s plante~s semence~s bovin~s chien~s`,
  },
  { words: 'sous|prend|prends|prenait|on|takes|taking_@medicine', unlessNear: '@trade boite~s stock~s' },
  {
    words: `nut|nuts|peanut|peanuts|food|latex|penicillin|shellfish|fish|egg|dairy|wheat|bee|wasp|severe|serious|threatening_allergy|allergies
      allergie~s_arachide~s|cacahuete~s|gluten|noix|oeuf~s|lactose|lait|penicilline|latex|crustaces|pollen|pollens|acariens|alimentaire~s|grave~s|severe~s|medicamenteuse~s
      anaphyla~xis,ctic,ctique,xie epipen~s ventolin~e inhaler~s insulin_pump pompe_insuline`,
    unlessNear: `${offered} any list liste~s form~s formulaire~s demander ask aucune menu~s etiquet~age,te`,
  },
  // A measure of an illness is one of somebody's illness.
  {
    words:
      'severe|severely|mild|chronic|acute|crippling_@malady|asthma|anxiety|migraine|arthritis @malady|asthme|migraine_severe|grave|chronique|legere',
    unlessNear:
      'market~s economy sector weather storm marche~s secteur economie research charity recherche association~s fondation laboratoire~s laboratory conference~s',
  },
  {
    words: 'hospitalisation~s hospitalization',
    unlessNear:
      'garantie~s couvre couvert couverture option~s contrat~s devis cover covers covered plan quote policy mutuelle~s works work travaille meeting installation',
  },
]

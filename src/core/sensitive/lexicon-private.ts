/** Family, money and mourning: seldom the business of a CRM (GDPR art. 5(1)(c)). */
import type { Rule } from './pattern.ts'

const law = '@trade etude succession immobilier property'

export const privateLife: readonly Rule[] = [
  {
    words: 'divorc~e,es,ee,ees,ent,ant,ed,ing,er divors~e,es,ee,ees,er',
    unlessNear: `holding associes actionnaires program programme societe~s agence~s fournisseur~s ${law}`,
  },
  {
    words:
      'separe~,e,s,es,ee_@spouse vient|viennent|venir_separer se_separe~,nt est|sont_separe~,s,e,ee separated_@spouse recently|legally_separated separated_from_husband|wife|partner',
    unlessNear: 'lot~s colis facture~s invoice~s',
  },
  { words: 'veuf~s veuve~s veuvage widow~,s,er,ers,ed', unlessAfter: 'clicquot tout toute line lines and orphan', unlessNear: law },
  { words: 'tutelle curatelle', unlessNear: 'ministere autorite~s organisme~s administration commune~s minimale' },
  { words: 'enfant~s_charge personne~s_charge dependent_child~ren', unlessNear: `champ~s field~s formulaire~s form~s ${law}` },
  { words: 'maitresse~s mistress', unlessAfter: 'd de', unlessBefore: 'head poutre~s piece~s' },
  { words: 'amant~s adultere trompe~,nt,r_@kin|compagnon infidele having_affair cheats|cheating_on cheating_wife|husband' },
  {
    words: 'belle~s_mere~s|soeur~s beau~x_pere~s|frere~s gendre belle_famille mother|father_law mother|father_in_law sister|brother_in_law',
    unlessNear: law,
  },
  {
    words: 'chomage chomdu chomeu~r,rs,se,ses unemployed unemployment',
    unlessAfter: 'partiel technique rate',
    unlessNear: `${law} taux rate`,
  },
  {
    words:
      'sans|recherche_emploi demandeu~r,se_emploi jobless out_of_work perdu_emploi|job|travail|boulot|@kin lost_his|her|their_job|father|mother|husband|wife|son|daughter|home',
    unlessNear: '@trade salon',
  },
  { words: 'perdre_@kin|emploi|travail inscrit~,e_pole|france_emploi|travail' },
  { words: 'RSA APL', unlessNear: 'cle~s key~s bits chiffrement certificat~s ssh algorithme encryption signature' },
  { words: 'touche|percoit|beneficiaire|minima_rsa|caf|apl|allocations|aah|sociaux on_benefits|welfare|dole food_stamps' },
  { words: 'surendett~e,es,ee,ees,ement endette~,e,s,ee', unlessNear: law },
  {
    words: 'in_debt card|personal_debt~s eyes|neck|ears_debt heavily_indebted insolvent bankrupt faillite_personnelle',
    unlessNear: 'collection company societe',
  },
  {
    words:
      'decede~,e,s,es,ee,ees DCD endeuille~,e,ee bereav~ed,ement deceased passed_away en|est_deuil deces_@kin|dans funeral obseques enterrement|enterre~,r_@kin burying|buried_@kin|son|dad|mum|mom|nan|gran|grandmother|grandfather|uncle|aunt|friend',
    unlessNear: `pompes home director ${law}`,
  },
  { words: 'garde_alternee|partagee|enfants|exclusive pension_alimentaire alimony child_support child_maintenance' },
  {
    words: `separation_compliquee|difficile|douloureuse vit|vivent_separation rupture_compagne|compagnon|amoureuse|sentimentale|difficile split_from_fiance|husband|wife|partner|boyfriend|girlfriend
      separated_kids|children quitte~,r_@spouse|compagne|copine enfant_cache kids|children|child_foster|care foster_child~ren orphelin~,e,s,es expulse~,e_appart|appartement|domicile|maison
      expulsion_domicile ex_paie|verse conjugal_violence`,
    unlessNear: '@trade contrat~s garantie~s composant~s',
  },
  {
    words: `made_redundant universal_credit allocation~s_parent|logement|familiales|chomage allocataire~s crible~,e_dettes dettes_personnelles huissier_passe|passera|chez
      interimaire_sans_mission touche_plus_rien galere_financierement loyers_impayes`,
    unlessNear: '@trade societe entreprise company',
  },
  { words: 'custody', unlessNear: 'keys securities chain evidence assets funds documents bank' },
  { words: 'celibataire~s mere|pere|maman|papa_solo|isolee single_mother|mom|mum|dad|father|parent', unlessNear: law },
  {
    words:
      'situation_familiale|matrimoniale|maritale marital_status|problems|issues|situation family_problems|trouble problemes_familiaux|famille|couple|conjugaux',
    unlessNear: 'champ field formulaire form',
  },
  { words: 'concubin~,e,s,age PACS pacse~,e,s,ee,es', unlessNear: law },
  { words: 'dettes_jeu gambling_debts huissier_domicile saisie_salaire huissier~s_chez expulse~,e_logement evicted' },

  { words: 'cours|instance|pleine|procedure_separation en_separation', unlessNear: 'lots flux reseau' },
  {
    words: 'licencie~,e,s,es,ee',
    needs: 'personOrStart',
    unlessNear: 'club federation sport logiciel licence ligue economique droit lettres master diplome fft fff ffr',
  },
  { words: 'fired|sacked|redundant', needs: 'person', unlessNear: '@thing system link event trigger workflow power server' },
  { words: 'vient|ete|etre|fait|fut_licencie~,e,ee,es' },
  { words: 'got|was|been|were_laid|made_off|redundant lost_job|house' },
  { words: 'lost_baby', unlessAfter: 'monitor~s wipes shower food gear phone' },
  {
    words:
      'eleve|elever_seul~,e_@kin|enfants femme|mari|husband|wife|compagne|compagnon_left|quitte|parti|partie|trompe|cheated s_est_fait_quitter',
  },
  {
    words:
      'probleme~s|souci~s|ennuis|difficultes_argent|financiers|financieres money|financial_problems|trouble|troubles|difficulties fins|fin_mois_difficiles huissiers fauche~,e,s SDF homeless sans_domicile|abri surendette',
    unlessNear: '@trade societe entreprise company',
  },
  {
    words:
      '@kin_est_mort~,e,s @kin_mort~,e,s|decede~,e,s mort|deces|perte|death|loss_@kin @kin|son_died|deceased|dying death|loss|lost_son',
    unlessNear: 'projet produit societe company',
  },
  {
    words: 'vit|habite|lives|living_seul~,e|alone vit|habite|lives_parents|mother|mere vit|habite_chez_@kin|parents',
    unlessNear: 'travaille',
  },
  { words: 'adopted|adopte_enfant|child|petit|petite infertilite infertility enfant_naturel pere_inconnu recherche_paternite' },
  {
    words:
      '@kin_mourir|disparu~,e mourir|disparition_@kin vient_mourir perdu|perd|perte_bebe|enfant remarie~,e,es,s conflit~s_conjuga~l,ux dispute_@kin|femme|mari',
    unlessNear: 'colis',
  },
  {
    words:
      'pension_payer|reversion|veuvage ex_femme|mari|husband|wife|conjoint|conjointe demi_frere|soeur enfant_adopte|place foyer_enfance',
    unlessNear: '@trade',
  },
]

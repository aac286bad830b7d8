/** Racial or ethnic origin, sex life and orientation (GDPR art. 9). */
import type { Rule } from './pattern.ts'

const goods = `produit~s rhum~s musique bijou~x huile~s epice~s miel fruit~s legume~s tapis cafe~s viande~s marchandise~s matiere~s composant~s piece~s emballage~s vin~s bois marche~s pays continent filiale~s bureau~x zone
  region product~s goods coffee market~s office~s country countries subsidiary restaurant~s cuisine food tissu~s`

/** The same without the words for places, which are what is told here. */
const ware = `produit~s piece~s marchandise~s composant~s matiere~s vin~s fruit~s legume~s cafe~s epice~s viande~s product~s goods`

const garments = `chaussure~s shirt~s t tshirt~s taille~s pointure montre~s pull~s pantalon veste~s manteau~x chemise~s sac~s ceinture~s gant~s polo~s short~s
  jean~s basket~s vetement~s coloris couleur~s modele~s reference~s article~s produit~s collection~s casquette~s blouson~s gilet~s sweat~s maillot~s lunettes`

export const origin: readonly Rule[] = [
  {
    words:
      'origine~s_@people @people_origin~s,e @people_descent|heritage|ethnicity|extraction|background half|part_@people mere|pere|parents_@people @people_generation @people_2e|3e|deuxieme|troisieme_generation',
    unlessNear: goods,
  },
  { words: 'accent~s_@people @people_accent~s', unlessNear: 'voix video doublage' },
  {
    words: 'maghrebin~,e,s,es beur~,ette rebeu~s renoi~s bougnoul~e,es negre~s negro bamboula youpin~s bicot chinetoque~s romanichel~s',
    unlessNear: goods,
  },
  {
    words: 'gitan~,e,s,es manouche~s tzigane~s tsigane~s gypsy gypsies yenish',
    unlessNear: 'jazz musique guitare music swing king kings velo~s cadre~s style vitrine boheme deco',
  },
  { words: 'roma_family|families|people|woman|man|community|camp' },
  { words: 'famille~s|camp~s|couple|un|une|des|les|est|sont|client~,e,s_rom~,s', unlessNear: 'ram android flash memoire cd' },
  { words: 'gens_voyage', unlessNear: 'aire agence' },
  { words: 'immigre~,s,e,es,ee,ees immigrant~s sans_papiers clandestin~,s', unlessNear: '@trade transport' },
  {
    words:
      'refugie~,e,s,es_politique~s|climatique~s statut_refugie~,e refugie~,e,s,es_@people demandeu~r,rs,se,ses_asile asylum_seeker~s refugee_status',
    unlessNear: '@trade',
  },
  {
    words: 'sans_papier',
    needs: 'personOrStart',
    unlessBefore: 'bureau~x process~us zero',
    unlessNear:
      'facture~s facturation bureau~x processus process dematerialis~ation,e,ee,er numerique digital electronique signature workflow imprimante~s cuisson toilette~s dossier~s @trade',
  },
  {
    words: 'migrant~,e,s',
    unlessNear:
      '@trade transport vers odoo sage salesforce hubspot sap crm erp cloud version~s serveur~s donnee~s plateforme~s solution~s systeme~s to platform~s',
  },
  { words: 'undocumented_immigrant~s|migrant~s|worker~s|alien illegal_immigrant~s|alien~s' },
  { words: 'ethnie~s ethnicity ethnicities ethnique~s ethnic_background|minority|origin', unlessNear: goods },
  { words: 'couleur_peau', unlessNear: `canape~s cuir fauteuil~s ${goods}` },
  { words: 'skin_colo~r,ur colo~r,ur_skin peau_noire|mate|blanche|foncee' },
  { words: 'homme|femme|personne|gens|client|cliente|dame|monsieur|couple_couleur people|person|man|woman_colo~r,ur' },
  { words: 'type|mec|gars_@people @people_guy|lady|dude', unlessNear: goods },
  {
    words: 'arabe~s africain~,e,s,es asiatique~s kabyle~s berbere~s antillais~,e,es comorien~,ne,s,nes',
    needs: 'personOrStart',
    unlessBefore: 'langue union emirats monde pays gomme musee',
    unlessNear: `langue formation traduction gomme cours cheval emirats parle version clavier traducteur interprete musique art ${goods}`,
  },
  { words: 'arab~s africans', needs: 'person', unlessAfter: 'emirates world spring', unlessNear: goods },
  {
    words: 'homme|femme|client|cliente|type|mec|monsieur|dame|couple|famille|personne|gars|fille|gerant|patron_noir~,e,s,es',
    unlessNear: `peinture robe~s costume~s cuir cheveux ${garments}`,
  },
  { words: 'black_guy|man|woman|lady|people|couple|customer|client|family|person|dude|girl|boy' },

  { words: 'looks|look|looked|seems|sounds|semble|air_@people @people_origine~s parents|famille_@people', unlessNear: goods },
  {
    words: 'bledard~,e,s un|une|des|deux|encore_black~s blacks',
    needs: 'personOrStart',
    unlessNear: `medaille~s friday~s label leather colour color coloris version~s white list box finish edition carte~s modele~s ${goods}`,
    unlessAfter: 'friday list box label and decker',
  },
  { words: 'race|racial_noire|blanche|jaune|mixed|background|origin mixed_race metis~,se,ses peau_mate', unlessNear: goods },
  {
    words:
      'un|une|des|encore|sale|ces|tous_roumain~,e,s|arabe~s|noir~s|rom~s|juif~s|turc~s|chinois|africain~,e,s|marocain~,e,s|algerien~,ne,s|portugais|polonais|asiatique~s',
    needs: 'personOrStart',
    unlessNear: `restaurant prestataire fournisseur distributeur imprimeur client~s concurrent partenaire fabricant langue ${goods}`,
    unlessAfter: 'et en de',
  },

  {
    words:
      'accent~s_@country accent~s_pays_est accent~s_cote_ivoire originaire~s_cote_ivoire originaire~s_@country originaire~s_pays_est parents|famille_originaire~s',
    unlessNear: `voix video doublage ${ware}`,
  },
  {
    words:
      '@people_couple|family|families|gentleman|gent|bloke|lad|lads|kid|kids|boy|girl|woman|man couple|dame|monsieur|homme|femme|jeune_@people',
    unlessAfter: 's style',
    unlessNear: `${goods} taille pointure cuisine recette~s traduction langue cours film~s serie~s`,
  },
  {
    words:
      'irish|pavee|settled_traveller~s traveller_family|families|site|camp|lads|community typical|another|bloody|dirty_roma|gypsy|arab|arabs',
    unlessNear: 'flight~s trip~s hotel~s booking~s holiday~s visa~s guide~s magazine tourism',
  },
  {
    words: `teint|peau_mat|mate|basane|basanee|fonce|foncee|noire basane~,e,s,es @people_naissance|souche mixed|dual_heritage|parentage|descent @people_dad|mum|mother|father|mom|parents
      mariee|maries|voisin|voisine|locataire_@people`,
    unlessNear: `fond poudre maquillage makeup canape~s cuir film~s deco decoration theme traiteur menu~s musique ${ware}`,
  },
  {
    words: 'undocumented',
    needs: 'personOrStart',
    unlessNear:
      'api endpoint~s function~s field~s code process processes change~s step~s feature~s behaviour behavior bug~s expense~s @thing @trade',
  },
]

export const sexLife: readonly Rule[] = [
  {
    words:
      'homosexu~el,els,elle,elles,alite,al,als lesbien~ne,nes lesbian~,s bisexu~el,els,elle,elles,al pansexuel~,le transsexuel~,le transgender transgenre~s travesti~,s',
    unlessNear: '@trade',
  },
  {
    words: 'gay~s',
    needs: 'personOrStart',
    unlessAfter: 'lussac village pride abandon',
    unlessBefore: 'rue place avenue street',
    unlessNear: 'lussac',
  },
  {
    words:
      'femme|homme|personne|fille|garcon|est|is|client|cliente|locataire|adherent|adherente|eleve|salarie|salariee|collegue|candidat|candidate|tenant|member|student|pupil|customer_trans trans_woman|man|person|girl|guy',
    unlessAfter: 'atlantic alpes',
  },
  { words: 'homo~s', needs: 'personOrStart', unlessAfter: 'sapiens erectus economicus faber habilis', unlessNear: '@trade tarif~s' },
  {
    words:
      'transition_genre|sexe changement_sexe change~,r_sexe gender_transition|reassignment transitioning_from_male|female gender_fluid genderfluid non_binaire~s non_binary',
  },
  { words: 'orientation~s_sexuelle~s sexual_orientation sexual_preference~s vie_sexuelle sex_life', unlessNear: '@trade' },
  {
    words: 'LGBT',
    unlessNear: 'association marche~s label charte programme~s pride evenement~s fond~s campagne~s',
  },
  { words: 'PD pede~s tapette~s tarlouze~s tantouze gouine~s faggot~s fag dyke', needs: 'personOrStart', unlessNear: 'mouche souris' },
  { words: 'came|coming_out_gay|bi|lesbian|bisexual|trans a_fait_coming_out' },
  {
    words: 'couche|couchent|couchait|sleeps|sleeping|slept_avec|with',
    needs: 'person',
    unlessBefore: 'une premiere seconde deuxieme derniere sous e eme',
  },
  {
    words:
      'quitte_mari_femme quitte_femme_homme his_boyfriend|husband|fiance her_girlfriend sa_femme_elles nee_garcon ne_fille his_husband her_wife couple_avec_autre_homme|femme',
    unlessNear: 'mother sister',
  },
  {
    words: `couple|mariage_hommes|femmes|lesbien|gay|homo same_sex_couple|couples|partner|partners|marriage|parents|wedding|relationship elle_vit|vivait|sort|couple_avec_femme
      il_vit|vivait|sort|couple_avec_homme deux_mamans|papas asexu~el,elle,al queer gay|lesbian_wedding|couple|marriage|parents`,
    unlessAfter: 'affaire~s menage chambre',
    unlessNear: `${garments} @trade`,
  },
  { words: 'echangiste~s libertin~,e,s partouze~s swinger~s into_swinging|bdsm|bondage swinging_couple|couples|club|party|parties' },
  {
    words: 'fait|faire|entame|commence|debute_sa_transition',
    needs: 'personOrStart',
    unlessAfter: 'vers numerique digitale energetique ecologique',
    unlessNear:
      'societe entreprise groupe equipe~s cloud crm erp numerique digital energie energetique ecologique vers outil~s logiciel~s version~s',
  },
]

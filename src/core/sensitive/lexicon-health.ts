/** Health (GDPR art. 4(15), 9). A denied illness is still a word about somebody's health, so negation changes nothing here. */
import type { Rule } from './pattern.ts'

const accounts = `account~s feature~s user~s admin button~s access login option~s plugin~s setting~s field~s workflow~s licence license feature~s api
  integration function cookies javascript macro~s sync service compte bouton`

export const health: readonly Rule[] = [
  {
    words: 'has|have_MS',
    unlessAfter:
      'teams office dynamics windows word excel access outlook project sql exchange azure sharepoint visio powerpoint store cloud partner partners licence license licences integration',
  },
  // Of a relative it is said of a person, whatever is sold or visited beside.
  {
    words:
      '@kin_@malady @kin_atteint~,e_@malady atteint~,e,s,es_@malady his|her_mother|father|wife|husband|son|daughter|child_has|with_@malady',
  },
  {
    words: 'maladie~s',
    unlessBefore: 'assurance caisse assurances arrets conges',
    unlessNear: '@trade vigne~s mildiou ble plante~s arbre~s',
  },
  { words: 'malade~s', unlessBefore: 'prix tarif offre remise', unlessNear: '@thing marche~s secteur economie industrie', negatable: true },
  {
    words: 'cancer~s',
    unlessBefore: 'anti',
    unlessAfter: 'research zodiaque marche marches societe economie secteur',
    unlessNear: 'signe~s astro anniv bug~s legacy ligue zodiaque astrologi~e,que,ques astrology ascendant horoscope @trade',
  },
  { words: 'cancereu~x,se,ses tumeur~s tumour~s tumor~s metastase~s leucemie~s leukaemia leukemia lymphome~s melanome' },
  { words: 'diabete~s diabeti~que,ques,c,cs diabetes', unlessNear: '@trade' },
  { words: 'depressi~f,fs,ve,ves' },
  {
    words: 'depression~s depressed',
    unlessAfter: 'era glass',
    unlessNear:
      'ventilateu~r,rs gaine~s zone large cyclone atmospherique meteo tempete golfe atlantique manche storm atlantic marche~s secteur economie vide air cabine surface sol material button key great grande economic button @thing',
  },
  { words: 'burnout~s burn_out burned_out burnt_out surmenage epuisement_professionnel nervous_breakdown', unlessNear: '@trade' },
  {
    words: 'handicap~,s,e,es,ee,ees',
    unlessNear:
      'tee golf tournoi cup index swing parcours tournament course agefiph emploi mission projet~s programme~s accessibilite @trade',
    unlessBefore:
      'semaine~s journee~s referent~,e,s,es mission parking~s place~s acces rampe~s toilette~s wc sanitaire~s stationnement pour',
    unlessAfter: 'par international',
  },
  { words: 'rqth cotorep tdah adhd ptsd AAH IJSS ATMP BPCO' },
  { words: 'mdph', unlessNear: '@trade marche~s renouvellement devis facture~s offre~s appel contrat~s copieu~r,rs fourniture~s' },
  { words: 'fauteuil~s_roulant~s wheelchair~s', unlessNear: '@trade vend vendre sell sells selling' },
  // `AVC le client`: with somebody.
  {
    words: 'AVC',
    unlessAfter: 'le la les l un une mon ma mes son sa ses notre nos votre vos lui eux elle moi nous vous m mr mme mlle client~,e,s,es',
  },
  { words: 'had|suffered|after|since_stroke victime|eu|fait_avc' },
  {
    words: 'VIH HIV SIDA vih hiv sida seropositi~f,fs,ve,ves sero_positi~f,fs,ve,ves seropo~s',
    unlessNear: '@trade laboratoire~s labo~s laboratory kit~s reactif~s boite~s',
  },
  {
    words:
      'infarctus heart_condition heart_problem~s heart_failure probleme~s|souci~s|pb~s|ennui~s_coeur probleme~s|souci~s|pb~s|ennui~s_cardiaque~s traitement~s_coeur|thyroide|depression|epilepsie|diabete|tension',
  },
  { words: 'crise~s_cardiaque~s heart_attack~s', unlessNear: 'voyant voyait devis lol prix tarif~s devis price~s quote~s @trade' },
  { words: 'cardiaque~s', needs: 'personOrStart', unlessNear: 'massage defibrillateur @trade' },
  { words: 'probleme~s|pb~s|souci~s|raison~s|etat|ennui~s_sante', unlessNear: '@trade' },
  { words: 'health|medical_issue~s|problem~s|reason~s|condition~s', unlessNear: '@trade' },
  { words: 'hospitalis~e,ee,es,ees,ed,ation hospitaliz~ed,ation in_hospital', unlessNear: 'works work travaille meeting installation' },
  {
    words:
      'fait|faire|fera_opere~r,e opere~,e,ee_coeur|genou|hanche|dos|yeux|cataracte|urgence est|ete|etait|sera_opere~,e,ee operation_coeur|genou|hanche|dos|cataracte',
  },
  {
    words: `operation~s|opere~,e,s,ee,es,er|chirurgie|ablation|reconstruction|retirer_@organ @organ_surgery|operation|replacement|removal|transplant`,
    unlessAfter: 'ville cible gamme metier marche',
    unlessNear: '@trade @thing implant~s forceps distributor~s',
  },
  { words: 'surgery', unlessNear: '@trade vet veterinary gp dental' },
  { words: 'chimio~,s,therapie,therapies chemo~,therapy radiotherap~ie,y dialyse dialysis', unlessNear: '@trade' },
  {
    words:
      'parkinson~,s,ien,ienne,iens alzheimer~,s al~zeimer,zaimer,zeihmer,zhaimer,zeimers dementia demence epilep~sie,tique,tiques,sy,tic sclerose',
    unlessNear: '@trade',
  },
  { words: 'accident~s_travail arret~s_travail arret~s_longue_duree mi_temps_therapeutique invalidite', unlessNear: '@trade contrat' },
  {
    words: 'invalide~s',
    needs: 'personOrStart',
    unlessNear:
      '@thing adresse~s mail~s email~s numero~s lien~s code~s format~s valeur~s champ~s carte~s iban iban~s boulevard bd rue place telephone',
  },
  {
    words:
      'daltonien~,ne,s fracture_bassin|cheville|bras|jambe|vertebre|clavicule|hanche cystic_fibrosis strong_painkillers on_painkillers hormone_treatment|therapy en|est_HP TOC_proprete|lavage',
    unlessNear: '@trade vigne~s ble plante~s',
  },
  {
    words: 'arrete~,e,ee_depuis|jusqu en_arret|AM_depuis|jusqu|prolonge',
    unlessNear: '@thing @trade production chantier usine four livraison~s commande~s',
  },
  { words: 'sick|medical_leave sick_note off_sick signed_off_work|sick|ill|stress|depression|anxiety signed_him|her_off ill_health' },
  { words: 'sick', needs: 'person', unlessAfter: 'of' },
  { words: 'is|was|very|seriously|fell|terminally|mentally|gravely_ill' },
  { words: 'disabled disability disabilities', needs: 'personOrStart', unlessNear: `${accounts} @trade @thing policy` },
  { words: 'psychiatr~ique,ic,ie,y hopital|clinique|internement_psy', unlessBefore: 'cabinet docteur dr', unlessNear: '@trade' },
  // The doctor alone may be the customer.
  {
    words: 'suivi~,s,e,es|voit|consulte_psy suivi~,s,e,es|voit|voir|consulte|chez|sees|seeing_@doctor son|sa|leur|his|her|their_@doctor',
    unlessAfter: 'dr docteur doctor',
    unlessNear: 'vendre vend devis facture~s demo scanner materiel logiciel ecg installation sell~s,ing quote~s @trade',
  },
  {
    words: 'sous|prend|prends|prenait|on|takes|taking_@drug',
    unlessNear: 'batterie~s battery batteries pile~s accu~s cells ion unite~s units pumps stock~s @trade',
  },
  { words: 'toxicoman~e,es,ie overdose alcoolisme alcoholism cocainomane~s heroinomane~s' },
  { words: 'rehab', needs: 'person', unlessNear: 'chantier~s projet~s logement~s immeuble~s batiment~s travaux building~s housing site~s' },
  { words: 'sevrage', unlessNear: 'veau~x agneau~x porcelet~s veaux bebe~s' },
  {
    words: 'toxico~s alcoolo~s poivrot~,e,s ivrogne~s pochtron~,ne,s drunkard~s came~,e,s,es schizo~s',
    needs: 'personOrStart',
    unlessNear: '@thing arbre~s moteur~s',
  },
  { words: 'alcooli~que,ques alcoholi~c,cs', unlessNear: 'boisson~s gel solution drink~s beverage~s gel free degre~s bouteille~s' },
  {
    words: 'drogue~,e,ee,es|shoote~,e,ee drug_addict~s|problem~s|addiction',
    needs: 'personOrStart',
    unlessNear: 'deal dealer trafic dealeur',
  },
  { words: 'addict~,s,ion depend~ant,ante_alcool|drogue', needs: 'person', unlessNear: 'shopping cafe coffee series' },
  { words: 'sourd~,e,s,es aveugle~s muet~,s,te', needs: 'personOrStart', unlessNear: 'bruit~s oreille test~s confiance choc fenetre mur' },
  { words: 'vieux|vieille|presque|moitie|totalement_sourd~,e,s,es|aveugle~s' },
  {
    words:
      'sourd~,e_comme_pot surdite malentendant~,e,s,es malentandant~,e,s,es malvoyant~,e,s,es malvoyent~,e,s,es sourd~,e_oreille_gauche|droite deaf hearing_impaired visually_impaired',
    unlessNear: '@trade',
    unlessAfter: 'to ears',
  },
  {
    words:
      'autis~te,tes,me,tique,tic,m dyslexi~e,que,ques,c,a bipolaire~s bipolar bi_polaire~s bi_polar schizophren~e,es,ie,ic,ia schyzophren~e,es,ie skizophren~e,es,ie skyzophren~e,es,ie trisomi~e,que',
    unlessNear: '@trade transistor~s connecteur~s motor~s moteur~s stepper',
  },
  {
    words:
      'antidepresseu~r,rs anti_depresseu~r,rs antidepressant~s anxiolytique~s neuroleptique~s sous|prend|prends_medicament~s on|takes|taking_medication traitement_lourd sous_traitement_medical',
  },
  { words: 'diagnosed diagnostique~,e,ee', needs: 'personOrStart', unlessNear: '@thing issue problem bug fault panne probleme incident' },
  { words: 'souffr~e,ait,ant_@illness suffer~s,ing,ed_from', unlessNear: '@thing delays shortage' },
  {
    words: 'paralys~e,ee,ed hemiplegi~e,que paraplegi~e,que tetraplegi~e,que paraplegic amput~e,ee',
    unlessNear: '@thing reseau trafic ville marche activite chantier~s planning semaine~s budget~s',
  },
  {
    words: 'allergi~que,ques,c',
    unlessNear:
      'contract~s changement~s telephone paperasse~s ia digital excel reunion~s meeting~s visio~s formulaire~s publicite demarchage prospection',
  },
  {
    words: `polyarthrite spondylarthrite osteoporose glaucome dmla eczema cystite sarcome myopathie neuropathie arteriosclerose apnees|apnee_sommeil sleep_apnea
      insuffisance_renale|cardiaque|respiratoire kidney|liver|renal_failure|disease sous_oxygene|perfusion|morphine en|soins_reanimation|rea|intensifs
      aux_urgences est|toujours|tjs|tjrs|encore|sort|sorti|sortie_hopital out|left_hospital intensive_care addictologie pontage~s_coronarien~s migraine~s_chronique~s chronic_migraine~s|pain|fatigue
      fatigue|douleur~s_chronique~s @illness_chronique~s`,
    unlessAfter: 'point~s aide~s subvention~s public publique~s argent',
    unlessNear: '@trade infirmi~er,ere nurse~s service~s materiau~x metal metaux acier',
  },
  { words: 'long_covid', unlessAfter: 'supply delay~s' },
  { words: 'covid_long dur~,e,s_feuille insulino insulinodependant~,e,s', unlessNear: '@trade' },
  {
    words: `deficien~t,te,ts,ce,ces_visuel~,le,les|auditi~f,fs,ve,ves|intellectuel~,le,les|mental~,e|immunitaire intoleran~t,te,ce_gluten|lactose
      gluten|lactose_intoleran~t,ce coelia~c,que celiac suit|suivre|in|en_therapie|therapy suit|suivre_psychotherapie
      paludisme palu malaria dengue typhoide zona mononucleose meningite phlebite septicemie varicelle`,
    unlessNear: '@trade vaccin~s,ation vaccine~s nets moustiquaire~s',
  },
  { words: 'arrete~,e,ee|arret_medecin|docteur|toubib arret_maladie_longue|depuis|jusqu|prolonge' },
  {
    words: 'chope~,r|attrape~,r|rattrape_covid|grippe had|having_breakdown',
    needs: 'personOrStart',
    unlessNear: '@thing van truck lorry car fleet',
  },
  { words: 'positi~f,ve_covid a|eu|attrape|has|had|got_covid|grippe|flu|pneumonie', needs: 'person' },
  {
    words: 'is|was|nearly|almost|legally|partially|going|goes_blind|paralysed|paralyzed|infertile|suicidal|anorexic|obese|dying|bedridden',
  },
  {
    words:
      'has|with_ALS|COPD|OCD|BPD|AIDS|IBS diagnosed_MS multiple_sclerosis cane walking_stick|frame|aid canne_blanche marche_canne|deambulateur marche_avec_canne~s|bequille~s|deambulateur en|avec|marche|ses_bequilles on_crutches prosthetic_leg|arm|hand|foot uses|wears|has_prosthesis lost_leg|arm en_fauteuil_depuis|suite',
    unlessNear: '@trade',
  },
  {
    words:
      'asthm~e,a,atique,atic rhumatisme~s arthrit~e,is fibromyalgi~e,a endometriose menopause hernie~s lumbago obes~e,ite anorexi~e,que boulimi~e,que thyroide psoriasis migraineu~x,se',
    unlessNear: '@trade',
  },
  {
    words: 'suicid~e,aire,al crise~s_angoisse|panique|nerf|nerfs panic_attack~s anxiety_disorder seizure~s tentative_suicide idees_noires',
    unlessNear: '@trade',
  },
  {
    words:
      'greffe~,s_rein|coeur|foie|moelle transplant prothese~s|appareil~s_hanche|auditi~f,fs,ve,ves|jambe|genou|epaule entend_oreille entend_que_oreille hearing_aid~s pacemaker~s stent~s',
    unlessNear: '@trade sell~s,ing vend~,ent,re',
  },
  {
    words:
      'jambe|bras|cheville|poignet|hanche|pied_casse~,e,s,es broken_leg|arm|hip|ankle|wrist fracture_tibia|femur|col|poignet entorse~s',
    unlessNear: '@thing @trade',
  },
  {
    words:
      'cure_desintox|desintoxication probleme~s_alcool drinking_problem drinks|boit_too_much boit_trop|beaucoup|matin picole~,nt subi|subit|subir_pontage|operation|greffe|ablation torn|ruptured|fractured_muscle|@organ pulled_muscle~s|hamstring~s|ligament~s|calf sent|pue|odeur|smells|smelled|haleine_alcool|alcohol|booze',
  },
  {
    words:
      'term|serious|chronic|mental|grave_illness~es registered_disabled blue_badge_holder disability_benefit~s|allowance|pension mi_temps_therapeuthique|terapeutique',
    unlessNear: '@trade',
  },
  {
    words:
      'carte_mobilite_inclusion suivi~,e_CMP arret~,s_mal enlever|enleve|retirer|retire_rein|vesicule|thyroide|appendice|uterus|sein|prostate|poumon|rate|ovaires operation|pose_bypass|anneau_gastrique|sleeve rehab_drink|alcohol|drugs hospi_psy|jusqu|depuis',
    unlessNear: '@trade @thing',
  },
  { words: 'sante_fragile|precaire|mentale|declinante mauvaise_sante poor|failing|mental_health', unlessNear: '@trade' },
  { words: 'souffrant~,e,s,es convalescen~t,te,ce terminally phase_terminale soins_palliatifs palliative', unlessNear: '@trade' },
  {
    words:
      'tests|test|tested_positive|positif pathologi~e,es,que handicap~_mental troubles_psychiques|anxieux|bipolaires|alimentaires personality_disorder',
  },
  { words: 'mal_voyant~,e,s|entendant~,e,s non_voyant~,e,s partially_sighted hard_hearing|hearing' },
  {
    words:
      'affection_longue_duree ALD longue_maladie down_syndrome|syndrome autism|tourette|asperger_syndrome syndrome_down|tourette|asperger trisomie handicap_invisible',
  },
  {
    words: 'severe|suffers|off_anxiety|stress|depression anxiety anxieu~x,se,ses phobi~e,que stress_post_traumatique nervous_breakdown',
    needs: 'personOrStart',
    unlessNear: '@trade @thing test~s',
  },
  {
    words:
      'arret|conge_maladie arret_medical certificat_medical medical_certificate doctor|gp_note soins|traitement_medical|hormonal|experimental examen~s_medica~l,ux en|apres_soins',
    unlessNear: '@trade',
  },
  { words: 'remission recidive_cancer biopsie mammographie radiotherapie', unlessNear: '@trade' },
  {
    words: 'oncolog~ie,y',
    unlessNear:
      '@trade laboratoire~s labo~s laboratory lab congres congress clinical clinique~s stand nurse~s infirmi~er,ers,ere,eres service~s unit ward department lits works travaille',
  },
  {
    words:
      'malaise_cardiaque|vagal AIT thrombose anevrisme embolie hepatite~s tuberculose lupus crohn hemophil~e,ie mucoviscidose mucovicidose mucoviscidoze cirrhose ulcere~s',
    unlessNear: '@trade',
  },
]

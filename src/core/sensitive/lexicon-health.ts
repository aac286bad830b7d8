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
  {
    words: 'malade~s',
    unlessBefore: 'prix tarif offre remise',
    unlessNear: '@thing marche~s secteur economie industrie vigne~s ascenseu~r,rs plante~s arbre~s haie~s',
    negatable: true,
  },
  {
    words: 'cancer~s',
    unlessBefore: 'anti',
    unlessAfter: 'research zodiaque marche marches societe economie secteur',
    unlessNear: 'signe~s astro anniv bug~s legacy ligue zodiaque astrologi~e,que,ques astrology ascendant horoscope @trade',
  },
  { words: 'cancereu~x,se,ses', unlessBefore: 'moteur batiment mur' },
  { words: 'tumeur~s tumour~s tumor~s metastase~s leucemie~s leukaemia leukemia lymphome~s melanome' },
  { words: 'diabete~s diabeti~que,c diabetes', unlessNear: '@trade' },
  { words: 'diabetiques diabetics', unlessBefore: 'pour for', unlessNear: '@trade' },
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
      'tee golf golfeu~r,rs,se,ses golfer~s tournoi cup index swing parcours tournament course agefiph emploi mission projet~s programme~s accessibilite @trade',
    unlessBefore:
      'semaine~s journee~s referent~,e,s,es mission parking~s place~s acces rampe~s tarif~s toilette~s wc sanitaire~s stationnement pour nous vous',
    unlessAfter: 'par international notre nos',
  },
  { words: 'rqth cotorep AAH IJSS ATMP BPCO' },
  { words: 'tdah adhd ptsd', unlessNear: 'association~s fondation charity conference~s webinar~s congres flyer~s' },
  { words: 'mdph', unlessNear: '@trade marche~s renouvellement devis facture~s offre~s appel contrat~s copieu~r,rs fourniture~s' },
  {
    words: 'fauteuil~s_roulant~s wheelchair~s',
    unlessAfter: 'accessible accessibility ramp~s access friendly',
    unlessNear: '@trade vend vendre sell sells selling magasin~s medical',
  },
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
  {
    words: 'probleme~s|pb~s|souci~s|raison~s|etat|ennui~s_sante',
    unlessNear: '@trade tresorerie finances financier~s financiere~s economie marche',
  },
  { words: 'health|medical_issue~s|problem~s|reason~s|condition~s', unlessNear: '@trade' },
  { words: 'hospitalis~e,ee,es,ees,ed hospitaliz~ed in_hospital', unlessNear: 'works work travaille meeting installation' },
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
  { words: 'sick', needs: 'person', unlessAfter: 'of deal deals offer design setup demo tune track bay' },
  { words: 'is|was|very|seriously|fell|terminally|mentally|gravely_ill' },
  {
    words: 'disabled disability disabilities',
    unlessAfter: 'parking bay~s toilet~s access facilities badge space~s',
    needs: 'personOrStart',
    unlessNear: `${accounts} @trade @thing policy`,
  },
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
      'contract~s changement~s telephone paperasse~s ia digital excel reunion~s meeting~s visio~s formulaire~s publicite demarchage prospection newsletter~s spam relance~s cold telemarketing voicemail~s jargon powerpoint paperwork',
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
  { words: 'positi~f,ve_covid a|eu|attrape|has|had|got_covid|grippe|flu|pneumonie', needs: 'personOrStart' },
  {
    words:
      'is|was|nearly|almost|legally|partially|registered|going|goes_blind|paralysed|paralyzed|infertile|suicidal|anorexic|obese|dying|bedridden',
  },
]

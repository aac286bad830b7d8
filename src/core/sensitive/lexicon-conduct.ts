/** Offences and convictions (GDPR art. 10). */
import type { Rule } from './pattern.ts'

const justice = `rue directeur directrice administration appel marche centre chantier greffe surveillant fellowship avenue place gardien tender contract
  ministere construction renovation serrures`

export const offences: readonly Rule[] = [
  {
    words: 'condamne~,e,s,es,ee,ees',
    unlessNear:
      'attendre patienter subir echouer disparaitre porte~s acces issue~s fenetre~s entree~s sortie~s local rue voie porte chemin escalier',
  },
  { words: 'condamnation~s', unlessBefore: 'non', unlessNear: '@trade' },
  { words: 'a|avait_casier', needs: 'person', unlessNear: 'vestiaire~s cle~s rangement~s bouteille~s metallique~s consigne~s bureau~x' },
  { words: 'casier_judiciaire|charge|vierge criminal_record police_record', unlessNear: 'extrait fournir poste candidature' },
  {
    words:
      'en|sorti~,e|sort|fait|peine|prison_prison|taule|tolle|cabane prison_ferme jailed served_time did_time_for out_jail|prison in_prison|jail_until|since|again released|freed_from_prison|jail imprisoned incarcere~,e,s,ee incarceration',
    unlessAfter: 'free card',
    unlessNear: justice,
  },
  { words: 'prison~s jail', needs: 'person', unlessBefore: 'la', unlessNear: justice },
  {
    words: 'en|est|place~,e,ee_detention detenu~,e,s,es detention_provisoire',
    unlessAfter: 'par',
    unlessNear: `marche administration capital part~s societe~s filiale~s groupe~s action~s actionnaire~s holding bien~s immobilier~s immobiliere directe indirecte titre~s actif~s compte~s brevet~s ${justice}`,
  },
  { words: 'garde_vue GAV' },
  { words: 'escroc~s escroquer~ie,ies scammer~s crook~s swindler~s con_artist|man|artists', unlessNear: 'victime victim' },
  // `On lui a volé sa carte`: that is the victim.
  { words: 'a|ont_vole', unlessBefore: 'lui leur m t', unlessNear: 'victime victim anti alarme sinistre' },
  {
    words: 'voleu~r,rs,se,ses deja_vole thief thieves stole shoplift~er,ers,ing burglar~s',
    unlessNear: 'victime victim anti alarme alarm alarms',
  },
  {
    words: 'fraudeu~r,rs,se,ses fraudster~s tax_fraud fraude_fiscale committed_fraud blanchiment money_laundering',
    unlessNear: 'victime victim module prevention detection @trade',
  },
  { words: 'bracelet~s_electronique~s ankle_tag|monitor|bracelet', unlessNear: 'montre~s boutique festival~s entree~s acces' },
  { words: 'interdit~,e,s,es_bancaire~s interdiction~s_bancaire~s fiche~,e,s_banque_france est|etait_fiche~,e,s_s|banque|police FICP FCC' },
  {
    words: 'mis~,e,es_examen_pour|pr|escroquerie|abus|viol|vol|fraude|corruption interpelle~,e,s_trafic|vol|police|gendarmes|hier|pour',
  },
  {
    words: 'mis~,e,es_examen mise_en_examen sursis avec_sursis probation',
    unlessAfter: 'budget dossier offre~s compte~s',
    unlessNear: 'paiement echeance period periode',
  },
  {
    words:
      'trafiquant~s deal~e,ait,er,s_drogue|shit|cannabis|cocaine braque|braquer|braquage_banque~s|bijouterie~s|pharmacie~s|commerce~s skipped|jumped|fled_bail trafic|affaire~s_drogue~s|stupefiants|stups|armes dealeu~r,rs|dealer~s_notoire~s|connu~s abus_confiance drug_dealer~s|dealing dealeur~s mafieu~x,se delinquant~,e,s',
  },
  { words: 'pedophile~s violeu~r,rs paedophile~s rapist~s sex_offender~s agresseur_sexuel meurtrier murderer' },
  { words: 'convicted felon~s,y ex_con ex_convict~s prior_conviction~s on_parole|probation|bail', unlessNear: 'period' },
  { words: 'arrested', needs: 'personOrStart', unlessNear: '@thing leak decay fall development' },
  {
    words:
      'tap~e,er,ait_caisse purge~,r_peine apres_avoir_frappe frapp~e,er,ait_femme|compagne|epouse|madame|enfant~s|conjointe|mari launder~s,ing,ed_cash|money mis|foutu_feu_depot|magasin|entrepot|boutique soupconne~,e,s_avoir violence~s_compagne|conjointe|femme|epouse|conjugales being_prosecuted prosecuted_for charged_with|for_assault|theft|fraud|murder|battery|dui|possession|robbery|embezzlement|burglary arrested_for embezzle~d,ment,r detourn~e,er,ait,ement_fonds|argent|caisse',
  },
  { words: 'viole~nt,nte_femme|conjoint|epouse domestic|wife_violence|beater violences_conjugales' },

  {
    words:
      'arrete~,e,s,ee,es,r_police|gendarmes|gendarmerie|trafic|ivresse police_came|cherche|recherche recherche~,e,s_police|gendarmerie|justice|interpol wanted_police connu~,e,s_police|gendarmerie|justice connu~,e,s_services|des_police|gendarmerie sous_bracelet',
    unlessNear: 'victime assurance~s assureur~s multirisque contrat~s caracteres typo rfid nfc',
  },
  {
    words: 'years|months_robbery|burglary|assault|theft|manslaughter',
    unlessNear: 'victim~s insurance insured insurer~s cover coverage assurance~s policy policies warranty protection monitoring',
  },
  {
    words:
      'mois|ans_sursis peine_prison|ferme|sursis derriere_barreaux behind_bars ecroue~,e,s,es inculpe~,e,s,es coups_blessures banned|disqualified_driving driving_ban vol_etalage homicide',
    unlessNear: 'engagement contrat prix',
  },
  { words: 'pris|prend|fait|faire|purge|ecope|condamne_mois|ans_ferme', unlessNear: 'engagement contrat~s prix bail location commande~s' },
  {
    words: 'under_investigation police_investigation poursuivi~,e,s_justice|fraude|tribunal enquete_police|judiciaire',
    unlessNear: '@thing incident ticket bug',
  },
  {
    words: 'arnaqueu~r,rs,se,ses cambrioleu~r,rs pickpocket~s malfrat~s gangster~s repris_justice hors_la_loi racketteu~r,rs',
    unlessNear: 'victime victim alarme',
    needs: 'personOrStart',
  },
  {
    words: 'permis_retire|suspendu|annule retrait|suspension_permis drunk_driving alcool|ivresse_volant DUI',
    unlessNear: 'construire travaux',
  },
  {
    words: 'bat|frappe|beats|hits_femme|enfants|wife|kids travail|travaille_au|du_noir|black faux_papiers fausses_factures|fiches',
    unlessNear: 'carton',
  },
  { words: 'been|was|is|husband|son|brother|went_to|in_prison|jail', unlessNear: justice },
  { words: 'conviction~s_theft|fraud|assault|drug|drugs|tax|violence|dui has|had|previous|past_conviction~s', unlessNear: 'strong deep' },
  {
    words:
      'delit_fuite|initie mandat_arret|depot liberation|liberte_conditionnelle semi_liberte sous|son_controle_judiciaire tig proces_penal|assises correctionnelle',
    unlessNear: '@thing',
  },

  {
    words: `connu~,e,s,es|soupconne~,e,s,es|suspecte~,e,s,es|accuse~,e,s,es_vol|vols|fraude|escroquerie|trafic|violences|detournement|blanchiment|recel|agression|viol|harcelement
      known_for_theft|fraud|violence|stealing|shoplifting suspected|accused_theft|fraud|stealing|assault|rape|embezzlement|harassment
      pris|prise|surpris|surprise|attrape|attrapee_vole|voler|volant main_sac caught_stealing|nicking|thieving caught_red_handed`,
    unlessNear: '@thing victime victim alarme camera~s assurance~s',
  },
  {
    words: `dealer~s|dealeur~s_quartier|cite|coin|hall|shit|coke deale~,nt,ait_quartier|cite|hall|immeuble|shit|coke|cannabis fiche_s_gendarmerie|police|dgsi|radicalise|terrorisme|terroriste|renseignements
      receleu~r,rs,se usurpation_identite~s marchand_sommeil radicalise~,e`,
    unlessNear: 'victime victim auto voiture~s concession garantie~s assurance~s',
  },
  { words: 'serving_months|years|sentence|time', unlessNear: 'army navy board notice customer~s club company as' },
  {
    words: `interdit~,e,s_stade interdiction_stade pour|for_braquage|proxenetisme|meurtre|viol|recel|extorsion|manslaughter|arson
      licencie|licenciee|vire|viree|renvoye|banni|sacked|fired|banned|dismissed_vol|fraude|detournement|violence|violences|theft|fraud|stealing|assault|shoplifting
      done|nicked|cautioned|jailed_for_fraud|theft|shoplifting|assault|drugs|speeding|burglary benefit_fraud|cheat scammed|defrauded|conned_us|everyone known_police|probation|garda|gardai
      guilty_fraud|assault|theft|murder|manslaughter|rape caught_drugs|cocaine|cannabis trouve~,e|pris~,e_drogue|cannabis|cocaine braqueu~r,rs,se`,
    unlessNear: '@thing victime victim alarme alarm film~s assurance~s insurance plainte roman novel',
    unlessAfter: 'pleasure conscience party',
  },
]

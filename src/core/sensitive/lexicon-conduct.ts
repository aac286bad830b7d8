/** Offences and convictions (GDPR art. 10), and words that the person should never have to read about themselves (CNIL, free-text fields). */
import type { Rule } from './pattern.ts'

const justice = `rue directeur directrice administration appel marche centre chantier greffe surveillant fellowship avenue place gardien tender contract
  ministere construction renovation serrures`

export const offences: readonly Rule[] = [
  {
    words: 'condamne~,e,s,es,ee,ees',
    unlessNear: 'porte~s acces issue~s fenetre~s entree~s sortie~s local rue voie porte chemin escalier',
  },
  { words: 'condamnation~s', unlessNear: '@trade' },
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
  {
    words: 'voleu~r,rs,se,ses a|deja|ont_vole thief thieves stole shoplift~er,ers,ing burglar~s',
    unlessNear: 'victime victim anti alarme',
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
      'arrete~,e,s,ee,es,r_police|gendarmes|gendarmerie|trafic|ivresse police_came|cherche|recherche recherche~,e_police wanted_police connu~,e,s_police|gendarmerie|justice connu~,e,s_services|des_police|gendarmerie sous_bracelet',
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
]

/** What a judgement may be about instead of a person, anywhere near; of `matters`, right beside it alone: `client insupportable` is the person. */
const judged = `volume~s contrat~s commande~s budget~s potentiel projet~s modele~s oeuvre chantier~s marge lot~s`
const goods = `volume~s client~s contrat~s commande~s budget~s potentiel projet~s modele~s dossier~s oeuvre compte~s chantier~s affaire~s marge lot~s`

const matters = 'compte~s dossier~s affaire~s cas account~s case~s'

export const insults: readonly Rule[] = [
  {
    words: `connard~s conard~s connasse~s conasse~s encule~,e,s salop~e,es,ard,ards,ards pute~s ntm batard~s petasse~s teube~,e,s abruti~,e,s,es imbecile~s cretin~,e,s,es
      enfoire~,e,s enflure~s ducon tocard~,e,s bouffon~,ne,s plouc~s cassos clodo~s racaille~s crevard~,e,s merdeu~x,se trouduc blaireau pouffiasse~s`,
    negatable: true,
    unlessNear: 'rasage brosse',
  },
  // Shipping costs as well: `FDP offerts`.
  {
    words: 'fdp',
    unlessAfter: 'offert~,e,s inclus compris gratuit~,s en de a',
    unlessNear: 'euro~s eur port livraison commande~s colis panier offert~,s devis facture~s remise frais ht ttc',
  },
  { words: 'gros|grosse|vieux|vieille|quel|quelle|vrai|sale|pauvre|petit|un|trop|est|tres|espece|tellement|suis_con~,s', negatable: true },
  { words: 'conne~s', negatable: true, unlessNear: '@thing' },
  { words: 'client~,e|mec|type|patron_con', negatable: true },
  { words: 'gros|grosse|vieux|vieille|sale|espece_@insultNoun de|client_merde', negatable: true },
  {
    words:
      'gros_lard grosse_vache gros_tas vieille_peau|bique|chouette|folle|harpie|megere vieux_schnock|schnoque|debris|fossile|machin|grincheux|bougon',
  },
  { words: 'vieux|vieille|gros|grosse|moche|laide|fat|old|ugly_@unkind', unlessNear: goods },
  {
    words: 'moche~s laideron thon',
    needs: 'personOrStart',
    unlessNear: `@thing couleur~s coloris ${judged}`,
    unlessBefore: matters,
    negatable: true,
  },
  { words: 'idiot~,e,s,es,ic debile~s demeuree taree~s', unlessNear: '@thing question~s', unlessBefore: 'prix erreur', negatable: true },
  { words: 'est|trop|completement_tare~,s mongol~,ien attarde~,e,ee,s_mental mental|completement_retarded retarded', negatable: true },
  {
    words:
      'chiant~,e,s,es chieu~r,rs,se,ses casse_couille~s|burnes|bonbons|pied|pieds emmerdeu~r,rs,se,ses emmerdant~,e relou~s lourdingue~s',
    negatable: true,
    unlessNear: '@thing procedure paperasse',
  },
  {
    words:
      'hysterique~s cingle~,e,s,es,ee barjo~s timbree~s psychopathe~s parano~,s paranoiaque~s pervers~,e senile~s gateux gateuse pouilleu~x,se',
    negatable: true,
    unlessNear: 'effet~s',
  },
  {
    words: 'est|completement|trop|vraiment|bonne|vieille|grosse_folle|fou|dingue|toque|toquee completement|trop_barre~,e,s|perche~,e,s',
    unlessNear: '@thing journee semaine idee prix de',
    negatable: true,
  },
  { words: 'menteu~r,rs,se,ses mytho~s mythomane~s hypocrite~s faux_cul~,s manipulat~eur,rice liar~s', negatable: true },
  { words: 'radin~,e,s,es pingre~s rapiat~,s grippe_sou cheapskate~s tightwad~s skinflint~s stingy', negatable: true },
  { words: 'bande|quel|quelle|un|une_incapable~s', unlessAfter: 'de d' },
  { words: 'aimable_porte_prison' },
  { words: 'pas|peu|guere_fute~,e,s|finaud~,e|degourdi~,e|eveille~,e', needs: 'personOrStart', unlessNear: '@thing idee~s' },
  { words: 'sale_arabe~s|gitan~,s|etranger~,s|africain~,s', unlessNear: '@thing' },
  { words: 'cas_soc|social|sociaux beauf~s peigne_cul gros_beauf white_trash trailer_trash' },
  {
    words:
      'pas|n|no|sans|zero|without_cerveau|brain~,s|neurone~s brainless cervelle_moineau QI_huitre|bulot|moule|palourde|negatif|zero betise_crasse',
  },
  { words: 'vrai|quel|gros|sacre|est_boulet', negatable: true },
  {
    words: 'pauvre|sale|triste_type|fille|mec|gars|bonhomme|femme|gosse|cretin',
    unlessNear: 'don association business deal~s order~s pipeline recurring renewal~s',
  },
  { words: 'faineant~,e,s,es feignant~,e,s feignasse~s glandeu~r,se,rs flemmard~,e tire_au_flanc profiteu~r,rs,se,ses', negatable: true },
  { words: 'est|trop|comme_bete', unlessAfter: 'noire', negatable: true, unlessNear: 'question idee @thing' },
  { words: 'quelle|une|cette|grosse|belle_ordure', unlessNear: 'menagere poubelle' },
  { words: 'putain_de bordel_de_client' },
  {
    words:
      'moron~s,ic imbecile~s asshole~s arsehole~s scumbag~s bastard~s bitch~,es,y dumbass jackass twat~s wanker~s prick~s dickhead~s cunt~s nutcase~s lunatic~s psycho~s dimwit~s halfwit douchebag~s bellend~s tosser~s shithead',
    negatable: true,
  },
  { words: 'jerk~s loser~s scum crackpot nutter~s', negatable: true, unlessNear: '@thing' },
  { words: 'stupid dumb', needs: 'personOrStart', unlessNear: '@thing question~s idea mistake bug', negatable: true },
  {
    words:
      'is|was|totally|completely|complete|bit|he|she_crazy|insane|mental|nuts|bonkers crazy_woman|man|lady|guy|bitch|cow|customer|client|person',
    unlessAfter: 'good about busy cheap fast offer',
    negatable: true,
    unlessNear: '@thing',
  },
  { words: 'old|ugly_hag|bag|cow|fart|bat|git|goat' },
  {
    words: 'fat|ugly|lazy_bloke|woman|man|guy|cow|bastard|pig|lady|slob|bugger|lump is|was|she|he_fat|ugly',
    negatable: true,
    unlessNear: '@thing',
  },
  { words: 'pain_ass|arse|backside|butt waste_space full_shit|crap' },
  { words: 'lying_bastard|scumbag|cheat|cow|thief' },

  {
    words: `insupportable~s penible~s arrogant~,e,s,es pretentieu~x,se imbu~,e stupide~s ignare~s incompetent~,e,s,es grossi~er,ere malpoli~,e raleu~r,rs,se,ses
      grognon~,ne gueulard~,e avare~s capricieu~x,se sournois~,e malhonnete~s ingerable~s detestable~s odieu~x,se antipathique~s
      rude arrogant annoying nasty obnoxious incompetent useless clueless hopeless weird creepy smelly unbearable insufferable stuck_up whiner~s
      nutjob~s weirdo~s creep~s drama_queen`,
    needs: 'personOrStart',
    negatable: true,
    unlessNear: `delai~s attente~s bruit~s tache~s travail procedure~s process travaux feature~s button link function module chaleur odeur situation error message bug @thing ${judged}`,
    unlessBefore: matters,
    unlessAfter: matters,
  },
  {
    words:
      'grande|sale|belle_gueule tete_claques|con|mule|lard langue_pute|vipere vieille_bique face_rat ane_bate nul_chier|a_chier gros_naze naze~s fait_chier casse_tete_client',
    negatable: true,
  },
  {
    words:
      'bas_plafond vieux|vieille_schnock~s couteau_affute|aiguise_tiroir short_planks il|elle_pue lunatique~s_oui|fait|jamais absolute|total|complete_cow|muppet|pillock|plonker|numpty vraie|sacree_plaie une|vraie|sale_peste megere~s sangsue~s whinger~s pue|sent|smells|stinks_mauvais|pieds|transpiration|sueur|bad|sweat|awful est|is_sale|crade|degueulasse|filthy',
    unlessNear: '@thing local piece cuisine',
  },
  {
    words: 'guy|man|woman|lady|he|she|customer|client_nuts|insane|mad|thick|dense|slow|senile|evil|disgusting',
    negatable: true,
    unlessAfter: 'about at',
  },
  {
    words: `guignol~s clown~s pitre~s andouille~s cruche pimbeche~s bourrin~s branleu~r,rs,se couillon~,ne,s empote~,e teigne harpie~s sorciere~s pleurnichard~,e
      bully bullies prat git muppet halfwit airhead~s dumbo sleazy slimy grumpy pathetic snob~s`,
    needs: 'personOrStart',
    negatable: true,
    unlessNear: `nez_rouge cirque spectacle costume deguisement ${judged}`,
    unlessBefore: matters,
  },
  { words: 'greedy|miserable|stupid|filthy|nasty_bastard|pig|cow|man|woman|git' },
]

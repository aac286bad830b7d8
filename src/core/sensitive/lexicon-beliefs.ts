/** Religion, philosophy, politics and union membership (GDPR art. 9). */
import type { Rule } from './pattern.ts'

export const religion: readonly Rule[] = [
  {
    words: 'jui~f,fs,ve,ves israelite~s jewish jew jews',
    unlessBefore:
      'rue place impasse allee avenue boulevard chemin square cimetiere quartier musee ste societe ets maison sarl association~s amicale federation consistoire',
    unlessAfter: 'museum',
  },
  { words: 'musulman~,e,s,es moslem~,s muslim~,s' },
  {
    words: 'catholique~s catholic~,s',
    unlessBefore: 'secours institut ecole universite lycee enseignement college',
    unlessAfter: 'relief services school university church',
    unlessNear: 'diocese ecole lycee institut universite college facture~s tva comptabilite montage @trade',
  },
  {
    words: 'catho~s evangeli~que,ques,cal bouddhist~e,es buddhist~,s hindou~,e,s,es hindu~,s mormon~,s,e athee~s atheist~s integriste~s',
    unlessNear: '@trade',
  },
  {
    words: `baptist~,s methodist~,s methodiste~s pentecotiste~s adventist~,s adventiste~s anglican~,e,s,es quaker~s salafiste~s chiite~s sunnite~s
      shia sunni copte~s maronite~s franc|francs_macon~,ne,s freemason~s`,
    unlessAfter: 'oats',
    unlessNear: '@trade hospital hopital school ecole church eglise rue street',
  },
  // Baptiste is many people's name.
  { words: 'il|elle_est_baptiste~s famille|pasteur|protestant~,e_baptiste~s baptiste~s_pratiquant~,e,s,es|convaincu~,e,s,es' },
  { words: 'protestant~,e,s,es chretien~,ne,s,nes sikh~,s', needs: 'personOrStart', unlessNear: '@trade cimetiere' },
  { words: 'devout|practising|practicing|born|again_christian', unlessAfter: 'dior louboutin lacroix' },
  {
    words: 'is_christian',
    givenName: true,
    unlessNear:
      'cfo ceo cto coo cmo director manager contact name head lead owner president assistant buyer accountant dior louboutin lacroix',
  },
  {
    words:
      'fait|suit|respecte_careme fete~,nt|celebre~,nt|observe~,nt,s|pratique~,nt|keeps|celebrates|observing_aid|eid|chabbat|shabbat|kippour|kippur|pessah|hanouka|hanukkah|passover|careme|lent|diwali',
    unlessNear: 'offre~s promo~s promotion~s magasin~s rayon~s catalogue vitrine event campaign~s',
  },
  { words: 'fundamentalist~s', needs: 'personOrStart', unlessNear: '@trade market~s' },
  {
    words: 'ramadan',
    unlessNear: 'gms gondole~s ope operation~s offre~s promo~s promotion~s rayon~s campaign~s campagne~s menu catalogue vitrine opening',
  },
  { words: 'mange~,nt,r|que|repas|regime_halal|casher|cashere|kasher|kosher|hallal eat~s,ing_halal|kosher keeps_kosher' },
  {
    words: 'halal casher cashere kosher',
    needs: 'person',
    unlessNear:
      'catalogue plateau~x traiteur~s restaurant~s boucherie gamme produit~s viande~s rayon sel salt menu~s certifi~e,ed,cation label @trade',
  },
  {
    words: 'pratiquant~,e,s,es croyant~,e,s,es',
    needs: 'personOrStart',
    unlessAfter: 'zero de d du l le la',
    unlessNear: 'sport~s golf tennis activite~s prix tarif~s politique',
  },
  { words: 'confession', unlessBefore: 'a la', unlessNear: '@trade ecran' },
  {
    words: 'va|frequente_synagogue|mosquee|temple ecole~s_coranique~s mosquee~s synagogue~s mosque~s',
    unlessBefore: 'rue place impasse allee avenue boulevard chemin square quartier street face derriere devant pres cote behind opposite',
    unlessAfter: 'street road lane',
    unlessNear:
      'chantier devis travaux construction architecte renovation electricite client~e contract tender gauche droite rue stand min minute~s metre~s metro proximite parking',
  },
  {
    words:
      'va|vont|aller_messe|temple|eglise church_goer~s churchgoer~s goes|attends|attend|going_church chante_chorale_paroissiale paroissien~s,ne,',
  },
  { words: 'voilee~s', needs: 'personOrStart', unlessNear: 'roue~s roues jante~s tole~s planche~s' },
  { words: 'porte|portait|met_voile|foulard|kippa|croix|hijab|turban hijab~s niqab~s burqa~s', unlessNear: 'catalogue collection' },
  { words: 'temoin~s_jehovah|jehova|geovah jehovah jehova scientologue~s scientologist~s' },
  {
    words: 'l_islam islamiste~s judaisme judaism converti~,e,s,es,r|converted_islam pratique|religion_islam',
    unlessNear: 'finance banque conference livre',
  },
  {
    words: 'raison~s|conviction~s|motif~s|croyance~s|fete~s_religieu~x,se,ses religious_reason~s|belief~s|ground~s|observance religion',
    unlessNear: '@trade',
  },
  {
    words: 'faith|catholic|islamic|quranic_school friday|evening_prayer~s priere~s_vendredi bar_mitzvah shabbat sabbat sabbath',
    unlessNear: 'customer client',
  },

  {
    words:
      'croit|crois|believes_dieu|god foi_chretienne|catholique|musulmane pelerinage_mecque|lourdes hajj umrah communion_solennelle bapteme|communion|baptism|christening_fils|fille|petit|son|daughter',
  },
  {
    words:
      'est|was|is|ancien|fils_cure|pretre|rabbin|imam|pasteur|priest|rabbi|nun|religieuse prie|prays_fois|daily|times prie|prays_deux|trois|cinq|five_fois|times',
    unlessNear: '@trade',
  },
  { words: 'very|tres|deeply|strictly_religious|religieux|religieuse|pieux|pieuse|orthodox' },
]

export const politics: readonly Rule[] = [
  { words: '@role_@union @role_cgt|cfdt|cftc|unsa|fnsea', unlessAfter: 'pacific', unlessNear: 'copropriete eaux' },
  // Letters that mean something else in every other note: the south, fibre optics, to unite.
  {
    words:
      'syndicat~s|syndique~,e,s,es,ee,ees|syndicaliste~s|delegue~,e,s,es|adherent~,e,s,es|adhere|militant~,e,s,es|encarte~,e|elu~,e,s,es|membre~s|representant~,e,s,es_SUD|FO|UNITE',
    unlessNear: 'secteur region ouest est agence copropriete',
  },
  { words: 'adherent~,e|militant~,e|vote|votait|elu~,e|candidat~,e|sympathisant~,e_modem' },
  {
    words:
      '@role_PS|LR|RN|FN|LFI|EELV|PCF|NPA|UDI|UMP|lfi|eelv|npa|renaissance encarte~,e_ps|rn|lr maire~s|depute~,e,s,es|senat~eur,rice_PS|LR|RN|FN|LFI|EELV|PCF|LREM|UDI',
  },
  {
    words: 'vote|votait|votent|votes|voted|voting|voter_@party candidat~,e_front|rassemblement|@party',
    unlessNear: 'budget assemblee resolution ag',
  },
  {
    words:
      'sur|tete_liste_PS|LR|RN|FN|LFI|EELV|PCF|LREM|UDI sous_etiquette_PS|LR|RN|FN|LFI|EELV|PCF|LREM|UDI investiture|investi~,e_PS|LR|RN|FN|LFI|EELV|PCF|LREM|UDI',
    unlessNear: 'facture~s commande~s',
  },
  { words: 'syndique~,e,s,es,ee,ees', unlessNear: 'copropriete' },
  {
    words: 'syndicaliste~s delegue~,s,e,es|representant~,s,e|responsable~s|elu~,e,s|mandat_syndica~l,le,ux,les',
    unlessNear: 'copropriete',
  },
  {
    words:
      'unionised unionized unionist~s shop_steward~s union_rep|reps|representative|representatives|activist|member|delegate|leader|organiser|official',
    unlessBefore: 'credit european',
  },
  { words: 'trade_unionist~s' },
  {
    words: '@union|unite_rep|reps|member|official|activist|steward|stewards|delegate|organiser|convenor|man|woman',
    unlessNear: 'credit savings european rugby student~s customs western state~s customer~s',
  },
  {
    words:
      'personnel|municipal~,e|regional~,e|departemental~,e_PS|LR|RN|FN|LFI|EELV|PCF|UDI|CGT|CFDT|CFTC|UNSA est|sont|etait|milite|chez|tracte_CGT|CFDT|CFTC|UNSA|FNSEA',
    unlessNear: 'client~e facture~s commande~s prospect~s compte~s @trade',
  },
  { words: 'greviste~s fait|faire|font|faisait_greve', unlessNear: 'sncf ratp transport~s poste eboueurs' },
  {
    words: 'en_greve on_strike',
    needs: 'person',
    unlessNear:
      'sncf ratp transport~s poste prix port~s usine~s site~s depot~s entrepot~s raffinerie~s personnel equipe~s transporteur~s plant~s factory factories drivers staff carrier~s',
  },
  { words: 'militant~,e,s,es activist~s', unlessNear: 'investor @trade' },
  { words: 'encarte~,e,ee', unlessNear: 'livret magazine brochure publicite journal' },
  {
    words:
      'vieux|gros_coco~s gauchiste~s gaucho~s facho~s fasciste~s fascist~s nazi~,e,s communist~,e,es,s trotskiste~s anarchiste~s anarchist~s royaliste~s frontiste~s lepeniste~s macroniste~s melenchoniste~s mitterrandiste~s chiraquien~,ne,s sarkozyste~s zemmouriste~s cgtiste~s cegetiste~s cfdtiste~s coco_assume',
  },
  {
    unlessAfter: 'stand ecran page image photo rangee rayon salle tableau batiment parking comptoir facade couloir table',
    words: 'extreme_droite|gauche far_right|left left|right_wing|winger|wingers',
    unlessNear: 'screen panel column menu building image rugby player',
  },
  { words: 'front|rassemblement_national', unlessNear: 'facture achats devis commande' },
  { words: 'opinion~s|conviction~s|idees_politique~s political_view~s|opinion~s|belief~s politically_active de_gauche|droite_assume~,e' },
  {
    words:
      'hates|loves|supports|admires_labour|tories|brexit adore|deteste|soutient|admire|hait|fan|hates|loves|supports|likes|admires_@politician brexiteer~s',
  },
  { words: 'complotiste~s antivax antivaxx' },

  {
    words:
      'proche|soutien|soutient|fan|sympathise|ex|anti|pro_PS|LR|RN|FN|LFI|EELV|PCF|NPA|CGT|CFDT|lepen|zemmour|melenchon|macron|trump|brexit',
    unlessNear: 'ecran',
  },
  { words: '@party_voter~s|supporter~s|activist~s|fan|fanatic', unlessNear: '@thing' },
  {
    words:
      'parti_socialiste|communiste|republicain|pirate|animaliste communist|labour|conservative|republican|democratic|green|reform_party',
    unlessAfter: 'dress dresses bag~s balloon~s favours',
    unlessNear: 'facture devis commande~,s order~s,ed invoice~s',
  },
  { words: 'est|tres|plutot|homme|femme|militant_de_gauche|droite' },
  { words: 'gilet~s_jaune~s zadiste~s blacks_blocs antifa~s ultra_droite|gauche', unlessNear: 'epi securite stock taille commande' },

  { words: '@role_republicains|insoumis|insoumise|ecologistes|patriotes|souverainistes', unlessNear: 'facture~s commande~s devis' },
  {
    words: `sinn_fein fianna_fail fine_gael_supporter|voter|member|activist|man|woman|family|councillor dup|snp|sdlp|ukip|bnp|edl_supporter|voter|member|activist|man|woman
      hard_tory|tories|brexiteer|republican|loyalist|unionist diehard|staunch|lifelong|rabid|committed|proud|true|blue_tory|tories|labour|conservative|socialist|republican|unionist|loyalist|brexiteer|lefty|leftie|remainer`,
    unlessNear: '@trade @thing cost~s estimate office invoice~s order~s',
  },
  {
    words: `@role_solidaires secretary|chair|treasurer|organiser_@union|unite|nipsa
      colle|collait|affiches|tracts|tracte|meeting|campagne_RN|FN|LFI|PS|LR|EELV|PCF|NPA|UDI|lfi reform|tory|plaid_candidate labour|tory|conservative|republican|plaid|reform_councillor|canvasser canvasses|canvassed|canvassing|campaigns|leaflets_@party colisti~er,ere,ers liste_ecologiste|socialiste|communiste`,
    unlessNear: 'facture~s commande~s devis impression imprime~,r invoice~s order~s credit student~s rugby',
  },
  {
    words:
      'diacre~s est|is|was|church_deacon sacristain~,e catechiste~s catechism catechisme enfant_choeur sa|leur|his|her|their_paroisse|parish|congregation',
    needs: 'personOrStart',
    unlessNear: 'preche precher @trade',
  },
]

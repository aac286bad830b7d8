/** Insults and judgements: words that the person should never have to read about themselves (CNIL, free-text fields). */
import type { Rule } from './pattern.ts'

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
  {
    words: 'menteu~r,rs,se,ses mytho~s mythomane~s hypocrite~s faux_cul~,s manipulat~eur,rice liar~s',
    negatable: true,
    unlessNear: 'film~s titre~s roman~s dvd',
  },
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
  { words: 'old|ugly_hag|bag|cow|fart|bat|git|goat', unlessAfter: 'shed barn farm' },
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
    unlessNear: `cirque spectacle costume deguisement anniversaire birthday party parties circus ${judged}`,
    unlessBefore: matters,
  },
  { words: 'greedy|miserable|stupid|filthy|nasty_bastard|pig|cow|man|woman|git' },

  // What is bad as a pig or dumb as a broom is so of somebody.
  {
    words: `bete|con|conne|moche|laid|laide|bouche|bouchee|sale_comme_pied|pieds|pou|poux|balai|manche|bourrique|cochon|ane|emeri|peigne|cul
      thick|daft|dumb|dense_as_brush|plank|planks|mince|post|brick`,
    negatable: true,
  },
  {
    words: `trou~s_cul tete~s_noeud|cul|gland cul|culs_terreux client~s|gros|grosse|sale|espece|vrai|quel|ce_fdp fdp_bloquer|rappeler|blacklister
      grognasse~s greluche~s radasse~s poufiasse~s garce~s pignouf~s gogol~,e,s bouseu~x,se raclure~s sous|sombre_merde~s decerebre~,e,s,es neuneu~s`,
    negatable: true,
  },
  {
    words:
      'vrai|vraie|quel|quelle|sale|gros|espece|pauvre|sacre|sacree|vieille_parasite|parasites|cloporte|vermine|vautour|vautours|rapace|rapaces|fumier|crapule|ganache|goujat|cloche|cruche|gourde|dinde|bourrique|harpie|vipere|teigne bon~ne_rien',
    unlessNear: '@thing onde~s radio signal culture~s plante~s compost tas tonne~s',
    negatable: true,
  },
  {
    words: `gobshite~s eejit~s tosspot~s arsewipe~s dipshit~s shitbag~s dirtbag~s sleazebag~s nitwit~s knobhead~s knob|shit|dick_head slag~s slut~s whore~s chav~s pikey~s gowl
      tight|ham_fisted bone|fat|pig_headed|head timewaster~s time_waster~s`,
    negatable: true,
    unlessNear: '@thing steel furnace cement',
  },
  {
    words:
      'daft|right|proper|complete|absolute|total|utter|miserable|mean|stupid|stingy|grumpy_git|prat|plonker|twit|eejit|pillock|muppet|numpty|sod|bugger|wally absolute|complete|total|utter_fool|clown|knob she|he_complete|total|absolute_nightmare',
    negatable: true,
    unlessNear: '@thing repo repository branch migration install installation project release',
  },
  {
    words: `pauvre|grosse_tache silly|old|daft_fool|codger|biddy|crone|coot pov|pauv|povre_type|fille|mec|gars|con|conne|cloche|tache|naze rien|vide_crane|ciboulot|citron|cerveau|caboche
      dopey|daft|silly|dozy|thick|gormless|snotty|stupid_cow|bint|bat|mare|moo|bugger|bitch|sod goujat~s malotru~,s mufle~s rustre~s butor~s bridezilla~s
      vile|horrible|evil|odious_woman|man|person|bloke|lady nasty_piece_work`,
    negatable: true,
    unlessNear: '@thing',
  },
]

/** Word classes that the lists share (`@name`), all folded. */
import type { Classes } from './pattern.ts'

export const classes: Classes = {
  person: `il elle lui ils elles eux monsieur madame mademoiselle mme mlle mr m client~,e,s,es prospect~,e homme~s femme~s mari epou~x,se fils fille~s
    mere pere frere soeur famille couple conjoint~,e compagn~on,e patron~,ne gerant~,e assistant~,e associe~,e collegue~s secretaire interlocut~eur,rice
    type mec gars nana dame personne~s gamin~,e enfant~s parent~s voisin~,e son sa ses
    he she him his her hers they their mrs ms husband wife son daughter mother father brother sister man woman guy lady boy girl customer~s
    child pupil student tenant landlord guest passenger member volunteer player employee lad bloke mum mom dad
    eleve etudiant~,e locataire proprietaire patiente assure~,e salarie~,e adherent~,e benevole maman papa
    caller boss manager kid~s family people person est etait is was are were`,
  spouse: 'conjoint~,e mari femme epou~x,se compagn~on,e husband wife partner',
  /** Without the English `son`, which is a French `his`. */
  kin: 'mari femme epou~x,se mere pere fils fille frere soeur enfant conjoint~,e parents famille husband wife mother father daughter brother sister child parents',
  civility: 'm mr mme mlle monsieur madame mademoiselle mrs ms miss dr maitre me docteur',
  people: `africain~,e,s,es maghrebin~,e,s,es algerien~,ne,s,nes marocain~,e,s,es tunisien~,ne,s,nes tur~c,que,cs,ques senegalais~,e malien~,ne congolais~,e
    camerounais~,e ivoirien~,ne nigerian~,e nigerien~,ne libanais~,e syrien~,ne iranien~,ne irakien~,ne afghan~,e pakistanais~,e indien~,ne,s chinois~,e
    asiatique~s arabe~s kabyle~s berbere~s antillais~,e guadeloupeen~,ne martiniquais~,e reunionnais~,e comorien~,ne malgache~s roumain~,e,s polonais~,e
    portugais~,e russe~s ukrainien~,ne espagnol~,e italien~,ne serbe albanais~,e armenien~,ne vietnamien~,ne cambodgien~,ne israelien~,ne
    tchetchene~s kosovar~,e,s bosniaque~s georgien~,ne erythreen~,ne ethiopien~,ne soudanais~,e somalien~,ne kurde~s mauritanien~,ne guineen~,ne togolais~,e
    beninois~,e gabonais~,e yemenite~s jordanien~,ne tamoul~,e philippin~,e bresilien~,ne colombien~,ne peruvien~,ne venezuelien~,ne dominicain~,e cubain~,e moldave~s ouzbek~s
    tchadien~,ne burkinabe~s palestinien~,ne egyptien~,ne haitien~,ne bulgare~s etrangere~s etranger~,s slave juive
    african algerian moroccan tunisian turkish senegalese nigerian lebanese syrian iranian iraqi afghan pakistani indian chinese asian arab arabic
    caribbean jamaican romanian polish portuguese russian ukrainian spanish italian serbian albanian armenian vietnamese israeli palestinian egyptian
    bangladeshi somali ethiopian ghanaian kenyan mexican hispanic latino eastern foreign`,
  party: `SNP DUP UUP SDLP PS LR RN FN LFI EELV PCF NPA UDI UMP RPR LREM FI ps lfi parti front_national melenchon macron pen zemmour reconquete lepen droite gauche
    renaissance labour labor tory tories conservative~s democrat~,s republican~s ukip lib green~s trump brexit socialist~,e,s communist~,e,s ecolo~s vert~s`,
  politician: `zemmour macron melenchon lepen bardella sarkozy retailleau attal glucksmann trump biden poutine putin erdogan netanyahu orban farage
    corbyn starmer bolsonaro`,
  union:
    'CGT CFDT CFTC CGC CFE UNSA FSU FNSEA GMB RMT TSSA FBU UCU CWU NASUWT USDAW SIPTU ASLEF unison siptu usdaw aslef syndicat syndicale syndical union',
  role: `delegue~,e,s,es representant~,e elu~,e,s,es adherent~,e adhere militant~,e,s membre encarte~,e syndique~,e,s,es sympathisant~,e candidat~,e carte
    cotise permanent~,e secretaire tresori~er,ere milite vote votait votent elue rep representative member supporter activist`,
  thing: `serveur~s machine~s logiciel~s site~s page~s packaging produit~s emballage~s vis roue~s voiture~s vehicule~s moteur~s pompe~s ligne~s imprimante~s
    ordinateur~s pc disque~s arbre~s plante~s bois porte~s fenetre~s mur~s toit facade papier carton machine~s server~s product~s design logo website
    ecran~s clavier~s souris tablette~s batterie~s wifi reseau~x routeur~s switch~s scanner~s chaudiere~s climatisation clim frigo~s keyboard~s
    appli~s app apps interface~s network~s router~s battery batteries laptop~s engine~s pump panel~s glass line~s printer~s computer~s disk~s software tool~s price~s market~s screen~s package~s part~s`,
  trade: `revendeu~r,rs,se fournisseu~r,rs catalogue~s gamme~s stock~s distributeu~r,rs fabricant~s grossiste~s boutique~s rayon~s cabinet~s logiciel~s association~s
    fondation~s ong institut~s mutuelle~s assurance~s prevoyance garantie~s formation~s conference~s salon~s avocat~s notaire~s editeu~r,rs
    supplier~s catalog~,ue reseller~s manufacturer~s wholesaler~s shop charity charities foundation research insurance insurer training seminar
    software vendor retailer~s pharmacie~s pharmacy pharmacies depistage~s screening residents donor~s ngo lawyer~s solicitor~s webinar~s clinic clinique veterinaire`,
  illness: 'dos coeur arthrose migraine~s lombalgie~s sciatique anxiete angoisse~s insomnie~s trouble~s douleur~s vertige~s acouphene~s',
  malady: `cancer~s leucemie tumeur diabete diabetique~s parkinson alzheimer sclerose epilepsie epileptique depression depressi~f,ve autiste~s autisme trisomique~s
    schizophrene~s bipolaire mucoviscidose lupus crohn asthmatique asthme handicape~,e,s,ee,es malade~s hospitalise~,e,s,ee leukaemia leukemia diabetes diabetic
    dementia autism autistic depressed disabled epilepsy hospitalised hospitalized`,
  organ: `coeur~s genou~x hanche~s dos yeux oeil cataracte vesicule thyroide prostate uterus ovaire~s sein~s rein~s foie epaule~s poignet~s cheville~s
    cervicales lombaires pelvis bassin menisque~s tendon~s colon estomac poumon~s appendicite amygdale~s vertebre~s main~s pied~s nez machoire vessie intestin~s cerveau hernie
    knee~s hip~s heart shoulder~s back gallbladder appendix spine liver kidney~s lung~s ankle wrist eye~s bowel achilles ligament~s`,
  drug: `lithium valium xanax prozac lexomil ritaline ritalin morphine methadone subutex insuline insulin cortisone antidepresseu~r,rs anxiolytique~s
    antidepressant~s antipsychotic~s neuroleptique~s opiates`,
  medicine: `levothyrox seroplex sertraline fluoxetine citalopram escitalopram paroxetine venlafaxine tramadol codeine fentanyl metformin~e methotrexate~,e depakine
    keppra tegretol risperdal abilify zyprexa seresta temesta imovane ozempic warfarin betabloquant~s immunosuppresseu~r,rs corticoide~s steroids
    anticoagulant~s`,
  animal: `chien~s,ne,nes chiot~s chat~s chatte~s chaton~s cheval chevaux jument~s poney~s poulain~s vache~s veau~x brebis mouton~s chevre~s cochon~s lapin~s
    dog~s puppy puppies cat~s kitten~s horse~s mare~s foal~s pony ponies cow~s sheep lamb~s rabbit~s`,
  country: `senegal mali maroc algerie tunisie congo cameroun ivoire nigeria guinee togo benin turquie roumanie bulgarie syrie irak iran afghanistan pakistan inde
    chine vietnam haiti comores antilles guadeloupe martinique madagascar kosovo albanie moldavie maghreb afrique`,
  doctor: `psychiatr~e,es,ist,ists psychologue~s psychologist cardiologue cardiologist oncologue oncologist addictologue neurologue neurologist gynecologue
    gynaecologist rhumatologue dermatologue therapist shrink`,
  insultNoun:
    'con conne cons porc porcs vache vaches radin radine mytho merde merdes degueulasse peau salope connard connasse truie cochon bouffon nul nulle',
  unkind: `sourd~,e,s,es moche~s gros~,se,ses con~,ne bete~s lent~,e aigri~,e senile gateux gateuse laid~,e vieux vieille sale~s feneant~,e
    faineant~,e lazy ugly stupid fat old rude slow deaf dumb`,
}

/** Words that may stand inside a phrase without changing it. */
export const fillers = `sur tres trop vraiment bien si un une le la les l de du des d au aux a en et ou dans par plutot assez toujours completement totalement
  tout toute encore plus fort forte bonne the of an to in with and very so really quite pretty totally completely always my as for fois bien petit petite
  ce cet cette on quelque pas not aussi pour mon ma leur leurs sa son ses his her their my est is was encore deja also already just only`

/** Right before an insult (articles and adverbs may stand between), these turn it into a remark that nobody need be ashamed of. */
export const negations = 'pas not jamais never ni nor aucun aucune sans without isn wasn nullement'
export const negationFillers = 'tres trop vraiment si du tout un une a an the so very really that especially particulierement plus plutot'

/** Illnesses, treatments and injuries by name (GDPR art. 4(15), 9). */
import type { Rule } from './pattern.ts'

export const illness: readonly Rule[] = [
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
    words: 'suicid~e,aire,al',
    unlessBefore: 'commercial career political financial',
    unlessAfter: 'commercia~l,ale professionnel politique financi~er,ere economique squad',
    unlessNear: '@trade',
  },
  {
    words: 'crise~s_angoisse|panique|nerf|nerfs panic_attack~s anxiety_disorder seizure~s tentative_suicide idees_noires',
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
  {
    words: 'remission recidive_cancer biopsie mammographie radiotherapie',
    unlessNear: '@trade boite entreprise societe marche company business',
  },
  {
    words: 'oncolog~ie,y',
    unlessNear:
      '@trade laboratoire~s labo~s laboratory lab congres congress clinical head director procurement achats chef clinique~s stand nurse~s infirmi~er,ers,ere,eres service~s unit ward department lits works travaille',
  },
  {
    words:
      'malaise_cardiaque|vagal AIT thrombose anevrisme embolie hepatite~s tuberculose lupus crohn hemophil~e,ie mucoviscidose mucovicidose mucoviscidoze cirrhose ulcere~s',
    unlessNear: '@trade',
  },
  {
    words: `emphysem~a,e bronchit~e,es,is pneumonia pneumonie~s pleuresie pneumothorax arythmie arrhythmia tachycardie tachycardia hypertension hypertendu~,e,s
      urticaire tinnitus acouphene~s cataract cataracte~s glaucoma sciati~que,ca scoliose scoliosis narcoleps~ie,y narcolepti~que,c encephalit~e,is myocardite endocardite
      septicaemia gangrene hypothyroid~ie,ism hyperthyroid~ie,ism vitiligo alopeci~e,a sarcoidos~e,is fibrome~s fibroid~s myelom~e,a carcinom~e,a glioblastom~e,a
      melanoma scarlatine rougeole oreillons coqueluche rubeole measles mumps herpes syphilis chlamydia gonorrhoea trichomonas papillomavirus tritherapie
      dysphasi~e,que,c dyspraxi~e,que,c dyscalculi~e,que,c agoraphobi~e,a,c claustrophob~e,ie,ia insomniaque~s insomniac~s emphysemateux endometriosis endometriose
      mastectom~ie,y hysterectom~ie,y vasectom~ie,y colostom~ie,y tracheotom~ie,y coloscop~ie,ies appendicit~e,is diverticulit~e,is pancreatit~e,is pericardit~e,is`,
    unlessNear: '@trade vaccin~s,ation vaccine~s',
  },
  {
    words: `triple|double|quadruple_pontage heart|triple|quadruple|gastric_bypass attaque_cerebrale|cardiaque mini_stroke eating_disorder~s fertility_treatment hip|knee|eye|heart_op psychos~is,e,es psychoti~c,que polyhandicap~e,ee,es epidural peridurale commotion_cerebrale traumatisme_cranien concuss~ed,ion whiplash
      off|has|had|got_shingles slipped_disc|disk stutters stuttered beguaie begue~s self_harm|harms|harming|harmed scarifie|scarifications
      perdu_la_vue lost|losing|loses_his|her|their_sight|eyesight|hearing porte_minerve|attelle|corset perdu_ouie|audition`,
    unlessAfter: 'of',
    unlessNear: '@trade roof roofing tile~s cladding',
  },
  {
    words:
      'broke|broken|fractured|dislocated|shattered_pelvis|collarbone|ribs|rib|elbow|jaw|neck|shoulder|femur|tibia|spine|skull accro~s|addict|dependant|dependante_crack|coke|cocaine|heroine|heroin|weed|cannabis|meth|jeu|jeux|opiaces|painkillers on_heroin|meth|cocaine menopaus~al,ee post_op',
    unlessNear: '@thing @trade video',
  },
]

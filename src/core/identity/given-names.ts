/**
 * Given names that are seldom anything else, folded: the commonest of France of the last eighty years (INSEE, fichier des prénoms), and of the English
 * language. Left out are names that are everyday words (`Pierre`, `Rose`, `Claire`, `Will`, `Mark`), months, towns and firms.
 */
export const givenNames: ReadonlySet<string> = new Set(
  `aaron abdel adele adeline adrien agathe agnes ahmed aicha alain alan albert alex alexandra alexandre alexis alice aline alison amandine amanda amelie amina amy
  anais andre andrea andrew andrzej anita anna annabelle anne annick annie anthony antoine antoinette antonio ariane armand arnaud arthur astrid audrey aurelie
  aurelien axel barbara bastien beatrice benedicte benjamin benoit bernadette bernard bertrand bob brian brigitte bruno camille carine carla carlos carole caroline
  catherine cecile cedric celine chantal charlene charles charlotte chloe chris christelle christian christiane christine christophe christopher clara claude claudette
  claudine colette corentin corinne craig cyril damien daniel daniele danielle danny david deborah delphine denis denise diane didier diego dimitri dominique donald
  dorothee edouard edward elena eliane elisabeth elise elodie eloise emilie emily emma emmanuel emmanuelle enzo eric erika ernest estelle esther ethan etienne
  eugenie eva evelyne fabien fabienne fabrice fanny farid fatima fatou fernand fernando florence florent florian francine francis franck francois francoise
  frederic frederique gabriel gabrielle gael gaelle gaetan gary genevieve geoffrey george georges georgette gerald gerard germaine ghislaine gilbert gilles
  ginette giulia gregory guillaume gustave guy gwenaelle hassan heather helen helene henri henriette herve hugo hugues ibrahim ines ingrid irene isabelle ivan
  jacqueline jacques james jamila jane janine jason jean jeanne jeannine jennifer jeremy jerome jessica jessie jim joan joanna joao joel joelle joe johanna johannes
  john johnny jonathan jordan jorge jose joseph josephine josette joshua josiane juan judith jules julia julie julien juliette justine karen karim karine
  katherine kathleen kevin khadija lara laetitia lambert laura laure laurence laurent laurie lea leila leo leon leonie leslie lilian liliane lionel lisa louis
  louise luc lucas lucie lucien lucienne lucy ludivine ludovic luis lydia lydie madeleine maeva magali malik manon manuel marc marcel marcelle margaret margaux margot
  maria marianne marie marielle marina marine marion marius marlene martha martin martine marwa mary maryse mathieu mathilde mathis matteo matthew matthias
  matthieu maurice maxence maxime melanie melissa mercedes michael michel michele micheline michelle miguel mike mohamed mohammed monique morgane mouloud muriel
  mustapha myriam nabil nadege nadia nadine nancy natacha natalia nathalie nathan neil nicolas nicole nina noah noel noemie nora norbert nuno oceane odette odile
  olga oliver olivia olivier omar oscar pablo pamela pascal pascale patricia patrick paul paula paule paulette pauline pedro peter philip philippe pierrette
  quentin rachel rachid ralph raoul raphael raymond raymonde rebecca regine regis remi remy renaud rene renee richard robert roberto robin rodolphe rodrigue roger roland
  romain romane romeo ronald rosalie rosemary ruth ryan sabine sabrina said salma sam samantha samia samir samuel sandra sandrine sara sarah sebastien serge
  severine sharon simon simone sofia solange solene sonia sophie stefan stephane stephanie stephen steve steven susan suzanne sylvain sylvestre sylvette sylviane
  sylvie tanguy tatiana thea theo theodore theophile therese thibault thibaut thierry thomas timothee timothy tiphaine tom tony tristan ursula valentin valentine
  valerie vanessa veronique vincent virginie vivien viviane walter warren wendy wilfried william xavier yacine yann yannick yasmine yohan yolande youssef
  yves yvette yvonne zoe zohra`
    .trim()
    .split(/\s+/),
)

/** Whether a text may name somebody else, or speaks of them by their relation to the person. Held back too often rather than given away: somebody reads it. */
import { givenNames } from '../identity/given-names.ts'

export type Names = {
  isOwnName(name: string): boolean
  mayName(text: string): boolean
}

const word = String.raw`\p{Lu}[\p{L}'’-]{1,40}`
const anyWord = String.raw`\p{L}[\p{L}'’-]{1,40}`
const gap = String.raw`[ \t\u00A0\u202F]{1,3}`
const looseGap = String.raw`[ .\t\u00A0\u202F]{0,3}`
/** `de Villepin`, `De la Tour`, `d'Ornano` */
const particle = String.raw`(?:(?:de|du|des|la|le|von|van|der|den|el|al|ben|di|da|dos)[ \u00A0]|[dl]['’])`
const edge = String.raw`(?<![\p{L}\p{N}])`
/** In any case; short ones that are other words too (`m`, `me`, `pr`) count in their own spelling, before a capital. */
const titles = String.raw`monsieur|madame|mademoiselle|mesdames|messieurs|mme|mmes|mlle|melle|mr|mrs|miss|mister|dr|docteur|professeur|ma[iî]tre|herr|frau|se[nñ]ora?|signora?|mgr`
const shortTitles = String.raw`M\.?|MM\.?|Me|Pr\.?|Ms\.?|Mx\.?|Prof\.?`
const titled = new RegExp(String.raw`${edge}(?:${titles})(?![\p{L}\p{N}])${looseGap}${particle}{0,3}(${anyWord})`, 'giu')
const shortlyTitled = new RegExp(String.raw`${edge}(?:${shortTitles})(?![\p{L}\p{N}])${looseGap}${particle}{0,3}(${word})`, 'gu')
/** `m. roux`; after a number it measures. */
const lowerTitled = new RegExp(String.raw`(?<![\p{L}\p{N}]|\d[ \u00A0])m\.[ \u00A0]?(\p{Ll}[\p{L}'’-]{2,40})`, 'gu')
const honorific = new RegExp(String.raw`^(?:${titles}|${shortTitles})$`, 'iu')
const pair = new RegExp(String.raw`${edge}(${word})${gap}(?=(${word}))`, 'gu')
/** \`J. Roux\`, \`Roux J.\` */
const initialled = new RegExp(String.raw`${edge}(?:\p{Lu}\.[ \u00A0]?){1,3}(${word})`, 'gu')
const trailing = new RegExp(String.raw`${edge}(${word})${gap}\p{Lu}\.(?!\p{L})`, 'gu')
/** A single name where one is likely: after these words. */
const led = new RegExp(
  String.raw`${edge}(?:avec|chez|par|pour|rappeler|appeler|voir|demander|contacter|joindre|pr[ée]venir|rencontrer|rencontr[ée]e?s?|vue?s?|rdv|rendez-vous|selon|d['’]apr[èe]s|de la part de|cc|copie|with|by|for|call|ask|tell|see|saw|met|contact|via|said)${gap}(?:[àa]${gap})?(?=(${word}))`,
  'giu',
)
const each = new RegExp(String.raw`${edge}(${anyWord})(?:${gap}(?=(${anyWord})))?`, 'gu')
const kin = String.raw`maris?|femme|épou(?:x|ses?)|conjointe?s?|compagnes?|compagnons?|fils|filles?|enfants?|fr[èe]res?|s(?:œ|oe)urs?|m[èe]res?|p[èe]res?|parents|mamie|papi|maman|papa|neveux?|ni[èe]ces?|cousine?s?|oncles?|tantes?|gendres?|bru|belles?[ -](?:m[èe]res?|s(?:œ|oe)urs?|filles?|famille)|beaux?[ -](?:p[èe]res?|fr[èe]res?|fils|parents)|grands?[ -]?(?:m[èe]res?|p[èe]res?|parents)|petite?s?[ -](?:fils|filles?|amie?|copain|copine)|husband|wife|spouse|sons?|daughters?|child|children|kids?|brothers?|sisters?|mother|father|mum|mom|dad|nephew|niece|uncle|aunt|boyfriend|girlfriend|fianc[ée]e?|(?:mother|father|brother|sister|son|daughter)-in-law`
const staff = String.raw`parent|partner|assistante?|secr[ée]taire|patronne?|chef|coll[èe]gues?|associ[ée]e?s?|avocate?|m[ée]decin|voisine?s?|amie?s?|assistant|secretary|boss|manager|colleagues?|lawyer|doctor|neighbou?rs?|friends?`
const whose = String.raw`son|sa|ses|leurs?|mon|ma|mes|ton|ta|tes|notre|nos|votre|vos|his|her|their|my|our|your`
const article = String.raw`le|la|les|un|une|du|au|aux|des|the|an?|cette?|ce|ex`
/** With whose they are; kin also behind an article. `nom d'épouse` is a name of the person's own. */
const relation = new RegExp(
  String.raw`${edge}(?:(?:${whose})${gap}(?:ex[ -]?)?(?:${kin}|${staff})|(?:(?:${article})${gap}|ex-|(?<!nom[ \u00A0])[ld]['’])(?:ex[ -]?)?(?:${kin})|mari|husband|wife|belle-m[èe]re|beau-p[èe]re)(?![\p{L}\p{N}])`,
  'iu',
)
/** Folded words that stand behind a title or at the head of a line without being a name. */
const everyday: ReadonlySet<string> = new Set(
  `a ai ait as au aucun aussi autre aux avait avant avec avez avoir bien bonjour ca car ce ceci cela cet cette ci comme dans de deja demain demande demandait depuis des deux devait
    devra dit dite doit donc du elle en encore est et etait ete etes etre eu fait faut hier ici il ils j je la le les leur lors lui m mais me merci mon ne ni non nous on ont ou oui
    par parce pas passe passera pense peut plus pour pourra prefere prend puis quand que qui quoi rappel rappelle rappellera rappeler remercie sa sans se sera ses si soit son sont
    souhaite souhaitait sous sur te toujours tous tout toute tres trop tu un une va vas vers veut veux vient viendra voir voudrait vous voulait y appelle appelait attend accepte
    arrive confirme convient dispose habite possede recoit refuse regle repond signe travaille utilise valide
    about after again agreed all also am an and any are asked at be been before but by call called calls can come could did do does for from got had has have he her here him his
    how if in into is it its just let like may might more my needs never no not now of off on one only or our out over said says she should so some than that the their them then
    there they this to today tomorrow too up us very wanted wants was we were what when where which who will with would yes yesterday you your
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche january february march april
    june july august september october november december monday tuesday wednesday thursday friday saturday sunday
    monsieur madame mademoiselle mesdames messieurs mme mlle mr mrs client cliente directeur directrice president gerant gerante responsable`
    .trim()
    .split(/\s+/),
)

export function compileNames(names: readonly { readonly given: string; readonly family: string }[]): Names {
  const given = new Set(names.flatMap((name) => wordsOf(name.given)))
  const family = new Set(names.flatMap((name) => wordsOf(name.family)))
  const isOwnName = (name: string): boolean => given.has(fold(name)) || family.has(fold(name))
  const another = (name: string): boolean => !isOwnName(name) && !everyday.has(fold(name))
  const some = (text: string, pattern: RegExp, isOther: (name: string, next: string) => boolean): boolean => {
    for (const [, name = '', next = ''] of text.matchAll(pattern)) if (isOther(name, next)) return true
    return false
  }
  return {
    isOwnName,
    mayName(written) {
      const text = written.normalize('NFC')
      return (
        relation.test(text) ||
        some(text, titled, another) ||
        some(text, shortlyTitled, another) ||
        some(text, lowerTitled, another) ||
        some(text, initialled, another) ||
        some(text, trailing, another) ||
        some(text, led, (name) => /^\p{Lu}/u.test(name) && another(name)) ||
        // "Bonjour Ada" is the person; "Ada Dupont" and "Jean Roux" may be somebody else.
        some(text, pair, (first, second) => isPair(first, second)) ||
        some(text, each, (name, next) => isGivenName(name, next))
      )
    },
  }
  function isPair(first: string, second: string): boolean {
    if (honorific.test(first) || (isOwnName(first) && isOwnName(second))) return false
    return !(given.has(fold(second)) && isAddressing(fold(first)))
  }
  /** `Paul valide`, `Jean-Paul valide`; `rdv paul martin` by the word behind it. */
  function isGivenName(name: string, next: string): boolean {
    if (!givenNames.has(fold(name).split('-')[0] ?? '') || isOwnName(name)) return false
    return /^\p{Lu}/u.test(name) || (next.length > 2 && !everyday.has(fold(next)))
  }
}

/** `Bonjour Ada`, `Relancer Ada`; `Dupont Ada` is somebody. */
function isAddressing(first: string): boolean {
  return (
    everyday.has(first) ||
    (/^(?:bonsoir|cher|chere|hello|hi|hey|dear|salut|merci|thanks|[a-z]+(?:er|ir|re|ez))$/.test(first) && !givenNames.has(first))
  )
}

function wordsOf(name: string): readonly string[] {
  return [name, ...name.split(/[\s\u00A0-]+/)].map(fold).filter((one) => one !== '')
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/['’]s$/u, '')
    .toLowerCase()
}

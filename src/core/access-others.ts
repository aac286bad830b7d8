/**
 * What of others stands in a person's data (GDPR art. 15(4)). Addresses and numbers of others are certain, and taken out of free text; names are not, so that
 * a text which may name somebody is marked, for a person to look at.
 */
import { normaliseEmail } from './identity-email.ts'
import { normalisePhone } from './identity-phone.ts'

/** The person, in clear. Addresses in identity form, phones in E.164, names as their records spell them. */
export type Own = {
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  readonly names: readonly { readonly given: string; readonly family: string }[]
  /** Where a national number is dialled. */
  readonly homeCountry: string
}

export interface Others {
  /** The text without addresses and numbers of others, each replaced by `mark`, and how many there were. */
  strike(text: string, mark: string): { readonly text: string; readonly struck: number }
  /** A list of parties, of which only the person is left as they are. */
  parties(text: string, mark: string): { readonly text: string; readonly struck: number }
  /** Whether it is an address or a number of the person, and nothing besides. */
  isOwn(text: string): boolean
  /** Whether it may name somebody else, or speaks of somebody by their relation to the person. */
  mayName(text: string): boolean
}

const address = /[\p{L}\p{N}.!#$%&'*+^_`{}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,252}[\p{L}\p{N}])?/gu
/** Dialled as such, with + or 0: a run of other digits may be the person's order, and stays. */
const number = /(?<![\p{L}\p{N}])(?:\+|\(?0)\d?(?:[\s.\-/()\u00A0\u202F]{0,2}\d){6,17}(?![\p{L}\p{N}])/gu
const word = String.raw`\p{Lu}[\p{L}'’-]{1,40}`
const gap = String.raw`[ \t\u00A0]{1,3}`
const edge = String.raw`(?<![\p{L}\p{N}])`
const honorifics = String.raw`(?:M\.|Mr\.?|Mrs\.?|Ms\.?|Mme|Mlle|Monsieur|Madame|Mademoiselle|Dr\.?|Docteur|Maître|Me|Herr|Frau)`
const titled = new RegExp(`${edge}${honorifics}${gap}(${word})`, 'gu')
const pair = new RegExp(`${edge}(?!${honorifics}${gap})(${word})${gap}(?=(${word}))`, 'gu')
/** A single name where one is likely: after these words. */
const led = new RegExp(
  `${edge}(?:avec|chez|par|pour|rappeler|appeler|voir|demander|contacter|prévenir|with|by|for|call|ask|tell|see|contact|via)${gap}(?=(${word}))`,
  'giu',
)
const relation =
  /(?<![\p{L}\p{N}])(?:son|sa|ses|leur|mon|ma|mes|his|her|their|my)[ \t\u00A0]{1,3}(?:(?:ex|petite?|beau|belle|grande?)[ \t-])?(?:mari|femme|épou(?:x|se)|conjointe?|compagne|compagnon|fils|fille|enfants?|frère|s(?:œ|oe)ur|mère|père|parents?|assistante?|patronne?|chef|collègues?|avocate?|médecin|husband|wife|spouse|partner|sons?|daughters?|child|children|brother|sister|mother|father|parents|assistant|boss|manager|colleagues?|lawyer|doctor)(?![\p{L}\p{N}])/iu

export function compileOthers({ emails, phones, names, homeCountry }: Own): Others {
  const ownEmails = new Set(emails)
  const ownPhones = new Set(phones)
  const given = new Set(names.flatMap((name) => wordsOf(name.given)))
  const family = new Set(names.flatMap((name) => wordsOf(name.family)))
  const isOwnName = (name: string): boolean => given.has(fold(name)) || family.has(fold(name))
  const isOwnEmail = (text: string): boolean => ownEmails.has(normaliseEmail(text) ?? '')
  const strike = (text: string, mark: string): { text: string; struck: number } => {
    let struck = 0
    const other = (): string => {
      struck++
      return mark
    }
    const without = text
      .replace(address, (found) => (isOwnEmail(found) ? found : other()))
      .replace(number, (found) => {
        const phone = normalisePhone(found, homeCountry)
        return phone === null || ownPhones.has(phone) ? found : other()
      })
    return { text: without, struck }
  }
  return {
    strike,
    parties(text, mark) {
      let struck = 0
      const kept = text.split(/[;,]/).map((part) => {
        const found = part.match(address) ?? []
        const isMine = found.length > 0 ? found.every(isOwnEmail) : isPlainlyOwn(part, isOwnName, ownPhones, homeCountry)
        if (!isMine) struck++
        return isMine ? part.trim() : mark
      })
      return { text: kept.join('; '), struck }
    },
    isOwn: (text) => isOwnEmail(text) || ownPhones.has(normalisePhone(text, homeCountry) ?? ''),
    mayName(text) {
      if (relation.test(text)) return true
      for (const [, name = ''] of text.matchAll(titled)) if (!isOwnName(name)) return true
      for (const [, name = ''] of text.matchAll(led)) if (/^\p{Lu}/u.test(name) && !isOwnName(name)) return true
      // "Bonjour Ada" is the person; "Ada Dupont" and "Jean Roux" may be somebody else.
      for (const [, first = '', second = ''] of text.matchAll(pair))
        if (!(isOwnName(first) && isOwnName(second)) && !(given.has(fold(second)) && !given.has(fold(first)) && !family.has(fold(first))))
          return true
      return false
    },
  }
}

/** A name or a number that is the person's, and nothing besides. */
function isPlainlyOwn(part: string, isOwn: (word: string) => boolean, phones: ReadonlySet<string>, homeCountry: string): boolean {
  const words = part.split(/[\s\u00A0"<>]+/).filter((one) => one !== '')
  return (words.length > 0 && words.every(isOwn)) || phones.has(normalisePhone(part, homeCountry) ?? '')
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

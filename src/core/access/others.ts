/**
 * What of others stands in a person's data (GDPR art. 15(4)). Addresses and numbers of others are certain, and taken out of free text; names are not, so that
 * a text which may name somebody is marked, for a person to look at.
 */
import { compileNames } from './names.ts'
import { regionOf } from '../identity/country.ts'
import { normaliseEmail } from '../identity/email.ts'
import { normalisePhone } from '../identity/phone.ts'

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
const between = String.raw`[\s.\-/()_\u00A0\u202F\u2010-\u2015]{0,2}`
const end = String.raw`(?![\p{L}\p{N}])`
/** Dialled as such, with + or 0: a run of other digits may be the person's order, and stays. */
const dialled = String.raw`(?<![\p{L}\p{N}])(?:\+|\(?0)\d?(?:${between}\d){6,17}${end}`
const number = new RegExp(dialled, 'gu')
/** Two French numbers side by side are two. */
const frenchNumber = new RegExp(String.raw`(?<![\p{L}\p{N}])\(?0\)?[1-9](?:${between}\d\d){4}${end}|${dialled}`, 'gu')
/** After a word for it, without + or 0, too: `tél 6 99 88 77 66`, `mobile 33699887766`. */
const labelled = new RegExp(
  String.raw`(?<=(?<!\p{L})(?:t[ée]l(?:[ée]phone)?|mobile|portable|gsm|whatsapp|phone|cell|ligne)[\s.:=\u00A0\u202F]{1,4})[1-9](?:${between}\d){7,14}${end}`,
  'giu',
)

export function compileOthers({ emails, phones, names, homeCountry }: Own): Others {
  const ownEmails = new Set(emails)
  const ownPhones = new Set(phones)
  const { isOwnName, mayName } = compileNames(names)
  const isOwnEmail = (text: string): boolean => ownEmails.has(normaliseEmail(text) ?? '')
  const dial = (found: string): string | null => normalisePhone(found.replace(/[_\u2010-\u2015]/g, ' '), homeCountry)
  const isOthers = (phones: readonly (string | null)[]): boolean =>
    phones.some((phone) => phone !== null) && !phones.some((phone) => phone !== null && ownPhones.has(phone))
  const strike = (text: string, mark: string): { text: string; struck: number } => {
    let struck = 0
    const other = (): string => {
      struck++
      return mark
    }
    const without = text
      .replace(address, (found) => (isOwnEmail(found) ? found : other()))
      .replace(regionOf(homeCountry) === 'FR' ? frenchNumber : number, (found) => (isOthers([dial(found)]) ? other() : found))
      .replace(labelled, (found) => (isOthers([found, `+${found}`, `0${found}`].map(dial)) ? other() : found))
    return { text: without, struck }
  }
  return {
    strike,
    parties(text, mark) {
      let struck = 0
      const kept = text
        .split(/[;,]/)
        .filter((part) => part.trim() !== '')
        .map((part) => {
          const found = part.match(address) ?? []
          const isMine = found.length > 0 ? found.every(isOwnEmail) : isPlainlyOwn(part, isOwnName, ownPhones, homeCountry)
          if (!isMine) struck++
          return isMine ? part.trim() : mark
        })
      return { text: kept.join('; '), struck }
    },
    isOwn: (text) => isOwnEmail(text) || ownPhones.has(normalisePhone(text, homeCountry) ?? ''),
    mayName,
  }
}

/** A name or a number that is the person's, and nothing besides. */
function isPlainlyOwn(part: string, isOwn: (word: string) => boolean, phones: ReadonlySet<string>, homeCountry: string): boolean {
  const words = part.split(/[\s\u00A0"<>]+/).filter((one) => one !== '')
  return (words.length > 0 && words.every(isOwn)) || phones.has(normalisePhone(part, homeCountry) ?? '')
}

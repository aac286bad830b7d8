/** Telephone numbers from the ranges that regulators set aside for fiction, in the formats people type. */
import type { Country } from './names.ts'
import { type Dice, between, pick } from './random.ts'

type Range = {
  readonly code: string
  readonly trunk: string
  readonly stem: string
  readonly digits: number
  readonly groups: readonly number[]
}

/**
 * France: Arcep numbering plan, numbers for audiovisual works. Germany: Bundesnetzagentur, drama numbers. United Kingdom: Ofcom, numbers for drama.
 * `stem` is the part of the national number that is set aside, `digits` how many follow it.
 */
const FR_MOBILE: Range = { code: '33', trunk: '0', stem: '63998', digits: 4, groups: [1, 2, 2, 2, 2] }
const FR_LANDLINES: readonly Range[] = ['19900', '26191', '35301', '46571', '53649'].map((stem) => ({
  code: '33',
  trunk: '0',
  stem,
  digits: 4,
  groups: [1, 2, 2, 2, 2],
}))
const DE_MOBILE: Range = { code: '49', trunk: '0', stem: '17139200', digits: 2, groups: [3, 7] }
const DE_LANDLINE: Range = { code: '49', trunk: '0', stem: '3023125', digits: 3, groups: [2, 8] }
const GB_MOBILE: Range = { code: '44', trunk: '0', stem: '7700900', digits: 3, groups: [4, 6] }
const GB_LANDLINE: Range = { code: '44', trunk: '0', stem: '2079460', digits: 3, groups: [2, 4, 4] }

/** Where the person lives, and whether the address says so: without a country a number is only understood in its international form. */
export type Home = { readonly country: Country; readonly told: boolean }

/**
 * Checkers of numbers (libphonenumber) know no mobile range for fiction but the German one: everybody else has a landline in the
 * mobile field, as many do in life.
 */
export function mobileOf(dice: Dice, home: Home): string {
  return home.country === 'DE' ? numberIn(dice, DE_MOBILE, home) : landlineOf(dice, home)
}

export function landlineOf(dice: Dice, home: Home): string {
  const { country } = home
  return numberIn(dice, country === 'DE' ? DE_LANDLINE : country === 'GB' ? GB_LANDLINE : pick(dice, FR_LANDLINES), home)
}

/** A mobile number for films, which nobody answers and checkers refuse. */
export function filmMobileOf(dice: Dice, home: Home): string {
  return numberIn(dice, home.country === 'GB' ? GB_MOBILE : FR_MOBILE, home)
}

/** The national number without trunk prefix, and the country code, of a messy number: for those who check the ranges. */
export function fictionStems(): readonly { readonly code: string; readonly stem: string; readonly digits: number }[] {
  return [FR_MOBILE, ...FR_LANDLINES, DE_MOBILE, DE_LANDLINE, GB_MOBILE, GB_LANDLINE].map(({ code, stem, digits }) => ({
    code,
    stem,
    digits,
  }))
}

/** Countries without a range for fiction have people with a foreign number, written in the international form. */
function numberIn(dice: Dice, range: Range, { country, told }: Home): string {
  const tail = String(between(dice, 0, 10 ** range.digits - 1)).padStart(range.digits, '0')
  const national = range.stem + tail
  return written(dice, range, national, told && HOME_OF[range.code] === country)
}

const HOME_OF: Readonly<Record<string, Country>> = { '33': 'FR', '44': 'GB', '49': 'DE' }

function written(dice: Dice, range: Range, national: string, home: boolean): string {
  const spaced = grouped(national, range.groups, ' ')
  const style = home ? between(dice, 0, 9) : between(dice, 5, 9)
  switch (style) {
    case 0:
    case 1:
      return `${range.trunk}${spaced}`
    case 2:
      return `${range.trunk}${national}`
    case 3:
      return `${range.trunk}${grouped(national, range.groups, '.')}`
    case 4:
      return `${range.trunk}${grouped(national, range.groups, '-')}`
    case 5:
      return `+${range.code} (0)${spaced}`
    case 6:
      return `00${range.code} ${spaced}`
    case 7:
      return `+${range.code}${national}`
    case 8:
      // A no-break space, as pasted from a web page.
      return `+${range.code}\u00A0${grouped(national, range.groups, '\u00A0')}`
    default:
      return `+${range.code} ${spaced}`
  }
}

function grouped(national: string, groups: readonly number[], separator: string): string {
  const parts: string[] = []
  let from = 0
  for (const size of groups) {
    parts.push(national.slice(from, from + size))
    from += size
  }
  return parts.join(separator)
}

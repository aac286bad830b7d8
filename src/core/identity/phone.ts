/** Phone numbers in E.164. The French forms, nearly all of what a French CRM holds, are read without a library: 0.1 µs, not 10. */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'
import { regionOf } from './country.ts'
import { readInternational } from './phone-plans.ts'

const maxRaw = 100
const minDigits = 6
/** The French plan (ARCEP): metropolitan ranges by their first three digits after the 0, and overseas ones with their own country code. */
const metropolitan = new Uint8Array(1000)
const overseas: ReadonlyMap<number, number> = new Map([
  [262, 262],
  [263, 262],
  [269, 262],
  [639, 262],
  [692, 262],
  [693, 262],
  [590, 590],
  [690, 590],
  [691, 590],
  [594, 594],
  [694, 594],
  [596, 596],
  [696, 596],
  [697, 596],
])
for (const [from, to] of [
  [100, 199],
  [200, 209],
  [210, 259],
  [270, 299],
  [300, 399],
  [410, 499],
  [500, 589],
  [600, 629],
  [630, 638],
  [640, 689],
  [730, 799],
] as const) {
  metropolitan.fill(1, from, to + 1)
}
const frenchPlan: ReadonlySet<CountryCode> = new Set(['FR', 'RE', 'YT', 'GP', 'MQ', 'GF', 'BL', 'MF'])

/**
 * E.164, or `null` when the text is no valid number. `country` (ISO code or name, French or English) is needed for national
 * forms; the French plan is one, so an overseas number is told by its own prefix whatever French region the address names.
 * Of several numbers in one field the first valid one counts; extensions are dropped.
 */
export function normalisePhone(raw: string, country: string | null): string | null {
  const french = readFrench(raw, country)
  return french === unclear ? readAny(raw, country) : french === none ? null : `+${french}`
}

/** Whether there is such a number, without writing it out: of a record that is judged nobody asks for it. */
export function isPhone(raw: string, country: string | null): boolean {
  const french = readFrench(raw, country)
  return french === unclear ? readAny(raw, country) !== null : french !== none
}

/** In place of the digits of a number. `unclear`: not a plain French form. */
const none = 0
const unclear = -1

/** The digits of the E.164 form as one number. */
function readFrench(raw: string, country: string | null): number {
  let value = 0
  let digits = 0
  let plus = false
  let odd = false
  let before = 0
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i)
    if (c >= 48 && c <= 57) {
      value = value * 10 + c - 48
      if (++digits > 14) return unclear
    } else if (c === 43 && digits === 0 && !plus) plus = true
    else if (!(c === 32 || c === 46 || c === 45 || c === 40 || c === 41 || c === 47 || c === 160 || c === 0x202f)) return unclear
    // What may stand between two numbers, and a (0) that is not the trunk prefix: readAny looks closer.
    if (c === 47 || (isSpace(c) && (isSpace(before) || before === 45))) odd = true
    if (c === 40 && digits > 0 && value !== 33) odd = true
    before = c
  }
  if (digits < minDigits) return none
  const lead = Math.floor(value / 1e9)
  const international = plus ? digits === 11 || digits === 12 : digits === 13 || digits === 14
  if (international ? lead !== 33 && lead !== 330 : plus || digits !== 10 || lead !== 0) return unclear
  if (!international && !isFrenchPlan(country)) return unclear
  const nsn = value % 1e9
  const french = frenchNumber(nsn)
  if (french !== unclear || odd || nsn < 1e8) return french
  if (!international && country !== 'FR' && country !== 'France') return unclear
  return isValid(33, nsn) ? withCode(33, nsn) : none
}

function isSpace(c: number): boolean {
  return c === 32 || c === 160 || c === 0x202f
}

/** Whether a country dials by the French plan, however it is spelled. */
export function isFrenchPlan(country: string | null): boolean {
  if (country === 'FR' || country === 'France') return true
  const region = regionOf(country)
  return region !== null && frenchPlan.has(region)
}

/** `nsn`: the nine digits after 0 or +33. Zeros only is a placeholder, not a number: it would tie strangers together. */
function frenchNumber(nsn: number): number {
  if (nsn % 1e8 === 0) return none
  const prefix = Math.floor(nsn / 1e6)
  if (metropolitan[prefix] === 1) return withCode(33, nsn)
  const code = overseas.get(prefix)
  if (code === undefined) return unclear
  return isValid(code, nsn) ? withCode(code, nsn) : unclear
}

function withCode(code: number, nsn: number): number {
  return code * 1e9 + nsn
}

/** By country code what the library says of the first five digits: every pattern of these plans leaves the last four free. */
const validPrefixes = new Map<number, Map<number, boolean>>()

function isValid(code: number, nsn: number): boolean {
  let prefixes = validPrefixes.get(code)
  if (prefixes === undefined) validPrefixes.set(code, (prefixes = new Map()))
  const prefix = Math.floor(nsn / 1e4)
  const known = prefixes.get(prefix)
  if (known !== undefined) return known
  const valid = parsePhoneNumberFromString(`+${withCode(code, nsn)}`)?.isValid() === true
  prefixes.set(prefix, valid)
  return valid
}

function readAny(raw: string, country: string | null): string | null {
  if (raw.length > maxRaw || isWithoutNumber(raw)) return null
  const international = readInternational(raw)
  if (international !== null) return international
  const text = raw.normalize('NFKC').replace(/\(0\)/g, '')
  const region = regionOf(country)
  for (const run of text.matchAll(/\+?[\d(][\d\s()./\u2010-\u2015-]{4,}\d/g)) {
    for (const candidate of [run[0], ...run[0].split(/\s*\/\s*|\s{2,}|\s-\s/)]) {
      const number = readOne(candidate, region)
      if (number !== null) return number
    }
  }
  return null
}

/** `liste rouge`, `n/a`. Signs beyond ASCII may be digits in another dress. */
function isWithoutNumber(raw: string): boolean {
  let digits = 0
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i)
    if (c > 127 || (c >= 48 && c <= 57 && ++digits === minDigits)) return false
  }
  return true
}

function readOne(candidate: string, region: CountryCode | null): string | null {
  const digits = candidate.replace(/\D+/g, '')
  if (digits.length < minDigits || digits.length > 18) return null
  const international = candidate.trimStart().startsWith('+') || digits.startsWith('00')
  const dialled = international ? `+${digits.replace(/^00/, '')}` : digits
  if (!international && region === null) return null
  if (!international && digits.length === 10 && region !== null && frenchPlan.has(region)) {
    const french = frenchNumber(Number(digits))
    if (digits.startsWith('0') && french !== unclear) return french === none ? null : `+${french}`
  }
  const parsed = parsePhoneNumberFromString(
    dialled,
    international || region === null ? { extract: false } : { defaultCountry: region, extract: false },
  )
  return parsed?.isValid() === true ? parsed.number : null
}

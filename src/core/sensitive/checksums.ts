/** Numbers that prove themselves: each takes digits (and letters) without separators. */

/** NIR, 15 characters: sex, year, month, department (2A and 2B count as 19 and 18), commune, order, key = 97 - n mod 97. */
export function isNir(value: string): boolean {
  const parts = /^([123478])(\d{2})(\d{2})(\d{2}|2[ab])(\d{3})(\d{3})(\d{2})$/i.exec(value)
  if (parts === null) return false
  const body = Number(value.slice(0, 13).replace(/2a/i, '19').replace(/2b/i, '18'))
  return isNirBody(value.slice(0, 13)) && Number(parts[7]) === 97 - (body % 97)
}

/** The first 13 characters: structure only, as they carry no key. */
export function isNirBody(value: string): boolean {
  const parts = /^[123478]\d{2}(\d{2})(\d{2}|2[ab])(\d{3})(\d{3})$/i.exec(value)
  if (parts === null) return false
  const month = Number(parts[1])
  const department = parts[2] ?? ''
  const isMonth = (month >= 1 && month <= 12) || month === 20 || (month >= 30 && month <= 42) || month >= 50
  return (
    isMonth && (/^2[ab]$/i.test(department) || (department !== '00' && department !== '96')) && parts[3] !== '000' && parts[4] !== '000'
  )
}

export function isLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return digits.length > 0 && sum % 10 === 0
}

export function isSiren(digits: string): boolean {
  return /^\d{9}$/.test(digits) && isLuhn(digits)
}

/** La Poste's establishments outgrew Luhn: theirs may instead have a digit sum that is a multiple of five. */
export function isSiret(digits: string): boolean {
  if (!/^\d{14}$/.test(digits)) return false
  if (isLuhn(digits)) return isSiren(digits.slice(0, 9))
  return digits.startsWith('356000000') && [...digits].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
}

/** Prefix and length per brand (ISO/IEC 7812 ranges as the brands publish them). */
const brands: readonly (readonly [RegExp, readonly number[]])[] = [
  // Visa's 13 digits are extinct, and every tenth German mobile number and article number would be one.
  [/^4/, [16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:30[0-5]|36|38|39)/, [14]],
  [/^(?:6011|65|64[4-9])/, [16, 19]],
  [/^(?:352[89]|35[3-8])/, [16]],
  [/^(?:50|5[6-9]|6[0-9])/, [16, 18, 19]],
]

/** A payment card number: known prefix, that brand's length, Luhn. A SIRET is none, although it may look like a Diners card. */
export function isCardNumber(digits: string): boolean {
  if (isSiret(digits) || /^(\d)\1+$/.test(digits)) return false
  return isLuhn(digits) && brands.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length))
}

const ibanLengths: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TN: 24,
  TR: 26,
  UA: 29,
  VG: 24,
  XK: 20,
}

/** Characters of an IBAN of this country, `undefined` when the country has none. */
export function ibanLength(country: string): number | undefined {
  return ibanLengths[country.toUpperCase()]
}

export function isIban(value: string): boolean {
  const upper = value.toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(upper) || ibanLength(upper.slice(0, 2)) !== upper.length) return false
  let rest = 0
  for (const c of upper.slice(4) + upper.slice(0, 4)) {
    const code = c.charCodeAt(0)
    rest = code >= 65 ? (rest * 100 + code - 55) % 97 : (rest * 10 + code - 48) % 97
  }
  return rest === 1
}

/** French bank details: 5 + 5 + 11 + 2; letters of the account count A-I 1-9, J-R 1-9, S-Z 2-9. */
export function isRib(bank: string, branch: string, account: string, key: string): boolean {
  if (!/^\d{5}$/.test(bank) || !/^\d{5}$/.test(branch) || !/^[0-9a-z]{11}$/i.test(account) || !/^\d{2}$/.test(key)) return false
  const digits = account.toUpperCase().replace(/[A-Z]/g, (letter) => {
    const place = letter.charCodeAt(0) - 65
    return String(place < 9 ? place + 1 : place < 18 ? place - 8 : place - 16)
  })
  const sum = 89 * (Number(bank) % 97) + 15 * (Number(branch) % 97) + 3 * (Number(digits) % 97)
  return 97 - (sum % 97) === Number(key)
}

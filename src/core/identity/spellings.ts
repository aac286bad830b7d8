/** The other spellings under which a CRM may hold an identifier, for its search: what it brings up is compared in the one form afterwards. */
import { domainToUnicode } from 'node:url'

/** `email`: identity form. A domain with other letters than ASCII may stand there in either of its two spellings. */
export function emailSpellings(email: string): readonly string[] {
  const at = email.lastIndexOf('@')
  const other = `${email.slice(0, at)}@${domainToUnicode(email.slice(at + 1))}`
  return other === email || other.endsWith('@') ? [email] : [email, other]
}

/** `phone`: E.164. French numbers as people write them, others by their digits: digits and blanks alone. */
export function phoneSpellings(phone: string): readonly string[] {
  const digits = phone.replace(/\D/g, '')
  if (!phone.startsWith('+33')) return [digits]
  const national = `0${digits.slice(2)}`
  const pairs = (text: string): string => text.replace(/(\d\d)(?=\d)/g, '$1 ')
  return [digits, national, pairs(national), `33 ${digits.slice(2, 3)} ${pairs(digits.slice(3))}`]
}

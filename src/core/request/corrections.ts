/** What a person wants corrected (GDPR art. 16): which facts about themselves, and how they are to read. */
import { contactFieldKind } from '../record/contact-field.ts'
import { mailboxReaderOf } from '../policy/audience.ts'
import { normalisePhone } from '../identity/phone.ts'
import type { Policy } from '../policy/schema.ts'

/** Facts about a person. What somebody did, agreed to or owes is no typing mistake, and not corrected so. */
export const correctable = [
  'civility',
  'firstName',
  'lastName',
  'birthDate',
  'company',
  'jobTitle',
  'email',
  'phone',
  'mobilePhone',
  'address',
  'country',
  'language',
] as const
export type Correctable = (typeof correctable)[number]
/** New values by contact field; null empties the field. */
export type Corrections = Readonly<Partial<Record<Correctable, string | null>>>
export type ReadCorrections =
  | { readonly ok: true; readonly value: Corrections }
  | { readonly ok: false; readonly field: string; readonly message: string }

const LONGEST = 500

/** Addresses and numbers in identity form, the rest trimmed. Messages name the field, never the value. */
export function readCorrections(policy: Policy, given: Readonly<Record<string, unknown>>): ReadCorrections {
  const value: Partial<Record<Correctable, string | null>> = {}
  for (const [name, text] of Object.entries(given)) {
    const field = correctable.find((one) => one === name)
    if (field === undefined) return wrong(name, `only these can be corrected: ${correctable.join(', ')}`)
    if (text !== null && typeof text !== 'string') return wrong(field, 'write a text, or null to empty the field')
    const read = text === null ? null : readOne(policy, field, text.trim())
    if (read === undefined) return wrong(field, WANTED[contactFieldKind(field)] ?? `write 1 to ${LONGEST} characters without line breaks`)
    value[field] = read
  }
  return Object.keys(value).length === 0 ? wrong('', 'name at least one field that is to be corrected') : { ok: true, value }
}

const WANTED: Readonly<Record<string, string>> = {
  email: 'write exactly one e-mail address, of one person alone',
  phone: 'write a telephone number with its country code, such as +33…',
  date: 'write a day as YYYY-MM-DD',
}

function readOne(policy: Policy, field: Correctable, text: string): string | undefined {
  if (text === '' || text.length > LONGEST || /\p{Cc}/u.test(text)) return undefined
  switch (contactFieldKind(field)) {
    case 'email': {
      const mailbox = mailboxReaderOf(policy)(text)
      return mailbox === null || mailbox.shared ? undefined : mailbox.email
    }
    case 'phone':
      return normalisePhone(text, policy.organisation.country) ?? undefined
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T12:00:00Z`)) ? text : undefined
    default:
      return text
  }
}

function wrong(field: string, message: string): ReadCorrections {
  return { ok: false, field, message }
}

/** Whether a CRM shows what was asked for, however it writes it. */
export function isSameValue(field: Correctable, held: string | null, wanted: string | null, homeCountry: string): boolean {
  const [a, b] = [held?.trim() || null, wanted?.trim() || null]
  if (a === b) return true
  if (a === null || b === null) return false
  switch (contactFieldKind(field)) {
    case 'email':
      return a.toLowerCase() === b.toLowerCase()
    case 'phone':
      return normalisePhone(a, homeCountry) === normalisePhone(b, homeCountry)
    case 'date':
      return a.slice(0, 10) === b.slice(0, 10)
    default:
      return false
  }
}

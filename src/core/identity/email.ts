/** E-mail addresses in the two forms that are compared: identity (who is it?) and suppression (who must be left alone?). */
import { domainToASCII } from 'node:url'
import type { Membership } from '../text/quick-set.ts'

const maxRaw = 2048
const maxLocal = 64
const maxDomain = 253
const maxLabel = 63

/** Zero-width characters, soft hyphen, joiners, bidi marks and byte order mark: invisible, and pasted in from web pages. */
const invisible = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g
const dotAtom = /^[^\s"(),:;<>@[\\\]\p{Cc}.]+(?:\.[^\s"(),:;<>@[\\\]\p{Cc}.]+)*$/u
const quotedLocal = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])+"$/u
const hostLabel = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/
/** What a raw domain may hold before IDNA: the URL host parser would decode %, and end at / ? # or :. */
const rawDomain = /^[\p{L}\p{M}\p{N}._\u3002\uFF0E\uFF61\u00B7-]+$/u

/**
 * The identity form of an address: one address, NFC, lower case, domain in ASCII (IDNA); dots and plus tags stay, as they can
 * separate two people. `null` when the text is not exactly one deliverable-looking address (syntax only, no look-up).
 * Length: up to 64 + 1 + 253 characters.
 */
export function normaliseEmail(raw: string): string | null {
  if (raw === lastRaw) return lastEmail
  lastEmail = normalise(raw)
  lastRaw = raw
  return lastEmail
}

/** Of one record the same address is asked for up to four times in a row. */
let lastRaw = ''
let lastEmail: string | null = null

function normalise(raw: string): string | null {
  if (isPlain(raw)) return raw
  const lower = raw.length > maxRaw ? '' : raw.trim().toLowerCase()
  return isPlain(lower) ? lower : normaliseSlowly(raw)
}

/** True for what needs no work at all: a lower-case ASCII address with a dotted domain. About 20 times faster than the rest. */
function isPlain(raw: string): boolean {
  const length = raw.length
  const at = raw.indexOf('@')
  if (at < 1 || at > maxLocal || length - at - 1 > maxDomain) return false
  let labelStart = 0
  for (let i = 0; i <= length; i++) {
    const c = i === length ? 46 : raw.charCodeAt(i)
    if (c === 46 || i === at) {
      if (i === labelStart) return false
      if (i > at && (i - labelStart > maxLabel || raw.charCodeAt(labelStart) === 45 || raw.charCodeAt(i - 1) === 45)) return false
      if (i > at && raw.startsWith('xn--', labelStart)) return false
      if (i === length) return labelStart > at + 1 && isLetter(raw.charCodeAt(labelStart))
      labelStart = i + 1
    } else if (!(isLetter(c) || (c >= 48 && c <= 57) || c === 45 || c === 95 || (c === 43 && i < at))) return false
  }
  return false
}

function isLetter(c: number): boolean {
  return c >= 97 && c <= 122
}

function normaliseSlowly(raw: string): string | null {
  if (raw.length > maxRaw) return null
  const address = addressIn(raw.normalize('NFC').replace(invisible, '').trim())
  if (address === null) return null
  const at = address.lastIndexOf('@')
  if (at < 1) return null
  const domain = asciiDomain(address.slice(at + 1))
  const local = address.slice(0, at).toLowerCase().normalize('NFC')
  if (domain === null || local.length > maxLocal) return null
  return dotAtom.test(local) || quotedLocal.test(local) ? `${local}@${domain}` : null
}

/** Takes the address out of `Name <a@b>` and `mailto:a@b?subject=…`; `null` when there may be two. */
function addressIn(text: string): string | null {
  const unnamed = /^"(?:[^"\\]|\\.)*"\s*(?=<)/s.exec(text)
  const rest = unnamed ? text.slice(unnamed[0].length) : text
  const open = rest.startsWith('"') ? -1 : rest.indexOf('<')
  if (open === -1) return withoutMailto(rest)
  if (!rest.endsWith('>') || rest.indexOf('<', open + 1) !== -1 || rest.indexOf('>') !== rest.length - 1) return null
  return withoutMailto(rest.slice(open + 1, -1).trim())
}

function withoutMailto(text: string): string {
  if (!/^mailto:/i.test(text)) return text
  const query = text.indexOf('?')
  return text.slice('mailto:'.length, query === -1 ? undefined : query).trim()
}

function asciiDomain(raw: string): string | null {
  const undotted = raw.endsWith('.') ? raw.slice(0, -1) : raw
  if (undotted.length > maxDomain || !rawDomain.test(undotted)) return null
  const domain = /^[a-z0-9.-]+$/.test(undotted) && !undotted.includes('xn--') ? undotted : domainToASCII(undotted)
  if (domain === '' || domain.length > maxDomain) return null
  const labels = domain.split('.')
  const top = labels.at(-1) ?? ''
  // A last label that starts with a digit is an IPv4 address to the URL parser, and no top-level domain exists that does.
  return labels.length > 1 && /^[a-z]/.test(top) && labels.every((label) => hostLabel.test(label)) ? domain : null
}

/**
 * The suppression form of an identity form: the plus tag goes; at Gmail the dots too, and googlemail.com becomes gmail.com. It is
 * meant to over-match: an unsolicited message is worse than one held back. Hash both forms, on writing and on checking.
 */
export function suppressionForm(email: string): string {
  const untagged = withoutTag(email)
  const at = untagged.lastIndexOf('@')
  const domain = untagged.slice(at + 1)
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return untagged
  return `${untagged.slice(0, at).replaceAll('.', '')}@gmail.com`
}

/** `lea@` of `lea+news@`: at nearly every provider the same mailbox. */
export function withoutTag(email: string): string {
  const at = email.lastIndexOf('@')
  const plus = email.startsWith('"') ? -1 : email.indexOf('+')
  return plus > 0 && plus < at ? email.slice(0, plus) + email.slice(at) : email
}

/** True when the local part of an identity form names a function, not a person (`info@`, `contact+shop@`); see the policy's audiences. */
export function isSharedMailbox(email: string, genericLocalParts: Membership): boolean {
  const local = email.slice(0, email.lastIndexOf('@'))
  const plus = local.indexOf('+')
  return genericLocalParts.has(plus > 0 ? local.slice(0, plus) : local)
}

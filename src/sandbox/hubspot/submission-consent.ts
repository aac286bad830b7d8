import { isObject } from './call.ts'
import type { Form } from './form.ts'
import type { Portal } from './portal.ts'
import { choose, effective, preferenceOf } from './preferences.ts'
import type { Problem } from './submission-check.ts'
import type { Definition, LegalBasis } from './subscription.ts'

/** One kind of e-mail agreed to or not, as `communications` of a submission says it. */
type Communication = { value: boolean; subscriptionTypeId: number; text: string }

/** Checks `legalConsentOptions` of a submission. A consent without its words proves nothing, so the words are asked for. */
export function checkLegalConsent(portal: Portal, form: Form, raw: unknown): Problem[] {
  if (raw === undefined || raw === null) return withoutOptions(form)
  if (!isObject(raw)) return [wrong('legalConsentOptions', 'INVALID_LEGAL_OPTION_FORMAT')]
  if (isObject(raw.legitimateInterest)) return checkInterest(portal, raw.legitimateInterest)
  return isObject(raw.consent) ? checkConsent(portal, form, raw.consent) : [wrong('legalConsentOptions', 'INVALID_LEGAL_OPTION_FORMAT')]
}

/** unverified: that a form which asks for consent to processing takes nothing without it. */
function withoutOptions(form: Form): Problem[] {
  const { type } = form.legalConsentOptions
  return type === 'explicit_consent_to_process' ? [wrong('legalConsentOptions.consent.consentToProcess', 'MISSING_PROCESSING_CONSENT')] : []
}

function checkConsent(portal: Portal, form: Form, consent: Record<string, unknown>): Problem[] {
  const problems: Problem[] = []
  const explicit = form.legalConsentOptions.type === 'explicit_consent_to_process'
  const at = 'legalConsentOptions.consent'
  if (consent.consentToProcess !== true && (explicit || consent.consentToProcess !== undefined)) {
    problems.push(wrong(`${at}.consentToProcess`, 'MISSING_PROCESSING_CONSENT'))
  }
  if (consent.consentToProcess === true && !filled(consent.text)) problems.push(wrong(`${at}.text`, 'MISSING_PROCESSING_CONSENT_TEXT'))
  const { communications } = consent
  if (communications === undefined || communications === null) return problems
  if (!Array.isArray(communications) || !communications.every(isObject)) {
    return [...problems, wrong(`${at}.communications`, 'INVALID_LEGAL_OPTION_FORMAT')]
  }
  for (const entry of communications)
    problems.push(...checkEntry(portal, entry, `${at}.communications`, 'MISSING_COMMUNICATION_CONSENT_TEXT'))
  const ids = communications.map((entry) => String(entry.subscriptionTypeId))
  if (new Set(ids).size < ids.length) problems.push(wrong(`${at}.communications`, 'DUPLICATE_SUBSCRIPTION_TYPE_ID'))
  const required = 'communicationsCheckboxes' in form.legalConsentOptions ? form.legalConsentOptions.communicationsCheckboxes : []
  const ticked = new Set(communications.filter((entry) => entry.value === true).map((entry) => String(entry.subscriptionTypeId)))
  for (const box of required.filter((box) => box.required && !ticked.has(String(box.subscriptionTypeId)))) {
    problems.push(wrong(`${at}.communications.${box.subscriptionTypeId}`, 'REQUIRED_FIELD'))
  }
  return problems
}

function checkInterest(portal: Portal, interest: Record<string, unknown>): Problem[] {
  const at = 'legalConsentOptions.legitimateInterest'
  const problems = checkEntry(portal, interest, at, 'MISSING_LEGITIMATE_INTEREST_TEXT')
  if (interest.legalBasis !== 'CUSTOMER' && interest.legalBasis !== 'LEAD')
    problems.push(wrong(`${at}.legalBasis`, 'INVALID_LEGAL_OPTION_FORMAT'))
  return problems
}

function checkEntry(portal: Portal, entry: Record<string, unknown>, at: string, missingText: string): Problem[] {
  const problems: Problem[] = []
  const fits = typeof entry.value === 'boolean' && findDefinition(portal, entry.subscriptionTypeId) !== undefined
  if (!fits) problems.push(wrong(at, 'INVALID_LEGAL_OPTION_FORMAT'))
  if (!filled(entry.text)) problems.push(wrong(`${at}.text`, missingText))
  return problems
}

function wrong(place: string, errorType: string): Problem {
  return { message: `Error in '${place}'`, errorType }
}

function filled(text: unknown): text is string {
  return typeof text === 'string' && text.trim() !== ''
}

function findDefinition(portal: Portal, id: unknown): Definition | undefined {
  return portal.marketing.definitions.find((known) => known.isActive && String(known.id) === String(id))
}

/** Turns what was agreed to in a checked submission into choices. An empty box changes nothing: it is no withdrawal. */
export function recordConsent(portal: Portal, email: string, form: Form, legal: Record<string, unknown>): void {
  const source = `Form submission: ${form.name}`
  const { consent, legitimateInterest } = legal
  if (isObject(legitimateInterest)) {
    const basis = legitimateInterest.legalBasis === 'CUSTOMER' ? 'LEGITIMATE_INTEREST_CLIENT' : 'LEGITIMATE_INTEREST_PQL'
    join(portal, email, legitimateInterest as Communication, basis, source)
  } else if (isObject(consent) && Array.isArray(consent.communications)) {
    for (const entry of consent.communications as Communication[]) join(portal, email, entry, 'CONSENT_WITH_NOTICE', source)
  }
}

function join(
  portal: Portal,
  email: string,
  { value, subscriptionTypeId, text }: Communication,
  legalBasis: LegalBasis,
  source: string,
): void {
  const definition = findDefinition(portal, subscriptionTypeId)
  if (!value || definition === undefined) return
  const { status, level } = effective(preferenceOf(portal, email), definition)
  if (status === 'SUBSCRIBED') return
  // An interest of the sender never outweighs a refusal, and a box on a page does not undo "no e-mail at all".
  const refused = status === 'UNSUBSCRIBED'
  const box = legalBasis === 'CONSENT_WITH_NOTICE' && level === 'SUBSCRIPTION_STATUS' && portal.marketing.settings.formResubscribes
  if (refused && !box) return
  choose(portal, email, definition, { status: 'SUBSCRIBED', source, grounds: { legalBasis, legalBasisExplanation: text } })
}

/** Values of `hs_legal_basis`; two of them contain an EN DASH. */
const CONSENTED = 'Freely given consent from contact'
const INTEREST = { CUSTOMER: 'Legitimate interest – existing customer', LEAD: 'Legitimate interest – prospect/lead' } as const

/** unverified: that a submission adds to `hs_legal_basis` the basis it was sent under. */
export function legalBasisOf(legal: Record<string, unknown> | null): string | undefined {
  if (legal === null) return undefined
  const { consent, legitimateInterest } = legal
  if (isObject(legitimateInterest))
    return legitimateInterest.value === true ? INTEREST[legitimateInterest.legalBasis as 'CUSTOMER' | 'LEAD'] : undefined
  return isObject(consent) && consent.consentToProcess === true ? CONSENTED : undefined
}

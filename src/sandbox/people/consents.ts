/** What the CRMs hold about consent, refusal and objection, per person. */
import { type Calendar, DAY_MS } from './calendar.ts'
import { type Life, officeHour } from './life.ts'
import { type Dice, between, chance, pick } from './random.ts'
import type { Stories } from './stories.ts'

export type ConsentField =
  | 'newsletter_email'
  | 'prospecting_consumer_email'
  | 'prospecting_consumer_sms'
  | 'prospecting_consumer_call'
  | 'open_tracking_email'
  | 'partner_sharing_email'
/** `at` in epoch milliseconds; `at` and `text` are `null` where an import brought the answer alone. `only`: the other CRM knows nothing of it. */
export type Consent = {
  readonly field: ConsentField
  readonly answer: 'yes' | 'no' | 'withdrawn'
  readonly at: number | null
  readonly text: string | null
  readonly only?: 'hubspot' | 'salesforce'
}

/** The company rewrites its forms every January and July: the wording's id names the form and the month it began. */
const FORMS: Readonly<Record<ConsentField, string>> = {
  newsletter_email: 'NL',
  prospecting_consumer_email: 'PC-MAIL',
  prospecting_consumer_sms: 'PC-SMS',
  prospecting_consumer_call: 'PC-TEL',
  open_tracking_email: 'OT',
  partner_sharing_email: 'PART',
}
const ANY_FIELD = ['newsletter_email', 'prospecting_consumer_email', 'prospecting_consumer_sms', 'prospecting_consumer_call'] as const

export function consentsOf(calendar: Calendar, dice: Dice, stories: Stories, life: Life): readonly Consent[] {
  const proved = (field: ConsentField, answer: Consent['answer'], low: number, high: number): Consent => {
    const oldest = Math.max(low, Math.min(high, calendar.today - life.collectedOn))
    const at = (calendar.today - between(dice, low, oldest)) * DAY_MS + officeHour(dice)
    return { field, answer, at, text: wording(field, at) }
  }
  // A reader whom nothing befell agreed to the newsletter, with proof.
  if (stories.consent === null)
    return isReader(life) && (stories.fine || chance(dice, 0.7)) ? [proved('newsletter_email', 'yes', 10, 960)] : []
  switch (stories.consent) {
    case 'newsletter-proved':
      return [proved('newsletter_email', 'yes', 10, 960)]
    case 'prospecting-proved':
      return [proved('prospecting_consumer_email', 'yes', 10, 900), proved('prospecting_consumer_sms', 'yes', 10, 900)]
    case 'import-unproved':
      return [{ field: pick(dice, ANY_FIELD), answer: 'yes', at: null, text: null }]
    case 'call-valid':
      return [proved('prospecting_consumer_call', 'yes', 5, 330)]
    case 'call-expired':
      return [expiredCall(calendar, dice)]
    case 'open-tracking-proved':
      return [proved('newsletter_email', 'yes', 10, 900), proved('open_tracking_email', 'yes', 5, 130)]
    case 'partner-listed':
    case 'partner-unlisted':
      return [proved('partner_sharing_email', 'yes', 5, 250)]
    case 'refusal-proved':
      return [proved(pick(dice, ANY_FIELD), 'no', 10, 900)]
    case 'withdrawn':
      return [withdrawal(proved('newsletter_email', 'withdrawn', 3, 800))]
    case 'contradicted':
      return [
        { ...proved('newsletter_email', 'yes', 400, 900), only: 'hubspot' },
        { ...withdrawal(proved('newsletter_email', 'withdrawn', 3, 390)), only: 'salesforce' },
      ]
    default:
      return []
  }
}

function wording(field: ConsentField, at: number): string {
  const date = new Date(at)
  return `${FORMS[field]}-${date.getUTCFullYear()}-${date.getUTCMonth() < 6 ? '01' : '07'}`
}

function isReader(life: Life): boolean {
  return life.newsletterStatus === 'subscribed'
}

function expiredCall(calendar: Calendar, dice: Dice): Consent {
  const at = (calendar.yearsAgo(1) - between(dice, 1, 500)) * DAY_MS + officeHour(dice)
  return { field: 'prospecting_consumer_call', answer: 'yes', at, text: wording('prospecting_consumer_call', at) }
}

/** A withdrawal shows no wording: the person answers to nothing. */
function withdrawal(consent: Consent): Consent {
  return { ...consent, text: null }
}

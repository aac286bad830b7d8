/** Whether marketing may write to a person, as the company understood the law when it set its marketing marker. */
import type { Person } from './person.ts'
import type { World } from './stories.ts'

/** Days between collection and notice: within the month of GDPR art. 14(3)(a). */
const NOTICE_DAYS = 25

/** The day the person was informed. Those whose source story says so never were; nor was one in six of the others, the fine ones apart. */
export function noticeOn(world: World, person: Person): number | undefined {
  const { source, fine } = person.stories
  if (source?.endsWith('not-informed') === true) return undefined
  const luck = (person.index * 7919) % 100
  if (!fine && source === null && luck < 16) return undefined
  return Math.min(world.calendar.today, person.life.collectedOn + (luck % NOTICE_DAYS))
}

/** A proved yes, or a French professional who was informed (CPCE art. L34-5 as read by the CNIL); never against a no, a shut record or a child. */
export function mayBeMailed(world: World, person: Person): boolean {
  const { consent, state, identity } = person.stories
  if (person.email === null || person.borrowsEmail || identity === 'bad-email' || identity === 'no-email') return false
  if (state !== null && state !== 'from-15-to-17') return false
  if (person.stories.relationship === 'applicant') return false
  if (consent?.startsWith('opt-out') === true || consent === 'reader-opted-out') return false
  if (person.consents.some(({ answer }) => answer !== 'yes')) return false
  if (person.consents.some(({ field, at }) => at !== null && (field === 'newsletter_email' || field === 'prospecting_consumer_email')))
    return true
  return person.business && person.country === 'FR' && noticeOn(world, person) !== undefined
}

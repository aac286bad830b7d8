/** The two gates that are findings by themselves: a child, and a person whom nobody has told. */
import { addToDay } from '../time/calendar.ts'
import type { Collector } from '../judge/collect.ts'
import { emptyDay, type Frame } from '../judge/frame.ts'
import type { GateState } from '../policy/gates.ts'
import type { Policy } from '../policy/schema.ts'

/** `fields` of these findings are contact fields of the policy. */
export function createNoticeCheck(
  policy: Policy,
  slotOf: (field: string) => number,
  today: number,
): (frame: Frame, gates: GateState, collector: Collector) => void {
  const collected = slotOf('collectedAt')
  const dated = policy.contactFields.includes('collectedAt')
  return (frame, gates, collector) => {
    if (gates.standing.size === 0) return
    if (gates.standing.has('child')) collector.add('consent.child', 'birthDate')
    if (!gates.standing.has('not_informed')) return
    const since = dated ? (frame.days[collected] ?? emptyDay) : emptyDay
    // GDPR art. 14(3)(a): within one month of obtaining the data, which ends with the same date (Reg. (EEC) 1182/71 art. 3): late the day after.
    const late = Number.isNaN(since) || since === emptyDay ? today : addToDay(since, 1, 1)
    if (today >= late) collector.add('consent.not_informed', 'noticeSentAt')
    else if (late < frame.nextDay) frame.nextDay = late
  }
}

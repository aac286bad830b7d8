/** What two CRMs must end with, worked out from what was seen of them, without a line of the product's own arithmetic. */

/** `ticked`: who last ticked the CRM's own opt-out, which has no date. `yes`, `no`: times on record, `undated` a no without one. */
export type Seen = {
  readonly ticked: 'nobody' | 'us' | 'person'
  readonly yes: number | null
  readonly no: number | null
  readonly undated: boolean
  readonly modifiedAt: number
}
/**
 * More than one status only where a tick that nobody had looked at met a write of ours on its way, so that nobody can tell which of the two was first.
 * `optedOut`: whoever ends as withdrawn must be opted out in the CRM, too.
 */
export type Outcome = { readonly statuses: readonly string[]; readonly optedOut: boolean }

type Memory = {
  last: Seen | null
  undatedSince: number
  tickedSince: number
  newsletterNo: number
  everythingNo: number
  contested: number
  yes: number
}

export function createModel(): {
  see: (side: 0 | 1, seen: Seen) => void
  contest: (side: 0 | 1, at: number) => void
  outcome: () => Outcome
} {
  const sides: [Memory, Memory] = [fresh(), fresh()]
  return {
    contest(side, at) {
      const memory = sides[side]
      if (memory.last?.ticked !== 'person') memory.contested = Math.max(memory.contested, at)
    },
    see(side, shown) {
      const memory = sides[side]
      const { last } = memory
      // Un-ticked and ticked again between two looks is ticked all along.
      const seen = last?.ticked === 'us' && shown.ticked === 'person' ? { ...shown, ticked: 'us' as const } : shown
      // A no without a date is as old as the record was when it was first seen.
      if (seen.undated && last?.undated !== true) memory.undatedSince = seen.modifiedAt
      if (seen.undated) memory.newsletterNo = Math.max(memory.newsletterNo, memory.undatedSince)
      if (seen.no !== null) memory.newsletterNo = Math.max(memory.newsletterNo, seen.no)
      // Our own tick says nothing that was not known.
      if (seen.ticked === 'person' && last?.ticked !== 'person') memory.tickedSince = seen.modifiedAt
      if (seen.ticked === 'person') memory.everythingNo = Math.max(memory.everythingNo, memory.tickedSince)
      // A yes beside a box that somebody ticked, and that does not say since when, proves nothing.
      memory.yes = seen.yes !== null && seen.ticked !== 'person' ? seen.yes : -Infinity
      memory.last = seen
    },
    outcome() {
      const everything = Math.max(sides[0].everythingNo, sides[1].everythingNo)
      const no = Math.max(sides[0].newsletterNo, sides[1].newsletterNo, everything)
      const yes = Math.max(sides[0].yes, sides[1].yes)
      const strict = statusOf(Math.max(no, sides[0].contested, sides[1].contested), yes)
      return { statuses: [...new Set([statusOf(no, yes), strict])], optedOut: everything > -Infinity }
    },
  }
}

function statusOf(no: number, yes: number): string {
  return no > -Infinity && !(yes > no) ? 'withdrawn' : yes > -Infinity ? 'granted' : 'unknown'
}

function fresh(): Memory {
  return {
    contested: -Infinity,
    last: null,
    undatedSince: -Infinity,
    tickedSince: -Infinity,
    newsletterNo: -Infinity,
    everythingNo: -Infinity,
    yes: -Infinity,
  }
}

/** What two CRMs must end with, worked out from what was seen of them, without a line of the product's own arithmetic. */

/** `ticked`: who last ticked the CRM's own opt-out, which has no date. `yes`, `no`: times on record, `undated` a no without one. */
export type Seen = {
  readonly ticked: 'nobody' | 'us' | 'person'
  readonly yes: number | null
  readonly no: number | null
  readonly undated: boolean
  readonly modifiedAt: number
}
export type Outcome = { readonly status: 'granted' | 'withdrawn' | 'unknown'; readonly optedOut: boolean }

type Memory = { last: Seen | null; undatedSince: number; tickedSince: number; newsletterNo: number; everythingNo: number; yes: number }

export function createModel(): { see: (side: 0 | 1, seen: Seen) => void; outcome: () => Outcome } {
  const sides: [Memory, Memory] = [fresh(), fresh()]
  return {
    see(side, seen) {
      const memory = sides[side]
      const { last } = memory
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
      const status = no > -Infinity && !(yes > no) ? 'withdrawn' : yes > -Infinity ? 'granted' : 'unknown'
      return { status, optedOut: status === 'withdrawn' && everything > -Infinity }
    },
  }
}

function fresh(): Memory {
  return { last: null, undatedSince: -Infinity, tickedSince: -Infinity, newsletterNo: -Infinity, everythingNo: -Infinity, yes: -Infinity }
}

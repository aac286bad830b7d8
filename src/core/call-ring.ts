/** What is said of the slots of a window of calls, by whoever asks for them and by whoever gives them: in memory or in Postgres. */

/** All that a ring needs to know to give slots; it decides nothing by itself. Times in milliseconds. */
export type Ask = {
  count: number
  /** Slots in use: the window's limit, of which a part is ours. */
  size: number
  windowMs: number
  /** A request arrives at the vendor within this time of its start. A slot whose holder died is free one window after that. */
  arriveMs: number
  /** How long before it is free a slot may be taken, to start when it is: whoever is more urgent may ask earlier, and so goes first. */
  aheadMs: number
  /** Sweeps are spaced out by `spacingMs` while more than half of the slots are taken; always, by `evenMs`, if somebody urgent was here lately. */
  sweep: boolean
  spacingMs: number
  evenMs: number
  /** The first slots, which sweeps leave alone while somebody urgent was here during the last `urgentMs`. */
  reserved: number
  urgentMs: number
  /** The last slots, which only sweeps may take, until they have been free for `idleMs`. */
  kept: number
  idleMs: number
  day: DayRule
}
/** `share` of the day's calls, and never the last `reserve` of them; `part` of what is then ours is for this urgency. `exempt`: not counted against it. */
export type DayRule = { share: number; reserve: number; part: number; exempt: boolean }

/** To be begun in `waitMs`, or soon after. */
export type Lease = { slot: number; lease: number; waitMs: number }
/** `retryMs`: when to ask again for those that were not given. `spent`: our part of the day's calls is gone. */
export type Taken = { leases: readonly Lease[]; retryMs: number; spent: boolean }

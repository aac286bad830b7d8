/** Rows that somebody has claimed who is at work no more are free, as those are that nobody has. */

/** Asks for the numbers of all claims that hold. */
export type Living = () => Promise<readonly number[]>
/** A row that was taken, with the claim that stood beside it. */
export type Claimed = { id: string; before: number | null }

/**
 * Between the look at who is at work and the taking somebody may have begun: their claim was not among the living, and is by now. They keep what they have.
 * `giveBack`: to be bound to the former claim again.
 */
export async function claimFree<R extends Claimed>(
  living: Living,
  take: (living: readonly number[]) => Promise<readonly R[]>,
  giveBack: (rows: readonly R[]) => Promise<void>,
): Promise<readonly R[]> {
  for (;;) {
    const taken = await take(await living())
    const former = taken.filter(({ before }) => before !== null)
    const now = new Set(former.length === 0 ? [] : await living())
    const theirs = new Set(former.filter(({ before }) => now.has(before!)))
    if (theirs.size === 0) return taken
    await giveBack([...theirs])
    const ours = taken.filter((row) => !theirs.has(row))
    // Where all were theirs, there may be others behind them.
    if (ours.length > 0) return ours
  }
}

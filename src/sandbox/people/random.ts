/** Seeded dice: each (seed, index, lane) has its own stream, so that row i needs no row before it. */

/** In [0, 1). */
export type Dice = () => number

/** `lane` separates the questions asked about one index, so that a new question changes no older answer. */
export function diceFor(seed: number, index: number, lane: number): Dice {
  let state = mix(mix(mix(seed | 0) ^ index) ^ Math.imul(lane, 0x9e3779b1))
  // mulberry32 (Tommy Ettinger, public domain)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The finaliser of murmur3: every input bit reaches every output bit. */
export function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A whole number from `low` to `high`, both included. */
export function between(dice: Dice, low: number, high: number): number {
  return low + Math.floor(dice() * (high - low + 1))
}

export function pick<T>(dice: Dice, list: readonly T[]): T {
  const item = list[Math.floor(dice() * list.length)]
  if (item === undefined) throw new RangeError('cannot pick from an empty list')
  return item
}

export function chance(dice: Dice, share: number): boolean {
  return dice() < share
}

/** The story whose slice of [0, scale) holds the throw, or `null` when the slices end before it. */
export function draw<K extends string>(dice: Dice, shares: Readonly<Record<K, number>>, scale: number): K | null {
  let left = dice() * scale
  for (const story in shares) {
    left -= shares[story]
    if (left < 0) return story
  }
  return null
}

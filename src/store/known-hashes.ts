/**
 * Which keyed hashes records have at all, held in memory from the first record of a database on. Of the people of a first pull most are nobody else's: to look
 * for each of their addresses in the database takes longer than to store them.
 */
export type KnownHashes = {
  /**
   * To be called in one's turn, with its ticket. Another process that had a turn in between may have stored what is not known here: then nothing is known
   * any more, and everything is asked for.
   */
  follow(ticket: number): void
  /** To be called in one's turn, when no record is stored. */
  begin(): void
  /** Whoever stores a hash says so before the commit. */
  add(hash: string): void
  /** False: no record that is stored has it. Holds within a turn that was followed, and not outside of one. */
  mayBeStored(hash: string): boolean
}

/** A Bloom filter of fixed size: 8 MiB, so that of ten million hashes still 95 in 100 of those that nobody has are told at once. */
const BITS = 2 ** 26
const PROBES = 4
/** The last digits, and those before them: as random as the hash itself. */
const DIGITS = 9

export function createKnownHashes(): KnownHashes {
  let words: Uint32Array | null = null
  let last: number | null = null
  return {
    follow(ticket) {
      if (last === null || ticket !== last + 1) words = null
      last = ticket
    },
    begin() {
      words ??= new Uint32Array(BITS / 32)
    },
    add(hash) {
      if (words === null) return
      let bit = firstOf(hash)
      const step = stepOf(hash)
      for (let probe = 0; probe < PROBES; probe++) {
        words[bit >>> 5]! |= 1 << (bit & 31)
        bit = (bit + step) % BITS
      }
    },
    mayBeStored(hash) {
      if (words === null) return true
      let bit = firstOf(hash)
      const step = stepOf(hash)
      for (let probe = 0; probe < PROBES; probe++) {
        if ((words[bit >>> 5]! & (1 << (bit & 31))) === 0) return false
        bit = (bit + step) % BITS
      }
      return true
    },
  }
}

function firstOf(hash: string): number {
  return Math.abs(Number(hash.slice(-DIGITS))) % BITS
}

/** Odd, so that no two probes of a hash meet. */
function stepOf(hash: string): number {
  return Number(hash.slice(-2 * DIGITS, -DIGITS).replace('-', '')) | 1
}

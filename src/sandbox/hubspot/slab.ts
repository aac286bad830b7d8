/**
 * Bytes outside the JavaScript heap: a million records as heap strings cost three times the memory and seconds of garbage collection.
 * An address is chunk × CHUNK + offset; freed space is reused by its size class.
 */
const CHUNK = 4 * 1024 * 1024
const GRAIN = 64

export type Slab = {
  /** Copies `bytes[0, length)` in and returns its address. */
  put(bytes: Uint8Array, length: number): number
  /** Wipes and gives back; what was written before the last mark is kept, because some marked state still points at it. */
  release(address: number, length: number): void
  chunkOf(address: number): Buffer
  offsetOf(address: number): number
  /** From now on, what is there stays as it is. */
  mark(): void
  /** Gives back all that was written since the last mark. */
  rewind(): void
  /** Bytes held, free or not. */
  size(): number
}

export function createSlab(): Slab {
  const chunks: Buffer[] = []
  let top = CHUNK
  let free: number[][] = []
  let floor = 0

  function take(length: number): number {
    const grains = sizeClass(length)
    const reused = free[grains]?.pop()
    if (reused !== undefined) return reused
    const size = grains * GRAIN
    if (chunks.length === 0 || top + size > CHUNK) {
      chunks.push(Buffer.allocUnsafeSlow(Math.max(size, CHUNK)))
      top = 0
    }
    const address = (chunks.length - 1) * CHUNK + top
    top += size
    return address
  }

  const slab: Slab = {
    put(bytes, length) {
      const address = take(length)
      slab.chunkOf(address).set(bytes.subarray(0, length), slab.offsetOf(address))
      return address
    },
    release(address, length) {
      if (address < floor) return
      const offset = slab.offsetOf(address)
      slab.chunkOf(address).fill(0, offset, offset + length)
      const grains = sizeClass(length)
      const list = free[grains]
      if (list === undefined) free[grains] = [address]
      else list.push(address)
    },
    chunkOf: (address) => chunks[Math.floor(address / CHUNK)]!,
    offsetOf: (address) => address % CHUNK,
    mark() {
      floor = (chunks.length - 1) * CHUNK + Math.min(top, CHUNK)
      // What is free now would be written over, and an older state may hold it.
      free = []
    },
    rewind() {
      chunks.length = Math.ceil(floor / CHUNK)
      top = floor - (chunks.length - 1) * CHUNK
      free = []
    },
    size: () => chunks.reduce((sum, chunk) => sum + chunk.length, 0),
  }
  return slab
}

function sizeClass(length: number): number {
  return Math.max(1, Math.ceil(length / GRAIN))
}

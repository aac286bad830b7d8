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
  /** All that was written, for another slab to take over. This one is of no use afterwards. */
  give(): SlabBytes
  /** Takes the place of whatever is here. */
  take(bytes: SlabBytes): void
}

export type SlabBytes = { chunks: ArrayBuffer[]; top: number }

type State = {
  chunks: Buffer<ArrayBuffer>[]
  /** Where the last chunk is free from. */
  top: number
  /** By size class, addresses of freed space. */
  free: number[][]
  /** What lies below stays as it is. */
  floor: number
}

export function createSlab(): Slab {
  const state: State = { chunks: [], top: CHUNK, free: [], floor: 0 }
  const { chunks } = state

  const slab: Slab = {
    put(bytes, length) {
      const address = roomFor(state, length)
      slab.chunkOf(address).set(bytes.subarray(0, length), slab.offsetOf(address))
      return address
    },
    release(address, length) {
      if (address < state.floor) return
      const offset = slab.offsetOf(address)
      slab.chunkOf(address).fill(0, offset, offset + length)
      const grains = sizeClass(length)
      const list = state.free[grains]
      if (list === undefined) state.free[grains] = [address]
      else list.push(address)
    },
    chunkOf: (address) => chunks[Math.floor(address / CHUNK)]!,
    offsetOf: (address) => address % CHUNK,
    mark() {
      state.floor = (chunks.length - 1) * CHUNK + Math.min(state.top, CHUNK)
      // What is free now would be written over, and an older state may hold it.
      state.free = []
    },
    rewind() {
      chunks.length = Math.ceil(state.floor / CHUNK)
      state.top = state.floor - (chunks.length - 1) * CHUNK
      state.free = []
    },
    size: () => chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    give: () => ({ chunks: chunks.map((chunk) => chunk.buffer), top: state.top }),
    take(bytes) {
      chunks.splice(0, chunks.length, ...bytes.chunks.map((chunk) => Buffer.from(chunk)))
      Object.assign(state, { top: bytes.top, free: [], floor: 0 })
    },
  }
  return slab
}

function roomFor(state: State, length: number): number {
  const { chunks } = state
  const grains = sizeClass(length)
  const reused = state.free[grains]?.pop()
  if (reused !== undefined) return reused
  const size = grains * GRAIN
  if (chunks.length === 0 || state.top + size > CHUNK) {
    chunks.push(Buffer.allocUnsafeSlow(Math.max(size, CHUNK)))
    state.top = 0
  }
  const address = (chunks.length - 1) * CHUNK + state.top
  state.top += size
  return address
}

function sizeClass(length: number): number {
  return Math.max(1, Math.ceil(length / GRAIN))
}

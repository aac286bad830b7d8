/** Cuts a client's byte stream into the messages of the Postgres protocol ("Frontend/Backend Protocol", chapter "Message Formats"). */

/**
 * `startup` carries the first message; `encryption` asks for SSL or GSSAPI; `cancel` and `terminate` end the connection;
 * `unit` is what must run without anybody else's messages in between: a simple query, or everything up to a Sync or Flush.
 * `complete` is false after a Flush: the connection goes on where it was.
 */
export type Frame =
  | { readonly kind: 'startup' | 'encryption' | 'cancel' | 'terminate' | 'malformed'; readonly bytes: Buffer }
  | { readonly kind: 'unit'; readonly bytes: Buffer; readonly complete: boolean }

export type FrameReader = { push(chunk: Buffer): Frame[] }

const codes = { protocol3: 3, ssl: 80_877_103, gssapi: 80_877_104, cancel: 80_877_102 } as const
/** As large as a value can be in Postgres. */
const longest = 0x3fff_ffff
const letter = { query: 0x51, sync: 0x53, flush: 0x48, call: 0x46, terminate: 0x58 } as const

export function createFrameReader(): FrameReader {
  let chunks: Buffer[] = []
  let size = 0
  let started = false
  /** Where the message after the last complete one of the unfinished unit begins, so that nothing is scanned twice. */
  let scanned = 0
  /** Bytes needed before another look is worth it: a bulk insert arrives in hundreds of chunks. */
  let wanted = 0

  function next(buffer: Buffer): Frame | undefined {
    if (!started) {
      const first = readFirst(buffer)
      started = first?.kind === 'startup'
      return first
    }
    return readUnit(buffer)
  }

  function readUnit(buffer: Buffer): Frame | undefined {
    while (buffer.length - scanned >= 5) {
      const type = buffer[scanned]
      const end = scanned + 1 + buffer.readInt32BE(scanned + 1)
      if (end < scanned + 5 || end - scanned > longest) return { kind: 'malformed', bytes: buffer }
      if (buffer.length < end) {
        wanted = end
        return undefined
      }
      scanned = end
      if (type === letter.terminate) return { kind: 'terminate', bytes: buffer.subarray(0, end) }
      if (type === letter.query || type === letter.sync || type === letter.call) return unit(buffer, end, true)
      if (type === letter.flush) return unit(buffer, end, false)
    }
    return undefined
  }

  return {
    push(chunk) {
      chunks.push(chunk)
      size += chunk.length
      if (size < wanted) return []
      let buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks, size)
      const frames: Frame[] = []
      for (let frame = next(buffer); frame !== undefined; frame = next(buffer)) {
        frames.push(frame)
        buffer = buffer.subarray(frame.bytes.length)
        scanned = 0
        wanted = 0
      }
      chunks = buffer.length > 0 ? [buffer] : []
      size = buffer.length
      return frames
    },
  }
}

function unit(buffer: Buffer, end: number, complete: boolean): Frame {
  return { kind: 'unit', bytes: buffer.subarray(0, end), complete }
}

/** The messages that have no type byte. */
function readFirst(buffer: Buffer): Frame | undefined {
  if (buffer.length < 8) return undefined
  const length = buffer.readInt32BE(0)
  if (length < 8 || length > 10_000) return { kind: 'malformed', bytes: buffer }
  if (buffer.length < length) return undefined
  const bytes = buffer.subarray(0, length)
  const code = buffer.readInt32BE(4)
  if (code === codes.ssl || code === codes.gssapi) return { kind: 'encryption', bytes }
  if (code === codes.cancel) return { kind: 'cancel', bytes }
  return { kind: code >> 16 === codes.protocol3 ? 'startup' : 'malformed', bytes }
}

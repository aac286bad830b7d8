/**
 * What is read once and written out several times, without holding it in memory: a file that has no name any more from its first byte on, under a key that
 * exists in this process alone. Nothing of it can be read by anybody else, or after the process has ended.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16
const LENGTH_BYTES = 4
/** Pieces are gathered up to here before they are written. */
const FRAME_BYTES = 256 * 1024

export interface Spool {
  /** Texts without line breaks. Call it from one place, one after the other. */
  write(line: string): Promise<void>
  /** All lines so far, in order, as often as wanted. No more may be written once the first reading has begun. */
  read(): AsyncGenerator<string>
  close(): Promise<void>
}

export async function openSpool(): Promise<Spool> {
  const path = join(tmpdir(), `accord-${randomBytes(12).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  const key = randomBytes(32)
  const gathered: string[] = []
  let letters = 0
  let frames = 0
  let end = 0
  const flush = async (): Promise<void> => {
    if (gathered.length === 0) return
    const frame = seal(key, frames, `${gathered.join('\n')}\n`)
    gathered.length = 0
    letters = 0
    await writeAll(file, frame, end)
    end += frame.length
    frames++
  }
  return {
    async write(line) {
      gathered.push(line)
      letters += line.length
      if (letters >= FRAME_BYTES) await flush()
    },
    async *read() {
      await flush()
      for (let at = 0, n = 0; at < end; n++) {
        const length = (await readAll(file, LENGTH_BYTES, at)).readUInt32BE(0)
        const body = await readAll(file, length, at + LENGTH_BYTES)
        at += LENGTH_BYTES + length
        yield* unseal(key, n, body).split('\n').slice(0, -1)
      }
    },
    async close() {
      key.fill(0)
      await file.close()
    },
  }
}

function seal(key: Buffer, number: number, text: string): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonceOf(number))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

function unseal(key: Buffer, number: number, body: Buffer): string {
  const decipher = createDecipheriv(CIPHER, key, nonceOf(number), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(body.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString()
}

/** The key serves one spool, whose frames are numbered: no nonce comes twice. */
function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 8)
  return nonce
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
}

async function readAll(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new Error('the temporary file of a copy was cut short')
    done += bytesRead
  }
  return bytes
}

/** Blocks of the ledger that no checkpoint of this data folder covers: what could be cut off, or written anew, without a trace. */
import { open } from 'node:fs/promises'
import { sql, type QueryExecutorProvider } from 'kysely'
import { parseCheckpoint } from '../core/ledger/checkpoint.ts'
import { cannotRead, checkpointFile } from './checkpoints.ts'
import { codeOf } from './pool.ts'

type Db = QueryExecutorProvider
/** `since`: when the oldest of them was written, ISO 8601; null: all are signed. */
export type Unsigned =
  | { blocks: number; since: string | null; problem: null }
  /** The file of checkpoints does not tell; `problem`: why, with the file's name. */
  | { blocks: null; since: null; problem: string }

/** A file that is missing signs nothing, and half a line at its end is what a crash leaves. Whether the signatures are genuine says `accord ledger verify`. */
export async function loadUnsigned(db: Db, dir: string): Promise<Unsigned> {
  const signed = await signedSize(checkpointFile(dir))
  if (typeof signed === 'string') return { blocks: null, since: null, problem: signed }
  const { rows } = await sql<{ blocks: number; since: string | null }>`
    select greatest(h.seq - ${signed}, 0)::int as blocks, (select at from ledger_blocks where seq > ${signed} order by seq limit 1) as since
    from ledger_head h`.execute(db)
  return { ...(rows[0] ?? { blocks: 0, since: null }), problem: null }
}

/** A line is a few hundred bytes: the last one is in here. */
const TAIL_BYTES = 4_096

/** The file grows by a line for each signature, and a monitor asks every few seconds: only its end is read. A text says why that cannot be. */
async function signedSize(file: string): Promise<number | string> {
  try {
    const last = (await tailOf(file)).split('\n').slice(0, -1).at(-1)
    if (last === undefined) return 0
    return parseCheckpoint(last)?.size ?? `the last line of ${file} is no checkpoint`
  } catch (error) {
    const code = codeOf(error)
    if (code === 'unknown') throw error
    return code === 'ENOENT' ? 0 : cannotRead(file, code)
  }
}

async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
    await handle.read(bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString()
  } finally {
    await handle.close()
  }
}

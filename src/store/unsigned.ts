/** Blocks of the ledger that no checkpoint of this data folder covers: what could be cut off, or written anew, without a trace. */
import { open } from 'node:fs/promises'
import { sql, type QueryExecutorProvider } from 'kysely'
import { parseCheckpoint } from '../core/ledger-checkpoint.ts'
import { checkpointFile } from './checkpoints.ts'

type Db = QueryExecutorProvider
/** `since`: when the oldest of them was written, ISO 8601; null: all are signed. */
export type Unsigned = { blocks: number; since: string | null }

/** A file that is missing, or whose last line is no checkpoint, signs nothing. Whether the signatures are genuine says `accord ledger verify`. */
export async function loadUnsigned(db: Db, dir: string): Promise<Unsigned> {
  const signed = await signedSize(checkpointFile(dir))
  const { rows } = await sql<{ blocks: number; since: string | null }>`
    select greatest(h.seq - ${signed}, 0)::int as blocks, (select at from ledger_blocks where seq > ${signed} order by seq limit 1) as since
    from ledger_head h`.execute(db)
  return rows[0] ?? { blocks: 0, since: null }
}

/** A line is a few hundred bytes: the last one is in here. */
const TAIL_BYTES = 4_096

/** The file grows by a line for each signature, and a monitor asks every few seconds: only its end is read. */
async function signedSize(file: string): Promise<number> {
  const text = await tailOf(file)
  const lines = text.split('\n').slice(0, -1)
  return parseCheckpoint(lines.at(-1) ?? '')?.size ?? 0
}

async function tailOf(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
      await handle.read(bytes, 0, bytes.length, size - bytes.length)
      return bytes.toString()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

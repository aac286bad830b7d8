/**
 * What must not come back with an older copy of the database, noted outside it: who is on the suppression list, whose keys were destroyed, which requests came in.
 * Keyed hashes and numbers only. One line for each transaction, written and synced before it commits: a line too many is replayed without harm, one too few is not.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql, type QueryExecutorProvider } from 'kysely'
import { JOURNAL } from './backup.ts'
import { StoreError } from './error.ts'
import { syncPath } from './sync-path.ts'

type Db = QueryExecutorProvider
/** Hashes in hex. `lastDay`: YYYY-MM-DD. */
export type ErasedAct =
  | { readonly act: 'received'; readonly request: string; readonly right: string; readonly lastDay: string }
  | { readonly act: 'closed'; readonly request: string }
  | { readonly act: 'suppressed'; readonly request: string; readonly hashes: readonly string[] }
  /** A corrected address takes along what the former one was on the list for. */
  | { readonly act: 'carried'; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly act: 'lifted'; readonly requests: readonly string[]; readonly hashes: readonly string[] }
  | { readonly act: 'shredded'; readonly request: string; readonly holders: readonly string[] }
/** `at`: ISO 8601. */
export type ErasedLine = { readonly id: string; readonly at: string; readonly acts: readonly ErasedAct[] }

export function journalFile(dir: string): string {
  return join(dir, JOURNAL)
}

/** Named by its first line: folders that several hosts have of their own are told apart by it. */
export type Pending = { readonly journal: string; readonly lines: readonly ErasedLine[] }

/** In the transaction of the acts, which takes its turn: lines of two never mix. */
export async function noteErased(trx: Db, dir: string, acts: readonly ErasedAct[], at: string): Promise<void> {
  const id = randomUUID()
  const journal = await append(journalFile(dir), id, `${JSON.stringify({ id, at, acts } satisfies ErasedLine)}\n`)
  await markErased(trx, journal, id)
}

/** In the transaction that has brought the database up to this line. */
export async function markErased(trx: Db, journal: string, id: string): Promise<void> {
  await sql`
    insert into erased_mark (journal, last) values (${journal}, ${id}) on conflict (journal) do update set last = excluded.last`.execute(
    trx,
  )
}

/** Lines that this database does not know of, in their order. */
export async function pendingLines(db: Db, dir: string): Promise<Pending> {
  const text = await readText(journalFile(dir))
  const journal = firstId(text)
  if (journal === null) return { journal: '', lines: [] }
  const { rows } = await sql<{ last: string }>`select last::text as last from erased_mark where journal = ${journal}`.execute(db)
  const last = rows[0]?.last ?? null
  // On any other day the last line is the one: the rest need not be read.
  if (last !== null && text.startsWith(`{"id":"${last}"`, text.lastIndexOf('\n', text.length - 2) + 1)) return { journal, lines: [] }
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map(parsed(journalFile(dir)))
    .filter((line) => line !== null)
  return { journal, lines: lines.slice(lines.findLastIndex(({ id }) => id === last) + 1) }
}

function firstId(text: string): string | null {
  return /^\{"id":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? null
}

/** Half a line with a whole one behind it is what a crash has left: its transaction never ended. */
function parsed(file: string): (line: string, index: number) => ErasedLine | null {
  return (line, index) => {
    try {
      return JSON.parse(line) as ErasedLine
    } catch (cause) {
      if (!line.endsWith('}')) return null
      throw new StoreError(
        'backup',
        `line ${index + 1} of ${file} is none that this release writes; put back the copy of it that was kept`,
        { cause },
      )
    }
  }
}

async function readText(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8')
    // Half a line at the end is what a crash leaves: its transaction never ended.
    return text.slice(0, text.lastIndexOf('\n') + 1)
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/** Answers the name of the journal. */
async function append(file: string, id: string, line: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const [first, end] = [Buffer.alloc(64), Buffer.alloc(1)]
    if (size > 0) {
      await handle.read(first, 0, 64, 0)
      await handle.read(end, 0, 1, size - 1)
    }
    const journal = firstId(first.toString())
    // Half of a first line names nothing.
    if (journal === null && size > 0 && size < first.length) await handle.truncate(0)
    await handle.write(journal !== null && end[0] !== 10 ? `\n${line}` : line)
    await handle.sync()
    if (size === 0) await syncPath(dirname(file))
    return journal ?? id
  } finally {
    await handle.close()
  }
}

import { once } from 'node:events'
import { Command } from 'commander'
import { blockLine, checkpointLine, headerLine, type ExportedKey } from '../core/ledger/export.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { checkpointFile, readCheckpoints } from '../store/checkpoints.ts'
import { findLedgerKey } from '../store/keys.ts'
import { readBlocks, readHead } from '../store/ledger.ts'
import type { Tables } from '../store/tables.ts'
import type { Kysely } from 'kysely'
import { UsageError } from './failure.ts'
import { writeNewFile } from './new-file.ts'
import { printJson, printLine } from './output.ts'
import { wholeNumber } from './whole-number.ts'

type Flags = { config?: string; data?: string; json?: boolean; from: number; checkpoints?: string; unsigned?: boolean }
/** `head`: of the ledger; what lies between `last` and it is not signed yet. */
type Exported = { first: number; last: number; head: number; entries: number; checkpoints: number }

export function exportCommand(): Command {
  return new Command('export')
    .description('Write the ledger to a file that anybody can check without Accord, with bin/verify-ledger.mjs.')
    .argument('<file>', 'where to, such as ledger.jsonl; an existing file is left alone; - for standard output')
    .option(
      '--from <block>',
      'leave out the blocks before this one, which somebody has already',
      (text) => wholeNumber(text, '--from', 1),
      1,
    )
    .option('--checkpoints <file>', 'the signed heads that go with it; otherwise checkpoints.jsonl of the data folder')
    .option('--unsigned', 'also the blocks behind the last signed head, which prove nothing yet')
    .addHelpText(
      'after',
      '\nHolds references to records, and what was said about consent only sealed: docs/ledger.md says what a reader can learn from it.',
    )
    .action(async (file: string, flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const store = await openStore(settings)
      try {
        const head = await readHead(store.db)
        if (head.seq === 0) throw new UsageError('the ledger is empty: there is nothing to export')
        if (flags.from > head.seq) throw new UsageError(`--from: the ledger ends with block ${head.seq}`)
        const key = await findLedgerKey(settings.dataDir)
        const keys = key ? [{ id: key.keyId, publicKey: key.publicKey.export({ type: 'spki', format: 'pem' }).toString() }] : []
        const signed = await readCheckpoints(flags.checkpoints ?? checkpointFile(settings.dataDir))
        const last = flags.unsigned ? head.seq : lastSigned(signed, head.seq)
        if (flags.from > last)
          throw new UsageError(
            `--from: what comes after block ${last} is not signed yet; wait for the next sweep, or export it with --unsigned`,
          )
        const exported: Exported = { first: flags.from, last, head: head.seq, entries: 0, checkpoints: 0 }
        await write(file, exportedLines(store.db, head.ledger, keys, signed, exported))
        if (file === '-') return
        if (flags.json) printJson({ file, ...exported })
        else
          printLine(
            `${file}: blocks ${exported.first} to ${exported.last}, ${exported.entries} entries, ${exported.checkpoints} signed ${exported.checkpoints === 1 ? 'head' : 'heads'}.${leftOut(exported)}`,
          )
      } finally {
        await store.close()
      }
    })
}

/** Without any signed head all of it: then nothing of it is proved, which whoever checks is told. */
function lastSigned(signed: readonly { size: number }[], head: number): number {
  const sizes = signed.map(({ size }) => size).filter((size) => size > 0 && size <= head)
  return sizes.length === 0 ? head : sizes.reduce((most, size) => Math.max(most, size))
}

function leftOut({ last, head }: Exported): string {
  if (last === head) return ''
  return ` ${head - last === 1 ? `Block ${head} is` : `Blocks ${last + 1} to ${head} are`} not signed yet and left out (--unsigned).`
}

/** What is appended meanwhile waits for the next export. */
async function* exportedLines(
  db: Kysely<Tables>,
  ledger: string,
  keys: readonly ExportedKey[],
  signed: Awaited<ReturnType<typeof readCheckpoints>>,
  exported: Exported,
): AsyncGenerator<string> {
  yield headerLine(ledger, exported.first, keys)
  for (const checkpoint of signed) {
    if (checkpoint.size < exported.first - 1 || checkpoint.size > exported.last) continue
    exported.checkpoints += 1
    yield checkpointLine(checkpoint)
  }
  for await (const block of readBlocks(db, exported.first)) {
    if (block.seq > exported.last) return
    exported.entries += block.entries
    yield blockLine(block)
  }
}

function seenEnough(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** A line at a time, however large the ledger is. */
async function write(file: string, lines: AsyncGenerator<string>): Promise<void> {
  if (file === '-') {
    for await (const line of lines) {
      // Whoever reads it may have seen enough.
      if (process.stdout.destroyed) return
      if (!process.stdout.write(`${line}\n`))
        await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(seenEnough)
    }
    return
  }
  await writeNewFile(file, async (handle) => {
    for await (const line of lines) await handle.write(`${line}\n`)
  })
}

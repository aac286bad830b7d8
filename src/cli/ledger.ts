import { access, constants } from 'node:fs/promises'
import { Command } from 'commander'
import type { Checkpoint } from '../core/ledger/checkpoint.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { checkpointFile, otherKey, readCheckpoints } from '../store/checkpoints.ts'
import type { Database } from '../store/database.ts'
import { StoreError } from '../store/error.ts'
import { findLedgerKey, ledgerKeyFile, readPublicKey, type LedgerKey } from '../store/keys.ts'
import { verifyLedger, type LedgerReport } from '../store/ledger.ts'
import { loadKnownSources } from '../store/retired.ts'
import { replaceLostKey, rotateLedgerKey } from '../store/rotate-ledger-key.ts'
import { lockConnection, type ConnectionLock } from '../store/sweeps.ts'
import { UsageError } from './failure.ts'
import { exportCommand } from './ledger-export.ts'
import { statementCommand } from './ledger-statement.ts'
import { printJson, printLine } from './output.ts'
import { wholeNumber } from './whole-number.ts'

type Flags = { config?: string; data?: string; json?: boolean; publicKey?: string[]; checkpoints?: string; unsignedTail?: number }
type Whole = Extract<LedgerReport, { ok: true }>

export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('The record of every decision, made so that a forgery shows.')
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
    .addCommand(statementCommand())
    .addCommand(publicKeyCommand())
    .addCommand(rotateKeyCommand())
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Prove that no entry was changed, added or cut out since it was signed; otherwise name the first bad block.')
    .option('--public-key <file...>', 'public keys in PEM that may have signed the checkpoints; otherwise the one of keys/ledger.pem')
    .option('--checkpoints <file>', 'the signed heads, such as a copy kept elsewhere; otherwise checkpoints.jsonl of the data folder')
    .option(
      '--unsigned-tail <hours>',
      'the last signature need not be of the last block, if it is no older than this; otherwise of the last block',
      (text) => wholeNumber(text, '--unsigned-tail', 1),
    )
    .addHelpText(
      'after',
      '\nRead-only: creates no key, folder or database. Exit code 1 also if no block is signed, or if blocks after the last signature are not covered by it.',
    )
    .action(async (flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const file = flags.checkpoints ?? checkpointFile(settings.dataDir)
      if (flags.checkpoints !== undefined) await mustBeReadable(flags.checkpoints)
      const store = await openStore(settings)
      try {
        const checkpoints = await readCheckpoints(file)
        const keys = await readKeys(settings.dataDir, flags.publicKey ?? [], checkpoints.length > 0)
        refuseOtherKeys(file, checkpoints, keys)
        const report = await verifyLedger(store.db, { checkpoints, keys })
        const signed = report.ok ? signedBy(report, checkpoints) : null
        const proved = report.ok && isProved(report, signed, flags.unsignedTail ?? null)
        if (flags.json) printJson(report.ok ? jsonOf(report, proved, checkpoints.length) : report)
        else
          printLine(
            report.ok
              ? sentenceOf(report, { file, proved, signed })
              : `The ledger does not hold (${report.fault} at block ${report.seq}): ${FAULTS[report.fault]}. Proved up to block ${report.goodUpTo}; keep this database as evidence, and compare it with a backup.`,
          )
        if (!proved) process.exitCode = 1
      } finally {
        await store.close()
      }
    })
}

const FAULTS: Readonly<Record<Extract<LedgerReport, { ok: false }>['fault'], string>> = {
  gap: 'a block is missing',
  order: 'a block comes twice, or too late',
  link: 'it does not follow the block before it, so that one of the two was replaced',
  body: 'its entries are not those that it was made of',
  hash: 'its number, time, count or hash was edited',
  cut: 'what was signed ends later: the last blocks were cut off',
  rewritten: 'all agrees with itself, but it is not what was signed: the ledger was written anew',
  checkpoint: 'a signed head is of another ledger, or not signed by a known key',
  head: 'the last block is not the one that the database names as the last',
}

function publicKeyCommand(): Command {
  return new Command('public-key')
    .description('Print the public half of the key that signs the checkpoints, for whoever is to verify them elsewhere.')
    .action(async (flags: Flags) => {
      const { dataDir } = readSettings(process.env, flags)
      const key = await findLedgerKey(dataDir)
      if (!key) throw new StoreError('key', `there is no ${ledgerKeyFile(dataDir)}; the first sweep makes one`)
      const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString()
      if (flags.json) printJson({ keyId: key.keyId, publicKey: pem })
      else process.stdout.write(pem)
    })
}

function rotateKeyCommand(): Command {
  return new Command('rotate-key')
    .description('Sign with a new key from now on. What the old one signed goes on verifying with its public half, which is kept.')
    .option('--lost', 'the key that signed is gone for good: begin anew with another one, which stands in the ledger')
    .action(async (flags: Flags & { lost?: boolean }) => {
      const settings = readSettings(process.env, flags)
      const store = await openStore(settings)
      const change = flags.lost ? replaceLostKey : rotateLedgerKey
      try {
        const rotation = await withoutSweeps(store.database, () => change(store.db, settings.dataDir, new Date().toISOString()))
        if (flags.json) return printJson(rotation)
        const former = flags.lost
          ? `that ${rotation.retired} is lost stands in the ledger`
          : `the private half of ${rotation.retired} is destroyed`
        printLine(`The key ${rotation.current} signs from now on; ${former}.`)
        printLine(`Give its public half to whoever verifies: accord ledger public-key`)
        if (rotation.checkpoints && !rotation.publicKey)
          printLine(`What was signed before is kept in ${rotation.checkpoints}, for whoever has the former public half.`)
        if (rotation.checkpoints && rotation.publicKey)
          printLine(`What was signed before: accord ledger verify --public-key ${rotation.publicKey} --checkpoints ${rotation.checkpoints}`)
      } finally {
        await store.close()
      }
    })
}

/** A sweep that runs now would sign with the key it began with. */
async function withoutSweeps<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const names = [...new Set((await loadKnownSources(database.db)).map((one) => one.connection))]
  const locks: ConnectionLock[] = []
  try {
    for (const name of names) {
      const lock = await lockConnection(database, name)
      if (!lock) throw new UsageError(`${name} is being swept; wait until it has finished`)
      locks.push(lock)
    }
    return await work()
  } finally {
    for (const lock of locks) await lock.release()
  }
}

async function readKeys(dir: string, files: readonly string[], signed: boolean): Promise<Map<string, LedgerKey['publicKey']>> {
  if (files.length > 0) return new Map((await Promise.all(files.map(readGivenKey))).map((one) => [one.keyId, one.publicKey]))
  const own = await findLedgerKey(dir)
  if (!own && signed)
    throw new StoreError('key', `${ledgerKeyFile(dir)} is missing: put it back from the backup, or give its public half with --public-key`)
  return new Map(own ? [[own.keyId, own.publicKey]] : [])
}

/** What the command line names is the command line's fault. */
function readGivenKey(file: string): ReturnType<typeof readPublicKey> {
  return readPublicKey(file).catch((error: unknown) => {
    throw error instanceof StoreError ? new UsageError(`--public-key: ${error.message}`, { cause: error }) : error
  })
}

/** Of the data folder's own there may be none yet; a file that was named is a file. */
async function mustBeReadable(file: string): Promise<void> {
  await access(file, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--checkpoints: ${file} cannot be read (${error.code ?? 'unreadable'})`, { cause: error })
  })
}

/** A key that is not at hand says nothing about any block. */
function refuseOtherKeys(file: string, checkpoints: readonly Checkpoint[], keys: ReadonlyMap<string, unknown>): void {
  const foreign = checkpoints.find(({ key }) => !keys.has(key))
  if (foreign) throw new StoreError('key', otherKey(file, foreign, [...keys.keys()]))
}

/** The newest of those that vouch for the most. */
function signedBy({ signedUpTo }: Whole, checkpoints: readonly Checkpoint[]): Checkpoint | null {
  return checkpoints.findLast(({ size }) => size === signedUpTo) ?? null
}

/** A file of checkpoints that was cut shows nothing of what was signed behind it: where it does not reach the end, it has to be recent. */
function isProved({ head, signedUpTo }: Whole, signed: Checkpoint | null, tailHours: number | null): boolean {
  if (signed === null || signedUpTo === 0) return false
  return signedUpTo === head.seq || (tailHours !== null && Date.now() - Date.parse(signed.time) <= tailHours * 3_600_000)
}

type Standing = { file: string; proved: boolean; signed: Checkpoint | null }

function sentenceOf({ blocks, entries, signedUpTo, head }: Whole, { file, proved, signed }: Standing): string {
  if (blocks === 0) return 'The ledger is empty: there is nothing to prove yet.'
  const size = `${blocks} blocks, ${entries} entries`
  if (signed !== null && signedUpTo > 0) {
    if (signedUpTo === head.seq) return `The ledger is whole: ${size}; signed up to block ${signedUpTo}.`
    const open = signedUpTo + 1 === head.seq ? `block ${head.seq} is` : `blocks ${signedUpTo + 1} to ${head.seq} are`
    const until = `${size}; signed up to block ${signedUpTo} on ${signed.time}; ${open} not signed yet, and could have been written anew.`
    if (proved) return `The ledger is whole: ${until}`
    return `Not proved to the end: ${until} Let the service sign (it does so after each sweep), give newer checkpoints, or say with --unsigned-tail how old the last signature may be.`
  }
  return `Nothing is proved: the ${size} agree with each other, but ${file} holds no checkpoint, and whoever can write the database can write them all anew.`
}

function jsonOf(report: Whole, proved: boolean, checkpoints: number): unknown {
  return { ...report, ok: proved, head: { seq: report.head.seq, hash: report.head.hash.toString('hex') }, checkpoints }
}

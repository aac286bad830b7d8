/** Attacks on a ledger by somebody who can write every table, and what the service and the standalone verifier say of each. */
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entriesOf, genesisHash, nextBlock, sealBatch } from '../../src/core/ledger/ledger.ts'
import type { Block, Position } from '../../src/core/ledger/ledger.ts'
import { signCheckpoint } from '../../src/core/ledger/checkpoint.ts'
import type { Checkpoint, CheckpointKeys } from '../../src/core/ledger/checkpoint.ts'
import { entryText } from '../../src/core/ledger/entry.ts'
import { blockLine, checkpointLine, headerLine } from '../../src/core/ledger/export.ts'
import { verifyChain } from '../../src/core/ledger/verify.ts'
import type { ChainReport } from '../../src/core/ledger/verify.ts'
import type { Proof } from './proof.ts'
import { randomFrom } from './random.ts'
import type { Random } from './random.ts'

type Ledger = {
  readonly id: string
  readonly blocks: readonly Block[]
  readonly checkpoints: readonly Checkpoint[]
  readonly keys: CheckpointKeys
}
/** First bad number, or, after a complete re-hash, the first number that was changed. */
type Attacked = { readonly blocks: readonly Block[]; readonly checkpoints?: readonly Checkpoint[]; readonly firstBad: number }
type Attack = (ledger: Ledger, random: Random) => Attacked

type Told = { ok: true; entries: number } | { ok: false; fault: string; seq: number; goodUpTo: number; entry?: number; lastEntry?: number }
/** `bin/verify-ledger.mjs`, which has no types: it is read by people who have neither our sources nor a compiler. */
export type Standalone = {
  createVerifier: (check: { keys: CheckpointKeys; checkpoints?: readonly Checkpoint[] }) => {
    line: (text: string) => boolean
    end: () => Told
  }
}
const VERIFIER = new URL('../../bin/verify-ledger.mjs', import.meta.url)
export const loadStandalone = async (): Promise<Standalone> => (await import(VERIFIER.href)) as Standalone

export type AttackProof = {
  readonly seed: number
  readonly entries: number
  readonly attacks: number
  /** How many of them were also shown to the standalone verifier as a program, with a file. */
  readonly files: number
  readonly byKind: Readonly<Record<string, number>>
  /** By the standalone verifier: the very entry that is bad, or a range of entries with it. */
  readonly named: Readonly<Record<'exactly' | 'within a range', number>>
  /** Attacks that were not found, or with the wrong number, or of which the two verifiers say different things. */
  readonly violations: readonly string[]
  readonly entriesVerifiedPerSecond: Readonly<Record<'service' | 'standalone', number>>
}

export const ledger: Proof = async ({ short, seed, say }) => {
  const proof = await proveLedger(short ? { trials: 114, seed, entries: 20_000, filesEvery: 40 } : { trials: 1_007, seed, filesEvery: 25 })
  for (const [kind, count] of Object.entries(proof.byKind)) say(`${String(count).padStart(4)} × ${kind}`)
  const { service, standalone } = proof.entriesVerifiedPerSecond
  say(`${proof.entries} entries, every body hashed again: ${service} a second by the service, ${standalone} by bin/verify-ledger.mjs`)
  say(
    `first bad entry named: ${proof.named.exactly} times exactly, ${proof.named['within a range']} times within a range, never outside it`,
  )
  say(`${proof.files} of the attacks as files, to the program itself`)
  return { trials: proof.attacks, violations: proof.violations }
}

type Options = { trials: number; seed: number; entries?: number; filesEvery?: number }

export async function proveLedger({ trials, seed, entries = 100_000, filesEvery = Infinity }: Options): Promise<AttackProof> {
  const random = randomFrom(seed)
  const made = makeLedger(entries, random)
  const standalone = await loadStandalone()
  const read = (one: Attacked): Told => {
    const verifier = standalone.createVerifier({ keys: made.keys })
    for (const line of linesOf(made, one)) if (!verifier.line(line)) break
    return verifier.end()
  }
  const check = ({ blocks, checkpoints = made.checkpoints }: Attacked): ChainReport =>
    verifyChain(blocks, { ledger: made.id, checkpoints, keys: made.keys })
  const violations: string[] = []
  const sound = { blocks: made.blocks, firstBad: 0 }
  linesOf(made, sound)
  const speeds = { service: 0, standalone: 0 }
  for (const [name, verify] of [
    ['service', check],
    ['standalone', read],
  ] as const) {
    const started = performance.now()
    const report = verify(sound)
    speeds[name] = Math.round((entries / (performance.now() - started)) * 1000)
    if (!report.ok || report.entries !== entries) violations.push(`${name}, of the untouched ledger: ${describe(report)}`)
  }
  const kinds = Object.entries(attacks)
  const byKind: Record<string, number> = {}
  const named = { exactly: 0, 'within a range': 0 }
  let files = 0
  for (let trial = 0; trial < trials; trial++) {
    const [kind, attack] = kinds[trial % kinds.length] as [string, Attack]
    const attacked = attack(made, random)
    byKind[kind] = (byKind[kind] ?? 0) + 1
    const reports: Told[] = [check(attacked), read(attacked)]
    if (trial % filesEvery === 0 && files++ >= 0) reports.push(await readFile(made, attacked))
    for (const report of reports)
      if (!isFound(report, attacked.firstBad)) violations.push(`${kind} at ${attacked.firstBad}: ${describe(report)}`)
    const bad = firstBadEntry(made, attacked)
    for (const report of reports.slice(1)) {
      // A false checkpoint is no entry, and hides none.
      if (bad === null || report.ok || !report.entry || !report.lastEntry) continue
      if (bad < report.entry || bad > report.lastEntry)
        violations.push(`${kind}: entry ${bad} is bad, and ${report.entry} to ${report.lastEntry} are named`)
      else named[report.entry === report.lastEntry ? 'exactly' : 'within a range']++
    }
    if (new Set(reports.map(describe)).size > 1) violations.push(`${kind}: they differ: ${reports.map(describe).join(' / ')}`)
  }
  return { seed, entries, attacks: trials, files, byKind, named, violations, entriesVerifiedPerSecond: speeds }
}

const written = new WeakMap<Block, string>()

/** The file that `accord ledger export` would write of such a database. */
function linesOf(made: Ledger, { blocks, checkpoints = made.checkpoints }: Attacked): string[] {
  const lines = [headerLine(made.id, 1, []), ...checkpoints.map(checkpointLine)]
  for (const block of blocks) {
    let line = written.get(block)
    if (line === undefined) written.set(block, (line = blockLine(block)))
    lines.push(line)
  }
  return lines
}

/** As a stranger runs it. */
async function readFile(made: Ledger, attacked: Attacked): Promise<Told> {
  const dir = await mkdtemp(join(tmpdir(), 'accord-export-'))
  try {
    const [key] = made.keys.values()
    await writeFile(join(dir, 'public.pem'), key!.export({ type: 'spki', format: 'pem' }))
    await writeFile(join(dir, 'ledger.jsonl'), `${linesOf(made, attacked).join('\n')}\n`)
    return await new Promise<Told>((resolve, reject) => {
      execFile(
        process.execPath,
        [VERIFIER.pathname, join(dir, 'ledger.jsonl'), '--key', join(dir, 'public.pem'), '--json'],
        (error, stdout, stderr) => {
          if (error?.code === 1 && stderr === '') resolve(JSON.parse(stdout) as Told)
          else reject(new Error(`the verifier ended with ${error?.code ?? 0}: ${stderr}`))
        },
      )
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** The first entry that is not the one that was written, counted from 1; null: only what stands around the entries was attacked. */
function firstBadEntry(made: Ledger, { blocks }: Attacked): number | null {
  let before = 0
  for (const [index, block] of made.blocks.entries()) {
    const now = blocks[index]
    if (now?.body === block.body) {
      before += block.entries
      continue
    }
    const held = now === undefined ? [] : now.body.split('\n')
    const differs = entriesOf(block).findIndex((entry, i) => entry !== held[i])
    return before + (differs === -1 ? block.entries : differs) + 1
  }
  return null
}

function isFound(report: Told, firstBad: number): boolean {
  if (report.ok) return false
  return report.fault === 'rewritten' ? report.goodUpTo < firstBad && firstBad <= report.seq : report.seq === firstBad
}

function describe(report: Told): string {
  return report.ok ? 'accepted' : `${report.fault} at ${report.seq}, good up to ${report.goodUpTo}`
}

const attacks: Readonly<Record<string, Attack>> = {
  'edit an entry': (ledger, random) => replaceOne(ledger, random, (block) => ({ ...block, body: editBody(block, random) })),
  'edit an entry and its root': (ledger, random) =>
    replaceOne(ledger, random, (block) => ({ ...block, ...sealBatch(editBody(block, random).split('\n'), block.at) })),
  'edit an entry, its root and its hash': (ledger, random) =>
    replaceOne(ledger, random, (block) => rebuilt(block, { seq: block.seq - 1, hash: block.previous }, editBody(block, random))),
  'edit the link': (ledger, random) => replaceOne(ledger, random, (block) => ({ ...block, previous: flipBit(block.previous, random) })),
  'edit the hash': (ledger, random) => replaceOne(ledger, random, (block) => ({ ...block, hash: flipBit(block.hash, random) })),
  'edit the root': (ledger, random) => replaceOne(ledger, random, (block) => ({ ...block, root: flipBit(block.root, random) })),
  'edit the time': (ledger, random) => replaceOne(ledger, random, (block) => ({ ...block, at: '2020-01-01T00:00:00Z' })),
  'edit the count': (ledger, random) => replaceOne(ledger, random, (block) => ({ ...block, entries: block.entries + 1 })),
  'drop an entry': (ledger, random) =>
    replaceOne(ledger, random, (block) => ({ ...block, body: entriesOf(block).slice(1).join('\n'), entries: block.entries - 1 })),
  'reverse the entries': (ledger, random) =>
    replaceOne(ledger, random, (block) => ({ ...block, body: entriesOf(block).reverse().join('\n') })),
  'delete a block': ({ blocks }, random) => {
    const index = random(blocks.length - 1)
    return { blocks: blocks.toSpliced(index, 1), firstBad: index + 1 }
  },
  'delete a block and renumber': ({ blocks }, random) => {
    const index = random(blocks.length - 1)
    return { blocks: renumbered(blocks.toSpliced(index, 1)), firstBad: index + 1 }
  },
  'swap two blocks': ({ blocks }, random) => {
    const one = random(blocks.length - 1)
    const other = one + 1 + random(blocks.length - one - 1)
    return { blocks: renumbered(blocks.with(one, blocks[other] as Block).with(other, blocks[one] as Block)), firstBad: one + 1 }
  },
  'insert a sound block and renumber': ({ id, blocks }, random) => {
    const index = random(blocks.length)
    const inserted = nextBlock(positionBefore(id, blocks, index), sealBatch(['{"kind":"forged"}'], '2026-11-20T10:00:00Z'))
    return { blocks: renumbered(blocks.toSpliced(index, 0, inserted)), firstBad: index + 1 }
  },
  'repeat a block': ({ blocks }, random) => {
    const index = random(blocks.length)
    return { blocks: blocks.toSpliced(index + 1, 0, blocks[index] as Block), firstBad: index + 1 }
  },
  'cut the tail': ({ blocks }, random) => {
    const kept = random(blocks.length)
    return { blocks: blocks.slice(0, kept), firstBad: kept + 1 }
  },
  'write everything anew from a block on': (ledger, random) => {
    const index = random(ledger.blocks.length)
    return { blocks: rehashedFrom(ledger, index, random), firstBad: index + 1 }
  },
  'write everything anew and sign it with another key': (ledger, random) => {
    const blocks = rehashedFrom(ledger, random(ledger.blocks.length), random)
    const { privateKey } = generateKeyPairSync('ed25519')
    const forged = signCheckpoint(ledger.id, blocks.at(-1) as Block, '2026-11-21T10:00:00Z', privateKey)
    // Under its own key id, or under that of the true key.
    const checkpoint = random(2) === 0 ? forged : { ...forged, key: ledger.checkpoints[0]?.key ?? '' }
    return { blocks, checkpoints: [checkpoint], firstBad: checkpoint.size }
  },
  'edit a checkpoint': ({ blocks, checkpoints }, random) => {
    const index = random(checkpoints.length)
    const old = checkpoints[index] as Checkpoint
    const kept = blocks.slice(0, old.size - 1)
    const edits = [
      { size: old.size - 1, head: kept.at(-1)?.hash.toString('hex') ?? '' },
      { time: '2020-01-01T00:00:00Z' },
      { ledger: 'another' },
    ]
    const edited = { ...old, ...edits[random(edits.length)] }
    return { blocks, checkpoints: checkpoints.with(index, edited), firstBad: edited.size }
  },
}

function replaceOne({ blocks }: Ledger, random: Random, change: (block: Block) => Block): Attacked {
  const index = random(blocks.length)
  return { blocks: blocks.with(index, change(blocks[index] as Block)), firstBad: index + 1 }
}

/** One digit or letter of one entry becomes another; the lines stay lines of JSON. */
function editBody(block: Block, random: Random): string {
  const places = [...block.body.matchAll(/[0-9]/g)]
  const at = places[random(places.length)]?.index ?? 0
  const digit = (Number(block.body[at]) + 1) % 10
  return `${block.body.slice(0, at)}${digit}${block.body.slice(at + 1)}`
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  copy[random(copy.length)]! ^= 1 << random(8)
  return copy
}

function renumbered(blocks: readonly Block[]): Block[] {
  return blocks.map((block, index) => ({ ...block, seq: index + 1 }))
}

function rebuilt(block: Block, before: Position, body: string): Block {
  return nextBlock(before, sealBatch(body.split('\n'), block.at))
}

function rehashedFrom({ id, blocks }: Ledger, index: number, random: Random): Block[] {
  const anew = blocks.slice(0, index)
  for (const block of blocks.slice(index)) {
    const body = block.seq === index + 1 ? editBody(block, random) : block.body
    anew.push(rebuilt(block, positionBefore(id, anew, anew.length), body))
  }
  return anew
}

function positionBefore(id: string, blocks: readonly Block[], index: number): Position {
  return blocks[index - 1] ?? { seq: 0, hash: genesisHash(id) }
}

function makeLedger(entries: number, random: Random): Ledger {
  const id = 'test-ledger'
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const blocks: Block[] = []
  const checkpoints: Checkpoint[] = []
  for (let made = 0; made < entries;) {
    const size = Math.min(20 + random(480), entries - made)
    const batch = Array.from({ length: size }, (_, index) => makeEntry(made + index, random))
    blocks.push(nextBlock(positionBefore(id, blocks, blocks.length), sealBatch(batch, '2026-11-20T10:00:00Z')))
    made += size
    const last = blocks.at(-1) as Block
    if (blocks.length % 20 === 0 || made === entries) checkpoints.push(signCheckpoint(id, last, '2026-11-20T11:00:00Z', privateKey))
  }
  const [first] = checkpoints
  return { id, blocks, checkpoints, keys: new Map(first && [[first.key, publicKey]]) }
}

/** As large as a decision of a sweep: about 300 bytes. */
function makeEntry(number: number, random: Random): string {
  const subject = Array.from({ length: 4 }, () =>
    random(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
  const findings = ['retention.prospect', 'consent.newsletter.proof', 'minimisation.undeclared'].slice(random(3))
  return entryText({
    kind: 'judged',
    ref: `hubspot-eu/contact/${1_000_000 + number}`,
    subject,
    findings,
    due: '2028-11-20',
    policy: 'b7c1f2',
    status: 'attention',
  })
}

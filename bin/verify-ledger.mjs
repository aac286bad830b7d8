#!/usr/bin/env node
/**
 * Checks an exported ledger of Accord, or a certificate of erasure, without Accord: one file, Node 22 or newer, nothing to install, no network.
 * The format is docs/ledger.md. Exit code 0: proved; 1: not proved, or forged; 2: wrong command line, or a file that cannot be read.
 */
import { createPublicKey, hash, verify as verifySignature } from 'node:crypto'
import { createReadStream, readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `usage: node verify-ledger.mjs LEDGER.jsonl --key PUBLIC.pem [--key …] [--checkpoint CHECKPOINTS.jsonl]
            [--unsigned-tail HOURS] [--json]
       node verify-ledger.mjs [LEDGER.jsonl] --certificate CERTIFICATE.json --key PUBLIC.pem [--key …] [--json]
What is signed has to reach the last block; --unsigned-tail: it is enough that the last signature is no older than that.
Take the key, and best a checkpoint too, from elsewhere than the ledger: whoever forged one could have forged both.
`

const sha256 = (bytes) => hash('sha256', bytes, 'buffer')
/** Each part, the domain first, behind its length: four bytes, big endian. */
function frame(domain, ...parts) {
  const lengthOf = (part) => Buffer.from([part.length >>> 24, part.length >>> 16, part.length >>> 8, part.length])
  return Buffer.concat([Buffer.from(domain), ...parts].flatMap((part) => [lengthOf(part), part]))
}

/** Merkle tree hash of RFC 9162, section 2.1.1: an odd node at the end of a level moves up as it is. */
export function merkleRoot(entries) {
  let level = entries.map((entry) => sha256(`\0${entry}`))
  while (level.length > 1) {
    const above = []
    for (let i = 0; i < level.length; i += 2)
      above.push(i + 1 < level.length ? sha256(Buffer.concat([Buffer.of(1), level[i], level[i + 1]])) : level[i])
    level = above
  }
  return level[0]
}

export function genesisHash(ledger) {
  return sha256(frame('accord/ledger/genesis/v1', Buffer.from(ledger)))
}

export function blockHash({ seq, previous, at, entries, root }) {
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(seq))
  const count = Buffer.alloc(4)
  count.writeUInt32BE(entries)
  return sha256(frame('accord/ledger/block/v1', number, previous, Buffer.from(at), count, root))
}

/** 16 hex digits of the SHA-256 of the key's SubjectPublicKeyInfo. */
export function keyIdOf(key) {
  return sha256(key.export({ type: 'spki', format: 'der' }))
    .toString('hex')
    .slice(0, 16)
}

function isSigned(bytes, keyId, signature, keys) {
  const key = keys.get(keyId)
  return key !== undefined && typeof signature === 'string' && verifySignature(null, bytes, key, Buffer.from(signature, 'base64'))
}

function isGenuine({ ledger, size, head, time, key, signature }, keys) {
  const parts = [ledger, String(size), head, time, key].map((part) => Buffer.from(String(part)))
  return isSigned(frame('accord/ledger/checkpoint/v1', ...parts), key, signature, keys)
}

/** @returns null for what is no block. */
function readBlock(value) {
  const { seq, previous, at, entries, root, hash, body } = value
  const whole = Number.isSafeInteger(seq) && seq > 0 && Number.isSafeInteger(entries) && entries > 0 && entries < 2 ** 32
  const texts = typeof at === 'string' && typeof body === 'string' && Object.keys(value).length === 7
  if (!whole || !texts || ![previous, root, hash].every((text) => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text))) return null
  const bytes = { previous: Buffer.from(previous, 'hex'), root: Buffer.from(root, 'hex'), hash: Buffer.from(hash, 'hex') }
  return { seq, at, entries, body, ...bytes }
}

/**
 * `line` takes the lines in order, and answers false once something is wrong; `end` tells. `keys`: public keys by key id. `checkpoints`: from elsewhere,
 * besides those of the export. `watch`: number of a block whose hash is wanted.
 */
export function createVerifier({ keys, checkpoints = [], watch = 0 }) {
  const state = { keys, checkpoints: [...checkpoints], expected: [], met: 0, start: 0, entries: 0, entriesBefore: 0, signed: 0 }
  Object.assign(state, { header: null, head: null, before: null, bad: null, watched: null })
  return {
    line(text) {
      if (state.bad) return false
      let value = null
      try {
        value = JSON.parse(text)
      } catch {} // told below as a fault of the format
      // What is spelled twice, or otherwise than it was written, could be read otherwise by somebody else.
      const whole = typeof value === 'object' && value !== null && JSON.stringify(value) === text
      return whole ? take(state, value, watch) : fail(state, 'format', (state.head?.seq ?? 0) + 1)
    },
    end() {
      if (!state.bad && state.header === null) fail(state, 'format', 1)
      if (!state.bad && state.head === null) begin(state, null)
      if (!state.bad && state.met < state.expected.length) fail(state, 'cut', state.head.seq + 1)
      return state.bad ?? wholeReport(state)
    },
  }
}

function take(state, value, watch) {
  if (state.header === null) {
    if (value['accord-ledger'] !== 1 || typeof value.ledger !== 'string' || !(value.first > 0)) return fail(state, 'format', 1)
    state.header = value
    state.start = value.first - 1
    return true
  }
  if (value.checkpoint && state.head === null) return state.checkpoints.push(value.checkpoint) > 0
  const block = readBlock(value)
  if (state.head === null && !begin(state, block)) return false
  if (block === null) return fail(state, 'format', state.head.seq + 1)
  const fault = faultOf(block, state.head)
  if (fault === 'link')
    return headIsImpostor(state, block) ? fail(state, fault, state.head.seq) : fail(state, fault, state.head.seq + 1, block)
  if (fault !== null) return fail(state, fault, fault === 'order' ? block.seq : state.head.seq + 1, fault === 'gap' ? null : block)
  state.before = block.previous
  state.head = block
  state.entriesBefore = state.entries
  state.entries += block.entries
  if (block.seq === watch) state.watched = block.hash.toString('hex')
  return meetCheckpoints(state)
}

function begin(state, first) {
  const { header, start, checkpoints, keys } = state
  state.head = { seq: start, hash: start === 0 ? genesisHash(header.ledger) : (first?.previous ?? Buffer.alloc(32)) }
  state.expected = checkpoints.filter(({ size }) => size >= start).sort((a, b) => a.size - b.size)
  const forged = checkpoints.find((one) => one.ledger !== header.ledger || !isGenuine(one, keys))
  if (forged) state.bad = { ok: false, fault: 'checkpoint', seq: forged.size, goodUpTo: start, entry: 0, lastEntry: 0 }
  if (!forged && first === null && start > 0) return fail(state, 'cut', start + 1)
  return !forged && meetCheckpoints(state)
}

function meetCheckpoints(state) {
  for (let next = state.expected[state.met]; next?.size === state.head.seq; next = state.expected[++state.met])
    if (next.head === state.head.hash.toString('hex')) state.signed = state.entries
    else return fail(state, 'rewritten', state.head.seq, state.head)
  return true
}

/** `block`: the bad one, as far as it is in the file. Its root vouches for all its entries together: one of them is bad, or one is missing among them. */
function fail(state, fault, seq, block = null) {
  const proved = fault === 'rewritten' ? (state.expected[state.met - 1]?.size ?? state.start) : seq - 1
  const accusesHead = state.head !== null && seq === state.head.seq && fault === 'link'
  const before = fault === 'rewritten' ? state.signed : accusesHead ? state.entriesBefore : state.entries
  const own = block === null || fault === 'rewritten' ? 1 : Math.max(block.entries, block.body.split('\n').length)
  const last = accusesHead || fault === 'rewritten' ? state.entries : before + own
  state.bad = { ok: false, fault, seq, goodUpTo: proved, entry: before + 1, lastEntry: last }
  return false
}

function faultOf(block, head) {
  if (block.seq > head.seq + 1) return 'gap'
  if (block.seq <= head.seq) return 'order'
  if (!block.previous.equals(head.hash)) return 'link'
  const entries = block.body.split('\n')
  if (entries.length !== block.entries || !merkleRoot(entries).equals(block.root)) return 'body'
  return blockHash(block).equals(block.hash) ? null : 'hash'
}

/** A broken link accuses two blocks: the later one is innocent when its own hash holds, or when it names the block before the earlier one. */
function headIsImpostor({ expected, met, start, head, before }, block) {
  const proved = expected[met - 1]?.size ?? start
  return head.seq > proved && (blockHash(block).equals(block.hash) || before?.equals(block.previous) === true)
}

function wholeReport({ start, header, head, entries, expected, watched }) {
  const last = expected.at(-1)
  const counts = { first: start + 1, blocks: head.seq - start, entries, head: { seq: head.seq, hash: head.hash.toString('hex') } }
  const signed = { signedUpTo: last?.size ?? start, signedAt: last?.time ?? null, signedBy: last?.key ?? null }
  return { ok: true, ledger: header.ledger, ...counts, ...signed, watched }
}

/** The one text of a value: keys in order of their UTF-16 units, no blanks (RFC 8785 without fractions). */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

/** Genuine: signed by a known key, and each character of the file as Accord writes it. */
export function verifyCertificate(text, keys) {
  let certificate
  try {
    certificate = JSON.parse(text)
  } catch {
    return { ok: false, fault: 'no-certificate' }
  }
  if (certificate?.format !== 'accord/erasure-certificate/v1') return { ok: false, fault: 'no-certificate' }
  const { signature, ...signed } = certificate
  if (!keys.has(signed.key)) return { ok: false, fault: 'unknown-key' }
  const genuine = isSigned(frame('accord/certificate/v1', Buffer.from(canonical(signed))), signed.key, signature, keys)
  const written = `${JSON.stringify(JSON.parse(canonical(certificate)), null, 2)}\n`
  return genuine && text.replaceAll('\r\n', '\n') === written ? { ok: true, certificate } : { ok: false, fault: 'forged' }
}

const faults = {
  format: 'this is no line of an export',
  gap: 'a block is missing',
  order: 'a block comes twice, or too late',
  link: 'it does not fit the block before: one of them was put in the place of another',
  body: 'its entries are not those that its root was made of',
  hash: 'its number, time, count, root or hash was edited',
  cut: 'the ledger ends before what was signed',
  rewritten: 'it is not the block that was signed, so it or one before it was written anew',
  checkpoint: 'a checkpoint is of another ledger, or not signed by a key that was given',
}

/** Whoever can write the file can write anew what no signature covers, and cut off what was signed behind the last one that is shown. */
export function standingOf({ ok, first, head, signedUpTo, signedAt }, tailHours, now) {
  if (!ok) return 'not whole'
  if (signedUpTo < first) return 'nothing proved'
  const isRecent = tailHours !== null && now - Date.parse(signedAt) <= tailHours * 3_600_000
  return signedUpTo === head.seq || isRecent ? 'whole' : 'not to the end'
}

function describe(report, standing) {
  if (!report.ok) {
    const { entry, lastEntry } = report
    const where =
      entry === 0
        ? ''
        : entry === lastEntry
          ? ` (entry ${entry} of this file)`
          : ` (one of the entries ${entry} to ${lastEntry} of this file)`
    return `NOT WHOLE: ${report.fault} at block ${report.seq}${where}: ${faults[report.fault]}. Proved up to block ${report.goodUpTo}.`
  }
  const { ledger, first, head, entries, signedUpTo, signedAt, signedBy } = report
  const size = `ledger ${ledger}: blocks ${first} to ${head.seq}, ${entries} entries, head ${head.hash}`
  if (standing === 'nothing proved')
    return `NOTHING PROVED: ${size}. All of it agrees, but none of it is signed: it could have been written anew.`
  const open = signedUpTo < head.seq ? ` Blocks ${signedUpTo + 1} to ${head.seq} are not signed: they could have been written anew.` : ''
  const cut = standing === 'whole' ? '' : ' Give a newer checkpoint, or say with --unsigned-tail how old the last signature may be.'
  const word = standing === 'whole' ? 'WHOLE' : 'NOT PROVED TO THE END'
  return `${word}: ${size}. Signed up to block ${signedUpTo} on ${signedAt} by the key ${signedBy}.${open}${cut}`
}

/** Ended by line feeds alone: JSON may hold what other readers take for the end of a line (U+2028, U+2029). */
async function* linesOf(file) {
  let rest = ''
  for await (const chunk of createReadStream(file, 'utf8')) {
    const [first, ...more] = chunk.split('\n')
    rest += first
    for (const next of more) {
      yield rest
      rest = next
    }
  }
  if (rest !== '') yield rest
}

async function main() {
  const text = { type: 'string' }
  const others = { checkpoint: text, certificate: text, 'unsigned-tail': text, json: { type: 'boolean', default: false } }
  const { values, positionals } = parseArgs({ options: { key: { ...text, multiple: true }, ...others }, allowPositionals: true })
  const tail = values['unsigned-tail'] === undefined ? null : Number(values['unsigned-tail'])
  if (tail !== null && !(tail > 0)) throw new Error(usage)
  if (!values.key || positionals.length > 1 || (positionals.length === 0 && !values.certificate)) throw new Error(usage)
  const keys = new Map(values.key.map((file) => createPublicKey(readFileSync(file))).map((key) => [keyIdOf(key), key]))
  const paper = values.certificate ? verifyCertificate(readFileSync(values.certificate, 'utf8'), keys) : null
  const say = (line, value) => process.stdout.write(values.json ? `${JSON.stringify(value)}\n` : `${line}\n`)
  if (paper?.ok) say(`GENUINE: request ${paper.certificate.request}, ${paper.certificate.standing}.`, paper)
  if (paper?.ok === false) say(`NOT GENUINE: ${paper.fault}.`, paper)
  if (positionals.length === 0) return paper.ok ? 0 : 1
  const place = paper?.ok ? paper.certificate.ledger : null
  const lines = values.checkpoint ? readFileSync(values.checkpoint, 'utf8').split('\n').slice(0, -1) : []
  const verifier = createVerifier({ keys, checkpoints: lines.map((line) => JSON.parse(line)), watch: place?.block ?? 0 })
  for await (const line of linesOf(positionals[0])) if (!verifier.line(line)) break
  const report = verifier.end()
  const standing = standingOf(report, tail, Date.now())
  say(describe(report, standing), { ...report, ok: standing === 'whole' })
  const proved = standing === 'whole' && paper?.ok !== false
  if (!proved || place === null) return proved ? 0 : 1
  if (report.ledger === place.id && report.watched === place.hash && report.signedUpTo >= place.block) return 0
  say(`The certificate names block ${place.block} of ${place.id}, which this file does not prove.`, { ok: false, fault: 'place' })
  return 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main().catch((error) => {
    process.stderr.write(`${error.message}\n`)
    return 2
  })

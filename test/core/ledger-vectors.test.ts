import { readFileSync } from 'node:fs'
import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseCheckpoint } from '../../src/core/ledger/checkpoint.ts'
import { blockLine, checkpointLine, headerLine } from '../../src/core/ledger/export.ts'
import { leafHash, merkleRoot } from '../../src/core/ledger/merkle.ts'
import { genesisHash, type Block } from '../../src/core/ledger/ledger.ts'
import { verifyChain } from '../../src/core/ledger/verify.ts'
import { loadStandalone } from '../prove/ledger.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const file = read('../vectors/ledger.jsonl')
const [header, ...lines] = file.trimEnd().split('\n')
const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
const checkpoints = parsed.flatMap((one) => parseCheckpoint(JSON.stringify(one['checkpoint'] ?? null)) ?? [])
const blocks = parsed.slice(checkpoints.length).map((one) => {
  const hex = (name: string): Buffer => Buffer.from(String(one[name]), 'hex')
  return { ...one, previous: hex('previous'), root: hex('root'), hash: hex('hash') } as unknown as Block
})
const publicKey = createPublicKey(read('../vectors/ledger.pem'))
const keys = new Map([[checkpoints[0]!.key, publicKey]])
const whole = { ok: true, blocks: 2, entries: 4, signedUpTo: 2 }

describe('the published example of a ledger', () => {
  it('is what this release writes, character for character', () => {
    const own = [{ id: checkpoints[0]!.key, publicKey: read('../vectors/ledger.pem') }]
    expect([headerLine('a-ledger', 1, own), ...checkpoints.map(checkpointLine), ...blocks.map(blockLine)]).toEqual([header, ...lines])
  })

  it('verifies in the service and in the standalone verifier', async () => {
    expect(verifyChain(blocks, { ledger: 'a-ledger', checkpoints, keys })).toMatchObject(whole)
    const { createVerifier } = await loadStandalone()
    const verifier = createVerifier({ keys })
    expect([header!, ...lines].map((line) => verifier.line(line))).toEqual([true, true, true, true])
    expect(verifier.end()).toMatchObject({ ...whole, ledger: 'a-ledger', first: 1, signedBy: checkpoints[0]!.key })
  })

  it('has the intermediate values that the documentation prints', () => {
    const docs = read('../../docs/ledger.md')
    const leaves = blocks[0]!.body.split('\n').map(leafHash)
    const values = [genesisHash('a-ledger'), ...leaves, merkleRoot(leaves.slice(0, 2)), ...blocks.flatMap(({ root, hash }) => [root, hash])]
    expect([...values.map((one) => one.toString('hex')), checkpoints[0]!.signature].filter((value) => !docs.includes(value))).toEqual([])
  })

  it.each([
    ['a member twice', (line: string) => line.replace('{"seq":2,', '{"seq":1,"seq":2,'), 2],
    ['a blank', (line: string) => line.replace('"seq":2,', '"seq": 2,'), 2],
    ['a member more', (line: string) => line.replace('{"seq":2,', '{"note":"x","seq":2,'), 2],
    ['half a line', (line: string) => line.slice(0, 40), 2],
    ['a number as text', (line: string) => line.replace('"seq":2,', '"seq":"2",'), 2],
  ])('is refused where it has %s, with the number of the block', async (_what, change, seq) => {
    const verifier = (await loadStandalone()).createVerifier({ keys })
    for (const line of [header!, ...lines.slice(0, -1), change(lines.at(-1)!)]) verifier.line(line)
    expect(verifier.end()).toMatchObject({ ok: false, fault: 'format', seq, goodUpTo: 1, entry: 4 })
  })
})

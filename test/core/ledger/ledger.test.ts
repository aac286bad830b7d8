import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockHash, entriesOf, genesisHash, nextBlock, sealBatch } from '../../../src/core/ledger/ledger.ts'
import type { Block } from '../../../src/core/ledger/ledger.ts'
import { isGenuine, parseCheckpoint, signCheckpoint } from '../../../src/core/ledger/checkpoint.ts'
import { entryText } from '../../../src/core/ledger/entry.ts'
import type { EntryValue } from '../../../src/core/ledger/entry.ts'
import { inclusionPath, leafHash, merkleRoot, rootFromPath, rootOf } from '../../../src/core/ledger/merkle.ts'
import { proveEntry, provenBlock } from '../../../src/core/ledger/proof.ts'
import { verifyChain } from '../../../src/core/ledger/verify.ts'
import { proveLedger } from '../../prove/ledger.ts'

const seed = 20_261_121
const ledger = 'a-ledger'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const at = '2026-11-20T10:00:00Z'

function chain(...batches: string[][]): Block[] {
  const blocks: Block[] = []
  for (const batch of batches) blocks.push(nextBlock(blocks.at(-1) ?? { seq: 0, hash: genesisHash(ledger) }, sealBatch(batch, at)))
  return blocks
}

describe('the text of an entry', () => {
  it('is the same whatever the order of its keys, and leaves out what is absent', () => {
    const one = entryText({ kind: 'judged', due: null, list: [3, true, { b: 'é\n', a: undefined }], id: -0 })
    expect(one).toBe('{"due":null,"id":0,"kind":"judged","list":[3,true,{"b":"é\\n"}]}')
    expect(entryText({ id: 0, list: [3, true, { b: 'é\n' }], due: null, kind: 'judged' })).toBe(one)
  })

  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, new Date(0), new Map(), () => 1, 1n])(
    'refuses %s, which has no single text',
    (value) => {
      expect(() => entryText({ value: value as unknown as EntryValue })).toThrow(TypeError)
    },
  )

  it('is one line that reads back as the same value', () => {
    const value = fc.letrec<{ value: EntryValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary' }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(value, (entry) => {
        const text = entryText(entry)
        expect(text).not.toContain('\n')
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(entry)))
      }),
      { seed },
    )
  })
})

describe('the Merkle tree', () => {
  it('is that of RFC 9162: its first known answers', () => {
    // Root of the one empty leaf, and leaf hash of "L123456": RFC 6962 test vectors of the Certificate Transparency project.
    expect(leafHash('').toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
    expect(leafHash('L123456').toString('hex')).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56')
  })

  it('proves each entry alone, and nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 70 }), fc.nat(), fc.nat(), (texts, pick, other) => {
        const leaves = texts.map(leafHash)
        const root = merkleRoot(leaves)
        expect(rootOf(texts)).toEqual(root)
        const index = pick % texts.length
        const path = inclusionPath(leaves, index)
        const leaf = leaves[index] as Buffer
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(texts.length)))
        expect(rootFromPath(leaf, index, texts.length, path)).toEqual(root)
        expect(rootFromPath(leafHash('forged entry'), index, texts.length, path)).not.toEqual(root)
        expect(rootFromPath(leaf, index, texts.length, [...path, leaf])).toBeNull()
        if (path.length > 0) expect(rootFromPath(leaf, index, texts.length, path.slice(1))).toBeNull()
        const elsewhere = other % texts.length
        if (elsewhere !== index) expect(rootFromPath(leaf, elsewhere, texts.length, path)).not.toEqual(root)
      }),
      { seed, numRuns: 500 },
    )
  })

  it('takes no inner node for an entry', () => {
    const leaves = ['a', 'b', 'c', 'd'].map(leafHash)
    const inner = Buffer.concat([leaves[0] as Buffer, leaves[1] as Buffer])
    expect(leafHash(inner.toString('latin1'))).not.toEqual(merkleRoot(leaves.slice(0, 2)))
  })
})

describe('the chain', () => {
  it('is the same on every machine', () => {
    const [first, second] = chain(['{"kind":"one"}', '{"kind":"two"}'], ['{"kind":"three"}'])
    expect(first?.hash.toString('hex')).toMatchInlineSnapshot(`"45688753ecc07af4d196b9157f1dc80d7a9981aef4f07c1d4299feb8187b76cc"`)
    expect(second).toEqual({
      seq: 2,
      previous: first?.hash,
      at,
      entries: 1,
      root: leafHash('{"kind":"three"}'),
      body: '{"kind":"three"}',
      hash: blockHash(second as Block),
    })
    expect(entriesOf(first as Block)).toEqual(['{"kind":"one"}', '{"kind":"two"}'])
  })

  it.each([[[]], [['']], [['{}', '{"a":\n1}']]])('takes no batch like %j', (batch) => {
    expect(() => sealBatch(batch, at)).toThrow(RangeError)
  })

  it('says how far the signed checkpoints vouch for it', () => {
    const blocks = chain(['{"n":1}'], ['{"n":2}', '{"n":3}'], ['{"n":4}'])
    const checkpoint = signCheckpoint(ledger, blocks[1] as Block, at, privateKey)
    const keys = new Map([[checkpoint.key, publicKey]])
    const last = blocks[2] as Block
    expect(verifyChain(blocks, { ledger, checkpoints: [checkpoint], keys })).toEqual({
      ok: true,
      blocks: 3,
      entries: 4,
      head: { seq: 3, hash: last.hash },
      signedUpTo: 2,
    })
    expect(verifyChain([last], { ledger, checkpoints: [checkpoint], keys, from: { seq: 2, hash: last.previous } })).toMatchObject({
      ok: true,
      blocks: 1,
    })
    expect(verifyChain(blocks, { ledger: 'another', checkpoints: [], keys })).toEqual({ ok: false, fault: 'link', seq: 1, goodUpTo: 0 })
  })

  it('proves one entry without showing the others', () => {
    const [block] = chain(['{"n":1}', '{"n":2}', '{"n":3}'])
    const proof = proveEntry(block as Block, 1)
    expect({ entry: proof.entry, shown: Object.keys(proof.header).sort() }).toEqual({
      entry: '{"n":2}',
      shown: ['at', 'entries', 'previous', 'root', 'seq'],
    })
    expect(provenBlock(proof)).toEqual(block?.hash)
    expect(provenBlock({ ...proof, entry: '{"n":9}' })).toBeNull()
    expect(provenBlock({ ...proof, index: 0 })).toBeNull()
    expect(provenBlock({ ...proof, header: { ...proof.header, at: '2020-01-01T00:00:00Z' } })).not.toEqual(block?.hash)
  })

  it('shows every kind of attack, and where it begins, to the service and to the standalone verifier alike', async () => {
    const { violations, attacks } = await proveLedger({ trials: 76, seed, entries: 3_000 })
    expect({ violations, attacks }).toEqual({ violations: [], attacks: 76 })
  })
})

describe('a checkpoint', () => {
  const [block] = chain(['{"n":1}'])
  const checkpoint = signCheckpoint(ledger, block as Block, at, privateKey)
  const keys = new Map([[checkpoint.key, publicKey]])

  it('survives a line of JSON', () => {
    const read = parseCheckpoint(JSON.stringify(checkpoint))
    expect(read).toEqual(checkpoint)
    expect(read && isGenuine(read, keys)).toBe(true)
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"ledger":"x"}',
    JSON.stringify({ ...checkpoint, size: 0 }),
    JSON.stringify({ ...checkpoint, size: '1' }),
  ])('is not read from %s', (line) => {
    expect(parseCheckpoint(line)).toBeNull()
  })

  it('is not believed with any field changed', () => {
    const fields = Object.keys(checkpoint) as (keyof typeof checkpoint)[]
    const forged = fields.map((field) => ({ ...checkpoint, [field]: field === 'size' ? 2 : `${checkpoint[field]}0`.replace(/^./, 'z') }))
    expect(forged.map((one) => isGenuine(one, keys))).toEqual(fields.map(() => false))
  })
})

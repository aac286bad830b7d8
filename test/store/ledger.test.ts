import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { entriesOf, nextBlock, sealBatch } from '../../src/core/ledger/ledger.ts'
import { checkpointFile, readCheckpoints, signOrSay, writeCheckpoint } from '../../src/store/checkpoints.ts'
import { openDatabase } from '../../src/store/database.ts'
import type { Database } from '../../src/store/database.ts'
import { loadLedgerKey } from '../../src/store/keys.ts'
import type { LedgerKey } from '../../src/store/keys.ts'
import { appendBlock, readBlocks, readHead, verifyLedger } from '../../src/store/ledger.ts'
import { loadUnsigned } from '../../src/store/unsigned.ts'
import { databases } from './databases.ts'
import type { TestDatabases } from './databases.ts'

const at = '2026-11-20T10:00:00Z'

describe.each(databases)('the ledger on $kind', ({ start }) => {
  let server: TestDatabases
  let database: Database
  let dir: string
  let key: LedgerKey
  let file: string

  beforeAll(async () => {
    server = await start()
    database = await openDatabase(await server.fresh())
    dir = mkdtempSync(join(tmpdir(), 'accord-test-'))
    key = await loadLedgerKey(dir)
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Five blocks of two entries, a checkpoint over the first three and one over all. */
  beforeEach(async () => {
    await sql`truncate ledger_blocks`.execute(database.db)
    await sql`delete from ledger_key`.execute(database.db)
    await sql`update ledger_head set seq = 0, entries = 0`.execute(database.db)
    file = join(dir, `${expect.getState().currentTestName?.replaceAll(/\W/g, '-')}.jsonl`)
    for (let n = 1; n <= 5; n++) {
      await append(`{"n":${n}}`, `{"m":${n}}`)
      if (n === 3 || n === 5) await writeCheckpoint(database.db, { file, key, time: at })
    }
  })

  function append(...entries: string[]) {
    return database.db.transaction().execute((trx) => appendBlock(trx, entries, at))
  }

  async function verify() {
    return verifyLedger(database.db, { checkpoints: await readCheckpoints(file), keys: new Map([[key.keyId, key.publicKey]]) })
  }

  it('says how much of it nobody has signed: nothing, what came after the last signature, or that the file of signatures does not tell', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'accord-test-'))
    const own = checkpointFile(folder)
    const unsigned = () => loadUnsigned(database.db, folder)
    expect(await unsigned()).toEqual({ blocks: 5, since: at, problem: null })
    writeFileSync(own, readFileSync(file))
    expect(await unsigned()).toEqual({ blocks: 0, since: null, problem: null })
    await database.db.transaction().execute((trx) => appendBlock(trx, ['{"n":6}'], '2026-11-21T10:00:00Z'))
    expect(await unsigned()).toEqual({ blocks: 1, since: '2026-11-21T10:00:00Z', problem: null })
    appendFileSync(own, '{"ledger":')
    expect(await unsigned()).toMatchObject({ blocks: 1, problem: null })
    appendFileSync(own, '\n')
    expect(await unsigned()).toEqual({ blocks: null, since: null, problem: `the last line of ${own} is no checkpoint` })
    rmSync(own)
    mkdirSync(own)
    expect(await unsigned()).toEqual({ blocks: null, since: null, problem: `${own} cannot be read (EISDIR)` })
    rmSync(folder, { recursive: true })
  })

  it('verifies, gives its entries back as they were, and counts them', async () => {
    const bodies: string[] = []
    for await (const block of readBlocks(database.db, 4)) bodies.push(block.body)
    expect(bodies).toEqual(['{"n":4}\n{"m":4}', '{"n":5}\n{"m":5}'])
    const head = await readHead(database.db)
    expect(await verify()).toEqual({ ok: true, blocks: 5, entries: 10, head: { seq: 5, hash: head.hash }, signedUpTo: 5 })
    expect(head.entries).toBe(10)
  })

  it('reads more blocks than one statement brings', async () => {
    for (let n = 0; n < 40; n++) await append('{}')
    expect(await verify()).toMatchObject({ ok: true, blocks: 45, entries: 50, signedUpTo: 5 })
  })

  it('keeps nothing of a transaction that is rolled back', async () => {
    const failing = database.db.transaction().execute(async (trx) => {
      await appendBlock(trx, ['{"n":6}'], at)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await verify()).toMatchObject({ ok: true, blocks: 5 })
  })

  it('stays one chain under many writers', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(`{"writer":${n}}`)))
    expect(await verify()).toMatchObject({ ok: true, blocks: 25, entries: 30 })
  })

  it.each([
    ['a changed entry', sql`update ledger_blocks set body = replace(body, '"n":2', '"n":7') where seq = 2`, 'body', 2],
    ['a changed hash', sql`update ledger_blocks set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where seq = 2`, 'hash', 2],
    ['a changed link', sql`update ledger_blocks set previous = set_byte(previous, 9, get_byte(previous, 9) # 4) where seq = 2`, 'link', 2],
    ['a changed time', sql`update ledger_blocks set at = '2020-01-01T00:00:00Z' where seq = 4`, 'hash', 4],
    ['a deleted block', sql`delete from ledger_blocks where seq = 2`, 'gap', 2],
    ['two swapped blocks', sql`update ledger_blocks set seq = case seq when 2 then 104 when 4 then 102 end where seq in (2, 4)`, 'gap', 2],
    ['a cut tail', sql`delete from ledger_blocks where seq > 3`, 'cut', 4],
    ['an emptied ledger', sql`delete from ledger_blocks`, 'cut', 1],
  ])('shows %s', async (_, attack, fault, seq) => {
    await attack.execute(database.db)
    expect(await verify()).toEqual({ ok: false, fault, seq, goodUpTo: seq - 1 })
  })

  it('shows a tail that was cut together with the head, and one that grew behind it', async () => {
    await append('{"n":6}')
    await sql`update ledger_head set seq = 5, hash = (select hash from ledger_blocks where seq = 5)`.execute(database.db)
    expect(await verify()).toMatchObject({ ok: false, fault: 'head', seq: 6 })
    await sql`delete from ledger_blocks where seq > 4`.execute(database.db)
    await sql`update ledger_head set seq = 4, hash = (select hash from ledger_blocks where seq = 4)`.execute(database.db)
    expect(await verify()).toEqual({ ok: false, fault: 'cut', seq: 5, goodUpTo: 4 })
  })

  it('shows a ledger that was written anew from a block on, head and all', async () => {
    await rewriteFrom(4)
    expect(await verify()).toEqual({ ok: false, fault: 'rewritten', seq: 5, goodUpTo: 3 })
  })

  it('signs nothing over a part that does not verify, and nothing twice', async () => {
    expect(await writeCheckpoint(database.db, { file, key, time: at })).toBeNull()
    await append('{"n":6}')
    await sql`update ledger_blocks set body = '{"n":9}' where seq = 6`.execute(database.db)
    await expect(writeCheckpoint(database.db, { file, key, time: at })).rejects.toMatchObject({
      kind: 'ledger',
      message: expect.stringContaining('block 6 (body)'),
    })
    await sql`update ledger_blocks set body = '{"n":6}' where seq = 6`.execute(database.db)
    expect(await writeCheckpoint(database.db, { file, key, time: at })).toMatchObject({ size: 6, key: key.keyId })
    expect((await readCheckpoints(file)).map(({ size }) => size)).toEqual([3, 5, 6])
  })

  it('that cannot be signed says why and stops nobody; once it can be, the next one covers all of it', async () => {
    // A folder of its own, whose key is the first one that signs.
    await sql`delete from ledger_key`.execute(database.db)
    const folder = mkdtempSync(join(dir, 'unsigned-'))
    const said: unknown[] = []
    const sign = () => signOrSay(database.db, folder, at, (event, facts) => void said.push([event, facts]))
    mkdirSync(checkpointFile(folder))
    await sign()
    const reason = `${checkpointFile(folder)} cannot be read (EISDIR)`
    expect(said.splice(0)).toEqual([['ledger.unsigned', { reason: expect.stringContaining(reason) }]])
    rmdirSync(checkpointFile(folder))
    await sign()
    expect([said, (await readCheckpoints(checkpointFile(folder))).map(({ size }) => size)]).toEqual([[], [5]])
    await append('{"n":6}')
    await sql`update ledger_blocks set body = '{"n":7}' where seq = 6`.execute(database.db)
    await sign()
    expect(said).toEqual([['ledger.unsigned', { reason: 'the ledger does not verify at block 6 (body); no checkpoint was signed' }]])
  })

  it('signs nothing over a tail that was cut behind the last checkpoint', async () => {
    await sql`delete from ledger_blocks where seq > 4`.execute(database.db)
    await sql`update ledger_head set seq = 4, hash = (select hash from ledger_blocks where seq = 4)`.execute(database.db)
    await expect(writeCheckpoint(database.db, { file, key, time: at })).rejects.toMatchObject({ kind: 'ledger' })
  })

  it('passes over half a line that a crash left in the file of checkpoints, and writes the next one whole', async () => {
    const whole = readFileSync(file, 'utf8')
    truncateSync(file, whole.length - 20)
    expect((await readCheckpoints(file)).map(({ size }) => size)).toEqual([3])
    await writeCheckpoint(database.db, { file, key, time: at })
    expect(readFileSync(file, 'utf8')).toBe(whole)
    appendFileSync(file, 'no checkpoint\n')
    await expect(readCheckpoints(file)).rejects.toMatchObject({ kind: 'ledger', message: expect.stringContaining('line 3') })
    writeFileSync(file, whole)
  })

  it('is signed by several workers at once into one file, behind the half line of one that died: each head once, none lost', async () => {
    appendFileSync(file, '{"ledger":"half a li')
    const worker = async (n: number): Promise<void> => {
      await append(`{"worker":${n}}`)
      await writeCheckpoint(database.db, { file, key, time: at })
    }
    await Promise.all(Array.from({ length: 6 }, (_, n) => worker(n)))
    const sizes = (await readCheckpoints(file)).map(({ size }) => size)
    expect([sizes, sizes.at(-1)]).toEqual([[...new Set(sizes)].sort((a, b) => a - b), 11])
    expect(await verify()).toMatchObject({ ok: true, blocks: 11, signedUpTo: 11 })
  })

  async function rewriteFrom(seq: number): Promise<void> {
    const blocks = await Array.fromAsync(readBlocks(database.db))
    let head = blocks[seq - 2]!
    for (const block of blocks.slice(seq - 1)) {
      head = nextBlock(head, sealBatch(entriesOf({ body: block.body.replace('n', 'k') }), block.at))
      await sql`update ledger_blocks set previous = ${head.previous}, root = ${head.root}, body = ${head.body}, hash = ${head.hash}
        where seq = ${head.seq}`.execute(database.db)
    }
    await sql`update ledger_head set hash = ${head.hash}`.execute(database.db)
  }
})

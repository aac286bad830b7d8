import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateText, signCertificate, verifyCertificate, type Unsigned } from '../../src/core/erasure/certificate.ts'
import { signCheckpoint } from '../../src/core/ledger/checkpoint.ts'
import { checkpointLine } from '../../src/core/ledger/export.ts'
import { provenBlock, type EntryProof } from '../../src/core/ledger/proof.ts'
import { startService } from '../../src/service.ts'
import { readSettings, SettingsError } from '../../src/settings.ts'
import { changedConfig, shippedConfig } from '../flows/world.ts'
import { checkpointFile, signHead, writeCheckpoint } from '../../src/store/checkpoints.ts'
import { openDatabase } from '../../src/store/database.ts'
import { findLedgerKey, loadLedgerKey } from '../../src/store/keys.ts'
import { openHashKey } from '../../src/store/hash-key.ts'
import { appendBlock } from '../../src/store/ledger.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { ensureSubjectKey } from '../../src/store/subject-keys.ts'
import { saveProofs } from '../../src/store/voices.ts'
import { sealEntry } from '../../src/tasks/consent/statements.ts'
import { emptyDatabase, freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { databases } from '../store/databases.ts'
import { runHere } from './here.ts'
import { lastLine, unread, type Ended } from './run.ts'

const blank: Unsigned = {
  format: 'accord/erasure-certificate/v1',
  controller: 'Atelier de l’Été',
  request: '7f3a2f0e-0000-4000-8000-000000000000',
  received: '2026-02-01T00:00:00.000Z',
  issued: '2026-03-01T00:00:00.000Z',
  standing: 'proved',
  systems: [{ connection: 'hubspot', crm: 'hubspot', method: 'purge', records: 1 }],
  records: [],
  around: [],
  mentionsRead: null,
  mentions: [],
  recipients: [],
  unreached: [],
  looks: [],
  next: null,
  ledger: { id: '', block: 0, hash: '' },
}

type Start = { data: string; url: string; port?: number; config?: string }
function start({ data, url, port = 0, config = shippedConfig }: Start): Promise<unknown> {
  const env = {
    DATABASE_URL: url,
    HUBSPOT_TOKEN: 'x',
    SALESFORCE_CLIENT_ID: 'x',
    SALESFORCE_CLIENT_SECRET: 'x',
    ACCORD_LOG_LEVEL: 'silent',
  }
  return startService(readSettings({ ...env, ACCORD_PORT: String(port) }, { data, config }), 'worker')
}

describe('ledger verify', () => {
  let server: TestPostgres
  let url: string
  let signed: string
  const folders: string[] = []
  const folder = async (): Promise<string> => {
    folders.push(await mkdtemp(join(tmpdir(), 'accord-ledger-')))
    return folders.at(-1)!
  }
  /** A copy of the data folder, to take something away from. */
  const copy = async (): Promise<string> => {
    const dir = await folder()
    await cp(signed, dir, { recursive: true })
    return dir
  }
  const verify = (dir: string, ...more: string[]): Promise<Ended> =>
    runHere(['ledger', 'verify', '--data', dir, ...more], { DATABASE_URL: url })

  beforeAll(async () => {
    server = await startPostgres()
    url = await freshDatabase(server.url)
    signed = await folder()
    const { db, close } = await openDatabase({ url, dir: signed, log: () => undefined })
    for (let block = 0; block < 3; block++)
      // In JSON as it stands, and for other readers than ours the end of a line.
      await db
        .transaction()
        .execute((trx) => appendBlock(trx, ['["a"]', block === 2 ? '["b\u2028\u2029"]' : '["b"]'], '2026-03-01T00:00:00Z'))
    await writeCheckpoint(db, { file: checkpointFile(signed), key: await loadLedgerKey(signed), time: '2026-03-01T00:00:00Z' })
    await close()
  })
  afterAll(async () => {
    await Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true })))
    await server.stop()
  })

  it('says up to which block the ledger is whole and signed', async () => {
    expect(await verify(signed)).toEqual({
      code: 0,
      stdout: 'The ledger is whole: 3 blocks, 6 entries; signed up to block 3.\n',
      stderr: '',
    })
  })

  it('makes nothing where there is nothing, and says so', async () => {
    const dir = join(await folder(), 'typo')
    const embedded = await runHere(['ledger', 'verify', '--data', dir])
    expect([embedded.code, embedded.stdout, embedded.stderr]).toEqual([
      2,
      '',
      `database: there is no database of Accord in ${dir}; check --data and DATABASE_URL, or run "accord sweep" first\n`,
    ])
    expect(await readdir(join(dir, '..'))).toEqual([])
    const empty = await emptyDatabase(server.url)
    for (const command of [['ledger', 'verify'], ['findings']]) {
      const { code, stdout, stderr } = await runHere([...command, '--data', dir], { DATABASE_URL: empty })
      expect([code, stdout, stderr.includes('without tables of Accord')]).toEqual([2, '', true])
    }
    const client = new pg.Client({ connectionString: empty })
    await client.connect()
    expect((await client.query("select count(*)::int as n from pg_tables where schemaname = 'public'")).rows).toEqual([{ n: 0 }])
    await client.end()
  })

  it('ends with the same code when nobody reads what it says', async () => {
    const dir = await copy()
    await rm(checkpointFile(dir))
    const ended = await unread(['ledger', 'verify', '--data', dir], { DATABASE_URL: url })
    expect(ended).toEqual({ code: 1, stderr: '' })
  })

  it('proves nothing, with code 1, when no block is signed', async () => {
    const dir = await copy()
    await rm(checkpointFile(dir))
    const { code, stdout } = await verify(dir)
    expect([code, stdout]).toEqual([
      1,
      `Nothing is proved: the 3 blocks, 6 entries agree with each other, but ${checkpointFile(dir)} holds no checkpoint, and whoever can write the database can write them all anew.\n`,
    ])
    expect(lastLine((await verify(dir, '--json')).stdout)).toMatchObject({ ok: false, blocks: 3, signedUpTo: 0, checkpoints: 0 })
    // Signatures that nobody can read are not the same as none.
    await mkdir(checkpointFile(dir))
    expect(await verify(dir)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ledger: ${checkpointFile(dir)} cannot be read (EISDIR); let this user read and write it, or put it back from a copy: until then nothing is signed\n`,
    })
  })

  it.each([
    ['a file that is not there', 'nowhere.pub', /^--public-key: \S+nowhere\.pub cannot be read \(ENOENT\)\n$/],
    ['a folder', '.', /^--public-key: \S+ cannot be read \(EISDIR\)\n$/],
    ['a private key', 'keys/ledger.pem', /^--public-key: \S+ledger\.pem is a private key; give its public half/],
    ['no key at all', 'checkpoints.jsonl', /^--public-key: \S+checkpoints\.jsonl is no key in PEM\n$/],
  ])('takes %s for a wrong command line, not for a fault of the database', async (_what, name, message) => {
    const { code, stdout, stderr } = await verify(signed, '--public-key', join(signed, name))
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)])
  })

  it('takes the checkpoints and the public key that were kept elsewhere', async () => {
    const dir = await copy()
    const key = await runHere(['ledger', 'public-key', '--data', dir])
    expect([key.code, key.stdout.startsWith('-----BEGIN PUBLIC KEY-----\n')]).toEqual([0, true])
    const [pem, heads] = [join(dir, 'ledger.pub'), join(dir, 'elsewhere.jsonl')]
    await writeFile(pem, key.stdout)
    await rename(checkpointFile(dir), heads)
    await rm(join(dir, 'keys'), { recursive: true })
    const { code, stdout } = await verify(dir, '--public-key', pem, '--checkpoints', heads)
    expect([code, stdout]).toEqual([0, 'The ledger is whole: 3 blocks, 6 entries; signed up to block 3.\n'])
    expect((await readdir(dir)).sort()).toEqual(['elsewhere.jsonl', 'ledger.pub'])
  })

  it('a lost key accuses no block, makes no new key, and stops the next sweep from signing with another', async () => {
    const dir = await copy()
    await rm(join(dir, 'keys'), { recursive: true })
    const { code, stdout, stderr } = await verify(dir)
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `database: ${join(dir, 'keys/ledger.pem')} is missing: put it back from the backup, or give its public half with --public-key\n`,
    ])
    expect(await readdir(dir)).toEqual(['checkpoints.jsonl'])
    const { db, close } = await openDatabase({ url, dir, log: () => undefined })
    const sign = () => signHead(db, dir, '2026-03-02T00:00:00Z')
    await expect(sign()).rejects.toMatchObject({ kind: 'key', message: expect.stringContaining('which signed') })
    expect(await readdir(dir)).toEqual(['checkpoints.jsonl'])
    // Nor where the checkpoints are gone too, as in the folder of another host: the database knows whose it is.
    await rename(checkpointFile(dir), join(dir, 'kept.jsonl'))
    const { keyId } = await loadLedgerKey(signed)
    await expect(sign()).rejects.toMatchObject({
      kind: 'key',
      message: expect.stringContaining(`the ledger is signed by the key ${keyId}`),
    })
    await expect(start({ data: dir, url })).rejects.toThrow(SettingsError)
    expect((await readdir(dir)).includes('checkpoints.jsonl')).toBe(false)
    await close()
  })

  it('a start that is refused leaves nothing open behind it, whatever it is refused for', async () => {
    const dir = await copy()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const own = await freshDatabase(server.url)
    const left = async (): Promise<number> => {
      const client = new pg.Client({ connectionString: own })
      await client.connect()
      const { rows } = await client.query<{ n: number }>(
        'select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      await client.end()
      return rows[0]!.n
    }
    const recipients = await changedConfig(join(dir, 'config'), {})
    await writeFile(join(recipients, 'recipients.yaml'), 'version: 7\n')
    const fresh = join(dir, 'fresh')
    await mkdir(fresh)
    await expect(start({ data: fresh, url: own, port: (taken.address() as AddressInfo).port })).rejects.toThrow(/port \d+ is taken/)
    expect(await left()).toBe(0)
    await expect(start({ data: fresh, url: own, config: recipients })).rejects.toThrow('recipients.yaml')
    expect(await left()).toBe(0)
    await writeFile(join(fresh, 'keys/ledger.pem'), 'no key', { mode: 0o600 })
    await expect(start({ data: fresh, url: own })).rejects.toThrow(SettingsError)
    expect(await left()).toBe(0)
    await writeFile(join(fresh, 'erased.jsonl'), '{"id":"7d1f4c1e-2f60-4a55-9d0e-6c1c0a8f0b11"x}\n')
    await expect(start({ data: fresh, url: own })).rejects.toThrow('line 1 of')
    expect(await left()).toBe(0)
    taken.close()
  })

  it('a key that is lost for good is replaced when that is asked for, and the ledger says so', async () => {
    const [dir, own] = [await copy(), await freshDatabase(server.url)]
    const { db, close } = await openDatabase({ url: own, dir, log: () => undefined })
    await db.transaction().execute((trx) => appendBlock(trx, ['["a"]'], '2026-03-01T00:00:00Z'))
    await rm(checkpointFile(dir))
    await signHead(db, dir, '2026-03-01T00:00:00Z')
    const { keyId: lost } = await loadLedgerKey(dir)
    const rotate = (...more: string[]) => runHere(['ledger', 'rotate-key', '--data', dir, '--json', ...more], { DATABASE_URL: own })
    expect((await rotate('--lost')).stderr).toContain('nothing is lost')
    await rm(join(dir, 'keys'), { recursive: true })
    expect((await rotate()).code).toBe(1)
    const { current, checkpoints, publicKey } = lastLine((await rotate('--lost')).stdout) as Record<string, string | null>
    expect([checkpoints, publicKey]).toEqual([join(dir, `checkpoints-${lost}.jsonl`), null])
    const { rows } = await sql<{ body: string }>`select body from ledger_blocks where seq = 2`.execute(db)
    expect(rows[0]!.body).toContain(JSON.stringify(['ledger-key', lost, 'lost', current]))
    const { stdout } = await runHere(['ledger', 'verify', '--data', dir], { DATABASE_URL: own })
    expect(stdout).toBe('The ledger is whole: 2 blocks, 2 entries; signed up to block 2.\n')
    // As if the rotation had been cut off before the database knew of it.
    const { retired } = lastLine((await rotate()).stdout) as Record<string, string>
    await sql`update ledger_key set key_id = ${retired}`.execute(db)
    await expect(signHead(db, dir, '2026-03-02T00:00:00Z')).rejects.toMatchObject({ kind: 'key' })
    expect(lastLine((await rotate()).stdout)).toMatchObject({ retired, current: (await loadLedgerKey(dir)).keyId })
    await close()
  })

  it('another key than the one that signed is named as such', async () => {
    const dir = await copy()
    const before = (await findLedgerKey(dir))!.keyId
    await rm(join(dir, 'keys'), { recursive: true })
    const now = (await loadLedgerKey(dir)).keyId
    const { code, stderr } = await verify(dir)
    expect([code, stderr.includes(`the checkpoint of block 3 is signed by the key ${before}, not by ${now}`)]).toEqual([1, true])
    const { db, close } = await openDatabase({ url, dir, log: () => undefined })
    const options = { file: checkpointFile(dir), key: await loadLedgerKey(dir), time: '2026-03-02T00:00:00Z' }
    await expect(writeCheckpoint(db, options)).rejects.toMatchObject({ kind: 'key' })
    await close()
  })

  it('goes on proving what a retired key signed, and what the new one signs from the first block on; only the public half is left', async () => {
    const dir = await copy()
    const before = lastLine((await verify(dir, '--json')).stdout)
    const rotated = await runHere(['ledger', 'rotate-key', '--data', dir, '--json'], { DATABASE_URL: url })
    const { retired, current, publicKey, checkpoints } = lastLine(rotated.stdout) as Record<string, string>
    expect([rotated.code, retired === current]).toEqual([0, false])
    expect(lastLine((await verify(dir, '--json')).stdout)).toEqual(before)
    expect(lastLine((await verify(dir, '--json', '--public-key', publicKey!, '--checkpoints', checkpoints!)).stdout)).toEqual(before)
    expect((await verify(dir, '--public-key', publicKey!)).stderr).toContain(`is signed by the key ${current}, not by ${retired}`)
    expect((await readdir(join(dir, 'keys'))).sort()).toEqual(['ledger.pem', `ledger-${retired}.pub`].sort())
    expect(await readFile(join(dir, 'keys/ledger.pem'), 'utf8')).not.toBe(await readFile(join(signed, 'keys/ledger.pem'), 'utf8'))
  })

  it('keeps its key while the chain does not verify: a forged ledger is signed by nobody', async () => {
    const dir = await copy()
    const forged = await freshDatabase(server.url)
    const { db, close } = await openDatabase({ url: forged, dir, log: () => undefined })
    await db.transaction().execute((trx) => appendBlock(trx, ['["z"]'], '2026-03-02T00:00:00Z'))
    await close()
    const refused = await runHere(['ledger', 'rotate-key', '--data', dir], { DATABASE_URL: forged })
    expect([refused.code, refused.stderr.includes('does not verify')]).toEqual([1, true])
    expect(await readFile(join(dir, 'keys/ledger.pem'), 'utf8')).toBe(await readFile(join(signed, 'keys/ledger.pem'), 'utf8'))
  })

  describe('export', () => {
    it('of an empty ledger says so, and blames no option that nobody gave', async () => {
      const empty = await databases.find(({ kind }) => kind === 'embedded')!.start()
      try {
        const { dir: data } = await empty.fresh()
        const ended = await runHere(['ledger', 'export', '-', '--data', data])
        expect(ended).toEqual({ code: 2, stdout: '', stderr: 'the ledger is empty: there is nothing to export\n' })
      } finally {
        await empty.stop()
      }
    })

    const program = new URL('../../bin/verify-ledger.mjs', import.meta.url).pathname
    /** As somebody runs it who has the file, the key and Node, and nothing of ours. */
    const standalone = async (dir: string, ...args: string[]): Promise<Ended> => {
      await copyFile(program, join(dir, 'verify-ledger.mjs'))
      return new Promise((resolve) => {
        execFile(process.execPath, ['verify-ledger.mjs', ...args], { cwd: dir, env: {} }, (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
        )
      })
    }
    let dir: string
    beforeAll(async () => {
      dir = await folder()
      const key = await runHere(['ledger', 'public-key', '--data', signed])
      await writeFile(join(dir, 'public.pem'), key.stdout)
    })
    const exported = (file: string, ...more: string[]): Promise<Ended> =>
      runHere(['ledger', 'export', file, '--data', signed, ...more], { DATABASE_URL: url })

    it('gives a file that a stranger can check with one other file, and streams the same to standard output', async () => {
      const file = join(dir, 'ledger.jsonl')
      expect(await exported(file)).toEqual({ code: 0, stdout: `${file}: blocks 1 to 3, 6 entries, 1 signed head.\n`, stderr: '' })
      const { code, stdout, stderr } = await standalone(dir, 'ledger.jsonl', '--key', 'public.pem', '--checkpoint', checkpointFile(signed))
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(
        /^WHOLE: ledger [\w-]+: blocks 1 to 3, 6 entries, head [0-9a-f]{64}\. Signed up to block 3 on 2026-03-01T00:00:00Z by /,
      )
      expect((await exported('-')).stdout).toBe(await readFile(file, 'utf8'))
      expect((await exported(file)).stderr).toBe(`${file} exists already; choose another name\n`)
      expect((await readdir(dir)).filter((name) => name.endsWith('.part'))).toEqual([])
    })

    it('from a later block on is bound by the next checkpoint, and says what it leaves out', async () => {
      const file = join(dir, 'later.jsonl')
      expect((await exported(file, '--from', '3')).code).toBe(0)
      const { code, stdout } = await standalone(dir, 'later.jsonl', '--key', 'public.pem')
      expect([code, stdout]).toEqual([0, expect.stringContaining('blocks 3 to 3, 2 entries')])
      const forged = (await readFile(file, 'utf8')).replace(/"previous":"../, '"previous":"00')
      await writeFile(join(dir, 'forged.jsonl'), forged)
      expect((await standalone(dir, 'forged.jsonl', '--key', 'public.pem')).code).toBe(1)
      expect(await exported('-', '--from', '4')).toEqual({ code: 2, stdout: '', stderr: '--from: the ledger ends with block 3\n' })
    })

    it('of which nothing that it shows is signed, or not its end, proves nothing, here and to a stranger', async () => {
      const { privateKey } = await loadLedgerKey(signed)
      const lines = (await exported('-')).stdout.split('\n')
      const [header, checkpoint, ...blocks] = lines
      const { ledger } = JSON.parse(header!) as { ledger: string }
      const hash = (JSON.parse(blocks[1]!) as { hash: string }).hash
      const early = signCheckpoint(ledger, { seq: 2, hash: Buffer.from(hash, 'hex') }, '2026-03-01T00:00:00Z', privateKey)
      const signedEarly = checkpointLine(early)
      const check = async (changed: readonly (string | undefined)[], ...more: string[]): Promise<string> => {
        await writeFile(join(dir, 'early.jsonl'), changed.join('\n'))
        const { code, stdout } = await standalone(dir, 'early.jsonl', '--key', 'public.pem', ...more)
        return `${code} ${stdout.slice(0, stdout.indexOf(':'))}`
      }
      // As an export from block 3 on carries what binds the block before.
      const later = [header!.replace('"first":1', '"first":3'), signedEarly, ...blocks.slice(2)]
      expect(await check(later)).toBe('1 NOTHING PROVED')
      expect(await check(later, '--unsigned-tail', '999999')).toBe('1 NOTHING PROVED')
      const cut = [header, signedEarly, ...blocks]
      expect(await check(cut)).toBe('1 NOT PROVED TO THE END')
      expect(await check(cut, '--unsigned-tail', '24')).toBe('1 NOT PROVED TO THE END')
      expect(await check(cut, '--unsigned-tail', '999999')).toBe('0 WHOLE')
      expect(await check([header, signedEarly, checkpoint, ...blocks])).toBe('0 WHOLE')
      const heads = join(dir, 'early-heads.jsonl')
      await writeFile(heads, `${JSON.stringify(early)}\n`)
      const own = await verify(signed, '--checkpoints', heads)
      expect([own.code, own.stdout]).toEqual([1, expect.stringMatching(/^Not proved to the end: .* signed up to block 2 on 2026-03-01/)])
      expect((await verify(signed, '--checkpoints', heads, '--unsigned-tail', '24')).code).toBe(1)
      const open = await verify(signed, '--checkpoints', heads, '--unsigned-tail', '999999')
      expect([open.code, open.stdout.includes('block 3 is not signed yet')]).toEqual([0, true])
      // What is not signed yet is left out of a file for a stranger, and said.
      const part = await exported('-', '--checkpoints', heads)
      expect([
        part.stdout.split('\n').length,
        (await exported('-', '--checkpoints', heads, '--unsigned')).stdout.split('\n').length,
      ]).toEqual([5, 6])
    })

    it('that was tampered with is named with block, entry and reason; what is not signed, or no command line, is told apart', async () => {
      const lines = (await exported('-')).stdout.split('\n')
      const check = async (changed: readonly string[], ...args: string[]): Promise<Ended> => {
        await writeFile(join(dir, 'tampered.jsonl'), changed.join('\n'))
        return standalone(dir, 'tampered.jsonl', ...args)
      }
      const edited = await check(
        lines.map((line) => (line.startsWith('{"seq":2,') ? line.replace('a', 'z').replace('[\\"a', '[\\"c') : line)),
        '--key',
        'public.pem',
      )
      expect([edited.code, edited.stdout.slice(0, 33)]).toEqual([1, 'NOT WHOLE: format at block 2 (ent'])
      const body = await check(
        lines.map((line) => (line.startsWith('{"seq":2,') ? line.replace('[\\"a', '[\\"c') : line)),
        '--key',
        'public.pem',
      )
      expect([body.code, body.stdout]).toEqual([
        1,
        'NOT WHOLE: body at block 2 (one of the entries 3 to 4 of this file): its entries are not those that its root was made of. Proved up to block 1.\n',
      ])
      const cut = await check(
        lines.filter((line) => !line.startsWith('{"seq":3,')),
        '--key',
        'public.pem',
        '--json',
      )
      expect([cut.code, lastLine(cut.stdout)]).toEqual([1, { ok: false, fault: 'cut', seq: 3, goodUpTo: 2, entry: 5, lastEntry: 5 }])
      const unsigned = await check(
        lines.filter((line) => !line.startsWith('{"checkpoint"')),
        '--key',
        'public.pem',
      )
      expect([unsigned.code, unsigned.stdout.slice(0, 16)]).toEqual([1, 'NOTHING PROVED: '])
      for (const args of [['tampered.jsonl'], ['nowhere.jsonl', '--key', 'public.pem'], ['tampered.jsonl', '--key', 'nowhere.pem']])
        expect((await standalone(dir, ...args)).code).toBe(2)
    })

    it('and a certificate: genuine or not, and at its place in the ledger or not', async () => {
      const { privateKey, publicKey, keyId } = await loadLedgerKey(signed)
      const { head } = lastLine((await verify(signed, '--json')).stdout) as { head: { seq: number; hash: string } }
      const ledger = String(JSON.parse((await exported('-')).stdout.split('\n')[0]!).ledger)
      const text = certificateText(signCertificate({ ...blank, ledger: { id: ledger, block: head.seq, hash: head.hash } }, privateKey))
      const write = (name: string, content: string): Promise<void> => writeFile(join(dir, name), content)
      await write('good.json', text)
      await write('forged.json', text.replace('"proved"', '"held"'))
      await write('spelled.json', text.replace('  "standing"', ' "standing"'))
      await write(
        'elsewhere.json',
        certificateText(signCertificate({ ...blank, ledger: { id: ledger, block: 2, hash: head.hash } }, privateKey)),
      )
      await write('whole.jsonl', (await exported('-')).stdout)
      const at = (file: string, ...more: string[]): Promise<Ended> => standalone(dir, ...more, '--certificate', file, '--key', 'public.pem')
      expect(await at('good.json')).toEqual({ code: 0, stdout: `GENUINE: request ${blank.request}, proved.\n`, stderr: '' })
      expect((await at('good.json', 'whole.jsonl')).code).toBe(0)
      expect([(await at('forged.json')).stdout, (await at('spelled.json')).stdout]).toEqual([
        'NOT GENUINE: forged.\n',
        'NOT GENUINE: forged.\n',
      ])
      expect([(await at('forged.json')).code, (await at('forged.json', 'whole.jsonl')).code]).toEqual([1, 1])
      expect(await at('elsewhere.json', 'whole.jsonl')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('which this file does not prove'),
      })
      expect(verifyCertificate(text, new Map([[keyId, publicKey]])).ok).toBe(true)
    })
  })
  describe('statement', () => {
    it('shows what the ledger holds of a consent with its path to the block, says that it is destroyed when it is, and knows what it does not know', async () => {
      const dir = await folder()
      const fresh = await freshDatabase(server.url)
      const { db, close } = await openDatabase({ url: fresh, dir, log: () => undefined })
      const { key } = await openHashKey(db, dir)
      const [proof, at] = ['7f3a2f0e-1b2c-4d3e-8f90-a1b2c3d4e5f6', '2026-03-01T00:00:00.000Z']
      const subject = await ensureSubjectKey(db, Buffer.alloc(32, 1), Buffer.alloc(32, 2), at)
      const words = { id: proof, record: 'r', event: 'given', purpose: 'newsletter', channel: 'email', at, receivedAt: at, text: null }
      const source = await ensureSource(db, 'accord', 'accord', 'email')
      await saveProofs(db, [
        {
          ...words,
          source: source.id,
          form: null,
          how: null,
          apiKey: 'k',
          optIn: 'none',
          confirmedAt: null,
          key: subject.id,
          seal: Buffer.alloc(32, 3),
        },
      ])
      const halves = { subject: subject.seal, own: Buffer.alloc(32, 3) }
      const entry = sealEntry({ hashKey: key }, { kind: 'consent', proof, object: 'email' }, halves, [
        'r',
        'given',
        'newsletter',
        'email',
        at,
        at,
        null,
      ])
      await db.transaction().execute((trx) => appendBlock(trx, ['["a"]', entry, '["b"]'], at))
      const show = (...args: string[]): Promise<Ended> => runHere(['ledger', 'statement', ...args, '--data', dir], { DATABASE_URL: fresh })

      const shown = await show(proof)
      expect([shown.code, shown.stdout.split('\n').slice(0, 5)]).toEqual([
        0,
        [
          expect.stringMatching(/^consent \(email\), entry 2 of block 1, 2026-03-01T00:00:00.000Z, hash [0-9a-f]{64}$/),
          '  mailbox: r',
          '  event: given',
          '  purpose: newsletter',
          '  channel: email',
        ],
      ])
      const [{ evidence }] = lastLine((await show(proof, '--json')).stdout) as unknown as [
        { evidence: Record<string, unknown> & { header: object; path: string[] } },
      ]
      const hex = (text: unknown): Buffer => Buffer.from(String(text), 'hex')
      const { previous, root, ...header } = evidence.header as Record<string, unknown>
      const claim = { ...evidence, header: { ...header, previous: hex(previous), root: hex(root) }, path: evidence.path.map(hex) }
      expect(provenBlock(claim as unknown as EntryProof)?.toString('hex')).toBe(evidence['hash'])

      await sql`delete from consent_proof`.execute(db)
      await sql`delete from subject_key`.execute(db)
      expect((await show(proof)).stdout.split('\n')[1]).toBe('  destroyed: nobody can read it any more')
      await close()
      expect(await show('7f3a2f0e-0000-4d3e-8f90-a1b2c3d4e5f6')).toEqual({
        code: 2,
        stdout: '',
        stderr: 'the ledger has no such statement\n',
      })
      expect((await show('ada')).code).toBe(2)
    })
  })
})

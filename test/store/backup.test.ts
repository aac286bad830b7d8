import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointFile, writeCheckpoint } from '../../src/store/checkpoints.ts'
import { openDatabase, type DatabaseOptions } from '../../src/store/database.ts'
import { openHashKey } from '../../src/store/hash-key.ts'
import { loadLedgerKey } from '../../src/store/keys.ts'
import { appendBlock } from '../../src/store/ledger.ts'
import { lastLine } from '../cli/run.ts'
import { runHere } from '../cli/here.ts'
import { databases, type TestDatabases } from './databases.ts'

const at = '2026-03-01T00:00:00Z'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'accord-backup-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(databases)('a backup beside $kind', ({ kind, start }) => {
  let fixture: TestDatabases
  let data: DatabaseOptions
  let backup: string
  const env = (): Record<string, string> => (data.url === undefined ? {} : { DATABASE_URL: data.url })
  const accord = (dir: string, ...args: string[]) => runHere([...args, '--data', dir], env())
  const place = (name: string): string => join(folder, `${kind}-${name}`)
  beforeAll(async () => {
    fixture = await start()
    data = await fixture.fresh()
    backup = place('backup')
    const { db, close } = await openDatabase(data)
    await openHashKey(db, data.dir)
    await writeFile(join(data.dir, 'erased.jsonl'), 'first\n')
    await db.transaction().execute((trx) => appendBlock(trx, ['["a"]', '["b"]'], at))
    await writeCheckpoint(db, { file: checkpointFile(data.dir), key: await loadLedgerKey(data.dir), time: at })
    const meanwhile = await accord(data.dir, 'backup', place('meanwhile'))
    expect([meanwhile.code, meanwhile.stderr.includes(`in use by process ${process.pid}`)]).toEqual(
      kind === 'embedded' ? [1, true] : [0, false],
    )
    await close()
    expect((await readdir(folder)).filter((name) => name.endsWith('embedded-meanwhile'))).toEqual([])
    const { code, stdout } = await accord(data.dir, 'backup', backup, '--json')
    expect([code, lastLine(stdout)]).toEqual([0, { folder: backup, kind, keys: true, files: expect.any(Number) }])
  })
  afterAll(() => fixture.stop())

  it('holds what belongs together, readable by its owner alone, and comes back so that the ledger verifies under the same key', async () => {
    const parts = ['backup.json', 'checkpoints.jsonl', ...(kind === 'embedded' ? ['db'] : []), 'erased.jsonl', 'keys']
    expect((await readdir(backup)).sort()).toEqual(parts)
    const { code, stdout } = await accord(place('back'), 'restore', backup)
    expect([code, stdout.includes('accord sweep --full')]).toEqual([0, true])
    expect(await readFile(join(place('back'), 'keys/hash.key'), 'utf8')).toBe(await readFile(join(data.dir, 'keys/hash.key'), 'utf8'))
    expect(await accord(place('back'), 'ledger', 'verify')).toEqual({
      code: 0,
      stdout: 'The ledger is whole: 1 blocks, 2 entries; signed up to block 1.\n',
      stderr: '',
    })
    const restored = await openDatabase({ ...data, dir: place('back') })
    expect(await openHashKey(restored.db, place('back'))).toMatchObject({ keyId: expect.any(String) })
    await restored.close()
  })

  it('can leave the keys out; what is restored from it waits for them', async () => {
    expect((await accord(data.dir, 'backup', place('keyless'), '--no-keys')).code).toBe(0)
    expect(await readdir(place('keyless'))).not.toContain('keys')
    const keyed = place('keyed')
    await cp(join(data.dir, 'keys'), join(keyed, 'keys'), { recursive: true })
    // What was erased since goes with the older copy; another journal does not.
    const journal = join(keyed, 'erased.jsonl')
    await writeFile(journal, 'other\n')
    expect((await accord(keyed, 'restore', place('keyless'))).stderr).toContain('erased.jsonl is there and is not the one of the backup')
    await writeFile(journal, 'first\nsecond\n')
    // As one that was broken off leaves it.
    await mkdir(join(keyed, 'restore.new'))
    await writeFile(join(keyed, 'restore.new/checkpoints.jsonl'), '{')
    expect((await accord(keyed, 'restore', place('keyless'))).code).toBe(0)
    expect(await readFile(journal, 'utf8')).toBe('first\nsecond\n')
    expect(await readdir(keyed)).not.toContain('restore.new')
    expect((await accord(keyed, 'ledger', 'verify')).code).toBe(0)
  })

  it('overwrites nothing: neither another backup, nor a database, nor a key', async () => {
    const again = await accord(data.dir, 'backup', backup)
    expect([again.code, again.stderr]).toEqual([2, `${backup} is not empty; choose a new folder for each backup\n`])
    const inside = await accord(data.dir, 'backup', join(data.dir, 'backup'))
    expect([inside.code, inside.stderr.includes('lies in the data folder itself')]).toEqual([2, true])
    await mkdir(join(place('taken'), 'keys'), { recursive: true })
    await writeFile(join(place('taken'), 'keys/hash.key'), 'another')
    const taken = await accord(place('taken'), 'restore', backup)
    expect([taken.code, taken.stderr]).toEqual([
      2,
      `${join(place('taken'), 'keys/hash.key')} is there and is not the one of the backup: nothing was overwritten\n`,
    ])
    expect(await readFile(join(place('taken'), 'keys/hash.key'), 'utf8')).toBe('another')
    if (kind === 'postgres') return
    const onto = await accord(data.dir, 'restore', backup)
    expect([onto.code, onto.stderr.includes('already holds a database')]).toEqual([2, true])
  })

  it('is refused when it was interrupted, damaged, added to, or taken beside another kind of database', async () => {
    await cp(backup, place('spoilt'), { recursive: true })
    const file = (name: string): string => join(place('spoilt'), name)
    const manifest = await readFile(file('backup.json'), 'utf8')
    const spoil: (() => Promise<void>)[] = [
      () => writeFile(file('backup.json'), manifest.replace(`"${kind}"`, kind === 'embedded' ? '"postgres"' : '"embedded"')),
      () => writeFile(file('backup.json'), manifest).then(() => writeFile(file('keys/other.key'), 'x')),
      () => rm(file('keys/other.key')).then(() => writeFile(file('checkpoints.jsonl'), '{}\n')),
      () => rm(file('backup.json')),
    ]
    const answers = []
    for (const step of spoil) {
      await step()
      const { code, stderr } = await accord(place('nothing'), 'restore', place('spoilt'))
      answers.push([code, /interrupted|damaged: 1 of its files|DATABASE_URL/.exec(stderr)?.[0]])
    }
    expect(answers).toEqual([
      [2, 'DATABASE_URL'],
      [2, 'damaged: 1 of its files'],
      [2, 'damaged: 1 of its files'],
      [2, 'interrupted'],
    ])
    await expect(readdir(place('nothing'))).rejects.toThrow('ENOENT')
  })
})

it('says where it looked when there is nothing to back up', async () => {
  const { code, stderr } = await runHere(['backup', join(folder, 'x'), '--data', join(folder, 'nowhere')])
  expect([code, stderr]).toEqual([
    2,
    `database: there is no database of Accord in ${join(folder, 'nowhere')}; check --data and DATABASE_URL\n`,
  ])
  expect(await readdir(folder)).not.toContain('x')
})

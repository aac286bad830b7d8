import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadHashKey, loadLedgerKey } from '../../src/store/keys.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'accord-test-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('the keys', () => {
  it('are made once, even by several who start together, and read by nobody else', async () => {
    const ledger = await Promise.all([loadLedgerKey(dir), loadLedgerKey(dir), loadLedgerKey(dir)])
    const hash = await Promise.all([loadHashKey(dir), loadHashKey(dir), loadHashKey(dir)])
    expect(new Set(ledger.map(({ keyId }) => keyId)).size).toBe(1)
    expect(new Set(hash.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(1)
    expect(readdirSync(join(dir, 'keys')).sort()).toEqual(['hash.key', 'ledger.pem'])
    expect(readdirSync(join(dir, 'keys')).map((name) => statSync(join(dir, 'keys', name)).mode & 0o777)).toEqual([0o600, 0o600])
    expect((await loadHashKey(dir)).keyId).toBe(hash[0]?.keyId)
  })

  it('prefer the hash key that is given, and name it without telling it', async () => {
    const given = Buffer.alloc(32, 7).toString('base64')
    expect(await loadHashKey(dir, given)).toEqual({ key: Buffer.alloc(32, 7), keyId: expect.stringMatching(/^[0-9a-f]{16}$/) })
    expect(readdirSync(dir)).toEqual([])
  })

  it.each(['', 'c2hvcnQ=', `${Buffer.alloc(33).toString('base64')}`, 'not base64 at all, but long enough to be taken for it'])(
    'refuse the hash key %j',
    async (given) => {
      await expect(loadHashKey(dir, given)).rejects.toMatchObject({ kind: 'key', message: expect.stringContaining('ACCORD_HASH_KEY') })
    },
  )

  it('refuse a file that everybody can read, or that holds no such key', async () => {
    await loadLedgerKey(dir)
    const path = join(dir, 'keys', 'ledger.pem')
    const pem = readFileSync(path, 'utf8')
    chmodSync(path, 0o604)
    await expect(loadLedgerKey(dir)).rejects.toMatchObject({ kind: 'key', message: expect.stringContaining('chmod 600') })
    chmodSync(path, 0o600)
    writeFileSync(path, pem.slice(0, 60))
    await expect(loadLedgerKey(dir)).rejects.toMatchObject({ kind: 'key', message: expect.not.stringContaining(pem.slice(30, 50)) })
  })
})

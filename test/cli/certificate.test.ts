import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHere } from './here.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'accord-certificate-'))
  await writeFile(join(dir, 'list.json'), '{"shopping":["tea"]}')
  await writeFile(join(dir, 'notes.txt'), 'no JSON at all')
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('a file that is none of what was asked for', () => {
  it.each([
    [['certificate', 'verify', 'list.json'], 'list.json: This is no certificate of erasure.'],
    [['certificate', 'verify', 'notes.txt'], 'notes.txt: This is no certificate of erasure.'],
    [['certificate', 'verify', 'missing.json'], 'missing.json: cannot be read (ENOENT)'],
    [['certificate', 'print', 'list.json', 'out.pdf'], 'list.json: This is no certificate of erasure.'],
    [['ledger', 'verify', '--checkpoints', 'missing.jsonl'], '--checkpoints: '],
  ])('%j is a mistake on the command line, and is told of that file', async (args, message) => {
    const named = args.map((arg) => (/\.(json|jsonl|txt|pdf)$/.test(arg) ? join(dir, arg) : arg))
    const { code, stdout, stderr } = await runHere(named, { ACCORD_DATA: join(dir, 'nowhere') })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message.startsWith('--') ? message : join(dir, message))
    expect(stderr).not.toContain('database:')
  })
})

import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const program = new URL('../../bin/accord.js', import.meta.url).pathname
const config = new URL('../../config', import.meta.url).pathname
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'accord-options-'))
  cpSync(config, join(folder, 'config'), { recursive: true })
  writeFileSync(join(folder, 'config/policy.yaml'), 'version: 1\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('gives a subcommand the options that stand behind it', async () => {
  expect(await run('policy', 'check', '--json', '--config', config)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\{"ok":true,.+\}\n$/),
  })
  const broken = await run('policy', 'check', '--config', join(folder, 'config'))
  expect(broken).toMatchObject({ code: 2, out: '' })
})

it('refuses a kind of finding that there is not, instead of finding none', async () => {
  expect(await run('findings', '--kind', 'concent', '--data', join(folder, 'data'))).toMatchObject({ code: 2, out: '' })
})

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }))
  })
}

import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runHere } from './here.ts'

const config = new URL('../../config', import.meta.url).pathname
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'accord-options-'))
  cpSync(config, join(folder, 'config'), { recursive: true })
  writeFileSync(join(folder, 'config/policy.yaml'), 'version: 1\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('gives a subcommand the options that stand behind it', async () => {
  expect(await runHere(['policy', 'check', '--json', '--config', config])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\{"ok":true,.+\}\n$/),
  })
  const broken = await runHere(['policy', 'check', '--config', join(folder, 'config')])
  expect(broken).toMatchObject({ code: 2, stdout: '' })
})

it('refuses a kind of finding that there is not, instead of finding none', async () => {
  expect(await runHere(['findings', '--kind', 'concent', '--data', join(folder, 'data')])).toMatchObject({ code: 2, stdout: '' })
})

it('tells what may be measured and proved, and refuses what may not with one line and exit code 2', async () => {
  const [benches, proofs, odd, unknown] = await Promise.all([
    runScript('bench/main.ts', '--help'),
    runScript('test/prove/main.ts', '--help'),
    runScript('bench/main.ts', '--fast'),
    runScript('test/prove/main.ts', 'sweep-kil'),
  ])
  expect(benches).toMatchObject({ code: 0, stdout: expect.stringMatching(/--quick.+\n  evaluate +\d+ min {2}decisions a second/s) })
  expect(proofs).toMatchObject({ code: 0, stdout: expect.stringMatching(/--short.+\n  sweep-kill +kill -9 in the middle/s) })
  expect(odd).toEqual({ code: 2, stdout: '', stderr: "error: unknown option '--fast'\n" })
  expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error: .+'sweep-kil'.+ sweep-kill,.+\n$/) })
})

function runScript(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const root = new URL('../..', import.meta.url).pathname
  return new Promise((resolve) =>
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  )
}

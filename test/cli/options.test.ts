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

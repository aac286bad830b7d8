import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { bugs } from './memory.ts'

type Result = { ancestorTitles: string[]; status: string }

it('the contract suite fails for every planted bug', async () => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const file = fileURLToPath(new URL('memory.test.ts', import.meta.url))
  const report = join(await mkdtemp(join(tmpdir(), 'planted-')), 'report.json')
  await new Promise<void>((resolve) => {
    const env = { ...process.env, ACCORD_PLANT: 'all' }
    const args = [vitest, 'run', file, '--reporter=json', `--outputFile=${report}`, '--testTimeout=2000']
    execFile(process.execPath, args, { env, maxBuffer: 64 * 2 ** 20 }, (_failedAsItShould) => resolve())
  })
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as { testResults: { assertionResults: Result[] }[] }
  await rm(dirname(report), { recursive: true })
  const results = testResults.flatMap((one) => one.assertionResults)
  const caught = (bug: string) =>
    results.some((one) => one.status === 'failed' && one.ancestorTitles.includes(`connector contract: ${bug}`))
  expect(bugs.filter((bug) => !caught(bug))).toEqual([])
})

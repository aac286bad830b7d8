/** The contract of every connector (test/connectors/contract.ts) with an ordinary bad day between it and its CRM, one seed after the other. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Proof } from './proof.ts'

const root = new URL('../../', import.meta.url).pathname
const Report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string().nullable()).nullish() }),
      ),
    }),
  ),
})

export const contractUnderFaults: Proof = async ({ short, seed, say }) => {
  const rounds = short ? 2 : 12
  const folder = await mkdtemp(join(tmpdir(), 'accord-contract-'))
  const violations: string[] = []
  let trials = 0
  try {
    for (let round = 0; round < rounds; round += 1) {
      const own = (seed + round * 7_919) % 2 ** 31
      const report = join(folder, `${round}.json`)
      const notes = join(folder, `${round}.txt`)
      await runSuite({ FAULT_SEED: String(own), FAULT_SHORT: String(short || round > 0), FAULT_NOTES: notes }, report)
      const { testResults } = Report.parse(JSON.parse(await readFile(report, 'utf8')))
      const cases = testResults.flatMap((file) => file.assertionResults)
      if (cases.length === 0) throw new Error(testResults.map(({ message }) => message).join('\n') || 'the suite did not run')
      trials += cases.filter(({ status }) => status === 'passed' || status === 'failed').length
      for (const each of cases.filter(({ status }) => status === 'failed'))
        violations.push(`seed ${own}: ${each.fullName}: ${(each.failureMessages?.[0] ?? '').split('\n')[0]}`)
      say(`round ${round + 1} of ${rounds}: ${violations.length} violations so far; ${(await readFile(notes, 'utf8')).trim()}`)
    }
    return { trials, violations }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runSuite(env: Record<string, string>, report: string): Promise<void> {
  const args = ['run', '--config', join(root, 'test/prove/vitest.config.ts'), '--reporter=json', `--outputFile=${report}`]
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  // 1: a test failed, which the report tells.
  if (code !== 0 && code !== 1) throw new Error(`the suite ended with code ${code}: ${errors.slice(0, 500)}`)
}

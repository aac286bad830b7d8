import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FieldSchema } from '../../../src/connectors/connector.ts'
import { judgingCode } from '../../../src/judging-code.ts'
import { prepareTargets } from '../../../src/tasks/sweep/prepare.ts'
import { catalogueOf, hubspot, policy } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { always, openBench, type Bench } from '../bench.ts'

let server: TestPostgres
let bench: Bench
beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
})
afterAll(async () => {
  await bench?.close()
  await server.stop()
})

it('has every record judged anew by another release, under another policy, and when a field is called something else', async () => {
  const { target } = await bench.add('hubspot')
  const shown = catalogueOf(policy, hubspot) as readonly FieldSchema[]
  const digest = async (code: string, given = policy, fields = shown): Promise<string> => {
    const connector = { ...target.connector, describe: async () => [{ object: 'contacts', fields }] }
    const linked = { name: 'hubspot', crm: 'hubspot', connector, objects: [hubspot] }
    const options = { policy: given, today: '2026-11-21', keep: false }
    return (await prepareTargets({ ...bench.shell, code }, linked, bench.landscape.places, options, always))[0]!.policy
  }
  const renamed = shown.map((field) => (field.name === 'interests' ? { ...field, label: 'Croyances' } : field))
  const all = [
    await digest('a'),
    await digest('b'),
    await digest('a', { ...policy, purposes: policy.purposes.slice(1) }),
    await digest('a', policy, renamed),
  ]
  expect(new Set(all).size).toBe(4)
  expect(await digest('a')).toBe(all[0])
})

it('knows another release by its code', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'accord-code-'))
  try {
    await writeFile(join(folder, 'judge.ts'), 'export const most = 3')
    const [before, again] = [await judgingCode(folder), await judgingCode(folder)]
    await writeFile(join(folder, 'judge.ts'), 'export const most = 4')
    expect([before === again, before === (await judgingCode(folder))]).toEqual([true, false])
  } finally {
    await rm(folder, { recursive: true })
  }
})

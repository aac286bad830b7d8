import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import { createDiffCounter } from '../../../src/core/policy/diff.ts'
import { diffPolicy } from '../../../src/tasks/judge/diff.ts'
import { answersOf, consumer, proved } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { always, openBench, record, type Bench } from '../bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('the difference that another policy makes', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench(server.url)
  })
  afterEach(() => bench.close())

  it('sees who is one person by each policy for itself', async () => {
    const { target, crm } = await bench.add('one')
    const twins = [record('101', consumer), record('102', { ...consumer, ...proved('newsletter_email') })]
    await applyBatch(bench.shell, bench.landscape, target, { records: twins, gone: [] }, 'keep')
    crm.pages = [{ records: twins }]
    // As if the mailbox were on the list of shared ones.
    const { judge } = target
    const apart = {
      ...judge,
      record(fields: Parameters<typeof judge.record>[0]) {
        const read = judge.record(fields)
        const identity = read.identity()
        return { ...answersOf(read), identity: () => ({ ...identity, phones: identity.phones, emails: [] }) }
      },
    }
    const into = createDiffCounter()
    await diffPolicy(
      { now: bench.shell, then: bench.shell },
      bench.landscape,
      { now: target, then: { ...target, judge: apart } },
      into,
      always,
    )
    expect(into.report()).toMatchObject({ records: 2, changed: 1 })
    expect(into.report().changes).toContainEqual({ name: 'allowed newsletter by email', before: 2, after: 1 })
  })
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { identifyRequest, refuseRequest, withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { push } from '../../src/tasks/sweep/push.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import type { Target } from '../../src/tasks/shell.ts'
import type { Right } from '../../src/core/request/request.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, openBench, record, rightsDeps, type Bench, type PlayedCrm } from './bench.ts'

let server: TestPostgres
let bench: Bench
let target: Target
let crm: PlayedCrm
beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  ;({ target, crm } = await bench.add('one'))
  for (const email of ['ada@example.test', 'bob@example.test']) {
    const one = record(email, { ...consumer, ...proved('newsletter_email'), email })
    crm.held.set(email, one)
    await applyBatch(bench.shell, bench.landscape, target, { records: [one], gone: [] }, 'keep')
  }
})
afterAll(async () => {
  await bench.close()
  await server.stop()
})

/** Records that are read again, and what would be written to them. */
async function read(): Promise<Record<string, string | null>> {
  const seen: Record<string, string | null> = {}
  const written = crm.written.length
  await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
  await push(bench.shell, target, () => undefined, always)
  for (const { ref, set } of crm.written.slice(written)) {
    seen[ref.id] = set['accord_consent_newsletter_email'] ?? null
    crm.held.set(ref.id, record(ref.id, { ...crm.held.get(ref.id)!.fields, ...set }))
  }
  return seen
}
async function ask(right: Right): Promise<string> {
  const scope = right === 'objection' ? 'particular-situation' : 'all'
  const asked = { emails: ['ada@example.test'], phones: [], records: [] }
  const received = await receiveRequest(rightsDeps(bench), { asked, right, scope, origin: 'email', at: bench.shell.now(), user: 'u1' })
  if (received.outcome === 'refused') throw new Error(received.message)
  return received.file.id
}

it('whoever asks for an end is left alone by marketing at once, before anybody knows who it is, and only until it is decided', async () => {
  expect(await read()).toEqual({ 'ada@example.test': 'granted', 'bob@example.test': 'granted' })
  const deps = rightsDeps(bench)
  for (const right of ['erasure', 'objection', 'restriction'] as const) {
    const id = await ask(right)
    expect([right, await read()]).toEqual([right, { 'ada@example.test': 'unknown' }])
    expect(crm.written.at(-1)!.set).not.toHaveProperty('hs_email_optout')
    expect(await withdrawRequest(deps, id)).toMatchObject({ outcome: 'changed' })
    expect([right, await read()]).toEqual([right, { 'ada@example.test': 'granted' }])
  }
  const access = await ask('access')
  expect(await read()).toEqual({})
  const erasure = await ask('erasure')
  expect(await read()).toEqual({ 'ada@example.test': 'unknown' })
  const doubted = { user: 'u1', proof: { by: 'details', details: ['reply-from-known-address'] } } as const
  expect((await identifyRequest(deps, access, doubted)).outcome).toBe('refused')
  expect(await refuseRequest(deps, erasure, { user: 'u1', reason: 'manifestly-unfounded' })).toMatchObject({ outcome: 'changed' })
  expect(await read()).toEqual({ 'ada@example.test': 'granted' })
})

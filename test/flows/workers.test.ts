import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEnv } from '../compiled.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { ledgerEntries, personsOf, repeatedEntries, storedRows } from './stored.ts'

const PEOPLE = 150
const signal = new AbortController().signal
const options = { full: false, keep: true, write: true, progress: () => undefined }

/** What a sweep leaves behind, without the numbers that depend on the order of work. */
async function outcome(scene: Scene): Promise<unknown> {
  const rows = await storedRows((await scene.accord()).db)
  return {
    records: [...rows.values()].map(({ ref, verdict, reviewOn, email }) => [ref, verdict?.key, reviewOn, email === null]),
    persons: personsOf(rows),
    contacts: await scene.crm.rows('SELECT Id, Accord_Status__c, Accord_Findings__c, Accord_Consent_Proof__c FROM Contact ORDER BY Id'),
  }
}

/** On the embedded database the same is proved by `npm run prove -- sweep-kill`, and what a kill leaves of it by test/store/embedded.test.ts. */
describe('sweeps', () => {
  let server: TestPostgres
  let calm: Scene
  let scene: Scene
  const bed = async (): Promise<Scene> => stage({ people: PEOPLE, database: await freshDatabase(server.url) })
  beforeAll(async () => {
    server = await startPostgres()
    calm = await bed()
    await calm.sweep()
    scene = await bed()
    await scene.accord()
  })
  afterAll(async () => {
    await scene?.close()
    await calm?.close()
    await server.stop()
  })

  it('resume after a kill -9 in mid-sweep, without loss and without a decision written twice', async () => {
    await scene.leave()
    await fetch(`${scene.sandbox.control}/latency`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"ms":25}' })
    const cli = fileURLToPath(new URL('../../bin/accord.js', import.meta.url))
    const child = spawn(process.execPath, [cli, 'sweep', '--data', scene.dir], {
      env: { ...startEnv(), ...scene.env },
      stdio: 'ignore',
      detached: true,
    })
    const ended = once(child, 'close')
    await scene.until(async () => (await scene.crm.rows('SELECT Id FROM Contact WHERE Accord_Status__c != null LIMIT 1')).length > 0)
    process.kill(-child.pid!, 'SIGKILL')
    await ended
    await fetch(`${scene.sandbox.control}/latency`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"ms":0}' })
    const summaries = await scene.sweep()
    expect(summaries.map(({ error, waiting }) => [error, waiting])).toEqual([
      [undefined, 0],
      [undefined, 0],
    ])
    expect(await outcome(scene)).toEqual(await outcome(calm))
    const { db } = await scene.accord()
    expect(repeatedEntries(await ledgerEntries(db))).toEqual([])
    expect(await verifyLedger(db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
  })

  it('of two workers at once share the connections: nothing twice, no link missed', async () => {
    const shared = await bed()
    try {
      const houses = [await shared.accord(), await shared.open()]
      const both = await Promise.all(houses.map((accord) => accord.sweep(options, signal)))
      const done = both.flat().filter(({ error }) => error === undefined)
      expect(done.map(({ connection }) => connection).sort()).toEqual(['hubspot', 'salesforce'])
      expect(both.flat().flatMap(({ error }) => (error ? [error.kind] : []))).toEqual(['refused', 'refused'])
      await houses[1]!.close()
      await shared.sweep()
      expect(await outcome(shared)).toEqual(await outcome(calm))
      expect(repeatedEntries(await ledgerEntries((await shared.accord()).db))).toEqual([])
    } finally {
      await shared.close()
    }
  })
})

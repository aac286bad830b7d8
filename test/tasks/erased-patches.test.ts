import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WriteResult } from '../../src/connectors/connector.ts'
import type { Erasure } from '../../src/connectors/erasure.ts'
import { toApprove } from '../../src/core/erasure/erasure.ts'
import { finishPatches, savePatches, takePatches } from '../../src/store/outbox.ts'
import { ensureSource } from '../../src/store/sources.ts'
import type { ErasureDeps } from '../../src/tasks/erasure/deps.ts'
import type { Side } from '../../src/tasks/erasure/seek.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import { databaseTime } from '../../src/store/live-reads.ts'
import { waitForOwnWrites } from '../../src/tasks/erasure/own-writes.ts'
import { push } from '../../src/tasks/sweep/push.ts'
import { advanceRequest } from '../../src/tasks/request/advance.ts'
import { approveRequest, planRequest, withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { consumer } from '../core/judge-world.ts'
import { always, openBench, record, rechecksOf, rightsDeps, type Bench } from './bench.ts'

let server: TestPostgres
let bench: Bench
beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  await sql`insert into hash_key (id, key_id) values (1, 'a key')`.execute(bench.shell.db)
})
afterAll(async () => {
  await bench.close()
  await server.stop()
})

const fields = { accord_status: 'ok' }
const refOf = (id: string) => ({ connection: 'hubspot', object: 'contacts', id })
const sourceId = async (): Promise<number> => (await ensureSource(bench.shell.db, 'hubspot', 'hubspot', 'contacts')).id
async function waiting(): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from patch order by id`.execute(bench.shell.db)
  return rows.map(({ id }) => id)
}

it.each([
  ['that an erasure is at', 'running', 'erase', null, false],
  ['that is being made anonymous', 'running', 'anonymise', null, false],
  ['that is anonymous', 'settled', 'anonymise', 'anonymised', true],
  ['that stays', 'running', 'keep', null, true],
  ['that an erasure has taken', 'settled', 'erase', 'erased', false],
  ['whose erasure is only planned', 'planned', 'erase', null, true],
  ['whose erasure was stopped before it', 'stopped', 'erase', null, true],
])('what waits to be written to a record %s', async (_, erasure, action, outcome, taken) => {
  const { db } = bench.shell
  const source = await sourceId()
  const [id, other] = [`${erasure}-${action}-1`, `${erasure}-${action}-2`]
  const request = randomUUID()
  await sql`
    insert into request (id, kind, version, status, erasure, request_state, erasure_state, received_at, last_day)
    values (${request}, 'erasure', 1, 'in-progress', ${erasure}, '{}', '{}', now(), current_date)`.execute(db)
  await sql`
    insert into request_record (request, connection, object, id, action, reasons, outcome)
    values (${request}, 'hubspot', 'contacts', ${id}, ${action}, '{email}', ${outcome})`.execute(db)
  const patches = [id, other].map((one) => ({ source, id: one, fields }))
  await savePatches(db, patches)
  const found = await takePatches(db, { source, after: '', limit: 10, claim: 1, living: async () => [] }, [id, other])
  expect(found.map((patch) => patch.id)).toEqual(taken ? [id, other] : [other])
  await sql`delete from patch`.execute(db)
})

it.each([
  ['that retention is at', 'begun', null, 'erase', null, false],
  ['that retention is making anonymous', 'begun', null, 'anonymise', null, false],
  ['that retention has made anonymous', 'closed', 'proved', 'anonymise', 'anonymised', true],
  ['that retention has taken', 'begun', 'proved', 'erase', 'erased', false],
  ['that is on a list and has not begun', 'waiting', null, 'erase', null, true],
])('what waits to be written to a record %s', async (_, status, standing, action, outcome, taken) => {
  const { db } = bench.shell
  const source = await sourceId()
  const [id, other] = [`${status}-${action}-1`, `${status}-${action}-2`]
  const list = randomUUID()
  await sql`insert into retention_list (id, version, status, state, list, made_at) values (${list}, 1, 'released', '{}', '{}', now())`.execute(
    db,
  )
  await sql`
    insert into retention_case (list, n, status, standing, state, entry, erasure) values (${list}, 0, ${status}, ${standing}, '{}', '{}', '{}')`.execute(
    db,
  )
  await sql`
    insert into retention_record (list, n, connection, object, id, action, outcome)
    values (${list}, 0, 'hubspot', 'contacts', ${id}, ${action}, ${outcome})`.execute(db)
  await savePatches(
    db,
    [id, other].map((one) => ({ source, id: one, fields })),
  )
  const found = await takePatches(db, { source, after: '', limit: 10, claim: 1, living: async () => [] }, [id, other])
  expect(found.map((patch) => patch.id)).toEqual(taken ? [id, other] : [other])
  await sql`delete from patch`.execute(db)
})

describe('before an erasure begins with a record', () => {
  /** Waits with a clock that stands still; `meanwhile`: what happens in the first pause. */
  async function pauses(ids: readonly string[], meanwhile: () => Promise<void> = async () => undefined): Promise<number> {
    let slept = 0
    const sleep = async (): Promise<void> => void (slept++ === 0 && (await meanwhile()))
    await waitForOwnWrites({ ...bench.shell, sleep }, ids.map(refOf), always)
    return slept
  }

  it('what was sent to it has arrived, what waits is taken back, and what is for others stays', async () => {
    const { db, claims } = bench.shell
    const source = await sourceId()
    const claim = await claims.take()
    const [sent, waits, other] = ['11', '12', '13'].map((id) => ({ source, id, fields })) as [Sent, Sent, Sent]
    await savePatches(db, [sent, waits, other])
    await takePatches(db, { source, after: '', limit: 10, claim: claim.id, living: claims.living }, ['11'])
    expect(await pauses(['11', '12'], () => finishPatches(db, [sent]))).toBe(1)
    expect(await waiting()).toEqual(['13'])
    await claim.release()
    await sql`delete from patch`.execute(db)
  })
  type Sent = { source: number; id: string; fields: typeof fields }

  it('nobody waits for what a dead worker had sent', async () => {
    const { db, claims } = bench.shell
    const source = await sourceId()
    const claim = await claims.take()
    await savePatches(db, [{ source, id: '14', fields }])
    await takePatches(db, { source, after: '', limit: 10, claim: claim.id, living: async () => [] }, null)
    await claim.release()
    expect(await pauses(['14'])).toBe(0)
    expect(await waiting()).toEqual([])
  })

  it('a row that somebody is deciding on is waited for, and one that is sent for ever holds the step up', async () => {
    const { db, claims } = bench.shell
    const source = await sourceId()
    await savePatches(db, [{ source, id: '15', fields }])
    let slept = 0
    await db.transaction().execute(async (trx) => {
      await sql`select from patch where id = '15' for update`.execute(trx)
      await expect(waitForOwnWrites({ ...bench.shell, sleep: async () => void slept++ }, [refOf('15')], always)).rejects.toMatchObject({
        name: 'ConnectorError',
        kind: 'unavailable',
      })
    })
    expect(slept).toBe(20)
    const claim = await claims.take()
    await takePatches(db, { source, after: '', limit: 10, claim: claim.id, living: async () => [] }, null)
    await expect(pauses(['15'])).rejects.toMatchObject({ kind: 'unavailable' })
    await claim.release()
    expect(await pauses(['15'])).toBe(0)
  })
})

/** One contact in one CRM that forgets it on demand; `calls` in the order in which they reached it. */
function play(calls: string[], id: string): Side {
  let gone = false
  const refs = [{ object: 'contacts', id }]
  const erasure: Erasure = {
    callsPerMinute: 60,
    means: 'purge',
    find: async () => ({
      gaps: [],
      records: gone
        ? []
        : refs.map((ref) => ({
            ref,
            via: ['email'],
            state: 'live',
            holds: 'person',
            fields: {},
            fieldsOf: 'contacts',
            formerEmails: [],
            aliases: [],
            same: [],
          })),
    }),
    survey: async () => ({ records: refs.map((ref) => ({ ref, facts: [], unread: [], attached: {}, calls: 1 })), gaps: [] }),
    bindings: async () => refs.map((ref) => ({ ref, facts: [], unread: [], said: [] })),
    silence: async () => (calls.push('silence'), refs.map((ref) => ({ ref, outcome: 'silenced' }))),
    prepare: async () => (calls.push('prepare'), []),
    erase: async () => {
      calls.push('erase')
      gone = true
      return refs.map((ref) => ({ ref, outcome: 'erased' }))
    },
    verify: async () => refs.map((ref) => ({ ref, trace: gone ? 'absent' : 'present' })),
    arrivals: async () => refs.map(() => null),
    residue: async function* () {},
    residueCalls: () => 0,
    redact: async () => [],
  }
  const identity = { emails: [`${id}@example.test`], shared: [], phones: [], crossIds: [], givenName: '', familyName: '', personal: 0 }
  return {
    connection: 'hubspot',
    erasure,
    objects: [],
    identify: () => ({ ...identity, names: 0, country: '' }) as never,
    nameOf: () => ({ given: '', family: '' }),
    stating: {},
    stated: () => ({ facts: [], unread: [] }),
  }
}

/** Somebody with that one record, whose erasure may begin. */
async function approved(contact: string, calls: string[]): Promise<{ deps: ErasureDeps; id: string }> {
  const deps: ErasureDeps = { ...rightsDeps(bench), sides: [play(calls, contact)] }
  const asked = { emails: [`${contact}@example.test`], phones: [], records: [] }
  const received = await receiveRequest(deps, {
    asked,
    right: 'erasure',
    scope: 'all',
    origin: 'session',
    at: bench.shell.now(),
    user: 'u1',
  })
  if (received.outcome === 'refused') throw new Error(received.message)
  const { id } = received.file
  const { changed } = await planRequest(deps, id, [], always)
  if (changed.outcome === 'refused') throw new Error(changed.message)
  const { digest } = toApprove(changed.file.erasure)!
  expect(await approveRequest(deps, id, { user: 'u1', digest, count: null })).toMatchObject({ outcome: 'changed' })
  return { deps, id }
}

describe('an erasure that is approved while a write of ours is on its way', () => {
  async function begin(contact: string, calls: string[]): Promise<{ deps: ErasureDeps; id: string; land: () => Promise<void> }> {
    const { target } = await bench.add('hubspot')
    const { db } = bench.shell
    await savePatches(db, [{ source: target.source.id, id: contact, fields }])
    const arrived = Promise.withResolvers<void>()
    const sent = Promise.withResolvers<void>()
    const write = async (): Promise<WriteResult[]> => {
      sent.resolve()
      await arrived.promise
      calls.push('write')
      return [{ ref: { object: 'contacts', id: contact }, outcome: 'written', version: '1' }]
    }
    const pushing = push(bench.shell, { ...target, connector: { ...target.connector, write } }, () => undefined, always)
    await sent.promise
    const land = async (): Promise<void> => {
      arrived.resolve()
      await pushing
    }
    return { ...(await approved(contact, calls)), land }
  }

  it('lays no hand on the record before that write has arrived', async () => {
    const calls: string[] = []
    const { deps, id, land } = await begin('21', calls)
    let slept = 0
    const sleep = async (): Promise<void> => void (slept++ === 2 && (await land()))
    expect(await advanceRequest({ ...deps, shell: { ...deps.shell, sleep } }, id, always)).toEqual({ outcome: 'done' })
    expect(calls).toEqual(['write', 'silence', 'prepare', 'erase'])
  })

  it('is tried again later when that write takes long, and a record that stays after all is read again', async () => {
    const calls: string[] = []
    const { deps, id, land } = await begin('22', calls)
    await sql`delete from recheck`.execute(deps.shell.db)
    expect(await advanceRequest(deps, id, always)).toMatchObject({ outcome: 'postponed', fault: 'unavailable' })
    expect(calls).toEqual([])
    await land()
    expect(await withdrawRequest(deps, id)).toMatchObject({ outcome: 'changed' })
    expect(await rechecksOf(bench, await sourceId())).toEqual(['22'])
  })
})

describe('a page of a sweep that was read before an erasure, and is judged behind it', () => {
  it('writes nothing, makes no record of it again, and has it read once more', async () => {
    const { target } = await bench.add('hubspot')
    const { db } = bench.shell
    const source = target.source.id
    const shown = (day: string) => record('31', { ...consumer, email: '31@example.test' }, Date.parse(`2026-11-${day}T08:00:00Z`))
    const rows = async () =>
      (await sql<{ verdict: number }>`select verdict from record where source = ${source} and id = '31'`.execute(db)).rows
    await sql`delete from recheck`.execute(db)
    const since = await databaseTime(db)
    await applyBatch(bench.shell, bench.landscape, target, { records: [shown('01')], gone: [] }, 'keep')
    expect([await waiting(), (await rows()).length]).toEqual([['31'], 1])
    const { deps, id } = await approved('31', [])
    expect(await advanceRequest(deps, id, always)).toEqual({ outcome: 'done' })
    expect([await waiting(), await rechecksOf(bench, source)]).toEqual([[], ['31']])
    await sql`delete from recheck`.execute(db)
    // As the CRM had shown it, and newer than what is stored of it.
    const stale = { records: [shown('02')], gone: [], since, force: true }
    expect(await applyBatch(bench.shell, bench.landscape, target, stale, 'keep')).toMatchObject({ changed: 0, patches: 0 })
    expect([await waiting(), await rechecksOf(bench, source)]).toEqual([[], ['31']])
    await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
    const gone = await rows()
    expect(gone.every(({ verdict }) => verdict < 0)).toBe(true)
    expect(await applyBatch(bench.shell, bench.landscape, target, stale, 'keep')).toMatchObject({ changed: 0, patches: 0 })
    expect([await waiting(), await rows()]).toEqual([[], gone])
  })
})

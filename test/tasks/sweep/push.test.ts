import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fields } from '../../../src/connectors/connector.ts'
import { countFindings, listFindings } from '../../../src/store/findings.ts'
import { countPatches, thawPatches } from '../../../src/store/outbox.ts'
import { openAssessing } from '../../../src/tasks/judge/assess-thread.ts'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import { pull } from '../../../src/tasks/sweep/pull.ts'
import { push } from '../../../src/tasks/sweep/push.ts'
import type { Target } from '../../../src/tasks/shell.ts'
import { sweep, type Connected } from '../../../src/tasks/sweep/sweep.ts'
import { consumer, proved } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { always, openBench, record, type Bench, type PlayedCrm } from '../bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('a write-back', () => {
  let bench: Bench
  let one: { target: Target; crm: PlayedCrm }
  beforeEach(async () => {
    bench = await openBench(server.url)
    one = await bench.add('one')
  })
  afterEach(() => bench.close())

  it('that the CRM refuses is not repeated every night, and is tried again by the next full pull', async () => {
    const { target, crm } = one
    const night = async (full: boolean) => {
      crm.pages = [{ records: full ? [record('101', consumer)] : [] }]
      await pull(bench.shell, bench.landscape, target, { full, onBatch: () => undefined, thread: openAssessing() }, always)
      return push(bench.shell, target, () => undefined, always)
    }
    const nothing = { written: 0, unchanged: 0, conflict: 0, rejected: 0, gone: 0, frozen: 0 }
    crm.outcome = ({ ref }) => ({ ref, outcome: 'rejected', reason: '400 VALIDATION_ERROR' })
    expect(await night(true)).toEqual({ ...nothing, rejected: 1 })
    expect([await countPatches(bench.shell.db, target.source.id), await night(false)]).toEqual([0, nothing])
    crm.outcome = ({ ref }) => ({ ref, outcome: 'written', version: '2' })
    expect(await night(true)).toEqual({ ...nothing, written: 1 })
    expect(crm.written[1]).toEqual(crm.written[0])
  })

  it('that the CRM refuses is told in the log, once for each reason, with some of the records', async () => {
    const { target, crm } = one
    const told: unknown[] = []
    const shell: Bench['shell'] = { ...bench.shell, log: (event, facts) => void told.push([event, facts]) }
    crm.pages = [{ records: ['101', '102', '103', '104', '105', '106', '107'].map((id) => record(id, consumer)) }]
    crm.outcome = ({ ref }) => ({ ref, outcome: 'rejected', reason: ref.id === '107' ? '403' : '400 VALIDATION_ERROR' })
    await pull(shell, bench.landscape, target, { full: true, onBatch: () => undefined, thread: openAssessing() }, always)
    await push(shell, target, () => undefined, always)
    const five = [1, 2, 3, 4, 5].map((n) => `one/contacts/10${n}`).join(' ')
    expect(told).toEqual([
      ['write.refused', { reason: '400 VALIDATION_ERROR', count: 6, records: five }],
      ['write.refused', { reason: '403', count: 1, records: 'one/contacts/107' }],
    ])
  })

  it('that the CRM can never take is not asked for again, whatever it would say, until rights have changed; it is listed', async () => {
    const { target, crm } = one
    const night = async (fields: Fields) => {
      crm.pages = [{ records: [record('101', fields)] }]
      await pull(bench.shell, bench.landscape, target, { full: true, onBatch: () => undefined, thread: openAssessing() }, always)
      return push(bench.shell, target, () => undefined, always)
    }
    const nothing = { written: 0, unchanged: 0, conflict: 0, rejected: 0, gone: 0, frozen: 0 }
    crm.outcome = ({ ref }) => ({ ref, outcome: 'frozen', reason: 'CLOSED' })
    expect(await night(consumer)).toEqual({ ...nothing, frozen: 1 })
    expect([await night(consumer), await night({ ...consumer, hs_email_optout: 'true' })]).toEqual([nothing, nothing])
    const { db } = bench.shell
    const finding = { connection: 'one', object: 'contacts', kind: 'mapping', rule: 'mapping.record_frozen', severity: 'low' }
    const filter = { rule: 'mapping.record_frozen' }
    expect([await countFindings(db, filter), await countPatches(db, target.source.id)]).toEqual([[{ ...finding, records: 1 }], 0])
    expect(await listFindings(db, filter, 10)).toMatchObject([{ ...finding, id: '101' }])
    await thawPatches(db, 'one')
    crm.outcome = ({ ref }) => ({ ref, outcome: 'written', version: '2' })
    expect(await push(bench.shell, target, () => undefined, always)).toEqual({ ...nothing, written: 1 })
    expect([crm.written.length, await countFindings(db, filter)]).toEqual([2, []])
  })

  it('that is on its way is undone by what replaces it, however often its record is judged before it lands', async () => {
    const { shell, landscape } = bench
    const two = await bench.add('two')
    const { target, crm } = one
    const before = record('101', { ...consumer, ...proved('newsletter_email'), accord_lawful_basis: 'contract;legitimate_interest' })
    const judge = () => applyBatch(shell, landscape, target, { records: [before], gone: [], force: true }, 'keep')
    const withdraw = () =>
      applyBatch(shell, landscape, two.target, { records: [record('201', { ...consumer, hs_email_optout: 'true' })], gone: [] }, 'keep')
    const sets: Fields[] = []
    const connector: typeof target.connector = {
      ...target.connector,
      write: async (patches, signal) => {
        sets.push(patches[0]!.set)
        if (sets.length === 1) for (const happens of [withdraw, judge, judge]) await happens()
        return target.connector.write(patches, signal)
      },
    }
    await judge()
    const counts = await push(shell, { ...target, connector }, () => undefined, always)
    const again = await push(shell, { ...target, connector }, () => undefined, always)
    expect([counts.written + again.written, crm.written.length]).toEqual([2, 2])
    expect(sets.map((set) => set['accord_lawful_basis'])).toEqual(['consent;contract;legitimate_interest', 'contract;legitimate_interest'])
  })

  it('comes to its end before a failure elsewhere is told, for then the database may be closed', async () => {
    const two = await bench.add('two')
    const ends: string[] = []
    one.crm.pages = [{ records: [record('101', consumer)] }]
    two.crm.pages = [{ records: [record('201', { ...consumer, email: 'alex@example.fr', firstname: 'Alex' })] }]
    one.crm.outcome = () => {
      throw new TypeError('a fault of ours')
    }
    const slow = {
      ...two.target.connector,
      write: async () => {
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
        ends.push('written')
        return [{ ref: { object: 'contacts', id: '201' }, outcome: 'written' as const, version: '2' }]
      },
    }
    const connected = (name: string, target: Target): Connected => ({ name, connector: target.connector, prepare: async () => [target] })
    const options = { full: false, write: true, progress: () => undefined }
    const both = [connected('one', one.target), connected('two', { ...two.target, connector: slow })]
    await expect(sweep(bench.shell, bench.landscape, both, options, always)).rejects.toThrow('a fault of ours')
    expect([ends, await countPatches(bench.shell.db, two.target.source.id)]).toEqual([['written'], 0])
  })
})

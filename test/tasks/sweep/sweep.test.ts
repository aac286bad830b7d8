import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError, type Cursor, type Page } from '../../../src/connectors/connector.ts'
import { loadSource } from '../../../src/store/sources.ts'
import type { Target } from '../../../src/tasks/shell.ts'
import { sweep } from '../../../src/tasks/sweep/sweep.ts'
import { consumer } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { storedRows } from '../../flows/stored.ts'
import { always, openBench, record, type Bench } from '../bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('a sweep of two objects', () => {
  let bench: Bench
  let first: Target
  let second: Target
  beforeEach(async () => {
    bench = await openBench(server.url)
    first = (await bench.add('one')).target
    second = (await bench.add('two')).target
  })
  afterEach(() => bench.close())

  const page = (id: string): Page => ({ records: [record(id, consumer)], gone: [], cursor: `after ${id}` as Cursor })
  const reading = (target: Target, read: () => AsyncGenerator<Page>): Target => ({ ...target, connector: { ...target.connector, read } })
  const run = (...targets: Target[]) =>
    sweep(
      bench.shell,
      bench.landscape,
      [{ name: 'one', connector: first.connector, prepare: async () => targets }],
      { full: true, write: false, progress: () => undefined },
      always,
    )

  it('asks for the second while the first is still being read', async () => {
    const asked = Promise.withResolvers<void>()
    const [summary] = await run(
      reading(first, async function* () {
        yield page('101')
        await asked.promise
        yield page('102')
      }),
      reading(second, async function* () {
        asked.resolve()
        yield page('201')
        yield page('202')
      }),
    )
    expect(summary).toMatchObject({ records: 4, pages: 4, mode: 'full' })
    expect([...(await storedRows(bench.shell.db)).keys()]).toEqual(['contacts/101', 'contacts/102', 'contacts/201', 'contacts/202'])
  })

  it('leaves what it has asked for, and keeps nothing of it, when the first breaks', async () => {
    const left: string[] = []
    const [summary] = await run(
      reading(first, async function* () {
        yield page('101')
        throw new ConnectorError('unavailable', 'the CRM fell over')
      }),
      reading(second, async function* () {
        try {
          yield page('201')
        } finally {
          left.push('second')
        }
      }),
    )
    expect(summary).toMatchObject({ records: 1, error: { kind: 'unavailable' } })
    expect(left).toEqual(['second'])
    expect([...(await storedRows(bench.shell.db)).keys()]).toEqual(['contacts/101'])
    expect(await loadSource(bench.shell.db, second.source.id)).toMatchObject({ cursor: null, fullSince: null })
  })

  it('reads the second anew when the CRM no longer knows where the last pull ended', async () => {
    await run(
      reading(first, () => pagesOf('101')),
      reading(second, () => pagesOf('201')),
    )
    let forgets = 1
    const [summary] = await sweep(
      bench.shell,
      bench.landscape,
      [
        {
          name: 'one',
          connector: first.connector,
          prepare: async () => [
            reading(first, () => pagesOf('102')),
            reading(second, async function* () {
              if (forgets-- > 0) throw new ConnectorError('bad-cursor', 'no such cursor')
              yield* pagesOf('201', '202')
            }),
          ],
        },
      ],
      { full: false, write: false, progress: () => undefined },
      always,
    )
    expect(summary).toMatchObject({ records: 3, mode: 'full' })
  })

  async function* pagesOf(...ids: string[]): AsyncGenerator<Page> {
    for (const id of ids) yield page(id)
  }
})

/** What the general laws cannot say: HubSpot's own traps, on its sandbox. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector, Cursor, Page } from '../../../src/connectors/connector.ts'
import { hubspotWorld } from './world.ts'

const live = () => new AbortController().signal
const ids = (pages: readonly Page[]) => pages.flatMap((page) => page.records.map((record) => record.ref.id))
const gone = (pages: readonly Page[]) => pages.flatMap((page) => page.gone.map((dead) => dead.ref.id))

describe('hubspot deltas', () => {
  let open: Awaited<ReturnType<typeof hubspotWorld>>
  let connector: Connector
  beforeEach(async () => {
    open = await hubspotWorld()
    connector = open.connector
  })
  afterEach(async () => {
    await connector.close()
    await open.world.close()
  })
  const pull = (since?: Cursor, fields = ['email']) =>
    Array.fromAsync(connector.read({ object: 'contacts', fields, ...(since && { since }) }, live()))
  const cursorAfter = async (since?: Cursor) => (await pull(since)).at(-1)!.cursor
  /** Contacts of long ago, which no index lag can hide. */
  const loadOld = async (n: number) => {
    const rows = Array.from({ length: n }, (_, i) => ({
      id: String(7_000_000 + i),
      properties: { email: `old${i}@example.test`, createdate: '2023-01-01T00:00:00Z', lastmodifieddate: '2023-01-02T00:00:00Z' },
    }))
    await open.pull('load', { rows })
    return rows.map((row) => ({ object: 'contacts', id: row.id }))
  }
  const archivePages = () => open.gate.seen.filter((seen) => seen.path.includes('archived=true')).length

  it('finds an old record in the archive, and reads the archive only when the count is off', async () => {
    const [removed] = await loadOld(3)
    const cursor = await cursorAfter(await cursorAfter())
    expect(archivePages()).toBe(0)
    await open.world.remove(removed!)
    const pages = await pull(cursor)
    expect(gone(pages)).toEqual([removed!.id])
    expect(archivePages()).toBe(1)
    await pull(pages.at(-1)!.cursor)
    expect(archivePages()).toBe(1)
  })

  it('does not report again what was archived before the cursor', async () => {
    const [first, second] = await loadOld(3)
    const cursor = await cursorAfter()
    await open.world.remove(first!)
    const next = await cursorAfter(cursor)
    await open.pull('edit', { id: second!.id, properties: { jobtitle: 'kept' } })
    expect(gone(await pull(next))).toEqual([])
  })

  it('says in the log when records vanished without a trace, as after a privacy deletion', async () => {
    const [erased] = await loadOld(2)
    const cursor = await cursorAfter()
    const headers = { authorization: 'Bearer pat-eu1-sandbox-0000-0000-000000000001', 'content-type': 'application/json' }
    await fetch(`${open.gate.url}/crm/v3/objects/contacts/gdpr-delete`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ objectId: erased!.id }),
    })
    expect(gone(await pull(cursor))).toEqual([])
    expect(open.deps.logs).toEqual([['hubspot.removals-untold', { object: 'contacts', records: 1 }]])
  })

  it('sees a change that the search index was late with', async () => {
    const [ref] = await open.world.seed([{ email: 'one@example.test', jobtitle: 'before' }])
    const cursor = await cursorAfter()
    await open.pull('index-lag', { ms: 60_000 })
    await open.world.edit([ref!], { jobtitle: 'after' })
    const late = await pull(cursor, ['jobtitle'])
    await open.advance(61_000)
    const pages = await pull(late.at(-1)!.cursor, ['jobtitle'])
    expect(pages.flatMap((page) => page.records.map((record) => record.fields))).toContainEqual(
      expect.objectContaining({ jobtitle: 'after' }),
    )
  })

  it('sees a record that was created, and one that was removed, while the index was late', async () => {
    const [removed] = await open.world.seed([{ email: 'one@example.test' }])
    const cursor = await cursorAfter()
    await open.pull('index-lag', { ms: 20_000 })
    const [created] = await open.world.seed([{ email: 'two@example.test' }])
    await open.world.remove(removed!)
    const first = await pull(cursor)
    await open.advance(21_000)
    const second = await pull(first.at(-1)!.cursor)
    expect(gone([...first, ...second])).toContain(removed!.id)
    expect(ids([...first, ...second])).toContain(created!.id)
  })

  it('loses nobody when records change while a delta is being read', async () => {
    const cursor = await cursorAfter()
    const refs = await open.world.seed(Array.from({ length: 450 }, (_, i) => ({ email: `p${i}@example.test` })))
    const seen: string[] = []
    for await (const page of connector.read({ object: 'contacts', fields: ['email'], since: cursor }, live())) {
      seen.push(...ids([page]))
      await open.world.edit(refs.slice(0, 150), { jobtitle: `after ${seen.length}` })
    }
    expect(new Set(seen)).toEqual(new Set(refs.map((ref) => ref.id)))
  })

  it('carries on from every cursor of a delta', async () => {
    const cursor = await cursorAfter()
    const refs = await open.world.seed(Array.from({ length: 450 }, (_, i) => ({ email: `p${i}@example.test` })))
    const pages = await pull(cursor)
    expect(pages.length).toBeGreaterThan(2)
    for (let taken = 1; taken < pages.length; taken++) {
      const rest = await pull(pages[taken - 1]!.cursor)
      expect(new Set([...ids(pages.slice(0, taken)), ...ids(rest)])).toEqual(new Set(refs.map((ref) => ref.id)))
      expect(gone(rest)).toEqual([])
    }
  })

  it('keeps no address and no name in a cursor', async () => {
    await open.world.seed(Array.from({ length: 3 }, (_, i) => ({ email: `canary${i}@example.test` })))
    const state = Buffer.from(await cursorAfter(), 'base64url').toString()
    expect(Object.keys(JSON.parse(state) as object).sort()).toEqual(['census', 'from', 'object', 'phase', 'v'])
    expect(state).not.toContain('canary')
  })
})

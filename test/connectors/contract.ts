/**
 * The laws every connector keeps. A connector is tested against a `World`: its CRM (a sandbox over HTTP, or a Map),
 * which the suite moves from the outside and breaks on purpose. `memory.ts` is the smallest connector that passes,
 * and `memory.test.ts` plants one bug per law to show that the suite sees it.
 */
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Connector, Cursor, Fields, Page, RecordRef } from '../../src/connectors/connector.ts'

/**
 * What the CRM, or the network before it, does to the connector's requests (never to the world's own).
 * `unavailable`: 5xx; `throttled`: the vendor's short-term 429 or its like; `unauthorized`: the token is not accepted;
 * `hang`: no answer; `extra-field`: every answer carries a field nobody knows; `missing-field`: every data page lacks
 * a field the connector needs; `foreign-next`: every page names a next page on another host.
 */
export type Fault = 'unavailable' | 'throttled' | 'unauthorized' | 'hang' | 'extra-field' | 'missing-field' | 'foreign-next'

export interface World {
  /** The object under test, empty at the start, and its fields: `email`, and a plain text one both sides may write. */
  readonly object: string
  readonly names: { readonly email: string; readonly text: string }
  /** Records per page of a full read. */
  readonly pageSize: number
  /** Secrets and personal data that must never be in an error or a log, besides every address the suite seeds. */
  readonly canaries: readonly string[]
  /** A value for `email` that the CRM refuses, naming it in its answer; holds one of the canaries. */
  readonly refusedEmail: string
  /** How an error names the field that `missing-field` takes away. */
  readonly missingPath: RegExp
  /** Log lines and waits of the connector so far. */
  readonly logs: readonly unknown[]
  readonly slept: readonly number[]
  /** Fields are named as in `names`; required fields the suite does not know are the world's to fill. */
  seed(rows: readonly Fields[]): Promise<readonly RecordRef[]>
  /** At one moment for all, where the CRM can do that. */
  edit(refs: readonly RecordRef[], fields: Fields): Promise<void>
  remove(ref: RecordRef): Promise<void>
  /** Gives back the record both became: with some CRMs it is neither of them. */
  merge(loser: RecordRef, winner: RecordRef): Promise<RecordRef>
  /** The fields of `names` as the CRM holds them; undefined when the record is gone. */
  peek(ref: RecordRef): Promise<Fields | undefined>
  /** From now on a full pull gets n more pages and then no more answers, until `heal`. */
  breakAfterPages(n: number): void
  /** `times`: how many requests are hit; without it all of them until `heal`. */
  fault(fault: Fault, times?: number): void
  heal(): void
  /** Requests of the connector that reached the CRM, token requests included. */
  requests(): number
  close(): Promise<void>
}
export type Setup = () => Promise<{ connector: Connector; world: World }>

export type Capabilities = {
  /** A delta can tell which records were removed or merged since its cursor. */
  readonly removals: boolean
  readonly merges: boolean
  /** Answers name the next page by a link. */
  readonly nextLinks: boolean
  /** A delta as large as this meets the vendor's window; 0 where there is none. */
  readonly searchWindow: number
  /** HTTP requests a delta in which nothing happened may cost. */
  readonly quietDelta: number
  /** Fields that come with every record, asked for or not: dates and ids, nothing about a person. */
  readonly bookkeeping: readonly string[]
  /** Requests fail now and then for reasons of their own: how many there are, or how often one is throttled, cannot be told. */
  readonly noise?: boolean
}

const live = () => new AbortController().signal
const idsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.records.map((record) => record.ref.id)).sort()
const idsIn = (refs: readonly RecordRef[]) => refs.map((ref) => ref.id).sort()
const goneOf = (pages: readonly Page[]) => pages.flatMap((page) => page.gone)
const cursorOf = (pages: readonly Page[]) => pages.at(-1)!.cursor
const failure = async (work: Promise<unknown>) => {
  const [result] = await Promise.allSettled([work])
  if (result.status === 'rejected') return result.reason as { kind?: string; message: string }
  throw new Error('expected a failure, and it succeeded')
}

/** Registers the suite for one connector. `setup` gives a fresh, empty world each time. */
export function testConnector(name: string, setup: Setup, can: Capabilities): void {
  describe(`connector contract: ${name}`, () => {
    let connector: Connector
    let world: World
    beforeEach(async () => {
      ;({ connector, world } = await setup())
    })
    afterEach(async () => {
      await connector.close()
      await world.close()
    })

    const request = () => ({ object: world.object, fields: [world.names.email, world.names.text] })
    const pull = (since?: Cursor) => Array.fromAsync(connector.read(since ? { ...request(), since } : request(), live()))
    const crowd = (n: number, text = 'before') =>
      world.seed(Array.from({ length: n }, (_, i) => ({ [world.names.email]: `person${i}@example.test`, [world.names.text]: text })))
    const text = (value: string) => ({ [world.names.text]: value })

    describe('reading', () => {
      it('R1 reads every record exactly once across page borders', async () => {
        const refs = await crowd(world.pageSize * 2 + 1)
        expect(idsOf(await pull())).toEqual(idsIn(refs))
      })

      it('R1 gives text, null for an empty field, and nothing about a person that it was not asked for', async () => {
        const [ref] = await world.seed([{ [world.names.email]: 'only@example.test', [world.names.text]: null }])
        const [record] = (await pull()).flatMap((page) => page.records)
        expect(record).toMatchObject({ ref: ref!, fields: { [world.names.email]: 'only@example.test', [world.names.text]: null } })
        const unasked = Object.keys(record!.fields).filter((name) => !can.bookkeeping.includes(name))
        expect(unasked.sort()).toEqual([world.names.email, world.names.text].sort())
      })

      it('R1 reads the same twice', async () => {
        await crowd(world.pageSize + 1)
        const records = async () => (await pull()).flatMap((page) => page.records)
        expect(await records()).toEqual(await records())
      })

      it('R1 gives a cursor even when there is nothing to read', async () => {
        const pages = await pull()
        expect(idsOf(pages)).toEqual([])
        expect(pages.length).toBeGreaterThan(0)
        const refs = await crowd(1)
        expect(idsOf(await pull(cursorOf(pages)))).toEqual(idsIn(refs))
      })

      it('R2 misses nothing that changed after a stored cursor, ties included', async () => {
        const refs = await crowd(3)
        const cursor = cursorOf(await pull())
        await world.edit([refs[0]!, refs[1]!], text('after'))
        const [added] = await world.seed([{ [world.names.email]: 'late@example.test', [world.names.text]: 'new' }])
        const pages = await pull(cursor)
        expect(idsOf(pages)).toEqual(expect.arrayContaining(idsIn([refs[0]!, refs[1]!, added!])))
        expect(pages.flatMap((page) => page.records).find((record) => record.ref.id === refs[0]!.id)!.fields[world.names.text]).toBe(
          'after',
        )
      })

      it('R2 misses nothing that changed while a full pull was running', async () => {
        const refs = await crowd(world.pageSize * 2 + 1)
        const seen: Page[] = []
        for await (const page of connector.read(request(), live())) {
          if (seen.length === 0) await world.edit([page.records[0]!.ref], text('during'))
          seen.push(page)
        }
        expect(idsOf(seen)).toEqual(idsIn(refs))
        const edited = seen[0]!.records[0]!.ref.id
        expect(idsOf(await pull(cursorOf(seen)))).toContain(edited)
      })

      it('R2 carries on from delta to delta', async () => {
        const refs = await crowd(2)
        let cursor = cursorOf(await pull())
        for (const ref of refs) {
          await world.edit([ref], text('again'))
          const pages = await pull(cursor)
          expect(idsOf(pages)).toContain(ref.id)
          cursor = cursorOf(pages)
        }
      })

      it('R3 throws on a broken pull, and resumes from the last stored cursor without loss', async () => {
        const refs = await crowd(world.pageSize * 3)
        world.breakAfterPages(1)
        const seen: Page[] = []
        const error = await failure(
          (async () => {
            for await (const page of connector.read(request(), live())) seen.push(page)
          })(),
        )
        expect(error).toMatchObject({ name: 'ConnectorError', kind: 'unavailable' })
        expect(seen).toHaveLength(1)
        world.heal()
        const rest = await pull(seen[0]!.cursor)
        expect(new Set([...idsOf(seen), ...idsOf(rest)])).toEqual(new Set(idsIn(refs)))
      })

      it('R3 resumes from every cursor it gave out', async () => {
        const refs = await crowd(world.pageSize * 3 + 1)
        const pages = await pull()
        for (let taken = 1; taken < pages.length; taken++) {
          const rest = await pull(pages[taken - 1]!.cursor)
          expect(new Set([...idsOf(pages.slice(0, taken)), ...idsOf(rest)])).toEqual(new Set(idsIn(refs)))
        }
      })

      it('R3 refuses a cursor it did not make', async () => {
        for (const cursor of ['rubbish', '', Buffer.from('{"v":99}').toString('base64url')])
          expect(await failure(Array.fromAsync(connector.read({ ...request(), since: cursor as Cursor }, live())))).toMatchObject({
            kind: 'bad-cursor',
          })
      })

      it.runIf(can.removals)('R4 reports the dead', async () => {
        const [removed] = await crowd(2)
        const cursor = cursorOf(await pull())
        await world.remove(removed!)
        const pages = await pull(cursor)
        expect(goneOf(pages)).toContainEqual(expect.objectContaining({ ref: removed }))
        expect(idsOf(pages)).not.toContain(removed!.id)
      })

      it.runIf(can.merges)('R4 reports where a merged record went', async () => {
        const [loser, winner] = await crowd(3)
        const cursor = cursorOf(await pull())
        const survivor = await world.merge(loser!, winner!)
        const dead = goneOf(await pull(cursor))
        expect(dead).toContainEqual(expect.objectContaining({ ref: loser, into: survivor }))
        expect(dead.filter((gone) => gone.ref.id === loser!.id && !gone.into)).toEqual([])
      })

      it.skipIf(can.noise)('a quiet delta is cheap', async () => {
        await crowd(world.pageSize + 1)
        const first = await pull(cursorOf(await pull()))
        const before = connector.usage.calls
        const pages = await pull(cursorOf(first))
        expect(connector.usage.calls - before).toBeLessThanOrEqual(can.quietDelta)
        expect(goneOf(pages)).toEqual([])
      })

      it.runIf(can.searchWindow)(
        'reads a delta larger than the vendor lets one query reach',
        async () => {
          await world.seed([{ [world.names.email]: 'first@example.test', [world.names.text]: 'first' }])
          const cursor = cursorOf(await pull())
          const refs = await crowd(can.searchWindow + world.pageSize + 1)
          const seen = new Set(idsOf(await pull(cursor)))
          expect(refs.filter((ref) => !seen.has(ref.id))).toEqual([])
        },
        120_000,
      )

      it('gets each named record once, as a record or as gone', async () => {
        const [kept, removed] = await crowd(2)
        await world.remove(removed!)
        const { records, gone } = await connector.get({ ...request(), ids: [kept!.id, removed!.id, kept!.id] }, live())
        expect(records).toHaveLength(1)
        expect(records[0]).toMatchObject({ ref: kept!, fields: { ...text('before'), [world.names.email]: 'person0@example.test' } })
        expect(gone.map((dead) => dead.ref)).toEqual([removed])
      })

      it.runIf(can.merges)('gets a merged record as gone into its survivor', async () => {
        const [loser, winner] = await crowd(2)
        const survivor = await world.merge(loser!, winner!)
        const { records, gone } = await connector.get({ ...request(), ids: [loser!.id, survivor.id] }, live())
        expect(records.map((record) => record.ref)).toEqual([survivor])
        expect(gone).toEqual([expect.objectContaining({ ref: loser, into: survivor })])
      })

      it('gets more records than one request can name', async () => {
        const refs = await crowd(connector.limits.idsPerGet + 1)
        const { records, gone } = await connector.get({ ...request(), ids: refs.map((ref) => ref.id) }, live())
        expect(records.map((record) => record.ref.id).sort()).toEqual(idsIn(refs))
        expect(gone).toEqual([])
      })
    })

    describe('writing', () => {
      it('R5 answers each patch once, in order, and touches nothing else', async () => {
        const [written, ghost, other] = await crowd(3)
        await world.remove(ghost!)
        const before = await world.peek(other!)
        const results = await connector.write(
          [
            { ref: ghost!, set: text('after') },
            { ref: written!, set: text('after') },
          ],
          live(),
        )
        expect(results.map((result) => [result.ref.id, result.outcome])).toEqual([
          [ghost!.id, 'gone'],
          [written!.id, 'written'],
        ])
        expect(await world.peek(written!)).toEqual({ ...text('after'), [world.names.email]: 'person0@example.test' })
        expect(await world.peek(other!)).toEqual(before)
      })

      it('R5 rejects the one bad patch and writes its neighbours', async () => {
        const refs = await crowd(5)
        const patches = refs.map((ref, i) => ({ ref, set: i === 2 ? { [world.names.email]: world.refusedEmail } : text('after') }))
        const results = await connector.write(patches, live())
        expect(results.map((result) => [result.ref.id, result.outcome])).toEqual(
          refs.map((ref, i) => [ref.id, i === 2 ? 'rejected' : 'written']),
        )
        for (const canary of world.canaries) expect(JSON.stringify(results)).not.toContain(canary)
      })

      it('R5 writes a full batch', async () => {
        const refs = await crowd(connector.limits.patchesPerWrite)
        const results = await connector.write(
          refs.map((ref) => ({ ref, set: text('after') })),
          live(),
        )
        expect(results.map((result) => [result.ref.id, result.outcome])).toEqual(refs.map((ref) => [ref.id, 'written']))
      })

      it('R5 clears a field with null', async () => {
        const [ref] = await crowd(1)
        expect(await connector.write([{ ref: ref!, set: { [world.names.text]: null } }], live())).toMatchObject([{ outcome: 'written' }])
        expect((await world.peek(ref!))![world.names.text]).toBeNull()
      })

      it('R6 says unchanged the second time', async () => {
        const [ref] = await crowd(1)
        await connector.write([{ ref: ref!, set: text('after') }], live())
        expect(await connector.write([{ ref: ref!, set: text('after') }], live())).toEqual([{ ref, outcome: 'unchanged' }])
      })

      it('R7 loses a race politely', async () => {
        const [ref] = await crowd(1)
        const { version } = (await pull())[0]!.records[0]!
        await world.edit([ref!], text('theirs'))
        expect(await connector.write([{ ref: ref!, set: text('ours'), ifVersion: version }], live())).toEqual([
          { ref, outcome: 'conflict' },
        ])
        expect((await world.peek(ref!))![world.names.text]).toBe('theirs')
      })

      it('R7 writes when nobody was faster, and tells the new version', async () => {
        const [ref] = await crowd(1)
        const { version } = (await pull())[0]!.records[0]!
        const [first] = await connector.write([{ ref: ref!, set: text('ours'), ifVersion: version }], live())
        const now = (await connector.get({ ...request(), ids: [ref!.id] }, live())).records[0]!
        expect(first).toEqual({ ref, outcome: 'written', version: now.version })
      })
    })

    describe('trouble', () => {
      const getAny = async () => connector.get({ ...request(), ids: ['1'] }, live())

      it('waits when throttled, and carries on', async () => {
        const refs = await crowd(2)
        world.fault('throttled', 2)
        expect(idsOf(await pull())).toEqual(idsIn(refs))
        if (can.noise) expect(connector.usage.throttled).toBeGreaterThanOrEqual(2)
        else expect(connector.usage.throttled).toBe(2)
        expect(world.slept.length).toBeGreaterThan(0)
      })

      it('gives up when throttled for ever, after few requests', async () => {
        await crowd(2)
        world.fault('throttled')
        expect(await failure(pull())).toMatchObject({ name: 'ConnectorError', kind: 'throttled' })
        expect(world.requests()).toBeLessThan(20)
      })

      it('gets over a short outage, and gives up on a long one after few requests', async () => {
        const refs = await crowd(2)
        world.fault('unavailable', 2)
        expect(idsOf(await pull())).toEqual(idsIn(refs))
        const before = world.requests()
        world.fault('unavailable')
        expect(await failure(pull())).toMatchObject({ name: 'ConnectorError', kind: 'unavailable' })
        expect(world.requests() - before).toBeLessThan(20)
      })

      it('turns a refused token into `auth` errors without a storm', async () => {
        await crowd(1)
        world.fault('unauthorized')
        const before = world.requests()
        const errors = await Promise.all(Array.from({ length: 20 }, () => failure(getAny())))
        expect(errors.map((error) => error.kind)).toEqual(Array.from({ length: 20 }, () => 'auth'))
        expect(world.requests() - before).toBeLessThanOrEqual((2 * 20 + 3) * (can.noise ? 2 : 1))
        const between = world.requests()
        expect(await failure(getAny())).toMatchObject({ kind: 'auth' })
        expect(world.requests() - between).toBeLessThanOrEqual(can.noise ? 9 : 3)
      })

      it('stops at an abort without waiting for the answer', async () => {
        await crowd(world.pageSize * 2)
        world.fault('hang')
        const abort = new AbortController()
        const before = world.requests()
        const work = failure(Array.fromAsync(connector.read(request(), abort.signal)))
        await vi.waitFor(() => expect(world.requests()).toBeGreaterThan(before))
        abort.abort(new Error('stop'))
        expect(await work).toBe(abort.signal.reason)
      })

      it('sends nothing more after an abort between two pages', async () => {
        await crowd(world.pageSize * 4)
        const abort = new AbortController()
        const pages = connector.read(request(), abort.signal)[Symbol.asyncIterator]()
        await pages.next()
        abort.abort(new Error('stop'))
        const sent = connector.usage.calls
        expect(await failure(pages.next())).toBe(abort.signal.reason)
        expect(connector.usage.calls).toBe(sent)
      })

      it('does not mind a field nobody knows', async () => {
        const refs = await crowd(2)
        world.fault('extra-field')
        expect(idsOf(await pull())).toEqual(idsIn(refs))
      })

      it('names the field that it needs and does not find', async () => {
        await crowd(2)
        world.fault('missing-field')
        const error = await failure(pull())
        expect(error).toMatchObject({ name: 'ConnectorError', kind: 'unexpected-shape' })
        expect(error.message).toMatch(world.missingPath)
      })

      it.runIf(can.nextLinks)('follows no link to another host', async () => {
        await crowd(world.pageSize * 2)
        world.fault('foreign-next')
        expect(await failure(pull())).toMatchObject({ name: 'ConnectorError', kind: 'unexpected-shape' })
      })

      it('lets no secret and no personal data into an error or a log', async () => {
        const refs = await crowd(2)
        const errors: unknown[] = []
        for (const fault of ['unavailable', 'throttled', 'missing-field', 'unauthorized'] as const) {
          world.fault(fault)
          errors.push(await failure(pull()), await failure(connector.write([{ ref: refs[0]!, set: text('after') }], live())))
          world.heal()
        }
        const told = inspect([errors, world.logs], { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })
        for (const canary of [...world.canaries, 'person0@example.test', 'person1@example.test']) expect(told).not.toContain(canary)
      })
    })

    describe('being set up', () => {
      const wanted = (dryRun: boolean, options: readonly string[] = ['ok', 'blocked']) => ({
        group: { name: 'accord', label: 'Accord' },
        fields: [
          {
            object: world.object,
            name: world.names.text === world.names.text.toLowerCase() ? 'accord_suite' : 'Accord_Suite__c',
            label: 'Accord suite',
            description: 'Written by the contract suite',
            type: 'enum' as const,
            options: options.map((value) => ({ value, label: value })),
          },
        ],
        dryRun,
      })
      const outcomes = async (...args: Parameters<typeof wanted>) =>
        (await connector.provision(wanted(...args), live())).filter((step) => step.what === 'field').map((step) => step.outcome)

      it('finds nothing wrong with what is there, and names the field that is not', async () => {
        const read = [world.names.email, world.names.text]
        expect((await connector.check([{ object: world.object, read, write: [world.names.text] }], live())).problems).toEqual([])
        const { problems } = await connector.check([{ object: world.object, read: [...read, 'no_such_field'], write: [] }], live())
        expect(problems.map((problem) => [problem.kind, problem.name])).toEqual([['field-missing', `${world.object}.no_such_field`]])
      })

      it('reports a refused token as a problem, not as a crash', async () => {
        world.fault('unauthorized')
        const { problems } = await connector.check([{ object: world.object, read: [], write: [] }], live())
        expect(problems.map((problem) => problem.kind)).toEqual(['credentials'])
      })

      it('describes the fields it reads', async () => {
        const [schema] = await connector.describe([world.object], live())
        expect(schema!.object).toBe(world.object)
        expect(schema!.fields.filter((field) => field.name === world.names.email)).toMatchObject([{ type: 'email', custom: false }])
      })

      it('provisions a field once, and changes nothing on a dry run', async () => {
        expect(await outcomes(true)).toEqual(['to-create'])
        expect(await outcomes(true)).toEqual(['to-create'])
        expect(await outcomes(false)).toEqual(['created'])
        expect(await outcomes(false)).toEqual(['present'])
        expect(await outcomes(true)).toEqual(['present'])
      })
    })
  })
}

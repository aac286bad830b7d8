/** The tasks on a real database against a CRM that a test plays by hand: what it lists, what it holds, where it breaks. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConnectorError,
  type Connector,
  type CrmRecord,
  type Cursor,
  type Gone,
  type Page,
  type Patch,
  type WriteResult,
} from '../../src/connectors/connector.ts'
import { sql } from 'kysely'
import { createHasher } from '../../src/core/identity/hash.ts'
import type { Judge } from '../../src/core/judge/judge.ts'
import { openClaims } from '../../src/store/claims.ts'
import { openDatabase } from '../../src/store/database.ts'
import { emptyDictionary, loadDictionary } from '../../src/store/dictionary.ts'
import { createConnectionIndex, ensureSource } from '../../src/store/sources.ts'
import type { Landscape, Shell, Target } from '../../src/tasks/shell.ts'
import { calendarOf } from '../../src/rights.ts'
import type { ErasureDeps } from '../../src/tasks/erasure/deps.ts'
import { policy, world } from '../core/judge-world.ts'
import { freshDatabase } from '../postgres.ts'

export type Values = Record<string, string | null>

/** `pages`: what the next read yields; a page that is an error breaks the pull. `held`: what `get` finds; anything else is gone. */
export type PlayedCrm = {
  pages: ({ records?: readonly CrmRecord[]; gone?: readonly Gone[] } | ConnectorError)[]
  held: Map<string, CrmRecord>
  outcome: (patch: Patch) => WriteResult
  /** Cursor of each read. */
  reads: (string | null)[]
  written: Patch[]
}
export type Bench = {
  shell: Shell
  landscape: Landscape
  /** A source with a CRM of its own behind it. */
  add: (connection: string, judge?: Judge) => Promise<{ target: Target; crm: PlayedCrm }>
  close: () => Promise<void>
}

export const always = new AbortController().signal
export const modified = Date.parse('2026-06-01T12:00:00Z')

/** Compiled once: a judge is the dearest part of a record. */
const plain = world()

export function record(id: string, fields: Values, modifiedAt = modified): CrmRecord {
  return { ref: { object: 'contacts', id }, version: String(modifiedAt), modifiedAt, fields: plain.record(fields) }
}

export function goneRecord(id: string, into?: string): Gone {
  return { ref: { object: 'contacts', id }, at: modified, ...(into ? { into: { object: 'contacts', id: into } } : {}) }
}

/** The records of a source that are to be read again. */
export async function rechecksOf({ shell }: Bench, source: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from recheck where source = ${source} order by id`.execute(shell.db)
  return rows.map((row) => row.id)
}

/** Where requests are decided, with no CRM behind it. */
export function rightsDeps({ shell, landscape }: Bench): ErasureDeps {
  return {
    shell,
    sides: [],
    crms: new Map(),
    unable: [],
    recipients: [],
    policy,
    calendar: calendarOf(policy),
    prepare: async () => null,
    landscape: async () => landscape,
  }
}

export async function openBench(server: string): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'accord-tasks-'))
  const database = await openDatabase({ url: await freshDatabase(server), dir, log: () => undefined })
  const dictionary = emptyDictionary()
  await loadDictionary(database.db, dictionary)
  const places: Target[] = []
  let queue: Promise<unknown> = Promise.resolve()
  const shell: Shell = {
    db: database.db,
    dictionary,
    hashKey: Buffer.alloc(32, 7),
    hasher: createHasher(Buffer.alloc(32, 7)),
    now: () => Date.parse('2026-11-21T12:00:00Z'),
    sleep: async () => undefined,
    log: () => undefined,
    code: 'code A',
    oneAtATime: (work) => {
      const turn = queue.then(work)
      queue = turn.catch(() => undefined)
      return turn
    },
    lockConnection: async () => ({ release: async () => undefined, lost: always }),
    claims: openClaims(database),
    ring: async () => undefined,
    connections: createConnectionIndex(),
    sign: async () => undefined,
    journal: async () => undefined,
    maintain: async () => undefined,
  }
  return {
    shell,
    landscape: { places, retired: new Set() },
    add: async (connection, judge = world({ connection }).judge) => {
      const source = await ensureSource(database.db, connection, 'hubspot', 'contacts')
      const crm: PlayedCrm = {
        pages: [],
        held: new Map(),
        outcome: ({ ref }) => ({ ref, outcome: 'written', version: '1' }),
        reads: [],
        written: [],
      }
      const target: Target = {
        source,
        named: true,
        connector: play(connection, crm),
        judge,
        policy: 'policy A',
        today: '2026-11-21',
        custom: [],
      }
      places.push(target)
      return { target, crm }
    },
    close: async () => {
      await shell.claims.close()
      await database.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function play(id: string, crm: PlayedCrm): Connector {
  const refuse = async (): Promise<never> => {
    throw new ConnectorError('refused', 'this CRM only reads and writes')
  }
  return {
    id,
    limits: { patchesPerWrite: 100, idsPerGet: 100, settleMs: 0 },
    usage: { calls: 0, throttled: 0 },
    clock: { aheadMs: null },
    account: refuse,
    check: refuse,
    describe: refuse,
    provision: refuse,
    async *read({ since }): AsyncGenerator<Page> {
      crm.reads.push(since ?? null)
      for (const [index, page] of crm.pages.splice(0).entries()) {
        if (page instanceof ConnectorError) throw page
        yield { records: page.records ?? [], gone: page.gone ?? [], cursor: `page ${index + 1}` as Cursor }
      }
    },
    get: async ({ object, ids }) => ({
      records: ids.flatMap((one) => crm.held.get(one) ?? []),
      gone: ids.filter((one) => !crm.held.has(one)).map((one) => ({ ref: { object, id: one }, at: modified })),
    }),
    write: async (patches) => {
      crm.written.push(...patches)
      return patches.map(crm.outcome)
    },
    close: async () => undefined,
  }
}

/**
 * The smallest honest connector, over a Map instead of a CRM: what the suite in `contract.ts` is tried on. `bug` breaks
 * one promise at a time.
 */
import {
  ConnectorError,
  type Connector,
  type Cursor,
  type Deps,
  type Fields,
  type Gone,
  type Page,
  type Patch,
  type RecordRef,
  type WriteResult,
} from '../../src/connectors/connector.ts'
import type { Capabilities, Fault, World } from './contract.ts'
import { testDeps } from './deps.ts'

export const bugs = [
  'skips-ties',
  'stops-quietly',
  'loses-on-resume',
  'repeats-a-page',
  'reads-only-once',
  'no-cursor-when-empty',
  'takes-any-cursor',
  'forgets-the-dead',
  'forgets-merges',
  'reads-all-again',
  'stops-at-the-window',
  'gets-twice',
  'gets-the-dead',
  'drops-results',
  'shuffles-results',
  'refuses-the-batch',
  'empties-instead-of-null',
  'always-written',
  'overwrites',
  'tells-the-old-version',
  'ignores-throttling',
  'waits-for-ever',
  'storms',
  'ignores-an-abort',
  'minds-new-fields',
  'shapeless',
  'follows-links',
  'leaks-values',
  'misses-missing-fields',
  'crashes-on-check',
  'describes-nothing',
  'creates-on-a-dry-run',
] as const
export type Bug = (typeof bugs)[number]

type Row = { ref: RecordRef; fields: Fields; version: number; gone?: Gone }
type Answer = { status: number; rows?: Row[]; extra?: boolean; link?: string }
const pageSize = 2
const window = 7
const object = 'contact'
const wait = { attempts: 5, ms: 1_000 }

export const memoryCan: Capabilities = {
  removals: true,
  merges: true,
  nextLinks: true,
  searchWindow: window,
  quietDelta: 1,
  bookkeeping: [],
}

export function memory(bug?: Bug): { connector: Connector; world: World } {
  const crm = memoryCrm()
  const deps = testDeps()
  return { connector: memoryConnector(crm, deps, bug), world: memoryWorld(crm, deps) }
}

/** The far side: rows, a clock that ticks once per change, and the faults. */
function memoryCrm() {
  const rows = new Map<string, Row>()
  let clock = 0
  const state = {
    rows,
    requests: 0,
    pagesLeft: Infinity,
    fault: undefined as Fault | undefined,
    times: Infinity,
    properties: new Set(['email', 'text']),
  }
  const touch = (row: Row, change: Partial<Row>) => Object.assign(row, change, { version: clock })
  return {
    ...state,
    state,
    tick: () => ++clock,
    touch,
    async request(page: boolean, signal: AbortSignal): Promise<number> {
      signal.throwIfAborted()
      state.requests++
      if (page && state.pagesLeft-- <= 0) return 503
      if (!state.fault) return 200
      if (state.times-- <= 0) {
        state.fault = undefined
        return 200
      }
      if (state.fault === 'hang')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
      return {
        unavailable: 503,
        throttled: 429,
        unauthorized: 401,
        hang: 200,
        'extra-field': 200,
        'missing-field': 200,
        'foreign-next': 200,
      }[state.fault]
    },
  }
}
type Crm = ReturnType<typeof memoryCrm>

function memoryWorld(crm: Crm, deps: ReturnType<typeof testDeps>): World {
  const { state } = crm
  const at = () => Date.now()
  const row = (ref: RecordRef) => state.rows.get(ref.id)!
  return {
    object,
    names: { email: 'email', text: 'text' },
    pageSize,
    canaries: ['token-canary', 'canary@example.test'],
    refusedEmail: 'not an address, canary@example.test',
    missingPath: /rows\.0\.email/,
    logs: deps.logs,
    slept: deps.slept,
    async seed(list) {
      crm.tick()
      return list.map((fields) => {
        const ref = { object, id: String(state.rows.size + 1) }
        state.rows.set(ref.id, crm.touch({ ref, fields, version: 0 }, {}))
        return ref
      })
    },
    async edit(refs, fields) {
      crm.tick()
      for (const ref of refs) crm.touch(row(ref), { fields: { ...row(ref).fields, ...fields } })
    },
    async remove(ref) {
      crm.tick()
      crm.touch(row(ref), { gone: { ref, at: at() } })
    },
    async merge(loser, winner) {
      crm.tick()
      crm.touch(row(loser), { gone: { ref: loser, at: at(), into: winner } })
      crm.touch(row(winner), {})
      return winner
    },
    peek: async (ref) => (row(ref).gone ? undefined : row(ref).fields),
    breakAfterPages: (n) => void (state.pagesLeft = n),
    fault: (fault, times = Infinity) => void Object.assign(state, { fault, times }),
    heal: () => void Object.assign(state, { fault: undefined, pagesLeft: Infinity }),
    requests: () => state.requests,
    close: async () => undefined,
  }
}

function memoryConnector(crm: Crm, deps: Deps, bug: Bug | undefined): Connector {
  const { state } = crm
  const usage = { calls: 0, throttled: 0 }
  let refused = false

  const ask = async (page: boolean, signal: AbortSignal): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      if (refused && bug !== 'storms') throw new ConnectorError('auth', 'the token is refused')
      if (bug !== 'ignores-an-abort') signal.throwIfAborted()
      usage.calls++
      const status = await crm.request(page, bug === 'ignores-an-abort' ? new AbortController().signal : signal)
      if (status === 200) return { status }
      if (status === 401) {
        refused = true
        if (bug !== 'storms' || attempt > 5)
          throw new ConnectorError('auth', bug === 'leaks-values' ? 'refused: token-canary' : 'the token is refused')
        continue
      }
      const kind = status === 429 ? 'throttled' : 'unavailable'
      if (status === 429) usage.throttled++
      if (attempt >= (bug === 'waits-for-ever' ? 100 : wait.attempts)) throw new ConnectorError(kind, `answered ${status}`)
      if (bug !== 'ignores-throttling') await deps.sleep(wait.ms, signal)
      else if (status === 429) throw new ConnectorError('throttled', 'answered 429')
    }
  }
  const shapeFault = () => {
    if (state.fault === 'missing-field' && bug !== 'misses-missing-fields')
      throw new ConnectorError('unexpected-shape', bug === 'shapeless' ? 'odd answer' : 'rows.0.email: missing')
    if (state.fault === 'foreign-next' && bug !== 'follows-links') throw new ConnectorError('unexpected-shape', 'next page on another host')
    if (state.fault === 'extra-field' && bug === 'minds-new-fields') throw new ConnectorError('unexpected-shape', 'rows.0.new: unknown')
  }
  const recordOf = (row: Row) => ({ ref: row.ref, version: String(row.version), modifiedAt: row.version, fields: present(row.fields) })
  const present = (fields: Fields): Fields =>
    bug === 'empties-instead-of-null' ? Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, v ?? ''])) : fields

  return {
    id: 'memory',
    limits: { patchesPerWrite: 5, idsPerGet: 5, settleMs: 0 },
    usage,
    clock: { aheadMs: null },
    account: async () => 'memory',
    async check(needs, signal) {
      if (bug === 'crashes-on-check') await ask(false, signal)
      else {
        try {
          await ask(false, signal)
        } catch (error) {
          if (!(error instanceof ConnectorError) || error.kind !== 'auth') throw error
          return { account: '', host: 'memory', problems: [{ kind: 'credentials', name: 'token', message: error.message }] }
        }
      }
      const missing = needs.flatMap((need) => [...need.read, ...need.write].filter((name) => !state.properties.has(name)))
      return {
        account: 'memory',
        host: 'memory',
        problems: missing.map((name) => ({ kind: 'field-missing', name: `${object}.${name}`, message: `${name} is not defined` })),
      }
    },
    describe: async () => [
      {
        object,
        fields: bug === 'describes-nothing' ? [] : [{ name: 'email', label: 'Email', type: 'email', writable: true, custom: false }],
      },
    ],
    read: (request, signal) => readMemory(crm, { bug, ask: (inner) => ask(true, inner), shapeFault, recordOf }, request.since, signal),
    async get({ ids }, signal) {
      await ask(false, signal)
      shapeFault()
      const rows = (bug === 'gets-twice' ? [...ids] : [...new Set(ids)]).map((id) => ({ id, row: state.rows.get(id) }))
      const dead = (row: Row | undefined) => !row || (row.gone !== undefined && bug !== 'gets-the-dead')
      return {
        records: rows.flatMap(({ row }) => (dead(row) ? [] : [recordOf(row!)])),
        gone: rows.flatMap(({ id, row }) => (dead(row) ? [row?.gone ?? { ref: { object, id }, at: 0 }] : [])),
      }
    },
    async write(patches, signal) {
      await ask(false, signal)
      shapeFault()
      return writeMemory(crm, patches, bug)
    },
    async provision({ fields, dryRun }, signal) {
      await ask(false, signal)
      return fields.map(({ name }) => {
        const step = { what: 'field', object, name } as const
        if (state.properties.has(name)) return { ...step, outcome: 'present' }
        if (!dryRun || bug === 'creates-on-a-dry-run') state.properties.add(name)
        return { ...step, outcome: dryRun ? 'to-create' : 'created' }
      })
    },
    close: async () => undefined,
  }
}

type Reader = {
  bug: Bug | undefined
  ask: (signal: AbortSignal) => Promise<unknown>
  shapeFault: () => void
  recordOf: (row: Row) => Page['records'][number]
}
async function* readMemory(crm: Crm, reader: Reader, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Page> {
  const { bug } = reader
  const [from, last] = bug === 'takes-any-cursor' && since !== undefined && !isCursor(since) ? [0, 0] : positionOf(since)
  const full = from === 0
  const skip = bug === 'skips-ties' && !full ? 2 : 0
  const todo = [...crm.state.rows.values()]
    .filter((row) => row.version > from + (bug === 'reads-all-again' ? -Infinity : skip) && (!full || !row.gone))
    .filter((row) => row.version > last || full)
    .sort((a, b) => a.version - b.version || Number(a.ref.id) - Number(b.ref.id))
  const rows = (full ? todo.filter((row) => Number(row.ref.id) > last) : todo).slice(
    0,
    bug === 'stops-at-the-window' && !full ? window : Infinity,
  )
  const top = Math.max(from, ...[...crm.state.rows.values()].map((row) => row.version))
  if (rows.length === 0 && bug === 'no-cursor-when-empty') return
  if (full) rows.sort((a, b) => Number(a.ref.id) - Number(b.ref.id))
  for (let i = 0; i < Math.max(rows.length, 1); i += pageSize) {
    try {
      await reader.ask(signal)
    } catch (error) {
      if (bug === 'stops-quietly' && error instanceof ConnectorError && error.kind === 'unavailable') return
      throw error
    }
    reader.shapeFault()
    const slice = rows.slice(i, i + pageSize + (bug === 'repeats-a-page' ? 1 : 0)).map((row) => ({ ...row }))
    const done = i + pageSize >= rows.length
    const where = bug === 'loses-on-resume' ? [top, 0] : full ? [0, Number(slice.at(-1)?.ref.id ?? 0)] : [from, 0]
    const stop = bug === 'reads-only-once' ? Number.MAX_SAFE_INTEGER : top
    yield {
      records: slice.filter((row) => !row.gone).map(reader.recordOf),
      gone: slice.flatMap((row) => deadOf(row, bug)),
      cursor: (done ? `${stop}:0` : where.join(':')) as Cursor,
    }
  }
}

function deadOf({ gone }: Row, bug: Bug | undefined): Gone[] {
  if (!gone || bug === 'forgets-the-dead') return []
  return bug === 'forgets-merges' ? [{ ref: gone.ref, at: gone.at }] : [gone]
}

const isCursor = (cursor: string) => /^\d+:\d+$/.test(cursor)
function positionOf(cursor: Cursor | undefined): [number, number] {
  if (cursor === undefined) return [0, 0]
  if (!isCursor(cursor)) throw new ConnectorError('bad-cursor', 'not a cursor of ours')
  const [from, last] = cursor.split(':').map(Number)
  return [from!, last!]
}

function writeMemory(crm: Crm, patches: readonly Patch[], bug: Bug | undefined): WriteResult[] {
  const isBad = (patch: Patch) => /\s/.test(patch.set['email'] ?? '')
  const results = patches.map((patch): WriteResult => {
    const { ref, set, ifVersion } = patch
    const row = crm.state.rows.get(ref.id)
    if (!row || row.gone) return { ref, outcome: 'gone' }
    if (isBad(patch) || (bug === 'refuses-the-batch' && patches.some(isBad)))
      return { ref, outcome: 'rejected', reason: bug === 'leaks-values' ? `bad value ${set['email']}` : 'INVALID_EMAIL of email' }
    if (ifVersion && ifVersion !== String(row.version) && bug !== 'overwrites') return { ref, outcome: 'conflict' }
    if (Object.entries(set).every(([name, value]) => row.fields[name] === value) && bug !== 'always-written')
      return { ref, outcome: 'unchanged' }
    const before = row.version
    crm.tick()
    crm.touch(row, { fields: { ...row.fields, ...set } })
    return { ref, outcome: 'written', version: String(bug === 'tells-the-old-version' ? before : row.version) }
  })
  if (bug === 'shuffles-results') return results.toReversed()
  return bug === 'drops-results' ? results.filter((result) => result.outcome !== 'gone') : results
}

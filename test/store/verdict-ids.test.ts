import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { VerdictDraft } from '../../src/core/judge/verdict-body.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { emptyDictionary, internVerdicts, loadDictionary, settleDictionary } from '../../src/store/dictionary.ts'
import { MOST_RECENT, VerdictIds } from '../../src/store/verdict-ids.ts'
import { databases, type TestDatabases } from './databases.ts'

let fixture: TestDatabases
let database: Database
beforeAll(async () => {
  fixture = await databases.find(({ kind }) => kind === 'postgres')!.start()
  database = await openDatabase(await fixture.fresh())
})
afterAll(async () => {
  await database?.close()
  await fixture.stop()
})

const draft = (number: number): VerdictDraft => ({ key: number.toString(16).padStart(32, '0'), body: `{"n":${number}}`, rules: [] })
const drafts = (from: number, count: number): VerdictDraft[] => Array.from({ length: count }, (_, index) => draft(from + index))

it('knows the verdicts of lately by heart, and forgets those that nobody has asked for', () => {
  const ids = new VerdictIds()
  const often = draft(0).key
  for (let number = 0; number < 5 * MOST_RECENT; number += 512) {
    ids.forgetSome()
    for (const { key } of drafts(number, 512)) ids.set(key, Number.parseInt(key, 16))
    expect(ids.get(often)).toBe(0)
  }
  const known = drafts(0, 5 * MOST_RECENT).filter(({ key }) => ids.get(key) !== undefined).length
  expect(known).toBeGreaterThan(MOST_RECENT)
  expect(known).toBeLessThanOrEqual(2 * MOST_RECENT + 1_024)
  ids.delete(often)
  expect(ids.get(often)).toBeUndefined()
})

it('forgets what a rollback takes back, wherever it stands', () => {
  const ids = new VerdictIds()
  for (const { key } of drafts(0, MOST_RECENT + 1)) ids.set(key, 1)
  ids.forgetSome()
  ids.delete(draft(3).key)
  expect(ids.get(draft(3).key)).toBeUndefined()
  expect(ids.get(draft(4).key)).toBe(1)
})

it('finds a verdict that it had forgotten again, stores none twice, and tells nobody that it is new', async () => {
  const dictionary = emptyDictionary()
  await loadDictionary(database.db, dictionary)
  const intern = async (some: readonly VerdictDraft[]): Promise<readonly VerdictDraft[]> => {
    const fresh = await database.db.transaction().execute((trx) => internVerdicts(trx, dictionary, some))
    settleDictionary(dictionary, 'committed')
    return fresh
  }
  const first = drafts(0, 1_000)
  expect(await intern(first)).toHaveLength(1_000)
  const numbers = first.map(({ key }) => dictionary.verdictIds.get(key))
  for (let from = 1_000; from < 3 * MOST_RECENT; from += 1_000) expect(await intern(drafts(from, 1_000))).toHaveLength(1_000)
  expect(dictionary.verdictIds.get(draft(0).key)).toBeUndefined()
  expect(await intern(first)).toEqual([])
  expect(first.map(({ key }) => dictionary.verdictIds.get(key))).toEqual(numbers)
  expect(numbers.every((number) => number !== undefined)).toBe(true)
  const { rows } = await sql<{
    stored: number
    keys: number
  }>`select count(*)::int as stored, count(distinct key)::int as keys from verdict`.execute(database.db)
  expect(rows[0]!.stored).toBe(rows[0]!.keys)
})

/** Interned verdicts and kinds of facts: stored once, named by number, cached in memory. What is committed never changes, kinds never vanish, and verdicts not before their age has changed. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { noFormerNames, type FormerNames } from '../core/consent/former-names.ts'
import { factKindKey, type ConsentFact, type FactKind } from '../core/consent/consent.ts'
import { createKindTable, type KindTable } from '../core/consent/kind-table.ts'
import type { VerdictDraft } from '../core/judge/verdict-body.ts'
import { MOST_RECENT, VerdictIds } from './verdict-ids.ts'

type Db = QueryExecutorProvider

export type Dictionary = {
  factKinds: Map<number, FactKind>
  factKindIds: KindTable<number>
  verdictIds: VerdictIds
  /** Of the verdicts in `verdictIds`: another one is stored once some of them are retired. Null: none was read. */
  verdictAge: number | null
  rules: Set<string>
  /** Facts stored under an old purpose or channel are read as facts of the present one, and written as such from then on. */
  formerly: FormerNames
  /** What the open transaction has added. */
  open: { verdicts: string[]; factKinds: number[]; rules: string[] }
}

export function emptyDictionary(formerly: FormerNames = noFormerNames): Dictionary {
  return {
    factKinds: new Map(),
    factKindIds: createKindTable(),
    verdictIds: new VerdictIds(),
    verdictAge: null,
    rules: new Set(),
    formerly,
    open: { verdicts: [], factKinds: [], rules: [] },
  }
}

/** Call after the transaction: what a commit added stays, what a rollback took back is forgotten here too. */
export function settleDictionary(dictionary: Dictionary, end: 'committed' | 'rolled back'): void {
  const { verdicts, factKinds, rules } = dictionary.open
  dictionary.open = { verdicts: [], factKinds: [], rules: [] }
  if (end === 'committed') return
  for (const key of verdicts) dictionary.verdictIds.delete(key)
  for (const rule of rules) dictionary.rules.delete(rule)
  for (const id of factKinds) {
    const kind = dictionary.factKinds.get(id)!
    if (dictionary.factKindIds.get(kind) === id) dictionary.factKindIds.delete(kind)
    dictionary.factKinds.delete(id)
  }
}

export async function loadDictionary(db: Db, dictionary: Dictionary): Promise<void> {
  await loadFactKinds(db, dictionary)
  await loadVerdicts(db, dictionary)
}

/** Whoever stores records calls it, in its turn, when the age is not the one that it knows: numbers of what was retired since may be nobody's. */
export async function loadVerdicts(db: Db, dictionary: Dictionary): Promise<void> {
  // First: what is retired between the two is noticed the next time.
  const { rows } = await sql<{ age: number }>`select age from verdict_age`.execute(db)
  // The first ones are those that most records have.
  const verdicts = await sql<{ id: number; key: string }>`
    select id, ${verdictKey} as key from verdict where key is not null order by id limit ${MOST_RECENT}`.execute(db)
  dictionary.verdictIds = new VerdictIds()
  for (const { id, key } of verdicts.rows) dictionary.verdictIds.set(key, id)
  dictionary.verdictAge = rows[0]!.age
}

/** In hex, as drafts have it. */
const verdictKey = sql.raw(`encode(uuid_send(key), 'hex')`)

/** Adds the kinds that are not yet known. Call inside the transaction that uses them. */
export async function internFactKinds(trx: Db, dictionary: Dictionary, facts: Iterable<ConsentFact>): Promise<void> {
  const fresh = new Map<string, FactKind>()
  for (const fact of facts) {
    if (dictionary.factKindIds.get(fact) !== undefined) continue
    const { purpose, channel, event, source, grade } = fact
    fresh.set(factKindKey(fact), { purpose, channel, event, source, grade })
  }
  if (fresh.size === 0) return
  const kinds = [...fresh.values()]
  const column = (pick: (kind: FactKind) => string): string[] => kinds.map(pick)
  await sql`insert into fact_kind (purpose, channel, event, source, grade)
    select * from unnest(${column((k) => k.purpose)}::text[], ${column((k) => k.channel)}::text[], ${column((k) => k.event)}::text[],
      ${column((k) => k.source)}::text[], ${column((k) => k.grade)}::text[])
    on conflict do nothing`.execute(trx)
  const known = new Set(dictionary.factKinds.keys())
  await loadFactKinds(trx, dictionary)
  dictionary.open.factKinds.push(...[...dictionary.factKinds.keys()].filter((id) => !known.has(id)))
}

/** Other workers add kinds as well: call before facts are read. */
export async function loadFactKinds(db: Db, dictionary: Dictionary): Promise<void> {
  const { rows } = await sql<FactKind & { id: number }>`
    select id, purpose, channel, event, source, grade from fact_kind where id <> all(${[...dictionary.factKinds.keys()]}::smallint[])`.execute(
    db,
  )
  const { purposes, channels } = dictionary.formerly
  for (const { id, ...stored } of rows) {
    const kind = {
      ...stored,
      purpose: purposes.get(stored.purpose) ?? stored.purpose,
      channel: channels.get(stored.channel) ?? stored.channel,
    }
    dictionary.factKinds.set(id, kind)
    if (kind.purpose === stored.purpose && kind.channel === stored.channel) dictionary.factKindIds.set(kind, id)
  }
}

/** Adds the verdicts that are not yet known, and answers which no worker had stored before. Call inside the transaction that uses them. */
export async function internVerdicts(trx: Db, dictionary: Dictionary, drafts: readonly VerdictDraft[]): Promise<readonly VerdictDraft[]> {
  dictionary.verdictIds.forgetSome()
  const unknown = drafts.filter((draft) => dictionary.verdictIds.get(draft.key) === undefined)
  if (unknown.length === 0) return []
  const fresh = [...new Map(unknown.map((draft) => [draft.key, draft])).values()]
  await internRules(
    trx,
    dictionary,
    fresh.flatMap((draft) => draft.rules),
  )
  // A row that was there before is locked by the update, and then has an xmax.
  const { rows } = await sql<{ id: number; key: string; inserted: boolean }>`
    insert into verdict (key, body)
    select * from unnest(${fresh.map((d) => d.key)}::uuid[], ${fresh.map((d) => d.body)}::text[])
    on conflict (key) do update set body = excluded.body
    returning id, ${verdictKey} as key, xmax = 0 as inserted`.execute(trx)
  for (const { id, key } of rows) {
    dictionary.verdictIds.set(key, id)
    dictionary.open.verdicts.push(key)
  }
  const inserted = new Set(rows.filter((row) => row.inserted).map((row) => row.key))
  return fresh.filter((draft) => inserted.has(draft.key))
}

/** The texts of a rule may change from release to release: the newest stand. */
async function internRules(trx: Db, dictionary: Dictionary, all: VerdictDraft['rules']): Promise<void> {
  const fresh = [...new Map(all.filter(({ rule }) => !dictionary.rules.has(rule)).map((one) => [one.rule, one])).values()]
  if (fresh.length === 0) return
  await sql`
    insert into rule (id, kind, remedy, ref)
    select * from unnest(${fresh.map((r) => r.rule)}::text[], ${fresh.map((r) => r.kind)}::text[], ${fresh.map((r) => r.remedy)}::text[], ${fresh.map((r) => r.ref)}::text[])
    on conflict (id) do update set kind = excluded.kind, remedy = excluded.remedy, ref = excluded.ref`.execute(trx)
  for (const { rule } of fresh) {
    dictionary.rules.add(rule)
    dictionary.open.rules.push(rule)
  }
}

/** Every kind of fact as it was stored. */
export async function storedFactKinds(db: Db): Promise<FactKind[]> {
  return (await sql<FactKind>`select purpose, channel, event, source, grade from fact_kind order by id`.execute(db)).rows
}

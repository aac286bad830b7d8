/** What the database holds after a sweep, in a form that tests compare. */
import { sql, type Kysely } from 'kysely'
import { entriesOf } from '../../src/core/ledger/ledger.ts'
import { readBlocks } from '../../src/store/ledger.ts'
import type { Tables } from '../../src/store/tables.ts'

type Body = {
  key: string
  status: string
  audience: string
  bases: string[]
  retention: [rule: string, then: string, hold: string | null]
  findings: [rule: string, severity: string, fields: string[]][]
  consent: [purpose: string, channel: string, status: string, grade: string | null][]
}
export type StoredRow = {
  ref: string
  subject: string | null
  gone: boolean
  email: string | null
  facts: number
  reviewOn: string | null
  /** As core/judge/verdict-body.ts writes it. */
  verdict: Body | null
}

export async function storedRows(db: Kysely<Tables>): Promise<Map<string, StoredRow>> {
  const { rows } = await sql<Omit<StoredRow, 'verdict'> & { key: string | null; body: string | null }>`
    select s.object || '/' || r.id as ref, r.subject::text as subject, r.verdict < 0 as gone, r.email::text as email, greatest(length(r.memory) - 12, 0) / 8 as facts,
      r.review_on::text as "reviewOn", encode(uuid_send(v.key), 'hex') as key, v.body
    from record r join source s on s.id = r.source left join verdict v on v.id = r.verdict order by 1`.execute(db)
  return new Map(
    rows.map(({ key, body, ...row }) => [row.ref, { ...row, verdict: body === null ? null : { key, ...readBody(body) } } as StoredRow]),
  )
}

function readBody(body: string): Omit<Body, 'key'> {
  const [status, audience, bases, retention, findings, consent] = JSON.parse(body)
  return { status, audience, bases, retention, findings, consent }
}

/** State of one purpose on one channel, by record. */
export function consentOf(row: StoredRow | undefined, purpose = 'newsletter', channel = 'email'): string {
  if (!row?.verdict) return 'none'
  return row.verdict.consent.find((one) => one[0] === purpose && one[1] === channel)?.[2] ?? 'unknown'
}

/** Groups of records that are one person, each sorted; records alone are left out. */
export function personsOf(rows: ReadonlyMap<string, StoredRow>): string[][] {
  const groups = Map.groupBy(
    [...rows.values()].filter((row) => row.subject !== null),
    (row) => row.subject,
  )
  return [...groups.values()].map((group) => group.map((row) => row.ref).sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}

/** Every table with the number of its rows, but for those that count calls: a dry run asks the CRMs as well. */
export async function tableCounts(db: Kysely<Tables>): Promise<Record<string, number>> {
  const { rows } = await sql<{
    name: string
  }>`select table_name as name from information_schema.tables where table_schema = 'public' and table_name not like 'call%' order by 1`.execute(
    db,
  )
  const counts: Record<string, number> = {}
  for (const { name } of rows) {
    const counted = await sql<{ n: number }>`select count(*)::int as n from ${sql.id(name)}`.execute(db)
    counts[name] = counted.rows[0]!.n
  }
  return counts
}

export async function ledgerEntries(db: Kysely<Tables>): Promise<(readonly unknown[])[]> {
  const entries: (readonly unknown[])[] = []
  for await (const block of readBlocks(db)) for (const entry of entriesOf(block)) entries.push(JSON.parse(entry) as unknown[])
  return entries
}

/** Decisions that follow themselves, and verdicts written down twice. */
export function repeatedEntries(entries: readonly (readonly unknown[])[]): string[] {
  const last = new Map<string, string>()
  const repeated: string[] = []
  for (const entry of entries) {
    const [kind, ref] = entry as readonly string[]
    if (kind !== 'decision' && kind !== 'verdict') continue
    const text = JSON.stringify(entry)
    if (last.get(`${kind} ${ref}`) === text) repeated.push(text.slice(0, 120))
    last.set(`${kind} ${ref}`, text)
  }
  return repeated
}

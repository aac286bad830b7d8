/** Matches the records of a batch against the suppression list, and opens a case when somebody whom a request has erased reappears. */
import type { CrmRecord } from '../../connectors/connector.ts'
import { toDay, type FreshConsent } from '../../core/erasure/comeback.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import type { JudgeContext, RawFields } from '../../core/judge/judge.ts'
import { OWN } from '../../core/consent/own-connection.ts'
import { postponeComeback } from '../../store/comebacks.ts'
import { noteReappearances, unlookedAmong } from '../../store/reappearances.ts'
import { loadSuppressions, type Suppressed } from '../../store/suppressions.ts'
import type { Identified } from '../identity/identify.ts'
import { seeAgain } from './file.ts'
import { refOf, type Shell, type Target } from '../shell.ts'

/** The suppressed hashes of one record. `since`: epoch milliseconds of the latest erasure; null if the list has them for an objection only. */
export type Listed = { readonly hashes: readonly Buffer[]; readonly since: number | null }
/** By record id; records that are not suppressed are absent. */
export type ListedOnes = ReadonlyMap<string, Listed>

export async function loadListed(shell: Pick<Shell, 'db'>, identified: readonly Identified[]): Promise<ListedOnes> {
  const found = await loadSuppressions(
    shell.db,
    identified.flatMap((one) => one.suppressionHashes),
  )
  return new Map(
    identified.flatMap(({ record, suppressionHashes }): [string, Listed][] => {
      const hashes = suppressionHashes.filter((hash) => found.has(hash.toString('hex')))
      return hashes.length === 0
        ? []
        : [[record.ref.id, { hashes, since: sinceOf(hashes.map((hash) => found.get(hash.toString('hex'))!)) }]]
    }),
  )
}

function sinceOf(entries: readonly Suppressed[]): number | null {
  const erased = entries.filter(({ request }) => request !== null)
  return erased.length === 0 ? null : Math.max(...erased.map(({ since }) => since))
}

/**
 * An erasure as a withdrawal dated on its day. It is stored with the record, so that an opt-out we write has a fact it stands for, and so that only later
 * consents count once the person is taken off the list.
 */
export function noOf(listed: Listed | undefined): readonly ConsentFact[] {
  if (listed === undefined || listed.since === null) return []
  return [{ purpose: '*', channel: '*', event: 'withdrawn', at: listed.since, source: ERASURE, grade: 'claimed' }]
}
const ERASURE = `${OWN}:erasure`

/** Of suppressed records, by id: the consents that would be granted but for the suppression, by proof that is newer than the erasure. */
export function freshAmong(
  target: Target,
  judged: readonly { record: CrmRecord; context: JudgeContext }[],
  listed: ListedOnes,
): ReadonlyMap<string, readonly FreshConsent[]> {
  const among = listed.size === 0 ? [] : judged.filter(({ record }) => listed.has(record.ref.id))
  return new Map(among.map(({ record: { ref, fields }, context }) => [ref.id, freshConsents(target, fields, context, listed.get(ref.id))]))
}

function freshConsents(target: Target, fields: RawFields, context: JudgeContext, listed: Listed | undefined): readonly FreshConsent[] {
  const since = listed?.since ?? null
  if (since === null) return []
  const proven = context.facts.filter(({ event, grade, at }) => event === 'given' && grade === 'proved' && at !== null && at > since)
  if (proven.length === 0) return []
  const { consent } = target.judge.judge(fields, { ...context, suppressed: false })
  const granted = new Set(consent.filter(({ status }) => status === 'granted').map(({ purpose, channel }) => `${purpose}:${channel}`))
  return proven
    .filter(({ purpose, channel }) => granted.has(`${purpose}:${channel}`))
    .map(({ purpose, channel, at, source }) => ({ purpose, channel, at: toDay(at!), source, own: source.startsWith(`${OWN}:`) }))
    .sort((a, b) => b.at - a.at || (a.purpose < b.purpose ? -1 : 1))
}

/** Records that reappeared with a new consent and whose origin was not looked up yet: the CRM's own opt-out, which cannot be undone, waits until it was. */
export function undecided(shell: Shell, target: Target, fresh: ReadonlyMap<string, readonly FreshConsent[]>): Promise<ReadonlySet<string>> {
  const ids = [...fresh].flatMap(([id, consents]) => (consents.length > 0 ? [id] : []))
  return unlookedAmong(shell.db, target.source.id, ids)
}

/** Opens a case for users to decide for each erased person who reappeared; marketing is blocked by the suppression already. Returns ledger entries. */
export async function noteSeen(
  shell: Shell,
  { source }: Target,
  listed: ListedOnes,
  fresh: ReadonlyMap<string, readonly FreshConsent[]>,
): Promise<string[]> {
  const sightings = [...listed].map(([id, { hashes }]) => ({ id, hashes, consents: fresh.get(id) ?? [] }))
  const noted = await noteReappearances(shell.db, source.id, sightings, new Date(shell.now()).toISOString())
  const entries: string[] = []
  for (const [request, seen] of Map.groupBy(
    noted.filter(({ news }) => news),
    (one) => one.request,
  )) {
    const ids = seen.map(({ id }) => id)
    const keys = ids.map((id) => `${source.connection}:${source.object}:${id}`)
    const opened = await seeAgain(shell, request, { source: source.id, ids, keys })
    shell.log('erasure.reappeared', { request, case: opened.id, connection: source.connection, records: ids.length })
    entries.push(...ids.map((id) => JSON.stringify(['reappearance', refOf(source, id), request])), ...opened.entries)
  }
  for (const { comeback, news } of noted)
    if (!news && comeback !== null) await postponeComeback(shell.db, comeback, new Date(shell.now()).toISOString(), null)
  return entries
}

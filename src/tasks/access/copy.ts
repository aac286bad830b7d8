/** A copy of what all systems hold of the person of a request, made while it is fetched and kept nowhere (GDPR art. 15, 20). */
import { createHmac, hkdfSync } from 'node:crypto'
import type { Access } from '../../connectors/access.ts'
import { ConnectorError } from '../../connectors/connector.ts'
import { headOf, type AccessHead, type CopyKind, type HeadFacts } from '../../core/access/head.ts'
import { compileOthers } from '../../core/access/others.ts'
import { portable, tell, type Decided, type Marked, type Telling, type Told } from '../../core/access/told.ts'
import { accessWords } from '../../core/access/words.ts'
import type { Language } from '../../core/text/language.ts'
import { loadLosses } from '../../store/connection-loss.ts'
import { loadDecisions } from '../../store/copies.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { openPerson, personFrom, type ErasureDeps } from '../erasure/deps.ts'
import { seek, type Seen, type Sighting } from '../erasure/seek.ts'

export type Judged = HeadFacts['verdicts'][number] & HeadFacts['origins'][number]
export type CopyDeps = {
  readonly deps: ErasureDeps
  readonly accesses: ReadonlyMap<string, Access>
  /** What was said by this address to the company itself, with its proof. */
  readonly lookUp: (email: string) => Promise<Pick<HeadFacts, 'consents' | 'statements' | 'suppressed'>>
  /** What the policy says of these records now; nothing of those that it does not know, or that are in a bin. */
  readonly judge: (records: readonly { system: string; object: string; id: string }[], signal: AbortSignal) => Promise<readonly Judged[]>
  /** Fields of a record by which the person is called and reached, by system and object. */
  readonly ownFields: (system: string, object: string) => ReadonlySet<string>
}
/** What could not be read, and which texts may name others: complete when the pieces have all been read. */
export type CopyEnd = { readonly unread: string[]; readonly marked: Marked[]; pieces: number }
export type Copy = {
  readonly head: AccessHead
  /** Reads the systems, once. Ends normally only when complete. */
  readonly pieces: () => AsyncGenerator<Told>
  readonly end: CopyEnd
}

export function isCopyKind(kind: string): kind is CopyKind {
  return kind === 'access' || kind === 'portability'
}

/**
 * Finds the person's records by the rules of an erasure, and what is told beside them.
 * @throws ConnectorError when a system cannot be reached: a copy without it would look whole
 */
export async function openCopy(copies: CopyDeps, file: StoredRequest, language: Language, signal: AbortSignal): Promise<Copy> {
  const { deps } = copies
  if (!isCopyKind(file.kind)) throw new TypeError(`a request for ${file.kind} has no copy`)
  const { asked } = openPerson(deps.shell, file)
  const seen = await seek(deps.sides, personFrom(asked), signal)
  const mine = seen.sightings.filter(({ selection }) => selection.verdict === 'selected')
  const emails = ownAddresses(mine)
  const head = headOf(
    deps.policy,
    {
      ...(await factsOf(copies, mine, emails, language, signal)),
      kind: file.kind,
      request: file.id,
      askedWith: [...asked.emails, ...asked.phones],
    },
    deps.calendar.localDay(deps.shell.now()),
  )
  const end: CopyEnd = { unread: [...(await lostTo(deps)), ...unreadBefore(copies, seen, mine)], marked: [], pieces: 0 }
  const telling = await tellingOf(copies, file, seen, mine, emails, language)
  return { head, end, pieces: () => piecesOf(copies, { kind: file.kind as CopyKind, mine, emails, telling, end }, signal) }
}

/** Addresses that are nobody else's: what a function mailbox holds is not theirs alone. */
function ownAddresses(mine: readonly Sighting[]): readonly string[] {
  const shared = new Set(mine.flatMap(({ identity }) => identity.shared))
  return [...new Set(mine.flatMap(({ identity }) => identity.emails))].filter((email) => !shared.has(email))
}

async function factsOf(copies: CopyDeps, mine: readonly Sighting[], emails: readonly string[], language: Language, signal: AbortSignal) {
  const { deps, judge, lookUp } = copies
  const records = mine.map(({ side, record }) => {
    // The policy knows the shadow contact of a person account, under which the mapping names its fields.
    const id = record.fieldsOf === record.ref.object ? record.ref.id : (record.aliases[0] ?? record.ref.id)
    return { system: side.connection, object: record.fieldsOf, id }
  })
  const judged = await judge(records, signal)
  const said = await Promise.all(emails.map(lookUp))
  return {
    language,
    madeAt: new Date(deps.shell.now()).toISOString(),
    systems: deps.sides.map((side) => ({
      system: side.connection,
      crm: deps.crms.get(side.connection) ?? side.connection,
      records: mine
        .filter((one) => one.side === side)
        .map(({ record: { ref }, selection }) => ({
          ...ref,
          because:
            selection.verdict === 'selected' ? selection.reasons.map((reason) => accessWords[language].because[reason]).join(', ') : '',
        })),
    })),
    verdicts: judged,
    origins: judged,
    consents: agreed([
      ...said.flatMap(({ consents }) => consents),
      ...judged.flatMap(({ verdict }) => verdict.consent.map((one) => ({ ...one, since: null }))),
    ]),
    statements: said.flatMap(({ statements }) => statements),
    suppressed: said.some(({ suppressed }) => suppressed),
    recipients: deps.recipients.map(({ name, purpose, country }) => ({ name, role: `${purpose[language]} (${country})` })),
  }
}

/** One line for each purpose and channel, of all that is known: a no outweighs a yes, and anything an unknown. */
function agreed(all: HeadFacts['consents']): HeadFacts['consents'] {
  const weight = { withdrawn: 4, refused: 3, expired: 2, granted: 1, unknown: 0 } as const
  const pairs = Map.groupBy(all, ({ purpose, channel }) => `${purpose} ${channel}`)
  return [...pairs.values()].map((one) => one.reduce((best, other) => (weight[other.status] > weight[best.status] ? other : best)))
}

/** What a CRM that is gone for good held of the person nobody can read any more: a copy that is silent about it would look whole. */
async function lostTo({ shell }: CopyDeps['deps']): Promise<string[]> {
  return (await loadLosses(shell.db)).map(
    ({ connection, because }) => `${connection}: this system is gone for good (${because}), and what it held cannot be read any more`,
  )
}

function unreadBefore({ deps, accesses }: CopyDeps, seen: Seen, mine: readonly Sighting[]): string[] {
  const mute = new Set([...deps.unable, ...mine.map(({ side }) => side.connection).filter((connection) => !accesses.has(connection))])
  return [
    ...[...mute].map((connection) => `${connection}: Accord cannot read everything of a person in this system`),
    ...seen.unreachable.map(({ connection, what }) => `${connection}: ${what}`),
  ]
}

async function tellingOf(
  { deps: { shell, policy } }: CopyDeps,
  file: StoredRequest,
  seen: Seen,
  mine: readonly Sighting[],
  emails: readonly string[],
  language: Language,
): Promise<Telling> {
  const decisions = await loadDecisions(shell.db, file.id)
  const { asked } = openPerson(shell, file)
  const phones = [...new Set([...seen.person.phones, ...mine.flatMap(({ identity }) => identity.phones)])]
  const others = compileOthers({
    emails: [...new Set([...asked.emails, ...emails, ...seen.person.formerEmails])],
    phones,
    names: seen.names,
    homeCountry: policy.organisation.country,
  })
  const keyed = placeHasher(shell.hashKey)
  const decided = (thing: string, text: string): Decided => {
    const key = keyed(thing, text)
    return { key, decision: decisions.get(key) ?? null }
  }
  return { others, decided, words: accessWords[language].inPlace }
}

/** Keyed, so that our own tables tell nothing of a text, and of this very text in this very thing. */
function placeHasher(hashKey: Uint8Array): (thing: string, text: string) => string {
  const key = Buffer.from(hkdfSync('sha256', hashKey, '', 'accord/copy-place/v1', 32))
  return (thing, text) =>
    createHmac('sha256', key)
      .update(JSON.stringify([thing, text]))
      .digest('hex')
}

type Making = { kind: CopyKind; mine: readonly Sighting[]; emails: readonly string[]; telling: Telling; end: CopyEnd }

async function* piecesOf(copies: CopyDeps, { kind, mine, emails, telling, end }: Making, signal: AbortSignal): AsyncGenerator<Told> {
  for (const side of copies.deps.sides) {
    const access = copies.accesses.get(side.connection)
    const refs = mine.filter((one) => one.side === side).map(({ record }) => record.ref)
    if (access === undefined || refs.length === 0) continue
    for await (const { entries, gaps } of access.collect({ refs, emails }, signal)) {
      end.unread.push(...gaps.map(({ name, message }) => `${side.connection}: ${name}: ${message}`))
      for (const entry of entries) {
        const { told, marked } = tell(side.connection, entry, telling)
        // What somebody else wrote is no part of what the person gave.
        if (kind === 'access') for (const one of marked) if (!end.marked.some(({ key }) => key === one.key)) end.marked.push(one)
        const piece = kind === 'access' ? told : portable(told, (object, field) => copies.ownFields(side.connection, object).has(field))
        if (piece === null) continue
        end.pieces++
        yield piece
      }
    }
  }
}

/** Of the texts that may name others those that nobody has decided about. */
export function undecided({ marked }: CopyEnd): readonly CopyEnd['marked'][number][] {
  return marked.filter(({ decision }) => decision === null)
}

/** For a log and a page: what kind of trouble it is, and nothing of whom. */
export function faultOf(error: unknown): string {
  return error instanceof ConnectorError ? error.kind : error instanceof Error ? error.name : 'unknown'
}

/** The link by which a person fetches a copy of their data: offered by somebody of the company, used by whoever holds it, a limited number of times. */
import { randomBytes } from 'node:crypto'
import { LINK_ID_BYTES, readLink, writeLink } from '../../core/consent/confirm-link.ts'
import { COPY_FETCHES, COPY_LINK_LIFE_MS } from '../../core/access/copy-link.ts'
import { languageOf, type Language } from '../../core/text/language.ts'
import { decide } from '../../core/request/decide.ts'
import { evolve } from '../../core/request/evolve.ts'
import type { Outcome, Request } from '../../core/request/request.ts'
import { beginFetch, endFetch, insertCopyLink, loadCopyLink, saveDecisions, type CopyLink } from '../../store/copies.ts'
import { appendBlock } from '../../store/ledger.ts'
import { loadRequest, type StoredRequest } from '../../store/requests.ts'
import { isCopyKind, openCopy, undecided, type Copy, type CopyDeps, type CopyEnd } from './copy.ts'
import { openPerson, type ErasureDeps } from '../erasure/deps.ts'
import { leaveMail } from '../notify/leave-mail.ts'
import { asRequest, changeRequest, type Change } from '../request/file.ts'
import { mayTakeTurn } from '../request/turn.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** `undecided`: texts that may name others, in clear, for the eyes of whoever decides; nothing was offered. */
export type Offered =
  | { readonly outcome: 'refused'; readonly message: string }
  | { readonly outcome: 'undecided'; readonly texts: ReturnType<typeof undecided> }
  | {
      readonly outcome: 'offered'
      readonly token: string
      readonly expiresAt: number
      readonly told: Outcome
      readonly unread: readonly string[]
    }

/** `mail`: null where none can be sent: then somebody hands the link over. */
export type Offering = {
  readonly user: string
  readonly language: Language | null
  readonly mail: ((trx: TurnShell['db']) => Promise<void>) | null
}

/** Reads everything once, so that no link is given for what cannot be read, and no text that may name others goes out unseen. */
export async function offerCopy(copies: CopyDeps, id: string, { user, language, mail }: Offering, signal: AbortSignal): Promise<Offered> {
  const { deps } = copies
  const file = await loadRequest(deps.shell.db, id)
  const refusal = file === null ? 'there is no such request' : refusalOf(file)
  if (file === null || refusal !== null) return { outcome: 'refused', message: refusal ?? '' }
  const speech = language ?? languageOf(file.language, deps.policy.organisation)
  const copy = await openCopy(copies, file, speech, signal)
  for await (const _ of copy.pieces()) signal.throwIfAborted()
  const texts = undecided(copy.end)
  if (texts.length > 0) return { outcome: 'undecided', texts }
  const told = toldBy(copy)
  const link = { id: randomBytes(LINK_ID_BYTES), request: id, language: speech, expiresAt: 0 }
  const changed = await changeRequest(deps.shell, id, async (now, turn): Promise<Change | { message: string }> => {
    const begun = await answered(deps, now, turn, user, told)
    if ('message' in begun) return begun
    const since = now.request.status === 'answered' ? now.request.at : turn.now()
    link.expiresAt = since + COPY_LINK_LIFE_MS
    await insertCopyLink(turn.db, link, iso(turn.now()))
    const [to] = openPerson(turn, now).asked.emails
    if (mail !== null && to !== undefined) {
      const facts = { right: now.kind, request: id }
      await leaveMail(turn, { template: 'copy', confirmation: null, link: link.id, language: speech, facts, to })
      await mail(turn.db)
    }
    return begun
  })
  if (changed.outcome === 'refused') return changed
  return {
    outcome: 'offered',
    token: writeLink(deps.shell.hashKey, 'copy', link),
    expiresAt: link.expiresAt,
    told,
    unread: copy.end.unread,
  }
}

function refusalOf({ kind, request, vault }: StoredRequest): string | null {
  if (!isCopyKind(kind)) return `this is a request for ${kind}: it is not answered by a copy`
  if (vault === null) return 'this request is closed: nobody knows any more whose data were meant'
  const { status } = request
  if (status === 'received' || status === 'identity-check') return 'first say who asks: "accord request identify"'
  return status === 'identified' || status === 'in-progress' || status === 'answered' ? null : `this request is ${status}`
}

/** What the person is told: no more than what was read. */
export function toldBy({ head, end }: Copy): Outcome {
  if (end.unread.length > 0 || end.marked.some(({ decision }) => decision !== 'release')) return 'part'
  return head.systems.every(({ records }) => records.length === 0) && head.statements.length === 0 ? 'nothing-held' : 'full'
}

/** The beginning and the answer, as far as they have not happened. */
async function answered(
  deps: ErasureDeps,
  file: StoredRequest,
  turn: TurnShell,
  user: string,
  outcome: Outcome,
): Promise<Change | { message: string }> {
  if (file.request.status === 'answered') return { events: [] }
  const by = { kind: 'staff', user } as const
  const moment = { now: turn.now(), calendar: deps.calendar }
  const wait = await mayTakeTurn(turn.db, file)
  if (wait !== null) return { message: wait }
  const begun = decide(file.request, { type: 'begin', by }, moment)
  if (!begun.ok) return begun
  const state = begun.events.reduce<Request>((request, event) => evolve(request, event), file.request)
  const ended = decide(state, { type: 'answer', by, outcome }, moment)
  return ended.ok ? { events: asRequest([...begun.events, ...ended.events]) } : ended
}

/** Notes that a copy was handed over, where it goes without a link. */
export function noteHandedOver(deps: ErasureDeps, id: string, { user, copy }: { user: string; copy: Copy }) {
  return changeRequest(deps.shell, id, async (file, turn) => {
    const refusal = refusalOf(file)
    return refusal === null ? answered(deps, file, turn, user, toldBy(copy)) : { message: refusal }
  })
}

/** `keys`: of texts that were shown. */
export async function decideTexts(
  deps: ErasureDeps,
  id: string,
  decision: { keys: readonly string[]; decision: 'release' | 'withhold'; user: string },
): Promise<void> {
  await inTurn(deps.shell, async (turn) => {
    await saveDecisions(turn.db, id, { places: decision.keys, decision: decision.decision, user: decision.user }, iso(turn.now()))
    await appendBlock(turn.db, [JSON.stringify(['copy', id, decision.decision, decision.keys.length, decision.user])], iso(turn.now()))
  })
}

/** `right` and `language` for the page. */
export type CopyAsked = { readonly status: 'pending'; readonly language: Language; readonly right: 'access' | 'portability' }
type Standing = { readonly link: CopyLink; readonly file: StoredRequest; readonly asked: CopyAsked }

/** Forged, expired, used up, or of a request that is over: all the same, null. Looking changes nothing: mail scanners open every link. */
export async function lookAtCopyLink({ shell }: ErasureDeps, token: string): Promise<CopyAsked | null> {
  return (await standingOf(shell, token))?.asked ?? null
}

async function standingOf(shell: Pick<ErasureDeps['shell'], 'db' | 'hashKey' | 'now'>, token: string): Promise<Standing | null> {
  const read = readLink(shell.hashKey, 'copy', token)
  const link = read === null ? null : await loadCopyLink(shell.db, read.id)
  if (link === null || link.expiresAt <= shell.now() || link.fetched >= COPY_FETCHES.fetched || link.begun >= COPY_FETCHES.begun)
    return null
  const file = await loadRequest(shell.db, link.request)
  if (file === null || file.vault === null || file.request.status !== 'answered' || !isCopyKind(file.kind)) return null
  return { link, file, asked: { status: 'pending', language: link.language, right: file.kind } }
}

export type Fetch = CopyAsked & { readonly request: string; readonly copy: Copy; readonly fetched: () => Promise<void> }

/** Counts, finds the person, and is ready to read; null as for `lookAtCopyLink`. */
export async function fetchCopy(copies: CopyDeps, token: string, signal: AbortSignal): Promise<Fetch | null> {
  const { shell } = copies.deps
  const standing = await standingOf(shell, token)
  if (standing === null || !(await beginFetch(shell.db, standing.link.id, COPY_FETCHES, iso(shell.now())))) return null
  const { link, file, asked } = standing
  const copy = await openCopy(copies, file, link.language, signal)
  const fetched = (): Promise<void> =>
    inTurn(shell, async (turn) => {
      await endFetch(turn.db, link.id)
      await appendBlock(turn.db, [JSON.stringify(['copy', file.id, 'fetched'])], iso(turn.now()))
    })
  return { ...asked, request: file.id, copy, fetched }
}

/** How many texts the copy holds back. */
export function withheldIn({ marked }: CopyEnd): number {
  return marked.filter(({ decision }) => decision !== 'release').length
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Proofs whose time is over end with their half of the key: what the ledger says of them can be read no more. Called once a day, when the clock is believed. */
import type { ConsentFact } from '../../core/consent/consent.ts'
import { createProofRetention, proofEnded, type ProofRetention } from '../../core/retention/proof-retention.ts'
import { subtractDuration } from '../../core/policy/duration.ts'
import { dayMs } from '../../core/time/calendar.ts'
import { unpackFacts } from '../../store/facts.ts'
import { forgetAnswered } from '../../store/idempotency.ts'
import { appendBlock } from '../../store/ledger.ts'
import { countProofs, deleteProofs, loadOldProofs, noteUnheld, type OldProof, type ProofRef } from '../../store/old-proofs.ts'
import { loadByEmails, loadByIds, loadBySubjects } from '../../store/records.ts'
import { isNegative, refusalsByEmail } from '../judge/facts.ts'
import { mayForget } from './own-brake.ts'
import type { RetentionDeps } from './deps.ts'
import { inTurn, type TurnShell } from '../turn.ts'

const PER_PAGE = 500
/** `stopped`: more than the brake lets pass in a day; nothing was forgotten. */
export type ForgottenProofs = { readonly proofs: number; readonly keys: number; readonly stopped: boolean }
type Deps = Pick<RetentionDeps, 'shell' | 'policy' | 'calendar' | 'today'>

export async function forgetOldProofs(deps: Deps): Promise<ForgottenProofs> {
  const { shell } = deps
  const due = await inTurn(shell, async (turn) => {
    // Whoever calls next does the same; where nobody calls any more, what they once sent should not stay.
    await forgetAnswered(turn.db, new Date(shell.now() - dayMs).toISOString())
    await noteUnheld(turn.db, deps.today())
    return dueProofs(deps, turn)
  })
  if (due.length === 0) return { proofs: 0, keys: 0, stopped: false }
  const detail = `${due.length} proofs of consent are kept no longer all at once: does the policy mean it?`
  if (!(await mayForget(deps, { kind: 'proofs-many', due: due.length, total: await countProofs(shell.db), detail })))
    return { proofs: 0, keys: 0, stopped: true }
  let keys = 0
  for (let at = 0; at < due.length; at += PER_PAGE) keys += await inTurn(shell, (turn) => forget(turn, due.slice(at, at + PER_PAGE)))
  await shell.sign()
  shell.log('proofs.forgotten', { proofs: due.length, keys })
  return { proofs: due.length, keys, stopped: false }
}

async function forget(turn: TurnShell, refs: readonly ProofRef[]): Promise<number> {
  const keys = await deleteProofs(turn.db, refs)
  await appendBlock(turn.db, [JSON.stringify(['proofs-forgotten', refs.length, keys])], new Date(turn.now()).toISOString())
  return keys
}

async function dueProofs({ policy, calendar, today }: Deps, turn: TurnShell): Promise<ProofRef[]> {
  const day = Math.floor(Date.parse(today()) / dayMs)
  const retention = createProofRetention(policy, day)
  if (retention.shortest === null) return []
  const until = new Date((subtractDuration(day, retention.shortest) + 1) * dayMs).toISOString()
  const due: ProofRef[] = []
  for (let after: ProofRef | null = null; ;) {
    const page: OldProof[] = await loadOldProofs(turn.db, until, after, PER_PAGE)
    due.push(...(await dueAmong(turn, page, { retention, day, localDay: calendar.localDay })))
    const last = page.at(-1)
    if (last === undefined || page.length < PER_PAGE) return due
    after = { id: last.id, source: last.source }
  }
}

type Question = { readonly retention: ProofRetention; readonly day: number; readonly localDay: (at: number) => number }

async function dueAmong(turn: TurnShell, page: readonly OldProof[], { retention, day, localDay }: Question): Promise<OldProof[]> {
  const factsOf = await loadNegatives(turn, page)
  return page.filter((proof) => {
    const ended = proofEnded(proof, factsOf.get(`${proof.source}/${proof.record}`) ?? [])
    const lastDay = ended === null ? null : retention.lastDay(proof, localDay(ended))
    return lastDay !== null && day >= lastDay
  })
}

/** Every no of whoever spoke: here, in the records that are one person with it, and of whoever reads the mailbox. By `source/record`. */
async function loadNegatives(turn: TurnShell, page: readonly OldProof[]): Promise<ReadonlyMap<string, readonly ConsentFact[]>> {
  const yes = page.filter(({ event }) => event === 'given')
  const voices = await loadByIds(
    turn.db,
    yes.map(({ source }) => source),
    yes.map(({ record }) => record),
  )
  const twins = await loadBySubjects(turn.db, [...new Set(voices.flatMap(({ subject }) => subject ?? []))])
  const readers = await loadByEmails(turn.db, [...new Set(voices.flatMap(({ email }) => email ?? []))])
  const negatives = (facts: Buffer | null): ConsentFact[] => unpackFacts(facts, turn.dictionary.factKinds).filter(isNegative)
  return new Map(
    voices.map((voice) => [
      `${voice.source}/${voice.id}`,
      [
        ...negatives(voice.facts),
        ...twins.filter(({ subject }) => subject === voice.subject && subject !== null).flatMap(({ facts }) => negatives(facts)),
        ...readers.filter(({ email }) => email === voice.email && email !== null).flatMap(({ facts }) => refusalsByEmail(negatives(facts))),
      ],
    ]),
  )
}

/** An address that is corrected takes with it what was said under the old one: every no, every proved yes with what proves it (art. 7(1)), and the lists that keep people from being written to. */
import { mailboxReaderOf } from '../../core/policy/audience.ts'
import { OWN } from '../../core/consent/own-connection.ts'
import { unpackFacts } from '../../store/facts.ts'
import { carryRestrictions } from '../../store/restrictions.ts'
import { ensureSource } from '../../store/sources.ts'
import { carrySuppressions, loadSuppressed } from '../../store/suppressions.ts'
import { carryProofs } from '../../store/voices.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { markHashes } from '../erasure/suppress.ts'
import type { Shell } from '../shell.ts'
import type { TurnShell } from '../turn.ts'
import { nodeOf, saveVoice } from '../consent/voice.ts'

function hashesOf(shell: Pick<Shell, 'hasher'>, email: string): Buffer[] {
  return markHashes(shell, { emails: [email], phones: [] })
}

/** Somebody else may have been erased under the new address, or have objected: then it is not given to anybody before a user has looked. */
export async function isSuppressed(shell: Pick<Shell, 'db' | 'hasher'>, email: string): Promise<boolean> {
  return (await loadSuppressed(shell.db, hashesOf(shell, email))).size > 0
}

export async function carryAddress(
  { policy, landscape }: ErasureDeps,
  turn: TurnShell,
  olds: readonly string[],
  fresh: string,
): Promise<void> {
  const mailboxOf = mailboxReaderOf(policy)
  const source = await ensureSource(turn.db, OWN, OWN, 'email')
  const to = hashesOf(turn, fresh)
  // What others said through a mailbox that several people read is not this person's.
  for (const old of olds.filter((one) => one !== fresh && mailboxOf(one)?.shared === false)) {
    const from = hashesOf(turn, old)
    const carried = await carrySuppressions(turn.db, from, to)
    const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'))
    if (carried > 0) turn.note({ act: 'carried', from: hex(from), to: hex(to) })
    await carryRestrictions(turn.db, from, to)
    const [before, now] = [turn.hasher.voice('email', old), turn.hasher.voice('email', fresh)]
    await carryProofs(turn.db, source.id, before, now)
    const { stored } = await nodeOf(turn, source.id, { id: before })
    const facts = unpackFacts(stored?.facts ?? null, turn.dictionary.factKinds)
    if (facts.length === 0) continue
    const emails = [turn.hasher.identifier('email', fresh)]
    await saveVoice(turn, await landscape(turn), {
      object: 'email',
      id: now,
      emails,
      quiet: [],
      facts,
      lastAct: null,
    })
  }
}

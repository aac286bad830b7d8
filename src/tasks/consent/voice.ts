/** What somebody said to Accord itself, as a record beside those of the CRMs: linked by its mailbox, heard by everybody whom a CRM's record would reach. */
import { laterAct } from '../../core/judge/acts.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import type { ActDay } from '../../core/judge/judge.ts'
import { OWN } from '../../core/consent/own-connection.ts'
import { internFactKinds } from '../../store/dictionary.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../../store/facts.ts'
import { ringMailboxes } from '../../store/mailboxes.ts'
import { saveRechecks } from '../../store/outbox.ts'
import { KINDS, loadByIds, loadIdentifiersOf, nextSubjects, saveIdentifiers, saveRecords, saveSubjects } from '../../store/records.ts'
import { ensureSource, type Source } from '../../store/sources.ts'
import { blankRecord } from '../judge/blank-record.ts'
import { loadCluster } from '../identity/cluster.ts'
import { nodeKey, type Node } from '../identity/cluster-node.ts'
import { loadCrowds } from '../identity/crowds.ts'
import { acquaintance } from '../judge/decide.ts'
import { addFacts } from '../judge/facts.ts'
import { rechecksAround } from '../identity/influence.ts'
import type { Landscape, Shell } from '../shell.ts'
import { assignSubjects } from '../identity/subjects.ts'
import type { TurnShell } from '../turn.ts'

/** `id`: see `Hasher.voice`. `emails` link, `quiet` ones (function mailboxes) only spread a no; absent: those on file. */
export type Voice = {
  object: 'email' | 'phone'
  id: string
  emails?: readonly string[]
  quiet?: readonly string[]
  facts: readonly ConsentFact[]
  lastAct: ActDay
}

/** Everything that follows in the CRMs waits in the `recheck` table when the transaction ends. */
export async function saveVoice(shell: TurnShell, landscape: Landscape, voice: Voice): Promise<Source> {
  const source = await ensureSource(shell.db, OWN, OWN, voice.object)
  const node = await nodeOf(shell, source.id, voice)
  const cluster = await loadCluster(
    shell.db,
    [node],
    acquaintance(shell, landscape, () => []),
  )
  const subjects = await assignSubjects(cluster, (count) => nextSubjects(shell.db, count))
  const facts = addFacts(unpackFacts(node.stored?.facts ?? null, shell.dictionary.factKinds), voice.facts)
  await internFactKinds(shell.db, shell.dictionary, facts)
  const crowds = await loadCrowds(shell, cluster, new Map([[node.key, facts]]))
  const lastAct = laterAct(unpackLastAct(node.stored?.facts ?? null), voice.lastAct)
  const row = {
    ...blankRecord,
    source: source.id,
    id: voice.id,
    subject: subjects.get(node.key) ?? null,
    email: node.emails[0] ?? null,
    facts: packFacts(facts, (fact) => shell.dictionary.factKindIds.get(fact)!, lastAct),
  }
  await saveRecords(shell.db, [row])
  if (!node.stored)
    await saveIdentifiers(
      shell.db,
      [],
      node.quiet.map((hash) => ({ hash, source: source.id, id: voice.id, kind: KINDS.quiet })),
    )
  const moved = [...cluster.nodes.values()].filter(
    (other) => other.key !== node.key && (subjects.get(other.key) ?? null) !== other.stored!.subject,
  )
  await saveSubjects(
    shell.db,
    moved.map((other) => ({ source: other.source, id: other.id, subject: subjects.get(other.key) ?? null })),
  )
  const rechecks = rechecksAround(shell, cluster, new Map([[node.key, row.facts]]))
  await saveRechecks(shell.db, rechecks)
  await ringMailboxes(shell.db, crowds.changed, [node])
  const sources = new Set(rechecks.map((one) => one.source))
  if (sources.size > 0 || crowds.changed.length > 0)
    await shell.ring(shell.db, { rechecks: sources, anywhere: crowds.changed.length > 0, patches: null })
  return source
}

/** `source` null: nobody has said anything of that kind yet. */
export async function nodeOf(
  shell: Pick<Shell, 'db'>,
  source: number | null,
  { id, emails, quiet }: Pick<Voice, 'id' | 'emails' | 'quiet'>,
): Promise<Node> {
  const stored = source === null ? null : ((await loadByIds(shell.db, [source], [id]))[0] ?? null)
  const further = stored === null ? [] : await loadIdentifiersOf(shell.db, [stored.source], [id])
  return {
    key: nodeKey(source ?? 0, id),
    source: source ?? 0,
    id,
    emails: emails ?? (stored?.email ? [stored.email] : []),
    quiet: quiet ?? further.filter((one) => one.kind === KINDS.quiet).map((one) => one.hash),
    names: [],
    own: null,
    given: 0,
    family: 0,
    personal: 0,
    lastAct: unpackLastAct(stored?.facts ?? null),
    stored,
    formerly: [],
  }
}

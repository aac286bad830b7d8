/** What is known of one person's consent: what was said to Accord itself, and what every CRM says. Looking changes nothing. */
import type { Addressee } from '../../core/consent/intake.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import { OWN } from '../../core/consent/own-connection.ts'
import { emptyDictionary, loadFactKinds } from '../../store/dictionary.ts'
import { unpackFacts } from '../../store/facts.ts'
import { findSource } from '../../store/sources.ts'
import { loadSuppressed } from '../../store/suppressions.ts'
import { loadProofs, type Proof } from '../../store/voices.ts'
import { loadCluster } from '../identity/cluster.ts'
import { loadCrowds } from '../identity/crowds.ts'
import { acquaintance } from '../judge/decide.ts'
import { factsOfSubject } from '../judge/subject-facts.ts'
import type { ConsentDeps } from './deps.ts'
import type { TurnShell } from '../turn.ts'
import { nodeOf } from './voice.ts'

/** `proofs`: newest first. */
export type Found = { facts: readonly ConsentFact[]; proofs: readonly Proof[]; suppressed: boolean }

const MOST_PROOFS = 200

export async function lookUpConsents(deps: ConsentDeps, { mailbox, phone }: Addressee): Promise<Found> {
  return deps.shell.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      // Kinds of its own, since the shell's belong to whoever has the turn.
      const dictionary = emptyDictionary(deps.shell.dictionary.formerly)
      const shell: TurnShell = { ...deps.shell, db: trx, dictionary, note: () => undefined }
      await loadFactKinds(trx, dictionary)
      const { hasher } = shell
      const hash = mailbox === null ? null : hasher.identifier('email', mailbox.email)
      const linking = mailbox?.shared === true ? { emails: [], quiet: [hash!] } : { emails: hash === null ? [] : [hash], quiet: [] }
      const found = [
        ...(mailbox === null ? [] : [await hear(deps, shell, 'email', { id: hasher.voice('email', mailbox.email), ...linking })]),
        ...(phone === null ? [] : [await hear(deps, shell, 'phone', { id: hasher.voice('phone', phone), emails: [], quiet: [] })]),
      ]
      const addresses = mailbox === null ? [] : [...new Set([mailbox.email, suppressionForm(mailbox.email)])]
      const hashes = [
        ...addresses.map((one) => Buffer.from(hasher.suppression('email', one))),
        ...(phone === null ? [] : [Buffer.from(hasher.suppression('phone', phone))]),
      ]
      return {
        facts: found.flatMap((one) => one.facts),
        proofs: [...new Map(found.flatMap((one) => one.proofs).map((proof) => [proof.id, proof])).values()],
        suppressed: (await loadSuppressed(trx, hashes)).size > 0,
      }
    })
}

type Heard = Pick<Found, 'facts' | 'proofs'>

/** As a record with that address and no name would be judged. */
async function hear(deps: ConsentDeps, shell: TurnShell, object: 'email' | 'phone', voice: Parameters<typeof nodeOf>[2]): Promise<Heard> {
  const source = await findSource(shell.db, OWN, object)
  const node = await nodeOf(shell, source?.id ?? null, voice)
  const cluster = await loadCluster(
    shell.db,
    [node],
    acquaintance(shell, await deps.landscape(shell), () => []),
  )
  const own = new Map([[node.key, unpackFacts(node.stored?.facts ?? null, shell.dictionary.factKinds)]])
  const crowds = await loadCrowds(shell, cluster, own)
  return {
    facts: factsOfSubject(shell, cluster, crowds, own, cluster.nodes.get(node.key)!),
    proofs: source === null ? [] : await loadProofs(shell.db, source.id, voice.id, MOST_PROOFS),
  }
}

/** Issues the certificate of an erasure, and notes in the ledger that it was issued. */
import { hash, type KeyObject } from 'node:crypto'
import { certify } from '../../core/erasure/certify.ts'
import { certificateText, signCertificate, type Certificate } from '../../core/erasure/certificate.ts'
import { appendBlock, readHead } from '../../store/ledger.ts'
import { loadNotices } from '../../store/notices.ts'
import { loadMentions } from '../../store/request-mentions.ts'
import { loadRequest, loadRequestEvents } from '../../store/requests.ts'
import type { ErasureDeps } from './deps.ts'
import { inTurn } from '../turn.ts'

export type Issued = { outcome: 'issued'; certificate: Certificate; text: string } | { outcome: 'refused'; message: string }

/** The ledger is signed after it, so that whoever has both finds the certificate's place in what was signed. */
export async function issueCertificate(deps: ErasureDeps, id: string, privateKey: KeyObject): Promise<Issued> {
  const issued = await issue(deps, id, privateKey)
  if (issued.outcome === 'issued') await deps.shell.sign()
  return issued
}

function issue({ shell, sides, crms, policy, recipients }: ErasureDeps, id: string, privateKey: KeyObject): Promise<Issued> {
  return inTurn(shell, async (turn): Promise<Issued> => {
    const file = await loadRequest(turn.db, id, 'for update')
    if (file === null) return { outcome: 'refused', message: 'there is no such request' }
    const events = (await loadRequestEvents(turn.db, id)).flatMap((one) => (one.stream === 'erasure' ? [one.event] : []))
    const head = await readHead(turn.db)
    const now = turn.now()
    const certified = certify({
      controller: policy.organisation.controller.name,
      timezone: policy.organisation.timezone,
      request: id,
      receivedAt: file.receivedAt,
      now,
      erasure: file.erasure,
      events,
      mentions: await loadMentions(turn.db, id),
      systems: sides.map(({ connection, erasure }) => ({ connection, crm: crms.get(connection) ?? '', means: erasure.means })),
      recipients: (await loadNotices(turn.db, id)).map(({ recipient, way, status, endedAt }) => ({
        name: recipients.find((one) => one.id === recipient)?.name ?? recipient,
        way,
        outcome: status,
        at: endedAt === null ? null : new Date(endedAt).toISOString(),
      })),
      ledger: { id: head.ledger, block: head.seq, hash: head.hash.toString('hex') },
    })
    if (!certified.ok) return { outcome: 'refused', message: certified.message }
    const certificate = signCertificate(certified.certificate, privateKey)
    const text = certificateText(certificate)
    await appendBlock(
      turn.db,
      [JSON.stringify(['certificate', id, certificate.standing, hash('sha256', text)])],
      new Date(now).toISOString(),
    )
    return { outcome: 'issued', certificate, text }
  })
}

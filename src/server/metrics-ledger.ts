/** The ledger for a monitor: how much of it nobody has signed yet. */
import { Gauge, type Registry } from 'prom-client'
import type { Unsigned } from '../store/unsigned.ts'

/** Answers what reads them anew. */
export function createLedgerMetrics(registry: Registry, unsigned: () => Promise<Unsigned>): () => Promise<void> {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] })
  const blocks = gauge('accord_ledger_unsigned_blocks', 'Blocks of the ledger that no checkpoint covers.')
  const seconds = gauge('accord_ledger_unsigned_seconds', 'Age of the oldest of them; 0 when all are signed.')
  const unreadable = gauge('accord_ledger_checkpoints_unreadable', '1 where the file of checkpoints does not tell what is signed.')
  return async () => {
    const tail = await unsigned()
    unreadable.set(tail.blocks === null ? 1 : 0)
    if (tail.blocks === null) {
      // Zero would say that all is signed.
      blocks.remove()
      seconds.remove()
      return
    }
    blocks.set(tail.blocks)
    seconds.set(tail.since === null ? 0 : Math.max(0, Math.round((Date.now() - Date.parse(tail.since)) / 1_000)))
  }
}

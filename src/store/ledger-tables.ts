/** `ledger_blocks` is append-only; `ledger_head` has one row, whose lock serialises writers. Hashes are 32 bytes, `seq` starts at 1. */
export interface LedgerTables {
  ledger_blocks: {
    seq: number
    previous: Buffer
    at: string
    entries: number
    root: Buffer
    /** JSON lines: the very bytes that were hashed. `jsonb` would reorder keys. */
    body: string
    hash: Buffer
  }
  ledger_head: {
    id: number
    ledger_id: string
    seq: number
    hash: Buffer
    entries: number
  }
}

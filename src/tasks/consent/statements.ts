/** What people said, as entries of the ledger: sealed when they are written, opened for whoever has to prove them. */
import { randomBytes } from 'node:crypto'
import { entriesOf, type Block } from '../../core/ledger/ledger.ts'
import { openStatement, sealStatement, type StatementKey, type StatementPlace } from '../../core/ledger/statement.ts'
import { findBlocks } from '../../store/ledger.ts'
import { loadStatementKey } from '../../store/subject-keys.ts'
import type { Shell } from '../shell.ts'

/** `key` null: of a statement that was taken down before there were keys; then the entry says no more than that it happened. */
export function sealEntry({ hashKey }: Pick<Shell, 'hashKey'>, place: StatementPlace, key: StatementKey | null, words: unknown): string {
  const sealed = key === null ? null : sealStatement(hashKey, place, { ...key, iv: randomBytes(12) }, words)
  return JSON.stringify([place.kind, place.proof, place.object, sealed])
}

/** `index`: of the entry in the block, from 0. `words`: null when the key is destroyed. */
export type FoundStatement = { place: StatementPlace; block: Block; index: number; words: readonly unknown[] | null }

/** Every entry about one statement, from the ledger itself. @throws Error for one that was changed. */
export async function readStatement({ db, hashKey }: Pick<Shell, 'db' | 'hashKey'>, proof: string): Promise<FoundStatement[]> {
  const found: FoundStatement[] = []
  for (const block of await findBlocks(db, proof))
    for (const [index, entry] of entriesOf(block).entries()) {
      const [kind, id, object, sealed] = JSON.parse(entry) as readonly unknown[]
      if (id !== proof || (kind !== 'consent' && kind !== 'confirmed') || (object !== 'email' && object !== 'phone')) continue
      const place: StatementPlace = { kind, proof, object }
      const key = typeof sealed === 'string' ? await loadStatementKey(db, proof, object) : null
      const words = key === null ? null : (openStatement(hashKey, place, key, sealed as string) as readonly unknown[])
      found.push({ place, block, index, words })
    }
  return found
}

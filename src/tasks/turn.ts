/** One transaction that stores what people said: alone in this process and, by an advisory lock, in all of them. */
import type { Transaction } from 'kysely'
import { loadFactKinds, settleDictionary } from '../store/dictionary.ts'
import { takeTurn } from '../store/records.ts'
import type { Tables } from '../store/tables.ts'
import type { Shell } from './shell.ts'

export type TurnShell = Shell & { db: Transaction<Tables> }

export function inTurn<T>(shell: Shell, work: (shell: TurnShell) => Promise<T>): Promise<T> {
  return shell.oneAtATime(async () => {
    let end: 'committed' | 'rolled back' = 'rolled back'
    try {
      const result = await shell.db.transaction().execute(async (trx) => {
        await takeTurn(trx)
        await loadFactKinds(trx, shell.dictionary)
        return work({ ...shell, db: trx })
      })
      end = 'committed'
      return result
    } finally {
      settleDictionary(shell.dictionary, end)
    }
  })
}

/** One transaction that stores what people said: alone in this process and, by an advisory lock, in all of them. */
import type { Transaction } from 'kysely'
import { loadFactKinds, settleDictionary } from '../store/dictionary.ts'
import type { ErasedAct } from '../store/erased-journal.ts'
import { takeTurn } from '../store/records.ts'
import type { Tables } from '../store/tables.ts'
import type { Shell } from './shell.ts'

/** `note`: erasures to write to the journal outside the database, before the commit, so that a restore repeats them. */
export type TurnShell = Shell & { db: Transaction<Tables>; note: (act: ErasedAct) => void }

export function inTurn<T>(shell: Shell, work: (shell: TurnShell) => Promise<T>): Promise<T> {
  return shell.oneAtATime(async () => {
    let end: 'committed' | 'rolled back' = 'rolled back'
    try {
      const done = await shell.db.transaction().execute(async (trx) => {
        await takeTurn(trx)
        await loadFactKinds(trx, shell.dictionary)
        const acts: ErasedAct[] = []
        const result = await work({ ...shell, db: trx, note: (act) => void acts.push(act) })
        if (acts.length > 0) await shell.journal(trx, acts)
        return result
      })
      end = 'committed'
      return done
    } finally {
      settleDictionary(shell.dictionary, end)
    }
  })
}

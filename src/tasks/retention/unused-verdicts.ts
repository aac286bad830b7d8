/** Verdicts that nobody has any more go, a day after they were found unused: dates and policies that pass would leave the table growing for good. */
import { deleteRetired, findUnusedVerdicts, retireVerdicts } from '../../store/unused-verdicts.ts'
import type { Shell } from '../shell.ts'
import { inTurn } from '../turn.ts'

/** Few enough that a batch of records waits a tenth of a second for them, and many because each worker reads the whole dictionary anew after every turn (0.2 s of a hundred thousand). */
const PER_TURN = 10_000

/** Safe beside workers that store records, and beside another that does the same. Answers how many went. */
export async function forgetUnusedVerdicts(shell: Shell): Promise<number> {
  const { unused, retired } = await findUnusedVerdicts(shell.db)
  for (let at = 0; at < retired.length; at += PER_TURN) await deleteRetired(shell.db, retired.slice(at, at + PER_TURN))
  for (let at = 0; at < unused.length; at += PER_TURN)
    await inTurn(shell, (turn) => retireVerdicts(turn.db, unused.slice(at, at + PER_TURN)))
  return retired.length
}

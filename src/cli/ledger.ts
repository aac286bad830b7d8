import { Command } from 'commander'
import { checkpointFile } from '../house.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { readCheckpoints } from '../store/checkpoints.ts'
import { loadLedgerKey } from '../store/keys.ts'
import { verifyLedger } from '../store/ledger.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function ledgerCommand(): Command {
  const verify = new Command('verify')
    .description('Prove that no entry was changed, added or cut out since it was signed; otherwise name the first bad block.')
    .action(async (flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const key = await loadLedgerKey(settings.dataDir)
      const checkpoints = await readCheckpoints(checkpointFile(settings.dataDir))
      const store = await openStore(settings)
      try {
        const result = await verifyLedger(store.db, { checkpoints, keys: new Map([[key.keyId, key.publicKey]]) })
        if (flags.json)
          printJson(
            result.ok
              ? { ...result, head: { seq: result.head.seq, hash: result.head.hash.toString('hex') }, checkpoints: checkpoints.length }
              : result,
          )
        else if (result.ok)
          printLine(`The ledger is whole: ${result.blocks} blocks, ${result.entries} entries; signed up to block ${result.signedUpTo}.`)
        else printLine(`The ledger does not hold: ${result.fault} at block ${result.seq}; proved up to block ${result.goodUpTo}.`)
        if (!result.ok) process.exitCode = 1
      } finally {
        await store.close()
      }
    })
  return new Command('ledger').description('The record of every decision, made so that a forgery shows.').addCommand(verify)
}

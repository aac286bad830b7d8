import { Command } from 'commander'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { verifyWithCheckpoints } from '../store/ledger.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function ledgerCommand(): Command {
  const verify = new Command('verify')
    .description('Hash every block again and compare it with its neighbours and with the signed checkpoints.')
    .action(async (flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const store = await openStore(settings)
      try {
        const result = await verifyWithCheckpoints(store.db, settings.dataDir)
        if (flags.json) printJson(result)
        else if (result.ok)
          printLine(`The ledger is whole: ${result.blocks} blocks, ${result.entries} entries, ${result.checkpoints} checkpoints.`)
        else printLine(`The ledger has been tampered with: block ${result.seq}: ${result.reason}`)
        if (!result.ok) process.exitCode = 1
      } finally {
        await store.close()
      }
    })
  return new Command('ledger').description('The hash-chained record of every decision.').addCommand(verify)
}

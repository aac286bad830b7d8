import { Command } from 'commander'
import { openParts } from '../main.ts'
import { readSettings } from '../settings.ts'
import type { Replayed } from '../tasks/erasure/replay.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'After a restore: repeat the erasures that happened since the backup, as listed in erased.jsonl of the data folder, and report what could not be repeated.',
    )
    .addHelpText('after', '\nEvery start of Accord does the same and notifies the DPO. Running it twice does no harm.')
    .action(async (flags: Flags) => {
      const { parts, replayed } = await openParts(readSettings(process.env, flags))
      await parts.close()
      if (flags.json) printJson(replayed ?? { lines: 0 })
      else print(replayed)
    })
}

function print(replayed: Replayed | null): void {
  if (replayed === null) return printLine('This database knows of everything that erased.jsonl says.')
  const { lines, suppressed, keys, missing, reopened } = replayed
  printLine(
    `${lines} lines done again: ${suppressed} addresses and numbers are on the suppression list, ${keys} keys are destroyed once more.`,
  )
  for (const { request, right, lastDay, closed } of missing)
    printLine(
      closed
        ? `${request} (${right}) is not in this database; it was closed.`
        : `MISSING: ${request} (${right}), to be answered by ${lastDay}: find it where it came from, and take it down again with --received.`,
    )
  for (const request of reopened)
    printLine(`OPEN AGAIN: ${request} was closed since: answer or withdraw it once more; what is gone stays gone.`)
}

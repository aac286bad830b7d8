import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { loadAdvice, loadConnections, loadPolicy, loadRecipients } from '../config/load.ts'
import { withoutEffect } from '../core/policy/effect.ts'
import { settingsProblems } from '../connectors/registry.ts'
import { openAccord } from '../main.ts'
import { readSettings } from '../settings.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine, printTable } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function policyCommand(): Command {
  return new Command('policy')
    .description('The written policy: is it sound, and what would a change do?')
    .addCommand(checkPolicy())
    .addCommand(diffPolicy())
}

function checkPolicy(): Command {
  return new Command('check')
    .description('Read policy.yaml and connections.yaml; name each mistake with its file, its line and what to write instead.')
    .action(async (flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const policy = loadPolicy(settings.configDir)
      const connections = loadConnections(settings.configDir, settings.env, { lenient: true, policy, settings: settingsProblems })
      loadRecipients(settings.configDir, settings.env, true)
      const counts = {
        purposes: policy.purposes.length,
        consentRules: policy.consentRules.length,
        retentionRules: policy.retention.rules.length,
        detectors: policy.detectors.length,
        connections: connections.connections.length,
      }
      const advice = loadAdvice(settings.configDir)
      const notEnforced = withoutEffect(policy)
      if (flags.json) {
        printJson({ ok: true, ...counts, advice, notEnforced })
        return
      }
      printLine(
        `The policy is sound: ${Object.entries(counts)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ')}.`,
      )
      for (const line of advice) printLine(`Think again: ${line}`)
      printLine(`On file for people, and not enforced by this version: ${notEnforced.join(', ')}.`)
    })
}

function diffPolicy(): Command {
  return new Command('diff')
    .description('Count what a changed policy would change, before it is active. Reads every record from the CRMs and stores nothing.')
    .argument('<folder>', 'folder with the changed policy.yaml, and connections.yaml if that changes, too; --config is the present one')
    .action(async (folder: string, flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const policy = loadPolicy(folder)
      // A purpose that is renamed is renamed in the mapping, too: the folder may bring its own.
      const mapped = existsSync(join(folder, 'connections.yaml')) ? folder : settings.configDir
      const { connections } = loadConnections(mapped, settings.env, { lenient: true, policy })
      const accord = await openAccord(settings)
      try {
        const diffs = await untilInterrupted((signal) => accord.diff({ policy, connections }, signal), 'again')
        if (flags.json) {
          printJson({ connections: diffs })
          return
        }
        for (const { connection, records, changed: count, changes } of diffs) {
          printLine(`${connection}: ${count.toLocaleString('en')} of ${records.toLocaleString('en')} records would be judged differently`)
          const rows = changes.map(({ name, before, after }) => [name, before, after])
          if (rows.length > 0) printTable(['', 'now', 'then'], rows)
        }
      } finally {
        await accord.close()
      }
    })
}

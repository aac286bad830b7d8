import { Command } from 'commander'
import { readCorrections, type Corrections } from '../core/request/corrections.ts'
import { toApprove } from '../core/request/change.ts'
import type { Policy } from '../core/policy/schema.ts'
import { planCorrection } from '../tasks/change/decisions.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine, printTable } from './output.ts'
import { printChange } from './request-change.ts'
import { accepted, requestId, withDeps, type Flags } from './request-deps.ts'
import { readSecretLine } from './secret-line.ts'

export function correctCommand(): Command {
  return new Command('correct')
    .description(
      'Show what a rectification would write where, old and new side by side. Nothing is written before "accord request approve".',
    )
    .argument('<request>', 'its number')
    .option('--values <->', '"-": the new values are asked for, or read from a pipe, on one line: {"lastName": "Roux", "jobTitle": null}')
    .option('--record <key...>', 'a suggested record that you have recognised as the person, such as hubspot:contacts:123')
    .addHelpText(
      'after',
      '\nThe values are sealed with the request, and never shown again but here. Without --values: those that were given before.',
    )
    .action(async (typed: string, flags: Flags & { values?: string; record?: string[] }) => {
      const line = flags.values === undefined ? null : await readSecretLine(flags.values, 'values as JSON')
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        const corrections = line === null ? null : valuesOf(deps.policy, line)
        const wanted = { corrections, confirm: flags.record ?? [] }
        const { changed, shown } = await untilInterrupted((signal) => planCorrection(deps, id, wanted, signal), 'again')
        const file = accepted(changed)
        if (flags.json) printJson({ request: id, approve: toApprove(file.change), shown })
        else {
          if (shown.length > 0)
            printTable(
              ['record', 'field', 'now', 'will read'],
              shown.map(({ key, field, from, to }) => [key, field, from ?? '', to ?? '']),
            )
          else printLine('Every record reads so already, or no record is this person for certain.')
          printChange(file)
        }
      })
    })
}

/** Not one of the values in a message: it may end in a log. */
function valuesOf(policy: Policy, line: string): Corrections {
  const read = readCorrections(policy, objectOf(line))
  if (!read.ok) throw new UsageError(read.field === '' ? read.message : `${read.field}: ${read.message}`)
  return read.value
}

function objectOf(line: string): Record<string, unknown> {
  const wrong = new UsageError('write the values as one JSON object on one line, such as {"lastName": "Roux"}')
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    throw wrong
  }
  throw wrong
}

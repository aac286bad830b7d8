import { hash } from 'node:crypto'
import { Command } from 'commander'
import type { Kysely } from 'kysely'
import { lossReasons, type Lost } from '../core/erasure/lost.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { loadAccount } from '../store/accounts.ts'
import { loadLoss } from '../store/connection-loss.ts'
import { alone } from '../store/presence.ts'
import { loadKnownSources } from '../store/retired.ts'
import type { Tables } from '../store/tables.ts'
import {
  affectedBy,
  declareLoss,
  loseConnection,
  regainConnection,
  requestsWithout,
  type Affected,
  type Requests,
} from '../tasks/connection/connection-lost.ts'
import { configuredNames, refuseUnknown } from './connection-known.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'
import { oneOf, userOf, withDeps, type Flags } from './request-deps.ts'

export function lostCommand(): Command {
  return new Command('lost')
    .description(
      'Declare that a CRM is gone for good: requests, lists and cases under way go on without it. Shows what that changes; with --digest it is done.',
    )
    .argument('<connection>', 'its id, removed from connections.yaml')
    .requiredOption('--because <reason>', lossReasons.join(', '))
    .requiredOption('--user <name>', 'who answers for it: the ledger, request show and each certificate name them')
    .option('--digest <digest>', 'of what was shown')
    .action(async (connection: string, flags: Flags & { because: string; user: string; digest?: string }) => {
      const because = oneOf('--because', flags.because, lossReasons)
      const user = userOf(flags.user)
      if (configuredNames(flags).includes(connection))
        throw new UsageError(`connections.yaml still has "${connection}": remove it there first, on every host`)
      const lost = await withDeps(flags, async (deps): Promise<Lost | null> => {
        const { db, now } = deps.shell
        await refuseUnknown(db, connection, await loadKnownSources(db))
        const known = await loadAccount(db, connection)
        const head = { connection, crm: known?.crm ?? 'unknown', account: known?.account ?? null }
        const declared = await loadLoss(db, connection)
        const one = declared ?? { ...head, because, by: { kind: 'staff' as const, user }, at: now() }
        const affected = await affectedBy(db, one)
        const digest = digestOf(one, affected)
        if (flags.digest === undefined) show(flags, connection, affected, digest)
        else if (!digest.startsWith(flags.digest) || flags.digest.length < DIGEST_LETTERS)
          throw new UsageError('something else would change now than what was shown: look at it again, without --digest')
        return flags.digest === undefined ? null : one
      })
      if (lost === null) return
      await apart(flags, async (db) => {
        if ((await loadLoss(db, connection)) === null) await declareLoss(db, lost)
      })
      const affected = await withDeps(flags, (deps) => loseConnection(deps, lost))
      // Of whoever declared it first.
      const word = lost.by.kind === 'staff' ? lost.by.user : lost.by.kind
      if (flags.json) printJson({ connection, lost: true, ...affected })
      else
        printLine(
          `${connection} is lost for good, by the word of ${word}: what was under way goes on without it ("accord request run", or the service).`,
        )
      showDamaged(flags, affected)
    })
}

export function regainedCommand(): Command {
  return new Command('regained')
    .description(
      'A CRM that was declared lost is there after all: open requests take it up again. Put it back into connections.yaml first.',
    )
    .argument('<connection>', 'its id')
    .requiredOption('--user <name>', 'who says so')
    .action(async (connection: string, flags: Flags & { user: string }) => {
      const by = { kind: 'staff', user: userOf(flags.user) } as const
      if (!configuredNames(flags).includes(connection))
        throw new UsageError(`connections.yaml has no "${connection}": put it back there first, so that somebody can look`)
      const torn = await apart(flags, async (db) => {
        const { requests, damaged } = await requestsWithout(db, connection, by)
        if ((await loadLoss(db, connection)) !== null || requests.length > 0) return null
        if (damaged.length === 0) throw new UsageError(`"${connection}" was not declared lost`)
        return { requests, damaged }
      })
      if (torn !== null) return showTorn(flags, connection, torn)
      const found = await withDeps(flags, (deps) => regainConnection(deps, connection, by))
      if (flags.json) printJson({ connection, lost: false, ...found })
      else {
        printLine(`${connection} is read and written again. Run "accord sweep": whoever was erased meanwhile is seen again there.`)
        for (const id of found.requests) printLine(`request ${id} takes it up: see "accord request show ${id.slice(0, 8)}"`)
      }
      showDamaged(flags, found)
    })
}

const DIGEST_LETTERS = 12

/** The reason and the person who answers for it are part of what is shown. */
function digestOf({ connection, because, by }: Lost, affected: Affected): string {
  return hash('sha256', JSON.stringify([connection, because, by, affected]))
}

function show(flags: Flags, connection: string, affected: Affected, digest: string): void {
  const short = digest.slice(0, 16)
  if (flags.json) return printJson({ connection, lost: false, ...affected, digest: short })
  const { requests, lists, comebacks } = affected
  const torn = damagedOf(affected)
  for (const id of requests) printLine(`request ${id}: goes on without ${connection}; it can no longer end as proved`)
  for (const id of lists) printLine(`retention list ${id}: persons with a record there are left out, or go on without it`)
  for (const id of comebacks) printLine(`case ${id}: goes on without its records there`)
  for (const one of torn) printLine(`${one}: what is stored of it cannot be read, so that nobody can say whether it counts on it`)
  if (requests.length + lists.length + comebacks.length + torn.length === 0) printLine('Nothing under way counts on it.')
  printLine(
    `What ${connection} held is called neither erased nor looked at: persons are told so, and each certificate says who declared it. An account that still exists is not lost: erase there first.`,
  )
  printLine(`To declare exactly this, repeat the command with --digest ${short}`)
}

/** Declared by nobody any more, and taken up by all that can be read: what remains is to mend the rest. */
function showTorn(flags: Flags, connection: string, found: Requests): void {
  if (flags.json) printJson({ connection, lost: false, ...found })
  else printLine(`${connection} is not declared lost: nothing remains but what nobody can read, which may still go on without it.`)
  showDamaged(flags, found)
}

/** All the others are done with: exit code 1 says that these are not. */
function showDamaged(flags: Flags, found: Requests | Affected): void {
  const torn = damagedOf(found)
  if (torn.length === 0) return
  process.exitCode = 1
  if (flags.json) return
  for (const one of torn)
    printLine(
      `${one}: what is stored of it cannot be read. Put back a copy of the database in which it is whole, then repeat this command.`,
    )
}

function damagedOf(found: Requests | Affected): string[] {
  const lists = 'damagedLists' in found ? found.damagedLists : []
  return [...found.damaged.map((id) => `request ${id}`), ...lists.map((id) => `retention list ${id}`)]
}

/** While nobody else is at work on this database: whoever is has connections of its own in hand. */
async function apart<T>(flags: Flags, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  const store = await openStore(readSettings(process.env, flags))
  try {
    return await alone(store.database, () => work(store.db))
  } finally {
    await store.close()
  }
}

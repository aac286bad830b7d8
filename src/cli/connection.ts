import { Command } from 'commander'
import type { Kysely } from 'kysely'
import { loadAccount } from '../store/accounts.ts'
import { signOrSay } from '../store/checkpoints.ts'
import { loadDeclared, loadLoss } from '../store/connection-loss.ts'
import { createLog } from '../log.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { usersOf } from '../store/connection-users.ts'
import { alone } from '../store/presence.ts'
import { loadKnownSources, type KnownSource } from '../store/retired.ts'
import type { Tables } from '../store/tables.ts'
import { affectedBy } from '../tasks/connection/connection-lost.ts'
import { forgetConnection, renameConnection } from '../tasks/connection/connections.ts'
import { configuredNames, refuseUnknown } from './connection-known.ts'
import { lostCommand, regainedCommand } from './connection-lost.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine, printTable } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function connectionCommand(): Command {
  return new Command('connection')
    .description('What Accord stores about each connection, and what to do when one is renamed, removed or lost.')
    .addCommand(listCommand())
    .addCommand(renameCommand())
    .addCommand(forgetCommand())
    .addCommand(lostCommand())
    .addCommand(regainedCommand())
}

function listCommand(): Command {
  return new Command('list')
    .description(
      'List every connection that was ever swept: its account, its number of records, and whether connections.yaml still has it.',
    )
    .action(async (flags: Flags) => {
      const configured = configuredNames(flags)
      await withSources(flags, async ({ store, sources }) => {
        const losses = new Map((await loadDeclared(store.db)).map((one) => [one.connection, new Date(one.at).toISOString().slice(0, 10)]))
        const rows = sources.map((one) => ({
          ...one,
          configured: configured.includes(one.connection),
          lost: losses.get(one.connection) ?? null,
        }))
        if (flags.json) printJson({ connections: rows.map(({ id: _id, retired: _retired, ...row }) => row) })
        else if (rows.length === 0) printLine('Nothing was swept yet.')
        else
          printTable(
            ['connection', 'object', 'account', 'records', 'configured'],
            rows.map((row) => [
              row.connection,
              row.object,
              row.account ?? '',
              row.records,
              row.lost === null ? (row.configured ? 'yes' : 'no') : `lost, ${row.lost}`,
            ]),
          )
      })
    })
}

function renameCommand(): Command {
  return new Command('rename')
    .description('Carry consents, refusals and findings over to the new id of a connection that was renamed in connections.yaml.')
    .argument('<from>', 'the id that it had')
    .argument('<to>', 'the id that it has now')
    .action(async (from: string, to: string, flags: Flags) => {
      const configured = configuredNames(flags)
      if (configured.includes(from)) throw new UsageError(`connections.yaml still has "${from}"; give it the id "${to}" there first`)
      if (!configured.includes(to)) throw new UsageError(`connections.yaml has no "${to}"; it has ${configured.join(', ')}`)
      await withSources(flags, async ({ store, sources, sign }) => {
        await refuseUnknown(store.db, from, sources)
        if ((await loadAccount(store.db, to)) !== null || sources.some((one) => one.connection === to && one.records > 0))
          throw new UsageError(`"${to}" has already been swept, so that both are known: run "accord connection forget ${from}"`)
        for (const id of [from, to])
          if ((await loadLoss(store.db, id)) !== null)
            throw new UsageError(
              `"${id}" was declared lost, and only "accord connection regained ${id}" takes that back, once connections.yaml has it under this id again`,
            )
        await refuseUsed(store.db, from)
        await alone(store.database, () => renameConnection(store.db, from, to, new Date().toISOString()))
        await sign()
        if (flags.json) printJson({ from, to })
        else printLine(`What is known of ${from} is known of ${to} now.`)
      })
    })
}

function forgetCommand(): Command {
  return new Command('forget')
    .description(
      'Delete what is stored about a connection that was removed from connections.yaml. Refusals are kept, as hashes, and go on binding.',
    )
    .argument('<connection>', 'its id')
    .action(async (connection: string, flags: Flags) => {
      if (configuredNames(flags).includes(connection))
        throw new UsageError(`connections.yaml still has "${connection}"; remove it there first, or the next sweep brings it all back`)
      await withSources(flags, async ({ store, sources, sign }) => {
        await refuseUnknown(store.db, connection, sources)
        await refuseUsed(store.db, connection)
        const { forgotten, kept } = await alone(store.database, () => forgetConnection(store.db, connection, new Date().toISOString()))
        await sign()
        if (flags.json) printJson({ connection, forgotten, kept })
        else
          printLine(
            `${connection}: ${forgotten.toLocaleString('en')} records forgotten, ${kept.toLocaleString('en')} kept as refusals alone.`,
          )
      })
    })
}

/** `sign`: what was changed is not to be cut off the end of the ledger. */
type Known = { store: Awaited<ReturnType<typeof openStore>>; sources: readonly KnownSource[]; sign: () => Promise<void> }

async function withSources(flags: Flags, work: (known: Known) => Promise<void>): Promise<void> {
  const settings = readSettings(process.env, flags)
  const store = await openStore(settings)
  const sign = (): Promise<void> => signOrSay(store.db, settings.dataDir, new Date().toISOString(), createLog(settings.logLevel))
  try {
    await work({ store, sources: await loadKnownSources(store.db), sign })
  } finally {
    await store.close()
  }
}

/** Plans, approvals and looks name the connection: what is under way would never come to its end. */
async function refuseUsed(db: Kysely<Tables>, connection: string): Promise<void> {
  const lost = await loadLoss(db, connection)
  const { requests, lists, comebacks, damaged, damagedLists } =
    lost === null ? { ...(await usersOf(db, connection)), damaged: [], damagedLists: [] } : await affectedBy(db, lost)
  const under = [
    ...[...requests, ...damaged].map((id) => `request ${id}`),
    ...[...lists, ...damagedLists].map((id) => `retention list ${id}`),
    ...comebacks.map((id) => `the case of request ${id}`),
  ]
  if (under.length === 0) return
  if (lost !== null)
    throw new UsageError(
      `"${connection}" was declared lost, and not everything goes on without it yet: run "accord connection lost ${connection}" once more`,
    )
  const shown = under.length > SHOWN ? [...under.slice(0, SHOWN), `${under.length - SHOWN} more`] : under
  throw new UsageError(
    `"${connection}" is named by what is still under way: ${shown.join(', ')}. Give it its id back in connections.yaml until that has ended, then try again; if its CRM is gone for good, see "accord connection lost ${connection}"`,
  )
}

const SHOWN = 5

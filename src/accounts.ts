/** Lets no connector speak to another account than the one that its records came from. Made once, for all urgencies of all connections. */
import type { Kysely } from 'kysely'
import { ConnectorError, type Connector, type Urgency } from './connectors/connector.ts'
import { guarded } from './connectors/guarded.ts'
import type { Tables } from './store/tables.ts'
import { OtherAccount, settleAccount, type Linkable } from './tasks/accounts.ts'
import type { Log } from './tasks/shell.ts'

export type Accounts = {
  /** The database with which accounts are compared. Connectors are made before it is opened; who opens none compares nothing. */
  share: (db: Kysely<Tables>) => void
  guard: (connection: Linkable & { connector: Connector }, urgency: Urgency) => Connector
  /** Connections that show another account than theirs, as far as this process has asked. */
  refused: () => readonly string[]
  /** Asks each connection which account it is, so that one that is not its own shows before anything is due. */
  look: (linked: readonly Linkable[], signal: AbortSignal) => Promise<void>
}

export function createAccounts(configured: readonly string[], log: Log): Accounts {
  let shared: Kysely<Tables> | null = null
  const sure = new Map<string, string>()
  const refused = new Set<string>()
  const ask = async (linked: Linkable, note: boolean, signal: AbortSignal): Promise<void> => {
    const { name, connector } = linked
    if (shared === null) return
    // Credentials that are granted anew may lead elsewhere, unless the grant says that they cannot: the connector knows whose the present ones are.
    if (sure.has(name) && (connector.grant !== undefined || sure.get(name) === (await connector.account(signal)))) return
    try {
      const account = await settleAccount(shared, linked, { configured, note }, signal)
      refused.delete(name)
      if (account !== null) sure.set(name, account)
    } catch (error) {
      if (error instanceof OtherAccount && !refused.has(name)) {
        refused.add(name)
        log('connection.other-account', { connection: name })
      }
      throw error
    }
  }
  return {
    share: (db) => void (shared = db),
    // What a sweep comes upon it notes itself, unless it is a dry run. Whoever plans or copies for a person needs to know from the first word on.
    guard: (linked, urgency) => guarded(linked.connector, (signal) => ask(linked, urgency !== 'sweep', signal)),
    refused: () => [...refused].sort(),
    look: async (linked, signal) => {
      for (const one of linked) {
        try {
          await ask(one, false, signal)
        } catch (error) {
          // Whatever else is in the way is told again when there is something to do.
          if (!(error instanceof OtherAccount)) log('connection.account-unread', { connection: one.name, kind: kindOf(error) })
        }
      }
    },
  }
}

function kindOf(error: unknown): string {
  if (error instanceof ConnectorError) return error.kind
  return error instanceof Error ? error.name : 'unknown'
}

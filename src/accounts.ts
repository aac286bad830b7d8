/** Guards every connector: it may only talk to the account (portal, organisation) that its stored records came from. One instance per process. */
import type { Kysely } from 'kysely'
import { ConnectorError, type Connector, type Urgency } from './connectors/connector.ts'
import { guarded } from './connectors/guarded.ts'
import type { Tables } from './store/tables.ts'
import { OtherAccount, settleAccount, type Linkable } from './tasks/connection/accounts.ts'
import type { Log } from './tasks/shell.ts'

export type Accounts = {
  /** Supplies the database that holds the known accounts. Connectors are created before it is opened; until then nothing is compared. */
  share: (db: Kysely<Tables>) => void
  guard: (connection: Linkable & { connector: Connector }, urgency: Urgency) => Connector
  /** Connections that this process found to lead to a different account. */
  refused: () => readonly string[]
  /** Checks the account of each connection at start, so that a wrong one shows before any work is due. */
  look: (linked: readonly Linkable[], signal: AbortSignal) => Promise<void>
}

export function createAccounts(configured: readonly string[], log: Log): Accounts {
  let shared: Kysely<Tables> | null = null
  const sure = new Map<string, string>()
  const refused = new Set<string>()
  const ask = async (linked: Linkable, note: boolean, signal: AbortSignal): Promise<void> => {
    const { name, connector } = linked
    if (shared === null) return
    // New credentials may lead to another account, unless `grant` rules that out: `account()` asks the CRM once per grant of credentials.
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
    // A sweep stores the account itself (a dry run must not). Work for requests and live events stores it at the first call.
    guard: (linked, urgency) => guarded(linked.connector, (signal) => ask(linked, urgency !== 'sweep', signal)),
    refused: () => [...refused].sort(),
    look: async (linked, signal) => {
      for (const one of linked) {
        try {
          await ask(one, false, signal)
        } catch (error) {
          // Any other error comes back, and is reported, with the first real call.
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

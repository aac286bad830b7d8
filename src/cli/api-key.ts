import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { scopes, writeToken, type Scope } from '../core/api-key.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { insertApiKey, listApiKeys, revokeApiKey } from '../store/api-keys.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine, printTable } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; scope?: string[] }
type Store = Awaited<ReturnType<typeof openStore>>

export function apiKeyCommand(): Command {
  return new Command('api-key')
    .description('Keys with which forms and other systems call the API.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
}

function createCommand(): Command {
  return new Command('create')
    .description('Make a key. It is shown once, and only its hash is kept.')
    .argument('<name>', 'what will use it, such as "newsletter form"')
    .requiredOption('--scope <scope...>', `what it may do: ${scopes.join(', ')}`)
    .action(async (name: string, flags: Flags) => {
      const wanted = readScopes(flags.scope ?? [])
      if (name.length > 80 || /[\p{Cc}@]/u.test(name)) throw new UsageError('a name has up to 80 characters, and is no address')
      const { id, token, secretHash } = writeToken(randomBytes(8), randomBytes(32))
      await withStore(flags, ({ db }) => insertApiKey(db, { id, name, scopes: wanted, secretHash }, new Date().toISOString()))
      if (flags.json) printJson({ id, name, scopes: wanted, key: token })
      else {
        printLine(token)
        printLine(`This is the only time that it is shown. It may do ${wanted.join(', ')}; "accord api-key revoke ${id}" ends it.`)
      }
    })
}

function listCommand(): Command {
  return new Command('list').description('Every key, what it may do, and on which day it was last used.').action(async (flags: Flags) => {
    const keys = await withStore(flags, ({ db }) => listApiKeys(db))
    if (flags.json) printJson({ keys })
    else if (keys.length === 0) printLine('There is no key yet.')
    else
      printTable(
        ['id', 'name', 'scopes', 'made', 'last used', 'revoked'],
        keys.map((key) => [
          key.id,
          key.name,
          key.scopes.join(' '),
          key.createdAt.slice(0, 10),
          key.lastUsedOn ?? '',
          key.revokedAt?.slice(0, 10) ?? '',
        ]),
      )
  })
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('End a key at once.')
    .argument('<id>', 'as "accord api-key list" shows it')
    .action(async (id: string, flags: Flags) => {
      if (!(await withStore(flags, ({ db }) => revokeApiKey(db, id, new Date().toISOString()))))
        throw new UsageError(`there is no key "${id}" that still works; "accord api-key list" shows all`)
      if (flags.json) printJson({ id, revoked: true })
      else printLine(`${id} works no longer.`)
    })
}

function readScopes(given: readonly string[]): Scope[] {
  const unknown = given.find((one) => !(scopes as readonly string[]).includes(one))
  if (unknown !== undefined) throw new UsageError(`there is no scope "${unknown}"; there is ${scopes.join(', ')}`)
  return scopes.filter((one) => given.includes(one))
}

async function withStore<T>(flags: Flags, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(readSettings(process.env, flags))
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

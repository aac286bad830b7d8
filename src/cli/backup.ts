import { Command } from 'commander'
import { readSettings, type Settings } from '../settings.ts'
import { writeBackup } from '../store/backup.ts'
import type { BackupKind } from '../store/backup-manifest.ts'
import { restoreBackup } from '../store/restore.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; keys: boolean }

export function backupCommand(): Command {
  return new Command('backup')
    .description('Copy database, keys and checkpoints into a new folder. With a Postgres: keys and checkpoints; pg_dump has the rest.')
    .argument('<folder>', 'made by this; must not be there, or be empty')
    .option('--no-keys', 'leave the keys out: they are kept elsewhere, as they should be')
    .addHelpText(
      'after',
      '\nThe embedded database is copied while nothing uses it: stop "accord serve" first, otherwise this ends with code 1.\nWith a Postgres run this before pg_dump: no checkpoint may speak of a block that the dump lacks.',
    )
    .action(async (folder: string, flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const kind = kindOf(settings)
      const { files } = await writeBackup({
        dir: settings.dataDir,
        target: folder,
        kind,
        keys: flags.keys,
        at: new Date().toISOString(),
      })
      const count = Object.keys(files).length
      if (flags.json) return printJson({ folder, kind, keys: flags.keys, files: count })
      printLine(`${count.toLocaleString('en')} files are in ${folder}.`)
      if (kind === 'postgres')
        printLine('The database itself is not among them. Dump it now: pg_dump --format=custom --file=accord.dump "$DATABASE_URL"')
      if (flags.keys)
        printLine('keys/ holds the hash key: whoever has it and the database can look for addresses they know. Keep the two apart.')
    })
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Put a backup into a data folder that holds none of it. Overwrites nothing, and refuses a damaged backup.')
    .argument('<folder>', 'as "accord backup" wrote it')
    .addHelpText(
      'after',
      '\nThen run "accord ledger verify" and "accord sweep --full": what the CRMs were told since the backup is read again from them.',
    )
    .action(async (folder: string, flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const { at, kind, files } = await restoreBackup({ dir: settings.dataDir, source: folder, kind: kindOf(settings) })
      if (flags.json) return printJson({ folder, kind, at, files: Object.keys(files).length })
      printLine(`What was backed up at ${at} is in ${settings.dataDir}.`)
      if (kind === 'postgres') printLine('Bring the database back with pg_restore, if that has not been done yet.')
      printLine('Put the newest erased.jsonl that you have beside it, and run "accord replay": nobody who was erased since comes back.')
      printLine('Now run "accord ledger verify", and then "accord sweep --full" before anything is sent to anybody.')
    })
}

function kindOf(settings: Settings): BackupKind {
  return settings.databaseUrl === undefined ? 'embedded' : 'postgres'
}

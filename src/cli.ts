/** The command line: all commands, and the exit code. 0 fine, 1 failed, 2 bad usage or configuration. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { apiKeyCommand } from './cli/api-key.ts'
import { backupCommand, restoreCommand } from './cli/backup.ts'
import { certificateCommand } from './cli/certificate.ts'
import { checkCommand } from './cli/check.ts'
import { connectionCommand } from './cli/connection.ts'
import { demoCommand } from './cli/demo.ts'
import { explainCommand } from './cli/explain.ts'
import { exitCodeOf, reportFailure } from './cli/failure.ts'
import { findingsCommand } from './cli/findings.ts'
import { jobsCommand } from './cli/jobs.ts'
import { ledgerCommand } from './cli/ledger.ts'
import { policyCommand } from './cli/policy.ts'
import { provisionCommand } from './cli/provision.ts'
import { replayCommand } from './cli/replay.ts'
import { requestCommand } from './cli/request.ts'
import { retentionCommand } from './cli/retention.ts'
import { sandboxCommand } from './cli/sandbox.ts'
import { serveCommand } from './cli/serve.ts'
import { sweepCommand } from './cli/sweep.ts'

export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', writeToNobody)
  const program = buildProgram()
  try {
    await program.parseAsync(argv)
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    reportFailure(error)
    return exitCodeOf(error)
  }
}

/** Ignores a closed pipe (`accord findings | head`): the command runs to its end and keeps its exit code. */
function writeToNobody(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
}

function buildProgram(): Command {
  const program = new Command('accord')
    .description(
      'Keeps the contacts in your CRMs lawful under the GDPR: reads them, judges each against your policy, writes the verdict back.',
    )
    .version(version())
    .exitOverride()
    .showHelpAfterError('(see "accord --help")')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', HELP)
  const commands = [
    demoCommand(),
    serveCommand(),
    checkCommand(),
    provisionCommand(),
    sweepCommand(),
    findingsCommand(),
    explainCommand(),
    policyCommand(),
    requestCommand(),
    certificateCommand(),
    retentionCommand(),
    ledgerCommand(),
    jobsCommand(),
    connectionCommand(),
    apiKeyCommand(),
    backupCommand(),
    restoreCommand(),
    replayCommand(),
    sandboxCommand(),
  ]
  for (const command of commands) program.addCommand(withCommon(command))
  return program
}

/** As package.json says, which lies one folder above both the sources and the build. */
function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return manifest.version
}

/** Adds the common options. Only to commands without subcommands: a parent would consume the options meant for its subcommand. */
function withCommon(command: Command): Command {
  command.exitOverride()
  for (const sub of command.commands) withCommon(sub)
  if (command.commands.length > 0) return command
  return command
    .addOption(new Option('--config <dir>', 'folder with policy.yaml and connections.yaml; otherwise ./config').env('ACCORD_CONFIG'))
    .addOption(new Option('--data <dir>', 'folder for keys, embedded database and checkpoints; otherwise ./.accord').env('ACCORD_DATA'))
    .option('--json', 'output for programs: the last line is one JSON object')
}

const HELP = `
First steps:
  accord demo                    two CRMs full of invented people: see the whole job in a minute
  accord policy check            is the policy sound, and does it know your fields?
  accord check                   can Accord reach your CRMs, and may it do what it must?
  accord provision --dry-run     which fields it would create in your CRMs
  accord sweep --dry-run         what it would find and write; nothing is stored or sent
  accord provision               create the fields
  accord sweep                   the real thing
  accord findings                what is to be put right

Environment:
  DATABASE_URL                   address of a Postgres; without it an embedded database in the data folder
  ACCORD_HASH_KEY                the key that hides addresses, 32 bytes in base64; without it a key file in the data folder
  ACCORD_LOG_LEVEL               debug, info, warn (default), error, silent
  ACCORD_SCHEDULE, ACCORD_PORT   when "accord serve" sweeps (0 3 * * *, the policy's time zone), and its health page (4300)
  ACCORD_SMTP_URL, ACCORD_MAIL_FROM  mail for double opt-in: smtp://user:password@host:587, "Name <address>"
  ACCORD_PROXIES                 how many reverse proxies stand before the service (0); their X-Forwarded-For is believed
  and whatever connections.yaml names, such as HUBSPOT_TOKEN or SALESFORCE_CLIENT_SECRET
  NAME_FILE, for any of them     a file that holds it; docs/operations.md has the whole list

Exit codes: 0 fine, 1 failed, 2 bad usage or configuration.`

import { Command, Option } from 'commander'
import { roles, startService, type Role } from '../service.ts'
import { readSettings } from '../settings.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; port?: string; host?: string; role: Role }

export function serveCommand(): Command {
  return new Command('serve')
    .alias('start')
    .description('Run as a service: hears of changes at once, sweeps every night, writes back what follows.')
    .option('--port <n>', 'port; otherwise ACCORD_PORT, or 4300')
    .option('--host <address>', 'address to listen at; otherwise ACCORD_HOST, or 127.0.0.1')
    .addOption(
      new Option(
        '--role <role>',
        'web answers HTTP (webhooks, API, pages), worker runs sweeps and jobs, all does both; any number of each on one Postgres',
      )
        .choices([...roles])
        .default('all'),
    )
    .addHelpText(
      'after',
      `
ACCORD_SCHEDULE says when connections are swept (cron, five fields, in the time zone of the policy); otherwise at three every night: 0 3 * * *.
A night that was missed is caught up once. Webhooks come in at /webhooks/CONNECTION; "accord provision --webhooks" sets them up.
On SIGTERM it stops accepting requests, gives requests and jobs under way up to twenty seconds to finish, and exits; interrupted work is resumed at the
next start.`,
    )
    .action(async (flags: Flags) => {
      const settings = readSettings(process.env, { ...flags, usualLogLevel: 'info' })
      const service = await startService(settings, flags.role)
      if (flags.json) printJson({ url: service.url, role: flags.role })
      else printLine(`accord listens at ${service.url}; connections are swept by the schedule "${settings.schedule}".`)
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      })
      await service.close()
    })
}

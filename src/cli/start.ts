import { Command } from 'commander'
import { startService } from '../main.ts'
import { readSettings } from '../settings.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; port?: string }

export function startCommand(): Command {
  return new Command('start')
    .description('Run as a service: a sweep every night, caught up if one was missed, and a health page.')
    .option('--port <n>', 'port of the health page; otherwise ACCORD_PORT, or 4300')
    .addHelpText(
      'after',
      '\nACCORD_SCHEDULE says when (cron syntax, in the time zone of the policy); otherwise at three every night: 0 3 * * *',
    )
    .action(async (flags: Flags) => {
      const settings = readSettings(
        { ...process.env, ...(flags.port ? { ACCORD_PORT: flags.port } : {}), ACCORD_LOG_LEVEL: process.env['ACCORD_LOG_LEVEL'] ?? 'info' },
        flags,
      )
      const service = await startService(settings)
      if (flags.json) printJson({ url: service.url })
      else printLine(`accord listens at ${service.url}; the next sweep follows "${settings.schedule}".`)
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      })
      await service.close()
    })
}

import { Command } from 'commander'
import { startService } from '../main.ts'
import { readSettings } from '../settings.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; port?: string }

export function startCommand(): Command {
  return new Command('start')
    .description('Run as a service: a sweep every night (ACCORD_SCHEDULE), caught up if one was missed, and a health page.')
    .option('--port <n>', 'port of the health page (ACCORD_PORT, 4300)')
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

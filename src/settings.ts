/** Environment and command line → one frozen object. The only reader of process.env. */
import { resolve } from 'node:path'
import { SettingsError, withSecretFiles } from './secret-files.ts'

export { SettingsError }

export type Settings = Readonly<{
  /** Keys, embedded database, checkpoints. */
  dataDir: string
  /** policy.yaml and connections.yaml. */
  configDir: string
  /** Any Postgres; without one, the embedded database in `dataDir`. */
  databaseUrl: string | undefined
  /** 32 bytes in base64; without it, a key file in `dataDir`. */
  hashKey: string | undefined
  logLevel: string
  port: number
  /** The address at which CRMs reach this service, up to and without the `/webhooks`; https, but for a loopback. */
  publicUrl: string | undefined
  /** The address the service listens at; loopback unless said otherwise. */
  host: string
  /** How many reverse proxies stand before the service; only then is X-Forwarded-For believed. */
  proxies: number
  /** How mail is sent; without it nobody can be asked to confirm by mail. */
  mail: Readonly<{ smtpUrl: string; from: string }> | undefined
  /** When the nightly sweep runs: node-cron syntax, in the policy's time zone. */
  schedule: string
  /** For the `${NAME}` of connections.yaml. */
  env: Readonly<Record<string, string | undefined>>
}>

/** Flags override the environment, except `usualLogLevel`, which is the default when the environment sets none. */
type Flags = { data?: string; config?: string; port?: string; host?: string; usualLogLevel?: string }

/** Every setting may come from a file named by NAME_FILE. An empty variable counts as unset: compose files pass unset variables on as empty. */
export function readSettings(given: Readonly<Record<string, string | undefined>>, flags: Flags = {}): Settings {
  const env = withSecretFiles(given)
  return Object.freeze({
    dataDir: resolve(flags.data || env['ACCORD_DATA'] || '.accord'),
    configDir: resolve(flags.config || env['ACCORD_CONFIG'] || 'config'),
    databaseUrl: env['DATABASE_URL'] || undefined,
    hashKey: env['ACCORD_HASH_KEY'] || undefined,
    logLevel: readLogLevel(env['ACCORD_LOG_LEVEL'] || flags.usualLogLevel),
    port: readPort(flags.port || env['ACCORD_PORT'] || undefined),
    publicUrl: readPublicUrl(env['ACCORD_PUBLIC_URL'] || undefined),
    host: flags.host || env['ACCORD_HOST'] || '127.0.0.1',
    proxies: readProxies(env['ACCORD_PROXIES'] || undefined),
    mail: readMail(env),
    schedule: env['ACCORD_SCHEDULE'] || '0 3 * * *',
    env,
  })
}

function readLogLevel(value: string | undefined): string {
  const levels = ['debug', 'info', 'warn', 'error', 'silent']
  if (value !== undefined && !levels.includes(value)) throw new SettingsError(`ACCORD_LOG_LEVEL must be one of ${levels.join(', ')}`)
  return value ?? 'warn'
}

function readPort(value: string | undefined): number {
  if (value === undefined) return 4300
  const port = Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new SettingsError('ACCORD_PORT must be a port number, 0 to 65535')
  return port
}

/** Webhook signatures cover the called URL, so a wrong address would make every delivery fail: check it at start. */
function readPublicUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.canParse(value) ? new URL(value) : undefined
  const loopback = url !== undefined && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)
  if (!url || !safe || url.username || url.password || url.search || url.hash)
    throw new SettingsError(
      'ACCORD_PUBLIC_URL must be an https address such as https://accord.example.com (http only on a loopback), without user name, query or #',
    )
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function readProxies(value: string | undefined): number {
  if (value === undefined) return 0
  if (!/^\d$/.test(value)) throw new SettingsError('ACCORD_PROXIES must say how many reverse proxies stand before Accord, 0 to 9')
  return Number(value)
}

/** Links in mails lead back here, so they need the address at which people reach the service. */
function readMail(env: Readonly<Record<string, string | undefined>>): Settings['mail'] {
  const [smtpUrl, from] = [env['ACCORD_SMTP_URL'] || undefined, env['ACCORD_MAIL_FROM'] || undefined]
  if (smtpUrl === undefined && from === undefined) return undefined
  if (smtpUrl === undefined || from === undefined || !env['ACCORD_PUBLIC_URL'])
    throw new SettingsError('mail needs all three: ACCORD_SMTP_URL, ACCORD_MAIL_FROM and ACCORD_PUBLIC_URL')
  if (!URL.canParse(smtpUrl) || !/^smtps?:\/\/[^/?#]+\/?$/.test(smtpUrl))
    throw new SettingsError('ACCORD_SMTP_URL is written smtp://user:password@host:587 or smtps://user:password@host:465')
  if (!/^(?:[^<>@\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(from))
    throw new SettingsError('ACCORD_MAIL_FROM is written "Name <address>", or an address alone')
  return Object.freeze({ smtpUrl, from })
}

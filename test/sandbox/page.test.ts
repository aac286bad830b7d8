import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createClock } from '../../src/sandbox/clock.ts'
import { controlDocument } from '../../src/sandbox/openapi.ts'
import { describeWorld } from '../../src/sandbox/people/shares.ts'
import { CRMS } from '../../src/sandbox/registry.ts'

const root = new URL('../../', import.meta.url).pathname
const read = (pattern: string): string[] => globSync(pattern, { cwd: root }).map((path) => readFileSync(`${root}${path}`, 'utf8'))
const page = read('docs/sandbox*.md').join('\n')

it('tells the share of every story of the invented people', () => {
  const { fine, themes } = describeWorld()
  const stories = [['fine', fine] as const, ...Object.values(themes).flatMap((shares) => Object.entries(shares))]
  const missing = stories.filter(
    ([story, share]) => !new RegExp(`\\| \`${story}\` +\\| +${Number((share * 100).toFixed(1))} % \\|`).test(page),
  )
  expect(missing).toEqual([])
})

it.each(CRMS.map((create) => create({ clock: createClock(), rateLimit: false, seed: 1 })))('explains every lever of $name', (crm) => {
  const levers = /(?:known: |there are )(.+)$/.exec(refusalOf(() => crm.pull('no-such-lever', {})))![1]!.split(', ')
  expect(levers.length).toBeGreaterThan(10)
  expect(levers.filter((lever) => !new RegExp(`^\\|[^|]*\`${lever}\``, 'm').test(page))).toEqual([])
})

it('names every route of the control port', () => {
  const paths = Object.keys(controlDocument().paths as object).filter((path) => !/[{]|^\/(openapi|hubspot|salesforce)\b/.test(path))
  expect(paths.filter((path) => !new RegExp(`^\\| \`[^|]*${path}[\`?]`, 'm').test(page))).toEqual([])
})

it('names the place in the code of every unverified behaviour', () => {
  const tables = readFileSync(`${root}docs/sandbox-fidelity.md`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const code = read('src/sandbox/**/*.ts').join('\n')
  const files = globSync('src/sandbox/**/*.ts', { cwd: root }).map((path) => path.replace(/.*\//, ''))
  const names = tables.flatMap((line) => [...(line.split('|').at(-2) ?? '').matchAll(/`([\w.-]+)`/g)].map((match) => match[1]!))
  expect(names.length).toBeGreaterThan(80)
  expect(names.filter((name) => !files.includes(name) && !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(code))).toEqual([])
})

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return ''
}

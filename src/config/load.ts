/** Reads policy.yaml and connections.yaml. A mistake comes back with its file, its line and what to write instead. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConnections, type Connections } from '../core/record/mapping.ts'
import { checkMapping } from '../core/record/mapping-check.ts'
import type { ConfigProblem } from '../core/policy/problem.ts'
import { parseRecipients, type Recipient } from '../core/request/recipients.ts'
import { parsePolicy } from '../core/policy/policy.ts'
import { adviseOn } from '../core/policy/advice.ts'
import type { Policy } from '../core/policy/schema.ts'
import { ConfigError } from './config-error.ts'
import { interpolate, variablesIn, type Env } from './interpolate.ts'
import { parseYaml } from './parse-yaml.ts'

export { ConfigError }

/** Throws ConfigError with every problem found. */
export function loadPolicy(dir: string): Policy {
  return readPolicy(readText(dir, 'policy.yaml'), 'policy.yaml')
}

/** `file` is the name that messages carry. */
export function readPolicy(text: string, file: string): Policy {
  const yaml = parseYaml(text, file)
  const read = parsePolicy(yaml.value)
  if (!read.ok) throw new ConfigError(read.problems.map((problem) => yaml.describe(problem)))
  return read.value
}

/** What the authors of a sound policy should know, with its line. Throws ConfigError as `loadPolicy` does. */
export function loadAdvice(dir: string): readonly string[] {
  return readAdvice(readText(dir, 'policy.yaml'), 'policy.yaml')
}

export function readAdvice(text: string, file: string): readonly string[] {
  const yaml = parseYaml(text, file)
  return adviseOn(readPolicy(text, file)).map((advice) => yaml.describe(advice))
}

export type LoadOptions = {
  /** Leaves `${NAME}` alone where the variable is missing, to check a file without its secrets. */
  readonly lenient?: boolean
  /** Also checks that the connections use words of this policy. */
  readonly policy?: Policy
  /** Also checks the settings of each connection, by its CRM; paths are inside the settings. */
  readonly settings?: (crm: string, settings: unknown) => readonly ConfigProblem[]
}

/** `${NAME}` and `${NAME:-default}` come from `env`. Values of the environment never appear in a message. */
export function loadConnections(dir: string, env: Env, options: LoadOptions = {}): Connections {
  return readConnections(readText(dir, 'connections.yaml'), 'connections.yaml', env, options)
}

export function readConnections(text: string, file: string, env: Env, options: LoadOptions = {}): Connections {
  const yaml = parseYaml(text, file)
  const filled = interpolate(yaml.value, env, options.lenient === true)
  const read = parseConnections(filled.value)
  const mismatches = read.ok && options.policy !== undefined ? checkMapping(options.policy, read.value) : []
  const unset = read.ok && options.settings !== undefined ? settingsProblems(yaml.value, read.value, options.settings) : []
  const problems = [...filled.problems, ...unset, ...(read.ok ? mismatches : read.problems)]
  if (problems.length > 0 || !read.ok) throw new ConfigError(problems.map((problem) => yaml.describe(problem)))
  return read.value
}

/** Other systems that are told; none where there is no such file. `${NAME}` as in the connections: secrets stand in the environment. */
export function loadRecipients(dir: string, env: Env, lenient = false): readonly Recipient[] {
  return existsSync(join(dir, 'recipients.yaml')) ? readRecipients(readText(dir, 'recipients.yaml'), 'recipients.yaml', env, lenient) : []
}

/** `lenient`: leaves `${NAME}` alone where the variable is missing. */
export function readRecipients(text: string, file: string, env: Env, lenient = false): readonly Recipient[] {
  const yaml = parseYaml(text, file)
  const filled = interpolate(yaml.value, env, lenient)
  const read = parseRecipients(filled.value)
  const problems = [...filled.problems, ...(read.ok ? [] : read.problems)]
  if (problems.length > 0 || !read.ok) throw new ConfigError(problems.map((problem) => yaml.describe(problem)))
  return read.value
}

/** What still holds a `${NAME}` is not looked at; what came from one says so. */
function settingsProblems(
  raw: unknown,
  { connections }: Connections,
  check: (crm: string, settings: unknown) => readonly ConfigProblem[],
): readonly ConfigProblem[] {
  return connections.flatMap(({ crm, settings }, at) =>
    check(crm, settings)
      .map((problem) => ({ ...problem, path: ['connections', at, 'settings', ...problem.path] }))
      .filter(({ path }) => variablesIn(valueAt({ connections }, path)).length === 0)
      .map((problem) => {
        const names = variablesIn(valueAt(raw, problem.path))
        return names.length === 0
          ? problem
          : { ...problem, instead: `${problem.instead} (the value comes from ${names.join(', ')})`.trim() }
      }),
  )
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((node, key) => (node === null || typeof node !== 'object' ? undefined : Reflect.get(node, key)), root)
}

function readText(dir: string, file: string): string {
  const path = join(dir, file)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError([`${path}: cannot be read (${code}); ${REMEDIES[code] ?? copy(file)}`], { cause: error })
  }
}

function copy(file: string): string {
  return `copy the one that ships with Accord from config/${file}`
}

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to read it, or choose another folder with --config',
  EPERM: 'give this user the right to read it, or choose another folder with --config',
  EISDIR: 'a folder stands where a file is needed',
  ENOTDIR: 'a file stands where a folder is needed; choose another folder with --config',
}

/** `${NAME}` and `${NAME:-default}` in the values of a configuration file. */
import type { ConfigProblem } from '../core/policy/problem.ts'

export type Env = Readonly<Record<string, string | undefined>>

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** An empty variable counts as missing. Keys are left alone. What the environment holds never enters a problem. */
export function interpolate(
  value: unknown,
  env: Env,
  lenient: boolean,
): { readonly value: unknown; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const visit = (node: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof node === 'string') return node.includes('${') ? fill(node, path) : node
    if (Array.isArray(node)) return node.map((item, index) => visit(item, [...path, index]))
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, visit(item, [...path, key])]))
  }
  const fill = (text: string, path: readonly (string | number)[]): string =>
    text.replace(reference, (whole, name: string, fallback: string | undefined) => {
      const found = env[name]
      if (found !== undefined && found !== '') return found
      if (fallback !== undefined) return fallback
      if (!lenient)
        problems.push({
          path,
          message: `the environment variable ${name} is missing`,
          instead: `set ${name}, or give a fallback: \${${name}:-…}`,
        })
      return whole
    })
  return { value: visit(value, []), problems }
}

/** The variables that a text refers to; none for anything else. */
export function variablesIn(value: unknown): readonly string[] {
  return typeof value === 'string' ? [...value.matchAll(reference)].map((match) => match[1]!) : []
}

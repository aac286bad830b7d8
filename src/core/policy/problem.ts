/** What is wrong in a file that the company wrote, where, and what to write instead. */
import type { z } from 'zod'

export type ConfigProblem = { readonly path: readonly (string | number)[]; readonly message: string; readonly instead: string }
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** For errors of a parse with `reportInput`. `known` are keys that may be meant by a misspelt one. */
export function problemsOf(error: z.ZodError, known: readonly string[]): readonly ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, known))
}

function problemsOfIssue(issue: z.core.$ZodIssue, known: readonly string[]): readonly ConfigProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key "${key}"`, instead: meant(key, known, 'remove it') }))
    case 'invalid_type':
      return [
        issue.input === undefined
          ? missing(path)
          : { path, message: `expected ${article(issue.expected)}`, instead: article(issue.expected) },
      ]
    case 'invalid_value':
      if (issue.input === undefined) return [missing(path, issue.values.map(String))]
      return [{ path, message: 'a value that the format does not know', instead: `one of: ${issue.values.map(String).join(', ')}` }]
    case 'custom':
      return [{ path, message: issue.message, instead: String(issue.params?.['instead'] ?? '') }]
    case 'invalid_union':
      return firstBranch(issue, path, known)
    default:
      return [{ path, message: issue.message, instead: '' }]
  }
}

/** Of a union the branch that came furthest speaks, with the fewest faults; without one, the union as a whole. */
function firstBranch(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly (string | number)[],
  known: readonly string[],
): readonly ConfigProblem[] {
  const values = issue.errors.flat().flatMap((branch) => (branch.code === 'invalid_value' ? branch.values.map(String) : []))
  const [deep] = issue.errors
    .filter((branch) => branch.some((fault) => fault.path.length > 0 || fault.code === 'custom' || fault.code === 'unrecognized_keys'))
    .toSorted((one, other) => faultsIn(one) - faultsIn(other))
  if (deep !== undefined) {
    return deep.flatMap((fault) => problemsOfIssue({ ...fault, path: [...path, ...fault.path] } as z.core.$ZodIssue, known))
  }
  return [
    {
      path,
      message: 'a value that the format does not know',
      instead: values.length > 0 ? `one of: ${values.join(', ')}, or the long form` : '',
    },
  ]
}

function faultsIn(branch: readonly z.core.$ZodIssue[]): number {
  return branch.reduce((sum, fault) => sum + (fault.code === 'unrecognized_keys' ? fault.keys.length : 1), 0)
}

function missing(path: readonly (string | number)[], values: readonly string[] = []): ConfigProblem {
  const key = String(path.at(-1) ?? '')
  const among = values.length > 1 ? `, one of: ${values.join(', ')}` : ''
  return { path: path.slice(0, -1), message: `"${key}" is missing`, instead: `add ${key}: …${among}` }
}

function article(type: string): string {
  const word =
    type === 'record' || type === 'object'
      ? 'object of key: value'
      : type === 'array'
        ? 'list'
        : type === 'string'
          ? 'text'
          : type === 'int'
            ? 'number'
            : type
  return /^[aeiou]/.test(word) ? `an ${word}` : word === 'text' ? word : `a ${word}`
}

/** The closest known word, when it is close. */
export function meant(word: string, known: readonly string[], otherwise: string): string {
  let best = otherwise
  let least = Math.max(1, Math.floor(word.length / 4)) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), least)
    if (distance < least) {
      least = distance
      best = `did you mean "${candidate}"?`
    }
  }
  return best
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? limit
}

/** YAML 1.2 with line numbers. */
import { basename } from 'node:path'
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { ConfigProblem } from '../core/policy/problem.ts'
import { ConfigError } from './config-error.ts'

export type Yaml = {
  readonly value: unknown
  /** `file:line: path: message; instead` */
  describe(problem: ConfigProblem): string
}

/** Throws ConfigError on broken YAML and on a key that stands twice. Aliases are limited, so that a small file stays small. */
export function parseYaml(text: string, file: string): Yaml {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
    lineCounter: lines,
  })
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${file}:${lines.linePos(error.pos[0]).line}: ${readable(error.code, error.message)}`),
    )
  }
  return {
    value: isMap(document.contents) ? valueOf(document, file) : refuseOther(file),
    describe({ path, message, instead }) {
      const line = lines.linePos(offsetOf(document, path)).line
      const where = path.length === 0 ? '' : `${pathText(path)}: `
      return `${file}:${line}: ${where}${message}${instead === '' ? '' : `; ${instead}`}`
    },
  }
}

function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw new ConfigError([`${file}: its aliases (*name) unfold to too much; write out what they stand for`], { cause })
  }
}

/** An empty file, a list, a text in UTF-16: nothing in it has a path to speak of. */
function refuseOther(file: string): never {
  throw new ConfigError([`${file}:1: it is no list of "key: value"; copy the one that ships with Accord from config/${basename(file)}`])
}

function readable(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands twice; keep one of them'
  // Inside of brackets an indentation that is wrong is one that nobody meant: the bracket before stayed open.
  return `${message.split('\n')[0] ?? message}; ${/flow/i.test(message) ? CLOSE : (INSTEAD[code] ?? CLOSE)}`
}

/** By the codes of the library, whose own words are for those who write YAML for a living. */
const CLOSE = 'close every [, { and quote on this line and those before it'
const ALIGN = 'indent with spaces, alike for all keys of one level'
const QUOTE = 'put a text with a colon, # or other sign of YAML in quotes'
const INSTEAD: Readonly<Record<string, string>> = {
  BAD_INDENT: ALIGN,
  TAB_AS_INDENT: ALIGN,
  BLOCK_AS_IMPLICIT_KEY: QUOTE,
  BAD_SCALAR_START: QUOTE,
}

/** Where the last part of the path that exists begins; for a key, the key itself and not its value. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1]
    const parent: unknown = document.getIn(path.slice(0, length - 1), true)
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key))
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}

/** Secrets from files, as container platforms mount them: `NAME_FILE` holds the path of a file that holds NAME. */
import { readFileSync } from 'node:fs'

export type Env = Readonly<Record<string, string | undefined>>

/** A setting is missing or wrong. The message names settings, paths and reasons, never the value of a setting. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/**
 * The same environment, with NAME readable when only NAME_FILE is set. The file is read lazily, by a getter that spreading skips: other programs use
 * such names for files that are no secrets of ours (SSL_CERT_FILE). @throws SettingsError on access, when the file cannot be used
 */
export function withSecretFiles(env: Env): Env {
  const complete = { ...env }
  for (const [pointer, path] of Object.entries(env)) {
    const name = pointer.slice(0, -SUFFIX.length)
    if (!pointer.endsWith(SUFFIX) || name === '' || !path) continue
    Object.defineProperty(complete, name, { enumerable: false, configurable: true, get: () => secretOf(name, path, env[name]) })
  }
  return complete
}

const SUFFIX = '_FILE'
/** A private key has a few kilobytes: what is larger is another file. */
const LONGEST = 65_536

function secretOf(name: string, path: string, direct: string | undefined): string {
  if (direct) throw new SettingsError(`${name} and ${name}${SUFFIX} are both set: which one counts? Unset one of them`)
  const text = contentOf(name, path)
  if (text.length > LONGEST) throw new SettingsError(`${name}${SUFFIX}: ${path} is too long for a secret`)
  // Editors and "echo" end a file with a line break that belongs to no secret.
  const secret = text.replace(/\r?\n$/, '')
  if (secret.trim() === '') throw new SettingsError(`${name}${SUFFIX}: ${path} is empty`)
  return secret
}

function contentOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new SettingsError(`${name}${SUFFIX}: ${path} cannot be read${code}`, { cause })
  }
}

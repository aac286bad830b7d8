/** What may stand in a seed row, whichever property it is of. Errors name the property, never what it holds. */
import { isObject } from './call.ts'
import { parseInstant } from './instant.ts'
import type { History, Version } from './store.ts'

export function seedText(raw: unknown, name: string): string {
  if (raw === null || raw === undefined) return ''
  if (typeof raw === 'string') return raw
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw)
  if (Array.isArray(raw) && raw.every((part) => typeof part === 'string' || typeof part === 'number')) return raw.join(';')
  throw new Error(`property ${name} must be text, a number, a boolean or a list of texts`)
}

export function seedTime(raw: unknown, name: string): number | undefined {
  if (raw === undefined || raw === null || raw === '') return undefined
  const ms = parseInstant(String(raw))
  if (ms === undefined) throw new Error(`${name} is not a date-time`)
  return ms
}

export function seedFlag(raw: unknown, name: string): boolean {
  if (raw === undefined || raw === null || raw === false || raw === 'false') return false
  if (raw === true || raw === 'true') return true
  throw new Error(`${name} must be true or false`)
}

export function seedHistory(raw: unknown): History {
  if (raw === undefined || raw === null) return {}
  if (!isObject(raw)) throw new Error('propertiesWithHistory must be an object of names and versions')
  const history: History = {}
  for (const [name, versions] of Object.entries(raw)) {
    if (!Array.isArray(versions) || !versions.every(isObject)) throw new Error(`the history of ${name} must be a list of versions`)
    history[name] = versions.map((version) => seedVersion(version, name)).sort((a, b) => b[1] - a[1])
  }
  return history
}

function seedVersion(version: Record<string, unknown>, name: string): Version {
  const timestamp = seedTime(version.timestamp, `a timestamp in the history of ${name}`)
  if (timestamp === undefined) throw new Error(`a version in the history of ${name} has no timestamp`)
  const sourceType = typeof version.sourceType === 'string' ? version.sourceType : 'IMPORT'
  const sourceId = typeof version.sourceId === 'string' ? version.sourceId : null
  const user = typeof version.updatedByUserId === 'number' ? version.updatedByUserId : null
  return [seedText(version.value, name), timestamp, sourceType, sourceId, user]
}

import type { ObjectKind } from './object-kind.ts'
import type { PropertyRegistry } from './registry.ts'

/** A property's place in an answer that does not come from the record's bytes. */
export const ID = -1
export const CREATED = -2
export const UPDATED = -3
export const NULL = -4

/** What an answer asks for: named properties, or whatever is set, as the answer to a write has it. */
export type Requested = readonly string[] | 'set'

/**
 * What one set of properties looks like on the wire, in name order: `,"name":` of each, where each value comes from, and the bytes all keys need.
 * `nulls`: `,"name":null` of all in one (empty when only set ones are wanted), and `nullEnds` where each ends, so that neighbours are copied at once.
 */
export type Plan = { keys: Buffer[]; nulls: Buffer; nullEnds: Int32Array; sources: Int32Array; names: string[]; bytes: number }

/**
 * Compiles requested names: id and both dates always, the defaults of the type when nothing was asked, undefined names left out,
 * properties the token may not see left out too. Source: HubSpot docs, page of each object.
 */
function compilePlan(registry: PropertyRegistry, requested: Requested, visible: (name: string) => boolean): Plan {
  const asked =
    requested === 'set' ? registry.list.map((property) => property.name) : requested.length === 0 ? registry.kind.defaults : requested
  const names = [...new Set([...always(registry.kind), ...asked])].filter((name) => registry.indexOf(name) >= 0 && visible(name)).sort()
  const keys = names.map((name) => Buffer.from(`,${JSON.stringify(name)}:`))
  const nulls = keys.map((key) => (requested === 'set' ? '' : `${key.toString()}null`))
  let nullEnd = 0
  return {
    names,
    keys,
    nulls: Buffer.from(nulls.join('')),
    nullEnds: Int32Array.from(nulls, (text) => (nullEnd += Buffer.byteLength(text))),
    // Room for every key and for the longest value that does not come from the record: a time stamp.
    bytes: keys.reduce((sum, key) => sum + key.length + 30, 0),
    sources: Int32Array.from(names, (name) => sourceOf(registry, name)),
  }
}

function always(kind: ObjectKind): string[] {
  return [kind.created, 'hs_object_id', kind.updated]
}

export function sourceOf(registry: PropertyRegistry, name: string): number {
  if (name === 'hs_object_id') return ID
  if (name === registry.kind.created) return CREATED
  if (name === registry.kind.updated) return UPDATED
  return registry.find(name)?.archivedAt === null ? registry.indexOf(name) : NULL
}

export type PlanCache = { get(requested: Requested, audience: string, visible: (name: string) => boolean): Plan }

/** Clients ask for the same few sets over and over; a set is compiled once per version of the registry. */
export function createPlanCache(registry: PropertyRegistry, most = 64): PlanCache {
  const plans = new Map<string, Plan>()
  let version = registry.version
  return {
    get(requested, audience, visible) {
      if (version !== registry.version || plans.size > most) plans.clear()
      version = registry.version
      const key = `${audience} ${requested === 'set' ? '*' : requested.join(',')}`
      let plan = plans.get(key)
      if (plan === undefined) {
        plan = compilePlan(registry, requested, visible)
        plans.set(key, plan)
      }
      return plan
    },
  }
}

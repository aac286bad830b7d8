import { demoProperties } from './demo.ts'
import type { ObjectKind } from './object-kind.ts'
import { defineProperty, option } from './property.ts'
import type { Property } from './property.ts'
import { standardProperties } from './standard.ts'

export type PropertyGroup = { name: string; label: string; displayOrder: number; archived: boolean }

/** Every property of an object type, by name and by a stable index that records use instead of names. */
export type PropertyRegistry = {
  readonly kind: ObjectKind
  /** Grows with every change of a definition; what was compiled for an older one is stale. */
  version: number
  readonly list: Property[]
  readonly groups: PropertyGroup[]
  indexOf(name: string): number
  find(name: string): Property | undefined
  add(property: Property): number
  changed(): void
  /** Index of a property that seeded data names, defined as text when the portal does not know it. */
  seeded(name: string, now: number): number
  mark(): RegistryMark
  rewind(mark: RegistryMark): void
}

export type RegistryMark = { list: Property[]; groups: PropertyGroup[] }

/** Records keep sixteen bits for a property. */
const MOST = 65_536

export const PROPERTY_NAME = /^[a-z][a-z0-9_]{0,99}$/

const CONTACT_GROUPS = [
  'contactinformation',
  'contact_activity',
  'emailinformation',
  'analyticsinformation',
  'conversioninformation',
  'socialmediainformation',
  'facebook_ads_properties',
  'deal_information',
  'sales_properties',
]

function standardGroups(kind: ObjectKind): readonly string[] {
  return kind.name === 'contacts' ? CONTACT_GROUPS : [kind.group, `${kind.singular}_activity`]
}

export function createRegistry(kind: ObjectKind, now: number): PropertyRegistry {
  const indexes = new Map<string, number>()
  const registry: PropertyRegistry = {
    kind,
    version: 0,
    list: [],
    groups: standardGroups(kind).map((name, displayOrder) => ({ name, label: name.replaceAll('_', ' '), displayOrder, archived: false })),
    indexOf: (name) => indexes.get(name) ?? -1,
    find(name) {
      const index = indexes.get(name)
      return index === undefined ? undefined : registry.list[index]
    },
    add(property) {
      const index = indexes.get(property.name) ?? registry.list.length
      if (index >= MOST) throw new Error(`a portal holds at most ${MOST} properties`)
      indexes.set(property.name, index)
      registry.list[index] = property
      registry.version++
      return index
    },
    changed() {
      registry.version++
    },
    seeded: (name, at) => indexes.get(name) ?? registry.add(unknownProperty(kind, name, at)),
    mark: () => structuredClone({ list: registry.list, groups: registry.groups }),
    rewind(mark) {
      const copy = structuredClone(mark)
      registry.list.splice(0, Infinity, ...copy.list)
      registry.groups.splice(0, Infinity, ...copy.groups)
      indexes.clear()
      registry.list.forEach((property, index) => indexes.set(property.name, index))
      registry.version++
    },
  }
  for (const property of standardProperties(kind, now)) registry.add(property)
  if (kind.name === 'contacts') for (const property of demoProperties(now)) registry.add(property)
  return registry
}

function unknownProperty(kind: ObjectKind, name: string, now: number): Property {
  if (!PROPERTY_NAME.test(name)) throw new Error(`${JSON.stringify(name.slice(0, 100))} is not a property name`)
  if (name.startsWith('hs_email_optout_')) {
    const options = [option('true', 0), option('false', 1)]
    const spec = { name, type: 'enumeration', fieldType: 'booleancheckbox', groupName: 'emailinformation', options }
    return defineProperty({ ...spec, hubspotDefined: true, readOnlyValue: true, readOnlyDefinition: true }, now)
  }
  return defineProperty({ name, type: 'string', fieldType: 'text', groupName: kind.group, formField: true }, now)
}

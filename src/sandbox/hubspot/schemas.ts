import type { Answer, Call } from './call.ts'
import { unknownObjectType } from './errors.ts'
import { KINDS, kindNamed } from './object-kind.ts'
import type { Portal } from './portal.ts'
import { wireProperty } from './property-routes.ts'
import type { ObjectTable } from './table.ts'

const AT = '2020-01-01T00:00:00Z'

/** GET /crm/v3/schemas: a portal's own object types only, and this portal has none (HubSpot docs, "Object schemas"). */
export function listSchemas(): Answer {
  return { status: 200, body: { results: [] } }
}

/** GET /crm/v3/schemas/{type}: HubSpot's own types can be asked for by name. */
export function getSchema(portal: Portal, call: Call): Answer {
  const kind = kindNamed(call.parts[0]!)
  if (kind === undefined) throw unknownObjectType(call.parts[0]!)
  return { status: 200, body: wireSchema(portal.tables.get(kind.name)!) }
}

function wireSchema({ kind, portal, properties }: ObjectTable): Record<string, unknown> {
  const associations = KINDS.flatMap((other) => portal.associations.types.between(kind, other))
  return {
    id: kind.typeId,
    objectTypeId: kind.typeId,
    name: kind.constant,
    fullyQualifiedName: kind.constant,
    labels: { singular: capital(kind.singular), plural: capital(kind.name) },
    primaryDisplayProperty: kind.display,
    secondaryDisplayProperties: kind.defaults.filter((name) => name !== kind.display),
    searchableProperties: kind.searched,
    requiredProperties: kind.required,
    properties: properties.list.filter((property) => property.archivedAt === null).map(wireProperty),
    associations: associations.map(({ from, to, name, typeId }) => ({
      id: String(typeId),
      name,
      fromObjectTypeId: from.typeId,
      toObjectTypeId: to.typeId,
    })),
    createdAt: AT,
    updatedAt: AT,
    archived: false,
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

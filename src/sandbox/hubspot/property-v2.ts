/**
 * `/properties/v2/{objectType}/properties`, and v1: the definitions in their older form. It is not described any more and answers all the
 * same, and connectors in production plan by it what to read (airbytehq/airbyte, source-hubspot; singer-io/tap-hubspot). Reading alone.
 */
import type { Answer, Call } from './call.ts'
import type { ObjectKind } from './object-kind.ts'
import { objectRoute } from './object-route.ts'
import type { Property } from './property.ts'
import { findProperty } from './property-routes.ts'
import type { Mount, Routes } from './route.ts'
import type { ObjectTable } from './table.ts'

/** Sensitive definitions came later than this form. */
function listOlder({ properties }: ObjectTable): Answer {
  const shown = properties.list.filter(({ dataSensitivity, archivedAt }) => dataSensitivity === 'non_sensitive' && archivedAt === null)
  return { status: 200, body: shown.map(olderForm) }
}

function getOlder(table: ObjectTable, call: Call): Answer {
  return { status: 200, body: olderForm(findProperty(table, call.parts[0]!, false)) }
}

function olderForm(property: Property): Record<string, unknown> {
  const { archivedAt, dataSensitivity: _, hubspotDefined, options, ...rest } = property
  return {
    ...rest,
    options: options.map((option) => ({ ...option, readOnly: false, doubleData: 0 })),
    hubspotDefined: hubspotDefined || null,
    deleted: archivedAt !== null,
    mutableDefinitionNotDeletable: false,
    favorited: false,
    favoritedOrder: -1,
    displayMode: 'current_value',
  }
}

function olderRoutes(kind: ObjectKind): Routes {
  const on = objectRoute(kind)
  return {
    '/properties': { GET: on(listOlder, 'schemaRead') },
    '/properties/named/{}': { GET: on(getOlder, 'schemaRead') },
  }
}

export const OLDER_PROPERTY_MOUNT: Mount = {
  prefix: /^\/properties\/v[12]\/(?<object>[^/]+)(?=\/|$)/,
  template: '/properties/v2/{object}',
  routes: olderRoutes,
}

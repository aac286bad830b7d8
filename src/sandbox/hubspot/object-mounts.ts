import { recordAssociations } from './association-mounts.ts'
import { batchArchive, batchCreate, batchUpdate, batchUpsert } from './batch.ts'
import type { Dialect } from './call.ts'
import { archiveGroup, createGroup, getGroup, listGroups, updateGroup } from './group-routes.ts'
import { mergeRecords } from './merge.ts'
import type { ObjectKind } from './object-kind.ts'
import { objectRoute } from './object-route.ts'
import { getPipeline, getStage, listPipelines, listStages } from './pipelines.ts'
import { gdprDelete } from './privacy.ts'
import {
  archiveProperty,
  batchArchiveProperties,
  batchCreateProperties,
  batchReadProperties,
  createProperty,
  getProperty,
  listProperties,
  updateProperty,
} from './property-routes.ts'
import { batchRead, getRecord, listRecords } from './read.ts'
import type { Mount, Routes } from './route.ts'
import { search } from './search.ts'
import { archiveOne, createRecord, updateRecord } from './write.ts'

/** What earlier versions could merge and erase (HubSpot API descriptions of v3 and 2026-03). */
const MERGED_BEFORE = new Set(['contacts', 'companies', 'deals', 'tickets'])
const ERASED_BEFORE = new Set(['contacts'])

function objectRoutes(kind: ObjectKind, dialect: Dialect): Routes {
  const on = objectRoute(kind)
  const everywhere: Routes = {
    ...recordAssociations(kind, dialect),
    '': { GET: on(listRecords, 'read'), POST: on(createRecord, 'write') },
    '/search': { POST: on(search, 'read', 'search') },
    '/batch/read': { POST: on(batchRead, 'read') },
    '/batch/create': { POST: on(batchCreate, 'write') },
    '/batch/update': { POST: on(batchUpdate, 'write') },
    '/batch/upsert': { POST: on(batchUpsert, 'write') },
    '/batch/archive': { POST: on(batchArchive, 'write') },
    '/{}': { GET: on(getRecord, 'read'), PATCH: on(updateRecord, 'write'), DELETE: on(archiveOne, 'write') },
  }
  // The newest version has both for any type.
  if (dialect === '2026-09' || MERGED_BEFORE.has(kind.name)) everywhere['/merge'] = { POST: on(mergeRecords, 'write') }
  if (dialect === '2026-09' || ERASED_BEFORE.has(kind.name)) everywhere['/gdpr-delete'] = { POST: on(gdprDelete, 'write') }
  return everywhere
}

function propertyRoutes(kind: ObjectKind): Routes {
  const on = objectRoute(kind)
  return {
    '': { GET: on(listProperties, 'schemaRead'), POST: on(createProperty, 'schemaWrite') },
    '/batch/read': { POST: on(batchReadProperties, 'schemaRead') },
    '/batch/create': { POST: on(batchCreateProperties, 'schemaWrite') },
    '/batch/archive': { POST: on(batchArchiveProperties, 'schemaWrite') },
    '/groups': { GET: on(listGroups, 'schemaRead'), POST: on(createGroup, 'schemaWrite') },
    '/groups/{}': { GET: on(getGroup, 'schemaRead'), PATCH: on(updateGroup, 'schemaWrite'), DELETE: on(archiveGroup, 'schemaWrite') },
    '/{}': { GET: on(getProperty, 'schemaRead'), PATCH: on(updateProperty, 'schemaWrite'), DELETE: on(archiveProperty, 'schemaWrite') },
  }
}

function pipelineRoutes(kind: ObjectKind): Routes {
  const on = objectRoute(kind)
  return {
    '': { GET: on(listPipelines, 'read') },
    '/{}': { GET: on(getPipeline, 'read') },
    '/{}/stages': { GET: on(listStages, 'read') },
    '/{}/stages/{}': { GET: on(getStage, 'read') },
  }
}

export const OBJECT_MOUNTS: readonly Mount[] = [
  {
    prefix: /^\/crm\/(?:v3\/pipelines|pipelines\/(?<version>v3|2026-03|2026-09))\/(?<object>[^/]+)(?=\/|$)/,
    template: '/crm/v3/pipelines/{object}',
    routes: pipelineRoutes,
  },
  {
    prefix: /^\/crm\/(?:v3\/objects|objects\/v3)\/(?<object>[^/]+)(?=\/|$)/,
    template: '/crm/v3/objects/{object}',
    routes: objectRoutes,
  },
  {
    // HubSpot describes v4 for what is associated alone; the records are there too (singer-io/tap-hubspot reads tickets so).
    prefix: /^\/crm\/v4\/objects\/(?<object>[^/]+)(?=\/|$)/,
    template: '/crm/v4/objects/{object}',
    routes: (kind) => objectRoutes(kind, '2026-03'),
  },
  {
    // Of the first dated version live portals have the objects alone.
    prefix: /^\/crm\/objects\/(?<version>2025-09|2026-03|2026-09)\/(?<object>[^/]+)(?=\/|$)/,
    template: '/crm/objects/{version}/{object}',
    routes: objectRoutes,
  },
  { prefix: /^\/crm\/v3\/properties\/(?<object>[^/]+)(?=\/|$)/, template: '/crm/v3/properties/{object}', routes: propertyRoutes },
  {
    prefix: /^\/crm\/properties\/(?<version>v3|2026-03|2026-09)\/(?<object>[^/]+)(?=\/|$)/,
    template: '/crm/properties/{version}/{object}',
    routes: propertyRoutes,
  },
]

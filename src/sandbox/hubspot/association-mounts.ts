import { createLabel, deleteLabel, listLabels, listTypes, requestUsageReport, updateLabel } from './association-labels.ts'
import { listAllLimits, listLimits, purgeLimits, setLimits } from './association-limits.ts'
import { batchReadLabelled, batchReadNamed, listLabelled, listNamed } from './association-read.ts'
import {
  archiveAssociation,
  archiveNamed,
  batchArchiveAll,
  batchArchiveTypes,
  batchCreateDefault,
  batchCreateLabelled,
  batchCreateNamed,
  createDefault,
  createLabelled,
  createNamed,
} from './association-write.ts'
import type { Answer, Call, Dialect } from './call.ts'
import type { ObjectKind } from './object-kind.ts'
import { objectRoute } from './object-route.ts'
import { getRecord } from './read.ts'
import { route } from './route.ts'
import type { Mount, Routes } from './route.ts'
import type { ObjectTable } from './table.ts'

/** Associations of one record, below its type. The older API has its own shape for reading them. */
export function recordAssociations(kind: ObjectKind, dialect: Dialect): Routes {
  const on = objectRoute(kind)
  if (dialect === 'v3') {
    return {
      '/{}/associations/{}': { GET: on(listNamed, 'read') },
      '/{}/associations/{}/{}/{}': { PUT: on(createThenRead, 'write'), DELETE: on(archiveNamed, 'write') },
    }
  }
  return labelledAssociations(kind)
}

/** The older form answers with the record and its associations. */
function createThenRead(table: ObjectTable, call: Call): Answer {
  createNamed(table, call)
  return getRecord(table, { ...call, query: new URLSearchParams({ associations: call.parts[1]! }) })
}

function labelledAssociations(kind: ObjectKind): Routes {
  const on = objectRoute(kind)
  return {
    '/{}/associations/{}': { GET: on(listLabelled, 'read') },
    '/{}/associations/{}/{}': { PUT: on(createLabelled, 'write'), DELETE: on(archiveAssociation, 'write') },
    '/{}/associations/default/{}/{}': { PUT: on(createDefault, 'write') },
  }
}

/** The scopes depend on both object types: the handlers ask for them. */
const LABELLED: Routes = {
  '/{}/{}/batch/read': { POST: route(batchReadLabelled, [], 'associations') },
  '/{}/{}/batch/create': { POST: route(batchCreateLabelled, [], 'associations') },
  '/{}/{}/batch/associate/default': { POST: route(batchCreateDefault, [], 'associations') },
  '/{}/{}/batch/archive': { POST: route(batchArchiveAll, [], 'associations') },
  '/{}/{}/batch/labels/archive': { POST: route(batchArchiveTypes, [], 'associations') },
  '/usage/high-usage-report/{}': { POST: route(requestUsageReport, ['crm.objects.contacts.read']) },
  '/{}/{}/labels': { GET: route(listLabels, []), POST: route(createLabel, []), PUT: route(updateLabel, []) },
  '/{}/{}/labels/{}': { DELETE: route(deleteLabel, []) },
}

const SCHEMA_READ = ['crm.schemas.contacts.read', 'crm.objects.contacts.read']

const LIMITS: Routes = {
  '/all': { GET: route(listAllLimits, SCHEMA_READ) },
  '/{}/{}': { GET: route(listLimits, []) },
  '/{}/{}/batch/create': { POST: route(setLimits, []) },
  '/{}/{}/batch/update': { POST: route(setLimits, []) },
  '/{}/{}/batch/purge': { POST: route(purgeLimits, []) },
}

export const ASSOCIATION_MOUNTS: readonly Mount[] = [
  {
    prefix: /^\/crm\/(?:v4\/associations|associations\/(?<version>v4|2026-03|2026-09))\/definitions\/configurations(?=\/|$)/,
    template: '/crm/v4/associations/definitions/configurations',
    routes: LIMITS,
  },
  { prefix: /^\/crm\/(?:v4\/associations|associations\/v4)(?=\/|$)/, template: '/crm/v4/associations', routes: LABELLED },
  { prefix: /^\/crm\/associations\/(?<version>2026-03|2026-09)(?=\/|$)/, template: '/crm/associations/{version}', routes: LABELLED },
  {
    prefix: /^\/crm\/(?:v3\/associations|associations\/v3)(?=\/|$)/,
    template: '/crm/v3/associations',
    routes: {
      '/{}/{}/batch/read': { POST: route(batchReadNamed, [], 'associations') },
      '/{}/{}/batch/create': { POST: route(batchCreateNamed, [], 'associations') },
      '/{}/{}/batch/archive': { POST: route(batchArchiveTypes, [], 'associations') },
      '/{}/{}/types': { GET: route(listTypes, []) },
    },
  },
]

import { createLabel, deleteLabel, listLabels, listTypes, updateLabel } from './association-labels.ts'
import { batchReadLabelled, batchReadNamed, listLabelled, listNamed } from './association-read.ts'
import {
  archiveAssociation,
  batchArchiveAll,
  batchArchiveTypes,
  batchCreateDefault,
  batchCreateLabelled,
  batchCreateNamed,
  createDefault,
  createLabelled,
} from './association-write.ts'
import type { Dialect } from './call.ts'
import type { ObjectKind } from './object-kind.ts'
import { objectRoute } from './object-route.ts'
import { route } from './route.ts'
import type { Mount, Routes } from './route.ts'

/** Associations of one record, below its type. The older API has its own shape for reading them. */
export function recordAssociations(kind: ObjectKind, dialect: Dialect): Routes {
  const on = objectRoute(kind)
  if (dialect === 'v3') return { '/{}/associations/{}': { GET: on(listNamed, 'read') } }
  return labelledAssociations(kind)
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
  '/{}/{}/batch/read': { POST: route(batchReadLabelled, []) },
  '/{}/{}/batch/create': { POST: route(batchCreateLabelled, []) },
  '/{}/{}/batch/associate/default': { POST: route(batchCreateDefault, []) },
  '/{}/{}/batch/archive': { POST: route(batchArchiveAll, []) },
  '/{}/{}/batch/labels/archive': { POST: route(batchArchiveTypes, []) },
  '/{}/{}/labels': { GET: route(listLabels, []), POST: route(createLabel, []), PUT: route(updateLabel, []) },
  '/{}/{}/labels/{}': { DELETE: route(deleteLabel, []) },
}

export const ASSOCIATION_MOUNTS: readonly Mount[] = [
  { prefix: /^\/crm\/v4\/objects\/(?<object>[^/]+)(?=\/|$)/, template: '/crm/v4/objects/{object}', routes: labelledAssociations },
  { prefix: /^\/crm\/(?:v4\/associations|associations\/v4)(?=\/|$)/, template: '/crm/v4/associations', routes: LABELLED },
  { prefix: /^\/crm\/associations\/(?<version>2026-03|2026-09)(?=\/|$)/, template: '/crm/associations/{version}', routes: LABELLED },
  {
    prefix: /^\/crm\/(?:v3\/associations|associations\/v3)(?=\/|$)/,
    template: '/crm/v3/associations',
    routes: {
      '/{}/{}/batch/read': { POST: route(batchReadNamed, []) },
      '/{}/{}/batch/create': { POST: route(batchCreateNamed, []) },
      '/{}/{}/batch/archive': { POST: route(batchArchiveTypes, []) },
      '/{}/{}/types': { GET: route(listTypes, []) },
    },
  },
]

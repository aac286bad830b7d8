import { describeExport, exportStatus, fetchExport, startExport } from './export-routes.ts'
import { archiveForm, createForm, getForm, listForms, replaceForm, updateForm } from './form-routes.ts'
import { LIST_MOUNTS } from './list-mounts.ts'
import { route } from './route.ts'
import type { Mount, Routes } from './route.ts'
import { listSubmissions, preflight, submitForm } from './submission-routes.ts'
import { definitionsV1, statusV1, timelineV1, updateV1 } from './subscription-v1.ts'
import { emailStatus, listDefinitions, resubscribe, subscribe, unsubscribe } from './subscription-v3.ts'
import {
  batchReadStatuses,
  batchReadWide,
  batchWriteStatuses,
  batchWriteWide,
  definitionsV4,
  generateLinks,
  readStatuses,
  readWide,
  writeStatus,
  writeWide,
} from './subscription-v4.ts'

const READ = ['communication_preferences.read_write', 'communication_preferences.read']
const WRITE = ['communication_preferences.read_write', 'communication_preferences.write']
/** Granted to apps of Marketing Hub Enterprise only. Source: HubSpot docs, "Subscription preferences v4". */
const BATCH_READ = ['communication_preferences.statuses.batch.read']
const BATCH_WRITE = ['communication_preferences.statuses.batch.write']
const FORMS = ['forms']
const EXPORT = ['crm.export']

const STATUS_CALLS: Routes = {
  '/status/email/{}': { GET: route(emailStatus, READ) },
  '/subscribe': { POST: route(subscribe, WRITE) },
  '/unsubscribe': { POST: route(unsubscribe, WRITE) },
}

const STATUSES: Routes = {
  '/definitions': { GET: route(definitionsV4, READ) },
  '/statuses/batch/read': { POST: route(batchReadStatuses, BATCH_READ) },
  '/statuses/batch/write': { POST: route(batchWriteStatuses, BATCH_WRITE) },
  '/statuses/batch/unsubscribe-all': { POST: route(batchWriteWide, BATCH_WRITE) },
  '/statuses/batch/unsubscribe-all/read': { POST: route(batchReadWide, BATCH_READ) },
  '/statuses/{}': { GET: route(readStatuses, READ), POST: route(writeStatus, WRITE) },
  '/statuses/{}/unsubscribe-all': { GET: route(readWide, READ), POST: route(writeWide, WRITE) },
  '/links/generate': { POST: route(generateLinks, WRITE) },
}

const FORM_ROUTES: Routes = {
  '': { GET: route(listForms, FORMS), POST: route(createForm, FORMS) },
  '/{}': {
    GET: route(getForm, FORMS),
    PUT: route(replaceForm, FORMS),
    PATCH: route(updateForm, FORMS),
    DELETE: route(archiveForm, FORMS),
  },
}

/** The scope of its time serves as well. */
const OLDEST: Routes = {
  '': { GET: route(definitionsV1, [...READ, 'content']) },
  '/timeline': { GET: route(timelineV1, [...READ, 'content']) },
  '/{}': { GET: route(statusV1, [...READ, 'content']), PUT: route(updateV1, [...WRITE, 'content']) },
}

export const MARKETING_MOUNTS: readonly Mount[] = [
  ...LIST_MOUNTS,
  { prefix: /^\/email\/public\/v1\/subscriptions(?=\/|$)/, template: '/email/public/v1/subscriptions', routes: OLDEST },
  {
    prefix: /^\/communication-preferences\/v3(?=\/|$)/,
    template: '/communication-preferences/v3',
    routes: { '/definitions': { GET: route(listDefinitions, READ) }, ...STATUS_CALLS },
  },
  { prefix: /^\/communication-preferences\/v4(?=\/|$)/, template: '/communication-preferences/v4', routes: STATUSES },
  // unverified: the date-based versions, read from the API description only.
  {
    prefix: /^\/communication-preferences\/(?<version>2026-03|2026-09)(?=\/|$)/,
    template: '/communication-preferences/{version}',
    routes: { ...STATUSES, ...STATUS_CALLS, '/resubscribe': { POST: route(resubscribe, WRITE) } },
  },
  {
    prefix: /^\/marketing\/(?:v3\/forms|forms\/(?<version>v3|2026-03|2026-09)(?:-beta)?)(?=\/|$)/,
    template: '/marketing/v3/forms',
    routes: FORM_ROUTES,
  },
  {
    prefix: /^\/form-integrations\/v1\/submissions\/forms(?=\/|$)/,
    template: '/form-integrations/v1/submissions/forms',
    routes: { '/{}': { GET: route(listSubmissions, FORMS) } },
  },
  {
    prefix: /^\/crm\/(?:v3\/exports|exports\/(?<version>v3|2026-03|2026-09))(?=\/|$)/,
    template: '/crm/v3/exports',
    routes: {
      '/export/async': { POST: route(startExport, EXPORT) },
      '/export/async/tasks/{}/status': { GET: route(exportStatus, EXPORT) },
      '/export/{}': { GET: route(describeExport, EXPORT) },
    },
  },
  { prefix: /^\/exports\/files(?=\/|$)/, template: '/exports/files', routes: { '/{}': { GET: route(fetchExport, [], 'open') } } },
  // Another host in life; pages send without credentials.
  {
    prefix: /^\/submissions\/v3\/integration(?=\/|$)/,
    template: '/submissions/v3/integration',
    routes: {
      '/submit/{}/{}': { POST: route(submitForm, [], 'open'), OPTIONS: route(preflight, [], 'open') },
      '/secure/submit/{}/{}': { POST: route(submitForm, FORMS), OPTIONS: route(preflight, [], 'open') },
    },
  },
]

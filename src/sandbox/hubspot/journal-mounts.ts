import {
  batchEarliest,
  batchLatest,
  batchNext,
  batchRead,
  readEarliest,
  readFile,
  readLatest,
  readNext,
  snapshotStatus,
  takeSnapshots,
} from './journal-routes.ts'
import {
  createFilter,
  deleteFilter,
  deleteJournalSubscription,
  deletePortalSubscriptions,
  getFilter,
  getJournalSubscription,
  listFilters,
  listJournalSubscriptions,
  upsertSubscription,
} from './journal-subscriptions.ts'
import { route } from './route.ts'
import type { Handler, Mount, Route, Routes } from './route.ts'
import { JOURNAL_SCOPES } from './tokens.ts'

const [READ, SUBSCRIPTIONS_READ, SUBSCRIPTIONS_WRITE, SNAPSHOTS_READ, SNAPSHOTS_WRITE] = JOURNAL_SCOPES
const on = (handler: Handler, scope: string): Route => route(handler, [scope], 'exempt')

const JOURNAL: Routes = {
  '/earliest': { GET: on(readEarliest, READ) },
  '/latest': { GET: on(readLatest, READ) },
  '/offset/{}/next': { GET: on(readNext, READ) },
  '/batch/earliest/{}': { GET: on(batchEarliest, READ) },
  '/batch/latest/{}': { GET: on(batchLatest, READ) },
  '/batch/{}/next/{}': { GET: on(batchNext, READ) },
  '/batch/read': { POST: on(batchRead, READ) },
  '/status/{}': { GET: on(snapshotStatus, SNAPSHOTS_READ) },
}

const SUBSCRIPTIONS: Routes = {
  '': { GET: on(listJournalSubscriptions, SUBSCRIPTIONS_READ), POST: on(upsertSubscription, SUBSCRIPTIONS_WRITE) },
  '/{}': { GET: on(getJournalSubscription, SUBSCRIPTIONS_READ), DELETE: on(deleteJournalSubscription, SUBSCRIPTIONS_WRITE) },
  '/portals/{}': { DELETE: on(deletePortalSubscriptions, SUBSCRIPTIONS_WRITE) },
  '/filters': { POST: on(createFilter, SUBSCRIPTIONS_WRITE) },
  '/filters/{}': { GET: on(getFilter, SUBSCRIPTIONS_READ), DELETE: on(deleteFilter, SUBSCRIPTIONS_WRITE) },
  '/filters/subscription/{}': { GET: on(listFilters, SUBSCRIPTIONS_READ) },
}

const SNAPSHOTS: Routes = { '/crm': { POST: on(takeSnapshots, SNAPSHOTS_WRITE) } }

/** The date-based addresses, and those of the earlier v4. */
export const JOURNAL_MOUNTS: readonly Mount[] = [
  {
    prefix: /^\/webhooks-journal\/journal(?:-local)?\/(?<version>2026-03|2026-09)(?=\/|$)/,
    template: '/webhooks-journal/journal/{version}',
    routes: JOURNAL,
  },
  {
    prefix: /^\/webhooks-journal\/subscriptions\/(?<version>2026-03|2026-09)(?=\/|$)/,
    template: '/webhooks-journal/subscriptions/{version}',
    routes: SUBSCRIPTIONS,
  },
  {
    prefix: /^\/webhooks-journal\/snapshots\/(?<version>2026-03|2026-09)(?=\/|$)/,
    template: '/webhooks-journal/snapshots/{version}',
    routes: SNAPSHOTS,
  },
  { prefix: /^\/webhooks\/v4\/journal(?:-local)?(?=\/|$)/, template: '/webhooks/v4/journal', routes: JOURNAL },
  { prefix: /^\/webhooks\/v4\/subscriptions(?=\/|$)/, template: '/webhooks/v4/subscriptions', routes: SUBSCRIPTIONS },
  { prefix: /^\/webhooks\/v4\/snapshots(?=\/|$)/, template: '/webhooks/v4/snapshots', routes: SNAPSHOTS },
  {
    prefix: /^\/webhooks-journal\/files(?=\/|$)/,
    template: '/webhooks-journal/files',
    routes: { '/{}': { GET: route(readFile, [], 'open') } },
  },
]

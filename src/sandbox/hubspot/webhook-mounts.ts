import { route } from './route.ts'
import type { Mount, Routes } from './route.ts'
import {
  createSubscription,
  deleteSettings,
  deleteSubscription,
  getSettings,
  getSubscription,
  listSubscriptions,
  putSettings,
  updateSubscription,
  updateSubscriptions,
} from './webhook-routes.ts'

/** Opened by the developer key in the query, not by a token. */
const APP: Routes = {
  '/{}/settings': { GET: route(getSettings, [], 'open'), PUT: route(putSettings, [], 'open'), DELETE: route(deleteSettings, [], 'open') },
  '/{}/subscriptions': { GET: route(listSubscriptions, [], 'open'), POST: route(createSubscription, [], 'open') },
  '/{}/subscriptions/batch/update': { POST: route(updateSubscriptions, [], 'open') },
  '/{}/subscriptions/{}': {
    GET: route(getSubscription, [], 'open'),
    PATCH: route(updateSubscription, [], 'open'),
    DELETE: route(deleteSubscription, [], 'open'),
  },
}

export const WEBHOOK_MOUNTS: readonly Mount[] = [
  { prefix: /^\/webhooks\/v3(?=\/|$)/, template: '/webhooks/v3', routes: APP },
  { prefix: /^\/app-webhooks\/(?<version>2026-03|2026-09)(?=\/|$)/, template: '/app-webhooks/{version}', routes: APP },
]

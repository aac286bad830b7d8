import { accountDetails, apiUsage, describeToken, getOwner, issueToken, listOwners } from './account-routes.ts'
import { route } from './route.ts'
import type { Mount } from './route.ts'

export const ACCOUNT_MOUNTS: readonly Mount[] = [
  {
    prefix: /^\/crm\/(?:v3\/owners|owners\/(?<version>v3|2026-03|2026-09))(?=\/|$)/,
    template: '/crm/v3/owners',
    routes: {
      '': { GET: route(listOwners, ['crm.objects.owners.read']) },
      '/{}': { GET: route(getOwner, ['crm.objects.owners.read']) },
    },
  },
  {
    prefix: /^\/account-info\/(?<version>v3|2026-03|2026-09)(?=\/|$)/,
    template: '/account-info/v3',
    routes: {
      '/details': { GET: route(accountDetails, ['oauth']) },
      '/api-usage/daily/private-apps': { GET: route(apiUsage, ['oauth']) },
    },
  },
  {
    prefix: /^\/oauth\/(?<version>v1|v3|2026-03|2026-09)\/token(?=\/|$)/,
    template: '/oauth/v1/token',
    routes: { '': { POST: route(issueToken, [], 'open') } },
  },
  // Whoever holds a token may ask about it.
  {
    prefix: /^\/oauth\/v1\/access-tokens(?=\/|$)/,
    template: '/oauth/v1/access-tokens',
    routes: { '/{}': { GET: route(describeToken, [], 'open') } },
  },
]

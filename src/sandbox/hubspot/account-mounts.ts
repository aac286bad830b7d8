import { accountDetails, accountOfToken, apiUsage, dailyLimit, getOwner, listOwners } from './account-routes.ts'
import {
  authorize,
  deleteRefreshToken,
  describeAccessToken,
  describePrivateToken,
  describeRefreshToken,
  introspect,
  issueToken,
  revoke,
} from './oauth.ts'
import { route } from './route.ts'
import type { Mount, Route, Routes } from './route.ts'
import { getSchema, listSchemas } from './schemas.ts'
import { createUser, deleteUser, getUser, listRoles, listTeams, listUsers, replaceUser } from './users.ts'

/** Whoever holds a token may ask about it, and a client proves itself in the body. */
const open = (handler: Route['handler']): Route => route(handler, [], 'open')

const TOKENS: Routes = {
  '/token': { POST: open(issueToken) },
  '/token/introspect': { POST: open(introspect) },
  '/token/revoke': { POST: open(revoke) },
}

const USERS_READ = ['settings.users.read']
const USERS_WRITE = ['settings.users.write']

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
      '/api-usage/daily': { GET: route(apiUsage, ['oauth']) },
      '/api-usage/daily/private-apps': { GET: route(apiUsage, ['oauth']) },
    },
  },
  {
    prefix: /^\/integrations\/v1(?=\/|$)/,
    template: '/integrations/v1',
    routes: { '/me': { GET: route(accountOfToken, ['oauth']) }, '/limit/daily': { GET: route(dailyLimit, ['oauth']) } },
  },
  {
    prefix: /^\/oauth\/v1(?=\/|$)/,
    template: '/oauth/v1',
    routes: {
      '/token': { POST: open(issueToken) },
      '/access-tokens/{}': { GET: open(describeAccessToken) },
      '/refresh-tokens/{}': { GET: open(describeRefreshToken), DELETE: open(deleteRefreshToken) },
    },
  },
  {
    prefix: /^\/oauth\/v2\/private-apps(?=\/|$)/,
    template: '/oauth/v2/private-apps',
    routes: { '/get/access-token-info': { POST: open(describePrivateToken) } },
  },
  { prefix: /^\/oauth\/(?<version>v3|2026-03|2026-09)(?=\/|$)/, template: '/oauth/{version}', routes: TOKENS },
  { prefix: /^\/oauth\/authorize(?=\/|$)/, template: '/oauth/authorize', routes: { '': { GET: open(authorize) } } },
  {
    prefix: /^\/settings\/(?:v3\/users|users\/(?<version>v3|2026-03|2026-09))(?=\/|$)/,
    template: '/settings/v3/users',
    routes: {
      '': { GET: route(listUsers, USERS_READ), POST: route(createUser, USERS_WRITE) },
      '/roles': { GET: route(listRoles, USERS_READ) },
      '/teams': { GET: route(listTeams, ['settings.users.teams.read']) },
      '/{}': { GET: route(getUser, USERS_READ), PUT: route(replaceUser, USERS_WRITE), DELETE: route(deleteUser, USERS_WRITE) },
    },
  },
  {
    prefix: /^\/crm(?:-object-schemas)?\/(?:v3\/schemas|schemas\/v3|object-schemas\/(?<version>2026-03|2026-09))(?=\/|$)/,
    template: '/crm/v3/schemas',
    routes: {
      '': { GET: route(listSchemas, ['crm.schemas.custom.read', 'crm.schemas.contacts.read']) },
      '/{}': { GET: route(getSchema, ['crm.schemas.custom.read', 'crm.schemas.contacts.read']) },
    },
  },
]

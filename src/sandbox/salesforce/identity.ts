/** Who the token stands for: /id/org/user and /services/oauth2/userinfo. Salesforce docs: Identity URLs, User Info endpoint. */
import { formatOf } from './oauth-request.ts'
import { jsonToXml, XML_HEAD } from './xml.ts'
import { bearerOf, sessionOfToken } from './session.ts'
import { json } from './call.ts'
import { parseId } from './ids.ts'
import { timeText } from './text.ts'
import { USERNAME } from './org.ts'
import type { OAuthRequest } from './oauth-request.ts'
import type { Reply, World } from './call.ts'

/** Refusals here are one word of text, not an array of errors. */
const refusal = (status: number, text: string): Reply => ({ status, kind: 'text', text, type: 'text/html;charset=UTF-8' })

export function identityReply(world: World, request: OAuthRequest, kind: 'id' | 'userinfo'): Reply {
  const { org, sessions } = world
  const token = bearerOf(request.authorization) ?? request.form.get('oauth_token') ?? request.form.get('access_token') ?? undefined
  if (token === undefined) return refusal(403, 'Missing_OAuth_Token')
  if (sessionOfToken(org, sessions, token) === undefined) return refusal(403, 'Bad_OAuth_Token')
  if (kind === 'userinfo') return shown(request, userinfo(world, request))
  if (parseId(request.path[1]) !== org.orgId) return refusal(403, 'Wrong_Org')
  if (parseId(request.path[2]) !== org.userId) return refusal(404, 'Bad_Id')
  return shown(request, identity(world, request))
}

/** Salesforce docs: Identity URLs, Identity URL Response. unverified: that userinfo has the same root. */
function shown(request: OAuthRequest, user: object): Reply {
  if (formatOf(request) !== 'xml') return json(200, user)
  return { status: 200, kind: 'text', text: XML_HEAD + jsonToXml('user', user), type: 'application/xml;charset=UTF-8' }
}

function person({ org }: World, { origin, form }: OAuthRequest): Record<string, unknown> {
  const version = form.get('version')
  const shown = version === null ? '{version}' : version === 'latest' ? '67.0' : version
  const rest = `${origin}/services/data/v${shown}/`
  const soap = (letter: string): string => `${origin}/services/Soap/${letter}/${shown}/${org.orgId.slice(0, 15)}`
  return {
    user_id: org.userId,
    organization_id: org.orgId,
    photos: { picture: `${origin}/profilephoto/005/F`, thumbnail: `${origin}/profilephoto/005/T` },
    email: USERNAME,
    email_verified: true,
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    is_app_installed: true,
    urls: {
      enterprise: soap('c'),
      metadata: soap('m'),
      partner: soap('u'),
      rest,
      sobjects: `${rest}sobjects/`,
      search: `${rest}search/`,
      query: `${rest}query/`,
      recent: `${rest}recent/`,
      tooling_rest: `${rest}tooling/`,
      profile: `${origin}/${org.userId}`,
      custom_domain: origin,
    },
  }
}

function identity(world: World, request: OAuthRequest): object {
  const { org } = world
  return {
    id: `${request.origin}/id/${org.orgId}/${org.userId}`,
    asserted_user: true,
    username: USERNAME,
    nick_name: 'integration',
    display_name: 'Integration User',
    ...person(world, request),
    first_name: 'Integration',
    last_name: 'User',
    timezone: 'Europe/Paris',
    mobile_phone: null,
    mobile_phone_verified: false,
    status: { created_date: null, body: null },
    last_modified_date: timeText(Math.floor(world.wire.startedAt / 1_000) * 1_000, '+0000'),
  }
}

function userinfo(world: World, request: OAuthRequest): object {
  const { org } = world
  return {
    sub: `${request.origin}/id/${org.orgId}/${org.userId}`,
    preferred_username: USERNAME,
    nickname: 'integration',
    name: 'Integration User',
    given_name: 'Integration',
    family_name: 'User',
    zoneinfo: 'Europe/Paris',
    profile: `${request.origin}/${org.userId}`,
    picture: `${request.origin}/profilephoto/005/F`,
    ...person(world, request),
  }
}

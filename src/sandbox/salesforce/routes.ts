/** From a path below /services/data/vNN to the call that answers it. */
import { bulkIngestReply } from './bulk-ingest.ts'
import { bulkQueryReply } from './bulk-query.ts'
import { collectionReply } from './collection-calls.ts'
import { compositeReply } from './composite.ts'
import { consentReply } from './consent-calls.ts'
import { json } from './call.ts'
import { limitsReply } from './limits.ts'
import { schemaByIdReply, schemaByNameReply } from './event-schema.ts'
import { notFound, wrongMethod } from './fault.ts'
import { parameterizedReply, searchReply } from './search-calls.ts'
import { queryReply } from './query-calls.ts'
import { sobjectReply } from './sobject-calls.ts'
import { toolingReply } from './tooling.ts'
import type { Call, Reply } from './call.ts'

export function route(call: Call): Reply {
  const [first = '', second = ''] = call.path.map((part) => part.toLowerCase())
  const rest = call.path.slice(1)
  call.org.apiBase = call.base
  call.org.allowsDuplicates = /allowSave\s*=\s*true/i.test(call.headers['sforce-duplicate-rule-header'] ?? '')
  switch (first) {
    case '':
      return json(200, resources(call))
    case 'query':
      return queryReply(call, call.org.tables, 'live', rest)
    case 'queryall':
      return queryReply(call, call.org.tables, 'all', rest)
    case 'search':
      return searchReply(call, rest)
    case 'parameterizedsearch':
      return parameterizedReply(call, rest)
    case 'event':
      return schemaByIdReply(call, rest)
    case 'sobjects':
      if (rest.length === 2 && rest[1]?.toLowerCase() === 'eventschema') return schemaByNameReply(call, rest[0] ?? '')
      return sobjectReply(call, rest)
    case 'consent':
      return consentReply(call, rest)
    case 'limits':
      return limitsReply(call, rest)
    case 'composite':
      return second === 'sobjects' ? collectionReply(call, call.path.slice(2)) : compositeReply(call, rest, route)
    case 'tooling':
      return toolingReply(call, rest)
    case 'recent':
    case 'quickactions':
    case 'tabs':
      return onlyGet(call, rest, [])
    case 'theme':
      return onlyGet(call, rest, { themeItems: [] })
    case 'jobs':
      if (second === 'query') return bulkQueryReply(call, call.path.slice(2))
      if (second === 'ingest') return bulkIngestReply(call, call.path.slice(2))
      throw notFound()
    default:
      throw notFound()
  }
}

/** Nothing was viewed through the API, and nothing has an action, a tab or a theme here. */
function onlyGet(call: Call, rest: readonly string[], value: unknown): Reply {
  if (rest.length > 0) throw notFound()
  if (call.method !== 'GET') throw wrongMethod(call, 'HEAD,GET')
  return json(200, value)
}

function resources(call: Call): object {
  const names = [
    'sobjects',
    'query',
    'queryAll',
    'limits',
    'consent',
    'composite',
    'tooling',
    'jobs',
    'recent',
    'quickActions',
    'tabs',
    'theme',
    'search',
    'parameterizedSearch',
  ]
  const identity = `${call.headers['x-sandbox-origin'] ?? ''}/id/${call.org.orgId}/${call.org.userId}`
  return { ...Object.fromEntries(names.map((name) => [name, `${call.base}/${name}`])), identity }
}

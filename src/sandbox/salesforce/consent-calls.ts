/** /consent/action/<action> and /consent/multiaction. Salesforce docs: Consent API. */
import { ACTIONS, BAD_CALL } from './consent-subject.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { json } from './call.ts'
import { readConsent } from './consent-read.ts'
import { writeConsent } from './consent-write.ts'
import type { Call, Reply } from './call.ts'

/** Salesforce docs: several actions since v45, writing since v48. */
const SEVERAL_SINCE = 45
const WRITES_SINCE = 48

export function consentReply(call: Call, rest: readonly string[]): Reply {
  const [kind = '', action, ...more] = rest
  // The objects it asks are not there without the feature.
  if (more.length > 0 || !call.org.switches.features.has('privacy')) throw notFound()
  const version = Number(call.version)
  if (kind.toLowerCase() === 'multiaction' && action === undefined && version >= SEVERAL_SINCE) {
    if (call.method !== 'GET') throw wrongMethod(call, 'GET')
    return json(200, readConsent(call, actionsOf(call.query.get('actions') ?? '')))
  }
  if (kind.toLowerCase() !== 'action' || action === undefined || ACTIONS[action.toLowerCase()] === undefined) throw notFound()
  if (call.method === 'GET') return json(200, readConsent(call, [action]))
  if (call.method !== 'PATCH' || version < WRITES_SINCE) throw wrongMethod(call, version < WRITES_SINCE ? 'GET' : 'GET,PATCH')
  return json(200, writeConsent(call, action))
}

function actionsOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => ACTIONS[name.toLowerCase()] === undefined)
  if (unknown !== undefined) throw new Fault(400, BAD_CALL.invalid, `Unknown action: ${unknown}`)
  return names
}

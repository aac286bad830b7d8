import { isObject } from './call.ts'
import type { Call } from './call.ts'
import { invalidRequest } from './errors.ts'
import type { Portal } from './portal.ts'
import { LEGAL_BASES, STATES } from './subscription.ts'
import type { Definition, Grounds, State } from './subscription.ts'

/** unverified: that leaving needs a legal basis as joining does, once the portal's privacy settings are on. */
const UNSUBSCRIBE_NEEDS_GROUNDS = true

/** Seen from the live API for a body that lacks something. */
export function missingAttributes(request: string, names: readonly string[]): Error {
  return invalidRequest(
    `Invalid input JSON on line 1, column 2: Cannot build ${request}, some of required attributes are not set [${names.join(', ')}]`,
  )
}

/** unverified: the text for a subscription type that is not there. */
export function requireDefinition(portal: Portal, id: unknown): Definition {
  const definition = portal.marketing.definitions.find((known) => String(known.id) === String(id))
  if (definition === undefined) throw invalidRequest(`Subscription type ${String(id).slice(0, 40)} does not exist`)
  if (!definition.isActive) throw invalidRequest(`Subscription type ${definition.id} is not active`)
  return definition
}

/** Legal basis and explanation of a body; both are needed when the portal's data privacy settings are on. */
export function readGrounds(portal: Portal, body: Record<string, unknown>, status: State): Grounds {
  const { legalBasis, legalBasisExplanation } = body
  const known = LEGAL_BASES.find((basis) => basis === legalBasis)
  if (legalBasis !== undefined && legalBasis !== null && known === undefined) {
    throw invalidRequest(`Invalid value for legalBasis: must be one of [${LEGAL_BASES.join(', ')}]`)
  }
  if (legalBasisExplanation !== undefined && legalBasisExplanation !== null && typeof legalBasisExplanation !== 'string') {
    throw invalidRequest('Invalid value for legalBasisExplanation: a string is expected')
  }
  const explained = typeof legalBasisExplanation === 'string' && legalBasisExplanation.trim() !== ''
  const needed = status === 'SUBSCRIBED' || (status === 'UNSUBSCRIBED' && UNSUBSCRIBE_NEEDS_GROUNDS)
  if (portal.marketing.settings.privacy && needed && (known === undefined || !explained)) {
    // unverified: the text.
    throw invalidRequest('legalBasis and legalBasisExplanation are required when data privacy settings are turned on for the account')
  }
  return {
    ...(known === undefined ? {} : { legalBasis: known }),
    ...(explained ? { legalBasisExplanation: legalBasisExplanation } : {}),
  }
}

export function readState(value: unknown): State {
  const state = STATES.find((known) => known === value)
  if (state === undefined) throw invalidRequest(`Invalid value for statusState: must be one of [${STATES.join(', ')}]`)
  return state
}

/** E-mail is the only channel. */
export function requireChannel(value: unknown): void {
  if (value === undefined || value === null || value === '' || value === 'EMAIL') return
  throw invalidRequest('Invalid value for channel: must be one of [EMAIL]')
}

/** The brand a call is about; without brands there is only the account's own. */
export function brandParam(portal: Portal, call: Call): number | undefined {
  const text = call.query.get('businessUnitId')
  if (text === null || text === '') return undefined
  const id = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  const known = portal.marketing.definitions.some(({ businessUnitId }) => businessUnitId === id)
  if (id === 0 || (portal.marketing.settings.brands && known)) return id
  // unverified: the text.
  throw invalidRequest(`Business unit ${text.slice(0, 40)} does not exist`)
}

const INPUTS_MOST = 100

export function inputsOf(body: Record<string, unknown>): unknown[] {
  const { inputs } = body
  if (!Array.isArray(inputs)) throw missingAttributes('BatchInput', ['inputs'])
  if (inputs.length > INPUTS_MOST) throw invalidRequest(`The maximum number of inputs supported in a batch request is ${INPUTS_MOST}`)
  return inputs
}

export function objectInputsOf(body: Record<string, unknown>): Record<string, unknown>[] {
  const inputs = inputsOf(body)
  if (!inputs.every(isObject)) throw invalidRequest('inputs must be an array of objects')
  return inputs
}

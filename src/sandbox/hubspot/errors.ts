/** The refusals of the API, in the texts clients match on. Source: HubSpot docs, "Error handling", and answers seen from the live API. */
export type ErrorBody = Record<string, unknown> & { message: string }

export class Refusal extends Error {
  readonly status: number
  readonly body: ErrorBody
  readonly headers: readonly string[]
  constructor(status: number, body: ErrorBody, headers: readonly string[] = []) {
    super(body.message)
    this.name = 'Refusal'
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** What the router cannot place is answered by the web tier, in HTML. */
export class NoRoute extends Error {
  readonly status: 404 | 405
  constructor(status: 404 | 405) {
    super(status === 404 ? 'no such route' : 'no such method on this route')
    this.name = 'NoRoute'
    this.status = status
  }
}

export function invalidRequest(message: string, more: Record<string, unknown> = {}): Refusal {
  return new Refusal(400, { message, category: 'VALIDATION_ERROR', ...more })
}

/** Seen on the live API in spring 2026 for bodies of lists, labels and merges; unverified: that the other bodies are read the same way. */
export function fieldsMissing(names: readonly string[]): Refusal {
  return invalidRequest(`Invalid input JSON on line 1, column 2. Some required fields were not set: [${names.join(', ')}]`)
}

/** Seen on the live API for contacts, calls and carts. */
export function nothingToUpdate(): Refusal {
  return invalidRequest('No properties found to update, please provide at least one.', { context: { properties: ['{}'] } })
}

/** Seen on the live API in paths and in `associations`; without a category. */
export function unknownObjectType(name: string): Refusal {
  return new Refusal(400, { message: `Unable to infer object type from: ${name.slice(0, 100)}` })
}

export function noAuthentication(): Refusal {
  const message =
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview'
  return new Refusal(401, { message, category: 'INVALID_AUTHENTICATION' })
}

export function expiredAuthentication(): Refusal {
  // unverified: the text for an expired OAuth access token; clients can rely on the category only.
  const message = 'The OAuth token used to make this call expired.'
  return new Refusal(401, { message, category: 'EXPIRED_AUTHENTICATION' })
}

export function missingScopes(scopes: readonly string[]): Refusal {
  const message =
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes."
  return new Refusal(403, {
    message,
    category: 'MISSING_SCOPES',
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } }],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  })
}

/** A numeric id that is not there: the one refusal without a category. */
export function notFound(): Refusal {
  return new Refusal(404, { message: 'resource not found' })
}

export function notAnId(text: string): Refusal {
  const message = 'Object not found.  objectId are usually numeric.'
  return new Refusal(404, { message, category: 'OBJECT_NOT_FOUND', context: { id: [text] } })
}

export function notPositive(text: string): Refusal {
  const message = 'Object not found. objectId is usually positive.'
  return new Refusal(404, { message, context: { id: [text] }, category: 'OBJECT_NOT_FOUND' })
}

export function contactExists(id: number): Refusal {
  return new Refusal(409, { message: `Contact already exists. Existing ID: ${id}`, category: 'CONFLICT' })
}

export function valueTaken(portal: number, constant: string, property: string, value: string, id: number | string, other: number): Refusal {
  const coordinates = `PropertyValueCoordinates{portalId=${portal}, objectTypeId=ObjectTypeId{legacyObjectType=${constant}}, propertyName=${property}, value=${value}}`
  return invalidRequest(`Cannot set ${coordinates} on ${id}. ${other} already has that value.`)
}

export type ValueProblem = { property: string; code: string; message: string }

export function invalidValues(portalId: number, problems: readonly ValueProblem[]): Refusal {
  const details = problems.map(({ property, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name: property,
    localizedErrorMessage: message,
    portalId,
  }))
  return invalidRequest(`Property values were not valid: ${JSON.stringify(details)}`, {
    errors: problems.map(({ property, code, message }) => ({ message, code, context: { propertyName: [property] } })),
  })
}

export function brokenJson(text: string, error: unknown): Refusal {
  const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length)
  const before = text.slice(0, position).split('\n')
  return invalidRequest(`Invalid input JSON on line ${before.length}, column ${before.at(-1)!.length + 1}: the value cannot be read`)
}

export type Limit = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY'

export function tooMany(policyName: Limit, requestId: string): Refusal {
  const message = `You have reached your ${policyName.toLowerCase()} limit.`
  const body = { message, errorType: 'RATE_LIMIT', policyName }
  if (policyName === 'TEN_SECONDLY_ROLLING') return new Refusal(429, { ...body, groupName: 'publicapi:private-apps:sandbox' })
  return new Refusal(429, policyName === 'DAILY' ? { ...body, requestId } : body)
}

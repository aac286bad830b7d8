/**
 * What HubSpot's error answers say, reduced to codes and names. Their messages quote the values that were sent, so no
 * message is ever passed on; and every field of the envelope is optional (HubSpot docs: error handling).
 */
import { z } from 'zod'

export type Fault = { code: string; property?: string }
export type Refusal = {
  status: number
  category: string
  subCategory: string
  scopes: readonly string[]
  faults: readonly Fault[]
  /** Records that the answer names. */
  ids: readonly string[]
  /** Of a 429: SECONDLY, TEN_SECONDLY_ROLLING, DAILY. */
  policy: string
}

const Names = z.record(z.string(), z.array(z.coerce.string())).optional().catch(undefined)
const Detail = z.object({ code: z.string().optional().catch(undefined), context: Names })
const Kind = z.object({ category: z.string().optional().catch(undefined), subCategory: z.string().optional().catch(undefined) })
const Envelope = z.object({
  ...Kind.shape,
  policyName: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  context: Names,
  errors: z.array(Detail).optional().catch(undefined),
})
const Invalid = z.array(z.object({ error: z.string(), name: z.string() }))

/** Reads an error answer, or one entry of a batch's `errors`. Never throws: an HTML page is an answer without details. */
export function refusalOf(status: number, body: unknown): Refusal {
  const { data } = Envelope.safeParse(typeof body === 'string' ? jsonOf(body) : body)
  const faults = (data?.errors ?? []).flatMap(({ code, context }): Fault[] => {
    const property = context?.['propertyName']?.[0]
    return isWord(code) ? [property !== undefined && isWord(property) ? { code, property } : { code }] : []
  })
  const scopes = (data?.errors ?? []).flatMap(({ context }) => [
    ...(context?.['requiredGranularScopes'] ?? []),
    ...(context?.['requiredScopes'] ?? []),
  ])
  return {
    status,
    ...kindOf(data),
    scopes: [...new Set(scopes.filter(isWord))],
    faults: faults.length > 0 ? faults : faultsInMessage(data?.message ?? ''),
    ids: Object.entries(data?.context ?? {}).flatMap(([name, values]) => (name === 'ids' || name === 'id' ? values : [])),
    policy: isWord(data?.policyName) ? data.policyName : '',
  }
}

/** The same of an entry of which no more matters: a batch of things that are not there has a hundred of them. */
export function kindOf(entry: unknown): Pick<Refusal, 'category' | 'subCategory'> {
  const { data } = Kind.safeParse(entry)
  return { category: isWord(data?.category) ? data.category : '', subCategory: isWord(data?.subCategory) ? data.subCategory : '' }
}

/** `400 VALIDATION_ERROR: INVALID_OPTION of accord_status`: codes and names only. */
export function reasonOf(refusal: Refusal): string {
  const faults = refusal.faults.map(({ code, property }) => (property ? `${code} of ${property}` : code))
  return [`${refusal.status}${refusal.category && ` ${refusal.category}`}`, [...new Set(faults)].join(', ')].filter(Boolean).join(': ')
}

/** `Property values were not valid: [{"error":"INVALID_OPTION","name":"…",…}]` carries its details as JSON inside the text. */
function faultsInMessage(message: string): Fault[] {
  const start = message.indexOf('[{')
  if (start < 0) return []
  const { data } = Invalid.safeParse(jsonOf(message.slice(start)))
  return (data ?? []).flatMap(({ error, name }) =>
    isWord(error) ? [isWord(name) ? { code: error, property: name } : { code: error }] : [],
  )
}

/** Codes, property names and scopes look like this, and names of people, addresses and numbers written by people do not get this far. */
function isWord(text: string | undefined): text is string {
  return text !== undefined && /^[a-z][a-z0-9_.-]{0,119}$/i.test(text)
}

/** Undefined for what is no JSON: an HTML page from a proxy, or a cut answer. The parser's own error would quote it. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

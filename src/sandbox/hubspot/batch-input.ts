import { isObject, jsonBody } from './call.ts'
import type { Call } from './call.ts'
import { fieldsMissing, invalidRequest } from './errors.ts'

export const BATCH_MOST = 100

/** The inputs of a batch, at most a hundred unless another limit applies. */
export function batchInputs(inputs: unknown, most = BATCH_MOST): Record<string, unknown>[] {
  if (inputs === undefined) throw fieldsMissing(['inputs'])
  if (!Array.isArray(inputs) || !inputs.every(isObject)) throw invalidRequest('inputs must be an array of objects')
  // unverified: the text for more inputs than a batch takes.
  if (inputs.length > most) throw invalidRequest(`The maximum number of inputs supported in a batch request is ${most}`)
  return inputs
}

export function batchItems(call: Call, most: number): Record<string, unknown>[] {
  return batchInputs(jsonBody(call).inputs, most)
}

export function batchIds(inputs: unknown): string[] {
  return batchInputs(inputs).map((input) => {
    if (typeof input.id !== 'string' && typeof input.id !== 'number') throw invalidRequest('every input needs an id')
    return String(input.id)
  })
}

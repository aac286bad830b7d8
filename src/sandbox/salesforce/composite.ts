/** /composite and /composite/batch: several calls in one. Salesforce docs: REST API, Composite, Batch. */
import { apart, badRequest, halted, refuseTwins, ROLLED_BACK, run, runSteps, segmentsOf, stepsOf } from './subrequest.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { graphReply } from './graph.ts'
import { json, readJson } from './call.ts'
import { transaction } from './rehearse.ts'
import { treeReply } from './tree.ts'
import type { Call, Reply } from './call.ts'
import type { Route, Step } from './subrequest.ts'

const MOST = 25
/** Of these subrequests, how many may be queries or collections. */
const MOST_HEAVY = 5

/** `rest` are the segments after `composite`. */
export function compositeReply(call: Call, rest: readonly string[], route: Route): Reply {
  const kind = rest[0]?.toLowerCase()
  if (kind === undefined && call.method === 'GET') return json(200, resources(call))
  if (rest.length > (kind === 'tree' ? 2 : 1)) throw notFound()
  if (kind !== undefined && !['batch', 'graph', 'tree'].includes(kind)) throw notFound()
  if (call.method !== 'POST') throw wrongMethod(call, kind === undefined ? 'HEAD,GET,POST' : 'POST')
  if (kind === 'batch') return batch(call, route)
  if (kind === 'graph') return graphReply(call, route)
  return kind === 'tree' ? treeReply(call, rest[1]) : composite(call, route)
}

const resources = ({ base }: Call): object =>
  Object.fromEntries(['tree', 'batch', 'sobjects', 'graph'].map((name) => [name, `${base}/composite/${name}`]))

function composite(call: Call, route: Route): Reply {
  const body = readJson(call)
  const steps = stepsOf(body.compositeRequest, 'compositeRequest', MOST)
  refuseTwins(steps)
  if (steps.filter(isHeavy).length > MOST_HEAVY)
    throw badRequest(`The limit of ${MOST_HEAVY} query and sObject Collections subrequests was exceeded`)
  if (body.allOrNone !== true) return json(200, { compositeResponse: runSteps(call, steps, apart(route), false) })
  const compositeResponse = transaction(call.org, () => {
    const done = runSteps(call, steps, route, true)
    const keep = done.every(({ httpStatusCode }) => httpStatusCode < 400)
    return { keep, value: keep ? done : done.map((each) => (each.httpStatusCode < 400 ? halted(each.referenceId, ROLLED_BACK) : each)) }
  })
  return json(200, { compositeResponse })
}

function isHeavy({ url }: Step): boolean {
  try {
    const [first = '', second = ''] = segmentsOf(url).path.map((part) => part.toLowerCase())
    return first === 'query' || first === 'queryall' || (first === 'composite' && second === 'sobjects')
  } catch (error) {
    // What is wrong with the address is the answer of that subrequest.
    if (error instanceof Fault) return false
    throw error
  }
}

function batch(call: Call, route: Route): Reply {
  const body = readJson(call)
  const steps = stepsOf(body.batchRequests, 'batchRequests', MOST)
  let hasErrors = false
  const results = steps.map((step) => {
    if (hasErrors && body.haltOnError === true) {
      return { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }] }
    }
    const done = run(call, step, apart(route))
    if (done.httpStatusCode >= 400) hasErrors = true
    return { statusCode: done.httpStatusCode, result: done.body }
  })
  return json(200, { hasErrors, results })
}

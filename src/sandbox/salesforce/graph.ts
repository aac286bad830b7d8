/** /composite/graph: many composites in one call, each all or nothing. Salesforce docs: REST API, Composite Graphs. */
import { badRequest, halted, referencesOf, refuseTwins, ROLLED_BACK, runSteps, segmentsOf, stepsOf } from './subrequest.ts'
import { commitChanges } from './changes.ts'
import { Fault, notFound } from './fault.ts'
import { isObject, json, originOf, readJson } from './call.ts'
import { transaction } from './rehearse.ts'
import type { Call, Reply } from './call.ts'
import type { Done, Route, Step } from './subrequest.ts'

const FIRST_VERSION = 50
const LIMITS = { nodes: 500, graphs: 75, depth: 15, kinds: 15, failures: 14 }
/** unverified: code and words of the limits, and of the halt after too many failed graphs. */
const exceeded = (what: string, most: number): Fault => new Fault(400, 'LIMIT_EXCEEDED', `The limit of ${most} ${what} was exceeded`)
const TOO_MANY_FAILURES = 'Processing was halted because too many graphs failed.'

type Graph = { graphId: string; steps: Step[] }

export function graphReply(call: Call, route: Route): Reply {
  if (Number(call.version) < FIRST_VERSION) throw notFound()
  const graphs = graphsOf(readJson(call).graphs)
  let failures = 0
  const answers = graphs.map(({ graphId, steps }) => {
    const done =
      failures >= LIMITS.failures ? steps.map(({ referenceId }) => halted(referenceId, TOO_MANY_FAILURES)) : runGraph(call, steps, route)
    const isSuccessful = done.every(({ httpStatusCode }) => httpStatusCode < 400)
    if (!isSuccessful) failures += 1
    return { graphId, graphResponse: { compositeResponse: done }, isSuccessful }
  })
  return json(200, { graphs: answers })
}

function graphsOf(list: unknown): Graph[] {
  if (!Array.isArray(list) || !list.every(isObject)) throw badRequest('graphs must be a list of graphs')
  if (list.length > LIMITS.graphs) throw exceeded('graphs', LIMITS.graphs)
  const graphs = list.map(({ graphId, compositeRequest }): Graph => {
    if (typeof graphId !== 'string' || graphId === '') throw badRequest('each graph needs a graphId')
    const steps = stepsOf(compositeRequest, 'compositeRequest', LIMITS.nodes)
    refuseTwins(steps)
    checkShape(steps)
    return { graphId, steps }
  })
  if (new Set(graphs.map(({ graphId }) => graphId)).size !== graphs.length) throw badRequest('Duplicate graphId')
  if (graphs.reduce((sum, { steps }) => sum + steps.length, 0) > LIMITS.nodes) throw exceeded('nodes', LIMITS.nodes)
  return graphs
}

/** Nodes are records of objects; a node stands one deeper than the deepest it refers to. */
function checkShape(steps: readonly Step[]): void {
  const depth = new Map<string, number>()
  const kinds = new Set<string>()
  for (const step of steps) {
    const { path } = segmentsOf(step.url)
    if (path[0]?.toLowerCase() !== 'sobjects') throw badRequest(`The resource ${step.url} is not supported in a graph`)
    kinds.add(path[1]?.toLowerCase() ?? '')
    const below = referencesOf(step).map((id) => depth.get(id) ?? 0)
    depth.set(step.referenceId, 1 + Math.max(0, ...below))
  }
  if (kinds.size > LIMITS.kinds) throw exceeded('different nodes', LIMITS.kinds)
  if (Math.max(0, ...depth.values()) > LIMITS.depth) throw exceeded('levels', LIMITS.depth)
}

function runGraph(call: Call, steps: readonly Step[], route: Route): Done[] {
  const done = transaction(call.org, () => {
    const value = runSteps(call, steps, route, true)
    const keep = value.every(({ httpStatusCode }) => httpStatusCode < 400)
    return { keep, value: keep ? value : value.map((each) => (each.httpStatusCode < 400 ? halted(each.referenceId, ROLLED_BACK) : each)) }
  })
  commitChanges(call.org, originOf(call))
  return done
}

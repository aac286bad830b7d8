import type { Answer, Call } from './call.ts'
import { Refusal } from './errors.ts'
import type { ObjectTable } from './table.ts'

type Stage = { id: string; label: string; displayOrder: number; metadata: Record<string, string> }
type Pipeline = { id: string; label: string; displayOrder: number; stages: Stage[] }

/** Source: HubSpot docs, "Pipelines": the stages every portal begins with. */
const DEAL_STAGES: readonly (readonly [string, string, string])[] = [
  ['appointmentscheduled', 'Appointment Scheduled', '0.2'],
  ['qualifiedtobuy', 'Qualified To Buy', '0.4'],
  ['presentationscheduled', 'Presentation Scheduled', '0.6'],
  ['decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'],
  ['contractsent', 'Contract Sent', '0.9'],
  ['closedwon', 'Closed Won', '1.0'],
  ['closedlost', 'Closed Lost', '0.0'],
]
export const ORDER_PIPELINE = '14a2e10e-5471-408a-906e-c51f3b04369e'
/** The same ids in every portal (public code of several portals). A portal renames them as it likes: "Cancelled" is "Invoiced" in one. */
const ORDER_STAGES: readonly (readonly [string, string, boolean])[] = [
  ['4b27b500-f031-4927-9811-68a0b525cbae', 'Open', false],
  ['937ea84d-0a4f-4dcf-9028-3f9c2aafbf03', 'Processed', false],
  ['aa99e8d0-c1d5-4071-b915-d240bbb1aed9', 'Shipped', false],
  ['3725360f-519b-4b18-a593-494d60a29c9f', 'Delivered', true],
  ['3c85a297-e9ce-400b-b42e-9f16853d69d6', 'Cancelled', true],
]
const TICKET_STAGES = ['New', 'Waiting on contact', 'Waiting on us', 'Closed']

const PIPELINES: Readonly<Record<string, readonly Pipeline[]>> = {
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      displayOrder: 0,
      stages: DEAL_STAGES.map(([id, label, probability], displayOrder) => ({
        id,
        label,
        displayOrder,
        metadata: { isClosed: String(id.startsWith('closed')), probability },
      })),
    },
  ],
  orders: [
    {
      id: ORDER_PIPELINE,
      label: 'Order Pipeline',
      displayOrder: 0,
      stages: ORDER_STAGES.map(([id, label, isClosed], displayOrder) => ({
        id,
        label,
        displayOrder,
        metadata: { isClosed: String(isClosed) },
      })),
    },
  ],
  tickets: [
    {
      id: '0',
      label: 'Support Pipeline',
      displayOrder: 0,
      stages: TICKET_STAGES.map((label, displayOrder) => ({
        id: String(displayOrder + 1),
        label,
        displayOrder,
        metadata: { isClosed: String(label === 'Closed'), ticketState: label === 'Closed' ? 'CLOSED' : 'OPEN' },
      })),
    },
  ],
}

const AT = '2020-01-01T00:00:00Z'

function wireStage(stage: Stage): Record<string, unknown> {
  return { ...stage, createdAt: AT, updatedAt: AT, archived: false }
}

function wirePipeline({ stages, ...pipeline }: Pipeline): Record<string, unknown> {
  return { ...pipeline, stages: stages.map(wireStage), createdAt: AT, updatedAt: AT, archived: false }
}

/** Types without pipelines have an empty list. */
export function listPipelines(table: ObjectTable): Answer {
  return { status: 200, body: { results: (PIPELINES[table.kind.name] ?? []).map(wirePipeline) } }
}

export function getPipeline(table: ObjectTable, call: Call): Answer {
  return { status: 200, body: wirePipeline(findPipeline(table, call.parts[0]!)) }
}

export function listStages(table: ObjectTable, call: Call): Answer {
  return { status: 200, body: { results: findPipeline(table, call.parts[0]!).stages.map(wireStage) } }
}

export function getStage(table: ObjectTable, call: Call): Answer {
  const [pipeline, id] = call.parts as [string, string]
  const stage = findPipeline(table, pipeline).stages.find((known) => known.id === id)
  if (stage === undefined) throw missing('stage', id)
  return { status: 200, body: wireStage(stage) }
}

function findPipeline(table: ObjectTable, id: string): Pipeline {
  const pipeline = PIPELINES[table.kind.name]?.find((known) => known.id === id)
  if (pipeline === undefined) throw missing('pipeline', id)
  return pipeline
}

/** unverified: the text for a pipeline or stage that is not there. */
function missing(what: string, id: string): Refusal {
  return new Refusal(404, { message: `Unable to find ${what} with ID ${id.slice(0, 40)}`, category: 'OBJECT_NOT_FOUND' })
}

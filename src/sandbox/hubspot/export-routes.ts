import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { notFound, Refusal } from './errors.ts'
import { FILE_LIFE_MS } from './export.ts'
import type { ExportTask } from './export.ts'
import { writeExport } from './export-file.ts'
import { readOrder } from './export-input.ts'
import { instant } from './instant.ts'
import { nextGuid } from './marketing.ts'
import type { Portal } from './portal.ts'

/** Exports in any 24 hours, at work one after the other. Source: HubSpot docs, "CRM exports". */
const MOST_A_DAY = 30
const DAY_MS = 86_400_000

export function startExport(portal: Portal, call: Call): Answer {
  const order = readOrder(portal, call, jsonBody(call))
  const { marketing, clock } = portal
  const now = clock.now()
  const lately = marketing.exports.filter(({ requestedAt }) => now - requestedAt < DAY_MS)
  // unverified: the text.
  if (lately.length >= MOST_A_DAY) {
    throw new Refusal(429, { message: `No more than ${MOST_A_DAY} exports can be created in 24 hours`, category: 'RATE_LIMITS' })
  }
  const startedAt = Math.max(now, ...lately.map(({ completedAt }) => completedAt))
  const completedAt = startedAt + marketing.settings.exportMs
  const key = nextGuid(marketing)
  const id = 100_000 + marketing.serial
  marketing.exports = [...lately, { id, order, requestedAt: now, startedAt, completedAt, key, records: null, file: null }]
  clock.at(completedAt, () => settleExports(portal))
  clock.at(completedAt + FILE_LIFE_MS, () => settleExports(portal))
  return { status: 202, body: { id: String(id), links: { status: `${call.origin}/crm/v3/exports/export/async/tasks/${id}/status` } } }
}

/** Writes the files whose time has come and drops those whose address has died. */
function settleExports(portal: Portal): void {
  const now = portal.clock.now()
  for (const task of portal.marketing.exports) {
    if (task.records === null && now >= task.completedAt) Object.assign(task, writeExport(task.order, task.completedAt))
    if (now >= task.completedAt + FILE_LIFE_MS) task.file = null
  }
}

function findTask(portal: Portal, id: string): ExportTask {
  settleExports(portal)
  const task = portal.marketing.exports.find((known) => String(known.id) === id)
  if (task === undefined) throw notFound()
  return task
}

type State = 'PENDING' | 'PROCESSING' | 'COMPLETE'

function stateOf(portal: Portal, { startedAt, completedAt }: ExportTask): State {
  const now = portal.clock.now()
  if (now >= completedAt) return 'COMPLETE'
  return now >= startedAt ? 'PROCESSING' : 'PENDING'
}

export function exportStatus(portal: Portal, call: Call): Answer {
  const task = findTask(portal, call.parts[0]!)
  const status = stateOf(portal, task)
  const now = portal.clock.now()
  const times = {
    requestedAt: instant(task.requestedAt),
    startedAt: instant(Math.min(task.startedAt, now)),
    completedAt: instant(Math.min(task.completedAt, now)),
  }
  const result = status === 'COMPLETE' ? { result: `${call.origin}/exports/files/${task.key}` } : {}
  return { status: 200, body: { status, ...result, ...times } }
}

const EXPORT_STATES: Record<State, string> = { PENDING: 'ENQUEUED', PROCESSING: 'PROCESSING', COMPLETE: 'DONE' }

export function describeExport(portal: Portal, call: Call): Answer {
  const task = findTask(portal, call.parts[0]!)
  const { exportName, exportType, table, objectProperties } = task.order
  const state = stateOf(portal, task)
  return {
    status: 200,
    body: {
      id: String(task.id),
      exportName,
      exportType,
      objectType: table.kind.constant,
      objectProperties,
      exportState: EXPORT_STATES[state],
      ...(task.records === null ? {} : { recordCount: task.records }),
      createdAt: instant(task.requestedAt),
      updatedAt: instant(Math.min(portal.clock.now(), state === 'PENDING' ? task.requestedAt : task.completedAt)),
    },
  }
}

/** The file itself, at an address that needs no credentials. unverified: the answer once the address has died. */
export function fetchExport(portal: Portal, call: Call): Answer {
  settleExports(portal)
  const task = portal.marketing.exports.find(({ key }) => key === call.parts[0])
  if (task === undefined) throw notFound()
  if (task.file === null) throw new Refusal(403, { message: 'Request has expired' })
  const { name, type, bytes } = task.file
  return { status: 200, body: bytes, headers: ['Content-Type', type, 'Content-Disposition', `attachment; filename="${name}"`] }
}

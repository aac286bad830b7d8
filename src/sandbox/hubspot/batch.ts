import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { LIVE } from './columns.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { startPage, takePage, writeRecord, writeText } from './page.ts'
import type { Portal } from './portal.ts'
import { batchIds, batchInputs, couldNotGet, idByProperty, planFor } from './read.ts'
import { archiveRecord, changeRecord } from './records.ts'
import { acceptNew, acceptPatch, addContact, API_SOURCE, now, patchRow } from './write.ts'

type Written = { row: number; isNew?: boolean; trace: string | undefined }
type BatchError = Record<string, unknown>
type Input = Record<string, unknown>

/** POST batch/update: by record id only; missing ids make a 207, a bad value refuses the call unless every input carries a trace id. */
export function batchUpdate(portal: Portal, call: Call): Answer {
  const inputs = batchInputs(jsonBody(call).inputs)
  const startedAt = now(portal)
  const ids = batchIds(inputs)
  refuseDuplicates(ids)
  const errors: BatchError[] = []
  const missing: string[] = []
  const accepted: { row: number; changes: Map<number, string>; trace: string | undefined }[] = []
  const partial = everyTraced(inputs)
  inputs.forEach((input, position) => {
    if (typeof input.idProperty === 'string' && input.idProperty !== 'hs_object_id') return errors.push(nonUnique(ids[position]!))
    const row = portal.store.row(Number(ids[position]))
    if (row < 0 || portal.store.columns.status[row] !== LIVE) return missing.push(ids[position]!)
    return attempt(partial, input, errors, () => {
      accepted.push({ row, changes: acceptPatch(portal, call.token, row, input.properties), trace: traceOf(input) })
    })
  })
  refuseShared(
    portal,
    accepted.map(({ changes }) => changes),
  )
  for (const { row, changes } of accepted) changeRecord(portal, row, changes, API_SOURCE)
  if (missing.length > 0) errors.push(couldNotGet(missing))
  return batchAnswer(portal, call, 200, accepted, errors, startedAt)
}

/** POST batch/create: one conflict refuses the whole call, unless every input carries its own objectWriteTraceId. */
export function batchCreate(portal: Portal, call: Call): Answer {
  const inputs = batchInputs(jsonBody(call).inputs)
  const startedAt = now(portal)
  const partial = everyTraced(inputs)
  const errors: BatchError[] = []
  const written: Written[] = []
  if (!partial) {
    const accepted = inputs.map((input) => acceptNew(portal, call.token, input.properties ?? {}))
    refuseShared(portal, accepted)
    for (const values of accepted) written.push({ row: addContact(portal, call.token, values), trace: undefined })
  } else {
    for (const input of inputs) {
      attempt(true, input, errors, () => {
        const values = acceptNew(portal, call.token, input.properties ?? {})
        written.push({ row: addContact(portal, call.token, values), trace: traceOf(input) })
      })
    }
  }
  return batchAnswer(portal, call, 201, written, errors, startedAt)
}

/** POST batch/upsert: by email or a unique property; by email it is all or nothing (HubSpot docs, "Contacts"). */
export function batchUpsert(portal: Portal, call: Call): Answer {
  const inputs = batchInputs(jsonBody(call).inputs)
  const ids = batchIds(inputs)
  const startedAt = now(portal)
  refuseDuplicates(ids.map((id) => id.toLowerCase()))
  const byEmail = inputs.some((input) => input.idProperty === 'email')
  const partial = !byEmail && everyTraced(inputs)
  const errors: BatchError[] = []
  const steps: Step[] = []
  inputs.forEach((input, position) => {
    attempt(partial, input, errors, () => steps.push(upsertStep(portal, call, input, ids[position]!)))
  })
  refuseShared(
    portal,
    steps.map((step) => step.values),
  )
  const written = steps.map((step) => step.run())
  return batchAnswer(portal, call, 200, written, errors, startedAt)
}

/** One checked input of an upsert: what it will set, and how. */
type Step = { values: ReadonlyMap<number, string>; run: () => Written }

/** Checks one upsert and returns the step that does it. */
function upsertStep(portal: Portal, call: Call, input: Input, id: string): Step {
  if (typeof input.idProperty !== 'string' || input.idProperty === '' || input.idProperty === 'hs_object_id') {
    const row = portal.store.row(Number(id))
    if (row < 0 || portal.store.columns.status[row] !== LIVE) throw new Refusal(404, couldNotGet([id]) as { message: string })
    const values = acceptPatch(portal, call.token, row, input.properties)
    return { values, run: () => updated(portal, call, row, input) }
  }
  const property = input.idProperty
  const found = idByProperty(portal, property, id)
  if (found !== undefined) {
    const row = portal.store.row(found)
    const values = acceptPatch(portal, call.token, row, input.properties)
    return { values, run: () => updated(portal, call, row, input) }
  }
  const values = acceptNew(portal, call.token, { ...(input.properties as Input), [property]: id })
  return { values, run: () => ({ row: addContact(portal, call.token, values), isNew: true, trace: traceOf(input) }) }
}

function updated(portal: Portal, call: Call, row: number, input: Input): Written {
  patchRow(portal, call.token, row, input.properties)
  return { row, isNew: false, trace: traceOf(input) }
}

export function batchArchive(portal: Portal, call: Call): Answer {
  for (const id of batchIds(jsonBody(call).inputs)) {
    const row = portal.store.row(Number(id))
    if (row >= 0 && portal.store.columns.status[row] === LIVE) archiveRecord(portal, row)
  }
  return { status: 204 }
}

function batchAnswer(
  portal: Portal,
  call: Call,
  status: number,
  written: readonly Written[],
  errors: readonly BatchError[],
  startedAt: string,
): Answer {
  const plan = planFor(portal, call, 'set')
  startPage()
  writeText('{"status":"COMPLETE","results":[')
  written.forEach(({ row, isNew, trace }, position) => {
    if (position > 0) writeText(',')
    writeRecord(portal.store, row, plan, portal.id)
    if (isNew !== undefined) writeText(`,"new":${isNew}`)
    writeText(trace === undefined ? '}' : `,"objectWriteTraceId":${JSON.stringify(trace)}}`)
  })
  const tail = errors.length === 0 ? '' : `,"numErrors":${errors.length},"errors":${JSON.stringify(errors)}`
  writeText(`],"startedAt":"${startedAt}","completedAt":"${now(portal)}"${tail}}`)
  return { status: errors.length > 0 && call.dialect !== '2026-09' ? 207 : status, body: takePage() }
}

/** Runs one input's check; with `partial` its refusal becomes an error of the batch that names the input. */
function attempt(partial: boolean, input: Input, errors: BatchError[], check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!partial || !(error instanceof Refusal)) throw error
    const context = isContext(error.body.context) ? error.body.context : {}
    errors.push({ ...error.body, status: 'error', context: { ...context, objectWriteTraceId: [traceOf(input)] } })
  }
}

function isContext(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function everyTraced(inputs: readonly Input[]): boolean {
  const traces = new Set(inputs.map(traceOf))
  return inputs.length > 0 && !traces.has(undefined) && traces.size === inputs.length
}

function traceOf(input: Input): string | undefined {
  return typeof input.objectWriteTraceId === 'string' && input.objectWriteTraceId !== '' ? input.objectWriteTraceId : undefined
}

/** Two inputs of one batch may not take the same address or unique value. */
function refuseShared(portal: Portal, changes: readonly ReadonlyMap<number, string>[]): void {
  for (const property of [portal.properties.indexOf('email'), ...portal.uniques.keys()]) {
    refuseDuplicates(changes.map((values) => values.get(property) ?? '').filter((value) => value !== ''))
  }
}

function refuseDuplicates(ids: readonly string[]): void {
  const seen = new Set<string>()
  const twice: string[] = []
  for (const id of ids) {
    if (seen.has(id)) twice.push(id)
    seen.add(id)
  }
  if (twice.length > 0) throw invalidRequest(`Duplicate IDs found in batch input: [${twice.join(', ')}]. IDs must be unique`)
}

function nonUnique(id: string): BatchError {
  const message = 'Unable to perform update/upsert by non-unique 0-1 property'
  return { status: 'error', category: 'VALIDATION_ERROR', message, context: { ids: [id] } }
}

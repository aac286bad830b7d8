import { acceptAssociations } from './association-write.ts'
import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { LIVE } from './columns.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { startPage, takePage, writeRecord, writeText } from './page.ts'
import { API_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'
import { batchIds, batchInputs } from './batch-input.ts'
import { couldNotGet, idByProperty, planFor } from './read.ts'
import { archiveRecord, changeRecord } from './records.ts'
import type { Values } from './store.ts'
import { acceptNew, acceptPatch, addNew, now, patchRow } from './write.ts'

type Written = { row: number; isNew?: boolean; trace: string | undefined }
type BatchError = Record<string, unknown>
type Input = Record<string, unknown>

/** POST batch/update: by record id only; missing ids make a 207, a bad value refuses the call unless every input carries a trace id. */
export function batchUpdate(table: ObjectTable, call: Call): Answer {
  const inputs = batchInputs(jsonBody(call).inputs)
  const startedAt = now(table)
  const ids = batchIds(inputs)
  refuseDuplicates(ids)
  const errors: BatchError[] = []
  const missing: string[] = []
  const accepted: { row: number; changes: Map<number, string>; trace: string | undefined }[] = []
  const partial = everyTraced(inputs)
  inputs.forEach((input, position) => {
    if (typeof input.idProperty === 'string' && input.idProperty !== 'hs_object_id') return errors.push(nonUnique(table, ids[position]!))
    const row = table.store.row(Number(ids[position]))
    if (row < 0 || table.store.columns.status[row] !== LIVE) return missing.push(ids[position]!)
    return attempt(partial, input, errors, () => {
      accepted.push({ row, changes: acceptPatch(table, call.token, row, input.properties), trace: traceOf(input) })
    })
  })
  refuseShared(
    table,
    accepted.map(({ changes }) => changes),
  )
  for (const { row, changes } of accepted) changeRecord(table, row, changes, API_SOURCE)
  if (missing.length > 0) errors.push(couldNotGet(table, missing))
  return batchAnswer(table, call, 200, accepted, errors, startedAt)
}

/** POST batch/create: one conflict refuses the whole call, unless every input carries its own objectWriteTraceId. */
export function batchCreate(table: ObjectTable, call: Call): Answer {
  const inputs = batchInputs(jsonBody(call).inputs)
  const startedAt = now(table)
  const partial = everyTraced(inputs)
  const errors: BatchError[] = []
  const written: Written[] = []
  if (!partial) {
    const accepted = inputs.map((input) => ({ ...acceptInput(table, call, input), trace: undefined }))
    refuseShared(
      table,
      accepted.map(({ values }) => values),
    )
    for (const one of accepted) written.push(addInput(table, call, one))
  } else {
    for (const input of inputs) {
      attempt(true, input, errors, () => {
        written.push(addInput(table, call, { ...acceptInput(table, call, input), trace: traceOf(input) }))
      })
    }
  }
  return batchAnswer(table, call, 201, written, errors, startedAt)
}

type AcceptedInput = { values: Values; associate: (id: number) => void; trace: string | undefined }

function acceptInput(table: ObjectTable, call: Call, input: Input): Omit<AcceptedInput, 'trace'> {
  const associate = acceptAssociations(table, input.associations)
  return { values: acceptNew(table, call.token, input.properties ?? {}), associate }
}

function addInput(table: ObjectTable, call: Call, { values, associate, trace }: AcceptedInput): Written {
  const row = addNew(table, call.token, values)
  associate(table.store.columns.id[row]!)
  return { row, trace }
}

/** POST batch/upsert: by email or a unique property; by email it is all or nothing (HubSpot docs, "Contacts"). */
export function batchUpsert(table: ObjectTable, call: Call): Answer {
  const inputs = batchInputs(jsonBody(call).inputs)
  const ids = batchIds(inputs)
  const startedAt = now(table)
  refuseDuplicates(ids.map((id) => id.toLowerCase()))
  const byEmail = inputs.some((input) => input.idProperty === 'email')
  const partial = !byEmail && everyTraced(inputs)
  const errors: BatchError[] = []
  const steps: Step[] = []
  inputs.forEach((input, position) => {
    attempt(partial, input, errors, () => steps.push(upsertStep(table, call, input, ids[position]!)))
  })
  refuseShared(
    table,
    steps.map((step) => step.values),
  )
  const written = steps.map((step) => step.run())
  return batchAnswer(table, call, 200, written, errors, startedAt)
}

/** One checked input of an upsert: what it will set, and how. */
type Step = { values: ReadonlyMap<number, string>; run: () => Written }

/** Checks one upsert and returns the step that does it. */
function upsertStep(table: ObjectTable, call: Call, input: Input, id: string): Step {
  if (typeof input.idProperty !== 'string' || input.idProperty === '' || input.idProperty === 'hs_object_id') {
    const row = table.store.row(Number(id))
    if (row < 0 || table.store.columns.status[row] !== LIVE) throw new Refusal(404, couldNotGet(table, [id]) as { message: string })
    const values = acceptPatch(table, call.token, row, input.properties)
    return { values, run: () => updated(table, call, row, input) }
  }
  const property = input.idProperty
  const found = idByProperty(table, property, id, 'update/upsert')
  if (found !== undefined) {
    const row = table.store.row(found)
    const values = acceptPatch(table, call.token, row, input.properties)
    return { values, run: () => updated(table, call, row, input) }
  }
  const values = acceptNew(table, call.token, { ...(input.properties as Input), [property]: id })
  return { values, run: () => ({ row: addNew(table, call.token, values), isNew: true, trace: traceOf(input) }) }
}

function updated(table: ObjectTable, call: Call, row: number, input: Input): Written {
  patchRow(table, call.token, row, input.properties)
  return { row, isNew: false, trace: traceOf(input) }
}

export function batchArchive(table: ObjectTable, call: Call): Answer {
  for (const id of batchIds(jsonBody(call).inputs)) {
    const row = table.store.row(Number(id))
    if (row >= 0 && table.store.columns.status[row] === LIVE) archiveRecord(table, row, API_SOURCE)
  }
  return { status: 204 }
}

function batchAnswer(
  table: ObjectTable,
  call: Call,
  status: number,
  written: readonly Written[],
  errors: readonly BatchError[],
  startedAt: string,
): Answer {
  const plan = planFor(table, call, 'set')
  startPage()
  writeText('{"status":"COMPLETE","results":[')
  written.forEach(({ row, isNew, trace }, position) => {
    if (position > 0) writeText(',')
    writeRecord(table, row, plan)
    if (isNew !== undefined) writeText(`,"new":${isNew}`)
    writeText(trace === undefined ? '}' : `,"objectWriteTraceId":${JSON.stringify(trace)}}`)
  })
  const tail = errors.length === 0 ? '' : `,"numErrors":${errors.length},"errors":${JSON.stringify(errors)}`
  writeText(`],"startedAt":"${startedAt}","completedAt":"${now(table)}"${tail}}`)
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
function refuseShared(table: ObjectTable, changes: readonly ReadonlyMap<number, string>[]): void {
  for (const property of [table.properties.indexOf('email'), ...table.uniques.keys()]) {
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

function nonUnique(table: ObjectTable, id: string): BatchError {
  const message = `Unable to perform update/upsert by non-unique ${table.kind.typeId} property`
  return { status: 'error', category: 'VALIDATION_ERROR', message, context: { ids: [id] } }
}

/** Custom fields through the Tooling API, which also knows those that field-level security hides. */
import type { WantedField } from '../connector.ts'
import { makeOnce } from '../http.ts'
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { CreateAnswer, FieldMetadata, QueryAnswer, shaped } from './payloads.ts'
import { quote } from './soql.ts'

/** Salesforce shows a multi-select as a box of this many lines. */
const VISIBLE_LINES = 6
const TEXT_LENGTH = 255

/** API names (`X__c`) of the custom fields of one object, with their Tooling ids; `null` when this user may not look into the setup. */
export async function customFields(org: Org, object: string, signal: AbortSignal): Promise<ReadonlyMap<string, string> | null> {
  const q = `SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = ${quote(object)} AND NamespacePrefix = null`
  const reply = await org.client.json(
    { method: 'GET', path: '/tooling/query', query: { q }, doing: `list the custom fields of ${object}` },
    signal,
  )
  if (!reply.ok) {
    org.deps.log('salesforce.tooling-refused', { status: reply.status, code: reply.faults[0]?.code ?? '' })
    return null
  }
  const answer = shaped(QueryAnswer, reply.body, 'the custom fields')
  return new Map(answer.records.map((row) => [`${String(row['DeveloperName'])}__c`, String(row['Id'])]))
}

export async function customFieldNames(org: Org, object: string, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
  const fields = await customFields(org, object, signal)
  return fields && new Set(fields.keys())
}

/** `present` when somebody else was faster; otherwise why Salesforce refused. */
export async function createField(org: Org, field: WantedField, signal: AbortSignal): Promise<'created' | 'present' | { refused: string }> {
  const doing = `create ${field.object}.${field.name}`
  const body = { FullName: `${field.object}.${field.name}`, Metadata: metadataOf(field) }
  const call = { method: 'POST', path: '/tooling/sobjects/CustomField', body, doing } as const
  const reply = await makeOnce<'made' | Awaited<ReturnType<typeof org.client.json>>>(
    () => org.client.json(call, signal),
    async () => ((await customFields(org, field.object, signal))?.has(field.name) ? 'made' : undefined),
  )
  if (reply === 'made') return 'created'
  if (reply.ok) {
    shaped(CreateAnswer, reply.body, 'the new field')
    return 'created'
  }
  if (reply.faults.some((fault) => fault.code === 'DUPLICATE_DEVELOPER_NAME')) return 'present'
  const error = refusal(doing, reply.status, reply.faults)
  if (error.kind !== 'refused' && error.kind !== 'scope') throw error
  return { refused: error.message }
}

function metadataOf(field: WantedField): Record<string, unknown> {
  const common = { label: field.label, description: field.description, inlineHelpText: field.description.slice(0, TEXT_LENGTH) }
  const value = (field.options ?? []).map((option) => ({ fullName: option.value, label: option.label, default: false, isActive: true }))
  // Restricted: a value that is none of ours must not come in through an import.
  const valueSet = { restricted: true, valueSetDefinition: { sorted: false, value } }
  switch (field.type) {
    case 'enum':
      return { ...common, type: 'Picklist', valueSet }
    case 'multi':
      return { ...common, type: 'MultiselectPicklist', visibleLines: VISIBLE_LINES, valueSet }
    case 'date':
      return { ...common, type: 'Date' }
    case 'text':
      return { ...common, type: 'Text', length: TEXT_LENGTH }
  }
}

/** Adds values to the picklist of an existing field and leaves the rest of its definition as it is. */
export async function addOptions(
  org: Org,
  id: string,
  options: readonly { value: string; label: string }[],
  signal: AbortSignal,
): Promise<string | null> {
  const q = `SELECT Id, Metadata FROM CustomField WHERE Id = ${quote(id)}`
  const { body } = await org.client.demand(
    { method: 'GET', path: '/tooling/query', query: { q }, doing: 'read the definition of a field' },
    signal,
  )
  const { Metadata } = shaped(FieldMetadata, shaped(QueryAnswer, body, 'a field').records[0], 'the definition of a field')
  if (Metadata.valueSet.valueSetDefinition == null) return 'its values come from a global value set; add them there'
  const definition = Metadata.valueSet.valueSetDefinition
  const added = options.map((option) => ({ fullName: option.value, label: option.label, default: false, isActive: true }))
  const valueSet = { ...Metadata.valueSet, valueSetDefinition: { ...definition, value: [...definition.value, ...added] } }
  const doing = 'add values to a picklist'
  const request = {
    method: 'PATCH',
    path: `/tooling/sobjects/CustomField/${id}`,
    body: { Metadata: { ...Metadata, valueSet } },
    doing,
  } as const
  const reply = await org.client.json(request, signal)
  return reply.ok ? null : refusal(doing, reply.status, reply.faults).message
}

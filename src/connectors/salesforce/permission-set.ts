/** The permission set that lets the integration user see and write the fields it owns. */
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { CreateAnswer, QueryAnswer, type Row, shaped } from './payloads.ts'
import { quote } from './soql.ts'

export const PERMISSION_SET = 'Accord'

export type Grant = { id: string; read: boolean; edit: boolean }
export type SetState = { id: string | null; assigned: boolean; /** By `Object.Field__c`. */ grants: ReadonlyMap<string, Grant> }

export async function readPermissionSet(org: Org, signal: AbortSignal): Promise<SetState> {
  const [set] = await rows(org, `SELECT Id FROM PermissionSet WHERE Name = ${quote(PERMISSION_SET)} AND IsOwnedByProfile = false`, signal)
  if (!set) return { id: null, assigned: false, grants: new Map() }
  const id = String(set['Id'])
  const { user } = await org.client.access(signal)
  const assignments = await rows(
    org,
    `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = ${quote(id)} AND AssigneeId = ${quote(user)}`,
    signal,
  )
  const fields = await rows(
    org,
    `SELECT Id, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE ParentId = ${quote(id)}`,
    signal,
  )
  const grants = fields.map((row): [string, Grant] => [
    String(row['Field']),
    { id: String(row['Id']), read: row['PermissionsRead'] === true, edit: row['PermissionsEdit'] === true },
  ])
  return { id, assigned: assignments.length > 0, grants: new Map(grants) }
}

async function rows(org: Org, q: string, signal: AbortSignal): Promise<readonly Row[]> {
  const { body } = await org.client.demand({ method: 'GET', path: '/query', query: { q }, doing: 'read the permission set' }, signal)
  const answer = shaped(QueryAnswer, body, 'the permission set')
  // Two thousand grants would be a permission set of somebody else's making.
  if (!answer.done) throw refusal('list the permission set in one answer', 200, [])
  return answer.records
}

/** Makes the set where it is missing, and gives its id. */
export async function makePermissionSet(org: Org, signal: AbortSignal): Promise<string> {
  const body = { Name: PERMISSION_SET, Label: PERMISSION_SET, Description: 'Fields that Accord reads and writes' }
  return create(org, 'PermissionSet', body, signal)
}

export async function assignPermissionSet(org: Org, id: string, signal: AbortSignal): Promise<void> {
  const { user } = await org.client.access(signal)
  await create(org, 'PermissionSetAssignment', { PermissionSetId: id, AssigneeId: user }, signal)
}

/** Read and Edit on one field: a field made through the API is hidden even from its maker until then. */
export async function grantField(
  org: Org,
  set: string,
  object: string,
  field: string,
  held: Grant | undefined,
  signal: AbortSignal,
): Promise<void> {
  const rights = { PermissionsRead: true, PermissionsEdit: true }
  if (held) {
    const path = `/sobjects/FieldPermissions/${held.id}`
    await org.client.demand({ method: 'PATCH', path, body: rights, doing: `grant Edit on ${object}.${field}`, repeatable: true }, signal)
    return
  }
  await create(org, 'FieldPermissions', { ParentId: set, SobjectType: object, Field: `${object}.${field}`, ...rights }, signal)
}

async function create(org: Org, object: string, body: object, signal: AbortSignal): Promise<string> {
  const reply = await org.client.demand({ method: 'POST', path: `/sobjects/${object}`, body, doing: `create ${object}` }, signal)
  return shaped(CreateAnswer, reply.body, object).id
}

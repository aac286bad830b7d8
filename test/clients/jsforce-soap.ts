/** The SOAP, Metadata and Tooling calls of jsforce. */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import type { Connection } from 'jsforce'
import type { Report } from './round.ts'

/** Members that the declarations of jsforce ask for, though the API does not. */
type Loose = never

/** jsforce answers one result or a list, and declares either as it pleases. */
const success = (results: unknown): boolean[] =>
  (Array.isArray(results) ? results : [results]).map((each: { success: boolean }) => each.success)

export async function soapSteps({ step }: Report, conn: Connection): Promise<void> {
  await step('SOAP create, delete, undelete, emptyRecycleBin', async () => {
    const made = await conn.soap.create({ type: 'Contact', LastName: 'Soap' })
    equal(made.success, true)
    const id = String(made.id)
    deepEqual(success(await conn.soap.delete([id])), [true])
    deepEqual(success(await conn.soap.undelete([id])), [true])
    await conn.soap.delete([id])
    deepEqual(success(await conn.soap.emptyRecycleBin([id])), [true])
  })
  await step('SOAP merge', async () => {
    const made = await conn.create('Contact', [{ LastName: 'Winner' }, { LastName: 'Loser' }])
    const [winner, loser] = made.map(({ id }) => id ?? '')
    const request = { masterRecord: { type: 'Contact', Id: winner }, recordToMergeIds: [loser] }
    deepEqual(success(await conn.soap.merge(request as Loose)), [true])
  })
  await step('SOAP convertLead', async () => {
    const { id } = await conn.create('Lead', { LastName: 'Lead', Company: 'Company' })
    const status = (await conn.query<{ MasterLabel: string }>('SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true')).records[0]
    const request = { leadId: id, convertedStatus: status?.MasterLabel, doNotCreateOpportunity: true }
    const converted = await conn.soap.convertLead(request as Loose)
    match(String((converted as { contactId?: string }).contactId), /^003/)
  })
  await step('SOAP getUserInfo and getServerTimestamp', async () => {
    equal((await conn.soap.getUserInfo()).organizationId, '00D440000000001EAA')
    ok((await conn.soap.getServerTimestamp()).timestamp)
  })
  await step('a custom field through the Metadata API', async () => {
    const fullName = 'Contact.Client_Round__c'
    const field = { fullName, label: 'Client round', type: 'Text', length: 40 }
    deepEqual(success(await conn.metadata.create('CustomField', field as Loose)), [true])
    equal(((await conn.metadata.read('CustomField', fullName)) as { fullName?: string }).fullName, fullName)
    deepEqual(success(await conn.metadata.delete('CustomField', fullName)), [true])
  })
  await step('a custom field through the Tooling API, and its grant', async () => {
    const metadata = { FullName: 'Contact.Tooling_Round__c', Metadata: { type: 'Checkbox', label: 'Tooling round', defaultValue: false } }
    deepEqual(success(await conn.tooling.create('CustomField', metadata as Loose)), [true])
    const [set] = (await conn.query<{ PermissionSetId: string }>('SELECT PermissionSetId FROM PermissionSetAssignment LIMIT 1')).records
    const grant = {
      ParentId: set?.PermissionSetId ?? '',
      SobjectType: 'Contact',
      Field: 'Contact.Tooling_Round__c',
      PermissionsRead: true,
      PermissionsEdit: true,
    }
    equal((await conn.create('FieldPermissions', grant)).success, true)
    ok((await conn.describe('Contact')).fields.some(({ name }) => name === 'Tooling_Round__c'))
  })
}

/** The custom fields of the demo org, on Contact and Lead alike, granted to the integration user. */
import { addCustomField, grantField } from './custom-field.ts'
import { metadataOf, shapedField } from './shape-field.ts'
import { refreshGrants, tableOf } from './grants.ts'
import type { FieldType } from './schema-object.ts'
import type { Org } from './org.ts'

const FIELDS: readonly (readonly [string, FieldType, string?])[] = [
  ['Privacy_Notice_Date__c', 'date'],
  ['Optout_Offered_Date__c', 'date'],
  ['Contract_Status__c', 'picklist', 'active;ended'],
  ['Contract_End_Date__c', 'date'],
  ['Warranty_End_Date__c', 'date'],
  ['Customer_Since__c', 'date'],
  ['Last_Purchase_Date__c', 'date'],
  ['Account_Created_Date__c', 'date'],
  ['Last_Sign_In__c', 'datetime'],
  ['Event_Registered_Date__c', 'date'],
  ['Newsletter_Status__c', 'picklist', 'subscribed;unsubscribed'],
  ['Partner_List_Version__c', 'string'],
  ['Siren__c', 'string'],
  ['Interests__c', 'multipicklist'],
  ['Collection_Source__c', 'picklist', 'person;purchased;partner;public;import'],
  ['Collection_Date__c', 'date'],
  ['Legal_Hold__c', 'boolean'],
  ['Processing_Restricted__c', 'boolean'],
  ['Sales_Notes__c', 'textarea'],
  ['Children_Count__c', 'double'],
  ['Lead_Magnet_Code__c', 'string'],
  ['Old_Crm_Id__c', 'string'],
]
const CONSENTS = ['Newsletter_Email', 'Prospect_Email', 'Prospect_Sms', 'Prospect_Call', 'Open_Tracking', 'Partner_Email']

export function addDemoFields(org: Org): void {
  const consents = CONSENTS.flatMap((name): (readonly [string, FieldType, string?])[] => [
    [`Consent_${name}__c`, 'picklist', 'yes;no;withdrawn'],
    [`Consent_${name}_Date__c`, 'datetime'],
    [`Consent_${name}_Text__c`, 'string'],
  ])
  for (const object of ['Contact', 'Lead']) {
    const table = tableOf(org, object)
    for (const [name, type, values] of [...FIELDS, ...consents]) {
      const field = shapedField(name, type, values?.split(';') ?? [])
      addCustomField(org, table, field, metadataOf(field))
      grantField(org, table, field)
    }
  }
  refreshGrants(org)
}

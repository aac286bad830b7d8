import { defineProperty, option } from './property.ts'
import type { Property } from './property.ts'

/** The custom properties of the demo portal: `name type fieldType` and option values. */
const DEMO_TABLE: readonly (readonly [string, string, string, string?])[] = [
  ['privacy_notice_date', 'date', 'date'],
  ['optout_offered_date', 'date', 'date'],
  ['contract_status', 'enumeration', 'select', 'active|ended'],
  ['contract_end_date', 'date', 'date'],
  ['warranty_end_date', 'date', 'date'],
  ['customer_since', 'date', 'date'],
  ['last_purchase_date', 'date', 'date'],
  ['account_created_date', 'date', 'date'],
  ['last_sign_in', 'datetime', 'date'],
  ['event_registered_date', 'date', 'date'],
  ['newsletter_status', 'enumeration', 'select', 'subscribed|unsubscribed'],
  ['partner_list_version', 'string', 'text'],
  ['siren', 'string', 'text'],
  ['interests', 'enumeration', 'checkbox', ''],
  ['collection_source', 'enumeration', 'select', 'person|purchased|partner|public|import'],
  ['collection_date', 'date', 'date'],
  ['legal_hold', 'bool', 'booleancheckbox', 'true|false'],
  ['processing_restricted', 'bool', 'booleancheckbox', 'true|false'],
  ['sales_notes', 'string', 'textarea'],
  ['children_count', 'number', 'number'],
  ['lead_magnet_code', 'string', 'text'],
  ['old_crm_id', 'string', 'text'],
]

const CONSENTS = [
  'newsletter_email',
  'prospecting_consumer_email',
  'prospecting_consumer_sms',
  'prospecting_consumer_call',
  'open_tracking_email',
  'partner_sharing_email',
]

export function demoProperties(now: number): Property[] {
  const consents = CONSENTS.flatMap((purpose): (readonly [string, string, string, string?])[] => [
    [`consent_${purpose}`, 'enumeration', 'select', 'yes|no|withdrawn'],
    [`consent_${purpose}_date`, 'datetime', 'date'],
    [`consent_${purpose}_text`, 'string', 'text'],
  ])
  return [...DEMO_TABLE, ...consents].map(([name, type, fieldType, values]) =>
    defineProperty(
      {
        name,
        type,
        fieldType,
        groupName: 'contactinformation',
        formField: true,
        options: (values === undefined || values === '' ? [] : values.split('|')).map((value, index) => option(value, index)),
      },
      now,
    ),
  )
}

/** What tells one object type from another, as far as the API shows it. Source: HubSpot docs, "Understanding the CRM" and the page of each object. */
export type ObjectKind = {
  /** Plural, as paths have it. */
  name: string
  singular: string
  typeId: string
  /** As error texts and exports name it. */
  constant: string
  /** Names of the properties that hold the two dates of a record. */
  created: 'createdate' | 'hs_createdate'
  updated: 'lastmodifieddate' | 'hs_lastmodifieddate'
  /** Property that names a record on screens. */
  display: string
  /** Returned when nothing was asked, besides id and dates. */
  defaults: readonly string[]
  /** Without these no record is created. */
  required: readonly string[]
  /** Fields behind `query` of a search. */
  searched: readonly string[]
  /** Group of properties that only seeded data names. */
  group: string
  scopes: Record<'read' | 'write' | 'schemaRead' | 'schemaWrite', readonly string[]>
  /** Notes, calls and the like: hang on other records and need `hs_timestamp`. */
  activity: boolean
}

function scopesOf(name: string): ObjectKind['scopes'] {
  const [read, write] = [`crm.objects.${name}.read`, `crm.objects.${name}.write`]
  return { read: [read], write: [write], schemaRead: [`crm.schemas.${name}.read`, read], schemaWrite: [`crm.schemas.${name}.write`, write] }
}

const CONTACT_SCOPES = scopesOf('contacts')
/** unverified: newer apps may name a scope of their own form for tickets; the old one is a single word for all access. */
const TICKET_SCOPES: ObjectKind['scopes'] = {
  read: ['tickets', 'crm.objects.tickets.read'],
  write: ['tickets', 'crm.objects.tickets.write'],
  schemaRead: ['tickets', 'crm.schemas.tickets.read', 'crm.objects.tickets.read'],
  schemaWrite: ['tickets', 'crm.schemas.tickets.write', 'crm.objects.tickets.write'],
}

/** Activities are read and written with the scopes of contacts (HubSpot docs, "Scopes"). */
function activity(name: string, singular: string, typeId: string, display: string, searched: readonly string[]): ObjectKind {
  return {
    name,
    singular,
    typeId,
    constant: singular.toUpperCase(),
    created: 'hs_createdate',
    updated: 'hs_lastmodifieddate',
    display,
    defaults: [],
    required: ['hs_timestamp'],
    searched,
    group: singular,
    scopes: CONTACT_SCOPES,
    activity: true,
  }
}

/** Objects around a sale, and what customers answer to surveys. */
function sales(
  name: string,
  singular: string,
  typeId: string,
  display: string,
  defaults: readonly string[],
  created: ObjectKind['created'],
): ObjectKind {
  const constant = singular.toUpperCase()
  const shared = {
    searched: [display],
    group: singular,
    scopes: scopesOf(name),
    required: [],
    activity: false,
    updated: 'hs_lastmodifieddate',
  } as const
  return { name, singular, typeId, constant, created, display, defaults, ...shared }
}

const OTHER = { created: 'createdate', updated: 'hs_lastmodifieddate', activity: false } as const

const CONTACTS: ObjectKind = {
  name: 'contacts',
  singular: 'contact',
  typeId: '0-1',
  constant: 'CONTACT',
  created: 'createdate',
  updated: 'lastmodifieddate',
  display: 'email',
  defaults: ['email', 'firstname', 'lastname'],
  required: [],
  searched: ['firstname', 'lastname', 'email', 'phone', 'hs_additional_emails', 'fax', 'mobilephone', 'company'],
  group: 'contactinformation',
  scopes: CONTACT_SCOPES,
  activity: false,
}

/** Every object type of the portal, contacts first. */
export const KINDS: readonly ObjectKind[] = [
  CONTACTS,
  {
    ...OTHER,
    name: 'companies',
    singular: 'company',
    typeId: '0-2',
    constant: 'COMPANY',
    display: 'name',
    defaults: ['domain', 'name'],
    required: [],
    searched: ['website', 'phone', 'name', 'domain'],
    group: 'companyinformation',
    scopes: scopesOf('companies'),
  },
  {
    ...OTHER,
    name: 'deals',
    singular: 'deal',
    typeId: '0-3',
    constant: 'DEAL',
    display: 'dealname',
    defaults: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
    // unverified: whether the API insists on a name too.
    required: [],
    searched: ['dealname', 'pipeline', 'dealstage', 'description', 'dealtype'],
    group: 'dealinformation',
    scopes: scopesOf('deals'),
  },
  {
    ...OTHER,
    name: 'tickets',
    singular: 'ticket',
    typeId: '0-5',
    constant: 'TICKET',
    display: 'subject',
    defaults: ['content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_priority', 'subject'],
    required: ['hs_pipeline_stage'],
    searched: ['subject', 'content', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_id'],
    group: 'ticketinformation',
    scopes: TICKET_SCOPES,
  },
  activity('notes', 'note', '0-46', 'hs_note_body', ['hs_note_body']),
  activity('calls', 'call', '0-48', 'hs_call_title', ['hs_call_title', 'hs_body_preview']),
  activity('emails', 'email', '0-49', 'hs_email_subject', ['hs_email_subject']),
  activity('meetings', 'meeting', '0-47', 'hs_meeting_title', ['hs_meeting_title', 'hs_meeting_body']),
  activity('tasks', 'task', '0-27', 'hs_task_subject', ['hs_body_preview', 'hs_task_body', 'hs_task_subject']),
  activity('communications', 'communication', '0-18', 'hs_communication_body', ['hs_communication_body', 'hs_communication_channel_type']),
  activity('postal_mail', 'postal_mail', '0-116', 'hs_postal_mail_body', ['hs_postal_mail_body']),
  sales('products', 'product', '0-7', 'name', ['description', 'name', 'price'], 'createdate'),
  sales('line_items', 'line_item', '0-8', 'name', ['amount', 'hs_product_id', 'quantity'], 'createdate'),
  sales('quotes', 'quote', '0-14', 'hs_title', ['hs_expiration_date', 'hs_status', 'hs_title'], 'hs_createdate'),
  sales('invoices', 'invoice', '0-53', 'hs_number', [], 'hs_createdate'),
  sales('orders', 'order', '0-123', 'hs_order_name', [], 'hs_createdate'),
  sales('leads', 'lead', '0-136', 'hs_lead_name', ['hs_lead_name'], 'hs_createdate'),
  sales('feedback_submissions', 'feedback_submission', '0-19', 'hs_content', ['hs_content', 'hs_survey_type', 'hs_value'], 'hs_createdate'),
]

const byName = new Map<string, ObjectKind>()
for (const kind of KINDS) for (const name of [kind.name, kind.singular, kind.typeId, kind.constant.toLowerCase()]) byName.set(name, kind)

/** The kind that a path, a body or a seed file names: plural, singular or type id, in any case. */
export function kindNamed(name: string): ObjectKind | undefined {
  return byName.get(name.toLowerCase())
}

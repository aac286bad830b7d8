import { isObject } from './call.ts'
import { instant } from './instant.ts'
import { LIFECYCLE_STAGES } from './standard.ts'
import type { Values } from './store.ts'
import type { ObjectTable } from './table.ts'

/** unverified: the length at which a preview is cut. */
const PREVIEW_LENGTH = 512

/** Property whose text a preview is made of. */
const BODIES: Readonly<Record<string, readonly string[]>> = {
  notes: ['hs_note_body'],
  calls: ['hs_call_body'],
  emails: ['hs_email_html', 'hs_email_text'],
  meetings: ['hs_meeting_body'],
  tasks: ['hs_task_body'],
  communications: ['hs_communication_body'],
}

/** Sets what follows from the changed properties; returns the derived ones. */
export function derive(table: ObjectTable, values: Values, touched: ReadonlySet<number>, now: number): number[] {
  const { indexOf } = table.properties
  const changed = (name: string): boolean => touched.has(indexOf(name))
  const read = (name: string): string | undefined => values.get(indexOf(name))
  const derived = follow(table.kind.name, changed, read, now)
  const known = Object.entries(derived).filter(([name]) => indexOf(name) >= 0)
  for (const [name, value] of known) {
    if (value === undefined || value === '') values.delete(indexOf(name))
    else values.set(indexOf(name), value)
  }
  return known.map(([name]) => indexOf(name))
}

type Derived = Record<string, string | undefined>
type Changed = (name: string) => boolean
type Read = (name: string) => string | undefined

function follow(type: string, changed: Changed, read: Read, now: number): Derived {
  switch (type) {
    case 'contacts':
      return { ...domain(changed, read), ...stageDate(changed, read, now) }
    case 'companies':
      return stageDate(changed, read, now)
    case 'deals':
      return dealState(changed, read)
    case 'tickets':
      return ticketState(changed, read, now)
    case 'emails':
      return { ...preview(type, changed, read), ...people(changed, read) }
    case 'tasks':
      return { ...preview(type, changed, read), ...taskState(changed, read, now) }
    default:
      return preview(type, changed, read)
  }
}

function domain(changed: Changed, read: Read): Derived {
  if (!changed('email')) return {}
  const email = read('email')
  return { hs_email_domain: email?.slice(email.lastIndexOf('@') + 1) }
}

function stageDate(changed: Changed, read: Read, now: number): Derived {
  const stage = read('lifecyclestage')
  if (!changed('lifecyclestage') || !LIFECYCLE_STAGES.some((known) => known === stage)) return {}
  return { [`hs_lifecyclestage_${stage}_date`]: instant(now) }
}

function dealState(changed: Changed, read: Read): Derived {
  const stage = read('dealstage')
  const closed = changed('dealstage')
    ? { hs_is_closed: String(stage === 'closedwon' || stage === 'closedlost'), hs_is_closed_won: String(stage === 'closedwon') }
    : {}
  return { ...closed, ...(changed('amount') ? { amount_in_home_currency: read('amount') } : {}) }
}

function ticketState(changed: Changed, read: Read, now: number): Derived {
  if (!changed('hs_pipeline_stage')) return {}
  const closed = read('hs_pipeline_stage') === '4'
  return { hs_is_closed: String(closed), ...(changed('closed_date') ? {} : { closed_date: closed ? instant(now) : undefined }) }
}

function taskState(changed: Changed, read: Read, now: number): Derived {
  if (!changed('hs_task_status')) return {}
  const done = read('hs_task_status') === 'COMPLETED'
  return { hs_task_is_completed: String(done), hs_task_completion_date: done ? instant(now) : undefined }
}

/** The text without its markup. */
function preview(type: string, changed: Changed, read: Read): Derived {
  const bodies = BODIES[type] ?? []
  if (!bodies.some(changed)) return {}
  const html = bodies.map(read).find((body) => body !== undefined)
  if (html === undefined) return { hs_body_preview: undefined, hs_body_preview_html: undefined, hs_body_preview_is_truncated: undefined }
  const text = html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return {
    hs_body_preview: text.slice(0, PREVIEW_LENGTH),
    hs_body_preview_html: `<html>\n <head></head>\n <body>\n  ${text.slice(0, PREVIEW_LENGTH)}\n </body>\n</html>`,
    hs_body_preview_is_truncated: String(text.length > PREVIEW_LENGTH),
  }
}

/** Who an email is from and to, read from its headers: the API takes them as JSON in a text (HubSpot docs, "Emails"). */
function people(changed: Changed, read: Read): Derived {
  if (!changed('hs_email_headers')) return {}
  const headers = parseHeaders(read('hs_email_headers'))
  const derived: Derived = {}
  for (const part of ['from', 'sender', 'to', 'cc', 'bcc']) {
    const raw = headers[part]
    const persons = (Array.isArray(raw) ? raw : [raw]).filter(isObject)
    for (const [field, suffix] of [
      ['email', 'email'],
      ['firstName', 'firstname'],
      ['lastName', 'lastname'],
    ] as const) {
      derived[`hs_email_${part}_${suffix}`] = persons
        .map((person) => person[field])
        .filter((text) => typeof text === 'string' && text !== '')
        .join(';')
    }
  }
  return derived
}

function parseHeaders(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {}
  try {
    const headers: unknown = JSON.parse(text)
    return isObject(headers) ? headers : {}
  } catch {
    // HubSpot keeps what is no JSON and derives nothing from it.
    return {}
  }
}

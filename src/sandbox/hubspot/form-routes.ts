import { flagParam, jsonBody, listParam, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import type { Form } from './form.ts'
import { readForm, readFormPatch } from './form-input.ts'
import { instant } from './instant.ts'
import { nextGuid } from './marketing.ts'
import { nextPage } from './next-page.ts'
import type { Portal } from './portal.ts'

const PAGE_DEFAULT = 20
const PAGE_MOST = 100
const TYPES = ['hubspot', 'captured', 'flow', 'blog_comment', 'all']

/** Forms of the asked types, in the order of their creation; unless asked, those made in HubSpot only. */
export function listForms(portal: Portal, call: Call): Answer {
  const limit = numberParam(call.query, 'limit', PAGE_DEFAULT, PAGE_MOST)
  const asked = listParam(call.query, 'formTypes')
  const wrong = asked.find((type) => !TYPES.includes(type))
  if (wrong !== undefined) throw invalidRequest(`Invalid value for query parameter formTypes: must be one of [${TYPES.join(', ')}]`)
  const types = asked.length === 0 ? ['hubspot'] : asked
  const archived = flagParam(call.query, 'archived')
  const after = call.query.get('after') ?? ''
  if (!/^\d{0,15}$/.test(after)) throw invalidRequest('Invalid value for query parameter after: the cursor of an earlier page is expected')
  const found = [...portal.marketing.forms.values()]
    .filter((form) => form.archived === archived && (types.includes('all') || types.includes(form.formType)) && form.serial > Number(after))
    .sort((a, b) => a.serial - b.serial)
  const page = found.slice(0, limit)
  const paging = found.length > limit ? nextPage(portal, call, String(page.at(-1)!.serial)) : {}
  return { status: 200, body: { results: page.map(wireForm), ...paging } }
}

function wireForm(form: Form): Record<string, unknown> {
  const { serial: _serial, createdAt, updatedAt, archivedAt, ...rest } = form
  const binned = archivedAt === null ? {} : { archivedAt: instant(archivedAt) }
  return { ...rest, createdAt: instant(createdAt), updatedAt: instant(updatedAt), ...binned }
}

export function findForm(portal: Portal, id: string, archived = false): Form {
  const form = portal.marketing.forms.get(id.toLowerCase())
  if (form === undefined || form.archived !== archived) throw notFound()
  return form
}

export function getForm(portal: Portal, call: Call): Answer {
  return { status: 200, body: wireForm(findForm(portal, call.parts[0]!, flagParam(call.query, 'archived'))) }
}

export function createForm(portal: Portal, call: Call): Answer {
  const body = readForm(jsonBody(call))
  const { marketing, clock } = portal
  const id = nextGuid(marketing)
  const now = clock.now()
  const form = { ...body, id, serial: marketing.serial, createdAt: now, updatedAt: now, archived: false, archivedAt: null }
  marketing.forms.set(id, form)
  marketing.changes++
  return { status: 201, body: wireForm(form) }
}

/** PUT: whatever the body leaves out is as in a new form. */
export function replaceForm(portal: Portal, call: Call): Answer {
  const form = findForm(portal, call.parts[0]!)
  return changed(portal, form, readForm(jsonBody(call)))
}

/** PATCH: a part that is named is replaced as a whole. */
export function updateForm(portal: Portal, call: Call): Answer {
  const form = findForm(portal, call.parts[0]!)
  return changed(portal, form, readFormPatch(jsonBody(call)))
}

function changed(portal: Portal, form: Form, parts: Partial<Form>): Answer {
  const archivedAt = parts.archived === true ? portal.clock.now() : form.archivedAt
  const after = { ...form, ...parts, formType: form.formType, archivedAt, updatedAt: Math.max(portal.clock.now(), form.updatedAt) }
  portal.marketing.forms.set(form.id, after)
  portal.marketing.changes++
  return { status: 200, body: wireForm(after) }
}

/** Into the bin; a second time is no error. */
export function archiveForm(portal: Portal, call: Call): Answer {
  const form = portal.marketing.forms.get(call.parts[0]!.toLowerCase())
  if (form === undefined) throw notFound()
  if (!form.archived) changed(portal, form, { archived: true })
  return { status: 204 }
}

/** Property definitions, and the values they admit. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, openWorld } from '../hubspot-world.ts'
import type { Raw, World } from '../hubspot-world.ts'

const CONTACT = '/crm/v3/objects/contacts/6001'
const PROPERTIES = '/crm/v3/properties/contacts'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/

type Definition = { name: string; type: string; fieldType: string; groupName: string; options: { value: string }[] } & Record<
  string,
  unknown
>

let world: World
let definitions: Map<string, Definition>
beforeAll(async () => {
  world = await openWorld()
  await world.load({ hs_object_id: '6001', email: 'first@example.test', interests: 'golf' })
  const { json } = await world.call('GET', PROPERTIES)
  definitions = new Map(json.results.map((definition: Definition) => [definition.name, definition]))
})
afterAll(() => world.close())

const set = (name: string, value: unknown): Promise<Raw> => world.call('PATCH', CONTACT, { properties: { [name]: value } })

test('a definition has these members', async () => {
  const { status, json } = await world.call('GET', `${PROPERTIES}/lifecyclestage`)
  expect(status).toBe(200)
  expect(json).toEqual({
    name: 'lifecyclestage',
    label: expect.any(String),
    type: 'enumeration',
    fieldType: 'radio',
    groupName: 'contactinformation',
    description: expect.any(String),
    options: expect.any(Array),
    displayOrder: expect.any(Number),
    calculated: false,
    externalOptions: false,
    hasUniqueValue: false,
    hidden: false,
    hubspotDefined: true,
    formField: true,
    dataSensitivity: 'non_sensitive',
    modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: false },
    archived: false,
    createdAt: expect.stringMatching(INSTANT),
    updatedAt: expect.stringMatching(INSTANT),
  })
  expect(json.options.map((option: { value: string }) => option.value)).toEqual([
    'subscriber',
    'lead',
    'marketingqualifiedlead',
    'salesqualifiedlead',
    'opportunity',
    'customer',
    'evangelist',
    'other',
  ])
  expect(Object.keys(json.options[0]).sort()).toEqual(['description', 'displayOrder', 'hidden', 'label', 'value'])
})

test('contacts come with the properties and groups of a live portal', () => {
  const groups = new Map<string, number>()
  for (const { groupName, hubspotDefined } of definitions.values()) {
    if (hubspotDefined === true) groups.set(groupName, (groups.get(groupName) ?? 0) + 1)
  }
  expect(Object.fromEntries([...groups].filter(([name]) => name !== 'contactinformation' && name !== ''))).toMatchObject({
    contact_activity: 27,
    analyticsinformation: 22,
    conversioninformation: 17,
    socialmediainformation: 17,
    facebook_ads_properties: 14,
    deal_information: 8,
    sales_properties: 8,
  })
  expect(groups.get('contactinformation')).toBeGreaterThanOrEqual(181)
  expect(groups.get('emailinformation')).toBeGreaterThanOrEqual(26)
})

test('the legal basis has six values, two of them with an en dash', () => {
  const { type, fieldType, groupName, options, modificationMetadata } = definitions.get('hs_legal_basis')!
  expect([type, fieldType, groupName, modificationMetadata]).toEqual([
    'enumeration',
    'checkbox',
    'emailinformation',
    { archivable: false, readOnlyDefinition: true, readOnlyValue: false },
  ])
  expect(options.map(({ value }) => value).toSorted()).toEqual([
    'Freely given consent from contact',
    'Legitimate interest - other',
    'Legitimate interest \u2013 existing customer',
    'Legitimate interest \u2013 prospect/lead',
    'Not applicable',
    'Performance of a contract',
  ])
})

/** name, type, field type, and whether a client may write it. */
const KNOWN = [
  ['hs_email_optout', 'bool', 'booleancheckbox', false],
  ['hs_additional_emails', 'enumeration', 'select', false],
  ['hs_marketable_status', 'enumeration', undefined, false],
  ['hs_marketable_until_renewal', 'enumeration', undefined, false],
  ['hs_marketable_reason_type', 'enumeration', undefined, false],
  ['notes_last_contacted', 'datetime', undefined, false],
  ['notes_last_updated', 'datetime', undefined, false],
  ['hs_last_sales_activity_timestamp', 'datetime', undefined, false],
  ['hs_email_last_send_date', 'datetime', undefined, false],
  ['hs_email_last_open_date', 'datetime', undefined, false],
  ['hs_email_last_click_date', 'datetime', undefined, false],
  ['hs_email_last_reply_date', 'datetime', undefined, false],
  ['hs_sales_email_last_opened', 'datetime', undefined, false],
  ['hs_sales_email_last_clicked', 'datetime', undefined, false],
  ['hs_sales_email_last_replied', 'datetime', undefined, false],
  ['hs_analytics_last_timestamp', 'datetime', undefined, false],
  ['hs_analytics_last_visit_timestamp', 'datetime', undefined, false],
  ['recent_conversion_date', 'datetime', undefined, false],
  ['num_conversion_events', 'number', undefined, false],
  ['hs_calculated_form_submissions', undefined, undefined, false],
  ['hs_emailconfirmationstatus', 'enumeration', undefined, false],
  ['createdate', 'datetime', undefined, false],
  ['lastmodifieddate', 'datetime', undefined, false],
  ['hs_object_source', 'string', undefined, false],
  ['hs_object_source_label', 'enumeration', undefined, false],
  ['hs_object_source_id', 'string', undefined, false],
  ['hs_object_source_user_id', undefined, undefined, false],
  ['hs_object_source_detail_1', 'string', undefined, false],
  ['hs_merged_object_ids', 'enumeration', 'checkbox', false],
  ['hs_calculated_merged_vids', undefined, undefined, false],
  ['hs_all_contact_vids', 'enumeration', undefined, false],
  ['hs_email_bounce', 'number', undefined, false],
  ['hs_email_hard_bounce_reason_enum', 'enumeration', undefined, false],
  ['hs_email_quarantined', 'bool', undefined, false],
  ['hs_email_quarantined_reason', 'enumeration', undefined, false],
  ['hs_email_bad_address', 'bool', undefined, false],
  ['hs_data_privacy_ads_consent', 'bool', undefined, false],
  ['hubspot_owner_id', 'enumeration', 'select', true],
  ['email', 'string', 'text', true],
  ['date_of_birth', 'string', undefined, true],
  ['gender', 'string', undefined, true],
  ['marital_status', 'string', undefined, true],
  ['military_status', 'string', undefined, true],
  ['relationship_status', 'string', undefined, true],
  ['school', 'string', undefined, true],
  ['work_email', 'string', undefined, true],
  ['ip_city', 'string', undefined, false],
  ['ip_country', 'string', undefined, false],
  ['ip_state', 'string', undefined, false],
  ['ip_zipcode', 'string', undefined, false],
  ['ip_latlon', 'string', undefined, false],
  ['salesforcecontactid', 'string', undefined, false],
  ['salesforceleadid', 'string', undefined, false],
  ['salesforceaccountid', 'string', undefined, false],
  ['salesforcedeleted', 'bool', undefined, false],
  ['salesforcelastsynctime', 'datetime', undefined, false],
] as const

test.each(KNOWN)('%s is %s', async (name, type, fieldType, writable) => {
  const definition = definitions.get(name)
  if (type !== undefined) expect(definition?.type).toBe(type)
  if (fieldType !== undefined) expect(definition?.fieldType).toBe(fieldType)
  expect(definition).toMatchObject({ name, hubspotDefined: true, modificationMetadata: { readOnlyValue: !writable } })
  const answer = await set(name, writable ? '' : 'true')
  if (writable) expect(answer.status).toBe(200)
  else
    expect([answer.status, envelope(answer).errors]).toMatchObject([400, [{ code: 'READ_ONLY_VALUE', context: { propertyName: [name] } }]])
})

test.each([
  ['bool', 'booleancheckbox'],
  ['date', 'date'],
  ['datetime', 'date'],
  ['enumeration', 'checkbox'],
  ['enumeration', 'radio'],
  ['enumeration', 'select'],
  ['number', 'number'],
  ['phone_number', 'phonenumber'],
  ['string', 'file'],
  ['string', 'html'],
  ['string', 'phonenumber'],
  ['string', 'text'],
  ['string', 'textarea'],
])('a portal can define a %s shown as %s', async (type, fieldType) => {
  const name = `own_${type}_${fieldType}`
  const options = type === 'enumeration' ? [{ label: 'One', value: 'one', displayOrder: 0, hidden: false }] : []
  const made = await world.call('POST', PROPERTIES, { name, label: 'Own', type, fieldType, groupName: 'contactinformation', options })
  expect([made.status, made.json]).toMatchObject([
    201,
    { name, type, fieldType, hubspotDefined: false, modificationMetadata: { archivable: true } },
  ])
})

test('definitions come whole; sensitive and archived ones when they are asked for', async () => {
  const spec = { label: 'Own', type: 'string', fieldType: 'text', groupName: 'contactinformation' }
  await world.call('POST', PROPERTIES, { ...spec, name: 'own_secret', dataSensitivity: 'sensitive' })
  await world.call('POST', PROPERTIES, { ...spec, name: 'own_former' })
  expect((await world.call('DELETE', `${PROPERTIES}/own_former`)).status).toBe(204)
  const names = async (query: string): Promise<string[]> => {
    const { json } = await world.call('GET', `${PROPERTIES}?${query}`)
    expect('paging' in json).toBe(false)
    return json.results.map(({ name }: Definition) => name)
  }
  const plain = await names('')
  expect([plain.length > 300, plain.includes('own_secret'), plain.includes('own_former')]).toEqual([true, false, false])
  expect(await names('dataSensitivity=sensitive')).toEqual(['own_secret'])
  expect(await names('archived=true')).toEqual(['own_former'])
  const batch = await world.call('POST', `${PROPERTIES}/batch/read`, {
    archived: false,
    inputs: [{ name: 'email' }, { name: 'own_former' }],
  })
  expect([batch.status, batch.json.numErrors, batch.json.results.map(({ name }: Definition) => name)]).toEqual([207, 1, ['email']])
})

describe('values', () => {
  test.each([
    ['children_count', '12345678901234567890', 'INVALID_LONG'],
    ['children_count', '1,000', 'INVALID_INTEGER'],
    ['hs_legal_basis', 'Legitimate interest - prospect/lead', 'INVALID_OPTION'],
    ['hs_legal_basis', 'freely given consent from contact', 'INVALID_OPTION'],
    ['contract_end_date', '31/12/2025', 'INVALID_DATE'],
    ['email', 'nobody@', 'INVALID_EMAIL'],
  ])('%s takes no %s: %s', async (name, value, code) => {
    expect(envelope(await set(name, value))).toMatchObject({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message: expect.stringMatching(/^Property values were not valid: \[\{"isValid":false,/),
      errors: [{ code, context: { propertyName: [name] } }],
    })
  })

  test.each([
    ['contract_end_date', '1735603200000', '2024-12-31'],
    ['contract_end_date', '2024-12-31', '2024-12-31'],
    ['last_sign_in', '1735603200500', '2024-12-31T00:00:00.500Z'],
    ['last_sign_in', '2024-12-31T01:00:00+01:00', '2024-12-31T00:00:00Z'],
    ['legal_hold', true, 'true'],
    ['interests', ';tea', 'golf;tea'],
    ['firstname', 'x'.repeat(65_536), 'x'.repeat(65_536)],
    ['firstname', '', undefined],
  ])('%s takes %s', async (name, value, stored) => {
    if (name === 'interests') await world.load({ hs_object_id: '6009', interests: 'golf;tea' })
    const answer = await set(name, value)
    expect([answer.status, answer.json.properties?.[name]]).toEqual([200, stored])
  })

  test('longer than 65,536 characters is too long', async () => {
    expect(envelope(await set('firstname', 'x'.repeat(65_537)))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
  })
})

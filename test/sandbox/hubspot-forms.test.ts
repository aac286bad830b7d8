import { describe, expect, test } from 'vitest'
import { envelope, useWorld } from './hubspot-world.ts'
import type { Raw, World } from './hubspot-world.ts'

const FORMS = '/marketing/v3/forms'
const SUBMIT = '/submissions/v3/integration/submit/4400001'
const NEWSLETTER = 440_010_004
const [CONTACT, NEWS, PAPER, QUOTE, , DRAW] = [1, 2, 3, 4, 5, 6].map((place) => `44001000-0000-4000-8000-00000000000${place}`)
const ALIX = 'alix@example.test'

const world: World = useWorld(async () => {
  await world.control('POST', '/hubspot/opt-out-lag', { ms: 0 })
})

/** As a page does: without credentials. */
function submit(form: string, fields: Record<string, string>, more: Record<string, unknown> = {}): Promise<Raw> {
  const list = Object.entries(fields).map(([name, value]) => ({ objectTypeId: '0-1', name, value }))
  return world.call('POST', `${SUBMIT}/${form}`, { fields: list, ...more }, { authorization: '' })
}

const consent = (communications: unknown[], more: Record<string, unknown> = {}) => ({
  legalConsentOptions: { consent: { consentToProcess: true, text: 'I agree to processing.', communications, ...more } },
})
const news = (value: boolean) => ({ value, subscriptionTypeId: NEWSLETTER, text: 'I agree to receive the newsletter.' })

async function contact(email = ALIX, names = ''): Promise<Raw> {
  return world.call('GET', `/crm/v3/objects/contacts/${email}?idProperty=email&properties=${names}`)
}

async function newsletter(email = ALIX): Promise<Record<string, unknown>> {
  const { json } = await world.call('GET', `/communication-preferences/v4/statuses/${email}?channel=EMAIL`)
  return json.results.find((status: { subscriptionId: number }) => status.subscriptionId === NEWSLETTER)
}

const errorTypes = (answer: Raw): string[] => answer.json.errors.map((error: { errorType: string }) => error.errorType)

describe('definitions', () => {
  test('the demo portal asks in every way there is', async () => {
    const { results } = (await world.call('GET', `${FORMS}?formTypes=all`)).json
    expect(results.map((form: Record<string, { type: string }>) => [form.name, form.formType, form.legalConsentOptions!.type])).toEqual([
      ['Contact us', 'hubspot', 'none'],
      ['Newsletter', 'hubspot', 'explicit_consent_to_process'],
      ['White paper', 'hubspot', 'implicit_consent_to_process'],
      ['Quote request', 'hubspot', 'legitimate_interest'],
      ['Customer portal', 'hubspot', 'legitimate_interest'],
      ['Prize draw 2022', 'hubspot', 'none'],
      ['Pop-up of the shop', 'flow', 'none'],
      ['#comment-form', 'captured', 'none'],
    ])
    const draw = (await world.call('GET', `${FORMS}/${DRAW}`)).json
    const ticked = draw.fieldGroups.flatMap((group: { fields: unknown[] }) => group.fields)
    expect(ticked[1]).toMatchObject({ fieldType: 'multiple_checkboxes', defaultValues: ['yes'], required: false })
    expect(ticked[2]).toMatchObject({ fieldType: 'dropdown', hidden: true, defaultValues: ['partner'] })
  })

  test('the official client reads the forms made in HubSpot, page by page', async () => {
    const { formsApi } = world.client.marketing.forms
    const first = await formsApi.getPage(undefined, 4)
    expect(first.results).toHaveLength(4)
    const second = await formsApi.getPage(first.paging!.next!.after, 4)
    expect(second.results.map(({ name }) => name)).toEqual(['Customer portal', 'Prize draw 2022'])
    expect(second.paging).toBeUndefined()
    const form = await formsApi.getById(NEWS!)
    expect(form).toMatchObject({ name: 'Newsletter', createdAt: new Date('2021-03-02T09:00:00Z') })
  })

  test('a form is created, replaced, changed in part and archived', async () => {
    const created = await world.client.marketing.forms.formsApi.create({
      formType: 'hubspot',
      name: 'Webinar',
      createdAt: new Date(),
      updatedAt: new Date(),
      archived: false,
      fieldGroups: [],
      configuration: { language: 'fr' },
      displayOptions: {},
      legalConsentOptions: { type: 'none' },
    } as never)
    expect(created.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(created).toMatchObject({
      name: 'Webinar',
      archived: false,
      configuration: { language: 'fr', createNewContactForNewEmail: true },
    })
    const path = `${FORMS}/${created.id}`
    const legalConsentOptions = { type: 'legitimate_interest', lawfulBasis: 'other', privacyText: 'P', subscriptionTypeIds: [NEWSLETTER] }
    expect((await world.call('PATCH', path, { legalConsentOptions })).json).toMatchObject({ name: 'Webinar', legalConsentOptions })
    expect((await world.call('PUT', path, { name: 'Webinar 2' })).json).toMatchObject({
      name: 'Webinar 2',
      legalConsentOptions: { type: 'none' },
    })
    expect((await world.call('DELETE', path)).status).toBe(204)
    expect((await world.call('GET', path)).status).toBe(404)
    expect((await world.call('GET', `${path}?archived=true`)).json).toMatchObject({ archived: true, archivedAt: expect.any(String) })
    expect((await world.call('POST', `${FORMS}/`, { name: 'Again' })).status).toBe(201)
  })

  test('a body that does not fit is refused', async () => {
    for (const body of [
      {},
      { name: 'A', formType: 'captured' },
      { name: 'A', legalConsentOptions: { type: 'trust_us' } },
      { name: 'A', fieldGroups: [{ fields: [{ name: 'x', fieldType: 'magic' }] }] },
      { name: 'A', legalConsentOptions: { type: 'legitimate_interest' } },
    ]) {
      expect(envelope(await world.call('POST', FORMS, body))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
    }
    expect((await world.call('GET', `${FORMS}?formTypes=wizard`)).status).toBe(400)
    expect((await world.call('GET', `${FORMS}?after=abc`)).status).toBe(400)
    expect((await world.call('GET', `${FORMS}/none-such`)).status).toBe(404)
    await world.control('POST', '/hubspot/revoke-scope', { scope: 'forms' })
    expect((await world.call('GET', FORMS)).status).toBe(403)
  })
})

describe('a submission', () => {
  test('creates a contact that says where it came from', async () => {
    const sent = await submit(
      CONTACT!,
      { email: 'Alix@Example.test', firstname: 'Alix', message: 'Hello' },
      { context: { pageName: 'Contact' } },
    )
    expect(sent.status).toBe(200)
    expect(sent.json).toEqual({ inlineMessage: 'Thanks for submitting the form.' })
    const names = 'firstname,message,lifecyclestage,hs_object_source,recent_conversion_event_name,num_conversion_events,hs_legal_basis'
    const { properties } = (await contact(ALIX, names)).json
    expect(properties).toMatchObject({
      firstname: 'Alix',
      message: 'Hello',
      lifecyclestage: 'lead',
      hs_object_source: 'FORM',
      recent_conversion_event_name: 'Contact: Contact us',
      num_conversion_events: '1',
      hs_legal_basis: null,
    })
  })

  test('changes the contact it finds, with the form as source in the history', async () => {
    await world.load({ hs_object_id: '7001', email: ALIX, firstname: 'A', lifecyclestage: 'customer' })
    await submit(CONTACT!, { email: ALIX, firstname: 'Alix', lastname: '' })
    const { json } = await world.call('GET', '/crm/v3/objects/contacts/7001?properties=lifecyclestage&propertiesWithHistory=firstname')
    expect(json.properties.lifecyclestage).toBe('customer')
    expect(json.propertiesWithHistory.firstname[0]).toMatchObject({ value: 'Alix', sourceType: 'FORM', sourceId: CONTACT })
  })

  test('is listed newest first, page by page', async () => {
    await world.control('POST', '/clock', { freeze: true })
    for (const name of ['a', 'b', 'c']) {
      await world.control('POST', '/clock', { advanceMs: 1000 })
      await submit(CONTACT!, { email: `${name}@example.test` }, { context: { pageUri: 'https://www.example.test/contact' } })
    }
    await world.control('POST', '/clock', { freeze: false })
    const path = `/form-integrations/v1/submissions/forms/${CONTACT}?limit=2`
    const first = (await world.call('GET', path)).json
    expect(first.results.map((one: { values: { value: string }[] }) => one.values[0]!.value)).toEqual(['c@example.test', 'b@example.test'])
    expect(first.results[0]).toEqual({
      conversionId: expect.stringMatching(/^[\da-f-]{36}$/),
      submittedAt: expect.any(Number),
      values: [{ objectTypeId: '0-1', name: 'email', value: 'c@example.test' }],
      pageUrl: 'https://www.example.test/contact',
    })
    const second = (await world.call('GET', `${path}&after=${first.paging.next.after}`)).json
    expect(second.results).toHaveLength(1)
    expect(second.paging).toBeUndefined()
    expect((await world.call('GET', `${path}&after=elsewhere`)).status).toBe(400)
    expect((await world.call('GET', `/form-integrations/v1/submissions/forms/${CONTACT}?limit=51`)).status).toBe(400)
  })

  test('needs a token on the secure address only', async () => {
    const body = { fields: [{ name: 'email', value: ALIX }] }
    const secure = `/submissions/v3/integration/secure/submit/4400001/${CONTACT}`
    expect((await world.call('POST', secure, body, { authorization: '' })).status).toBe(401)
    expect((await world.call('POST', secure, body)).status).toBe(200)
    expect((await world.call('POST', `/submissions/v3/integration/submit/1/${CONTACT}`, body)).status).toBe(404)
    expect((await world.call('POST', `${SUBMIT}/00000000-0000-4000-8000-000000000000`, body)).status).toBe(404)
  })

  test('comes from pages of any origin', async () => {
    const asked = await fetch(`${world.sandbox.hubspot}${SUBMIT}/${CONTACT}`, { method: 'OPTIONS' })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS')
    const answers = [await submit(CONTACT!, { email: ALIX }), await submit(CONTACT!, {})]
    expect(answers.map(({ status, headers }) => [status, headers.get('access-control-allow-origin')])).toEqual([
      [200, '*'],
      [400, '*'],
    ])
    expect((await world.call('OPTIONS', FORMS)).status).toBe(405)
  })

  test('redirects when the form says so', async () => {
    const postSubmitAction = { type: 'redirect_url', value: 'https://www.example.test/thanks' }
    await world.call('PATCH', `${FORMS}/${CONTACT}`, { configuration: { postSubmitAction } })
    expect((await submit(CONTACT!, { email: ALIX })).json).toEqual({ redirectUri: 'https://www.example.test/thanks' })
  })
})

describe('mistakes of a submission', () => {
  test('are all listed, in the words of the live API', async () => {
    expect(envelope(await submit(CONTACT!, { firstname: 'A' }))).toEqual({
      httpStatus: 400,
      message: 'The request is not valid',
      errors: [{ message: "Error in 'fields.email'. Required field 'email' is missing", errorType: 'REQUIRED_FIELD' }],
    })
    expect(envelope(await submit(CONTACT!, { email: 'nobody', shoesize: '44' })).errors).toEqual([
      { message: "Error in 'fields.email'. Invalid email address", errorType: 'INVALID_EMAIL' },
      { message: "Error in 'fields.shoesize'. The field is not in the form definition", errorType: 'FIELD_NOT_IN_FORM_DEFINITION' },
    ])
    expect((await contact('nobody')).status).toBe(404)
  })

  test('a hidden field is a field: what a page would fill in must come along', async () => {
    const hidden = { fieldType: 'single_line_text', name: 'lead_magnet_code', hidden: true, required: true, defaultValue: 'LM-1' }
    const email = { fieldType: 'email', name: 'email', required: true }
    const { id } = (await world.call('POST', FORMS, { name: 'Hidden', fieldGroups: [{ fields: [email, hidden] }] })).json
    expect(errorTypes(await submit(id, { email: ALIX }))).toEqual(['REQUIRED_FIELD'])
    expect((await submit(id, { email: ALIX, lead_magnet_code: 'LM-9' })).status).toBe(200)
    expect((await contact(ALIX, 'lead_magnet_code')).json.properties.lead_magnet_code).toBe('LM-9')
  })

  test('are passed over when the sender asks for it', async () => {
    expect((await submit(NEWS!, { email: ALIX, shoesize: '44' }, { skipValidation: true })).status).toBe(200)
    expect((await contact()).status).toBe(200)
    expect((await submit(NEWS!, { email: 'nobody' }, { skipValidation: true })).status).toBe(200)
    expect((await contact('nobody')).status).toBe(404)
    expect((await submit(NEWS!, { email: ALIX }, { skipValidation: true, legalConsentOptions: {} })).status).toBe(400)
  })

  test('numbers, options, domains, contexts and times have errors of their own', async () => {
    const fields = [
      {
        fieldType: 'email',
        name: 'email',
        required: true,
        validation: { useDefaultBlockList: true, blockedEmailDomains: ['rival.example'] },
      },
      { fieldType: 'number', name: 'children_count', validation: { minAllowedDigits: 2, maxAllowedDigits: 3 } },
      { fieldType: 'dropdown', name: 'contract_status', options: [{ label: 'Active', value: 'active' }] },
    ]
    const { id } = (await world.call('POST', FORMS, { name: 'Strict', fieldGroups: fields.map((field) => ({ fields: [field] })) })).json
    const cases: [Record<string, string>, Record<string, unknown>, string[]][] = [
      [{ email: 'a@gmail.com' }, {}, ['BLOCKED_EMAIL']],
      [{ email: 'a@rival.example' }, {}, ['BLOCKED_EMAIL']],
      [{ email: ALIX, children_count: 'two' }, {}, ['INVALID_NUMBER']],
      [{ email: ALIX, children_count: '2' }, {}, ['NUMBER_OUT_OF_RANGE']],
      [{ email: ALIX, contract_status: 'ended' }, {}, ['VALUE_NOT_IN_FIELD_DEFINITION']],
      [
        { email: ALIX },
        { context: { hutk: 'x', ipAddress: 'here', pageUri: '' } },
        ['INVALID_HUTK', 'INVALID_IP_ADDRESS', 'INVALID_PAGE_URI'],
      ],
      [{ email: ALIX }, { submittedAt: 1 }, ['INVALID_METADATA']],
      [{ email: ALIX }, { context: 'nowhere' }, ['INVALID_METADATA']],
    ]
    for (const [values, more, expected] of cases) expect(errorTypes(await submit(id, values, more))).toEqual(expected)
    await world.call('PATCH', `${FORMS}/${id}`, { configuration: { recaptchaEnabled: true } })
    expect(errorTypes(await submit(id, { email: ALIX }))).toEqual(['FORM_HAS_RECAPTCHA_ENABLED'])
    const many = Array.from({ length: 1001 }, (_, index) => ({ name: `f${index}`, value: 'x' }))
    const tooMany = await world.call('POST', `${SUBMIT}/${CONTACT}`, { fields: many })
    expect(errorTypes(tooMany)).toContain('MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED')
    expect((await world.call('POST', `${SUBMIT}/${CONTACT}`, { fields: 'all' })).status).toBe(400)
    expect((await world.call('POST', `${SUBMIT}/${CONTACT}`, { fields: [null, 3, {}] })).status).toBe(400)
    expect((await world.call('POST', `${SUBMIT}/${CONTACT}`, '[')).status).toBe(400)
  })

  test('consent without its words, twice, or not at all is refused', async () => {
    const cases: [Record<string, unknown>, string[]][] = [
      [{}, ['MISSING_PROCESSING_CONSENT']],
      [consent([], { consentToProcess: false }), ['MISSING_PROCESSING_CONSENT']],
      [consent([], { text: '' }), ['MISSING_PROCESSING_CONSENT_TEXT']],
      [consent([{ ...news(true), text: '' }]), ['MISSING_COMMUNICATION_CONSENT_TEXT']],
      [consent([news(true), news(false)]), ['DUPLICATE_SUBSCRIPTION_TYPE_ID']],
      [consent([{ ...news(true), value: 'yes' }]), ['INVALID_LEGAL_OPTION_FORMAT']],
      [consent([{ ...news(true), subscriptionTypeId: 1 }]), ['INVALID_LEGAL_OPTION_FORMAT']],
      [{ legalConsentOptions: 'ok' }, ['INVALID_LEGAL_OPTION_FORMAT']],
      [{ legalConsentOptions: {} }, ['INVALID_LEGAL_OPTION_FORMAT']],
      [
        { legalConsentOptions: { legitimateInterest: { value: true, subscriptionTypeId: NEWSLETTER, legalBasis: 'LEAD' } } },
        ['MISSING_LEGITIMATE_INTEREST_TEXT'],
      ],
    ]
    for (const [more, expected] of cases) expect(errorTypes(await submit(NEWS!, { email: ALIX }, more))).toEqual(expected)
    expect((await contact()).status).toBe(404)
  })
})

describe('consent given in a form', () => {
  test('becomes a subscription with its wording, and a legal basis', async () => {
    expect((await submit(NEWS!, { email: ALIX }, consent([news(true)]))).status).toBe(200)
    expect(await newsletter()).toMatchObject({
      status: 'SUBSCRIBED',
      source: 'Form submission: Newsletter',
      legalBasis: 'CONSENT_WITH_NOTICE',
      legalBasisExplanation: 'I agree to receive the newsletter.',
    })
    const { properties } = (await contact(ALIX, `hs_legal_basis,hs_email_optout_${NEWSLETTER}`)).json
    expect(properties).toMatchObject({ hs_legal_basis: 'Freely given consent from contact', [`hs_email_optout_${NEWSLETTER}`]: 'false' })
  })

  test('is not what an empty box, an implicit consent or a ticked box in a field makes', async () => {
    await submit(NEWS!, { email: ALIX }, consent([news(false)]))
    expect(await newsletter()).toMatchObject({ status: 'NOT_SPECIFIED' })
    await submit(PAPER!, { email: 'b@example.test', company: 'B' })
    expect(await newsletter('b@example.test')).toMatchObject({ status: 'NOT_SPECIFIED' })
    await submit(DRAW!, { email: 'c@example.test', consent_partner_sharing_email: 'yes' })
    expect(await newsletter('c@example.test')).toMatchObject({ status: 'NOT_SPECIFIED' })
  })

  test('an interest of the sender subscribes, but never against a refusal', async () => {
    const interest = {
      legitimateInterest: { value: true, subscriptionTypeId: NEWSLETTER, legalBasis: 'CUSTOMER', text: 'Customers hear from us.' },
    }
    await submit(QUOTE!, { email: ALIX }, { legalConsentOptions: interest })
    expect(await newsletter()).toMatchObject({ status: 'SUBSCRIBED', legalBasis: 'LEGITIMATE_INTEREST_CLIENT' })
    expect((await contact(ALIX, 'hs_legal_basis')).json.properties.hs_legal_basis).toBe('Legitimate interest – existing customer')
    await world.control('POST', '/hubspot/person-unsubscribes', { email: ALIX, subscriptionId: NEWSLETTER })
    await submit(QUOTE!, { email: ALIX }, { legalConsentOptions: interest })
    expect(await newsletter()).toMatchObject({ status: 'UNSUBSCRIBED' })
  })

  test('brings back who had left one kind, unless told otherwise, and never who wants no e-mail at all', async () => {
    await world.control('POST', '/hubspot/person-unsubscribes', { email: ALIX, subscriptionId: NEWSLETTER })
    await world.control('POST', '/hubspot/form-resubscribes', { on: false })
    await submit(NEWS!, { email: ALIX }, consent([news(true)]))
    expect(await newsletter()).toMatchObject({ status: 'UNSUBSCRIBED' })
    await world.control('POST', '/hubspot/form-resubscribes', { on: true })
    await submit(NEWS!, { email: ALIX }, consent([news(true)]))
    expect(await newsletter()).toMatchObject({ status: 'SUBSCRIBED' })
    await world.control('POST', '/hubspot/person-unsubscribes', { email: ALIX })
    await submit(NEWS!, { email: ALIX }, consent([news(true)]))
    expect(await newsletter()).toMatchObject({ status: 'UNSUBSCRIBED' })
  })
})

test('nothing an erased person sent is left, and a form lets them come back', async () => {
  await submit(NEWS!, { email: ALIX }, consent([news(true)]))
  const { id } = (await contact()).json
  await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: id })
  const submissions = (await world.call('GET', `/form-integrations/v1/submissions/forms/${NEWS}`)).json
  expect(submissions).toEqual({ results: [] })
  await world.control('POST', '/hubspot/recreate-erased', { on: false })
  await submit(CONTACT!, { email: ALIX })
  expect((await contact()).json.id).not.toBe(id)
  expect((await world.control('POST', '/hubspot/inspect', { email: ALIX })).json).toMatchObject({ blocklisted: true, returned: true })
  expect(await newsletter()).toMatchObject({ status: 'NOT_SPECIFIED' })
})

test('forms and submissions come from seeds, and reset drops what came later', async () => {
  const form = { id: 'AAAAAAAA-0000-4000-8000-000000000001', name: 'Comments', formType: 'blog_comment', createdAt: '2019-01-01' }
  const submission = { formId: form.id, submittedAt: '2019-02-01T10:00:00Z', values: [{ name: 'email', value: 'Old@example.test' }] }
  expect((await world.control('POST', '/hubspot/load', { object: 'forms', rows: [form] })).status).toBe(200)
  expect((await world.control('POST', '/hubspot/load', { object: 'submissions', rows: [submission] })).status).toBe(200)
  const path = `/form-integrations/v1/submissions/forms/${form.id.toLowerCase()}`
  expect((await world.call('GET', path)).json.results).toMatchObject([{ submittedAt: Date.parse('2019-02-01T10:00:00Z') }])
  expect((await contact('old@example.test')).status).toBe(404)
  const wrong = await world.control('POST', '/hubspot/load', { object: 'submissions', rows: [{ ...submission, formId: 'none' }] })
  expect(wrong.json.error).toBe('submissions 1: formId: no such form')
  await world.control('POST', '/reset')
  expect((await world.call('GET', path)).status).toBe(404)
})

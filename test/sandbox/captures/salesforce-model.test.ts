/** Salesforce's objects: what describes tell, what deletes do, who may do what. */
import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWorld } from '../hubspot-world.ts'
import { FORM, startSalesforce } from '../salesforce-client.ts'
import type { Answer, Client } from '../salesforce-client.ts'

const ACME = '001440000000001AAA'
const ASH = '003440000000001AAA'

type Described = Record<string, unknown> & {
  fields: ({ name: string; type: string; nillable: boolean; createable: boolean; updateable: boolean } & Record<string, unknown>)[]
  childRelationships: { childSObject: string; field: string; cascadeDelete: boolean; restrictedDelete: boolean }[]
}

let client: Client
beforeAll(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: [{ Id: ASH, LastName: 'Ash', Email: 'ash@example.test', AccountId: ACME }],
  })
})
afterAll(() => client.close())
beforeEach(async () => {
  client.crm.reset()
  await client.login()
})

const both = ({ status, body }: Answer): unknown => [status, body]
const described = async (object: string): Promise<Described> => (await client.get(`/sobjects/${object}/describe`)).body as Described

describe('describes', () => {
  test('a field has every member that a live org sends', async () => {
    const { fields } = await described('Contact')
    const [field = {}] = fields
    expect(Object.keys(field).toSorted()).toEqual(
      `aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive compoundFieldName controllerName
      createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted
      externalId extraTypeInfo filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText
      label length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance
      referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable
      type unique updateable writeRequiresMasterRead`.split(/\s+/),
    )
    expect(fields.filter(({ type }) => type === 'string').every(({ byteLength, length }) => byteLength === 3 * Number(length))).toBe(true)
  })

  /** Object, key prefix, fields that every record needs, fields that may be left out. */
  test.each([
    [
      'Individual',
      '0PK',
      ['LastName'],
      [
        'BirthDate',
        'HasOptedOutTracking',
        'HasOptedOutProfiling',
        'HasOptedOutProcessing',
        'HasOptedOutSolicit',
        'HasOptedOutGeoTracking',
        'ShouldForget',
        'SendIndividualData',
        'CanStorePiiElsewhere',
        'IndividualsAge',
        'MasterRecordId',
        'ConvictionsCount',
        'ConsumerCreditScore',
        'OwnerId',
      ],
    ],
    [
      'ContactPointTypeConsent',
      '0ZY',
      ['Name', 'PartyId', 'PrivacyConsentStatus'],
      [
        'ContactPointType',
        'EngagementChannelTypeId',
        'CaptureContactPointType',
        'CaptureDate',
        'CaptureSource',
        'DataUsePurposeId',
        'DoubleConsentCaptureDate',
        'EffectiveFrom',
        'EffectiveTo',
      ],
    ],
    [
      'ContactPointConsent',
      '0ZX',
      ['ContactPointId', 'PrivacyConsentStatus'],
      ['CaptureDate', 'CaptureSource', 'DataUsePurposeId', 'EffectiveFrom', 'EffectiveTo'],
    ],
    [
      'ContactPointEmail',
      '9Vl',
      ['EmailAddress'],
      [
        'ParentId',
        'EmailDomain',
        'EmailMailBox',
        'EmailLatestBounceDateTime',
        'EmailLatestBounceReasonText',
        'IsPrimary',
        'UsageType',
        'PreferenceRank',
        'ActiveFromDate',
        'ActiveToDate',
      ],
    ],
    ['ContactPointPhone', '0Ow', ['TelephoneNumber'], ['ParentId']],
    ['ContactPointAddress', '8lW', [], ['ParentId']],
    ['DataUsePurpose', '0ZW', ['Name'], ['CanDataSubjectOptOut', 'Description', 'LegalBasisId']],
    ['DataUseLegalBasis', '0ZT', ['Name'], ['Description', 'Source']],
    ['CommSubscription', '0Xl', ['Name'], ['DataUsePurposeId', 'IsDefault']],
    ['CommSubscriptionChannelType', '0eB', ['CommunicationSubscriptionId', 'EngagementChannelTypeId'], []],
    ['EngagementChannelType', '0eF', ['Name'], ['ContactPointType']],
    [
      'CommSubscriptionConsent',
      '0dY',
      ['ContactPointId', 'CommSubscriptionChannelTypeId', 'EffectiveFromDate'],
      [
        'ConsentGiverId',
        'ConsentCapturedDateTime',
        'ConsentCapturedSource',
        'EffectiveToDate',
        'PartyId',
        'DataUsePurposeId',
        'PrivacyConsentStatus',
      ],
    ],
    [
      'AuthorizationFormConsent',
      '0cK',
      ['ConsentGiverId'],
      [
        'AuthorizationFormTextId',
        'ConsentCapturedDateTime',
        'ConsentCapturedSource',
        'ConsentCapturedSourceType',
        'Status',
        'DocumentVersionId',
      ],
    ],
    ['AuthorizationForm', '0cI', ['Name'], []],
    ['AuthorizationFormText', '0cN', ['Name'], []],
    ['AuthorizationFormDataUse', '0cM', ['Name'], []],
    [
      'PartyConsent',
      '0g8',
      ['PartyId', 'Action', 'PrivacyConsentStatus'],
      ['CaptureDate', 'CaptureSource', 'EffectiveFrom', 'EffectiveTo'],
    ],
    ['EmailMessageRelation', '0CZ', [], ['RelationAddress', 'RelationId']],
    [
      'Contact',
      '003',
      ['LastName'],
      [
        'HasOptedOutOfEmail',
        'HasOptedOutOfFax',
        'DoNotCall',
        'EmailBouncedDate',
        'EmailBouncedReason',
        'IsEmailBounced',
        'LastActivityDate',
        'Birthdate',
        'LeadSource',
        'Description',
        'MasterRecordId',
        'ReportsToId',
        'IndividualId',
        'LastCURequestDate',
      ],
    ],
    [
      'Lead',
      '00Q',
      ['Company', 'Status', 'LastName'],
      [
        'IsConverted',
        'ConvertedDate',
        'ConvertedAccountId',
        'ConvertedContactId',
        'ConvertedOpportunityId',
        'EmailBouncedReason',
        'IndividualId',
        'HasOptedOutOfEmail',
        'DoNotCall',
      ],
    ],
    [
      'Case',
      '500',
      [],
      ['SuppliedName', 'SuppliedEmail', 'SuppliedPhone', 'SuppliedCompany', 'ContactEmail', 'ContactPhone', 'ContactMobile', 'ContactFax'],
    ],
    ['CampaignMember', '00v', [], ['FirstName', 'LastName', 'Email', 'Phone', 'HasOptedOutOfEmail', 'DoNotCall']],
    ['User', '005', [], ['IndividualId']],
  ])('%s has the prefix %s and its fields', async (object, keyPrefix, needed, others) => {
    const { fields, ...rest } = await described(object)
    expect(rest['keyPrefix']).toBe(keyPrefix)
    const nillable = new Map(fields.map((field) => [field.name, field.nillable]))
    expect(needed.filter((name) => nillable.get(name) !== false)).toEqual([])
    expect(others.filter((name) => !nillable.has(name))).toEqual([])
  })

  test('what others fill in is read only, what was true at creation cannot be changed', async () => {
    const rights = async (object: string, names: string[]): Promise<unknown> =>
      (await described(object)).fields
        .filter(({ name }) => names.includes(name))
        .map(({ name, createable, updateable }) => [name, createable, updateable])
    expect(await rights('Contact', ['IsEmailBounced', 'LastActivityDate'])).toEqual([
      ['LastActivityDate', false, false],
      ['IsEmailBounced', false, false],
    ])
    expect(await rights('Lead', ['IsConverted', 'ConvertedContactId', 'EmailBouncedReason'])).toEqual([
      ['IsConverted', true, false],
      ['ConvertedContactId', false, false],
      ['EmailBouncedReason', false, true],
    ])
    expect(await rights('Case', ['SuppliedEmail', 'ContactEmail'])).toEqual([
      ['SuppliedEmail', true, true],
      ['ContactEmail', false, false],
    ])
    expect(await rights('CampaignMember', ['Email'])).toEqual([['Email', false, false]])
    expect((await described('User'))['deletable']).toBe(false)
  })

  /** What becomes of a child when its parent is deleted. */
  test.each([
    [
      'Contact',
      'cascade',
      [
        'Task.WhoId',
        'Event.WhoId',
        'EmailMessageRelation.RelationId',
        'CampaignMember.ContactId',
        'OpportunityContactRole.ContactId',
        'AccountContactRole.ContactId',
        'CaseContactRole.ContactId',
        'Asset.ContactId',
        'Attachment.ParentId',
        'Note.ParentId',
        'ContentDocumentLink.LinkedEntityId',
        'FeedItem.ParentId',
        'ContactHistory.ContactId',
      ],
    ],
    [
      'Contact',
      'restrict',
      [
        'Case.ContactId',
        'Contract.CustomerSignedId',
        'Order.BillToContactId',
        'Order.ShipToContactId',
        'Order.CustomerAuthorizedById',
        'AuthorizationFormConsent.ConsentGiverId',
        'CommSubscriptionConsent.ConsentGiverId',
      ],
    ],
    ['Contact', 'none', ['Contact.ReportsToId', 'Lead.ConvertedContactId', 'Opportunity.ContactId']],
    [
      'Account',
      'cascade',
      [
        'Contact.AccountId',
        'Opportunity.AccountId',
        'Asset.AccountId',
        'ContactPointEmail.ParentId',
        'Task.WhatId',
        'Event.WhatId',
        'Note.ParentId',
      ],
    ],
    ['Account', 'restrict', ['Case.AccountId', 'AuthorizationFormConsent.ConsentGiverId', 'CommSubscriptionConsent.ConsentGiverId']],
    ['Account', 'both', ['Contract.AccountId', 'Order.AccountId']],
    ['Individual', 'cascade', ['ContactPointEmail.ParentId', 'ContactPointPhone.ParentId', 'ContactPointAddress.ParentId']],
    [
      'Individual',
      'none',
      ['Contact.IndividualId', 'Lead.IndividualId', 'User.IndividualId', 'ContactPointTypeConsent.PartyId', 'PartyConsent.PartyId'],
    ],
    ['Case', 'cascade', ['CaseComment.ParentId', 'EmailMessage.ParentId', 'CaseHistory.CaseId', 'Attachment.ParentId']],
    ['Opportunity', 'cascade', ['OpportunityContactRole.OpportunityId', 'OpportunityFieldHistory.OpportunityId']],
    ['Campaign', 'cascade', ['CampaignMember.CampaignId', 'CampaignMemberStatus.CampaignId']],
  ])('a deleted %s: %s', async (object, fate, children) => {
    const { childRelationships } = await described(object)
    const flags = { cascade: [true, false], restrict: [false, true], none: [false, false], both: [true, true] }[fate]
    const fateOf = new Map(
      childRelationships.map((each) => [`${each.childSObject}.${each.field}`, [each.cascadeDelete, each.restrictedDelete]]),
    )
    expect(Object.fromEntries(children.map((child) => [child, fateOf.get(child)]))).toEqual(
      Object.fromEntries(children.map((child) => [child, flags])),
    )
  })
})

describe('access', () => {
  const ASSERTION = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  async function assert(claims: Record<string, unknown>): Promise<Answer> {
    client.crm.pull('jwt-key', { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() })
    const exp = Math.floor(client.now() / 1000) + 120
    const jwt = new SignJWT({
      iss: 'sandbox-client',
      sub: 'integration@sandbox.example',
      aud: 'https://login.salesforce.com',
      exp,
      ...claims,
    })
    const assertion = await jwt.setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    const form = new URLSearchParams({ grant_type: ASSERTION, assertion })
    return client.send('POST', '//services/oauth2/token', form.toString(), { ...FORM, authorization: '' })
  }

  test.each([
    ['https://login.salesforce.com', {}],
    ['https://test.salesforce.com', { aud: 'https://test.salesforce.com' }],
    ['an expiry as text', { exp: '4102444800' }],
  ])('a signed assertion for %s opens a session', async (_, claims) => {
    expect((await assert(claims)).status).toBe(200)
  })

  test.each([
    [{ aud: 'https://example.test' }, 'audience is invalid'],
    [{ exp: 1_700_000_000 }, 'expired authorization code'],
    [{ sub: 'somebody@example.test' }, "user hasn't approved this consumer"],
  ])('an assertion with %j is refused', async (claims, description) => {
    expect(both(await assert(claims))).toEqual([400, { error: 'invalid_grant', error_description: description }])
  })

  test('a session that may not use the REST API is refused in a sentence of its own', async () => {
    client.crm.pull('rest-access', { on: false })
    expect(both(await client.get('/limits'))).toMatchObject([401, [{ message: 'This session is not valid for use with the REST API' }]])
    client.crm.reset()
    await client.login()
    expect((await client.get('/limits')).status).toBe(200)
  })

  test('the calls of the day run out', async () => {
    client.crm.pull('limits', { daily: 10, used: 10 })
    expect(both(await client.get('/limits'))).toEqual([
      403,
      [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    ])
  })

  test('hard deletes need a permission that nobody has at first, and a query tells', async () => {
    const mayHardDelete = (): Promise<Record<string, unknown>[]> =>
      client.rows('SELECT PermissionsBulkApiHardDelete FROM UserPermissionAccess')
    expect(await mayHardDelete()).toEqual([{ PermissionsBulkApiHardDelete: false }])
    const job = { object: 'Contact', operation: 'hardDelete', contentType: 'CSV', lineEnding: 'LF' }
    const refused = await client.send('POST', '/jobs/ingest', job)
    expect([refused.status, refused.text]).toEqual([
      expect.any(Number),
      expect.stringContaining('hardDelete operation requires special user profile permission, please contact your system administrator'),
    ])
    client.crm.pull('permission', { name: 'BulkApiHardDelete', granted: true })
    expect(await mayHardDelete()).toEqual([{ PermissionsBulkApiHardDelete: true }])
    expect((await client.send('POST', '/jobs/ingest', job)).status).toBe(200)
  })
})

test('eleven cursors are one too many: the oldest is gone, and so is one from elsewhere', async () => {
  client.crm.load(
    'Contact',
    Array.from({ length: 300 }, () => ({ LastName: 'Many' })),
  )
  const open = async (): Promise<string> => {
    const { body } = await client.get('/query?q=SELECT+Id+FROM+Contact', { 'sforce-query-options': 'batchSize=200' })
    return (body as { nextRecordsUrl: string }).nextRecordsUrl
  }
  const cursors: string[] = []
  for (let n = 0; n < 11; n++) cursors.push(await open())
  const lost = [400, [{ message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' }]]
  expect(both(await client.get(`/${cursors[0]}`))).toEqual(lost)
  expect((await client.get(`/${cursors[10]}`)).status).toBe(200)
  expect(both(await client.get('/query/01g000000000001AAA-200'))).toEqual(lost)
})

test('two sandboxes at once are two orgs and two portals', async () => {
  const worlds = [await openWorld({ seed: 1 }), await openWorld({ seed: 2 })]
  const ids = []
  for (const world of worlds) {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
    const answer = await fetch(`${world.sandbox.salesforce}/services/oauth2/token`, { method: 'POST', body: form })
    const { id, access_token: token } = (await answer.json()) as { id: string; access_token: string }
    ids.push({ org: id.split('/')[4], token, portal: (await world.call('GET', '/account-info/v3/details')).json.portalId })
  }
  expect(ids.map(({ org, portal }) => [org, portal])).toEqual([
    ['00D440000000001EAA', 4_400_001],
    [expect.stringMatching(/^00D440000000002\w{3}$/), 4_400_002],
  ])
  const foreign = await fetch(`${worlds[1]?.sandbox.salesforce}/services/data/v60.0/limits`, {
    headers: { authorization: `Bearer ${ids[0]?.token}` },
  })
  expect(foreign.status).toBe(401)
  await Promise.all(worlds.map((world) => world.close()))
})

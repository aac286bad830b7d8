/** Calls that work, or nearly: what the fuzzer starts from. `{contact}` and the like are filled with ids that exist. */
export type Template = {
  crm: 'hubspot' | 'salesforce'
  method: string
  path: string
  query?: Readonly<Record<string, string>>
  body?: unknown
  type?: string
  headers?: Readonly<Record<string, string>>
}

const hubspot = (method: string, path: string, body?: unknown, query?: Readonly<Record<string, string>>): Template => ({
  crm: 'hubspot',
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(query === undefined ? {} : { query }),
})
const data = (method: string, path: string, body?: unknown, query?: Readonly<Record<string, string>>): Template => ({
  crm: 'salesforce',
  method,
  path: `/services/data/v60.0${path}`,
  ...(body === undefined ? {} : { body }),
  ...(query === undefined ? {} : { query }),
})

const contact = { properties: { email: 'fuzz@example.test', firstname: 'Fuzz', lifecyclestage: 'lead', date_of_birth: '1990-01-01' } }
const inputs = { inputs: [{ id: '{contact}', properties: { firstname: 'Fuzz' }, objectWriteTraceId: 'a' }] }
const searchBody = {
  filterGroups: [{ filters: [{ propertyName: 'email', operator: 'CONTAINS_TOKEN', value: '*@example.test' }] }],
  sorts: [{ propertyName: 'createdate', direction: 'DESCENDING' }],
  properties: ['email'],
  limit: 10,
  after: '10',
}
const property = { name: 'fuzz_text', label: 'Fuzz', type: 'string', fieldType: 'text', groupName: 'contactinformation' }
/** Nobody listens there: what the sandbox sends goes nowhere. */
const NOWHERE = 'http://127.0.0.1:9/hook'

function objectTemplates(object: string): Template[] {
  const base = `/crm/v3/objects/${object}`
  return [
    hubspot('GET', base, undefined, { limit: '5', properties: 'email,firstname', after: '{contact}' }),
    hubspot('GET', `${base}/{contact}`, undefined, { propertiesWithHistory: 'email', associations: 'companies', idProperty: 'email' }),
    hubspot('POST', base, contact),
    hubspot('PATCH', `${base}/{contact}`, contact),
    hubspot('DELETE', `${base}/{contact}`),
    hubspot('POST', `${base}/search`, searchBody),
    hubspot('POST', `${base}/merge`, { primaryObjectId: '{contact}', objectIdToMerge: '{contact}' }),
    hubspot('POST', `${base}/gdpr-delete`, { objectId: '{contact}', idProperty: 'email' }),
    ...['read', 'create', 'update', 'upsert', 'archive'].map((name) =>
      hubspot('POST', `${base}/batch/${name}`, { ...inputs, properties: ['email'], idProperty: 'email' }),
    ),
  ]
}

function contactV1Templates(): Template[] {
  const body = { properties: [{ property: 'firstname', value: 'Fuzz' }] }
  return [
    hubspot('POST', '/contacts/v1/contact', { properties: [...body.properties, { property: 'email', value: 'fuzz@example.test' }] }),
    hubspot('POST', '/contacts/v1/contact/createOrUpdate/email/fuzz@example.test', body),
    hubspot('POST', '/contacts/v1/contact/vid/{contact}/profile', body),
    hubspot('GET', '/contacts/v1/contact/vid/{contact}/profile', undefined, { property: 'email', propertyMode: 'value_only' }),
    hubspot('DELETE', '/contacts/v1/contact/vid/{contact}'),
    hubspot('POST', '/contacts/v1/contact/merge-vids/{contact}', { vidToMerge: '{contact}' }),
    hubspot('GET', '/contacts/v1/contact/vids/batch', undefined, { vid: '{contact}', email: 'fuzz@example.test' }),
    hubspot('GET', '/contacts/v1/lists/all/contacts/all', undefined, { count: '3', vidOffset: '{contact}' }),
    hubspot('GET', '/contacts/v1/lists/recently_updated/contacts/recent', undefined, { timeOffset: '1', vidOffset: '{contact}' }),
    hubspot('GET', '/contacts/v1/search/query', undefined, { q: 'fuzz', count: '3', offset: '1' }),
  ]
}

export const HUBSPOT: readonly Template[] = [
  ...['contacts', 'contacts', 'contacts', 'companies', 'deals', 'notes', '0-1', 'nothing'].flatMap(objectTemplates),
  hubspot('GET', '/crm/objects/2026-09/contacts', undefined, { limit: '3' }),
  hubspot('GET', '/crm/v3/properties/contacts', undefined, { archived: 'true', dataSensitivity: 'sensitive' }),
  hubspot('POST', '/crm/v3/properties/contacts', property),
  hubspot('PATCH', '/crm/v3/properties/contacts/fuzz_text', { label: 'Other', options: [{ label: 'A', value: 'a' }] }),
  hubspot('DELETE', '/crm/v3/properties/contacts/fuzz_text'),
  hubspot('POST', '/crm/v3/properties/contacts/batch/create', { inputs: [property] }),
  hubspot('POST', '/crm/v3/properties/contacts/groups', { name: 'fuzz', label: 'Fuzz', displayOrder: 1 }),
  hubspot('GET', '/crm/v3/owners', undefined, { limit: '1', email: 'owner@example.test' }),
  hubspot('GET', '/account-info/v3/details'),
  hubspot('GET', '/account-info/v3/api-usage/daily/private-apps'),
  hubspot('GET', '/oauth/v1/access-tokens/fuzz'),
  hubspot('POST', '/oauth/v2/private-apps/get/access-token-info', { tokenKey: 'fuzz' }),
  {
    ...hubspot(
      'POST',
      '/oauth/v1/token',
      'grant_type=refresh_token&client_id=sandbox-app&client_secret=sandbox-secret&refresh_token=sandbox-refresh',
    ),
    type: 'application/x-www-form-urlencoded',
  },
  hubspot('GET', '/crm/v4/objects/contacts/{contact}/associations/companies', undefined, { limit: '2', after: '1' }),
  hubspot('PUT', '/crm/v4/objects/contacts/{contact}/associations/default/companies/{contact}'),
  hubspot('PUT', '/crm/v4/objects/contacts/{contact}/associations/companies/{contact}', [
    { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 },
  ]),
  hubspot('POST', '/crm/v4/associations/contacts/companies/batch/create', {
    inputs: [{ from: { id: '{contact}' }, to: { id: '{contact}' }, types: [] }],
  }),
  hubspot('POST', '/crm/v4/associations/contacts/companies/labels', { label: 'Fuzz', name: 'fuzz' }),
  hubspot('POST', '/crm/v3/associations/contacts/companies/batch/read', { inputs: [{ id: '{contact}' }] }),
  hubspot('GET', '/crm/v3/lists', undefined, { listIds: '1', includeFilters: 'true' }),
  hubspot('POST', '/crm/v3/lists', {
    name: 'fuzz',
    objectTypeId: '0-1',
    processingType: 'DYNAMIC',
    filterBranch: {
      filterBranchType: 'OR',
      filterBranches: [
        {
          filterBranchType: 'AND',
          filterBranches: [],
          filters: [
            { filterType: 'PROPERTY', property: 'email', operation: { operationType: 'MULTISTRING', operator: 'CONTAINS', values: ['x'] } },
          ],
        },
      ],
      filters: [],
    },
  }),
  hubspot('POST', '/crm/v3/lists/search', { query: 'fuzz', count: 5, offset: 0 }),
  hubspot('PUT', '/crm/v3/lists/1/memberships/add', ['{contact}']),
  hubspot('PUT', '/crm/v3/lists/1/update-list-filters', { filterBranch: null }),
  hubspot('GET', '/crm/v3/lists/1/memberships', undefined, { after: 'x', limit: '1' }),
  hubspot('GET', '/communication-preferences/v3/status/email/fuzz@example.test'),
  hubspot('POST', '/communication-preferences/v3/unsubscribe', {
    emailAddress: 'fuzz@example.test',
    subscriptionId: '1',
    legalBasis: 'CONSENT_WITH_NOTICE',
  }),
  hubspot('POST', '/communication-preferences/v4/statuses/batch/read', { inputs: ['fuzz@example.test'] }, { channel: 'EMAIL' }),
  hubspot('POST', '/communication-preferences/v4/statuses/fuzz@example.test', {
    subscriptionId: 1,
    statusState: 'UNSUBSCRIBED',
    channel: 'EMAIL',
  }),
  hubspot('POST', '/communication-preferences/v4/statuses/fuzz@example.test/unsubscribe-all', undefined, { channel: 'EMAIL' }),
  hubspot('GET', '/marketing/v3/forms', undefined, { limit: '1', formTypes: 'hubspot' }),
  hubspot('POST', '/marketing/v3/forms', {
    name: 'fuzz',
    formType: 'hubspot',
    fieldGroups: [],
    configuration: {},
    legalConsentOptions: { type: 'none' },
  }),
  hubspot('GET', '/email/public/v1/subscriptions/timeline', undefined, { startTimestamp: '0', limit: '3', offset: 'dDE', changeType: 'x' }),
  hubspot('GET', '/email/public/v1/subscriptions/fuzz@example.test'),
  hubspot('PUT', '/email/public/v1/subscriptions/fuzz@example.test', {
    unsubscribeFromAll: true,
    subscriptionStatuses: [{ id: 440_010_004, subscribed: false, optState: 'OPT_OUT', legalBasis: 'NON_GDPR' }],
  }),
  ...contactV1Templates(),
  hubspot('GET', '/form-integrations/v1/submissions/forms/x', undefined, { limit: '51', after: 'x' }),
  hubspot('POST', '/submissions/v3/integration/secure/submit/4400001/x', {
    fields: [{ objectTypeId: '0-1', name: 'email', value: 'fuzz@example.test' }],
  }),
  hubspot(
    'PUT',
    '/webhooks/v3/4400101/settings',
    { targetUrl: NOWHERE, throttling: { period: 'SECONDLY', maxConcurrentRequests: 10 } },
    { hapikey: 'sandbox-developer-key' },
  ),
  hubspot(
    'POST',
    '/webhooks/v3/4400101/subscriptions',
    { eventType: 'contact.creation', active: true },
    { hapikey: 'sandbox-developer-key' },
  ),
  hubspot('POST', '/crm/v3/exports/export/async', {
    exportType: 'VIEW',
    exportName: 'fuzz',
    format: 'CSV',
    language: 'EN',
    objectType: 'CONTACT',
    objectProperties: ['email'],
  }),
  hubspot('GET', '/crm/v3/exports/export/async/tasks/1/status'),
  hubspot('POST', '/webhooks/v4/subscriptions', {
    subscriptionType: 'OBJECT',
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE'],
    properties: ['email'],
    portalId: 4400001,
  }),
  hubspot('GET', '/webhooks/v4/journal/earliest'),
  hubspot('GET', '/webhooks/v4/journal/offset/{contact}/next'),
  hubspot('POST', '/webhooks/v4/journal/batch/read', { inputs: ['{contact}'] }),
  hubspot('POST', '/webhooks/v4/snapshots/crm', {
    snapshotRequests: [{ portalId: 4400001, objectId: 1, objectTypeId: '0-1', properties: ['email'] }],
  }),
  hubspot('GET', '/settings/v3/users', undefined, { limit: '1', after: 'x' }),
  hubspot('POST', '/settings/v3/users', { email: 'user@example.test', roleId: '1', sendWelcomeEmail: false }),
  hubspot('GET', '/integrations/v1/me'),
  hubspot('POST', '/integrations/v1/limit/daily'),
  hubspot('GET', '/oauth/authorize', undefined, {
    client_id: 'sandbox-app',
    redirect_uri: 'http://127.0.0.1:9/',
    scope: 'oauth',
    response_type: 'code',
  }),
  hubspot('POST', '/crm/v4/associations/definitions/configurations/contacts/companies/batch/create', {
    inputs: [{ category: 'HUBSPOT_DEFINED', typeId: 1, maxToObjectIds: 1 }],
  }),
  hubspot('POST', '/crm/v3/schemas', {
    name: 'fuzz',
    labels: { singular: 'Fuzz', plural: 'Fuzzes' },
    properties: [property],
    requiredProperties: [],
    primaryDisplayProperty: 'fuzz_text',
    associatedObjects: ['CONTACT'],
  }),
  hubspot('GET', '/crm/v3/pipelines/deals'),
  hubspot('POST', '/crm/v3/pipelines/deals', {
    label: 'Fuzz',
    displayOrder: 0,
    stages: [{ label: 'A', displayOrder: 0, metadata: { probability: '0.5' } }],
  }),
  hubspot('GET', '/crm/v3/schemas'),
  hubspot('GET', '/contacts/v1/lists/all/contacts/all', undefined, { count: '1', vidOffset: '1' }),
  hubspot('GET', '/crm/v3/imports/'),
  hubspot('GET', '/nothing/here'),
]

const lead = { LastName: 'Fuzz', Company: 'Fuzz', Email: 'fuzz@example.test' }
const record = {
  attributes: { type: 'Contact' },
  id: '{sfid}',
  LastName: 'Fuzz',
  Email: 'fuzz@example.test',
  HasOptedOutOfEmail: true,
  Birthdate: '1990-01-01',
}
const SOQL = [
  'SELECT Id, Email, Account.Name FROM Contact WHERE HasOptedOutOfEmail = true ORDER BY LastName DESC NULLS LAST LIMIT 5 OFFSET 2',
  "SELECT Id FROM Contact WHERE Email LIKE '%@example.test' AND (CreatedDate = LAST_N_DAYS:30 OR LastName IN ('A','B'))",
  'SELECT COUNT(), MAX(CreatedDate) FROM Lead GROUP BY LeadSource HAVING COUNT(Id) > 1',
  'SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Id IN (SELECT AccountId FROM Contact)',
  'SELECT FIELDS(ALL) FROM Contact LIMIT 200',
  "SELECT Id FROM Contact WHERE Id = '{sfid}' FOR VIEW",
  'SELECT TYPEOF Owner WHEN User THEN Name ELSE Id END FROM Contact',
  'SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Contact GROUP BY ROLLUP(CALENDAR_YEAR(CreatedDate))',
]

const SOAP = [
  '<u:query><u:queryString>SELECT Id FROM Contact</u:queryString></u:query>',
  '<u:getUserInfo/>',
  '<u:create><u:sObjects xsi:type="Contact"><LastName>Fuzz</LastName></u:sObjects></u:create>',
  '<u:update><u:sObjects><type>Contact</type><Id>{sfid}</Id><fieldsToNull>Email</fieldsToNull></u:sObjects></u:update>',
  '<u:upsert><u:externalIDFieldName>Id</u:externalIDFieldName><u:sObjects><type>Contact</type><Id>{sfid}</Id></u:sObjects></u:upsert>',
  '<u:delete><u:ids>{sfid}</u:ids></u:delete>',
  '<u:undelete><u:ids>{sfid}</u:ids></u:undelete>',
  '<u:emptyRecycleBin><u:ids>{sfid}</u:ids></u:emptyRecycleBin>',
  '<u:merge><u:request><masterRecord><type>Contact</type><Id>{sfid}</Id></masterRecord><recordToMergeIds>{sfid}</recordToMergeIds></u:request></u:merge>',
  '<u:convertLead><u:leadConverts><leadId>{sfid}</leadId><convertedStatus>Closed - Converted</convertedStatus></u:leadConverts></u:convertLead>',
  '<u:describeSObjects><u:sObjectType>Contact</u:sObjectType></u:describeSObjects>',
  '<u:retrieve><u:fieldList>Id,Email</u:fieldList><u:sObjectType>Contact</u:sObjectType><u:ids>{sfid}</u:ids></u:retrieve>',
  '<u:getDeleted><u:sObjectType>Contact</u:sObjectType><u:startDate>2026-01-01T00:00:00Z</u:startDate><u:endDate>2026-01-02T00:00:00Z</u:endDate></u:getDeleted>',
  '<u:login><u:username>integration@sandbox.example</u:username><u:password>x</u:password></u:login>',
  '<u:search><u:searchString>FIND {Fuzz} RETURNING Contact(Id)</u:searchString></u:search>',
]

function soap(call: string): Template {
  const header = '<soapenv:Header><u:SessionHeader><u:sessionId>{token}</u:sessionId></u:SessionHeader></soapenv:Header>'
  const names =
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:u="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
  const body = `<?xml version="1.0"?><soapenv:Envelope ${names}>${header}<soapenv:Body>${call}</soapenv:Body></soapenv:Envelope>`
  return { crm: 'salesforce', method: 'POST', path: '/services/Soap/u/60.0', type: 'text/xml', body, headers: { soapaction: '""' } }
}

const FILE_BODY = [
  '--edge\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n{"Name":"a.txt","ParentId":"{contact}"}',
  '\r\n--edge\r\nContent-Disposition: form-data; name="Body"; filename="a.txt"\r\n\r\nhello\r\n--edge--\r\n',
].join('')

export const SALESFORCE: readonly Template[] = [
  {
    crm: 'salesforce',
    method: 'POST',
    path: '/services/data/v60.0/sobjects/Attachment',
    body: FILE_BODY,
    type: 'multipart/form-data; boundary=edge',
  },
  ...[...SOQL, ...SOQL].map((q) => data('GET', '/query', undefined, { q, columns: 'true' })),
  ...SOQL.slice(0, 3).map((q) => data('GET', '/queryAll/', undefined, { q })),
  data('GET', '/query/01gxx0000000001AAA-2000'),
  data('GET', '/search', undefined, { q: 'FIND {Fuzz*} IN ALL FIELDS RETURNING Contact(Id, Email)' }),
  data('GET', '/parameterizedSearch', undefined, { q: 'Fuzz', sobject: 'Contact' }),
  data('GET', '/sobjects'),
  data('GET', '/sobjects/Contact/describe'),
  data('GET', '/sobjects/Contact/{sfid}', undefined, { fields: 'Id,Email' }),
  data('PATCH', '/sobjects/Contact/{sfid}', lead),
  data('PATCH', '/sobjects/Contact/Email/fuzz@example.test', lead),
  data('POST', '/sobjects/Lead', lead),
  data('POST', '/sobjects/Individual', { LastName: 'Fuzz' }),
  data('DELETE', '/sobjects/Contact/{sfid}'),
  data('GET', '/sobjects/Contact/updated', undefined, { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' }),
  data('GET', '/sobjects/Contact/deleted', undefined, { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' }),
  data('POST', '/composite/sobjects', { allOrNone: true, records: [record] }),
  data('PATCH', '/composite/sobjects', { allOrNone: false, records: [record, record] }),
  data('PATCH', '/composite/sobjects/Contact/Id', { records: [record] }),
  data('DELETE', '/composite/sobjects', undefined, { ids: '{sfid}', allOrNone: 'true' }),
  data('POST', '/composite/sobjects/Contact', { ids: ['{sfid}'], fields: ['Id', 'Email'] }),
  data('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', url: '/services/data/v60.0/sobjects/Lead', referenceId: 'a', body: lead },
      { method: 'GET', url: '/services/data/v60.0/sobjects/Lead/@{a.id}', referenceId: 'b' },
    ],
  }),
  data('POST', '/composite/batch', { batchRequests: [{ method: 'GET', url: 'v60.0/limits' }] }),
  data('POST', '/composite/graph', {
    graphs: [
      { graphId: '1', compositeRequest: [{ method: 'POST', url: '/services/data/v60.0/sobjects/Lead', referenceId: 'a', body: lead }] },
    ],
  }),
  data('POST', '/composite/tree/Contact', { records: [{ attributes: { type: 'Contact', referenceId: 'a' }, LastName: 'Fuzz' }] }),
  data('GET', '/limits'),
  data('GET', '/limits/recordCount', undefined, { sObjects: 'Contact,Lead' }),
  data('GET', '/tooling/query', undefined, { q: 'SELECT Id, FullName FROM CustomField' }),
  data('POST', '/tooling/sobjects/CustomField', { FullName: 'Contact.Fuzz__c', Metadata: { type: 'Text', label: 'Fuzz', length: 20 } }),
  data('POST', '/tooling/sobjects/PlatformEventChannelMember', {
    FullName: 'a',
    Metadata: { eventChannel: 'ChangeEvents', selectedEntity: 'ContactChangeEvent' },
  }),
  data('POST', '/jobs/query', { operation: 'query', query: 'SELECT Id FROM Contact' }),
  data('GET', '/jobs/query/{job}/resultPages', undefined, { locator: 'MA' }),
  data('GET', '/jobs/query/{job}/results', undefined, { maxRecords: '2', locator: 'x' }),
  data('POST', '/jobs/ingest', { object: 'Contact', operation: 'insert', contentType: 'CSV', lineEnding: 'LF' }),
  { ...data('PUT', '/jobs/ingest/{job}/batches', 'LastName,Email\nFuzz,fuzz@example.test\n'), type: 'text/csv' },
  data('PATCH', '/jobs/ingest/{job}', { state: 'UploadComplete' }),
  data('GET', '/jobs/ingest/{job}/successfulResults'),
  data('GET', '/consent/action/email', undefined, { ids: '{sfid}' }),
  { crm: 'salesforce', method: 'GET', path: '/services/data' },
  { crm: 'salesforce', method: 'GET', path: '/services/oauth2/userinfo' },
  {
    crm: 'salesforce',
    method: 'POST',
    path: '/services/oauth2/token',
    body: 'grant_type=client_credentials&client_id=sandbox-client&client_secret=sandbox-secret',
    type: 'application/x-www-form-urlencoded',
  },
  { crm: 'salesforce', method: 'POST', path: '/services/oauth2/introspect', body: 'token=x', type: 'application/x-www-form-urlencoded' },
  {
    crm: 'salesforce',
    method: 'GET',
    path: '/services/oauth2/authorize',
    query: { response_type: 'code', client_id: 'sandbox-client', redirect_uri: 'http://127.0.0.1:9/' },
  },
  ...SOAP.map(soap),
  {
    crm: 'salesforce',
    method: 'POST',
    path: '/services/async/60.0/job',
    headers: { 'x-sfdc-session': '{token}' },
    type: 'application/xml',
    body: '<?xml version="1.0"?><jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload"><operation>insert</operation><object>Contact</object><contentType>CSV</contentType></jobInfo>',
  },
  {
    crm: 'salesforce',
    method: 'POST',
    path: '/cometd/60.0',
    body: [{ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }],
  },
  {
    crm: 'salesforce',
    method: 'POST',
    path: '/cometd/60.0',
    body: [
      { channel: '/meta/subscribe', clientId: 'x', subscription: '/data/ChangeEvents', ext: { replay: { '/data/ChangeEvents': -2 } } },
    ],
  },
]

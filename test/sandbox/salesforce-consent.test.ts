import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ASH = '003440000000001AAA'
const LARCH = '00Q440000000001EAA'
const PERSON = '0PK440000000001GAA'
const EMAIL = 'ash@example.test'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Individual: [{ Id: PERSON, LastName: 'Ash', ShouldForget: true }],
    Contact: [
      { Id: ASH, LastName: 'Ash', Email: EMAIL, IndividualId: PERSON },
      { LastName: 'Elm', Email: 'elm@example.test' },
    ],
    Lead: [{ Id: LARCH, LastName: 'Ash', Company: 'x', Email: 'ASH@example.test', HasOptedOutOfEmail: true }],
    DataUsePurpose: [{ Name: 'News' }],
  })
})
afterEach(() => client.close())

const read = (path: string) => client.get(`/consent/${path}`)
const write = (path: string, body: object = {}) => client.send('PATCH', `/consent/${path}`, body)

test('an address asks all its records, and one opt-out is a no', async () => {
  expect((await read(`action/email?ids=${EMAIL},${ASH}&verbose=true`)).body).toEqual({
    [EMAIL]: {
      result: 'Success',
      proceed: { email: 'false', emailResult: 'Success' },
      explanation: [
        { objectConsulted: 'Contact', field: 'HasOptedOutOfEmail', recordId: ASH, value: 'false' },
        { objectConsulted: 'Lead', field: 'HasOptedOutOfEmail', recordId: LARCH, value: 'true' },
      ],
    },
    [ASH]: {
      result: 'Success',
      proceed: { email: 'true', emailResult: 'Success' },
      explanation: [{ objectConsulted: 'Contact', field: 'HasOptedOutOfEmail', recordId: ASH, value: 'false' }],
    },
  })
})

test('several actions are asked at once; without an individual, and of nobody, the answer is no', async () => {
  expect((await read(`multiaction?actions=track,shouldForget,fax&ids=${ASH},elm@example.test,nobody@example.test`)).body).toEqual({
    [ASH]: {
      result: 'Success',
      proceed: {
        track: 'true',
        trackResult: 'Success',
        shouldForget: 'true',
        shouldForgetResult: 'Success',
        fax: 'true',
        faxResult: 'Success',
      },
    },
    'elm@example.test': {
      result: 'Success',
      proceed: {
        track: 'false',
        trackResult: 'Success',
        shouldForget: 'false',
        shouldForgetResult: 'Success',
        fax: 'true',
        faxResult: 'Success',
      },
    },
    'nobody@example.test': {
      result: 'Success',
      proceed: {
        track: 'false',
        trackResult: 'Success',
        shouldForget: 'false',
        shouldForgetResult: 'Success',
        fax: 'false',
        faxResult: 'Success',
      },
    },
  })
})

test('a choice is written to every record of the address, and to the consent of the individual', async () => {
  const { body } = await write(
    `action/email?ids=${EMAIL}&status=OptIn&purposeName=News&captureSource=form&effectiveFrom=2026-01-01T00:00:00Z`,
  )
  expect(body).toEqual({
    [EMAIL]: {
      result: 'Success',
      edited: [
        { objectType: 'Contact', field: 'HasOptedOutOfEmail', valueOfField: 'false', id: ASH },
        { objectType: 'Lead', field: 'HasOptedOutOfEmail', valueOfField: 'false', id: LARCH },
        { objectType: 'ContactPointTypeConsent', field: 'PrivacyConsentStatus', valueOfField: 'OptIn', id: expect.stringMatching(/^0ZY/) },
      ],
    },
  })
  expect(
    await client.rows('SELECT PartyId, ContactPointType, CaptureSource, DataUsePurpose.Name FROM ContactPointTypeConsent'),
  ).toMatchObject([{ PartyId: PERSON, ContactPointType: 'Email', CaptureSource: 'form', DataUsePurpose: { Name: 'News' } }])
  const may = async (query: string) =>
    ((await read(`action/email?ids=${EMAIL}&${query}`)).body as Record<string, { proceed: { email: string } }>)[EMAIL]?.proceed.email
  expect(await may('policy=requireExplicitConsent&purpose=News')).toBe('true')
  expect(await may('policy=requireExplicitConsent&purpose=Other')).toBe('false')
  expect(await may('policy=requireExplicitConsent&datetime=2025-01-01T00:00:00Z')).toBe('false')
})

test('an individual is made on demand, and its actions take yes and no only', async () => {
  await write('action/web?ids=elm@example.test&status=OptOut&createIndividual=true')
  expect(await client.rows("SELECT Individual.LastName FROM Contact WHERE LastName = 'Elm'")).toMatchObject([
    { Individual: { LastName: 'Elm' } },
  ])
  expect((await write(`action/track?ids=${ASH}&status=OptOut`)).body).toEqual({
    [ASH]: {
      result: 'Success',
      edited: [{ objectType: 'Individual', field: 'HasOptedOutTracking', valueOfField: 'true', id: PERSON }],
    },
  })
  const refused = [
    await write(`action/track?ids=${ASH}&status=Seen`),
    await write(`action/email?ids=${ASH}&status=Perhaps`),
    await write('action/email?status=OptIn'),
    await read('action/email'),
    await read('action/dance?ids=x'),
  ]
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 404])
})

test.each(['effectiveFrom=someday', 'purposeName=Unheard'])('a write that is refused leaves nothing behind: %s', async (wrong) => {
  const state = async (): Promise<unknown> => [
    await client.rows('SELECT Id, LastName FROM Individual'),
    await client.rows('SELECT Id, IndividualId, HasOptedOutOfEmail FROM Contact'),
    await client.rows('SELECT Id FROM ContactPointTypeConsent'),
  ]
  const before = await state()
  const path = `action/email?status=OptOut&createIndividual=true&${wrong}`
  for (const refused of [await write(`${path}&ids=elm@example.test`), await write(path, { ids: [EMAIL, 'elm@example.test'] })]) {
    expect([refused.status, refused.body]).toMatchObject([400, [{ errorCode: 'INVALID_ARGUMENT' }]])
  }
  expect(await state()).toEqual(before)
})

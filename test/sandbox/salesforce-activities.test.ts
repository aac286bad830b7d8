import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
const ASH = '003440000000001AAA'
const LEAD = '00Q440000000001EAA'
let client: Client

beforeAll(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: [
      { Id: ASH, LastName: 'Ash', AccountId: ACME },
      { LastName: 'Birch', AccountId: ACME },
    ],
    Lead: [{ Id: LEAD, LastName: 'Larch', Company: 'Larch & Co' }],
    Task: [
      { Id: '00T440000000001EAA', Subject: 'Called', WhoId: ASH, Status: 'Completed', ActivityDate: '2026-02-01', Type: 'Call' },
      { Subject: 'To call', WhoId: ASH, Priority: 'High', ActivityDate: '2026-04-01' },
      { Subject: 'Someday', WhoId: ASH },
      { Subject: 'Contract', WhatId: ACME, Status: 'Completed' },
      { Subject: 'Dropped', WhoId: ASH, Status: 'Completed', IsDeleted: true },
    ],
    Event: [
      { Subject: 'Met', WhoId: ASH, StartDateTime: '2026-02-03T10:00:00Z', DurationInMinutes: 30, Location: 'Lyon' },
      { Subject: 'To meet', WhoId: ASH, StartDateTime: '2026-03-03T10:00:00Z', DurationInMinutes: 60 },
    ],
    EmailMessage: [{ Id: '02s440000000001AAA', ActivityId: '00T440000000001EAA', Subject: 'Called', FromAddress: 'a@example.test' }],
  })
})
afterAll(() => client.close())

type List = { totalSize: number; records: Record<string, unknown>[] } | null
async function lists(query: string, at = '/query'): Promise<Record<string, List>[]> {
  const { body, status } = await client.get(`${at}?q=${encodeURIComponent(query)}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return (body as { records: Record<string, List>[] }).records
}
const subjects = (list: List | undefined): unknown => list?.records.map(({ Subject }) => Subject) ?? null

test('tasks and events of a person stand in two lists, by what is done and what is to come', async () => {
  const order = 'ORDER BY ActivityDate ASC NULLS LAST, LastModifiedDate DESC'
  const fields = 'Subject, ActivityDate, IsTask, IsClosed, ActivityType, ActivitySubtype, Location, Who.Name, AlternateDetailId'
  const query = `SELECT LastName, (SELECT ${fields} FROM ActivityHistories ${order} LIMIT 500), (SELECT Subject FROM OpenActivities ${order}) FROM Contact ORDER BY LastName`
  const [ash, birch] = await lists(query)
  const who = { attributes: { type: 'Name', url: `/services/data/v60.0/sobjects/Contact/${ASH}` }, Name: 'Ash' }
  expect(ash?.ActivityHistories).toEqual({
    totalSize: 2,
    done: true,
    records: [
      {
        attributes: { type: 'ActivityHistory', url: '/services/data/v60.0/sobjects/ActivityHistory/00T440000000001EAA' },
        Subject: 'Called',
        ActivityDate: '2026-02-01',
        IsTask: true,
        IsClosed: true,
        ActivityType: 'Call',
        ActivitySubtype: 'Task',
        Location: null,
        Who: who,
        AlternateDetailId: '02s440000000001AAA',
      },
      {
        attributes: { type: 'ActivityHistory', url: expect.stringContaining('/sobjects/ActivityHistory/00U') },
        Subject: 'Met',
        ActivityDate: '2026-02-03',
        IsTask: false,
        IsClosed: false,
        ActivityType: null,
        ActivitySubtype: 'Event',
        Location: 'Lyon',
        Who: who,
        AlternateDetailId: null,
      },
    ],
  })
  expect(subjects(ash?.OpenActivities)).toEqual(['To meet', 'To call', 'Someday'])
  expect([birch?.ActivityHistories, birch?.OpenActivities]).toEqual([null, null])
})

test('an account lists what concerns its contacts, a lead what concerns it, and conditions, limits and the bin count', async () => {
  const [acme] = await lists('SELECT (SELECT Subject FROM ActivityHistories), (SELECT Id FROM OpenActivities) FROM Account')
  expect([subjects(acme?.ActivityHistories), acme?.OpenActivities?.totalSize]).toEqual([['Called', 'Contract', 'Met'], 3])
  await client.make('Task', { Subject: 'Mail Larch', WhoId: LEAD })
  expect(subjects((await lists('SELECT (SELECT Subject FROM OpenActivities) FROM Lead'))[0]?.OpenActivities)).toEqual(['Mail Larch'])
  const narrow = "SELECT (SELECT Subject FROM OpenActivities WHERE Priority = 'High' LIMIT 1) FROM Contact WHERE LastName = 'Ash'"
  expect(subjects((await lists(narrow))[0]?.OpenActivities)).toEqual(['To call'])
  const binned = "SELECT (SELECT Subject FROM ActivityHistories) FROM Contact WHERE LastName = 'Ash'"
  expect(subjects((await lists(binned, '/queryAll'))[0]?.ActivityHistories)).toEqual(['Called', 'Dropped', 'Met'])
})

test('an event passes into the history when it has ended', async () => {
  client.advance(2 * DAY)
  await client.login()
  const query = "SELECT (SELECT Subject FROM ActivityHistories WHERE IsTask = false) FROM Contact WHERE LastName = 'Ash'"
  expect(subjects((await lists(query))[0]?.ActivityHistories)).toEqual(['Met', 'To meet'])
})

test('the two are described, are no resource beside that, and are not queried by themselves', async () => {
  const { sobjects } = (await client.get('/sobjects')).body as {
    sobjects: { name: string; queryable: boolean; keyPrefix: string | null }[]
  }
  expect(sobjects.filter(({ queryable }) => !queryable).map(({ name, keyPrefix }) => [name, keyPrefix])).toEqual([
    ['OpenActivity', null],
    ['ActivityHistory', null],
  ])
  for (const name of ['OpenActivity', 'activityhistory']) {
    const { body } = await client.get(`/sobjects/${name}/describe`)
    const { fields } = body as { fields: { name: string; createable: boolean }[] }
    expect(fields.map((field) => field.name)).toEqual(expect.arrayContaining(['Id', 'AccountId', 'ActivityDate', 'IsTask', 'WhoId']))
    expect(fields.some(({ createable }) => createable)).toBe(false)
    expect((await client.soql(`SELECT Id FROM ${name}`)).body).toEqual([
      { message: `entity type ${name} does not support query`, errorCode: 'INVALID_TYPE_FOR_OPERATION' },
    ])
    expect((await client.get(`/sobjects/${name}/00T440000000001EAA`)).status).toBe(404)
    expect((await client.send('POST', `/sobjects/${name}`, { Subject: 'x' })).status).toBe(405)
  }
  const { childRelationships } = (await client.get('/sobjects/Contact/describe')).body as { childRelationships: object[] }
  expect(childRelationships).toContainEqual(
    expect.objectContaining({ childSObject: 'OpenActivity', field: 'WhoId', relationshipName: 'OpenActivities', cascadeDelete: true }),
  )
  expect((await client.soql('SELECT (SELECT Id FROM OpenActivities) FROM Individual')).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
})

test('a field of tasks and events that is hidden is hidden in their lists', async () => {
  client.crm.pull('hide-field', { object: 'Task', field: 'Description', mode: 'read' })
  client.crm.pull('hide-field', { object: 'Event', field: 'Description', mode: 'read' })
  const answer = await client.soql('SELECT (SELECT Description FROM OpenActivities) FROM Contact')
  expect(answer.body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
})

/** Check and provision against a whole org: the sandbox over HTTP. */
import { describe, expect, it } from 'vitest'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import type { ProvisionRequest, ProvisionStep, WantedField } from '../../../src/connectors/connector.ts'
import { testDeps } from '../deps.ts'
import { losing } from '../noise.ts'
import { contactId, live } from './org.ts'
import { sandboxOrg } from './sandbox-org.ts'
import { salesforceWorld } from './world.ts'

const wanted = (name: string, type: WantedField['type'], options: readonly string[] = [], object = 'Contact'): WantedField => ({
  object,
  name,
  label: name.replace('__c', '').replaceAll('_', ' '),
  description: 'Kept by Accord',
  type,
  ...(options.length > 0 && { options: options.map((value) => ({ value, label: value.toUpperCase() })) }),
})
const plan = (fields: readonly WantedField[], dryRun = false): ProvisionRequest => ({
  group: { name: 'accord', label: 'Accord' },
  fields,
  dryRun,
})
const told = (steps: readonly ProvisionStep[]) => steps.map(({ what, object, name, outcome }) => `${what} ${object} ${name} ${outcome}`)

describe('provision', () => {
  const fields = [
    wanted('Accord_Status__c', 'enum', ['ok', 'blocked']),
    wanted('Accord_Findings__c', 'multi', ['r1', 'r2']),
    wanted('Accord_Keep_Until__c', 'date'),
    wanted('Accord_Note__c', 'text'),
    wanted('Accord_Status__c', 'enum', ['ok', 'blocked'], 'Lead'),
  ]
  const all = (outcome: string) =>
    [
      'field Contact Accord_Status__c',
      'field Contact Accord_Findings__c',
      'field Contact Accord_Keep_Until__c',
      'field Contact Accord_Note__c',
      'field Lead Accord_Status__c',
      'permission PermissionSet Accord',
      'permission Contact Accord_Status__c',
      'permission Contact Accord_Findings__c',
      'permission Contact Accord_Keep_Until__c',
      'permission Contact Accord_Note__c',
      'permission Lead Accord_Status__c',
      'permission PermissionSetAssignment Accord',
    ].map((step) => `${step} ${outcome}`)

  it('tells what it would do, does it once, and finds it present afterwards', async () => {
    const { connector } = await sandboxOrg()
    expect(told(await connector.provision(plan(fields, true), live()))).toEqual(all('to-create'))
    expect(told(await connector.provision(plan(fields), live()))).toEqual(all('created'))
    expect(told(await connector.provision(plan(fields), live()))).toEqual(all('present'))
    expect(told(await connector.provision(plan(fields, true), live()))).toEqual(all('present'))
    const names = fields.filter((field) => field.object === 'Contact').map((field) => field.name)
    expect((await connector.check([{ object: 'Contact', read: names, write: names }], live())).problems).toEqual([])
  })

  it('makes fields that can be written and read at once', async () => {
    const { connector, crm } = await sandboxOrg()
    crm.load('Contact', [{ Id: contactId(1), LastName: 'Test' }])
    await connector.provision(plan(fields), live())
    const set = { Accord_Status__c: 'ok', Accord_Findings__c: 'r2;r1', Accord_Keep_Until__c: '2028-01-31', Accord_Note__c: 'x' }
    const ref = { object: 'Contact', id: contactId(1) }
    expect(await connector.write([{ ref, set }], live())).toMatchObject([{ outcome: 'written' }])
    expect(await connector.write([{ ref, set }], live())).toEqual([{ ref, outcome: 'unchanged' }])
    expect(await connector.write([{ ref, set: { Accord_Status__c: 'nonsense' } }], live())).toMatchObject([
      { outcome: 'rejected', reason: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST (Accord_Status__c)' },
    ])
    const { records } = await connector.get({ object: 'Contact', ids: [ref.id], fields: Object.keys(set) }, live())
    expect(records[0]!.fields).toEqual({ ...set, Accord_Findings__c: expect.stringMatching(/^(r1;r2|r2;r1)$/) })
  })

  it('adds the values a picklist lacks and keeps the others', async () => {
    const { connector } = await sandboxOrg()
    await connector.provision(plan(fields.slice(0, 1)), live())
    const more = [wanted('Accord_Status__c', 'enum', ['ok', 'attention'])]
    const option = (outcome: string) => [`option Contact Accord_Status__c.attention ${outcome}`]
    const options = async (dryRun: boolean) =>
      told(await connector.provision(plan(more, dryRun), live())).filter((step) => step.startsWith('option'))
    expect(await options(true)).toEqual(option('to-create'))
    expect(await options(false)).toEqual(option('created'))
    expect(await options(false)).toEqual([])
    const [schema] = await connector.describe(['Contact'], live())
    expect(schema!.fields.find((field) => field.name === 'Accord_Status__c')).toMatchObject({
      type: 'enum',
      writable: true,
      options: ['ok', 'blocked', 'attention'],
    })
  })

  it('reports a field that Salesforce refuses, and goes on with the others', async () => {
    const { connector } = await sandboxOrg()
    const steps = await connector.provision(plan([wanted('Bad__Name__c', 'text'), wanted('Good__c', 'text')]), live())
    expect(told(steps)).toEqual([
      'field Contact Bad__Name__c refused',
      'field Contact Good__c created',
      'permission PermissionSet Accord created',
      'permission Contact Good__c created',
      'permission PermissionSetAssignment Accord created',
    ])
    expect(steps[0]!.reason).toBe('Salesforce refused to create Contact.Bad__Name__c: HTTP 400 FIELD_INTEGRITY_EXCEPTION (FullName)')
  })
})

describe('check', () => {
  it('names the org, its host, and each thing that is missing, hidden or read-only', async () => {
    const { connector, crm, host } = await sandboxOrg({ without: ['Invoice'] })
    crm.pull('hide-field', { object: 'Opportunity', field: 'IsWon', mode: 'read' })
    crm.load('Contact', [{ LastName: 'Test', Consent__c: 'yes', Notes__c: 'x' }])
    crm.pull('hide-field', { object: 'Contact', field: 'HasOptedOutOfEmail', mode: 'read' })
    crm.pull('hide-field', { object: 'Contact', field: 'Consent__c', mode: 'read' })
    crm.pull('hide-field', { object: 'Contact', field: 'Notes__c', mode: 'edit' })
    const read = ['Email', 'HasOptedOutOfEmail', 'Consent__c', 'Nothing__c', 'Nothing', 'MailingAddress', 'Account.Name', 'Account.Nothing']
    const report = await connector.check(
      [
        { object: 'Contact', read, write: ['Notes__c', 'Id'] },
        { object: 'Nobody__c', read: ['X'], write: [] },
      ],
      live(),
    )
    expect(report.account).toMatch(/^00D/)
    expect(report.host).toBe(host)
    expect(report.problems.map(({ kind, name }) => [kind, name])).toEqual([
      ['field-hidden', 'Contact.HasOptedOutOfEmail'],
      ['field-hidden', 'Contact.Consent__c'],
      ['field-missing', 'Contact.Nothing__c'],
      ['field-missing', 'Contact.Nothing'],
      ['field-missing', 'Contact.MailingAddress'],
      ['field-missing', 'Contact.Account.Nothing'],
      ['field-read-only', 'Contact.Notes__c'],
      ['field-read-only', 'Contact.Id'],
      ['object', 'Nobody__c'],
      ['object', 'ServiceContract'],
      ['field-hidden', 'Opportunity.IsWon'],
    ])
    const ofPapers = report.problems.slice(-2)
    expect(ofPapers.every(({ message }) => /name it under "without"|is not seen/.test(message))).toBe(true)
    expect(
      report.problems.slice(0, -2).every(({ message }) => /permission set "Accord"|map its parts|correct the mapping/.test(message)),
    ).toBe(true)
  })

  it('reports a wrong secret as a problem', async () => {
    const { connector } = await sandboxOrg({ auth: { clientId: 'sandbox-client', clientSecret: 'wrong' } })
    const { problems } = await connector.check([{ object: 'Contact', read: [], write: [] }], live())
    expect(problems).toEqual([
      { kind: 'credentials', name: 'auth', message: expect.stringMatching(/^Salesforce gives no token: invalid_client/) },
    ])
  })
})

describe('the two roads of a full pull', () => {
  it('give the same records, whether by REST or by Bulk', async () => {
    const { crm, host } = await sandboxOrg()
    crm.load(
      'Contact',
      Array.from({ length: 40 }, (_, i) => ({
        Id: contactId(i + 1),
        LastName: `Nom "${i}"`,
        Email: i % 3 ? `p${i}@example.test` : null,
        HasOptedOutOfEmail: i % 2 === 0,
        Description: i % 4 ? null : 'a,b\n"c"\r\nd',
        Birthdate: i % 5 ? null : '1980-02-29',
        Score__c: i * 1_000_000.5,
        Interests__c: i % 2 ? 'news;offers' : '',
        Last_Sign_In__c: '2025-05-05T05:05:05.000Z',
      })),
    )
    const fields = [
      'LastName',
      'Email',
      'HasOptedOutOfEmail',
      'Description',
      'Birthdate',
      'Score__c',
      'Interests__c',
      'Last_Sign_In__c',
      'CreatedDate',
      'Account.Name',
    ]
    const records = async (bulkThreshold: number) => {
      const settings = {
        loginUrl: `http://${host}`,
        auth: { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' },
        bulkThreshold,
        bulkPageSize: 7,
        pageSize: 3,
      }
      const connector = salesforce.connect('org', salesforce.settings.parse(settings), testDeps())
      const pages = await Array.fromAsync(connector.read({ object: 'Contact', fields }, live()))
      return pages.flatMap((page) =>
        page.records.map(({ ref, version, modifiedAt, fields: held }) => ({
          ref,
          version: version.replace('~', ''),
          modifiedAt,
          fields: held,
        })),
      )
    }
    const rest = await records(1_000)
    expect(rest).toHaveLength(40)
    expect(Object.keys(rest[0]!.fields)).toEqual(fields)
    expect(await records(0)).toEqual(rest)
    expect(await records(9)).toEqual(rest)
  })
})

describe('an org whose answers get lost', () => {
  it('is set up all the same: what was made already is found, not made again', async () => {
    const creates = losing(({ method, path }) => method === 'POST' && path.includes('/sobjects/'))
    const { connector, world } = await salesforceWorld({}, creates)()
    try {
      const steps = await connector.provision(plan([wanted('Accord_Note__c', 'text')]), live())
      expect(told(steps)).toEqual([
        'field Contact Accord_Note__c created',
        'permission PermissionSet Accord created',
        'permission Contact Accord_Note__c created',
        'permission PermissionSetAssignment Accord created',
      ])
      expect(creates.counts.lost).toBe(4)
    } finally {
      await connector.close()
      await world.close()
    }
  })
})

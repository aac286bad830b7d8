/** The Contact behind a person account, as a sweep reads it. */
import { expect, it } from 'vitest'
import type { CrmRecord } from '../../../src/connectors/connector.ts'
import { contactId } from './org.ts'
import { sandboxOrg } from './sandbox-org.ts'

const live = () => new AbortController().signal
const COMPANY = '001440000000001AAA'

it.each([
  ['REST', {}],
  ['Bulk', { bulkThreshold: 0 }],
])('has no account beside itself, which would pass for a company, by %s', async (_road, settings) => {
  const { crm, connector } = await sandboxOrg({ lookbackMs: 0, ...settings })
  crm.load('Account', [
    { Id: COMPANY, Name: 'Test' },
    { LastName: 'Person', PersonTitle: 'Test' },
  ])
  crm.load('Contact', [{ Id: contactId(1), LastName: 'Employee', AccountId: COMPANY }])
  const records: CrmRecord[] = []
  for await (const page of connector.read({ object: 'Contact', fields: ['LastName', 'AccountId'] }, live())) records.push(...page.records)
  const accounts = (found: readonly CrmRecord[]) => found.map(({ fields }) => [fields['LastName'], fields['AccountId']]).toSorted()
  const told = [
    ['Employee', COMPANY],
    ['Person', null],
  ]
  expect(accounts(records)).toEqual(told)
  const got = await connector.get({ object: 'Contact', ids: records.map(({ ref }) => ref.id), fields: ['LastName', 'AccountId'] }, live())
  expect(accounts(got.records)).toEqual(told)
})

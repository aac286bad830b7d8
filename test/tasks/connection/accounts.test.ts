import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetAccount, loadAccount, loadAccounts } from '../../../src/store/accounts.ts'
import { openDatabase, type Database } from '../../../src/store/database.ts'
import { settleAccount } from '../../../src/tasks/connection/accounts.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../../postgres.ts'

let server: TestPostgres
let database: Database
beforeAll(async () => {
  server = await startPostgres()
  database = await openDatabase({ url: await freshDatabase(server.url), dir: '', log: () => undefined })
})
afterAll(async () => {
  await database.close()
  await server.stop()
})

const signal = new AbortController().signal

/** A CRM that leads `grant` to `account`, and counts how often it was asked. */
function crm(name: string, account: string, grant?: string) {
  const asked = { times: 0 }
  const connector = {
    account: async () => {
      asked.times++
      return account
    },
    ...(grant !== undefined && { grant }),
  }
  const settle = (note: boolean) =>
    settleAccount(database.db, { name, crm: 'hubspot', connector }, { configured: ['one', 'two', 'three', 'four'], note }, signal)
  return { asked, settle }
}

describe('the account of a connection', () => {
  it('is asked for once, where the same credentials cannot lead elsewhere', async () => {
    const first = crm('one', '11', 'grant of 11')
    expect(await first.settle(true)).toBe('11')
    const later = crm('one', 'would be another', 'grant of 11')
    expect(await later.settle(true)).toBe('11')
    expect([first.asked.times, later.asked.times]).toEqual([1, 0])
  })

  it('is asked for again with other credentials, and refused if they lead elsewhere', async () => {
    const elsewhere = crm('one', '12', 'grant of 12')
    await expect(elsewhere.settle(true)).rejects.toThrow('one is the hubspot account 12 now, and what is stored of it is of account 11')
    const renewed = crm('one', '11', 'a new grant of 11')
    expect(await renewed.settle(true)).toBe('11')
    expect(await loadAccount(database.db, 'one')).toMatchObject({ account: '11', grant: 'a new grant of 11' })
    expect([elsewhere.asked.times, renewed.asked.times]).toEqual([1, 1])
  })

  it('is asked for each time where only the answer can tell', async () => {
    const granted = crm('two', '21')
    expect([await granted.settle(true), await granted.settle(true)]).toEqual(['21', '21'])
    expect(granted.asked.times).toBe(2)
  })

  it('is not noted by whoever only looks, nor are the credentials', async () => {
    const before = await loadAccounts(database.db)
    expect(await crm('one', '11', 'seen in passing').settle(false)).toBe('11')
    expect(await crm('three', '31', 'grant of 31').settle(false)).toBeNull()
    expect(await loadAccounts(database.db)).toEqual(before)
  })

  it('is asked for once more when it comes back after it was forgotten', async () => {
    await crm('four', '41', 'grant of 41').settle(true)
    await forgetAccount(database.db, 'four', '2026-03-01T00:00:00Z')
    const back = crm('four', '41', 'grant of 41')
    expect(await back.settle(true)).toBe('41')
    expect(back.asked.times).toBe(1)
  })

  it('is refused under a second name also where nobody had to ask', async () => {
    await expect(crm('three', '11', 'a new grant of 11').settle(true)).rejects.toThrow('are one and the same hubspot account 11')
  })
})

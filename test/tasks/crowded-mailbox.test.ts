import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrmRecord } from '../../src/connectors/connector.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { consentOf, storedRows } from '../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { goneRecord, record, type Values } from './bench.ts'
import { useTwoCrms } from './two-crms.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

/** No two of the first 676 are alike. */
const given = (n: number): string => `L${String.fromCharCode(97 + (Math.floor(n / 26) % 26), 97 + (n % 26))}`
const agreed = { ...consumer, ...proved('newsletter_email') }
const out = { ...agreed, hs_email_optout: 'true' }

describe.each([
  ['a function mailbox', 'info@gros-client.example.fr'],
  ['any other mailbox', 'planning@gros-client.example.fr'],
])('%s that more than twenty records share', (_name, email) => {
  const crms = useTwoCrms(() => server.url)
  const { take, settle } = crms

  const reader = (n: number, values: Values = agreed): CrmRecord => record(String(n), { ...values, email, firstname: given(n) })
  const states = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {}
    for (const row of (await storedRows(crms.bench.shell.db)).values())
      if (!row.gone) counts[consentOf(row)] = (counts[consentOf(row)] ?? 0) + 1
    return counts
  }
  const fill = async (): Promise<void> => {
    await take(
      crms.one,
      Array.from({ length: 22 }, (_, index) => reader(100 + index)),
    )
    await take(
      crms.two,
      Array.from({ length: 8 }, (_, index) => reader(200 + index)),
    )
    await settle()
  }

  it('passes a later objection of one of them on to all, and settles', async () => {
    await fill()
    expect(await states()).toEqual({ granted: 30 })
    await take(crms.one, [reader(121, out)])
    await settle()
    expect(await states()).toEqual({ withdrawn: 30 })
    await take(crms.one, [reader(121, { ...out, jobtitle: 'Directrice' })])
    expect(await settle()).toBe(0)
  })

  it('passes the objection of the first on to those who come later, also once its record is gone', async () => {
    await take(crms.one, [reader(100, out)])
    await fill()
    // `fill` shows 100 without its box: the withdrawal is remembered.
    expect(await states()).toEqual({ withdrawn: 30 })
    await take(crms.one, [], [goneRecord('100')])
    await take(crms.two, [reader(250)])
    await settle()
    expect(await states()).toEqual({ withdrawn: 30 })
  })

  it('is free again when the one who refused takes another address', async () => {
    await fill()
    await take(crms.two, [reader(207, out)])
    await settle()
    await take(crms.two, [record('207', { ...out, email: 'parti@example.fr' })])
    await settle()
    expect(await states()).toEqual({ granted: 29, withdrawn: 1 })
  })

  it('hears of an objection that one of them inherits from a merged record with another address', async () => {
    await take(crms.one, [record('300', { ...out, email: 'ailleurs@example.fr', firstname: 'Zoé', lastname: 'Autre' })])
    await fill()
    expect(await states()).toEqual({ granted: 30, withdrawn: 1 })
    await take(crms.one, [], [goneRecord('300', '121')])
    await settle()
    expect(await states()).toEqual({ withdrawn: 30 })
  })
})

/** E-mail subscriptions behind the port: fields like any other, on the sandbox. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector, CrmRecord, Cursor, Fields, RecordRef } from '../../../src/connectors/connector.ts'
import type { Seen } from '../gate.ts'
import { hubspotWorld, sandboxToken } from './world.ts'

const live = () => new AbortController().signal
const NEWS = 440_010_004
const news = `subscription:${NEWS}`
const everything = ['subscription:all', 'subscription:all:at', news, `${news}:at`, `${news}:source`, `${news}:basis`]

describe.each([
  ['one by one', false],
  ['in batches', true],
])('subscriptions, %s', (_way, batches) => {
  let open: Awaited<ReturnType<typeof hubspotWorld>>
  let connector: Connector
  let ada: RecordRef
  let bob: RecordRef
  let nobody: RecordRef
  beforeEach(async () => {
    open = await hubspotWorld()
    connector = open.connector
    if (batches) {
      await open.pull('grant-scope', { scope: 'communication_preferences.statuses.batch.read' })
      await open.pull('grant-scope', { scope: 'communication_preferences.statuses.batch.write' })
    }
    await open.pull('opt-out-lag', { ms: 0 })
    const refs = await open.world.seed([{ email: 'ada@example.test' }, { email: 'bob@example.test' }, { email: 'nobody@example.test' }])
    ;[ada, bob, nobody] = refs as [RecordRef, RecordRef, RecordRef]
    await open.world.edit([nobody], { email: '' })
  })
  afterEach(async () => {
    await connector.close()
    await open.world.close()
  })

  const chosen = (status: string, email = 'ada@example.test') =>
    open.pull('load', {
      object: 'subscriptions',
      rows: [{ email, subscriptionId: NEWS, status, timestamp: '2026-05-01T10:00:00Z', source: 'Form' }],
    })
  const shown = async (ref: RecordRef, fields: readonly string[] = everything): Promise<Fields> => {
    const { records } = await connector.get({ object: 'contacts', ids: [ref.id], fields }, live())
    return Object.fromEntries(fields.flatMap((name) => (name in records[0]!.fields ? [[name, records[0]!.fields[name]!]] : [])))
  }
  const write = (ref: RecordRef, set: Fields) => connector.write([{ ref, set }], live())
  const calls = async (work: () => Promise<unknown>, which: (seen: Seen) => boolean = () => true): Promise<number> => {
    const before = open.gate.seen.length
    await work()
    return open.gate.seen.slice(before).filter(which).length
  }
  const isPreference = ({ path }: Seen): boolean => path.includes('communication-preferences')

  it('are shown with their time, source and legal basis, and empty for who said nothing or has no address', async () => {
    await chosen('UNSUBSCRIBED')
    expect(await shown(ada)).toEqual({
      'subscription:all': null,
      'subscription:all:at': null,
      [news]: 'UNSUBSCRIBED',
      [`${news}:at`]: '2026-05-01T10:00:00Z',
      [`${news}:source`]: 'Form',
      [`${news}:basis`]: null,
    })
    const nothing = Object.fromEntries(everything.map((name) => [name, null]))
    expect([await shown(bob), await shown(nobody)]).toEqual([nothing, nothing])
  })

  it('come with a pull, and cost nothing where they are not asked for or nothing changed', async () => {
    await chosen('SUBSCRIBED')
    const pulled = async (fields: readonly string[], since?: Cursor): Promise<{ records: CrmRecord[]; cursor: Cursor }> => {
      const records: CrmRecord[] = []
      let cursor = since
      for await (const page of connector.read({ object: 'contacts', fields, ...(since && { since }) }, live())) {
        records.push(...page.records)
        cursor = page.cursor
      }
      return { records, cursor: cursor! }
    }
    const whole = await pulled(['email', news])
    expect(whole.records.map((record) => [record.fields['email'], record.fields[news]])).toEqual([
      ['ada@example.test', 'SUBSCRIBED'],
      ['bob@example.test', null],
      [null, null],
    ])
    expect(await calls(() => pulled(['email', 'hs_email_optout']), isPreference)).toBe(0)
    await open.advance(60_000)
    const quiet = await pulled(['email', news], whole.cursor)
    expect(await calls(() => pulled(['email', news], quiet.cursor), isPreference)).toBe(0)
    await open.pull('person-unsubscribes', { email: 'bob@example.test', subscriptionId: NEWS })
    const changed = await pulled(['email', news], quiet.cursor)
    expect(changed.records.map((record) => [record.fields['email'], record.fields[news]])).toEqual([['bob@example.test', 'UNSUBSCRIBED']])
  })

  it('are in the catalogue with the properties that show them, and what can be set is told', async () => {
    const [schema] = await connector.describe(['contacts'], live())
    const found = schema!.fields.filter(({ name }) => [...everything, 'hs_email_optout', `hs_email_optout_${NEWS}`].includes(name))
    expect(found.map(({ name, type, writable }) => [name, type, writable])).toEqual([
      ['hs_email_optout', 'boolean', true],
      [`hs_email_optout_${NEWS}`, 'boolean', true],
      ['subscription:all', 'enum', true],
      ['subscription:all:at', 'datetime', false],
      [news, 'enum', true],
      [`${news}:at`, 'datetime', false],
      [`${news}:source`, 'text', false],
      [`${news}:basis`, 'text', false],
    ])
  })

  it('end for one type, by either name, and for everything, beside other fields of the record', async () => {
    await chosen('SUBSCRIBED')
    const version = expect.stringMatching(/^\d+$/)
    expect(await write(ada, { [news]: 'UNSUBSCRIBED', jobtitle: 'x' })).toEqual([{ ref: ada, outcome: 'written', version }])
    expect(await write(bob, { [`hs_email_optout_${NEWS}`]: 'true' })).toEqual([{ ref: bob, outcome: 'written', version }])
    expect([await shown(ada, [news, 'jobtitle']), await shown(bob, [news])]).toEqual([
      { [news]: 'UNSUBSCRIBED', jobtitle: 'x' },
      { [news]: 'UNSUBSCRIBED' },
    ])
    expect(await write(bob, { hs_email_optout: 'true' })).toEqual([{ ref: bob, outcome: 'written', version }])
    expect(await shown(bob, ['hs_email_optout', 'subscription:all'])).toEqual({
      hs_email_optout: 'true',
      'subscription:all': 'UNSUBSCRIBED',
    })
    expect(await write(nobody, { hs_email_optout: 'true' })).toEqual([{ ref: nobody, outcome: 'unchanged' }])
  })

  it('are nothing that one can leave by an address that names no mailbox', async () => {
    await open.pull('load', { object: 'contacts', rows: [{ id: '70001', email: 'pas-un-mail' }] })
    const lost = { object: 'contacts', id: '70001' }
    const results = await connector.write(
      [
        { ref: lost, set: { hs_email_optout: 'true', [news]: 'UNSUBSCRIBED' } },
        { ref: ada, set: { hs_email_optout: 'true' } },
      ],
      live(),
    )
    expect(results.map(({ outcome }) => outcome)).toEqual(['unchanged', 'written'])
  })

  it('are unchanged when they are so already, and nothing is sent', async () => {
    await write(ada, { hs_email_optout: 'true', [news]: 'UNSUBSCRIBED' })
    const writes = ({ path, method }: Seen): boolean => method === 'POST' && /statuses/.test(path) && !/read\?/.test(path)
    expect(
      await calls(async () => expect(await write(ada, { hs_email_optout: 'true' })).toEqual([{ ref: ada, outcome: 'unchanged' }]), writes),
    ).toBe(0)
    expect(
      await calls(async () => expect(await write(ada, { [news]: 'UNSUBSCRIBED' })).toEqual([{ ref: ada, outcome: 'unchanged' }]), writes),
    ).toBe(0)
  })

  it('are given back for one type and with a legal basis, never for everything', async () => {
    await open.pull('privacy', { on: true })
    await write(ada, { [news]: 'UNSUBSCRIBED' })
    expect(await write(ada, { [news]: 'SUBSCRIBED' })).toMatchObject([{ outcome: 'written' }])
    expect(await shown(ada, [news, `${news}:basis`])).toEqual({ [news]: 'SUBSCRIBED', [`${news}:basis`]: 'CONSENT_WITH_NOTICE' })
    expect(await write(ada, { hs_email_optout: 'false', jobtitle: 'y' })).toEqual([
      { ref: ada, outcome: 'rejected', reason: 'INVALID_OPTION of hs_email_optout' },
    ])
    expect(await shown(ada, ['jobtitle'])).toEqual({ jobtitle: 'y' })
  })

  it('that are refused say so, and stop neither the record’s other fields nor the other records', async () => {
    const unknown = 'subscription:999'
    const results = await connector.write(
      [
        { ref: ada, set: { [unknown]: 'UNSUBSCRIBED', jobtitle: 'z' } },
        { ref: bob, set: { [news]: 'UNSUBSCRIBED' } },
      ],
      live(),
    )
    expect(results).toMatchObject([
      { ref: ada, outcome: 'rejected', reason: expect.stringMatching(/^400/) },
      { ref: bob, outcome: 'written' },
    ])
    expect([await shown(ada, ['jobtitle']), await shown(bob, [news])]).toEqual([{ jobtitle: 'z' }, { [news]: 'UNSUBSCRIBED' }])
  })

  it('that this token may not touch stay absent, are rejected with the scope, and are named by check', async () => {
    for (const scope of ['read_write', 'statuses.batch.read', 'statuses.batch.write'])
      await open.pull('revoke-scope', { scope: `communication_preferences.${scope}` })
    expect(await shown(ada, [news, 'jobtitle'])).toEqual({ jobtitle: null })
    expect(await write(ada, { hs_email_optout: 'true', jobtitle: 'x' })).toMatchObject([
      { outcome: 'rejected', reason: expect.stringContaining('communication_preferences.read_write') },
    ])
    const { problems } = await connector.check([{ object: 'contacts', read: [news], write: ['hs_email_optout'] }], live())
    expect(problems.map(({ kind, name }) => [kind, name.includes('communication_preferences')])).toEqual([
      ['scope', true],
      ['scope', true],
    ])
  })

  it('tell no log and no error whose they are', async () => {
    open.gate.rule = ({ path }) => (path.includes('communication-preferences') ? { reply: { status: 500, body: '{}' } } : undefined)
    const errors: unknown[] = []
    await shown(ada).catch((error: unknown) => errors.push(error))
    await write(ada, { hs_email_optout: 'true' }).catch((error: unknown) => errors.push(error))
    expect(errors).toHaveLength(2)
    const told = JSON.stringify([errors.map(String), open.deps.logs])
    expect([told.includes('example.test'), told.includes(sandboxToken)]).toEqual([false, false])
  })
})

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proveEntry, provenBlock } from '../../src/core/ledger/proof.ts'
import { openStatement } from '../../src/core/ledger/statement.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { loadStatementKey } from '../../src/store/subject-keys.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { findPlaces } from '../../src/tasks/sweep/prepare.ts'
import { readStatement } from '../../src/tasks/consent/statements.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { consentOf, ledgerEntries, storedRows, tableCounts } from '../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { openBench, record, rechecksOf, type Bench } from '../tasks/bench.ts'
import { given, hash, openApi, type Answered, type TestApi } from './service.ts'

let server: TestPostgres
let bench: Bench
let api: TestApi
let token: string
let crm: Awaited<ReturnType<Bench['add']>>
const PATH = '/api/v1/consents'
const post = (body: unknown, headers: Record<string, string> = {}): Promise<Answered> => api.call(PATH, { token, body, headers })
const problem = ({ status, body }: Answered): unknown => [status, body.error?.code, body.error?.field]
const withdrawn = (email: string, more: Record<string, unknown> = {}) => ({ event: 'withdrawn', identifier: { email }, ...more })
/** As the CRM's next page would bring it. */
const seen = async (id: string, fields: Record<string, string | null>, force = true): Promise<string> => {
  await applyBatch(bench.shell, bench.landscape, crm.target, { records: [record(id, fields)], gone: [], force }, 'keep')
  return consentOf((await storedRows(bench.shell.db)).get(`contacts/${id}`))
}

beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  crm = await bench.add('hubspot')
  api = await openApi(bench)
  token = (await api.key('consents:write')).token
})
afterAll(async () => {
  await api.close()
  await bench.close()
  await server.stop()
})

describe('a consent that is posted', () => {
  it('is answered with what was taken down, and asks for the CRM’s records of that person to be read again, which then have it', async () => {
    expect(await seen('1', { ...consumer, email: 'ada@example.fr' })).toBe('unknown')
    const { status, headers, body } = await post(given('Ada@Example.fr'))
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status: 'recorded',
        event: 'given',
        purpose: 'newsletter',
        channel: 'email',
        at: '2026-11-20T09:15:00.000Z',
      },
    ])
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await rechecksOf(bench, crm.target.source.id)).toEqual(['1'])
    expect(await seen('1', { ...consumer, email: 'ada@example.fr' })).toBe('granted')
  })

  it('waits for a person whom no CRM has yet, and so does a withdrawal, which outweighs the older yes of an import', async () => {
    expect((await post(given('early@example.fr'))).status).toBe(201)
    expect((await post(withdrawn('gone@example.fr'))).status).toBe(201)
    expect(await seen('2', { ...consumer, email: 'early@example.fr' })).toBe('granted')
    expect(await seen('3', { ...consumer, email: 'gone@example.fr', ...proved('newsletter_email') })).toBe('withdrawn')
  })

  it('that is withdrawn stays withdrawn, whatever older yes is posted later, until there is a newer one', async () => {
    const fields = { ...consumer, email: 'eve@example.fr' }
    await post(given('eve@example.fr', { at: '2026-11-01T10:00:00Z' }))
    await post(withdrawn('eve@example.fr', { at: '2026-11-10T10:00:00Z', purpose: 'newsletter', channel: 'email' }))
    await post(given('eve@example.fr', { at: '2026-11-05T10:00:00Z' }))
    expect(await seen('4', fields)).toBe('withdrawn')
    await post(given('eve@example.fr', { at: '2026-11-15T10:00:00Z' }))
    expect(await seen('4', fields)).toBe('granted')
  })

  it('counts for nobody on a mailbox that several people use, while a no there counts for all', async () => {
    const [zoe, yann] = [
      { ...consumer, firstname: 'Zoé', email: 'nous@example.fr' },
      { ...consumer, firstname: 'Yann', email: 'nous@example.fr' },
    ]
    await seen('5', zoe)
    await seen('6', yann)
    await post(given('nous@example.fr'))
    expect([await seen('5', zoe), await seen('6', yann)]).toEqual(['unknown', 'unknown'])
    await post(withdrawn('nous@example.fr'))
    expect([await seen('5', zoe), await seen('6', yann)]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('is proved by its wording, form and act, in a table and, sealed, word for word in the ledger, without the person', async () => {
    const { body } = await post(given('proof@example.fr'))
    const { rows } = await sql<Record<string, unknown>>`
      select event, purpose, channel, text_id, encode(text_hash, 'hex') as hash, language, form, how, opt_in from consent_proof where id = ${body.id}`.execute(
      bench.shell.db,
    )
    expect(rows).toEqual([
      {
        event: 'given',
        purpose: 'newsletter',
        channel: 'email',
        text_id: 'NL-2026-01',
        hash,
        language: 'fr',
        form: 'example.fr/newsletter',
        how: 'checkbox',
        opt_in: 'none',
      },
    ])
    const entry = (await ledgerEntries(bench.shell.db)).find((one) => one[1] === body.id)
    expect(entry).toEqual(['consent', body.id, 'email', expect.stringMatching(/^[\w+/]{200,}=*$/)])
    const [found] = await readStatement(bench.shell, body.id)
    expect(found!.words).toEqual([
      bench.shell.hasher.voice('email', 'proof@example.fr'),
      'given',
      'newsletter',
      'email',
      '2026-11-20T09:15:00.000Z',
      '2026-11-21T12:00:00.000Z',
      ['NL-2026-01', hash, 'fr'],
      'example.fr/newsletter',
      'checkbox',
      expect.any(String),
      'none',
    ])
    expect(provenBlock(proveEntry(found!.block, found!.index))).toEqual(found!.block.hash)
    const forged = Buffer.from(entry![3] as string, 'base64')
    forged[20]! ^= 1
    const place = { kind: 'consent', proof: body.id, object: 'email' } as const
    const key = (await loadStatementKey(bench.shell.db, body.id, 'email'))!
    expect(() => openStatement(bench.shell.hashKey, place, key, forged.toString('base64'))).toThrow()
    expect(() => openStatement(bench.shell.hashKey, { ...place, object: 'phone' }, key, entry![3] as string)).toThrow()
    expect((await verifyLedger(bench.shell.db, { checkpoints: [], keys: new Map() })).ok).toBe(true)
  })

  it('a few minutes ahead of our clock counts from now, so that a withdrawal a moment later wins', async () => {
    const { body } = await post(given('ahead@example.fr', { at: '2026-11-21T12:04:59Z' }))
    expect(body.at).toBe('2026-11-21T12:00:00.000Z')
    await post(withdrawn('ahead@example.fr'))
    expect(await seen('7', { ...consumer, email: 'ahead@example.fr' })).toBe('withdrawn')
  })

  it('belongs to no CRM that could be retired, listed or forgotten', async () => {
    const landscape = await findPlaces(bench.shell, [], false)
    const { rows } = await sql<{ id: number; crm: string }>`select id, crm from source`.execute(bench.shell.db)
    expect([...landscape.retired].sort()).toEqual(rows.filter((row) => row.crm !== 'accord').map((row) => row.id))
    expect(rows.some((row) => row.crm === 'accord')).toBe(true)
  })
})

describe('a refusal by telephone number', () => {
  it('binds every record with that number on the channels that use it, those that read as before included, and stays when the number goes', async () => {
    const fields = { ...consumer, email: 'tel@example.fr', phone: '01 23 45 67 89', mobilephone: '01.99.00.12.34' }
    const callOf = async (): Promise<string> =>
      consentOf((await storedRows(bench.shell.db)).get('contacts/20'), 'prospecting_consumer', 'call')
    await seen('20', fields)
    expect(await callOf()).toBe('unknown')
    expect((await post({ event: 'refused', identifier: { phone: '+33 1 99 00 12 34' } })).status).toBe(201)
    await seen('20', fields, false)
    expect([await callOf(), consentOf((await storedRows(bench.shell.db)).get('contacts/20'))]).toEqual(['refused', 'unknown'])
    await seen('20', { ...fields, mobilephone: null })
    expect(await callOf()).toBe('refused')
  })

  it('cannot say yes, nor refuse e-mail', async () => {
    const phone = '+33199001234'
    expect(problem(await post({ ...given(''), identifier: { phone } }))).toEqual([422, 'email_needed', 'identifier.email'])
    expect(problem(await post({ event: 'refused', identifier: { phone }, channel: 'email' }))).toEqual([
      422,
      'email_needed',
      'identifier.email',
    ])
  })
})

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'form-8841' }

  it('makes two equal requests at once one effect with one answer, and another body under the same key an error', async () => {
    const before = await tableCounts(bench.shell.db)
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(given('twice@example.fr'), key)))
    const after = await tableCounts(bench.shell.db)
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(7)
    expect([after['consent_proof']! - before['consent_proof']!, after['ledger_blocks']! - before['ledger_blocks']!]).toEqual([1, 1])
    expect(problem(await post(given('other@example.fr'), key))).toEqual([422, 'idempotency_key_used', undefined])
  })

  it('is the caller’s own, and is not remembered for a request that was refused', async () => {
    const other = await api.key('consents:write')
    const { status } = await api.call(PATH, { token: other.token, body: given('third@example.fr'), headers: key })
    expect(status).toBe(201)
    const late = { 'idempotency-key': 'form-9000' }
    expect((await post(given('late@example.fr', { purpose: 'nothing' }), late)).status).toBe(422)
    expect((await post(given('late@example.fr'), late)).status).toBe(201)
  })
})

describe('what cannot be', () => {
  it.each([
    ['an unknown purpose', { purpose: 'telepathy' }, [422, 'purpose_unknown', 'purpose']],
    ['a purpose that serves a contract', { purpose: 'customer_care' }, [422, 'purpose_not_consented', 'purpose']],
    ['a channel that the purpose does not use', { channel: 'sms' }, [422, 'channel_unknown', 'channel']],
    ['a yes to everything', { purpose: '*' }, [400, 'body_invalid', 'purpose']],
    ['a time in the future', { at: '2026-11-21T12:05:01Z' }, [422, 'at_in_future', 'at']],
    ['a time long past', { at: '1970-01-01T00:00:00Z' }, [422, 'at_too_old', 'at']],
    ['a time without its offset', { at: '2026-11-20T10:15:00' }, [400, 'body_invalid', 'at']],
    ['a day that no month has', { at: '2026-02-30T10:15:00Z' }, [400, 'body_invalid', 'at']],
    ['two addresses in one', { identifier: { email: 'a@example.fr, b@example.fr' } }, [422, 'email_invalid', 'identifier.email']],
    ['nobody', { identifier: {} }, [400, 'body_invalid', 'identifier.email']],
    ['a yes without its wording', { text: undefined }, [400, 'body_invalid', 'text']],
    ['an address in the name of the form', { form: 'signup?mail=a@example.fr' }, [400, 'body_invalid', 'form']],
    ['a number in the name of the form', { form: 'call-0639980123' }, [400, 'body_invalid', 'form']],
    ['a key that nobody knows', { firstName: 'Ada' }, [400, 'body_invalid', undefined]],
  ])('%s is refused with the field and what to do', async (_name, change, expected) => {
    const answer = await post({ ...given('bad@example.fr'), ...change })
    expect(problem(answer)).toEqual(expected)
    expect(JSON.stringify(answer.body)).not.toContain('example.fr')
  })

  it('names the purposes and channels that there are', async () => {
    expect((await post(given('bad@example.fr', { purpose: 'telepathy' }))).body.error.message).toContain('newsletter')
    expect((await post(given('bad@example.fr', { channel: 'sms' }))).body.error.message).toBe('this purpose uses email')
  })
})

describe('what is known of somebody', () => {
  type Known = { suppressed: boolean; states: Record<string, unknown>[]; statements: Record<string, unknown>[] }
  let reader: string
  beforeAll(async () => {
    reader = (await api.key('consents:read')).token
  })
  const lookUp = async (identifier: object): Promise<Known> =>
    (await api.call(`${PATH}/lookup`, { token: reader, body: { identifier } })).body as unknown as Known
  const newsletterOf = ({ states }: Known): unknown => states.find((one) => one['purpose'] === 'newsletter')

  it('is what was said here and in every CRM, with the proofs of what was said here', async () => {
    const email = 'known@example.fr'
    expect(await lookUp({ email })).toEqual({ suppressed: false, states: expect.any(Array), statements: [] })
    await seen('30', { ...consumer, email, ...proved('newsletter_email') })
    const inCrm = await lookUp({ email })
    expect([newsletterOf(inCrm), inCrm.statements]).toMatchObject([{ status: 'granted', grade: 'proved' }, []])
    await post(withdrawn(email, { form: 'example.fr/preferences', how: 'button' }))
    const after = await lookUp({ email: 'KNOWN@example.fr' })
    expect(newsletterOf(after)).toEqual({
      purpose: 'newsletter',
      channel: 'email',
      status: 'withdrawn',
      grade: 'proved',
      since: '2026-11-21T12:00:00.000Z',
    })
    expect(after.statements).toEqual([
      {
        id: expect.any(String),
        event: 'withdrawn',
        purpose: '*',
        channel: '*',
        at: '2026-11-21T12:00:00.000Z',
        receivedAt: '2026-11-21T12:00:00.000Z',
        text: null,
        form: 'example.fr/preferences',
        how: 'button',
        doubleOptIn: 'none',
        confirmedAt: null,
      },
    ])
  })

  it('says what the suppression list says, and of a number what was refused by it', async () => {
    const hashed = Buffer.from(bench.shell.hasher.suppression('email', 'listed@example.fr'))
    await sql`insert into suppression (hash, key_id, scope, reason, added_at) values (${hashed}, 'k', 'all_marketing', 'objection', now())`.execute(
      bench.shell.db,
    )
    await post(given('listed@example.fr'))
    const listed = await lookUp({ email: 'listed+news@example.fr' })
    expect([listed.suppressed, newsletterOf(listed)]).toMatchObject([true, { status: 'withdrawn' }])
    await post({ event: 'refused', identifier: { phone: '0199005555' } })
    const called = (await lookUp({ phone: '+33199005555' })).states.filter((one) => one['status'] === 'refused')
    expect(new Set(called.map((one) => one['channel']))).toEqual(new Set(['sms', 'call']))
    await sql`delete from suppression`.execute(bench.shell.db)
  })

  it('leaves nothing behind, and is told to nobody without the scope', async () => {
    const before = await tableCounts(bench.shell.db)
    await lookUp({ email: 'curious@example.fr' })
    expect(await tableCounts(bench.shell.db)).toEqual(before)
    const refused = await api.call(`${PATH}/lookup`, { token, body: { identifier: { email: 'curious@example.fr' } } })
    expect(problem(refused)).toEqual([403, 'scope_missing', undefined])
  })
})

describe('nobody’s address or number', () => {
  it('stands in any table, answer or log line after all of this', async () => {
    const canary = 'zqcanaryqz'
    await post(given(`${canary}@example.fr`), { 'idempotency-key': `${canary}@example.fr` })
    await post({ event: 'withdrawn', identifier: { email: `${canary}@example.fr`, phone: '+33199004321' } })
    await post(given(`${canary}@@example.fr`))
    const counts = await tableCounts(bench.shell.db)
    for (const name of Object.keys(counts)) {
      const { rows } = await sql<{ text: string }>`select ${sql.table(name)}::text as text from ${sql.table(name)}`.execute(bench.shell.db)
      const dump = rows.map((row) => row.text).join('\n')
      expect([name, dump.includes(canary), dump.includes('199004321'), dump.includes(Buffer.from(canary).toString('hex'))]).toEqual([
        name,
        false,
        false,
        false,
      ])
    }
    expect(api.logged).toEqual([])
  })
})

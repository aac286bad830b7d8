/** Whatever an address holds, it changes neither a URL, nor a query, nor the shape of a body. */
import fc from 'fast-check'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { api, connected, contacts, live, row } from './portal.ts'

const seed = 20_261_121
const hostile = fc.constantFrom(
  '"',
  "'",
  '\\',
  '%',
  '%22',
  '&',
  '?',
  '#',
  '/',
  '../',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ';',
  '\u0000',
  '\n',
  '\u2028',
  '\ud800',
  '💥',
  'ü',
  'İ',
  '\u202e',
  ' ',
  '+',
  '=',
  '<',
  '>',
  '${x}',
  '$where',
  '__proto__',
)
const localPart = fc
  .array(fc.oneof(hostile, fc.stringMatching(/^[a-z0-9._-]{1,8}$/)), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
const domain = fc.constantFrom('example.test', 'bücher.example', 'xn--bcher-kva.example', '例え.example', 'EXAMPLE.TEST', '[127.0.0.1]')
const address = fc.tuple(localPart, domain).map(([local, host]) => `${local}@${host}`)
/** HubSpot takes a leading semicolon for "append", so the connector refuses it. */
const settable = address.filter((text) => !text.startsWith(';'))

describe(`hostile values (seed ${seed})`, () => {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => {
    nock.cleanAll()
    nock.enableNetConnect()
    nock.restore()
  })

  it('10,000 addresses as ids, values and property names leave every request as it should be', async () => {
    const { connector } = connected({ requestsPer10s: 1_000_000 })
    const seen: { path: string; body: unknown }[] = []
    const answer = (results: unknown[]) => ({ status: 'COMPLETE', results })
    nock(api)
      .persist()
      .post(/.*/, (body) => {
        seen.push({ path: 'POST', body })
        return body.inputs.every((input: object) => !('properties' in input))
      })
      .reply(200, answer([row(1, { email: 'before@example.test' })]))
    nock(api)
      .persist()
      .post(`${contacts}/batch/update`, (body) => body.inputs.every((input: object) => 'properties' in input))
      .reply(200, answer([row(1)]))

    const values = fc.sample(settable, { seed, numRuns: 10_000 })
    expect(values).toHaveLength(10_000)
    for (let i = 0; i < values.length; i += 100) {
      const chunk = values.slice(i, i + 100)
      seen.length = 0
      const set = Object.fromEntries(chunk.map((value, n) => [n === 0 ? value : `field_${n}`, value]))
      const [result] = await connector.write([{ ref: { object: 'contacts', id: '1' }, set }], live())
      expect(result!.outcome).toBe('written')
      const update = seen.map((one) => one.body as { inputs: unknown }).find((body) => JSON.stringify(body.inputs).includes('properties'))
      expect(update).toEqual({ inputs: [{ id: '1', properties: JSON.parse(JSON.stringify(set)) as object }] })

      const { records, gone } = await connector.get({ object: 'contacts', ids: chunk, fields: chunk }, live())
      expect([records, gone.map((dead) => dead.ref.id)]).toEqual([[], [...new Set(chunk)]])
    }
  })

  it('property names that nobody should have stay inside their query parameter', async () => {
    const { connector } = connected({ requestsPer10s: 1_000_000, searchesPerSecond: 1_000_000 })
    nock(api).persist().post(`${contacts}/search`).reply(200, { total: 0, results: [] })
    const queries: URLSearchParams[] = []
    nock(api)
      .persist()
      .get(contacts)
      .query((query) => queries.push(new URLSearchParams(query as Record<string, string>)) > 0)
      .reply(200, { results: [] })
    for (const name of fc.sample(address, { seed, numRuns: 300 })) {
      queries.length = 0
      await Array.fromAsync(connector.read({ object: 'contacts', fields: [name] }, live()))
      expect([...queries.at(-1)!.keys()]).toEqual(['limit', 'properties', 'archived'])
      expect(queries.at(-1)!.get('properties')).toBe(`${name.toWellFormed()},lastmodifieddate,createdate,hs_merged_object_ids`)
    }
  })
})

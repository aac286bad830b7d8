/** The fields that a sweep asks for: a peer that asks for fewer would do less work. */
import { setTimeout } from 'node:timers/promises'
import { loadConnections, loadPolicy } from '../src/config/load.ts'
import { connect } from '../src/connectors/registry.ts'
import { createJudge } from '../src/core/judge/create-judge.ts'
import { memoryPermits } from '../test/connectors/deps.ts'

const config = new URL('../config', import.meta.url).pathname

export async function hubspotProperties(env: Readonly<Record<string, string>>): Promise<string[]> {
  return (await fieldsOf('hubspot', env))[0]!
}

/** The columns that both Contact and Lead have, so that one query text serves both. */
export async function salesforceColumns(env: Readonly<Record<string, string>>): Promise<string[]> {
  const [contact, lead] = await fieldsOf('salesforce', env)
  return ['Id', 'SystemModstamp', ...contact!.filter((name) => lead!.includes(name) && !['Id', 'SystemModstamp'].includes(name))]
}

async function fieldsOf(id: string, env: Readonly<Record<string, string>>): Promise<string[][]> {
  const policy = loadPolicy(config)
  const { connections } = loadConnections(config, env)
  const connection = connections.find((one) => one.id === id)!
  const deps = { now: Date.now, sleep: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }), log: () => undefined }
  const connector = connect(connection, { ...deps, random: Math.random, urgency: 'live', permits: memoryPermits(deps) })
  const schemas = await connector.describe(
    connection.objects.map((mapping) => mapping.object),
    new AbortController().signal,
  )
  await connector.close()
  return connection.objects.map((mapping) => {
    const schema = schemas.find((one) => one.object === mapping.object)!
    const known = new Set(schema.fields.map((field) => field.name))
    const judge = createJudge({ policy, mapping, connection: id, schema, today: '2026-11-21' })
    return judge.reads.filter((name) => known.has(name))
  })
}

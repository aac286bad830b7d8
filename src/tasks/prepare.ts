/** From a configured connection to targets: what the CRM shows of its fields decides what can be judged and written. */
import { hash } from 'node:crypto'
import type { Connector, ObjectSchema } from '../connectors/connector.ts'
import { createJudge } from '../core/create-judge.ts'
import type { Judge } from '../core/judge.ts'
import type { ObjectMapping } from '../core/mapping.ts'
import type { CatalogueField } from '../core/minimisation.ts'
import type { Policy } from '../core/policy-schema.ts'
import { ensureSource, saveConnectionFindings } from '../store/sources.ts'
import type { Shell, Target } from './shell.ts'

export type Linked = { name: string; crm: string; connector: Connector; objects: readonly ObjectMapping[] }

/** `named`: whether records of `crm:object` may be named by others as the same person. */
export async function prepareTargets(
  shell: Shell,
  linked: Linked,
  options: { policy: Policy; today: string; named: ReadonlySet<string>; keep: boolean },
  signal: AbortSignal,
): Promise<Target[]> {
  const schemas = await linked.connector.describe(
    linked.objects.map((mapping) => mapping.object),
    signal,
  )
  const targets: Target[] = []
  for (const mapping of linked.objects) {
    const schema = schemas.find((one) => one.object === mapping.object) ?? { object: mapping.object, fields: [] }
    const judge = createJudge({ policy: options.policy, mapping, connection: linked.name, schema, today: options.today })
    const source = await ensureSource(shell.db, linked.name, linked.crm, mapping.object)
    if (options.keep) await saveConnectionFindings(shell.db, source.id, 'mapping', judge.problems)
    const named = options.named.has(`${linked.crm}:${mapping.object}`)
    targets.push({
      source,
      connector: linked.connector,
      judge,
      policy: digestOf(options.policy, mapping, schema, judge.reads),
      today: options.today,
      custom: customFields(schema, judge),
      named,
    })
  }
  return targets
}

/** The company's own fields that a pull reads, the write-back's left out: some of them nobody uses. */
function customFields(schema: ObjectSchema, judge: Judge): CatalogueField[] {
  const reads = new Set(judge.reads)
  const writes = new Set(judge.writes)
  return schema.fields.filter((field) => field.custom && reads.has(field.name) && !writes.has(field.name))
}

/** Changes whenever the same record could be judged differently: another policy, another mapping, another view of the CRM. */
function digestOf(policy: Policy, mapping: ObjectMapping, schema: ObjectSchema, reads: readonly string[]): string {
  const visible = new Set(schema.fields.map((field) => field.name))
  const parts = [policy, mapping, reads.filter((name) => visible.has(name))]
  return hash('sha256', JSON.stringify(parts, replaceCollections), 'hex').slice(0, 32)
}

function replaceCollections(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  return value instanceof Set ? [...value] : value
}

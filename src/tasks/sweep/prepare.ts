/** From a configured connection to targets: what the CRM shows of its fields decides what can be judged and written. */
import { hash } from 'node:crypto'
import type { Connector, FieldSchema, ObjectSchema } from '../../connectors/connector.ts'
import { createJudge } from '../../core/judge/create-judge.ts'
import type { Judge } from '../../core/judge/judge.ts'
import { mappedFields } from '../../core/record/mapped-fields.ts'
import type { ObjectMapping } from '../../core/record/mapping.ts'
import type { CatalogueField } from '../../core/minimisation/minimisation.ts'
import type { Policy } from '../../core/policy/schema.ts'
import { wantedProperties } from '../../core/judge/write-back.ts'
import { loadOtherSources, settleRetired } from '../../store/retired.ts'
import { takeTurn } from '../../store/records.ts'
import { ensureSource, findSource, provisionalSource, saveConnectionFindings } from '../../store/sources.ts'
import type { Landscape, Place, Shell, Target } from '../shell.ts'

export type Linked = { name: string; crm: string; connector: Connector; objects: readonly ObjectMapping[] }

/** `keep`: store missing fields as findings. `provisioned`: treat every write-back field as existing. */
export type Preparation = { policy: Policy; today: string; keep: boolean; provisioned?: boolean }

export async function prepareTargets(
  shell: Shell,
  linked: Linked,
  places: readonly Place[],
  options: Preparation,
  signal: AbortSignal,
): Promise<Target[]> {
  const schemas = await linked.connector.describe(
    linked.objects.map((mapping) => mapping.object),
    signal,
    linked.objects.flatMap(mappedFields),
  )
  const targets: Target[] = []
  for (const mapping of linked.objects) {
    const seen = schemas.find((one) => one.object === mapping.object) ?? { object: mapping.object, fields: [] }
    const unprovisioned = options.provisioned ? missingFields(options.policy, mapping, seen) : []
    const schema = { ...seen, fields: [...seen.fields, ...unprovisioned] }
    const recipe = { policy: options.policy, mapping, connection: linked.name, schema, today: options.today, now: shell.now() }
    const judge = createJudge(recipe)
    const place = places.find(({ source }) => source.connection === linked.name && source.object === mapping.object)!
    if (options.keep) await saveConnectionFindings(shell.db, place.source.id, 'mapping', judge.problems)
    targets.push({
      ...place,
      connector: linked.connector,
      judge,
      recipe,
      policy: digestOf(shell.code, options.policy, mapping, schema, judge),
      today: options.today,
      custom: customFields(schema, judge),
      unprovisioned: unprovisioned.length,
    })
  }
  return targets
}

/** The fields that provisioning would create, as the CRM would then show them. */
function missingFields(policy: Policy, mapping: ObjectMapping, schema: ObjectSchema): FieldSchema[] {
  const there = new Set(schema.fields.map((field) => field.name))
  return wantedProperties(policy, mapping)
    .filter(({ name }) => !there.has(name))
    .map(({ name, label, type, options }) => ({
      name,
      label,
      type,
      writable: true,
      custom: true,
      ...(options ? { options: options.map(({ value }) => value) } : {}),
    }))
}

/** The company's own fields that a pull reads, the write-back's left out: some of them nobody uses. */
function customFields(schema: ObjectSchema, judge: Judge): CatalogueField[] {
  const reads = new Set(judge.reads)
  const writes = new Set(judge.writes)
  return schema.fields.filter((field) => field.custom && reads.has(field.name) && !writes.has(field.name))
}

/** Every object of every connection, swept now or not. `keep` false: what was never swept gets a number for this run only. */
export async function findPlaces(shell: Shell, all: readonly Linked[], keep: boolean): Promise<Landscape> {
  const named = new Set(
    all.flatMap((one) => one.objects.flatMap(({ crossIds }) => crossIds.map(({ connection, object }) => `${connection}:${object}`))),
  )
  const places: Place[] = []
  for (const { name, crm, objects } of all) {
    for (const { object } of objects) {
      const source = keep
        ? await ensureSource(shell.db, name, crm, object)
        : ((await findSource(shell.db, name, object)) ?? provisionalSource(-1 - places.length, name, crm, object))
      places.push({ source, named: named.has(`${name}:${object}`) })
    }
  }
  const retired = await loadOtherSources(
    shell.db,
    places.flatMap(({ source }) => (source.id < 0 ? [] : [source.id])),
  )
  if (keep) await shell.db.transaction().execute((trx) => takeTurn(trx).then(() => settleRetired(trx, retired)))
  return { places, retired: new Set(retired) }
}

/** Changes whenever the same record could be judged differently: another release, policy, mapping, or visible fields (labels included, since rules read them). */
function digestOf(code: string, policy: Policy, mapping: ObjectMapping, schema: ObjectSchema, judge: Judge): string {
  const labels = new Map(schema.fields.map(({ name, label }) => [name, label]))
  const visible = judge.reads.filter((name) => labels.has(name)).map((name) => [name, labels.get(name)])
  const parts = [code, policy, mapping, visible, judge.problems.map(({ rule, fields }) => [rule, fields])]
  return hash('sha256', JSON.stringify(parts, replaceCollections), 'hex').slice(0, 32)
}

function replaceCollections(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  return value instanceof Set ? [...value] : value
}

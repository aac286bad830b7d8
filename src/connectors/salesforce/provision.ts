/** Makes the fields of the write-back: definition through Tooling, then the right to see and edit them. Safe to run again. */
import { ConnectorError, type ProvisionRequest, type ProvisionStep, type WantedField } from '../connector.ts'
import { makeOnce } from '../http.ts'
import { addOptions, createField, customFields } from './custom-field.ts'
import type { Org } from './org.ts'
import {
  assignPermissionSet,
  grantField,
  makePermissionSet,
  type Grant,
  PERMISSION_SET,
  readPermissionSet,
  type SetState,
} from './permission-set.ts'

type Step = ProvisionStep

export async function provision(org: Org, { fields, dryRun }: ProvisionRequest, signal: AbortSignal): Promise<readonly Step[]> {
  org.schemas.forget()
  const steps: Step[] = []
  for (const object of new Set(fields.map((field) => field.object))) {
    const wanted = fields.filter((field) => field.object === object)
    steps.push(...(await provisionFields(org, object, wanted, dryRun, signal)))
  }
  const usable = fields.filter((field) => steps.some((step) => step.what === 'field' && isOf(step, field) && step.outcome !== 'refused'))
  steps.push(...(await provisionRights(org, usable, dryRun, signal)))
  org.schemas.forget()
  return steps
}

function isOf(step: Step, field: WantedField): boolean {
  return step.object === field.object && step.name === field.name
}

async function provisionFields(
  org: Org,
  object: string,
  wanted: readonly WantedField[],
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Step[]> {
  const info = await org.schemas.demand(object, signal)
  const custom = await customFields(org, object, signal)
  const steps: Step[] = []
  for (const field of wanted) {
    const step = { what: 'field', object, name: field.name } as const
    if (info.fields.has(field.name) || custom?.has(field.name)) {
      steps.push({ ...step, outcome: 'present' }, ...(await provisionOptions(org, field, custom?.get(field.name), dryRun, signal)))
    } else if (dryRun) {
      steps.push({ ...step, outcome: 'to-create' })
    } else {
      const made = await createField(org, field, signal)
      steps.push(typeof made === 'string' ? { ...step, outcome: made } : { ...step, outcome: 'refused', reason: made.refused })
    }
  }
  return steps
}

/** Values a present picklist lacks. A field we cannot see yet is looked at in the next run, when its rights are granted. */
async function provisionOptions(
  org: Org,
  field: WantedField,
  id: string | undefined,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Step[]> {
  const info = await org.schemas.demand(field.object, signal)
  const held = info.fields.get(field.name)?.picklistValues
  const missing = held ? (field.options ?? []).filter(({ value }) => !held.some((option) => option.value === value && option.active)) : []
  if (missing.length === 0) return []
  const refused = dryRun ? null : await optionRefusal(org, id, missing, signal)
  const outcome = dryRun
    ? ({ outcome: 'to-create' } as const)
    : refused === null
      ? ({ outcome: 'created' } as const)
      : ({ outcome: 'refused', reason: refused } as const)
  return missing.map(({ value }) => ({ what: 'option', object: field.object, name: `${field.name}.${value}`, ...outcome }))
}

async function optionRefusal(org: Org, id: string | undefined, missing: readonly { value: string; label: string }[], signal: AbortSignal) {
  if (id === undefined) return 'the field is not open to the Tooling API for this user; add the values in Setup'
  return addOptions(org, id, missing, signal)
}

async function provisionRights(org: Org, fields: readonly WantedField[], dryRun: boolean, signal: AbortSignal): Promise<Step[]> {
  const steps: Step[] = []
  const state = await readPermissionSet(org, signal)
  const set = await orRefused(steps, { what: 'permission', object: 'PermissionSet', name: PERMISSION_SET }, state.id !== null, dryRun, () =>
    makeOnce(
      () => makePermissionSet(org, signal),
      async () => (await readPermissionSet(org, signal)).id ?? undefined,
    ),
  )
  const id = state.id ?? set
  for (const field of fields) {
    const held = state.grants.get(`${field.object}.${field.name}`)
    const step = { what: 'permission', object: field.object, name: field.name } as const
    await orRefused(steps, step, isFull(held), dryRun, async () => {
      await doneOnce(
        () => grantField(org, demandId(id), field.object, field.name, held, signal),
        async () => isFull((await readPermissionSet(org, signal)).grants.get(`${field.object}.${field.name}`)),
      )
    })
  }
  const step = { what: 'permission', object: 'PermissionSetAssignment', name: PERMISSION_SET } as const
  await orRefused(steps, step, state.assigned, dryRun, async () => {
    await doneOnce(
      () => assignPermissionSet(org, demandId(id), signal),
      async () => (await readPermissionSet(org, signal)).assigned,
    )
  })
  return steps
}

/** `makeOnce` for what gives nothing back. */
async function doneOnce(make: () => Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
  await makeOnce(
    () => make().then(() => true),
    async () => (await isDone()) || undefined,
  )
}

const isFull = (grant: Grant | undefined): boolean => grant?.edit === true && grant.read

function demandId(id: SetState['id'] | undefined): string {
  if (typeof id === 'string') return id
  throw new ConnectorError('refused', `there is no permission set "${PERMISSION_SET}" to grant it in`)
}

/** Adds the step with its outcome; a refusal is an outcome, everything else that goes wrong is thrown. */
async function orRefused<T>(
  steps: Step[],
  step: Pick<Step, 'what' | 'object' | 'name'>,
  present: boolean,
  dryRun: boolean,
  make: () => Promise<T>,
): Promise<T | undefined> {
  if (present || dryRun) {
    steps.push({ ...step, outcome: present ? 'present' : 'to-create' })
    return undefined
  }
  try {
    const made = await make()
    steps.push({ ...step, outcome: 'created' })
    return made
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.kind !== 'refused' && error.kind !== 'scope')) throw error
    steps.push({ ...step, outcome: 'refused', reason: error.message })
    return undefined
  }
}

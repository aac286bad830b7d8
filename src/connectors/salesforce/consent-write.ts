/**
 * The part of a batch of patches that goes to the consents of the Individuals behind the records. Several records may share one.
 *
 * No Individual is ever made: which records are one person is the company's to say, and a second Individual would split what the person chose.
 */
import type { Fields } from '../connector.ts'
import { accessTo, isWritable, type ConsentAccess, type ReadableConsent } from './consent-access.ts'
import { CONSENT, STATUS } from './consent-field.ts'
import { deciding, isNo, isYes, readConsents, rowsOf, type Consent, type Consents } from './consent-rows.ts'
import type { FlagOutcome } from './individual-write.ts'
import type { Org } from './org.ts'
import { createRecords, patchRecords, type Saved } from './patch.ts'
import type { Row } from './payloads.ts'
import { recordId } from './record-id.ts'
import type { ObjectInfo } from './schema.ts'

type Due = { readonly index: number; readonly row: Row; readonly set: Fields }
type Wish = { readonly index: number; readonly party: string; readonly field: ReadableConsent; readonly status: 'OptIn' | 'OptOut' }
/** What it takes: rows to set, or one to make. */
type Step = { readonly wish: Wish; readonly key: string } & (
  | { readonly act: 'nothing' }
  | { readonly act: 'refuse'; readonly reason: string }
  | { readonly act: 'set'; readonly ids: readonly string[] }
  | { readonly act: 'make'; readonly set: Fields }
)

/** By index. */
export async function writeConsents(
  org: Org,
  record: ObjectInfo,
  due: readonly Due[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, FlagOutcome>> {
  if (due.length === 0) return new Map()
  const access = await accessTo(
    org,
    record,
    due.flatMap(({ set }) => Object.keys(set)),
    signal,
  )
  const outcomes = new Map<number, FlagOutcome>()
  const wishes: Wish[] = []
  for (const one of due) {
    const wished = wishesOf(one, access)
    if (typeof wished === 'string') outcomes.set(one.index, { outcome: 'rejected', reason: wished })
    else wishes.push(...wished)
  }
  if (access.info === null || wishes.length === 0) return outcomes
  const present = await readConsents(
    org,
    access,
    wishes.map(({ party }) => party),
    signal,
  )
  const steps = wishes.map((wish) => stepFor(wish, access.info!, present))
  const saved = await carryOut(org, access.info, steps, signal)
  for (const index of new Set(wishes.map((wish) => wish.index)))
    outcomes.set(
      index,
      outcomeOf(
        steps.filter(({ wish }) => wish.index === index),
        saved,
      ),
    )
  return outcomes
}

function wishesOf({ index, row, set }: Due, { info, fields }: ConsentAccess): readonly Wish[] | string {
  const party = typeof row['IndividualId'] === 'string' ? recordId(row['IndividualId'], null) : null
  const wishes: Wish[] = []
  for (const [name, value] of Object.entries(set)) {
    const field = fields.get(name)
    if (field === undefined || info === null) return `INVALID_FIELD (${name}): missing, or hidden from the integration user`
    if (field.part !== 'status') return `READ_ONLY (${name})`
    if (!isWritable(info)) return `READ_ONLY (${name}): grant Create and Edit on ${CONSENT}`
    if (value !== 'OptOut' && value !== 'OptIn') return `INVALID_OPTION (${name}): OptOut, or OptIn where one was taken back`
    if (party === null) return 'NO_INDIVIDUAL: link the record to an Individual first'
    wishes.push({ index, party, field, status: value })
  }
  return wishes
}

/** An opt-out leaves no other row that says yes, as one of another brand; a yes only takes back a no that is there. */
function stepFor(wish: Wish, info: ObjectInfo, { of, at }: Consents): Step {
  const { party, field, status } = wish
  const key = JSON.stringify([party, field.type, [...(field.purposes ?? [])]])
  const rows = rowsOf(of.get(party) ?? [], field)
  const decides = deciding(rows, at)
  if (status === 'OptIn') {
    const noes = rows.filter(isNo)
    if (noes.length > 0) return { wish, key, act: 'set', ids: noes.map(({ id }) => id) }
    if (decides?.status === 'OptIn') return { wish, key, act: 'nothing' }
    return { wish, key, act: 'refuse', reason: `NO_CONSENT (${field.name}): a yes is not made where nothing was said` }
  }
  const others = rows.filter((row) => isYes(row) && !hasEnded(row, at))
  const due = new Set([...others, ...(decides === null || decides.status === 'OptOut' ? [] : [decides])].map(({ id }) => id))
  if (due.size > 0) return { wish, key, act: 'set', ids: [...due] }
  if (decides !== null) return { wish, key, act: 'nothing' }
  if (field.purposes !== null && field.purposes.size > 1)
    return { wish, key, act: 'refuse', reason: `AMBIGUOUS_PURPOSE (${field.name}): several purposes share this name` }
  return { wish, key, act: 'make', set: optOutOf(wish, info) }
}

const hasEnded = ({ to }: Consent, at: number): boolean => to !== null && to <= at

/** Undated, as it is no capture of ours: the time of the no stands where it was said. */
function optOutOf({ party, field }: Wish, info: ObjectInfo): Fields {
  const [purpose = null] = field.purposes ?? []
  return {
    Name: `${field.type} ${field.purpose ?? ''}`.trim().slice(0, 255),
    PartyId: party,
    ContactPointType: field.type,
    [STATUS]: 'OptOut',
    ...(purpose !== null && { DataUsePurposeId: purpose }),
    ...(info.fields.get('CaptureSource')?.updateable && { CaptureSource: 'Said no elsewhere; carried over by Accord' }),
  }
}

/** By row id, and by key of what is made. Each row once: where two records of one person want different things, the no wins. */
async function carryOut(org: Org, info: ObjectInfo, steps: readonly Step[], signal: AbortSignal): Promise<ReadonlyMap<string, Saved>> {
  const wanted = new Map<string, string>()
  const made = new Map<string, Fields>()
  for (const step of steps) {
    if (step.act === 'make') made.set(step.key, step.set)
    if (step.act !== 'set') continue
    for (const id of step.ids) if (wanted.get(id) !== 'OptOut') wanted.set(id, step.wish.status)
  }
  const updates = [...wanted].map(([id, status], index) => ({ index, id, set: { [STATUS]: status } }))
  const creations = [...made].map(([key, set], index) => ({ index, key, set }))
  const updated = await patchRecords(org, info, updates, signal)
  const created = await createRecords(org, info, creations, signal)
  const saved = new Map<string, Saved>()
  for (const { index, id } of updates) saved.set(id, updated.get(index) ?? { outcome: 'gone' })
  for (const { index, key } of creations) saved.set(key, created.get(index) ?? { outcome: 'gone' })
  return saved
}

function outcomeOf(steps: readonly Step[], saved: ReadonlyMap<string, Saved>): FlagOutcome {
  const held: string[] = []
  for (const step of steps) {
    if (step.act === 'refuse') return { outcome: 'rejected', reason: step.reason }
    if (step.act === 'nothing') held.push(step.wish.field.name)
    for (const place of step.act === 'set' ? step.ids : step.act === 'make' ? [step.key] : []) {
      const result = saved.get(place)
      if (result?.outcome === 'gone') return { outcome: 'rejected', reason: 'the consent is gone' }
      if (result?.outcome !== 'written') return { outcome: 'rejected', reason: result?.reason ?? 'Salesforce gave no result for a consent' }
    }
  }
  return { outcome: held.length === steps.length ? 'unchanged' : 'written', held }
}

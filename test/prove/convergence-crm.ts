/** A CRM in memory that people edit while it is read and written: it stamps what changes, rings for it, and knows who ticked what. */
import {
  ConnectorError,
  type Connector,
  type CrmRecord,
  type Fields,
  type Patch,
  type WriteResult,
} from '../../src/connectors/connector.ts'
import type { Seen } from './convergence-model.ts'

export type Names = { yes: string; at: string; text: string; optOut: string; accord: string; other: string }
export type Row = { fields: Record<string, string | null>; modifiedAt: number; ticked: Seen['ticked']; writes: number }
export type ConvergenceCrm = {
  readonly rows: Map<string, Row>
  readonly names: Names
  readonly connector: Connector
  /** A person's edit. False when it changes nothing. */
  edit: (id: string, change: Fields, at: number) => boolean
  seen: (id: string) => Seen
}
export type CrmHooks = {
  /** Called in the middle of a request: people go on meanwhile. */
  pause: () => Promise<void>
  now: () => number
  ring: (id: string) => void
  look: (id: string, seen: Seen) => void
  /** A write of ours found a box that a person had just ticked. */
  contest: (id: string, at: number) => void
  /** What happened to a record, for whoever has to find out why it ended as it did. */
  note: (id: string, line: string) => void
}

export function convergenceCrm(id: string, object: string, names: Names, hooks: CrmHooks): ConvergenceCrm {
  const rows = new Map<string, Row>()
  const refuse = async (): Promise<never> => {
    throw new ConnectorError('refused', 'this CRM only gives and takes records')
  }
  const recordOf = (ref: string, { fields, modifiedAt }: Row): CrmRecord => ({
    ref: { object, id: ref },
    version: String(modifiedAt),
    modifiedAt,
    fields: { ...fields },
  })
  const seen = (ref: string): Seen => seenOf(rows.get(ref)!, names)
  const connector: Connector = {
    id,
    limits: { patchesPerWrite: 100, idsPerGet: 100, settleMs: 0 },
    usage: { calls: 0, throttled: 0 },
    clock: { aheadMs: null },
    account: refuse,
    check: refuse,
    describe: refuse,
    provision: refuse,
    read: () => {
      throw new ConnectorError('refused', 'this CRM has no pull')
    },
    async get({ ids }) {
      await hooks.pause()
      const looked = ids.map((ref) => ({ ref, record: recordOf(ref, rows.get(ref)!), seen: seen(ref) }))
      for (const one of looked) {
        hooks.look(one.ref, one.seen)
        hooks.note(one.ref, `looked ${JSON.stringify(one.seen)}`)
      }
      // What is on its way back is old news already.
      await hooks.pause()
      for (const { ref } of looked) hooks.note(ref, 'answered')
      return { records: looked.map((one) => one.record), gone: [] }
    },
    async write(patches) {
      await hooks.pause()
      const results = patches.map((patch) => take(rows.get(patch.ref.id)!, patch, names, hooks))
      for (const [at, { ref, set }] of patches.entries()) hooks.note(ref.id, `sent ${JSON.stringify(set)}: ${JSON.stringify(results[at])}`)
      await hooks.pause()
      return results
    },
    close: async () => undefined,
  }
  return {
    rows,
    names,
    connector,
    seen,
    edit(ref, change, at) {
      const row = rows.get(ref)!
      const differs = Object.entries(change).filter(([name, value]) => row.fields[name] !== value)
      if (differs.length === 0) return false
      Object.assign(row.fields, change)
      row.modifiedAt = at
      if (names.optOut in change && differs.some(([name]) => name === names.optOut)) row.ticked = isTicked(row, names) ? 'person' : 'nobody'
      hooks.note(ref, `edited ${JSON.stringify(change)}`)
      hooks.ring(ref)
      return true
    },
  }
}

function take(row: Row, { ref, set }: Patch, names: Names, hooks: CrmHooks): WriteResult {
  const held = Object.keys(set).filter((name) => row.fields[name] === set[name])
  if (held.length === Object.keys(set).length) return { ref, outcome: 'unchanged' }
  if (names.optOut in set && !held.includes(names.optOut)) row.ticked = 'us'
  else if (names.optOut in set && row.ticked === 'person') hooks.contest(ref.id, hooks.now())
  Object.assign(row.fields, set)
  row.modifiedAt = hooks.now()
  row.writes++
  hooks.ring(ref.id)
  return { ref, outcome: 'written', version: String(row.modifiedAt), ...(held.length > 0 && { held }) }
}

const isTicked = ({ fields }: Row, { optOut }: Names): boolean => fields[optOut] === 'true'

function seenOf(row: Row, names: Names): Seen {
  const { fields, modifiedAt, ticked } = row
  const said = fields[names.yes]
  const at = fields[names.at] == null ? null : Date.parse(fields[names.at]!)
  const proved = at !== null && fields[names.text] != null
  return {
    ticked,
    modifiedAt,
    yes: said === 'yes' && proved ? at : null,
    no: said === 'withdrawn' && at !== null ? at : null,
    undated: said === 'withdrawn' && at === null,
  }
}

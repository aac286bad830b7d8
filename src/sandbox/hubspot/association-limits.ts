import { pairIn } from './association-input.ts'
import { associationBatch } from './association-read.ts'
import type { AssociationType } from './association-type.ts'
import { batchItems, BATCH_MOST } from './batch-input.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import type { ObjectTable } from './table.ts'

/** GET definitions/configurations/all: how many records a record may be associated with, where the portal has set a limit. */
export function listAllLimits(portal: Portal): Answer {
  const results = [...portal.associations.limits].map(([typeId, most]) => {
    const type = portal.associations.types.find(typeId)!
    return { fromObjectTypeId: type.from.typeId, toObjectTypeId: type.to.typeId, ...wireLimit(type, most) }
  })
  return { status: 200, body: { results } }
}

export function listLimits(portal: Portal, call: Call): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'read')
  const { limits, types } = portal.associations
  const limited = types.between(from.kind, to.kind).filter((type) => limits.has(type.typeId))
  return { status: 200, body: { results: limited.map((type) => wireLimit(type, limits.get(type.typeId)!)) } }
}

function wireLimit({ category, typeId, label }: AssociationType, most: number): Record<string, unknown> {
  return { category, typeId, ...(label === null ? {} : { label }), userEnforcedMaxToObjectIds: most }
}

/** POST batch/create and batch/update */
export function setLimits(portal: Portal, call: Call): Answer {
  return eachLimit(portal, call, (type, input) => {
    const most = input.maxToObjectIds
    if (typeof most !== 'number' || !Number.isInteger(most) || most < 1)
      throw invalidRequest('maxToObjectIds must be a whole number above 0')
    portal.associations.limits.set(type.typeId, most)
    return wireLimit(type, most)
  })
}

/** POST batch/purge */
export function purgeLimits(portal: Portal, call: Call): Answer {
  eachLimit(portal, call, (type) => {
    portal.associations.limits.delete(type.typeId)
    return {}
  })
  return { status: 204 }
}

type Act = (type: AssociationType, input: Record<string, unknown>) => Record<string, unknown>

function eachLimit(portal: Portal, call: Call, act: Act): Answer {
  const startedAt = instant(portal.clock.now())
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'write')
  const errors: Record<string, unknown>[] = []
  const results: Record<string, unknown>[] = []
  for (const input of batchItems(call, BATCH_MOST)) {
    try {
      const type = portal.associations.types.between(from.kind, to.kind).find(({ typeId }) => typeId === Number(input.typeId))
      if (type === undefined)
        throw invalidRequest(`Association type ${String(input.typeId).slice(0, 20)} does not exist between these objects`)
      results.push(act(type, input))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push({ status: 'error', ...error.body })
    }
  }
  return associationBatch(portal, call, 200, results, errors, startedAt)
}

/** Throws when one more record would be too many for a type with a limit. */
export function refuseBeyondLimit(from: ObjectTable, id: number, to: ObjectTable, toId: number, types: readonly AssociationType[]): void {
  const { limits, links } = from.portal.associations
  if (limits.size === 0) return
  for (const [holder, holderId, held, heldId, typeIds] of [
    [from, id, to, toId, types.map((type) => type.typeId)],
    [to, toId, from, id, types.map((type) => type.inverse)],
  ] as const) {
    for (const typeId of typeIds) {
      const most = limits.get(typeId)
      const row = links.of(holder.kind, holderId, held.kind)
      const others = row.filter((value, at) => at % 2 === 0 && row[at + 1] === typeId && value !== heldId)
      if (most === undefined || others.length < most) continue
      // unverified: the text for an association beyond a limit.
      throw invalidRequest(`${holder.kind.constant}=${holderId} has reached the limit of ${most} associations of type ${typeId}`, {
        context: { objectId: [String(holderId)], objectType: [holder.kind.constant], limit: [String(most)] },
      })
    }
  }
}

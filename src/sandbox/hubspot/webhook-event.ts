import type { Change } from './changes.ts'
import { CLASSIC_TYPES } from './webhook-app.ts'
import type { Behaviour } from './webhook-behaviour.ts'

/** One notification as it is sent, apart from its attempt. */
export type Notification = Record<string, unknown>

/** unverified: the flags of deletions and restores. */
const CHANGE_FLAGS = { deletion: 'DELETED', restore: 'RESTORED' }

/** The two ways to subscribe to a change: by the type's own name, and as `object.*` with the type's id. */
export function subscriptionKeys(change: Change): { type: string; key: string }[] {
  const name = CLASSIC_TYPES[change.objectTypeId]
  const property = change.kind === 'propertyChange' ? change.property : null
  const generic = `object.${change.kind}`
  const keys = [{ type: generic, key: subscriptionKey(generic, change.objectTypeId, property) }]
  if (name === undefined) return keys
  const classic = `${name}.${change.kind}`
  return [{ type: classic, key: subscriptionKey(classic, null, property) }, ...keys]
}

export function subscriptionKey(eventType: string, objectTypeId: string | null, property: string | null): string {
  return `${eventType}|${eventType.startsWith('object.') ? objectTypeId : ''}|${eventType.endsWith('.propertyChange') ? property : ''}`
}

/** What follows the fields that all notifications share. Source: HubSpot docs, "Webhooks API: payload". */
export function notificationFields(change: Change, type: string, behaviour: Behaviour): Notification {
  const generic = type.startsWith('object.')
  const origin = { changeSource: change.source.type, ...(change.source.id === null ? {} : { sourceId: change.source.id }) }
  const typed = generic ? { objectTypeId: change.objectTypeId } : {}
  switch (change.kind) {
    case 'creation':
      return { objectId: change.id, ...typed, changeFlag: behaviour.creationFlag, ...origin }
    case 'deletion':
    case 'restore':
      return { objectId: change.id, ...typed, changeFlag: CHANGE_FLAGS[change.kind], ...origin }
    case 'privacyDeletion':
      // unverified: no capture of this event is known; only the common fields are certain.
      return { objectId: change.id }
    case 'propertyChange': {
      const propertyValue = change.sensitive ? 'REDACTED' : change.value
      const sensitive = generic ? { isSensitive: change.sensitive } : {}
      return { objectId: change.id, ...typed, propertyName: change.property, propertyValue, ...origin, ...sensitive }
    }
    case 'merge': {
      const ids = { primaryObjectId: change.primary, mergedObjectIds: change.merged, newObjectId: change.id }
      return { ...(generic ? typed : { objectId: change.primary }), ...ids, numberOfPropertiesMoved: change.moved, ...origin }
    }
    case 'associationChange':
      return { ...associationFields(change, generic), ...origin }
  }
}

function associationFields(change: Change & { kind: 'associationChange' }, generic: boolean): Notification {
  const nameOf = (typeId: string): string => (CLASSIC_TYPES[typeId] ?? typeId).toUpperCase()
  const ends = { fromObjectId: change.id, toObjectId: change.to.id }
  const state = { associationRemoved: change.removed, isPrimaryAssociation: change.primary }
  const classic = { associationType: `${nameOf(change.objectTypeId)}_TO_${nameOf(change.to.objectTypeId)}`, ...ends, ...state }
  if (!generic) return classic
  const types = { fromObjectTypeId: change.objectTypeId, toObjectTypeId: change.to.objectTypeId }
  return { ...classic, ...types, associationTypeId: change.typeId, associationCategory: change.category }
}

import type { Change } from './changes.ts'
import { instant } from './instant.ts'
import type { JournalSubscription } from './journal.ts'

export type JournalEvent = Record<string, unknown>

export const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  OBJECT: ['CREATE', 'UPDATE', 'DELETE', 'MERGE', 'RESTORE'],
  ASSOCIATION: ['ASSOCIATION_ADDED', 'ASSOCIATION_REMOVED'],
  LIST_MEMBERSHIP: ['ADDED_TO_LIST', 'REMOVED_FROM_LIST'],
  APP_LIFECYCLE_EVENT: ['APP_INSTALL', 'APP_UNINSTALL'],
  GDPR_PRIVACY_DELETION: ['GDPR_DELETE'],
}

/** unverified: what files call each kind of event. */
export const EVENT_NAMES: Readonly<Record<string, string>> = {
  OBJECT: 'crmObject',
  ASSOCIATION: 'association',
  GDPR_PRIVACY_DELETION: 'gdprPrivacyDeletion',
  SNAPSHOT: 'snapshot',
}

/** Change → subscription type and action. */
function actionOf(change: Change): [string, string] {
  switch (change.kind) {
    case 'creation':
      return ['OBJECT', 'CREATE']
    case 'propertyChange':
      return ['OBJECT', 'UPDATE']
    case 'deletion':
      return ['OBJECT', 'DELETE']
    case 'merge':
      return ['OBJECT', 'MERGE']
    case 'restore':
      return ['OBJECT', 'RESTORE']
    case 'privacyDeletion':
      return ['GDPR_PRIVACY_DELETION', 'GDPR_DELETE']
    case 'associationChange':
      return ['ASSOCIATION', change.removed ? 'ASSOCIATION_REMOVED' : 'ASSOCIATION_ADDED']
  }
}

/** The event a subscription wants of a change; undefined when it wants none. `read` looks into the record. */
export function entryOf(
  change: Change,
  { subscriptionType, actions, objectTypeId, properties, objectIds }: JournalSubscription,
  portalId: number,
  read: (property: string) => string | undefined,
): JournalEvent | undefined {
  const [type, action] = actionOf(change)
  if (subscriptionType !== type || !actions.includes(action) || objectTypeId !== change.objectTypeId) return undefined
  if (objectIds.length > 0 && !objectIds.includes(change.id)) return undefined
  if (change.kind === 'propertyChange' && properties.length > 0 && !properties.includes(change.property)) return undefined
  const common = { type: EVENT_NAMES[type], portalId, occurredAt: instant(change.at), action }
  if (change.kind === 'associationChange') {
    const ends = { fromObjectTypeId: change.objectTypeId, fromObjectId: change.id }
    const to = { toObjectTypeId: change.to.objectTypeId, toObjectId: change.to.id }
    return { ...common, ...ends, ...to, associationTypeId: change.typeId, associationCategory: change.category }
  }
  const about = { ...common, objectTypeId: change.objectTypeId, objectId: change.id }
  if (change.kind === 'propertyChange') {
    return { ...about, propertyChanges: { [change.property]: change.sensitive ? 'REDACTED' : change.value } }
  }
  if (change.kind === 'merge') return { ...about, primaryObjectId: change.primary, mergedObjectIds: change.merged }
  if (change.kind !== 'creation') return about
  const values = properties.map((property) => [property, read(property)] as const).filter(([, value]) => value !== undefined)
  return { ...about, propertyChanges: Object.fromEntries(values) }
}

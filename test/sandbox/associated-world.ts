import { useWorld, type World } from './hubspot-world.ts'

/** Two companies, two contacts and two notes that know nothing of each other yet: 201 and 202, 101 and 102, 301 and 302. */
export function useAssociatedWorld(): World {
  const world: World = useWorld(async () => {
    await loadObjects(world, 'companies', { hs_object_id: '201', name: 'Alpha' }, { hs_object_id: '202', name: 'Beta' })
    await loadObjects(world, 'contacts', { hs_object_id: '101', email: 'a@example.test' }, { hs_object_id: '102', email: 'b@example.test' })
    await loadObjects(world, 'notes', { hs_object_id: '301', hs_note_body: 'first' }, { hs_object_id: '302', hs_note_body: 'second' })
  })
  return world
}

export function loadObjects({ control }: World, object: string, ...rows: Record<string, unknown>[]): ReturnType<World['control']> {
  return control('POST', '/hubspot/load', { object, rows })
}

/** A type of association that HubSpot itself has defined. */
export const plain = (typeId: number) => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId })

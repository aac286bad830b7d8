/** Where a list of HubSpot goes on. */
import { circleWatch } from '../circle.ts'
import { ConnectorError } from '../connector.ts'

type Onwards = (after: string | undefined, of?: string) => string | undefined

/**
 * For all pages of a list in their order: gives back the cursor of each next page, undefined behind the last. `of` tells lists apart that are read side by side.
 * Throws `unexpected-shape` where the pages go in a circle.
 */
export function onwardsIn(path: string): Onwards {
  const watches = new Map<string, (cursor: string) => boolean>()
  return (after, of = '') => {
    if (after === undefined) return undefined
    const comesBack = watches.get(of) ?? circleWatch()
    watches.set(of, comesBack)
    if (comesBack(after)) throw new ConnectorError('unexpected-shape', `the pages of HubSpot's list at ${path} lead in a circle`)
    return after
  }
}

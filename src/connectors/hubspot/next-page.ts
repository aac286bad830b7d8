/** Where a list of HubSpot goes on. */
import { ConnectorError } from '../connector.ts'

type Paging = { readonly next?: { readonly after: string } | null | undefined } | null | undefined

/** The cursor of the next page; undefined behind the last. `asked`: of the page that names it. Throws `unexpected-shape` where a page leads to itself. */
export function nextAfter(path: string, paging: Paging, asked: string | null | undefined): string | undefined {
  const after = paging?.next?.after
  if (after !== undefined && after === asked)
    throw new ConnectorError('unexpected-shape', `HubSpot's list at ${path} leads from a page to itself`)
  return after
}

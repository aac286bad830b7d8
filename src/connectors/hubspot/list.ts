/** The list endpoint: pages by an opaque id cursor, live records or archived ones. */
import type { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import type { Call } from './message.ts'
import { ListPage, type CrmObject } from './payloads.ts'
import type { PageReader, PlainPage } from './plain-page.ts'

export function listCall(
  client: HubspotClient,
  object: string,
  properties: readonly string[],
  after: string | undefined,
  archived = 'false',
): Call {
  const query = new URLSearchParams({ limit: String(client.settings.pageSize), properties: [...new Set(properties)].join(','), archived })
  if (after !== undefined) query.set('after', after)
  return { method: 'GET', path: client.paths.objects(object), query: query.toString() }
}

export type Listed = { listed: CrmObject[]; after: string | undefined }
/** `sheet`: null where the page had to be read as any JSON, and `listed` has all properties then. */
export type ListedInBulk = Listed & { sheet: PlainPage['sheet'] | null }

export async function list(client: HubspotClient, call: Call, signal: AbortSignal): Promise<Listed> {
  return listedIn(client, call, await client.call(call, ListPage, signal))
}

/** The same for very many records: see plain-page.ts. */
export async function listInBulk(client: HubspotClient, call: Call, read: PageReader, signal: AbortSignal): Promise<ListedInBulk> {
  const page = await client.call(call, ListPage, signal, read)
  return { ...listedIn(client, call, page), sheet: 'sheet' in page ? page.sheet : null }
}

function listedIn(client: HubspotClient, call: Call, { results, paging }: z.output<typeof ListPage>): Listed {
  refuseForeignLink(client, call, paging)
  return { listed: results, after: paging?.next?.after }
}

/** `link` is never followed; on another host than ours it says that something between us and HubSpot is not what it seems. */
export function refuseForeignLink(client: HubspotClient, call: Call, paging: z.output<typeof ListPage>['paging']): void {
  const link = paging?.next?.link ?? undefined
  const { apiUrl } = client.settings
  // With all its property names a link is two thousand characters long, and taking it apart is not free.
  if (link === undefined || link.startsWith(`${apiUrl}/`)) return
  if (URL.canParse(link) && new URL(link).host === new URL(apiUrl).host) return
  throw new ConnectorError('unexpected-shape', `HubSpot's paging.next.link of ${call.path} points to another host`)
}

/** HubSpot's lists with a cursor, page after page. */
import type { z } from 'zod'
import type { HubspotClient } from './client.ts'

type Paged = z.ZodType<{ paging?: { next?: { after: string } | undefined } | undefined }>

/** `query`: besides the cursor. Values stand in a URL: never an address of somebody. */
export async function* pagesOf<S extends Paged>(
  client: HubspotClient,
  { path, query = {} }: { path: string; query?: Readonly<Record<string, string>> },
  schema: S,
  signal: AbortSignal,
): AsyncGenerator<z.output<S>> {
  let after: string | undefined = undefined
  do {
    const asked: Record<string, string> = after === undefined ? query : { ...query, after }
    const text = new URLSearchParams(asked).toString()
    const page: z.output<S> = await client.call({ method: 'GET', path, ...(text !== '' && { query: text }) }, schema, signal)
    yield page
    after = page.paging?.next?.after
  } while (after !== undefined)
}

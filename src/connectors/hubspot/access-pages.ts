/** HubSpot's lists with a cursor, page after page. */
import type { z } from 'zod'
import type { HubspotClient } from './client.ts'
import { errorFrom, type Call, type Reply } from './message.ts'
import { onwardsIn } from './next-page.ts'
import type { Refusal } from './refusal.ts'

type Paged = z.ZodType<{ paging?: { next?: { after: string } | null | undefined } | null | undefined }>

/** `query`: besides the cursor. Values stand in a URL: never an address of somebody. `isEnd`: a refusal that ends the list and is told by the caller. */
export async function* pagesOf<S extends Paged>(
  client: HubspotClient,
  { path, query = {} }: { path: string; query?: Readonly<Record<string, string>> },
  schema: S,
  signal: AbortSignal,
  isEnd: (refusal: Refusal) => boolean = () => false,
): AsyncGenerator<z.output<S>> {
  const onwards = onwardsIn(path)
  let after: string | undefined = undefined
  do {
    const asked: Record<string, string> = after === undefined ? query : { ...query, after }
    const text = new URLSearchParams(asked).toString()
    const call: Call = { method: 'GET', path, ...(text !== '' && { query: text }) }
    const reply: Reply<z.output<S>> = await client.ask(call, schema, signal)
    if (!reply.ok) {
      if (isEnd(reply.refusal)) return
      throw errorFrom(call, reply.refusal)
    }
    const page = reply.value
    yield page
    after = onwards(page.paging?.next?.after)
  } while (after !== undefined)
}

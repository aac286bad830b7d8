/** A request as a row, for tests of what stands around requests: nobody is behind it. */
import { insertRequest } from '../../src/store/requests.ts'

/** An erasure. `at`: when it was received, ISO 8601; its last day is a month later. */
export async function storeRequest(db: Parameters<typeof insertRequest>[0], id: string, at: string): Promise<void> {
  const lastDay = Temporal.PlainDate.from(at.slice(0, 10)).add({ months: 1 }).toString()
  const vault = { sealed: Buffer.alloc(40), seal: Buffer.alloc(32) }
  await insertRequest(db, { id, kind: 'erasure', language: null, person: Buffer.alloc(32), vault, receivedAt: at, lastDay })
}

/** The end of listening. */
import type { Server } from 'node:http'

const TIDY_EVERY_MS = 50

/**
 * No new requests; those under way are answered. What is not done within that many milliseconds is cut off: a sender who never ends, and a download that
 * is taken slowly, must not keep the process from ending.
 */
export async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  // A connection that has had its answer would be kept for another one.
  const tidying = setInterval(() => server.closeIdleConnections(), TIDY_EVERY_MS)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  try {
    await closed
  } finally {
    clearInterval(tidying)
    clearTimeout(cut)
  }
}

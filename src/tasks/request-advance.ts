/** Carries requests on as far as they go without anybody's word. What is due stands in our own tables, so that nothing depends on a queue or on who began. */
import { ConnectorError } from '../connectors/connector.ts'
import { claimRequest, postponeRequest, releaseRequest } from '../store/request-turns.ts'
import { loadRequest } from '../store/requests.ts'
import { carriers } from './carriers.ts'
import type { EraseDesk } from './erase-desk.ts'

/** `busy`: somebody else is at work on it, or nothing is due. */
export type Advanced = { outcome: 'done' | 'busy' } | { outcome: 'postponed'; fault: string; until: number }

const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000

/** Until nothing is due, or a CRM is in the way: then later again, however long it takes. */
export async function advanceRequest(desk: EraseDesk, id: string, signal: AbortSignal): Promise<Advanced> {
  const { shell } = desk
  const claim = await shell.claims.take()
  try {
    const mine = { now: iso(shell.now()), claim: claim.id, living: await shell.claims.living() }
    if (!(await claimRequest(shell.db, id, mine))) return { outcome: 'busy' }
    try {
      return await advance(desk, id, AbortSignal.any([signal, claim.lost]))
    } finally {
      await releaseRequest(shell.db, id, claim.id)
    }
  } finally {
    await claim.release()
  }
}

async function advance(desk: EraseDesk, id: string, signal: AbortSignal): Promise<Advanced> {
  for (;;) {
    const file = await loadRequest(desk.shell.db, id)
    const tasks = file === null ? [] : carriers[file.kind].tasks(desk, file)
    if (tasks.length === 0) return { outcome: 'done' }
    let fault: string | null = null
    // One CRM that is away does not keep the others from their part of the same phase.
    for (const { what, run } of tasks) {
      signal.throwIfAborted()
      try {
        await run(signal)
      } catch (error) {
        if (!(error instanceof ConnectorError) || signal.aborted) throw error
        desk.shell.log('request.held-up', { request: id, fault: error.kind, what })
        fault = error.kind
      }
    }
    if (fault !== null) return postpone(desk, id, fault)
  }
}

async function postpone({ shell }: EraseDesk, id: string, fault: string): Promise<Advanced> {
  const attempts = (await loadRequest(shell.db, id))?.attempts ?? 0
  const until = shell.now() + Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempts, 12), LONGEST_WAIT_MS)
  await postponeRequest(shell.db, id, { dueAt: iso(until), fault })
  return { outcome: 'postponed', fault, until }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** A stateful Salesforce org that ordinary clients can talk to. It shares no code with the connector. */
import { addDemoFields } from './demo-fields.ts'
import { createCursors } from './cursors.ts'
import { createJobs } from './job.ts'
import { createOrg } from './org.ts'
import { createPush, stopPush } from './push.ts'
import { createSessions } from './session.ts'
import { createUsage } from './usage.ts'
import { createWire } from './wire.ts'
import { answerRequest } from './answer.ts'
import { answerStream, isStreamRequest } from './stream-http.ts'
import { loadRows } from './seed.ts'
import { pullLever } from './levers.ts'
import { dropSnapshot, resetWorld, snapshotWorld } from './snapshot.ts'
import { settleOrg } from './settle-org.ts'
import { createSyncSide } from './sync-side.ts'
import type { CrmOptions, SandboxCrm } from '../crm.ts'
import type { World } from './call.ts'

export function createSalesforce(options: CrmOptions): SandboxCrm {
  const org = createOrg(options.clock, options.rateLimit, options.seed)
  settleOrg(org)
  addDemoFields(org)
  const sessions = createSessions()
  const world: World = {
    org,
    sessions,
    cursors: createCursors(),
    jobs: createJobs(),
    usage: createUsage(),
    wire: createWire(options.clock),
    push: createPush(org, sessions, options.seed),
  }
  return {
    name: 'salesforce',
    handle: (request, response) =>
      isStreamRequest(request) ? answerStream(world, request, response) : answerRequest(world, request, response),
    load: (object, rows) => loadRows(org, object, rows),
    keep() {
      const saved = snapshotWorld(world)
      return { restore: () => resetWorld(world, saved), drop: () => dropSnapshot(saved) }
    },
    pull: (lever, body) => pullLever(world, lever, body),
    sync: createSyncSide(org),
    close: () => stopPush(world.push),
  }
}

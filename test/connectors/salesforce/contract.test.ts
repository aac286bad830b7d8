import { testConnector } from '../contract.ts'
import { salesforceWorld } from './world.ts'

const can = { removals: true, merges: true, nextLinks: false, searchWindow: 0, quietDelta: 1, bookkeeping: [] }

testConnector('salesforce by REST', salesforceWorld({ bulkThreshold: 1_000_000 }), can)
testConnector('salesforce by Bulk', salesforceWorld({ bulkThreshold: 0, bulkPageSize: 5, pollMs: 1 }), can)

import { testConnector } from '../contract.ts'
import { salesforceCan, salesforceWorld } from './world.ts'

testConnector('salesforce by REST', salesforceWorld({ bulkThreshold: 1_000_000 }), salesforceCan)
testConnector('salesforce by Bulk', salesforceWorld({ bulkThreshold: 0, bulkPageSize: 5, pollMs: 1 }), salesforceCan)

import { testConnector } from '../contract.ts'
import { hubspotCan, hubspotWorld } from './world.ts'

testConnector('hubspot', () => hubspotWorld(), hubspotCan)
testConnector('hubspot, dated API', () => hubspotWorld({ apiVersion: '2026-03' }), { ...hubspotCan, searchWindow: 0 })

const oauth = { clientId: 'sandbox-app', clientSecret: 'sandbox-secret', refreshToken: 'sandbox-refresh' }
testConnector('hubspot, OAuth app', () => hubspotWorld({ auth: oauth }), { ...hubspotCan, searchWindow: 0 })

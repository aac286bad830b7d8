import { describe, expect, it } from 'vitest'
import { connect, crms } from '../../src/connectors/registry.ts'
import { testDeps } from './deps.ts'

describe('connector registry', () => {
  it('opens each CRM that it names', async () => {
    const settings = { hubspot: { auth: { token: 't' } }, salesforce: { auth: { clientId: 'c', clientSecret: 's' } } }
    const opened = crms.map((crm) => connect({ id: `my-${crm}`, crm, settings: settings[crm as keyof typeof settings] }, testDeps()))
    expect(opened.map((connector) => connector.id)).toEqual(crms.map((crm) => `my-${crm}`))
    await Promise.all(opened.map((connector) => connector.close()))
  })

  it('names a CRM that it does not know', () => {
    expect(() => connect({ id: 'a', crm: 'other', settings: {} }, testDeps())).toThrow(
      expect.objectContaining({
        kind: 'refused',
        message: 'connection a: there is no connector for "other"; there is hubspot, salesforce',
      }),
    )
  })

  it('names a wrong setting, and never its value', () => {
    const settings = { auth: { token: 'canary' }, apiUrl: 'http://canary.example', pageSize: 0 }
    const open = () => connect({ id: 'a', crm: 'hubspot', settings }, testDeps())
    expect(open).toThrow(/^connection a: .*settings\.apiUrl: .*settings\.pageSize: /)
    expect(open).not.toThrow(/canary/)
  })
})

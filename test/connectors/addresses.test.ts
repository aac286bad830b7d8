/** Where a connector may be sent: by its configuration, and by what a CRM answers. */
import { describe, expect, it } from 'vitest'
import { hubspot } from '../../src/connectors/hubspot/index.ts'
import { isTrustedInstance } from '../../src/connectors/salesforce/host.ts'
import { salesforce } from '../../src/connectors/salesforce/index.ts'
import { innerHosts, loopbackHosts } from '../inner-hosts.ts'

const inner = innerHosts()
const auth = { clientId: 'x', clientSecret: 'x' }
const fields: readonly [string, (url: string) => boolean][] = [
  ['apiUrl of HubSpot', (apiUrl) => hubspot.settings.safeParse({ auth: { token: 'x' }, apiUrl }).success],
  ['loginUrl of Salesforce', (loginUrl) => salesforce.settings.safeParse({ auth, loginUrl }).success],
  ['instanceUrl of Salesforce', (instanceUrl) => salesforce.settings.safeParse({ auth, instanceUrl }).success],
]

describe.each(fields)('the %s', (_field, takes) => {
  it('names a host by its name: no address of our own network is taken, however it is written', () => {
    expect(inner.length + loopbackHosts.length).toBeGreaterThanOrEqual(190)
    const urls = inner.flatMap((host) => [`https://${host}/`, `http://${host}/`, `https://${host}:8443`])
    expect(urls.filter(takes)).toEqual([])
    expect(['https://93.184.216.34', 'https://[2606:4700::1111]', 'http://93.184.216.34'].filter(takes)).toEqual([])
  })

  it('is https, but for this very machine, and holds neither user nor another protocol', () => {
    expect(loopbackHosts.filter((host) => !takes(`http://${host}:4400`))).toEqual([])
    expect(['https://api.example.com', 'https://api.example.com:8443/', 'http://localhost:4400'].filter((url) => !takes(url))).toEqual([])
    const others = [
      'http://api.example.com',
      'https://u:p@api.example.com',
      'ftp://api.example.com',
      'file:///etc/passwd',
      '//api.example.com',
      '',
    ]
    expect(others.filter(takes)).toEqual([])
  })
})

describe('the instance that a token answer names', () => {
  const trusted = (url: string): boolean => isTrustedInstance(url, 'https://login.salesforce.com')

  it('is no address at all, and no host that only looks like one of Salesforce', () => {
    const hosts = [
      ...inner,
      ...loopbackHosts,
      'localhost',
      'salesforce.com',
      'x.salesforce.com.',
      'x.salesforce.com.example.test',
      'xsalesforce.com',
      'x.salesforce.com:8443',
      'u@x.salesforce.com',
      'x.salesforce.com@127.0.0.1',
      'x.salesforce.com%2f.example.test',
      'example.test/x.salesforce.com',
      'example.test?x.salesforce.com',
      'example.test#.salesforce.com',
      'example.test\\.salesforce.com',
    ]
    expect(hosts.flatMap((host) => [`https://${host}`, `http://${host}`]).filter(trusted)).toEqual([])
    expect(trusted('http://x.my.salesforce.com')).toBe(false)
  })

  it('is one of Salesforce, or where we logged in', () => {
    expect(trusted('https://acme.my.salesforce.com')).toBe(true)
    expect(isTrustedInstance('https://crm.example.com', 'https://crm.example.com')).toBe(true)
    expect(isTrustedInstance('http://127.0.0.1:4401', 'http://127.0.0.1:4402')).toBe(true)
    expect(isTrustedInstance('http://10.0.0.1:4401', 'http://127.0.0.1:4402')).toBe(false)
  })
})

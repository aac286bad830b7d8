/** Told by the sandbox's sender of outbound messages, which shares no code with the reader. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDoor } from '../door.ts'
import { sandboxOrg } from './sandbox-org.ts'

const secret = 'tU3k-Pq9_z0aBcDeFgHiJkLm'
const live = () => new AbortController().signal
const objects = [
  { object: 'Contact', fields: ['Email'] },
  { object: 'Lead', fields: ['Email'] },
]
const request = { url: 'https://accord.example.org/webhooks/salesforce', objects, dryRun: false }

describe('Change events', () => {
  it('are selected once: shown first, made, then found', async () => {
    const { connector } = await sandboxOrg({ webhooks: { stream: true } })
    const outcomes = async (dryRun: boolean) =>
      (await connector.webhooks!.provision({ ...request, dryRun }, live())).map(({ name, outcome }) => `${name}: ${outcome}`)
    const both = (outcome: string) => [`change events of Contact: ${outcome}`, `change events of Lead: ${outcome}`, 'rights: by-hand']
    expect(await outcomes(true)).toEqual(both('to-create'))
    expect(await outcomes(false)).toEqual(both('created'))
    expect(await outcomes(false)).toEqual(both('present'))
  })

  it('that the org has no room for are refused with its reason', async () => {
    const { connector, crm } = await sandboxOrg({ webhooks: { stream: true } })
    crm.pull('change-events', { entities: ['Account', 'Task', 'Campaign', 'Individual', 'Contact'] })
    const steps = await connector.webhooks!.provision(request, live())
    expect(steps.map(({ outcome }) => outcome)).toEqual(['present', 'refused', 'by-hand'])
  })
})

describe('Outbound messages', () => {
  it('come with the clicks, and no secret among them', async () => {
    const { connector } = await sandboxOrg({ webhooks: { secrets: [secret] } })
    const steps = await connector.webhooks!.provision(request, live())
    expect(steps.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual(
      ['outbound message of Contact', 'flow of Contact', 'outbound message of Lead', 'flow of Lead', 'integration user', 'deletions'].map(
        (name) => `${name}: by-hand`,
      ),
    )
    expect(steps[0]!.message).toContain(`${request.url}/SECRET`)
    expect(JSON.stringify(steps)).not.toContain(secret)
  })

  it('are read as the sandbox sends them, a hundred at a time, and acknowledged', async () => {
    const door = await openDoor()
    onTestFinished(door.close)
    const first = await sandboxOrg({ webhooks: { organizationId: '00D000000000002' } })
    const { account, problems } = await first.connector.check([], live())
    expect(problems).toEqual([{ kind: 'setting', name: 'webhooks.organizationId', message: expect.stringContaining(account) }])
    const org = await sandboxOrg({ webhooks: { secrets: [secret], organizationId: account } })
    door.state.open = (delivery) => org.connector.webhooks!.open(delivery)
    for (const object of ['Contact', 'Lead'])
      org.crm.pull('outbound-message', { name: object, object, url: `${door.url}/webhooks/org/${secret}`, fields: ['Email', 'LastName'] })
    org.crm.pull('outbound-sending', { automatic: false, duplicates: 1 })
    const rows = Array.from({ length: 130 }, (_, n) => ({ LastName: `<Dur&nd "${n}">`, Email: `p${n}@example.test` }))
    const ids = { Contact: await created(org.host, 'Contact', rows), Lead: await created(org.host, 'Lead', rows.slice(0, 3)) }
    expect(await org.crm.pull('deliver', {})).toMatchObject({ messages: 3, acknowledged: 133, refused: 0, duplicated: 133 })
    const heard = door.events()
    for (const object of ['Contact', 'Lead'] as const)
      expect(
        heard
          .filter(({ ref }) => ref.object === object)
          .map(({ ref }) => ref.id)
          .toSorted(),
      ).toEqual(ids[object].toSorted())
    await org.crm.pull('deliver', {})
    expect(door.events().length).toBe(266)
    expect(new Set(door.events().map(({ key }) => key))).toEqual(new Set(heard.map(({ key }) => key)))
  })
})

async function created(host: string, object: string, rows: readonly object[]): Promise<string[]> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const { access_token: token } = (await (await fetch(`http://${host}/services/oauth2/token`, { method: 'POST', body })).json()) as {
    access_token: string
  }
  const records = rows.map((row) => ({ attributes: { type: object }, ...row, ...(object === 'Lead' && { Company: 'X' }) }))
  const response = await fetch(`http://${host}/services/data/v67.0/composite/sobjects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ records }),
  })
  return ((await response.json()) as { id: string }[]).map(({ id }) => id)
}

import { expect, it } from 'vitest'
import { ConnectorError } from '../src/connectors/connector.ts'
import { createVisit } from '../src/visit.ts'
import { memory } from './connectors/memory.ts'
import { connections, policy } from './core/judge-world.ts'

it('provision tells what it has created before a CRM was in the way', async () => {
  const { connector } = memory()
  const { id: name, crm, objects } = connections.find((one) => one.objects.length > 1)!
  let calls = 0
  const failing = {
    ...connector,
    provision: async (...asked: Parameters<typeof connector.provision>) => {
      if (++calls > 1) throw new ConnectorError('unavailable', 'down for maintenance')
      return connector.provision(...asked)
    },
  }
  const visit = createVisit({ policy, chosen: [{ name, crm, connector: failing, objects }], configured: [name], publicUrl: undefined })
  const [result] = await visit.provision(false, new AbortController().signal)
  expect(result).toMatchObject({ connection: name, error: { kind: 'unavailable', message: 'down for maintenance' } })
  const created = result!.steps.filter(({ outcome }) => outcome === 'created').map((step) => step.name)
  expect(created).toContain('Accord_Status__c')
})

it('provision tells once what all objects of a connection have in common, and as it came about', async () => {
  const { connector } = memory()
  const { id: name, crm, objects } = connections.find((one) => one.objects.length > 1)!
  const shared = { what: 'permission', object: 'PermissionSet', name: 'Accord' } as const
  let calls = 0
  const sharing = {
    ...connector,
    provision: async (...asked: Parameters<typeof connector.provision>) => [
      ...(await connector.provision(...asked)),
      { ...shared, outcome: ++calls === 1 ? ('created' as const) : ('present' as const) },
    ],
  }
  const visit = createVisit({ policy, chosen: [{ name, crm, connector: sharing, objects }], configured: [name], publicUrl: undefined })
  const [{ steps } = { steps: [] }] = await visit.provision(false, new AbortController().signal)
  expect(calls).toBeGreaterThan(1)
  expect(steps.filter(({ object }) => object === shared.object)).toEqual([{ ...shared, outcome: 'created' }])
})

it('check names two connections that are one and the same account, before anything is stored of either', async () => {
  const { connector } = memory()
  const { crm, objects } = connections[0]!
  const chosen = ['first', 'second'].map((name) => ({ name, crm, connector, objects }))
  const visit = createVisit({ policy, chosen, configured: ['first', 'second'], publicUrl: undefined })
  const checked = await visit.check(null, new AbortController().signal)
  expect(checked.map(({ report }) => report?.problems.flatMap(({ kind, message }) => (kind === 'account' ? [message] : [])))).toEqual([
    [expect.stringContaining(`first and second of connections.yaml are one and the same ${crm} account`)],
    [expect.stringContaining(`second and first of connections.yaml are one and the same ${crm} account`)],
  ])
})

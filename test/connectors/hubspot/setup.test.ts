/** What `check`, `describe` and `provision` find in a portal, on the sandbox. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { losing, type Noise } from '../noise.ts'
import { hubspotWorld } from './world.ts'

const live = () => new AbortController().signal

describe('a hubspot portal that is being set up', () => {
  let open: Awaited<ReturnType<typeof hubspotWorld>>
  let connector: Connector
  beforeEach(async () => {
    open = await hubspotWorld()
    connector = open.connector
  })
  afterEach(async () => {
    await connector.close()
    await open.world.close()
  })

  it('is asked once whose portal it is, however many want to know', async () => {
    const accounts = await Promise.all(Array.from({ length: 20 }, () => connector.account(live())))
    expect([new Set(accounts).size, await connector.account(live())]).toEqual([1, accounts[0]])
    expect(connector.usage.calls).toBe(1)
  })

  it('notices a property that this token may not read', async () => {
    await open.world.seed([{ email: 'one@example.test', jobtitle: 'x' }])
    await open.pull('deny-property', { name: 'jobtitle' })
    const { problems } = await connector.check([{ object: 'contacts', read: ['email', 'jobtitle'], write: [] }], live())
    expect(problems.map((problem) => [problem.kind, problem.name])).toEqual([['field-hidden', 'contacts.jobtitle']])
  })

  it.each([
    ['crm.objects.contacts.write', { read: [], write: ['jobtitle'] }],
    ['crm.objects.contacts.read', { read: ['email'], write: [] }],
  ])('notices that %s is missing', async (scope, need) => {
    await open.pull('revoke-scope', { scope })
    const { problems } = await connector.check([{ object: 'contacts', ...need }], live())
    expect(problems.filter((problem) => problem.kind === 'scope').map((problem) => problem.name)).toEqual([expect.stringContaining(scope)])
  })

  it('notices that it may not make the properties that are missing', async () => {
    for (const scope of ['crm.objects.contacts.write', 'crm.schemas.contacts.write']) await open.pull('revoke-scope', { scope })
    const { problems } = await connector.check([{ object: 'contacts', read: [], write: ['accord_status'] }], live())
    expect(problems.map((problem) => [problem.kind, problem.name])).toEqual([
      ['field-missing', 'contacts.accord_status'],
      ['scope', 'crm.objects.contacts.write'],
      ['scope', 'crm.schemas.contacts.write, crm.objects.contacts.write'],
    ])
  })

  it('notices what it may not write', async () => {
    const { problems } = await connector.check(
      [{ object: 'contacts', read: [], write: ['jobtitle', 'createdate', 'hs_marketable_status'] }],
      live(),
    )
    expect(problems.map((problem) => [problem.kind, problem.name])).toEqual([
      ['field-read-only', 'contacts.createdate'],
      ['field-read-only', 'contacts.hs_marketable_status'],
    ])
  })

  it('adds missing options to a property and keeps the ones that are there', async () => {
    const field = (values: readonly string[]) => ({
      group: { name: 'accord', label: 'Accord' },
      fields: [
        {
          object: 'contacts',
          name: 'accord_findings',
          label: 'Findings',
          description: 'Rules',
          type: 'multi' as const,
          options: values.map((value) => ({ value, label: value })),
        },
      ],
      dryRun: false,
    })
    await connector.provision(field(['r1', 'r2']), live())
    const steps = await connector.provision(field(['r2', 'r3']), live())
    expect(steps.filter((step) => step.what === 'option')).toEqual([
      { what: 'option', object: 'contacts', name: 'accord_findings.r3', outcome: 'created' },
    ])
    const [schema] = await connector.describe(['contacts'], live())
    expect(schema!.fields.find((found) => found.name === 'accord_findings')).toEqual({
      name: 'accord_findings',
      label: 'Findings',
      type: 'multi',
      writable: true,
      custom: true,
      options: ['r1', 'r2', 'r3'],
    })
  })
})

describe('a hubspot portal whose answers get lost', () => {
  it.each([
    ['after it made what it was asked for', losing(({ method }) => method === 'POST')],
    [
      'before it did anything',
      { ...losing(() => false), upset: instead({ status: 500, body: '{"status":"error","message":"internal error"}' }) },
    ],
    ['and a gateway sends a page of its own', { ...losing(() => false), upset: instead({ status: 200, body: '<html>one moment</html>' }) }],
  ])('is set up all the same, %s', async (_when, noise) => {
    const { connector, world } = await hubspotWorld({}, noise)
    try {
      const wanted = { object: 'contacts', name: 'accord_note', label: 'Note', description: 'Kept', type: 'text' as const }
      const request = { group: { name: 'accord', label: 'Accord' }, fields: [wanted], dryRun: false }
      expect((await connector.provision(request, live())).map(({ what, outcome }) => [what, outcome])).toEqual([
        ['group', 'created'],
        ['field', 'created'],
      ])
    } finally {
      await connector.close()
      await world.close()
    }
  })
})

/** This for every first POST: whether it was done, nobody says. */
function instead(reply: { status: number; body: string }): Noise['upset'] {
  return (before, _broken, { method }) => (before === 0 && method === 'POST' ? { reply } : undefined)
}

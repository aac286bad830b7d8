import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { always, fileOf, HOUR, stageRights, type RightsScene } from './rights-scene.ts'
import { dueOf, perform } from '../../src/tasks/erasure/erase.ts'
import { toApprove } from '../../src/core/erasure/erasure.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { answerRequest, approveRequest, planRequest, withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { loadRestricted } from '../../src/store/restrictions.ts'
import { loadSuppressed } from '../../src/store/suppressions.ts'
import { sfId, sfRow } from './world.ts'

let rights: RightsScene
const leads = Array.from({ length: 400 }, (_, n) => sfRow('Lead', n + 1, 'Max', 'max@example.test', { LastName: 'Noir' }))
const [own, another] = ['+33199000011', '+33199000012']
const callers = [
  sfRow('Lead', 901, 'Ella', 'ella@example.test', { Phone: own }),
  sfRow('Lead', 902, 'Vera', 'vera@example.test', { Phone: another }),
]
beforeAll(async () => {
  rights = await stageRights({
    world: { salesforce: { Lead: [...leads, sfRow('Lead', 900, 'Maxime', 'maxime@example.test'), ...callers] } },
  })
})
afterAll(() => rights.close())

type Call = { crm: string; method: string; route: string; status: number }
/** What the CRMs were asked since the beginning of `work`: methods and routes, never a body. */
async function callsOf(work: () => Promise<unknown>): Promise<Call[]> {
  const log = async (): Promise<Call[]> =>
    ((await (await fetch(`${rights.scene.sandbox.control}/log?last=10000`)).json()) as { lines: Call[] }).lines
  const before = (await log()).length
  await work()
  return (await log()).slice(before)
}
const asksOnly = ({ method, route }: Call): boolean => method === 'GET' || /\/(search|batch\/read|token|parameterizedSearch)$/.test(route)

describe('a request that is odd', () => {
  it.each(['nobody@example.test', `"o'b%*_"@example.test`])(
    '%s: an address that nobody has is looked for, and named in no call that changes anything',
    async (email) => {
      const calls = await callsOf(async () => {
        const { id, plan } = await rights.ask(email)
        expect([plan.items, plan.suggestions]).toEqual([[], []])
        expect(await rights.approve(id)).toMatchObject({ outcome: 'refused' })
        fileOf(await answerRequest(rights.deps(), id, 'u1'))
        expect(await rights.run(id)).toMatchObject({ request: { status: 'closed' }, vault: null })
      })
      expect(calls.length).toBeGreaterThan(0)
      expect(calls.filter((call) => !asksOnly(call))).toEqual([])
    },
  )

  it('names a number that is somebody else’s: only the address was shown to be theirs, so that the number is no part of it', async () => {
    const deps = rights.deps()
    const { hasher, db } = deps.shell
    const asked = { emails: ['ella@example.test'], phones: [own, another], records: [] }
    const listed = (list: typeof loadSuppressed) =>
      list(
        db,
        [own, another].map((phone) => Buffer.from(hasher.suppression('phone', phone))),
      )
    const hex = Buffer.from(hasher.suppression('phone', own)).toString('hex')
    const restriction = { asked, right: 'restriction', scope: 'all', origin: 'session', at: Date.now(), user: null } as const
    const { id: first } = fileOf(await receiveRequest(deps, restriction))
    await rights.run(first)
    expect([...(await listed(loadRestricted))]).toEqual([hex])
    // What the person has thought better of contradicts nothing, however long the CRMs take to show it.
    fileOf(await withdrawRequest(deps, first))
    expect(await rights.run(first)).toMatchObject({ request: { status: 'withdrawn' }, change: { goal: 'lift', standing: 'not-proved' } })

    const { id } = fileOf(await receiveRequest(deps, { ...restriction, right: 'erasure' }))
    const { planned } = await planRequest(deps, id, [], always)
    expect(planned!.plan.items.map(({ id: record }) => record)).toEqual([sfId('Lead', 901)])
    expect(planned!.plan.suggestions).toEqual([{ key: `salesforce:Lead:${sfId('Lead', 902)}`, why: 'phone' }])
    fileOf(await rights.approve(id))
    expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'pending-vendor-purge' } })
    expect([...(await listed(loadSuppressed))]).toEqual([hex])
  })

  it('is followed by one that contradicts it: nothing is erased before the person has said what they want', async () => {
    const deps = rights.deps()
    const { id } = await rights.ask('vera@example.test')
    fileOf(await rights.approve(id))
    const asked = { emails: ['vera@example.test'], phones: [], records: [] }
    const instead = { asked, right: 'restriction', scope: 'all', origin: 'session', at: Date.now(), user: null } as const
    const { id: restriction } = fileOf(await receiveRequest(deps, instead))
    const there = async () => (await rights.scene.crm.rows("SELECT Id FROM Lead WHERE Email = 'vera@example.test'")).length
    expect(await rights.run(id)).toMatchObject({ erasure: { status: 'running' }, fault: 'contradicted' })
    expect(await there()).toBe(1)
    expect(rights.logged).toContain(`request.alert ${JSON.stringify({ request: id, kind: 'contradicted' })}`)
    fileOf(await withdrawRequest(deps, restriction))
    await rights.advance(2 * HOUR)
    expect(await rights.run(id)).toMatchObject({ erasure: { status: 'settled' }, fault: null })
    expect(await there()).toBe(0)
  })

  it('of a person with 400 records waits for the number that a user states, and takes all of them and nobody else', async () => {
    // So many on one address are taken for a mailbox that is shared: a user has to know them.
    const { id, plan } = await rights.ask('max@example.test')
    expect([plan.items.length, plan.suggestions.length]).toEqual([0, 400])
    expect(new Set(plan.suggestions.map(({ why }) => why))).toEqual(new Set(['crowded-mailbox']))
    const { planned } = await planRequest(
      rights.deps(),
      id,
      plan.suggestions.map(({ key }) => key),
      always,
    )
    expect([planned!.plan.items.length, planned!.plan.large]).toEqual([400, true])
    const shown = toApprove((await rights.load(id)).erasure)!
    expect(await approveRequest(rights.deps(), id, { user: 'u1', digest: shown.digest, count: 399 })).toMatchObject({ outcome: 'refused' })
    fileOf(await rights.approve(id))
    const file = await rights.run(id)
    expect(file).toMatchObject({ erasure: { status: 'settled' }, fault: null })
    expect('standing' in file.erasure && file.erasure.standing).not.toBe('not-proved')
    expect((await rights.scene.crm.rows("SELECT Email FROM Lead WHERE Email != ''")).map(({ Email }) => Email)).toEqual([
      'maxime@example.test',
    ])
  })

  it.each([
    [
      'answers 500 for ever',
      'unavailable',
      () => rights.scene.pull('faults', { crm: 'hubspot', route: '/crm/v3/objects/contacts/gdpr-delete', kind: 'status', status: 500 }),
      () => rights.scene.clearFaults(),
    ],
    [
      'loses a permission half-way',
      'scope',
      () => rights.scene.pull('hubspot/revoke-scope', { scope: 'crm.objects.contacts.read' }),
      () => rights.scene.pull('hubspot/grant-scope', { scope: 'crm.objects.contacts.read' }),
    ],
  ] as const)(
    'of a CRM that %s is tried for days, told to the DPO after one, and never said to be done',
    async (what, fault, break_, mend) => {
      const email = `${what.split(' ')[0]}@example.test`
      const contact = await rights.scene.crm.createContact({ email, firstname: 'Ada', lastname: 'Roux' })
      const lead = await rights.scene.crm.createRow('Lead', { FirstName: 'Ada', LastName: 'Roux', Email: email, Company: '-' })
      const { id } = await rights.ask(email)
      fileOf(await rights.approve(id))
      // Half-way: until Salesforce has erased its part.
      for (;;) {
        const file = await rights.load(id)
        const [due] = dueOf(file, rights.deps().shell.now())
        if (due?.do !== 'step' || (due.step.act === 'erase' && due.step.connection === 'hubspot')) break
        fileOf(await perform(rights.deps(), file, due, always))
      }
      expect(await rights.scene.crm.row('Lead', lead)).toBeNull()
      await break_()
      for (let tries = 0; tries < 13; tries++) {
        expect(await rights.run(id)).toMatchObject({ erasure: { status: 'running' }, fault })
        await rights.advance(7 * HOUR)
      }
      expect(await answerRequest(rights.deps(), id, 'u1')).toMatchObject({ outcome: 'refused' })
      const { rows } = await sql<{ kind: string }>`select kind from request_alert where request = ${id} and kind = 'held-up'`.execute(
        rights.deps().shell.db,
      )
      expect(rows).toEqual([{ kind: 'held-up' }])
      await mend()
      expect(await rights.run(id)).toMatchObject({ erasure: { standing: 'proved' }, fault: null })
      expect(await rights.scene.crm.contact(contact)).toBeNull()
    },
  )
})

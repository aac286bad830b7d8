import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editJson, openGate } from '../connectors/gate.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { consentOf, ledgerEntries, storedRows } from './stored.ts'
import { contact, contactId, noonAgo, proved, sfId, sfRow } from './world.ts'

const withdrawn = { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(5) }
const HUBSPOT = (id: number): string => `contacts/${contactId(id)}`

describe('a record that a CRM no longer has', () => {
  let server: TestPostgres
  let scene: Scene
  const rows = async (): ReturnType<typeof storedRows> => storedRows((await scene.accord()).db)
  const identifiers = async (ref: string): Promise<number> => {
    const { rows: found } = await sql<{ n: number }>`
      select count(*)::int as n from identifier i join source s on s.id = i.source where s.object || '/' || i.id = ${ref}`.execute(
      (await scene.accord()).db,
    )
    return found[0]!.n
  }

  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: {
          contacts: [
            contact(1, 'Agathe', 'agathe@example.fr', { work_email: 'agathe.work@example.fr' }),
            contact(2, 'Boris', 'boris@example.fr', { ...withdrawn, work_email: 'boris.work@example.fr' }),
            contact(3, 'Clara', 'clara@example.fr'),
            contact(4, 'Didier', 'didier@example.fr'),
            contact(5, 'Elsa', 'elsa@example.fr', withdrawn),
            contact(6, 'Elsa', 'elsa.two@example.fr'),
            contact(7, 'Fanny', 'fanny@example.fr'),
          ],
        },
        salesforce: {
          Contact: [
            sfRow('Contact', 11, 'Gilles', 'gilles@example.fr'),
            sfRow('Contact', 12, 'Hélène', 'helene@example.fr', { HasOptedOutOfEmail: true }),
            sfRow('Contact', 13, 'Hélène', 'helene.two@example.fr'),
          ],
        },
      },
    })
    await scene.sweep()
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('is forgotten with its identifiers after an archive in HubSpot, but for a refusal, which keeps its grave without a verdict', async () => {
    expect([await identifiers(HUBSPOT(1)), await identifiers(HUBSPOT(2))]).toEqual([1, 1])
    await scene.crm.archiveContact(contactId(1))
    await scene.crm.archiveContact(contactId(2))
    await scene.sweep()
    const stored = await rows()
    expect(stored.has(HUBSPOT(1))).toBe(false)
    expect(stored.get(HUBSPOT(2))).toMatchObject({ gone: true, verdict: null, reviewOn: null, facts: 1 })
    expect([await identifiers(HUBSPOT(1)), await identifiers(HUBSPOT(2))]).toEqual([0, 1])
    const entries = await ledgerEntries((await scene.accord()).db)
    expect(entries.filter(([kind]) => kind === 'gone').map(([, ref]) => ref)).toEqual([`hubspot/${HUBSPOT(1)}`, `hubspot/${HUBSPOT(2)}`])
  })

  it('is found by the next full sweep when a privacy deletion left no trace', async () => {
    await scene.crm.eraseContact(contactId(3))
    await scene.sweep({ full: true })
    expect((await rows()).has(HUBSPOT(3))).toBe(false)
  })

  it('is forgotten after a deletion in Salesforce', async () => {
    await scene.crm.deleteRow('Contact', sfId('Contact', 11))
    await scene.sweep()
    expect((await rows()).has(`Contact/${sfId('Contact', 11)}`)).toBe(false)
  })

  it('leaves its refusal to the one it was merged into, in either CRM', async () => {
    const winner = await scene.crm.mergeContacts(contactId(6), contactId(5))
    await scene.pull('salesforce/merge', { object: 'Contact', winner: sfId('Contact', 13), losers: [sfId('Contact', 12)] })
    await scene.sweep()
    const stored = await rows()
    expect(consentOf(stored.get(`contacts/${winner}`))).toBe('withdrawn')
    expect(consentOf(stored.get(`Contact/${sfId('Contact', 13)}`), 'prospecting_consumer')).toBe('withdrawn')
    expect([stored.get(HUBSPOT(5))?.verdict ?? null, stored.get(HUBSPOT(6))?.verdict ?? null]).toEqual([null, null])
  })

  it('leaves its refusal to the winner of a merge that a full pull is the first to see', async () => {
    const no = { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(5) }
    const loser = await scene.crm.createContact({ email: 'lou.one@example.fr', firstname: 'Lou', ...no })
    const other = await scene.crm.createContact({ email: 'lou.two@example.fr', firstname: 'Lou', ...proved('hubspot', 20) } as never)
    await scene.sweep()
    expect(consentOf((await rows()).get(`contacts/${other}`))).toBe('granted')
    const winner = await scene.crm.mergeContacts(other, loser)
    await scene.sweep({ full: true })
    expect(consentOf((await rows()).get(`contacts/${winner}`))).toBe('withdrawn')
    expect((await scene.crm.contact(winner))!['accord_consent_newsletter_email']).toBe('withdrawn')
  })

  it('is not forgotten when only a list has lost it', async () => {
    const gate = await openGate(scene.sandbox.hubspot)
    gate.rule = ({ method, path }) => {
      if (method !== 'GET' || !/^\/crm\/.*contacts\?/.test(path)) return undefined
      return editJson((body) => {
        body['results'] = (body['results'] as { id: string }[]).filter((one) => one.id !== contactId(7))
      })
    }
    try {
      const [summary] = await scene.sweep({ full: true, env: { HUBSPOT_API_URL: gate.url } })
      expect(summary!.error).toBeUndefined()
      expect(gate.seen.some(({ path, body }) => path.endsWith('/batch/read') && body.includes(contactId(7)))).toBe(true)
    } finally {
      await gate.close()
    }
    expect((await rows()).get(HUBSPOT(7))).toMatchObject({ gone: false })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Accord } from '../../src/main.ts'
import type { ConnectionSummary } from '../../src/tasks/sweep/sweep.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { changedConfig, contact, contactId, noonAgo, proved, sfId, sfRow, type World } from './world.ts'

const names = ['Alba', 'Basile', 'Chloé', 'Denis']
const address = (id: number): string => `person${id}@example.fr`
const individual = (id: number): string => sfId('Individual', id)
const NEWS = 'ContactPointTypeConsent:Email/Newsletter'
/** A yes that is proved by its row, and a no that follows. */
const lines = `          - {purposes: [newsletter], channels: [email], field: "${NEWS}", at: "${NEWS}:at", text: "${NEWS}:source",
             values: {OptIn: given, OptOut: withdrawn, OptOutPending: withdrawn, OptInPending: asked, NotSeen: asked, Seen: asked}}
          - {purposes: [newsletter], channels: [email], field: "${NEWS}", values: {OptIn: asked, OptInPending: asked, NotSeen: asked, Seen: asked, OptOut: withdrawn, OptOutPending: withdrawn},
             mirror: {withdrawn: OptOut}}`

describe('what a person said in Salesforce’s consent objects', () => {
  let scene: Scene
  let dir: string
  let server: TestPostgres
  let accord: Accord
  const sweep = (): Promise<ConnectionSummary[]> =>
    accord.sweep({ full: false, keep: true, write: true, progress: () => undefined }, new AbortController().signal)
  const inHubspot = async (id: number): Promise<unknown> => (await scene.crm.contact(contactId(id)))!['accord_consent_newsletter_email']
  const rowsOf = (id: number): Promise<Record<string, unknown>[]> =>
    scene.crm.rows(`SELECT Id, PrivacyConsentStatus, DataUsePurpose.Name FROM ContactPointTypeConsent WHERE PartyId = '${individual(id)}'`)

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'accord-config-'))
    const before = '          # mirror : qui a dit non ailleurs est coché ici aussi ; Accord ne décoche'
    const config = await changedConfig(dir, { 'connections.yaml': [[before, `${lines}\n${before}`]] })
    const stamp = `${noonAgo(60).slice(0, 19)}.000+0000`
    const consent = (id: number, PrivacyConsentStatus: string) => ({
      Id: sfId('ContactPointTypeConsent', id),
      Name: `${id}`,
      PartyId: individual(id),
      ContactPointType: 'Email',
      PrivacyConsentStatus,
      DataUsePurposeId: sfId('DataUsePurpose', 1),
      CaptureDate: stamp,
      CaptureSource: 'NL-2026-01',
      CreatedDate: stamp,
      SystemModstamp: stamp,
    })
    const world = {
      hubspot: {
        contacts: names.map((name, index) => contact(index + 1, name, address(index + 1), index === 0 ? {} : proved('hubspot', 30))),
      },
      salesforce: {
        Individual: names.map((LastName, index) => ({ Id: individual(index + 1), LastName, SystemModstamp: stamp })),
        DataUsePurpose: [{ Id: sfId('DataUsePurpose', 1), Name: 'Newsletter' }],
        ContactPointTypeConsent: [consent(1, 'OptIn'), consent(2, 'OptIn')],
        Contact: names.map((name, index) =>
          sfRow('Contact', index + 11, name, address(index + 1), index === 3 ? {} : { IndividualId: individual(index + 1) }),
        ),
      },
    } satisfies World
    server = await startPostgres()
    scene = await stage({ world, database: await freshDatabase(server.url) })
    await scene.accord()
    await scene.leave()
    accord = await scene.open({ config })
    await sweep()
  })
  afterAll(async () => {
    await accord?.close()
    await scene?.close()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('is proved there and reaches HubSpot; a status that somebody flips is a no of that day, newer than a yes elsewhere', async () => {
    expect([await inHubspot(1), await inHubspot(2)]).toEqual(['granted', 'granted'])
    const row = sfId('ContactPointTypeConsent', 2)
    await scene.crm.editRow('ContactPointTypeConsent', row, { PrivacyConsentStatus: 'OptOut' })
    await sweep()
    expect([await inHubspot(1), await inHubspot(2)]).toEqual(['granted', 'withdrawn'])
  })

  it('follows a no from HubSpot, in the row that is there or one that is made, and comes back as no echo', async () => {
    for (const id of [1, 3, 4])
      await scene.crm.editContact(contactId(id), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(2) })
    await sweep()
    expect(await Promise.all([1, 3, 4].map(rowsOf))).toMatchObject([
      [{ Id: sfId('ContactPointTypeConsent', 1), PrivacyConsentStatus: 'OptOut' }],
      [{ PrivacyConsentStatus: 'OptOut', DataUsePurpose: { Name: 'Newsletter' } }],
      [],
    ])
    // The yes that ended kept the record: its end moves the date until which it is kept, in both CRMs.
    await sweep()
    expect((await sweep()).map(({ patches: { written, rejected } }) => [written, rejected])).toEqual([
      [0, 0],
      [0, 0],
    ])
    // A newer proved yes in HubSpot lifts the no there; what we set is no newer no of the person, and stays until she says so in Salesforce.
    await scene.crm.editContact(contactId(3), proved('hubspot', 1) as never)
    await sweep()
    expect([await inHubspot(3), (await rowsOf(3))[0]!['PrivacyConsentStatus']]).toEqual(['granted', 'OptOut'])
  })
})

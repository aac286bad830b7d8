/** Somebody is erased, by a request that stumbles over its CRMs and comes to its end: nothing of them stays in the tables, the files, the log or the certificate. */
import { createAccord } from '../../src/accord.ts'
import { loadLedgerKey } from '../../src/store/keys.ts'
import { issueCertificate } from '../../src/tasks/erasure/certificate.ts'
import { answerRequest } from '../../src/tasks/request/decisions.ts'
import { always, DAY, fileOf, HOUR, stageRights, type RightsScene } from '../flows/rights-scene.ts'

/** `places`: by name, what somebody would read there who may not. */
export type Erased = { tokens: readonly string[]; places: ReadonlyMap<string, string> }
type Read = {
  dump: (dir: string, url: string | undefined) => Promise<[string, string][]>
  files: (dir: string) => Promise<[string, string][]>
}

export async function eraseCanary(database: string | undefined, seed: number, { dump, files }: Read): Promise<Erased> {
  const mark = `zq${seed.toString(36)}e`
  const tokens = [`${mark}0qz`, `${mark}1qz`, `${mark}2qz`, `${mark}3qz`, '+33639980077', '6 39 98 00 77']
  const rights = await stageRights(database === undefined ? { world: {}, embedded: true } : { world: {}, database })
  try {
    await createAccord(rights.opened().parts).provision(false, always)
    const [own, second, name, words] = tokens as [string, string, string, string]
    await plant(rights, { own: `${own}@example.test`, second: `${second}@example.test`, name, words })
    const { id } = await rights.ask(`${own}@example.test`)
    fileOf(await rights.approve(id))
    await rights.scene.pull('faults', { kind: 'truncate', probability: 0.3, times: 10, seed })
    await rights.scene.pull('faults', { kind: 'status', status: 500, probability: 0.3, times: 30, seed })
    for (let tries = 0; (await rights.run(id)).erasure.status !== 'settled'; tries++) {
      if (tries === 20) throw new Error('the erasure does not come to its end')
      await rights.advance(HOUR)
    }
    await rights.scene.clearFaults()
    await rights.advance(2 * DAY)
    await rights.run(id)
    const { privateKey } = await loadLedgerKey(rights.scene.dir)
    const issued = await issueCertificate(rights.deps(), id, privateKey)
    if (issued.outcome === 'refused') throw new Error(issued.message)
    fileOf(await answerRequest(rights.deps(), id, 'u1'))
    await rights.advance(31 * DAY)
    const { request } = await rights.run(id)
    if (request.status !== 'closed') throw new Error(`the request is ${request.status}: nothing was proved`)
    const logged = rights.logged.join('\n')
    await rights.leave()
    const places = [...(await dump(rights.scene.dir, database)), ...(await files(rights.scene.dir))]
    return { tokens, places: new Map([['log', logged], ['certificate', issued.text], ...places]) }
  } finally {
    await rights.close()
  }
}

type Planted = { own: string; second: string; name: string; words: string }

/** In both CRMs, under two addresses, with a number, and with words in a note. */
async function plant({ scene: { crm }, hubspot }: RightsScene, { own, second, name, words }: Planted): Promise<void> {
  const phone = '+33639980077'
  const first = await crm.createContact({ email: own, firstname: name, lastname: name, phone })
  const other = await crm.createContact({ email: second, firstname: name, lastname: name })
  const merged = await crm.mergeContacts(first, other)
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }]
  await hubspot('POST', '/crm/v3/objects/notes', {
    properties: { hs_note_body: `${words}, call 06 39 98 00 77`, hs_timestamp: '2026-01-01T00:00:00Z' },
    associations: [{ to: { id: merged }, types }],
  })
  const contact = await crm.createRow('Contact', { FirstName: name, LastName: name, Email: second, Phone: '06 39 98 00 77' })
  await crm.createRow('Case', { Subject: words, ContactId: contact, SuppliedEmail: own })
}

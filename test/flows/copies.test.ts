import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCopyDeps, openCopyDoor, openZip } from '../../src/copies.ts'
import type { AccessHead } from '../../src/core/access/head.ts'
import { COPY_FETCHES, COPY_LINK_LIFE_MS } from '../../src/core/access/copy-link.ts'
import type { Told } from '../../src/core/access/told.ts'
import { createApp } from '../../src/server/app.ts'
import { createCopyPages } from '../../src/server/copy.ts'
import { deleteLoss } from '../../src/store/connection-loss.ts'
import { declareLoss } from '../../src/tasks/connection/connection-lost.ts'
import { openCopy, type CopyDeps } from '../../src/tasks/access/copy.ts'
import { decideTexts, offerCopy, type Offered } from '../../src/tasks/access/copy-link.ts'
import { deliverMails, type Letter } from '../../src/tasks/notify/notify.ts'
import { withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { runHere } from '../cli/here.ts'
import { unzip } from '../unzip.ts'
import { sfRow } from './world.ts'
import { always, DAY, fileOf, stageRights, type RightsScene } from './rights-scene.ts'

const ada = 'ada.copy@example.test'
const canaries = [ada, 'ada.copy', 'Quessard', 'Quarry Lane', 'prefers mornings', '+33612345699']
let rights: RightsScene
let contact = ''
let pages: { url: string; close: () => Promise<void> }

beforeAll(async () => {
  const lead = sfRow('Lead', 1, 'Ada', ada, { LastName: 'Quessard', Company: 'Atelier' })
  rights = await stageRights({ world: { salesforce: { Lead: [lead] } } })
  const post = (path: string, body: unknown) => rights.hubspot('POST', path, body)
  const yes = { consent_newsletter_email: 'yes', consent_newsletter_email_date: '2026-03-02', consent_newsletter_email_text: 'v3' }
  const properties = {
    email: ada,
    firstname: 'Ada',
    lastname: 'Quessard',
    phone: '06 12 34 56 99',
    address: '4 Quarry Lane',
    jobtitle: '=cmd|calc',
    ...yes,
  }
  contact = String((await post('/crm/v3/objects/contacts', { properties }))['id'])
  await post('/crm/v3/objects/contacts', {
    properties: { email: 'contact@example.org', firstname: 'Bruno', lastname: 'Voisin', phone: '06 12 34 56 99' },
  })
  const note = (text: string) =>
    post('/crm/v3/objects/notes', {
      properties: { hs_note_body: text, hs_timestamp: '2026-01-01T00:00:00Z', hubspot_owner_id: '4400301' },
      associations: [{ to: { id: contact }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }] }],
    })
  await note('Ada prefers mornings; copy bruno@example.org')
  await note('Her husband Marc Lefort pays')
  pages = await openPages()
})
afterAll(async () => {
  await pages?.close()
  await rights?.close()
})

const copies = (): CopyDeps => openCopyDeps(rights.opened(), rights.deps())
async function openPages() {
  const router = createCopyPages({
    ...openCopyDoor(copies()),
    log: (event, facts) => void rights.logged.push(`${event} ${JSON.stringify(facts)}`),
  })
  const server = createServer(createApp({ log: () => undefined, proxies: 0, routers: [router] })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
/** The same thing asked for twice is answered once: what was asked for before ends first. */
const open: string[] = []
async function ask(right: 'access' | 'portability' = 'access', email = ada): Promise<string> {
  for (const id of open.splice(0)) {
    const { status } = (await rights.load(id)).request
    if (status === 'answered') await rights.advance(COPY_LINK_LIFE_MS + 1_000)
    else if (status !== 'closed') fileOf(await withdrawRequest(rights.deps(), id))
    await rights.run(id)
  }
  const asked = { emails: [email], phones: [], records: [] }
  const now = rights.deps().shell.now()
  const received = { asked, right, scope: 'all', origin: 'session', at: now, user: 'u1', language: null } as const
  const { id } = fileOf(await receiveRequest(rights.deps(), received))
  open.push(id)
  return id
}
const filesOf = async (id: string, language: 'fr' | 'en' = 'en') => {
  const copy = await openCopy(copies(), await rights.load(id), language, always)
  return { files: unzip(await buffer(await openZip(copy, () => undefined))), copy }
}
type Data = { about: AccessHead; data: Told[]; notRead: string[]; withheldTexts: number }
const dataIn = (files: Map<string, Buffer>): Data => JSON.parse(files.get('data.json')!.toString()) as Data
const offer = (id: string): Promise<Offered> => offerCopy(copies(), id, { user: 'u1', language: 'en', mail: null }, always)
async function offered(right: 'access' | 'portability' = 'access'): Promise<{ id: string; token: string }> {
  const id = await ask(right)
  const first = await offer(id)
  if (first.outcome === 'undecided')
    await decideTexts(rights.deps(), id, { keys: first.texts.map(({ key }) => key), decision: 'release', user: 'u1' })
  const second = first.outcome === 'offered' ? first : await offer(id)
  if (second.outcome !== 'offered') throw new Error(JSON.stringify(second))
  return { id, token: second.token }
}
const at = (token: string) => `${pages.url}/access/${token}`

describe('a copy of somebody’s data', () => {
  it('is one zip: JSON, tables, a paper and a note, of every system, and of nobody else', async () => {
    const id = await ask()
    const { files } = await filesOf(id)
    expect([...files.keys()]).toEqual(['data.json', 'records.csv', 'history.csv', 'around.csv', 'copy.pdf', 'README.txt'])
    const { about, data, notRead, withheldTexts } = dataIn(files)
    expect(notRead).toEqual([])
    expect(about.systems.map(({ system, records }) => [system, records.map(({ object }) => object)])).toEqual([
      ['hubspot', ['contacts']],
      ['salesforce', ['Lead']],
    ])
    expect(about.consents[0]).toMatchObject({ what: 'Newsletter, E-mail', says: 'given, proved' })
    expect(about.complaint).toContain('CNIL')
    expect(about.rights.length).toBeGreaterThan(5)
    expect(about.concluded.length).toBeGreaterThan(1)
    const values = data.flatMap(({ entry }) => ('fields' in entry ? entry.fields : [])).map(({ name, value }) => [name, value])
    expect(values).toEqual(
      expect.arrayContaining([
        ['address', '4 Quarry Lane'],
        ['jobtitle', '=cmd|calc'],
        ['Company', 'Atelier'],
        ['hs_note_body', 'Ada prefers mornings; copy [another person]'],
        ['hs_note_body', '[text not given so far: it may name another person]'],
        ['hubspot_owner_id', '[a member of staff]'],
      ]),
    )
    expect(withheldTexts).toBe(1)
    const everything = ['data.json', 'records.csv', 'history.csv', 'around.csv'].map((name) => files.get(name)!.toString()).join('\n')
    const strangers = ['Voisin', 'bruno@example.org', 'Lefort', 'contact@example.org', '4400301']
    expect(strangers.filter((other) => everything.includes(other))).toEqual([])
    expect(files.get('records.csv')!.toString()).toContain(`,"'=cmd|calc",`)
    expect(files.get('copy.pdf')!.subarray(0, 5).toString()).toBe('%PDF-')
    expect(files.get('README.txt')!.toString()).toContain('1 text(s) that may name other people')
  })

  it('is for portability what the person gave, without paper, findings’ subject or words of others', async () => {
    const { files } = await filesOf(await ask('portability'), 'fr')
    expect([...files.keys()]).toEqual(['data.json', 'records.csv', 'history.csv', 'around.csv', 'LISEZMOI.txt'])
    const fields = dataIn(files).data.flatMap(({ entry }) => (entry.part === 'record' ? entry.fields.map(({ name }) => name) : []))
    expect(fields).toEqual(expect.arrayContaining(['email', 'firstname', 'phone', 'Email', 'LastName']))
    expect(fields).not.toContain('jobtitle')
    expect(dataIn(files).data.some(({ entry }) => entry.part === 'activity')).toBe(false)
  })

  it('says of somebody whom nobody knows that nothing is held', async () => {
    const id = await ask('access', 'nobody@example.test')
    const { files } = await filesOf(id)
    expect(dataIn(files)).toMatchObject({ data: [], about: { systems: [{ records: [] }, { records: [] }] } })
    expect(await offer(id)).toMatchObject({ outcome: 'offered', told: 'nothing-held' })
    // Nor could anybody read what a CRM held that is gone for good.
    const { db } = rights.deps().shell
    const by = { kind: 'staff', user: 'dpo' } as const
    await declareLoss(db, { connection: 'former', crm: 'hubspot', account: null, because: 'vendor-gone', by, at: Date.now() })
    const copy = await openCopy(copies(), await rights.load(await ask('access', 'nobody.else@example.test')), 'en', always)
    expect(copy.end.unread).toEqual(['former: this system is gone for good (vendor-gone), and what it held cannot be read any more'])
    await deleteLoss(db, 'former')
  })

  it('selects nothing by a mailbox that several people read', async () => {
    const { files } = await filesOf(await ask('access', 'contact@example.org'))
    expect(dataIn(files).data).toEqual([])
  })
})

describe('the link to a copy', () => {
  it('is not given while nobody has decided about texts that may name others; then it answers the request', async () => {
    const id = await ask()
    const first = await offer(id)
    expect(first).toMatchObject({ outcome: 'undecided', texts: [{ text: 'Her husband Marc Lefort pays' }] })
    expect((await rights.load(id)).request.status).toBe('identified')
    if (first.outcome !== 'undecided') throw new Error('decided')
    await decideTexts(rights.deps(), id, { keys: first.texts.map(({ key }) => key), decision: 'withhold', user: 'u1' })
    expect(await offer(id)).toMatchObject({ outcome: 'offered', told: 'part' })
    expect((await rights.load(id)).request).toMatchObject({ status: 'answered', outcome: 'part' })
  })

  it('shows a page that does nothing, and downloads on the button, a few times', async () => {
    const { id, token } = await offered()
    const page = await fetch(at(token), { headers: { 'accept-language': 'fr' } })
    expect([page.status, page.headers.get('cache-control'), page.headers.get('referrer-policy')]).toEqual([200, 'no-store', 'no-referrer'])
    expect(await page.text()).toContain('<form method="post"><button type="submit">Download the file (zip)</button></form>')
    const response = await fetch(at(token), { method: 'POST' })
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="my-data-${id.slice(0, 8)}.zip"`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const files = unzip(Buffer.from(await response.arrayBuffer()))
    expect(dataIn(files).data.length).toBeGreaterThan(3)
    await sql`update copy_link set fetched = ${COPY_FETCHES.fetched - 1}`.execute(rights.deps().shell.db)
    await (await fetch(at(token), { method: 'POST' })).arrayBuffer()
    // A download is counted once its last byte is out, which this side hears of first.
    await rights.scene.until(async () => (await fetch(at(token))).status === 404)
    const neutral = await fetch(`${at('A'.repeat(48))}`)
    const text = await neutral.text()
    expect(neutral.status).toBe(404)
    // It is counted when its last byte has left, which may be after it has arrived.
    await expect.poll(async () => (await fetch(at(token))).status, { timeout: 20_000 }).toBe(404)
    for (const method of ['GET', 'POST']) {
      const used = await fetch(at(token), { method })
      expect([used.status, await used.text()]).toEqual([404, text])
    }
  })

  it('leads nowhere once it has expired, was changed, or its request is closed, and each looks the same', async () => {
    const { id, token } = await offered()
    const changed = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`
    const neutral = await (await fetch(at('x'))).text()
    expect(await (await fetch(at(changed))).text()).toBe(neutral)
    await sql`update copy_link set begun = ${COPY_FETCHES.begun}`.execute(rights.deps().shell.db)
    expect(await (await fetch(at(token))).text()).toBe(neutral)
    await sql`update copy_link set begun = 0`.execute(rights.deps().shell.db)
    expect((await rights.load(id)).dueAt! - rights.deps().shell.now()).toBeGreaterThan(COPY_LINK_LIFE_MS - DAY)
    await rights.advance(COPY_LINK_LIFE_MS + 1_000)
    expect(await (await fetch(at(token))).text()).toBe(neutral)
    expect((await rights.run(id)).request.status).toBe('closed')
    expect(await (await fetch(at(token), { method: 'POST' })).text()).toBe(neutral)
  })

  it('breaks off when a system fails on the way, so that no half is taken for whole, and counts it as begun alone', async () => {
    const { id, token } = await offered()
    await rights.scene.pull('faults', { crm: 'hubspot', kind: 'unavailable', path: '/crm/v4/associations' })
    await expect(fetch(at(token), { method: 'POST' }).then((response) => response.arrayBuffer())).rejects.toThrow()
    await rights.scene.clearFaults()
    const { rows } = await sql<{ begun: number; fetched: number }>`select begun, fetched from copy_link where request = ${id}`.execute(
      rights.deps().shell.db,
    )
    expect(rows).toEqual([{ begun: 1, fetched: 0 }])
    expect(rights.logged.join('\n')).toContain('copy.broken')
    expect(unzip(Buffer.from(await (await fetch(at(token), { method: 'POST' })).arrayBuffer())).size).toBe(6)
  })

  it('is broken off where nobody takes it, so that others are served', async () => {
    const { token } = await offered()
    const door = openCopyDoor(copies(), 1)
    const [one, two] = [await door.use(token), await door.use(token)]
    await expect(door.use(token)).rejects.toThrow('too many')
    for (const { file } of [one!, two!]) {
      const zip = await file!.open()
      await new Promise((resolve) => zip.on('close', resolve))
    }
    expect(rights.logged.filter((line) => line.startsWith('copy.broken') && line.includes('CopyTooSlow')).length).toBe(2)
    const next = await (await door.use(token))!.file!.open()
    next.destroy()
  })

  it('goes by mail to the address that asked, and by command to a file that its owner alone can read', async () => {
    const id = await ask('portability')
    const mail = async (): Promise<void> => undefined
    expect(await offerCopy(copies(), id, { user: 'u1', language: 'fr', mail }, always)).toMatchObject({ outcome: 'offered' })
    const letters: Letter[] = []
    const send = async (letter: Letter) => {
      letters.push(letter)
      return { outcome: 'sent' } as const
    }
    await deliverMails(rights.deps().shell, { send }, always)
    const letter = letters.find(({ template }) => template === 'copy')
    expect(letter).toMatchObject({ to: ada, language: 'fr', facts: { right: 'portability' } })
    expect((await fetch(at(letter?.token ?? ''))).status).toBe(200)
    await rights.leave()
    const file = join(rights.scene.dir, 'copy.zip')
    const env = { ...rights.scene.env, ACCORD_CONFIG: join(rights.scene.dir, 'config'), ACCORD_DATA: rights.scene.dir }
    const ended = await runHere(['request', 'export', id.slice(0, 8), file, '--json'], env)
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { request: id, notRead: [], withheld: 0 }])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect([...unzip(await readFile(file)).keys()]).toContain('LISEZMOI.txt')
    expect((await readdir(rights.scene.dir)).filter((name) => name.endsWith('.part'))).toEqual([])
    expect(await runHere(['request', 'export', id.slice(0, 8), file], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already'),
    })
    expect(await runHere(['request', 'export', 'ffffffff', `${file}.other`], env)).toMatchObject({ code: 2 })
    await writeFile(`${file}.other.part`, 'half a copy')
    expect(await runHere(['request', 'export', id.slice(0, 8), `${file}.other`], env)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /copy\.zip\.other\.part is left from an export that was broken off, and may hold personal data: delete it/,
      ),
    })
    expect(await runHere(['request', 'export', id.slice(0, 8), `${file}.given`, '--handed-over'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--user'),
    })
    const given = ['request', 'export', id.slice(0, 8), `${file}.given`, '--language', 'en', '--handed-over', '--user', 'dpo']
    expect((await runHere(given, env)).code).toBe(0)
    expect([...unzip(await readFile(`${file}.given`)).keys()]).toContain('README.txt')
    await rights.reopen()
    expect((await rights.load(id)).request).toMatchObject({ status: 'answered' })
  })

  it('leaves nothing of the person in the database or the log', async () => {
    const { db } = rights.deps().shell
    const tables = await sql<{
      name: string
    }>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'`.execute(db)
    const lines: string[] = [...rights.logged]
    for (const { name } of tables.rows) {
      const { rows } = await sql<{ line: string }>`select t::text as line from ${sql.raw(name)} t`.execute(db)
      lines.push(...rows.map(({ line }) => line))
    }
    const dump = lines.join('\n')
    expect(lines.length).toBeGreaterThan(20)
    for (const canary of canaries) {
      expect(dump).not.toContain(canary)
      expect(dump).not.toContain(Buffer.from(canary).toString('hex'))
    }
  })
})

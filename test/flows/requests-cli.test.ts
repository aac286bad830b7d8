import { copyFile, cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, lastLine, type Ended } from '../cli/run.ts'
import { runHere } from '../cli/here.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { storeRequest } from '../store/stored-request.ts'
import { stageRights, type RightsScene } from './rights-scene.ts'
import { sfRow } from './world.ts'

let server: TestPostgres
let rights: RightsScene
let env: Record<string, string>
const accord = (...args: string[]): Promise<Ended> => runHere(args, env)
const piped = (input: string, ...args: string[]): Promise<Ended> => runHere(['request', ...args], env, input)
const fromStaff = ['--email', '-', '--origin', 'session', '--user', 'u1', '--json']

beforeAll(async () => {
  server = await startPostgres()
  const database = await freshDatabase(server.url)
  rights = await stageRights({ database, world: { salesforce: { Contact: [sfRow('Contact', 1, 'Zoé', null)] } } })
  env = { ...rights.scene.env, ACCORD_CONFIG: join(rights.scene.dir, 'config'), ACCORD_DATA: rights.scene.dir }
})
afterAll(async () => {
  await rights.close()
  await server.stop()
})

describe('accord request', () => {
  it('takes no address from the command line, and says why', async () => {
    const { code, stderr } = await accord('request', 'erase', '--email', 'ada@example.test')
    expect([code, stderr]).toEqual([2, expect.stringContaining("stays in the shell's history")])
    expect(stderr).not.toContain('ada@')
    expect(await accord('request', 'erase', '--email', '-', '--dry-run', '--receive')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a dry run takes nothing down'),
    })
  })

  it('shows first, erases what was approved, and gives a certificate that verifies with no database', async () => {
    const ada = await rights.scene.crm.createContact({ email: 'ada@example.test', firstname: 'Ada', lastname: 'Roux' })
    const dry = await run(['request', 'erase', '--email', '-'], env, undefined, 'ada@example.test\n')
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('Dry run: nothing was stored')])
    expect(dry.stdout).toContain(`hubspot:contacts:${ada}`)
    expect((await rights.scene.crm.contact(ada))?.['email']).toBe('ada@example.test')
    expect(lastLine((await accord('request', 'list', '--json')).stdout)).toEqual({ requests: [] })

    const received = await piped('ada@example.test\n', 'erase', '--receive', ...fromStaff)
    const { request, plan } = lastLine(received.stdout) as { request: string; plan: { digest: string } }
    const wrong = await accord('request', 'approve', request, '--digest', '0'.repeat(64), '--user', 'u1')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('something else was approved')])
    const approved = await accord('request', 'approve', request.slice(0, 8), '--digest', plan.digest.slice(0, 16), '--user', 'u1')
    expect([approved.code, approved.stdout, approved.stderr]).toEqual([0, expect.stringContaining('proved; next look'), ''])
    expect(await rights.scene.crm.contact(ada)).toBeNull()
    const shown = await accord('request', 'show', request.slice(0, 8))
    expect(shown.stdout).toMatch(/erased\s+absent/)

    expect(await accord('request', 'redact', request, '--user', 'dpo')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('give either --mention or --certain'),
    })
    const company = await rights.hubspot('POST', '/crm/v3/objects/companies', { properties: { description: 'Ask ada@example.test' } })
    const place = `hubspot/companies/${String(company['id'])}/description`
    expect(await accord('replay')).toMatchObject({ code: 0, stdout: 'This database knows of everything that erased.jsonl says.\n' })
    expect((await accord('request', 'scan', request)).stdout).toContain(`mentioned elsewhere: ${place}: email, certain; redact`)
    const cleaned = await accord('request', 'redact', request, '--certain', '--user', 'dpo', '--json')
    expect(lastLine(cleaned.stdout)).toMatchObject({ around: [{ id: company['id'], outcome: 'redacted' }], mentions: [] })

    const file = join(rights.scene.dir, 'ada.json')
    expect(await accord('certificate', 'issue', request, file)).toMatchObject({ code: 0 })
    const text = await readFile(file, 'utf8')
    expect([received.stdout, received.stderr, approved.stdout, shown.stdout, text].join()).not.toMatch(/ada@|roux/i)
    expect((await accord('certificate', 'issue', request, file)).stderr).toContain('exists already')

    // On another machine: the file and the public key, and nothing else.
    const key = join(rights.scene.dir, 'public.pem')
    await writeFile(key, (await accord('ledger', 'public-key')).stdout)
    const alone = { ACCORD_DATA: join(rights.scene.dir, 'nowhere') }
    expect(await runHere(['certificate', 'verify', file, '--public-key', key], alone)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Genuine'),
    })
    const pdf = join(rights.scene.dir, 'ada.pdf')
    expect(await runHere(['certificate', 'print', file, pdf, '--public-key', key, '--language', 'fr'], alone)).toMatchObject({ code: 0 })
    const printed = (await readFile(pdf)).toString('latin1')
    expect([printed.startsWith('%PDF-'), printed.match(/\/Type \/Page\b/g)?.length]).toEqual([true, 1])
    const forged = join(rights.scene.dir, 'forged.json')
    await copyFile(file, forged)
    await writeFile(forged, text.replace('"absent"', '"present"'))
    expect(await runHere(['certificate', 'verify', forged, '--public-key', key], alone)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('FORGED'),
    })
    expect(await runHere(['certificate', 'print', forged, `${pdf}2`, '--public-key', key], alone)).toMatchObject({ code: 2 })
  })

  it('holds a record by hand: the plan changes, the old approval is void, and what is released goes', async () => {
    const max = await rights.scene.crm.createContact({ email: 'max@example.test', firstname: 'Max', lastname: 'Noir' })
    const { id, plan } = await rights.ask('max@example.test')
    const key = `hubspot:contacts:${max}`
    const hold = (...more: string[]) => accord('request', 'hold', id, '--record', key, '--user', 'dpo', ...more)
    expect(await hold('--ground', 'habit')).toMatchObject({ code: 2, stderr: expect.stringContaining('legal-duty, legal-claim, research') })
    const held = await hold('--ground', 'legal-claim', '--until', '2999-01-01')
    expect(held).toMatchObject({ code: 0, stderr: '' })
    expect(held.stdout).toContain(`kept: ${key}: GDPR art. 17(3)(e), C. civ. 2224 (by dpo), until 2999-01-01`)
    expect(await accord('request', 'approve', id, '--digest', plan.digest, '--user', 'u1')).toMatchObject({ code: 2 })
    const released = await accord('request', 'release', id, '--record', key, '--user', 'dpo', '--json')
    expect(lastLine(released.stdout)).toMatchObject({ plan: { digest: plan.digest, items: [{ key, action: 'erase', holds: [] }] } })
    expect((await rights.scene.crm.contact(max))?.['email']).toBe('max@example.test')
  })

  it('keeps a record while invoices may not be read, until somebody has looked and answers for it', async () => {
    const leo = await rights.scene.crm.createContact({ email: 'leo@example.test', firstname: 'Leo', lastname: 'Blanc' })
    const scope = { scope: 'crm.objects.invoices.read' }
    await rights.scene.pull('hubspot/revoke-scope', scope)
    const { id, plan } = await rights.ask('leo@example.test')
    await rights.scene.pull('hubspot/grant-scope', scope)
    const key = `hubspot:contacts:${leo}`
    expect(plan.items).toMatchObject([
      { key, action: 'keep', holds: [{ rule: 'hold.invoice', because: { kind: 'unread', fact: 'invoice' } }] },
    ])
    expect(plan.unreachable).toMatchObject([{ connection: 'hubspot', what: expect.stringContaining('invoices: ') }])
    const vouched = await accord('request', 'vouch', id, '--record', key, '--user', 'dpo', '--json')
    expect(lastLine(vouched.stdout)).toMatchObject({ plan: { items: [{ key, action: 'erase', holds: [] }] } })
    expect(await accord('request', 'vouch', id, '--record', key, '--user', 'dpo')).toMatchObject({ code: 2 })
  })

  it('takes down any right, shows a correction before it writes it, and objects at once, with no value on a command line', async () => {
    const iris = await rights.scene.crm.createContact({ email: 'iris@example.test', firstname: 'Iris', lastname: 'Petit' })
    expect((await accord('provision')).code).toBe(0)
    expect((await accord('sweep', '--full')).code).toBe(0)
    const receive = (...args: string[]) => piped('iris@example.test\n', 'receive', ...fromStaff, ...args)
    const { request } = lastLine((await receive('--right', 'rectification')).stdout) as { request: string }
    expect((await accord('request', 'correct', request, '--values', '{"lastName":"Grand"}')).stderr).not.toContain('Grand')
    const shown = await piped('{"lastName": "Grand"}\n', 'correct', request, '--values', '-')
    expect(shown.stdout).toMatch(/lastname\s+Petit\s+Grand/)
    const digest = /--digest (\w+)/.exec(shown.stdout)![1]!
    const approved = await accord('request', 'approve', request, '--digest', digest, '--user', 'u1')
    expect([approved.code, approved.stdout]).toEqual([0, expect.stringContaining('proved')])
    expect((await rights.scene.crm.contact(iris))?.['lastname']).toBe('Grand')
    expect((await accord('request', 'show', request)).stdout).toMatch(/lastname\s+written\s+as-asked/)

    const objected = await receive('--right', 'objection', '--scope', 'marketing')
    expect([objected.code, lastLine(objected.stdout)]).toMatchObject([0, { standing: 'proved', change: { goal: 'opt-out' } }])
    expect((await rights.scene.crm.contact(iris))?.['hs_email_optout']).toBe('true')
    await rights.scene.pull('hubspot/revoke-token', {})
    const away = await piped('iris@example.test\n', 'receive', ...fromStaff.filter((one) => one !== '--json'), '--right', 'withdrawal')
    await rights.scene.pull('hubspot/restore-token', {})
    expect([away.code, away.stdout]).toEqual([
      1,
      expect.stringMatching(/under way\nA CRM is in the way \(auth; find: HubSpot .+\): .+"accord request run"\.\n$/),
    ])
    // Before its next try nobody hurries it, and no command that does nothing about it looks like one that did.
    const held = away.stdout.slice(0, 36)
    const late = await accord('request', 'run', held)
    expect([late.code, late.stdout]).toEqual([
      1,
      expect.stringMatching(/^\S+: under way\nA CRM is in the way \(auth; find: HubSpot .+\): it is tried again after 20/),
    ])
    const waits = await accord('request', 'show', held)
    expect(waits.stdout).toMatch(/\nheld up once, last by: auth; find: HubSpot .+; next try 20\S+Z\n/)
    expect(lastLine((await accord('request', 'show', held, '--json')).stdout)).toMatchObject({
      heldUp: 'auth',
      reason: expect.stringMatching(/^find: HubSpot /),
    })
    const unknown = await accord('request', 'receive', '--right', 'oblivion', '--email', '-', '--origin', 'post', '--user', 'u1')
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('--right takes access')])
  })

  it('goes on without a CRM that is gone for good, says so wherever it is asked, and looks again there should it be back', async () => {
    const lea = await rights.scene.crm.createContact({ email: 'lea@example.test', firstname: 'Lea', lastname: 'Brun' })
    const row = await rights.scene.crm.createRow('Contact', { FirstName: 'Lea', LastName: 'Brun', Email: 'lea@example.test' })
    const received = await piped('lea@example.test\n', 'erase', '--receive', ...fromStaff)
    const { request, plan } = lastLine(received.stdout) as { request: string; plan: { digest: string } }
    const whole = env['ACCORD_CONFIG']!
    const connections = await readFile(join(whole, 'connections.yaml'), 'utf8')
    const without = join(rights.scene.dir, 'without')
    await cp(whole, without, { recursive: true })
    await writeFile(join(without, 'connections.yaml'), connections.slice(0, connections.indexOf('  - id: salesforce\n')))
    const on = (config: string, ...args: string[]) => runHere(args, { ...env, ACCORD_CONFIG: config })

    const stuck = await on(without, 'request', 'approve', request, '--digest', plan.digest, '--user', 'u1')
    expect([stuck.code, stuck.stdout]).toEqual([1, expect.stringContaining('there is no connection salesforce any more')])
    await rights.leave()
    expect(await on(without, 'connection', 'forget', 'salesforce')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"accord connection lost salesforce"'),
    })
    const [proved] =
      (await on(without, 'request', 'list', '--json')).stdout.match(/[0-9a-f-]{36}(?=","kind":"erasure"[^}]*"standing":"proved")/) ?? []
    expect(await on(without, 'certificate', 'issue', proved!, join(rights.scene.dir, 'none.json'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('connections.yaml no longer has "salesforce"'),
    })
    const lose = (config: string, ...more: string[]) =>
      on(config, 'connection', 'lost', 'salesforce', '--because', 'account-closed', '--user', 'dpo', ...more)
    expect(await lose(whole)).toMatchObject({ code: 2, stderr: expect.stringContaining('connections.yaml still has "salesforce"') })
    const shown = await lose(without)
    expect(shown.stdout).toContain(`request ${request}: goes on without salesforce; it can no longer end as proved`)
    const [digest] = /--digest \w+/.exec(shown.stdout)!
    expect((await on(without, 'connection', 'list')).stdout).not.toContain('lost')
    expect(await lose(without, '--digest', '0123456789abcdef')).toMatchObject({ code: 2 })
    expect(await lose(without, ...digest.split(' '))).toMatchObject({ code: 0, stderr: '' })
    const [ofRepeat] = /--digest \w+/.exec((await lose(without, '--user', 'ada')).stdout)!
    const repeated = await lose(without, '--user', 'ada', ...ofRepeat.split(' '))
    expect([repeated.code, repeated.stdout]).toEqual([0, expect.stringContaining('by the word of dpo')])

    expect((await on(without, 'request', 'run', request)).stdout).toContain('gone wherever anybody can look')
    expect([await rights.scene.crm.contact(lea), await rights.scene.crm.row('Contact', row)]).toEqual([null, expect.anything()])
    const told = (await on(without, 'request', 'show', request)).stdout
    expect(told).toMatch(/lost for good: salesforce \(account-closed\), declared by dpo on 20\S+: nobody can erase or look there any more/)
    expect(told).toMatch(new RegExp(`salesforce:Contact:${row}\\s+erase\\s+out-of-reach`))
    expect((await on(without, 'request', 'scan', request)).code).toBe(0)
    const file = join(rights.scene.dir, 'lea.json')
    expect(await on(without, 'certificate', 'issue', request, file)).toMatchObject({ code: 0 })
    expect(await on(without, 'certificate', 'verify', file)).toMatchObject({ code: 0, stdout: expect.stringContaining('Genuine') })
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      standing: 'out-of-reach',
      systems: [{ connection: 'hubspot', records: 1 }],
      lost: [{ connection: 'salesforce', crm: 'salesforce', records: 1, because: 'account-closed', declaredBy: 'dpo' }],
    })
    const answered = await on(without, 'request', 'answer', request, '--user', 'u1')
    expect([answered.code, answered.stdout]).toEqual([0, expect.stringContaining('lost for good: salesforce (account-closed)')])
    const events = (await on(without, 'request', 'show', request, '--json')).stdout
    expect(lastLine(events)).toMatchObject({
      standing: 'out-of-reach',
      status: 'answered',
      lost: [{ connection: 'salesforce', by: 'dpo' }],
    })

    const later = await runHere(['request', 'erase', '--email', '-'], { ...env, ACCORD_CONFIG: without }, 'max@example.test\n')
    expect(later.stdout).toContain('out of reach: salesforce: lost: account-closed')

    const refused = await on(whole, 'sweep', 'salesforce')
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      1,
      expect.stringContaining('salesforce was declared lost for good on 20'),
    ])
    expect(await on(whole, 'connection', 'regained', 'salesforce', '--user', 'dpo')).toMatchObject({ code: 0, stderr: '' })
    const back = await on(whole, 'request', 'show', request)
    expect(back.stdout).toContain('NOT PROVED')
    const again = /--digest (\w+)/.exec(back.stdout)![1]!
    const approved = await on(whole, 'request', 'approve', request, '--digest', again, '--user', 'u1')
    expect([approved.code, approved.stdout]).toEqual([0, expect.stringContaining('pending the vendor’s own purge; next look')])
    expect(await rights.scene.crm.row('Contact', row)).toBeNull()

    // One that nobody can read keeps the others from nothing, and is not passed over in silence.
    const torn = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
    await rights.reopen()
    await storeRequest(rights.opened().database.db, torn, '2026-11-20T10:00:00Z')
    const { db } = rights.opened().database
    await sql`update request set erasure_state = '{"status":' where id = ${torn}`.execute(db)
    await sql`insert into retention_list (id, version, status, state, list, made_at) values (${torn}, 1, 'shown', '{"status":', '{}', now())`.execute(
      db,
    )
    await sql`insert into retention_case (list, n, status, state, entry, erasure) values (${torn}, 0, 'waiting', '{', '{', '{')`.execute(db)
    await rights.leave()
    const withTorn = await lose(without)
    expect(withTorn.stdout).toContain(`request ${torn}: what is stored of it cannot be read`)
    expect(withTorn.stdout).toContain(`retention list ${torn}: what is stored of it cannot be read`)
    const anew = /--digest \w+/.exec(withTorn.stdout)![0]
    const most = await lose(without, ...anew.split(' '))
    const remains = new RegExp(`\nrequest ${torn}: .*repeat this command.*\nretention list ${torn}: .*repeat this command`)
    expect([most.code, most.stdout]).toEqual([1, expect.stringMatching(remains)])
    expect(lastLine((await on(without, 'request', 'show', request, '--json')).stdout)).toMatchObject({
      lost: [{ connection: 'salesforce' }],
    })
    expect(await on(without, 'connection', 'forget', 'salesforce')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not everything'),
    })
    await rights.reopen()
    await sql`delete from retention_case where list = ${torn}`.execute(rights.opened().database.db)
    await sql`delete from retention_list where id = ${torn}`.execute(rights.opened().database.db)
    await rights.leave()
    expect((await on(without, 'connection', 'forget', 'salesforce')).code).toBe(2)
    await rights.reopen()
    await sql`delete from request where id = ${torn}`.execute(rights.opened().database.db)
    await rights.leave()
    expect((await on(without, 'connection', 'list')).stdout).toMatch(/salesforce .*lost, 20/)
    expect(await on(without, 'connection', 'forget', 'salesforce')).toMatchObject({ code: 0, stderr: '' })
    // Forgotten is not taken back: whoever puts it into the file again says so by name.
    const unsaid = await on(whole, 'sweep', 'salesforce')
    expect([unsaid.code, unsaid.stdout + unsaid.stderr]).toEqual([
      1,
      expect.stringContaining('salesforce was declared lost for good on 20'),
    ])
    const renamed = join(rights.scene.dir, 'renamed')
    await cp(whole, renamed, { recursive: true })
    await writeFile(join(renamed, 'connections.yaml'), connections.replace('  - id: salesforce\n', '  - id: force\n'))
    const other = await on(renamed, 'sweep', 'force')
    expect([other.code, other.stdout + other.stderr]).toEqual([
      1,
      expect.stringContaining('which as salesforce was declared lost for good'),
    ])
    expect((await on(without, 'connection', 'list')).stdout).toMatch(/salesforce .*lost, 20/)
    const unmoved = await on(renamed, 'connection', 'rename', 'salesforce', 'force')
    expect([unmoved.code, unmoved.stderr]).toEqual([2, expect.stringMatching(/declared lost.*"accord connection regained salesforce"/)])
    expect(unmoved.stderr).not.toContain('connection forget')
    // What is still open carries the loss along, and is taken up again.
    expect(await on(whole, 'connection', 'regained', 'salesforce', '--user', 'dpo')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`request ${request} takes it up`),
    })
    expect(await on(whole, 'connection', 'regained', 'salesforce', '--user', 'dpo')).toMatchObject({ code: 2 })
    await rights.reopen()
    await storeRequest(rights.opened().database.db, torn, '2026-11-20T10:00:00Z')
    await sql`update request set erasure_state = '{"status":' where id = ${torn}`.execute(rights.opened().database.db)
    await rights.leave()
    const rest = await on(whole, 'connection', 'regained', 'salesforce', '--user', 'dpo')
    expect([rest.code, rest.stderr, rest.stdout]).toEqual([
      1,
      '',
      expect.stringMatching(new RegExp(`^salesforce is not declared lost: .*\nrequest ${torn}: .*repeat this command`)),
    ])
  })
})

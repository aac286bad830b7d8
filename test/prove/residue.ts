/** A person's address, number and name in places that are not theirs, among texts that only look so: each place is found, no other is. */
import type { Place, Traits } from '../../src/connectors/erasure.ts'
import { scanResidue, type Residue } from '../../src/tasks/erasure/residue.ts'
import type { Side } from '../../src/tasks/erasure/seek.ts'
import { HUBSPOT_TOKEN } from '../flows/crms.ts'
import { createMany, openErasureWorld } from '../flows/erasure-world.ts'
import type { PushWorld } from '../sandbox/salesforce-push-world.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

const traits: Traits = {
  emails: ['marie.durand@example.test', 'md@example.org'],
  phones: ['+33612345678'],
  names: [{ given: 'Marie', family: 'Durand' }],
  homeCountry: 'FR',
}

export const residue: Proof = async ({ short, seed, say }) => {
  const { world, sides } = await openErasureWorld()
  try {
    const planted = [...(await plantHubspot(world)), ...(await plantSalesforce(world))]
    const others = short ? 200 : 1_000
    await plantLookAlikes(world, others, randomFrom(seed))
    const found = new Map(
      (await scanResidue(sides, traits, new Set(), new AbortController().signal)).map((one) => [`${one.key} ${one.field}`, one]),
    )
    const wanted = new Set(planted.map(({ place }) => place))
    const missed = planted.filter(({ place }) => !found.has(place)).map(({ what }) => `missed: ${what}`)
    const wrong = [...found.values()]
      .filter(({ key, field }) => !wanted.has(`${key} ${field}`))
      .map(({ key, field, kinds }) => `false: ${key.split(':')[1] ?? ''} ${field} ${kinds.join()}`)
    say(`${planted.length - missed.length} of ${planted.length} places found, ${wrong.length} false among ${others} look-alikes`)
    const before = await lookAlikeTexts(world)
    const left = await redactAll(sides, [...found.values()])
    const changed = (await lookAlikeTexts(world)).filter((text, i) => text !== before[i]).map((text) => `a look-alike was changed: ${text}`)
    const stays = planted
      .filter(({ place }) => left.has(place) && found.get(place)?.remedy !== 'by-hand')
      .map(({ what }) => `left: ${what}`)
    say(`${found.size - left.size} places taken out, ${left.size} by hand; ${changed.length} of ${before.length} look-alikes changed`)
    return { trials: planted.length + others, violations: [...missed, ...wrong, ...changed, ...stays] }
  } finally {
    await world.close()
  }
}

/** As a user does who has read each of them; answers the places that still speak of her. */
async function redactAll(sides: readonly Side[], found: readonly Residue[]): Promise<ReadonlySet<string>> {
  const signal = new AbortController().signal
  for (const side of sides) {
    const places = found.flatMap(({ key, field, remedy }): Place[] => {
      const [connection, object = '', id = ''] = key.split(':')
      return connection === side.connection && remedy !== 'by-hand' ? [{ ref: { object, id }, field, remedy }] : []
    })
    await side.erasure.redact(places, traits, 'all', signal)
  }
  return new Set((await scanResidue(sides, traits, new Set(), signal)).map(({ key, field }) => `${key} ${field}`))
}

async function lookAlikeTexts(world: PushWorld): Promise<readonly string[]> {
  const texts: string[] = []
  for (let after = ''; ;) {
    const path = `/crm/v3/objects/notes?limit=100&properties=hs_note_body${after}`
    const response = await fetch(world.sandbox.hubspot + path, { headers: { authorization: `Bearer ${HUBSPOT_TOKEN}` } })
    const { results, paging } = (await response.json()) as {
      results: { id: string; properties: { hs_note_body: string } }[]
      paging?: { next: { after: string } }
    }
    texts.push(...results.filter(({ id }) => id.startsWith('8000')).map(({ properties }) => properties.hs_note_body))
    if (paging === undefined) break
    after = `&after=${paging.next.after}`
  }
  const { json } = await world.rest('GET', `/query?q=${encodeURIComponent("SELECT Description FROM Task WHERE Subject = 'y' ORDER BY Id")}`)
  return [...texts, ...(json as { records: { Description: string }[] }).records.map(({ Description }) => Description)]
}

type Planted = { readonly what: string; readonly place: string }
const at = '2026-01-01T00:00:00Z'

async function plantHubspot(world: PushWorld): Promise<readonly Planted[]> {
  const plant = async (what: string, object: string, field: string, properties: Record<string, string>): Promise<Planted> => ({
    what,
    place: `hubspot:${object}:${await create(world, object, properties)} ${field}`,
  })
  return [
    await plant('a note on a company', 'notes', 'hs_note_body', {
      hs_note_body: '<p>Ask marie.durand@example.test.</p>',
      hs_timestamp: at,
    }),
    await plant('a task', 'tasks', 'hs_task_body', { hs_task_body: 'rappeler au 06.12.34.56.78', hs_task_subject: 'x', hs_timestamp: at }),
    await plant('the body of a mail', 'emails', 'hs_email_text', {
      hs_email_text: 'Bonjour Marie Durand,',
      hs_email_direction: 'EMAIL',
      hs_timestamp: at,
    }),
    await plant('a call', 'calls', 'hs_call_body', { hs_call_body: 'DURAND Marie est absente', hs_timestamp: at }),
    await plant('the inner notes of a meeting', 'meetings', 'hs_internal_meeting_notes', {
      hs_internal_meeting_notes: 'cc md@example.org',
      hs_timestamp: at,
    }),
    await plant('the description of a company', 'companies', 'description', {
      name: 'Atelier',
      description: 'Contact : +33 (0)6 12 34 56 78',
    }),
    await plant('the name of a deal', 'deals', 'dealname', { dealname: 'Marie Durand – contrat' }),
  ]
}

async function create(world: PushWorld, object: string, properties: Record<string, string>): Promise<string> {
  const response = await fetch(`${world.sandbox.hubspot}/crm/v3/objects/${object}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${HUBSPOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties }),
  })
  const answer = (await response.json()) as { id: string }
  if (!response.ok) throw new Error(`${object}: ${JSON.stringify(answer)}`)
  return answer.id
}

async function plantSalesforce(world: PushWorld): Promise<readonly Planted[]> {
  const plant = async (what: string, object: string, field: string, fields: Record<string, unknown>): Promise<Planted> => ({
    what,
    place: `salesforce:${object}:${await world.create(object, fields)} ${field}`,
  })
  await world.lever('track-history', { object: 'Account', fields: ['Name'] })
  const former = await world.create('Account', { Name: 'Chez marie.durand@example.test' })
  await world.rest('PATCH', `/sobjects/Account/${former}`, { Name: 'Atelier' })
  const { json } = await world.rest(
    'GET',
    `/query?q=${encodeURIComponent(`SELECT Id FROM AccountHistory WHERE AccountId = '${former}' AND Field = 'Name'`)}`,
  )
  const [history] = (json as { records: { Id: string }[] }).records
  return [
    await plant('the description of an account', 'Account', 'Description', { Name: 'x', Description: 'Vu Marie  Durand' }),
    await plant('a task', 'Task', 'Description', { Subject: 'x', Description: 'Tel 06 12 34 56 78 le matin' }),
    await plant('the body of a mail', 'EmailMessage', 'TextBody', { Subject: 'x', TextBody: '> De : Marie <md@example.org>' }),
    await plant('a case', 'Case', 'Description', { Subject: 'x', Description: 'from MARIE.DURAND@EXAMPLE.TEST' }),
    await plant('the name of a file', 'ContentVersion', 'Title', {
      Title: 'CV_marie.durand@example.test.pdf',
      PathOnClient: 'cv.pdf',
      VersionData: 'AAAA',
    }),
    { what: 'an old value of a property', place: `salesforce:AccountHistory:${history!.Id} OldValue` },
  ]
}

const texts: readonly ((random: Random) => string)[] = [
  (random) => `write to marie.durand${random(1000)}@example.test`,
  (random) => `amarie.durand@example.test ${random(1000)}`,
  (random) => `marie.durand@example.test${random(10)}.example.org`,
  (random) => `marie.durand+${random(1000)}@example.test`,
  (random) => `mobile 06 12 34 56 ${10 + random(68)}, bureau 01 12 34 56 78`,
  (random) => `réf. 06123456789${random(10)}`,
  (random) => `Anne-Marie Durand, dossier ${random(1000)}`,
  (random) => `Marie Durand-Petit ${random(1000)}`,
  (random) => `Durand ou Marie ? ${random(1000)}`,
  (random) => `Marie Durandeau ${random(1000)} et md@example.com`,
]

/** Half in HubSpot's notes, half in Salesforce's tasks. Of `06 12 34 56 78` itself only other endings are drawn. */
async function plantLookAlikes(world: PushWorld, count: number, random: Random): Promise<void> {
  const drawn = Array.from({ length: count }, (_, i) => texts[i % texts.length]!(random))
  const half = Math.floor(count / 2)
  const rows = drawn.slice(0, half).map((text, i) => ({ id: 8_000_000_000 + i, hs_note_body: text, hs_timestamp: at }))
  await world.control('POST', '/hubspot/load', { object: 'notes', rows })
  await createMany(
    world,
    'Task',
    drawn.slice(half).map((text) => ({ Subject: 'y', Description: text })),
  )
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld } from './hubspot-world.ts'

type Row = { id: string; properties: Record<string, string | null> }

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-related-'))
  mkdirSync(join(directory, 'hubspot'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function file(object: string, ...rows: unknown[]): void {
  writeFileSync(join(directory, 'hubspot', `${object}.jsonl`), rows.map((row) => JSON.stringify(row)).join('\n'))
}

test('a property of which only the history is told has the value of its newest version', async () => {
  const versions = [
    { value: 'no', timestamp: '2020-01-01T00:00:00Z' },
    { value: 'yes', timestamp: '2021-01-01T00:00:00Z' },
  ]
  const propertiesWithHistory = { favourite_tea: versions, city: versions, jobtitle: [{ value: '', timestamp: '2021-01-01T00:00:00Z' }] }
  file('contacts', { id: '1', properties: { city: null }, propertiesWithHistory }, { id: '2', archived: 'true', propertiesWithHistory })
  const world = await openWorld({ seedDir: directory })
  const told = async (query: string) => {
    const { json } = await world.call('GET', `/crm/v3/objects/contacts?properties=favourite_tea,city,jobtitle${query}`)
    return json.results.map(({ id, properties: { favourite_tea, city, jobtitle } }: Row) => [id, favourite_tea, city, jobtitle])
  }
  expect(await told('')).toEqual([['1', 'yes', null, null]])
  expect(await told('&archived=true')).toEqual([['2', 'yes', 'yes', null]])
  await world.close()
})

test('rows of any type may name what they are associated with', async () => {
  file('contacts', { hs_object_id: '1', email: 'a@example.test', associations: { companies: ['5', { id: '6', type: 'Primary' }] } })
  file('companies', { hs_object_id: '5', name: 'Alpha' }, { hs_object_id: '6', name: 'Beta' })
  const asAnswered = { contacts: { results: [{ id: '1', type: 'note_to_contact' }] } }
  file('notes', { id: '9', properties: { hs_note_body: 'Called' }, associations: asAnswered })
  const world = await openWorld({ seedDir: directory })
  const one = (await world.call('GET', '/crm/v3/objects/contacts/1?associations=companies,notes')).json
  expect(one.associations).toEqual({
    companies: {
      results: [
        { id: '5', type: 'contact_to_company_unlabeled' },
        { id: '6', type: 'contact_to_company_unlabeled' },
        { id: '6', type: 'contact_to_company' },
      ],
    },
    notes: { results: [{ id: '9', type: 'contact_to_note' }] },
  })
  await world.close()
})

test.each([
  [{ companies: ['77'] }, 'contact 1: the company 77 it is associated with was not loaded before it'],
  [{ parrots: ['1'] }, 'contact 1: the HubSpot sandbox has no object type parrots'],
  [{ companies: '77' }, 'contact 1: associations.companies must be a list of ids'],
])('associations that lead nowhere are refused with their row: %j', async (associations, message) => {
  file('contacts', { hs_object_id: '1', associations }, { hs_object_id: '2' })
  await expect(openWorld({ seedDir: directory })).rejects.toThrow(message)
})

test('some of the generated people have a company, a deal, and notes, calls and emails that speak of them', async () => {
  const world = await openWorld({ people: 400 })
  const idsOf = async (object: string): Promise<string[]> => {
    const page = await world.call('GET', `/crm/v3/objects/${object}?limit=100&associations=contacts`)
    return page.json.results.flatMap((record: { associations?: { contacts: { results: { id: string }[] } } }) =>
      (record.associations?.contacts.results ?? []).map(({ id }) => id),
    )
  }
  const related = await Promise.all(['companies', 'deals', 'notes', 'calls', 'emails'].map(idsOf))
  expect(related.map((ids) => ids.length > 0)).toEqual([true, true, true, true, true])
  expect([related[1]!.length, related[2]!.length, related[3]!.length, related[4]!.length]).toEqual([8, 16, 4, 4])
  const [first] = related[2]!
  const contact = await world.call('GET', `/crm/v3/objects/contacts/${first}?properties=firstname,lastname&associations=notes`)
  const note = contact.json.associations.notes.results[0].id
  const body = (await world.call('GET', `/crm/v3/objects/notes/${note}?properties=hs_note_body`)).json.properties.hs_note_body
  const { firstname, lastname } = contact.json.properties
  expect(body).toContain([firstname, lastname].filter((name) => name !== null).join(' '))
  await world.close()
})

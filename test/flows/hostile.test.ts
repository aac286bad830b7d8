import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { storedRows, type StoredRow } from './stored.ts'
import { contact, contactId, sfId, sfRow } from './world.ts'

const extra = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`free_${index}_since_${index * 7_919}`, `value ${index}`]))
const strange: [string, Record<string, unknown>][] = [
  ['no address', { email: undefined }],
  ['900 further fields', extra],
  ['a note of 64 KB', { message: 'Très bon échange. '.repeat(3_600) }],
  ['the year 1', { collection_date: '0001-01-01', createdate: '2020-01-01T00:00:00Z' }],
  ['the year 9999', { collection_date: '9999-12-31', last_purchase_date: '9999-12-31' }],
  [
    'an address of 320 characters',
    { email: `${'a'.repeat(64)}@${'b'.repeat(61)}.${'c'.repeat(61)}.${'d'.repeat(61)}.${'e'.repeat(61)}.example` },
  ],
  ['quotes in the address', { email: '"o\'brien; drop table record"@example.fr' }],
  ['an international address', { email: 'zoë@bücher.example' }],
  ['control characters', { firstname: 'Zo\u0001\u0008e', lastname: 'Mar\u001b[31mtin', message: 'a\u0000b' }],
  ['emoji and right-to-left text', { firstname: '🧑‍🚀', lastname: '\u202eمارتن', message: '👨‍👩‍👧‍👦 שלום'.repeat(50) }],
  ['an address in the name', { firstname: 'bob@example.fr', lastname: '=HYPERLINK("x")' }],
]
const hasRule = (row: StoredRow, rule: string): boolean => row.verdict!.findings.some(([found]) => found === rule)

describe('a CRM full of strange records', () => {
  let server: TestPostgres
  let scene: Scene
  let stored: ReadonlyMap<string, StoredRow>
  const of = (what: string): StoredRow => stored.get(`contacts/${contactId(strange.findIndex(([name]) => name === what) + 1)}`)!

  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: {
          contacts: [
            ...strange.map(([, more], index) => contact(index + 1, 'Nour', `nour${index}@example.fr`, more)),
            contact(99, 'Paul', 'paul@example.fr'),
          ],
        },
        salesforce: {
          Contact: [
            sfRow('Contact', 11, '🧑‍🚀', 'nour9@example.fr', { Description: '\u202e'.repeat(900) }),
            sfRow('Contact', 12, 'Nour', 'x,"y\n"@example.fr', {
              LastName: 'O"Brien,\r\nSr.',
              Sales_Notes__c: 'a,b\n"c"\r\n'.repeat(2_000),
            }),
            sfRow('Contact', 13, null, null, { Collection_Date__c: '1700-01-01' }),
          ],
        },
      },
    })
    const summaries = await scene.sweep()
    expect(summaries.map(({ records, error, patches }) => [records, error, patches.written, patches.rejected])).toEqual([
      [strange.length + 1, undefined, strange.length + 1, 0],
      [4, undefined, 4, 0],
    ])
    stored = await storedRows((await scene.accord()).db)
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('is swept to the end, every record judged and told, and the second sweep writes nothing', async () => {
    expect([...stored.values()].filter((row) => row.verdict === null)).toEqual([])
    expect(await scene.crm.contact(contactId(99))).toHaveProperty('accord_status')
    expect(await scene.crm.row('Contact', sfId('Contact', 12))).toMatchObject({ Accord_Status__c: expect.any(String) as string })
    expect((await scene.sweep()).map(({ patches, error }) => [patches.written, error])).toEqual([
      [0, undefined],
      [0, undefined],
    ])
  })

  it('yields findings for dates and addresses that cannot be, and for fields that nobody declared', () => {
    expect(hasRule(of('the year 1'), 'accuracy.date_implausible')).toBe(true)
    expect(hasRule(of('the year 9999'), 'accuracy.date_implausible')).toBe(true)
    expect(hasRule(of('an address of 320 characters'), 'accuracy.email_unusable')).toBe(true)
    expect(of('900 further fields').verdict!.findings.some(([rule]) => rule.startsWith('minimisation.'))).toBe(true)
    expect(of('no address').email).toBeNull()
    expect(of('an international address').email).not.toBeNull()
  })

  it('never lets an implausible date make a record due', () => {
    for (const what of ['the year 9999', 'the year 1'])
      expect(of(what).verdict!.findings.filter(([rule]) => rule === 'retention.erase_due')).toEqual([])
  })
})

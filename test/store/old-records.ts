/** Records as the releases before migration 0029 stored them, and what each of them says. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { StoredRecord } from '../../src/store/records.ts'

const alice = { source: 1, subject: 4, email: '-9223372036854775808', name: '7', given: 65_535, family: 32_767, personal: true, verdict: 3 }
const nobody = { source: 1, subject: null, email: null, name: null, given: 0, family: 0, personal: false, verdict: null, reviewOn: null }
const living = { gone: false, facts: null }
/** In key order. `told`: the columns `mark` and `facts` as they were. */
const cases: readonly { told: readonly [mark: string, facts: string | null]; record: StoredRecord }[] = [
  {
    told: [String(2 ** 36 * 65_536 + 65_535), '0000000000005078'],
    record: { ...alice, ...living, id: '1', content: 2 ** 36 - 1, reviewOn: '2031-02-28', facts: bytes('005078') },
  },
  // To be read again, of an act that could not be read apart, refused.
  {
    told: ['65535', '0000ffffffffffff' + '00010000000000ff'],
    record: { ...alice, ...living, id: '2', content: null, reviewOn: null, facts: bytes('ffffff' + '00010000000000ff') },
  },
  {
    told: ['-513', '0002000000000000'],
    record: {
      ...alice,
      id: '3',
      content: null,
      verdict: null,
      reviewOn: null,
      given: 512,
      gone: true,
      facts: bytes('fffffe' + '0002000000000000'),
    },
  },
  { told: ['65536', null], record: { ...nobody, ...living, id: '10', content: 0, verdict: 1 } },
  // What somebody said to Accord itself: never judged.
  {
    told: ['0', 'ffff019753c2a000' + 'ffff019753c2a001'],
    record: { ...nobody, ...living, source: 2, id: '9', content: null, facts: bytes('fffffe' + 'ffff019753c2a000' + 'ffff019753c2a001') },
  },
  { told: ['-1', null], record: { ...nobody, source: 2, id: '11', content: null, gone: true, facts: null } },
]

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

/** To a database of release 0028. Answers how they are read by the present one. */
export async function storeOldRecords(db: QueryExecutorProvider): Promise<readonly StoredRecord[]> {
  for (const { told, record: r } of cases)
    await sql`
      insert into record (mark, email, name, review_on, verdict, subject, source, id, facts, family)
      values (${told[0]}, ${r.email}, ${r.name}, ${r.reviewOn}, ${r.verdict}, ${r.subject}, ${r.source}, ${r.id}, decode(${told[1]}, 'hex'),
        ${r.personal ? -r.family : r.family})`.execute(db)
  return cases.map(({ record }) => record)
}

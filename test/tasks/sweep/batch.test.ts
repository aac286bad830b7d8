import { expect, it } from 'vitest'
import type { CrmRecord } from '../../../src/connectors/connector.ts'
import { sortOut } from '../../../src/tasks/sweep/batch.ts'
import { record } from '../bench.ts'

const gone = (id: string) => ({ ref: record(id, {}).ref, at: 0 })
const page = (...ids: string[]): CrmRecord[] => ids.map((id, index) => record(id, { email: `${index}@example.fr` }))

it('a page in ascending order stays as it is', () => {
  for (const records of [[], page('9'), page('9', '10', '11', '100')]) {
    const sorted = sortOut({ records, gone: [] })
    expect(sorted).toEqual({ records, gone: [], doubtful: [] })
    expect(sorted.records).toBe(records)
  }
})

it('of a record that is listed twice the last one counts, wherever the two stand', () => {
  for (const ids of [
    ['1', '1'],
    ['1', '2', '1'],
    ['2', '1', '2', '3'],
    ['1', '2', '3', '3'],
  ]) {
    const records = page(...ids)
    const expected = [...new Map(records.map((one) => [one.ref.id, one])).values()]
    expect(sortOut({ records, gone: [] }).records).toEqual(expected)
    expect(expected.length).toBeLessThan(records.length)
  }
})

it('a record that is listed as present and as gone is neither gone nor taken for sure', () => {
  const records = page('1', '2', '3')
  expect(sortOut({ records, gone: [gone('2'), gone('4'), gone('4')] })).toEqual({ records, gone: [gone('4')], doubtful: ['2'] })
})

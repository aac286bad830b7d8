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
  for (const ids of [
    ['9', '10', '11', '100'],
    ['11', '9', '100', '10'],
    ['9', '10', '10', '11', '100'],
  ]) {
    const records = page(...ids)
    for (const id of ['9', '10', '11', '100', '1', '12', '99', '101'])
      expect(sortOut({ records, gone: [gone('8'), gone(id), gone('8'), gone(id)] })).toMatchObject(
        ids.includes(id) ? { gone: [gone('8')], doubtful: [id] } : { gone: [gone('8'), gone(id)], doubtful: [] },
      )
  }
  expect(sortOut({ records: [], gone: [gone('1')] })).toEqual({ records: [], gone: [gone('1')], doubtful: [] })
})

/** What a search of HubSpot may answer to a walk by record id: its index is late with removals too, so pages may be short or empty. */
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { api, connected, contacts, counted, list, live, row, strictPortal } from './portal.ts'

type Body = { after?: string; filterGroups?: { filters: { propertyName: string; value: string }[] }[] }
const unmerged = (id: number) => row(id, { hs_merged_object_ids: null, email: 'one@example.test' })
const next = (after: string) => ({ paging: { next: { after } } })
/** The page that begins above this id, and so far behind it. */
const searched = (last: string, after?: string) =>
  nock(api).post(
    `${contacts}/search`,
    (body: Body) => body.after === after && body.filterGroups?.every(({ filters }) => filters.at(-1)?.value === last) === true,
  )
const sought = {
  emails: ['one@example.test'],
  phones: [],
  refs: [],
  objects: [{ object: 'contacts', fields: ['email'], emails: ['email'], phones: [] }],
}

describe('a walk through a search', () => {
  strictPortal()

  it('goes on behind an empty page that names another', async () => {
    const { connector } = connected()
    counted(0)
    list().reply(200, { results: [] })
    const [first] = await Array.fromAsync(connector.read({ object: 'contacts', fields: [] }, live()))
    searched('0').reply(200, { total: 401, results: [], ...next('200') })
    searched('0', '200').reply(200, { total: 401, results: [], ...next('400') })
    searched('0', '400').reply(200, { total: 401, results: [unmerged(7)] })
    searched('7').reply(200, { total: 0, results: [] })
    counted(0)
    const pages = await Array.fromAsync(connector.read({ object: 'contacts', fields: [], since: first!.cursor }, live()))
    expect(pages.flatMap(({ records }) => records.map(({ ref }) => ref.id))).toEqual(['7'])
  })

  it('says so, and leaves the changes to the next pull, when every page it may ask for is empty', async () => {
    const { connector } = connected()
    counted(0)
    list().reply(200, { results: [] })
    const [first] = await Array.fromAsync(connector.read({ object: 'contacts', fields: [] }, live()))
    for (let page = 0; page < 50; page++)
      searched('0', page === 0 ? undefined : String(page * 200)).reply(200, {
        total: 20_000,
        results: [],
        ...next(String(page * 200 + 200)),
      })
    const pull = Array.fromAsync(connector.read({ object: 'contacts', fields: [], since: first!.cursor }, live()))
    await expect(pull).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('shows none on 50 pages') })
  })

  it('finds everybody who is to be erased, also behind a page that is not full', async () => {
    const { connector } = connected()
    searched('0').reply(200, { total: 3, results: [unmerged(1)], ...next('1') })
    searched('1').reply(200, { total: 2, results: [unmerged(2)] })
    searched('2').reply(200, { total: 1, results: [unmerged(3)] })
    // nock shows this to whatever else is asked, too.
    const read = (asked: readonly string[]) =>
      nock(api).post(
        `${contacts}/batch/read`,
        (body: { inputs?: { id: string }[] }) => body.inputs?.map(({ id }) => id).join() === asked.join(),
      )
    read(sought.emails).reply(200, { status: 'COMPLETE', results: [] })
    // As they are now, and what they were.
    const results = [1, 2, 3].map(unmerged)
    read(['1', '2', '3']).times(2).reply(200, { status: 'COMPLETE', results })
    list().reply(200, { results: [] })
    const { records } = await connector.erasure!.find(sought, live())
    expect(records.map(({ ref }) => ref.id)).toEqual(['1', '2', '3'])
  })
})

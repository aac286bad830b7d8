/** What Accord has written into both sandbox CRMs, and what those remember of how it came about. */
import { HUBSPOT_TOKEN, type CrmUser } from '../flows/crms.ts'

/** `now`: each record with the values of the fields that Accord writes. `returned`: fields that went back to a value they had before. */
export type Written = { now: ReadonlyMap<string, string>; returned: string[] }

type Hubspot = { hubspot: string }
type HistoryPage = {
  results: { id: string; propertiesWithHistory: Record<string, { value: string }[]> }[]
  paging?: { next: { after: string } }
}

/** Of Salesforce, call `trackedFields` first and have the sandbox keep their history. */
export async function readWritten(sandbox: Hubspot, crm: CrmUser): Promise<Written> {
  const both = [await readHubspot(sandbox), await readSalesforce(crm)]
  return { now: new Map(both.flatMap(({ now }) => [...now])), returned: both.flatMap(({ returned }) => returned) }
}

export async function trackedFields(crm: CrmUser): Promise<string[]> {
  const row = (await crm.rows('SELECT FIELDS(ALL) FROM Contact LIMIT 1'))[0] ?? {}
  return [...Object.keys(row).filter((name) => name.startsWith('Accord_')), 'HasOptedOutOfEmail', 'DoNotCall'].sort()
}

async function readHubspot({ hubspot }: Hubspot): Promise<Written> {
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${hubspot}${path}`, { headers: { authorization: `Bearer ${HUBSPOT_TOKEN}` } })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return response.json()
  }
  const { results } = (await ask('/crm/v3/properties/contacts')) as { results: { name: string }[] }
  const names = [...results.map(({ name }) => name).filter((name) => name.startsWith('accord_')), 'hs_email_optout'].sort()
  const written = { now: new Map<string, string>(), returned: [] as string[] }
  let after: string | undefined
  do {
    const page = (await ask(
      `/crm/v3/objects/contacts?limit=50&propertiesWithHistory=${names.join(',')}${after ? `&after=${after}` : ''}`,
    )) as HistoryPage
    for (const { id, propertiesWithHistory } of page.results) {
      const history = names.map((name) => (propertiesWithHistory[name] ?? []).map(({ value }) => value).reverse())
      written.now.set(`contacts/${id}`, JSON.stringify(names.map((name, index) => [name, history[index]!.at(-1) ?? ''])))
      written.returned.push(...names.filter((_, index) => comesBack(['', ...history[index]!])).map((name) => `contacts/${id} ${name}`))
    }
    after = page.paging?.next.after
  } while (after)
  return written
}

async function readSalesforce(crm: CrmUser): Promise<Written> {
  const names = await trackedFields(crm)
  const rows = await allRows(crm, 'Contact', names)
  const now = new Map(rows.map((row) => [`Contact/${String(row['Id'])}`, JSON.stringify(names.map((name) => [name, row[name]]))]))
  const changes = await allRows(crm, 'ContactHistory', ['ContactId', 'Field', 'OldValue', 'NewValue'])
  const steps = Map.groupBy(changes, (one) => `Contact/${String(one['ContactId'])} ${String(one['Field'])}`)
  const returned = [...steps].filter(([, each]) => comesBack([each[0]!['OldValue'], ...each.map((one) => one['NewValue'])]))
  return { now, returned: returned.map(([field]) => field) }
}

const PAGE = 2_000

/** In the order in which they were made. */
async function allRows(crm: CrmUser, object: string, fields: readonly string[]): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = []
  for (;;) {
    const after = all.length === 0 ? '' : `WHERE Id > '${String(all.at(-1)!['Id'])}'`
    const rows = await crm.rows(`SELECT Id, ${fields.join(', ')} FROM ${object} ${after} ORDER BY Id LIMIT ${PAGE}`)
    all.push(...rows)
    if (rows.length < PAGE) return all
  }
}

/** Steps that change nothing are none. */
function comesBack(values: readonly unknown[]): boolean {
  const texts = values.map((value) => String(value ?? ''))
  const steps = texts.filter((text, index) => text !== texts[index - 1])
  return new Set(steps).size < steps.length
}

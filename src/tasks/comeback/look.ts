/** The records of a case as they are now, read live: nothing of the person has been kept to know them by. */
import { ConnectorError } from '../../connectors/connector.ts'
import type { FoundRecord } from '../../connectors/erasure.ts'
import type { Look } from '../../core/erasure/comeback.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import { loadSuppressions } from '../../store/suppressions.ts'
import type { CaseRecord } from '../../store/reappearances.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import type { Side } from '../erasure/seek.ts'
import type { Shell } from '../shell.ts'

/** A connection that is configured no longer is a refusal: what it holds cannot be looked at. */
function sideOf({ sides }: ErasureDeps, connection: string): Side {
  const side = sides.find((one) => one.connection === connection)
  if (side === undefined)
    throw new ConnectorError('refused', `there is no connection ${connection} any more; what it holds cannot be looked at`)
  return side
}

/** Where each came from, with the consents that its last reading showed. In the order of the records. */
export async function lookAt(deps: ErasureDeps, records: readonly CaseRecord[], signal: AbortSignal): Promise<Look[]> {
  const looks = await Promise.all(
    [...Map.groupBy(records, ({ connection }) => connection)].map(async ([connection, own]): Promise<Look[]> => {
      const arrivals = await sideOf(deps, connection).erasure.arrivals(own, signal)
      return own.map((record, index) => ({ key: keyOf(record), arrival: arrivals[index] ?? null, consents: record.consents }))
    }),
  )
  const byKey = new Map(looks.flat().map((look) => [look.key, look]))
  return records.map((record) => byKey.get(keyOf(record))!)
}

function keyOf({ connection, object, id }: Pick<CaseRecord, 'connection' | 'object' | 'id'>): string {
  return `${connection}:${object}:${id}`
}

/** In clear, for the time of one step: the addresses and numbers of a record by which this person is on the suppression list, and no others. */
export type Marks = { emails: readonly string[]; phones: readonly string[]; hashes: readonly Buffer[] }

/** `requests`: whose erasures put this person on the list. By key of each record that is still there, in whatever state: a record in the bin is one that can come back. */
export async function marksOf(
  deps: ErasureDeps,
  requests: readonly string[],
  records: readonly CaseRecord[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Marks>> {
  const marks = new Map<string, Marks>()
  for (const [connection, own] of Map.groupBy(records, (record) => record.connection)) {
    const side = sideOf(deps, connection)
    const refs = own.map(({ object, id }) => ({ object, id }))
    const { records: found } = await side.erasure.find({ emails: [], phones: [], refs, objects: side.objects }, signal)
    const asked = new Set(own.map(keyOf))
    for (const record of found) {
      const key = keyOf({ connection, ...record.ref })
      if (asked.has(key)) marks.set(key, await listedMarks(deps.shell, requests, side, record))
    }
  }
  return marks
}

async function listedMarks(shell: Shell, requests: readonly string[], side: Side, { fieldsOf, fields }: FoundRecord): Promise<Marks> {
  const { emails, shared, phones } = side.identify(fieldsOf, fields)
  const hash = (channel: 'email' | 'phone', value: string): Buffer => Buffer.from(shell.hasher.suppression(channel, value))
  const addresses = [...emails, ...shared].map((email) => ({
    email,
    hashes: [...new Set([email, suppressionForm(email)])].map((one) => hash('email', one)),
  }))
  const numbers = phones.map((phone) => ({ phone, hashes: [hash('phone', phone)] }))
  const listed = await loadSuppressions(
    shell.db,
    [...addresses, ...numbers].flatMap((one) => one.hashes),
  )
  const isListed = (one: Buffer): boolean => requests.includes(listed.get(one.toString('hex'))?.request ?? '')
  const own = addresses.filter(({ hashes }) => hashes.some(isListed))
  const ownNumbers = numbers.filter(({ hashes }) => hashes.some(isListed))
  return {
    emails: own.map(({ email }) => email),
    phones: ownNumbers.map(({ phone }) => phone),
    hashes: [...own, ...ownNumbers].flatMap(({ hashes }) => hashes),
  }
}

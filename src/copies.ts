/** Copies of somebody's data, put together: who is found, what is read, and the zip that comes of it. */
import type { Readable } from 'node:stream'
import type { Access } from './connectors/access.ts'
import { createAddresseeReader } from './core/consent/intake.ts'
import { createKnownConsent } from './core/consent/known-consent.ts'
import type { ObjectMapping } from './core/record/mapping.ts'
import { filled } from './core/text/text.ts'
import type { Opened } from './main.ts'
import { packCopy } from './paper/access-pack.ts'
import type { CopyParts } from './server/copy.ts'
import { openSpool } from './store/spool.ts'
import { faultOf, type Copy, type CopyDeps, type Judged } from './tasks/access/copy.ts'
import { fetchCopy, lookAtCopyLink, withheldIn } from './tasks/access/copy-link.ts'
import type { ConsentDeps } from './tasks/consent/deps.ts'
import type { ErasureDeps } from './tasks/erasure/deps.ts'
import { explain } from './tasks/judge/explain.ts'
import { lookUpConsents } from './tasks/consent/lookup.ts'
import { findPlaces, prepareTargets } from './tasks/sweep/prepare.ts'
import type { Log } from './tasks/shell.ts'

/** By which a person is called and reached: what they have given with their request, whoever typed it in. */
const callsBy = ['civility', 'firstName', 'lastName', 'email', 'phone', 'mobilePhone', 'address', 'birthDate', 'language'] as const

export function openCopyDeps({ parts, at }: Pick<Opened, 'parts' | 'at'>, deps: ErasureDeps): CopyDeps {
  const linked = at('rights')
  const mappings = new Map(linked.flatMap(({ name, objects }) => objects.map((mapping) => [`${name} ${mapping.object}`, mapping])))
  const { policy } = parts
  const known = createKnownConsent(policy)
  const read = createAddresseeReader(policy)
  const consents: ConsentDeps = {
    shell: deps.shell,
    landscape: (turn) => findPlaces(turn, parts.linked, false),
    actOn: () => null,
    ringMail: async () => undefined,
  }
  return {
    deps,
    accesses: new Map(linked.flatMap(({ name, connector }): [string, Access][] => (connector.access ? [[name, connector.access]] : []))),
    lookUp: async (email) => {
      const addressee = read({ email })
      if (!addressee.ok) return { consents: [], statements: [], suppressed: false }
      const { facts, proofs, suppressed } = await lookUpConsents(consents, addressee.value)
      return { consents: known(facts, suppressed), statements: proofs, suppressed }
    },
    judge: (records, signal) => judgeAll({ parts, linked, mappings }, records, signal),
    ownFields: (system, object) => ownFieldsOf(mappings.get(`${system} ${object}`)),
  }
}

function ownFieldsOf(mapping: ObjectMapping | undefined): ReadonlySet<string> {
  return new Set([...callsBy.flatMap((name) => mapping?.fields[name]?.from ?? []), ...(mapping?.emails ?? []), ...(mapping?.phones ?? [])])
}

type Judging = Pick<Opened, 'parts'> & {
  linked: ReturnType<Opened['at']>
  mappings: ReadonlyMap<string, ObjectMapping>
}

/** As `accord explain` would say of each. Nothing is stored. */
async function judgeAll(
  { parts, linked, mappings }: Judging,
  records: readonly { system: string; object: string; id: string }[],
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const landscape = await findPlaces(parts.shell, parts.linked, false)
  const judged: Judged[] = []
  for (const [system, group] of Map.groupBy(records, (record) => record.system)) {
    const connection = linked.find(({ name }) => name === system)
    if (connection === undefined) continue
    const options = { policy: parts.policy, today: parts.today(), keep: false }
    const targets = await prepareTargets(parts.shell, connection, landscape.places, options, signal)
    for (const { object, id } of group) {
      const target = targets.find(({ source }) => source.object === object)
      const explained = target === undefined ? null : await explain(parts.shell, landscape, target, id, signal)
      if (explained === null) continue
      const mapping = mappings.get(`${system} ${object}`)
      const held = (field: string): string | null =>
        mapping?.fields[field]?.from.map((name) => filled(explained.values[name])).find((value) => value !== null && value !== undefined) ??
        null
      judged.push({ record: explained.record, verdict: explained.verdict, source: held('source'), collectedAt: held('collectedAt') })
    }
  }
  return judged
}

/** Copies prepared at the same time in this process; each one reads every connection. */
const MOST_AT_ONCE = 2
/** A download that stalls is broken off after this time, so that it does not block the place of another. */
const LONGEST_MS = 30 * 60_000

class CopyTooSlow extends Error {
  override readonly name = 'CopyTooSlow'
}

/** Looks at, and uses, the link to a copy. @throws Error when too many copies are under way or a system cannot be reached; the person may try again later. */
export function openCopyDoor(copies: CopyDeps, longestMs = LONGEST_MS): Omit<CopyParts, 'log'> {
  const { shell, policy } = copies.deps
  let underWay = 0
  return {
    policy,
    look: (token) => lookAtCopyLink(copies.deps, token),
    async use(token) {
      // Checked before the limit, so that an invalid link gets the same answer whatever the load.
      if ((await lookAtCopyLink(copies.deps, token)) === null) return null
      if (underWay >= MOST_AT_ONCE) throw new Error('too many copies are being made at this moment')
      underWay++
      const stopped = new AbortController()
      const leave = (): void => {
        if (!stopped.signal.aborted) underWay--
        stopped.abort()
      }
      try {
        const fetch = await fetchCopy(copies, token, stopped.signal)
        if (fetch === null) {
          leave()
          return null
        }
        const { status, language, right, request, copy, fetched } = fetch
        const open = async (): Promise<Readable> => {
          const zip = await openZip(copy, shell.log).catch((error: unknown) => {
            leave()
            throw error
          })
          zip.on('error', (error) => shell.log('copy.broken', { request, fault: faultOf(error) }))
          const timer = setTimeout(() => zip.destroy(new CopyTooSlow('this copy was not taken in time')), longestMs)
          return zip.on('close', () => {
            clearTimeout(timer)
            leave()
          })
        }
        return { status, language, right, file: { name: copyName(request, language), open, done: fetched } }
      } catch (error) {
        leave()
        throw error
      }
    },
  }
}

function copyName(request: string, language: 'fr' | 'en'): string {
  return `${language === 'fr' ? 'mes-donnees' : 'my-data'}-${request.slice(0, 8)}.zip`
}

/** Streams the zip while it is made; a failure destroys the stream, so that an incomplete zip is never taken for a whole one. Nothing is kept on disk. */
export async function openZip({ head, pieces, end }: Copy, log: Log): Promise<Readable> {
  const spool = await openSpool()
  const zip = packCopy({ head, pieces, unread: () => end.unread, withheld: () => withheldIn(end) }, spool)
  zip.on('close', () => {
    spool.close().catch((error: unknown) => log('copy.spool-failed', { error: faultOf(error) }))
  })
  return zip
}

/** One step of a stored erasure at one CRM. Nothing is stored here: whoever dies behind it does the step again, and the CRMs are none the worse for it. */
import type { ErasureIn, Report, Step } from '../../core/erasure/erasure.ts'
import { isFirstAtCrm, reachedBy } from '../../core/erasure/steps.ts'
import { ConnectorError } from '../../connectors/connector.ts'
import type { Traits } from '../../connectors/erasure.ts'
import type { Mention } from '../../store/request-mentions.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { openPerson, type ErasureDeps, type PersonFile } from './deps.ts'
import { holdingOf } from './plan.ts'
import { scanResidue, type Residue } from './residue.ts'
import { seekOnce, type seek, type Side } from './seek.ts'
import { carryOut, look, type World } from './step.ts'
import { waitForOwnWrites } from './own-writes.ts'

/** What others' texts in one connection still say. */
export type Scan = { connection: string; mentions: readonly Mention[] }
/** `scan` null: nothing was read. */
export type Acted = { report: Report; scan: Scan | null }

const nothing: Report = { deeds: [], sights: [], returned: [], around: [] }

/** What the steps of one moment share: they look once for all connections, and open the person once. */
export type Moment = { readonly seek: typeof seek; readonly person: () => PersonFile }

export function momentOf({ shell }: Pick<ErasureDeps, 'shell'>, file: StoredRequest): Moment {
  let opened: PersonFile | undefined
  return { seek: seekOnce(), person: () => (opened ??= openPerson(shell, file)) }
}

export async function actOn(
  deps: ErasureDeps,
  file: StoredRequest,
  step: Step,
  signal: AbortSignal,
  moment: Moment = momentOf(deps, file),
): Promise<Acted> {
  const { erasure } = file
  if (erasure.status !== 'running') throw new Error(`no step is due while an erasure is ${erasure.status}`)
  if (step.act === 'suppress') return { report: nothing, scan: null }
  if (isFirstAtCrm(erasure, step)) {
    const items = erasure.items.filter(({ connection }) => connection === step.connection)
    await waitForOwnWrites(deps.shell, items, signal)
  }
  return { report: await carryOut(worldOf(deps, moment.seek), erasure, step, moment.person().subject, signal), scan: null }
}

/** Of this moment. Whom a step suppresses goes onto the list in the transaction that notes the step. */
export function worldOf(deps: ErasureDeps, once: typeof seek): World {
  const { sides, policy, shell } = deps
  const at = { wall: shell.now(), monotonic: performance.now() }
  const homeCountry = policy.organisation.country
  return { sides, homeCountry, holding: holdingOf(deps), at, suppress: async () => undefined, seek: once }
}

/** Everywhere once more. `reading`: the texts of others as well, which takes more searches than all the rest. */
export function lookAgain(
  deps: ErasureDeps,
  erasure: ErasureIn<'settled'>,
  person: PersonFile,
  { reading }: { reading: boolean },
  signal: AbortSignal,
): Promise<Acted[]> {
  const world = { sides: deps.sides, homeCountry: deps.policy.organisation.country, seek: seekOnce() }
  return Promise.all(
    reachedBy(erasure).map(async (connection): Promise<Acted> => {
      const side = sideOf(deps, connection)
      const report = await look(world, side, erasure, person.subject, signal)
      return { report, scan: reading ? await scanOf(deps, side, erasure, person, signal) : null }
    }),
  )
}

/** An erasure does not forget a CRM because the configuration does. */
export function sideOf({ sides }: ErasureDeps, connection: string): Side {
  const side = sides.find((one) => one.connection === connection)
  if (side === undefined)
    throw new ConnectorError('refused', `there is no connection ${connection} any more; what it holds cannot be looked at`)
  return side
}

/** What words of others are looked for. An address of former times may be somebody else's now, and words about them are none about this person. */
export function wordsOf({ policy }: ErasureDeps, { subject: { person, names } }: Pick<PersonFile, 'subject'>): Traits {
  return { emails: person.emails, phones: person.phones, names, homeCountry: policy.organisation.country }
}

export async function scanOf(
  deps: ErasureDeps,
  side: Side,
  { items }: Pick<ErasureIn<'settled'>, 'items'>,
  person: Pick<PersonFile, 'subject'>,
  signal: AbortSignal,
): Promise<Scan> {
  const found = await scanResidue([side], wordsOf(deps, person), new Set(items.map(({ key }) => key)), signal)
  return { connection: side.connection, mentions: found.map(mentionOf) }
}

function mentionOf({ key, field, kinds, certainty, remedy }: Residue): Mention {
  const [connection = '', object = '', id = ''] = key.split(':')
  return { connection, object, id, field, kinds, certainty, remedy }
}

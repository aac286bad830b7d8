/** Words about a person in texts of others: taken out where a user has asked for it, place by place, and looked for again. */
import type { Place } from '../../connectors/erasure.ts'
import { decide } from '../../core/erasure/decide.ts'
import type { Around } from '../../core/erasure/erasure.ts'
import { reachedBy } from '../../core/erasure/steps.ts'
import { deleteMentions, loadMentions, saveMentions, type Mention } from '../../store/request-mentions.ts'
import { loadRequest } from '../../store/requests.ts'
import { scanOf, sideOf, wordsOf } from '../erasure/act.ts'
import { openPerson, type ErasureDeps } from '../erasure/deps.ts'
import { asErasure, changeRequest, type Changed } from './file.ts'

/** `places`: as `placeOf` names them; `null`: all that are certain and can be redacted. `names`: somebody has read the text, and a name in it is the person's. */
export type Redaction = { user: string; places: readonly string[] | null; names: boolean }
export type Redacted = { changed: Changed; around: readonly Around[] }

export function placeOf({ connection, object, id, field }: Pick<Mention, 'connection' | 'object' | 'id' | 'field'>): string {
  return `${connection}/${object}/${id}/${field}`
}

/** What was refused by a CRM is in the file, and still among the mentions. */
export async function redactMentions(deps: ErasureDeps, id: string, asked: Redaction, signal: AbortSignal): Promise<Redacted> {
  const file = await loadRequest(deps.shell.db, id)
  if (file === null) return refused('there is no such request')
  const command = { type: 'redact', by: { kind: 'staff', user: asked.user } } as const
  const able = decide(file.erasure, { ...command, around: [] }, deps.shell.now())
  if (!able.ok) return refused(able.message)
  if (file.vault === null) return refused(CLOSED)
  const chosen = choose(await loadMentions(deps.shell.db, id), asked)
  if ('message' in chosen) return refused(chosen.message)
  const words = wordsOf(deps, openPerson(deps.shell, file))
  const around: Around[] = []
  const gone: Mention[] = []
  for (const [connection, group] of Map.groupBy(chosen, (mention) => mention.connection)) {
    const results = await sideOf(deps, connection).erasure.redact(group.map(toPlace), words, asked.names ? 'all' : 'certain', signal)
    results.forEach(({ object, id: one, outcome, reason }, i) => {
      around.push({ connection, object, id: one, outcome, reason: reason ?? null })
      if (outcome !== 'refused') gone.push(group[i]!)
    })
  }
  const changed = await changeRequest(deps.shell, id, async ({ erasure }, turn) => {
    const decided = decide(erasure, { ...command, around }, turn.now())
    if (!decided.ok) return { message: decided.message }
    await deleteMentions(turn.db, id, gone)
    return { events: asErasure(decided.events) }
  })
  return { changed, around }
}

const CLOSED = 'this request is closed: nobody knows any more what to look for'

function refused(message: string): Redacted {
  return { changed: { outcome: 'refused', message }, around: [] }
}

function choose(mentions: readonly Mention[], { places, names }: Redaction): readonly Mention[] | { message: string } {
  const unknown = places?.find((place) => !mentions.some((mention) => placeOf(mention) === place))
  if (unknown !== undefined) return { message: `${unknown} is none of the mentions of this request` }
  const isClear = ({ certainty, remedy }: Mention): boolean => certainty === 'certain' && remedy !== 'by-hand'
  const chosen = mentions.filter((mention) => places?.includes(placeOf(mention)) ?? isClear(mention))
  const byHand = chosen.find(({ remedy }) => remedy === 'by-hand')
  if (byHand !== undefined) return { message: `${placeOf(byHand)} can only be changed in the CRM itself; then look again` }
  const namesake = names ? undefined : chosen.find(({ certainty }) => certainty === 'possible')
  if (namesake !== undefined) return { message: `${placeOf(namesake)} may speak of a namesake: read it there first` }
  return chosen
}

function toPlace({ object, id, field, remedy }: Mention): Place {
  return { ref: { object, id }, field, remedy: remedy === 'delete' ? 'delete' : 'redact' }
}

/** Reads the texts of others again, in every connection of the plan. */
export async function scanAgain(deps: ErasureDeps, id: string, signal: AbortSignal): Promise<Changed> {
  const file = await loadRequest(deps.shell.db, id)
  if (file === null) return { outcome: 'refused', message: 'there is no such request' }
  const { erasure } = file
  const able = decide(erasure, { type: 'read' }, deps.shell.now())
  if (!able.ok) return { outcome: 'refused', message: able.message }
  if (erasure.status !== 'settled' && erasure.status !== 'returned')
    throw new Error(`nothing is read of an erasure that is ${erasure.status}`)
  if (file.vault === null) return { outcome: 'refused', message: CLOSED }
  const person = openPerson(deps.shell, file)
  const scans = await Promise.all(reachedBy(erasure).map((connection) => scanOf(deps, sideOf(deps, connection), erasure, person, signal)))
  return changeRequest(deps.shell, id, async (current, turn) => {
    const decided = decide(current.erasure, { type: 'read' }, turn.now())
    if (!decided.ok) return { message: decided.message }
    const at = new Date(turn.now()).toISOString()
    for (const { connection, mentions } of scans) await saveMentions(turn.db, id, connection, mentions, at)
    return { events: asErasure(decided.events) }
  })
}

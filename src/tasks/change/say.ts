/** What a request says to Accord itself, in the transaction that begins it: from then on every record of the person is judged so. */
import { createIntake, sayableAt } from '../../core/consent/intake.ts'
import type { Goal } from '../../core/request/change.ts'
import { liftForRequest, restrictForRequest } from '../../store/restrictions.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import { carryAddress } from './address.ts'
import { takeDown } from '../consent/consents.ts'
import { openPerson, type ErasureDeps, type PersonFile } from '../erasure/deps.ts'
import { hashesOf } from '../erasure/suppress.ts'
import type { TurnShell } from '../turn.ts'

/** What the statement was said by, where a form would stand. */
const BY_REQUEST = 'request'

export async function say(deps: ErasureDeps, turn: TurnShell, file: StoredRequest, goal: Goal): Promise<void> {
  switch (goal) {
    case 'opt-out':
      await liftForRequest(turn.db, file.id)
      return sayNo(deps, turn, file)
    case 'restrict':
      return restrict(deps, turn, file.id, openPerson(turn, file))
    case 'lift':
      return liftForRequest(turn.db, file.id)
    case 'correct':
      return carryOn(deps, turn, openPerson(turn, file))
    default:
      return goal satisfies never
  }
}

async function carryOn(deps: ErasureDeps, turn: TurnShell, { asked, subject, corrections }: PersonFile): Promise<void> {
  const fresh = corrections?.email
  if (typeof fresh !== 'string') return
  await carryAddress(deps, turn, [...new Set([...asked.emails, ...subject.person.emails])], fresh)
}

export function restrict({ policy }: ErasureDeps, turn: TurnShell, request: string, person: PersonFile): Promise<void> {
  return restrictForRequest(turn.db, request, hashesOf(turn, person, policy), new Date(turn.now()).toISOString())
}

/** A no to everything that is not a contract's, proved, from when it reached the company, for the very address and number that were named. */
async function sayNo({ policy, landscape }: ErasureDeps, turn: TurnShell, file: StoredRequest): Promise<void> {
  const { asked } = openPerson(turn, file)
  const read = createIntake(policy)
  const [phone] = asked.phones
  const deps = { shell: turn, landscape, actOn: () => null, ringMail: async () => undefined }
  const { at, ahead } = sayableAt(file.receivedAt, turn.now())
  if (ahead) await alertDpo(turn, { request: file.id, kind: 'clocks-differ', event: '' })
  const origin = 'origin' in file.request ? file.request.origin : 'form'
  for (const identifier of [...asked.emails.map((email) => ({ email, phone })), ...(asked.emails.length === 0 ? [{ phone }] : [])]) {
    const said = { identifier, event: 'withdrawn', purpose: '*', channel: '*', at: new Date(at).toISOString() } as const
    const statement = read({ ...said, form: `request/${file.id}`, how: origin }, turn.now())
    if (!statement.ok) throw new TypeError(`what was received cannot be said: ${statement.problem.code}`)
    await takeDown(deps, turn, { statement: statement.value, apiKey: BY_REQUEST, idempotency: null }, turn.now())
  }
}

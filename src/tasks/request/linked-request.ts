/** The request behind a link of a mail. */
import { readLink, type LinkUse } from '../../core/consent/confirm-link.ts'
import { loadLink, type RequestLink } from '../../store/request-links.ts'
import { loadRequest, type StoredRequest } from '../../store/requests.ts'
import type { Shell } from '../shell.ts'
import { inTurn, type TurnShell } from '../turn.ts'

type Use = Extract<LinkUse, 'address' | 'identify'>
/** `link`: as it is stored. */
type Linked = { link: RequestLink; file: StoredRequest }

/** Null: we made no such link, or its request is forgotten. */
export function loadLinked(shell: Shell, use: Use, token: string): Promise<Linked | null> {
  const read = readLink(shell.hashKey, use, token)
  return read === null ? Promise.resolve(null) : load(shell, read.id, 'no lock')
}

/** For whoever decides on the request. What we did not sign takes nobody's turn. */
export function inLinkedTurn<T>(
  shell: Shell,
  use: Use,
  token: string,
  work: (turn: TurnShell, linked: Linked) => Promise<T>,
): Promise<T | null> {
  const read = readLink(shell.hashKey, use, token)
  if (read === null) return Promise.resolve(null)
  return inTurn(shell, async (turn) => {
    const linked = await load(turn, read.id, 'for update')
    return linked && work(turn, linked)
  })
}

async function load({ db }: Pick<Shell, 'db'>, id: Buffer, lock: 'for update' | 'no lock'): Promise<Linked | null> {
  const link = await loadLink(db, id)
  const file = link && (await loadRequest(db, link.request, lock))
  return link === null || file === null ? null : { link, file }
}

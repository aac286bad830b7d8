/** Who calls: a bearer key with the scope of the route. Looked at before the body is. */
import type { Request } from 'express'
import type { QueryExecutorProvider } from 'kysely'
import { isSameSecret, readToken, type Scope } from '../core/api-key.ts'
import { findApiKey, noteUse, type ApiKey } from '../store/api-keys.ts'
import { HttpProblem } from './problem.ts'

/** `now` in epoch milliseconds. */
export type KeyParts = { db: QueryExecutorProvider; now: () => number }

/** @throws HttpProblem 401 without a key that works, 403 with one that may do other things. */
export async function authenticate({ db, now }: KeyParts, request: Request, scope: Scope): Promise<ApiKey> {
  const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1]
  const asked = token === undefined ? null : readToken(token)
  const known = asked === null ? null : await findApiKey(db, asked.id)
  if (asked === null || known === null || !isSameSecret(known.secretHash, asked.secretHash)) {
    throw new HttpProblem(
      401,
      'unauthorised',
      'send a key that works as "Authorization: Bearer accord_…"; "accord api-key create" makes one',
      {
        headers: { 'www-authenticate': 'Bearer realm="accord"' },
      },
    )
  }
  if (!known.scopes.includes(scope))
    throw new HttpProblem(
      403,
      'scope_missing',
      `this key lacks the scope ${scope}; make another with "accord api-key create --scope ${scope}"`,
    )
  const today = new Date(now()).toISOString().slice(0, 10)
  if (known.lastUsedOn !== today) await noteUse(db, known.id, today)
  return { id: known.id, name: known.name, scopes: known.scopes }
}

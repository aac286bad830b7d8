/** What the persons behind the records of a batch have asked for, by the hashes of their addresses and numbers. */
import type { QueryExecutorProvider } from 'kysely'
import type { JudgeContext } from '../../core/judge/judge.ts'
import { loadAsking } from '../../store/open-requests.ts'
import { loadRestricted } from '../../store/restrictions.ts'
import type { Identified } from './identify.ts'

export type Wish = Readonly<Required<Pick<JudgeContext, 'openRequest' | 'frozen' | 'restricted'>>>
const none: Wish = { openRequest: false, frozen: false, restricted: false }

type Hashed = Pick<Identified, 'suppressionHashes'>

export async function loadWishes(db: QueryExecutorProvider, identified: readonly Hashed[]): Promise<(one: Hashed) => Wish> {
  const hashes = identified.flatMap((one) => one.suppressionHashes)
  if (hashes.length === 0) return () => none
  const restricted = await loadRestricted(db, hashes)
  const asking = await loadAsking(db, hashes)
  return ({ suppressionHashes }) => {
    const own = suppressionHashes.map((hash) => hash.toString('hex'))
    const wishes = own.flatMap((hash) => asking.get(hash) ?? [])
    return {
      openRequest: wishes.length > 0,
      frozen: wishes.some(({ frozen }) => frozen),
      restricted: own.some((hash) => restricted.has(hash)),
    }
  }
}

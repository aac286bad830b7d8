/**
 * What somebody said to Accord, as the ledger keeps it: sealed, so that the chain goes on verifying when nobody can read it any more. The key has three parts:
 * one outside the database, one of the subject, one of this statement. The end of any of them is the end of it (GDPR art. 17).
 */
import { openSealed, sealText } from './sealed.ts'

/** `subject`, `own`: 32 random bytes each. */
export type StatementKey = { readonly subject: Uint8Array; readonly own: Uint8Array }
/** Which entry of the ledger it stands in: it cannot be moved to another. */
export type StatementPlace = { readonly kind: 'consent' | 'confirmed'; readonly proof: string; readonly object: string }

/** `iv`: 12 random bytes. Answers base64. */
export function sealStatement(
  key: Uint8Array,
  place: StatementPlace,
  parts: StatementKey & { readonly iv: Uint8Array },
  words: unknown,
): string {
  return sealText(key, { seal: sealOf(parts), iv: parts.iv, about: aboutOf(place) }, JSON.stringify(words)).toString('base64')
}

/** @throws Error when it was changed or moved, or is under another key. */
export function openStatement(key: Uint8Array, place: StatementPlace, parts: StatementKey, sealed: string): unknown {
  return JSON.parse(openSealed(key, { seal: sealOf(parts), about: aboutOf(place) }, Buffer.from(sealed, 'base64')))
}

function sealOf({ subject, own }: StatementKey): Buffer {
  return Buffer.concat([subject, own])
}

function aboutOf({ kind, proof, object }: StatementPlace): string {
  return `statement:${kind}:${proof}:${object}`
}

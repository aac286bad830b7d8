/**
 * Why the store could not do what it was asked.
 * - `locked`: another process holds the embedded database, or works on a Postgres where nobody else may at this moment
 * - `unreachable`: no connection to the database server
 * - `unusable`: the embedded database cannot run here, or its files cannot be opened
 * - `missing`: who only looks found no database of ours
 * - `older`: the schema was written by an earlier release, and who only looks changes nothing
 * - `newer`: the schema was written by a later release
 * - `key`: a key file is missing parts or readable by others
 * - `backup`: a backup is incomplete, damaged or of another kind, or would overwrite something
 * - `damaged`: what is stored of one request or retention list cannot be read
 * - `ledger`: the ledger, or its file of checkpoints, does not verify
 */
export type StoreErrorKind = 'locked' | 'unreachable' | 'unusable' | 'missing' | 'older' | 'newer' | 'key' | 'backup' | 'damaged' | 'ledger'

/** The message never holds a password, a connection string or a stored value. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind

  constructor(kind: StoreErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StoreError'
    this.kind = kind
  }
}

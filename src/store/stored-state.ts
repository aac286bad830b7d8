import { StoreError } from './error.ts'

/** `of`: whose it is, by id. Throws StoreError `damaged`: what JSON.parse throws would quote it. */
export function readState<T>(of: string, text: string): T {
  try {
    return JSON.parse(text) as T
  } catch {
    throw new StoreError(
      'damaged',
      `what is stored of ${of} cannot be read: put back a copy of the database in which it is whole; its events stand in the ledger, and its time runs`,
    )
  }
}

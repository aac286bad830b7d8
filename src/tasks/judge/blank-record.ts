/** A record of which nothing is known but that there is one. */
import type { StoredRecord } from '../../store/records.ts'

export const blankRecord: Omit<StoredRecord, 'source' | 'id'> = {
  subject: null,
  content: null,
  email: null,
  name: null,
  given: 0,
  family: 0,
  personal: false,
  verdict: null,
  reviewOn: null,
  gone: false,
  facts: null,
}

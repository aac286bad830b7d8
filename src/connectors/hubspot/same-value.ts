/** Whether HubSpot holds a value already, in spite of the ways in which it rewrites what it was given. */
import type { FieldValue } from '../connector.ts'

/** An unreadable property (`undefined`) is never the same: the write then tells what is wrong with it. */
export function sameValue(held: string | null | undefined, wanted: FieldValue): boolean {
  if (held === undefined) return false
  const [here, there] = [held ?? '', wanted ?? '']
  if (here === there) return true
  if (isInstant.test(here) && isInstant.test(there)) return Date.parse(here) === Date.parse(there)
  return here.includes(';') && there.includes(';') && sorted(here) === sorted(there)
}

/** HubSpot trims zero milliseconds of a date-time. */
const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/
/** The choices of a multi-select are a set. */
const sorted = (choices: string) => choices.split(';').filter(Boolean).sort().join(';')

/** What failed otherwise than a CRM does, in words that hold nothing of what it broke on: for the log, and for whoever mends it. */
import { codeOf } from '../store/pool.ts'

/** The fault of what failed by itself: in the way is neither a CRM nor a person. */
export const INTERNAL = 'internal'

/** `error`: the code, or the name of the class. `at`: the place in our own source, such as `tasks/change/say.ts:51`; empty when it is not there. */
export function faultFacts(error: unknown): { error: string; at: string } {
  const code = codeOf(error)
  const name = error instanceof Error ? error.name : 'unknown'
  return { error: code === 'unknown' ? name : code, at: placeOf(error) }
}

/** A message may quote anything, and the stack repeats it: nothing but file and line of a frame is taken. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frame = /^ {4}at .*\/(?:src|dist)\/((?:[a-z-]+\/)?[a-z-]+\.[tj]s:\d+):\d+\)?$/m.exec(stack)
  return frame?.[1] ?? ''
}

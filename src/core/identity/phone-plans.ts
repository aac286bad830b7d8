/** Numbers of all the world's plans, where they are plainly written: what the library says of one it says of its neighbours. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

const plain = /^(?:\+|00)[1-9](?:[ \u00A0\u202F.-]?\d|[ \u00A0\u202F]?\(0\))+$/
const [fewest, most] = [10, 15]
/** No plan in the world lets the last two digits decide, in a number of ten or more with its country code: so says a test of every pattern. */
const free = 100
/** By the other digits whether the number stands as it is. Bounded, and in memory only. */
const known = new Map<number, boolean>()
const maxKept = 4_000

/** `+49 30 1234567`, `0049301234567`, `+44 (0)20 7946 0123`: E.164; `null` where it is otherwise written or no such number, which is to be looked at closer. */
export function readInternational(raw: string): string | null {
  if (!plain.test(raw)) return null
  const digits = raw.replace(/\(0\)|\D|^00/g, '')
  if (digits.length < fewest || digits.length > most) return null
  return stands(digits) ? `+${digits}` : null
}

function stands(digits: string): boolean {
  const others = Math.floor(Number(digits) / free)
  const before = known.get(others)
  if (before !== undefined) return before
  const number = parsePhoneNumberFromString(`+${digits}`, { extract: false })
  const answer = number?.isValid() === true && number.number === `+${digits}`
  if (known.size >= maxKept) known.clear()
  known.set(others, answer)
  return answer
}

import { UsageError } from './failure.ts'

/** The value of an option that counts something; anything else is a wrong command line. */
export function wholeNumber(text: string, option: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most)
    throw new UsageError(`${option} takes a whole number, ${most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`}`)
  return value
}

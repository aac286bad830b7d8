import { UsageError } from './failure.ts'

/** The value of an option that counts something; anything else is a wrong command line. */
export function wholeNumber(text: string, option: string, least: number): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
    throw new UsageError(`${option} takes a whole number, ${least} or more`)
  return value
}

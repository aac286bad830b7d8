/** What connectors accept as settings: texts and numbers that may come from the environment. No message holds a value. */
import { z } from 'zod'

/** A token, an id or a password. It travels in a header or a form: a line break or an accent in it is a slip of the clipboard. */
export const Secret = z
  .string()
  .trim()
  .superRefine((text, ctx) => {
    if (text === '') refuse(ctx, 'it is empty', 'the whole value, as the CRM shows it')
    else if (!/^[\x21-\x7e]+$/.test(text))
      refuse(ctx, 'it holds a space, a line break or a letter that no credential has', 'the value alone, copied again from the CRM')
  })

/** Several, so that a new one can be told before the old one goes; an empty text is one that is not set. */
export function secrets(one: z.ZodType<string, string> = Secret): z.ZodType<readonly string[]> {
  return z.array(z.union([z.literal(''), one])).transform((given) => [...new Set(given.filter((secret) => secret !== ''))])
}

/** An empty text is none: that is how a variable that is not set arrives. */
export function orNone<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return z.preprocess((given) => (given === '' ? undefined : given), schema.optional())
}

/** True or false; as text when it comes from the environment. */
export function flag(): z.ZodType<boolean> {
  return z.unknown().transform((given, ctx) => {
    const value = given === 'true' ? true : given === 'false' ? false : given
    if (typeof value === 'boolean') return value
    refuse(ctx, 'neither true nor false', 'true or false')
    return z.NEVER
  })
}

/** A whole number; as text when it comes from the environment. An empty text is a mistake, not a zero. */
export function count(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`
  return numeric((value) => Number.isSafeInteger(value) && value >= min && value <= max, `a whole number, ${range}`)
}

/** The part that is ours, above 0 and up to 1: with none of it there is nothing to connect for. */
export function share(): z.ZodType<number> {
  return numeric((value) => value > 0 && value <= 1, 'a number above 0 and up to 1, such as 0.6')
}

/** The part that is left to others, from 0 to below 1. */
export function reserve(): z.ZodType<number> {
  return numeric((value) => value >= 0 && value < 1, 'a number from 0 to below 1, such as 0.1')
}

function numeric(fits: (value: number) => boolean, wanted: string): z.ZodType<number> {
  return z.unknown().transform((given, ctx) => {
    const value = typeof given === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(given) ? Number(given) : given
    if (typeof value === 'number' && fits(value)) return value
    refuse(ctx, 'no number that fits', wanted)
    return z.NEVER
  })
}

function refuse(ctx: z.RefinementCtx, message: string, instead: string): void {
  ctx.addIssue({ code: 'custom', message, params: { instead } })
}

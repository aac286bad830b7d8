import { notAnId, notPositive } from './errors.ts'

/** The id a path or body names; throws the 404 that applies to what is none. */
export function recordId(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw notAnId(text)
  const id = Number(text)
  if (id <= 0) throw notPositive(text)
  return id
}

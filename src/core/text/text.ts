/** A value of a CRM as the rules see it. */

/** `undefined`: could not be read, or says nothing that we understand. `null`: empty. */
export type Text = string | null | undefined

/** Trimmed, and `null` when nothing is left. */
export function filled(value: Text): Text {
  if (value === null || value === undefined || value === '') return value === undefined ? undefined : null
  if (
    value.charCodeAt(0) > 32 &&
    value.charCodeAt(0) < 128 &&
    value.charCodeAt(value.length - 1) > 32 &&
    value.charCodeAt(value.length - 1) < 128
  )
    return value
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

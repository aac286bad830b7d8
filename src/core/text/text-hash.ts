/** Numbers by which a place in a table is chosen: what stands there is compared, so that they need not be unique. */

/**
 * A number for a short text, the same for equal ones. V8 makes each text that is looked up in a Map or a Set the one of its kind: for one that was just cut out
 * or put together that takes 0.1 to 0.3 µs, and an entry in a table that every garbage collection walks. To find a place by this number and to compare there
 * takes a tenth.
 */
export function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** One number of two. Its upper bits are folded into the lower ones, by which a place is chosen. */
export function mixed(hash: number, more: number): number {
  const product = Math.imul(hash ^ more, 0x9e3779b1)
  return product ^ (product >>> 15)
}

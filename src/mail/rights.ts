/** How the seven rights are called, in French and English. */
import type { Right } from '../core/request/request.ts'

export type RightWords = { readonly [R in Right]: string }

export const rightWords: { readonly fr: RightWords; readonly en: RightWords } = {
  fr: {
    access: 'accès (art. 15)',
    rectification: 'rectification (art. 16)',
    erasure: 'effacement (art. 17)',
    restriction: 'limitation du traitement (art. 18)',
    objection: 'opposition (art. 21)',
    portability: 'portabilité (art. 20)',
    withdrawal: 'retrait du consentement (art. 7)',
  },
  en: {
    access: 'access (art. 15)',
    rectification: 'rectification (art. 16)',
    erasure: 'erasure (art. 17)',
    restriction: 'restriction of processing (art. 18)',
    objection: 'objection (art. 21)',
    portability: 'portability (art. 20)',
    withdrawal: 'withdrawal of consent (art. 7)',
  },
}

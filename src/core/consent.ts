/** What people said: consent facts, and the state that they add up to. */

export type ConsentEvent = 'given' | 'withdrawn' | 'refused' | 'expired' | 'asked'
/** `proved`: act, time and text version are on file. `claimed`: someone says so. `contradicted`: two sources disagree. */
export type Grade = 'proved' | 'claimed' | 'contradicted'
/** `at` in epoch milliseconds, `null` when the source does not say. `*` covers every purpose, or every channel. No personal data. */
export type ConsentFact = {
  readonly purpose: string
  readonly channel: string
  readonly event: ConsentEvent
  readonly at: number | null
  readonly source: string
  readonly grade: Grade
}
export type ConsentStatus = 'granted' | 'withdrawn' | 'refused' | 'expired' | 'unknown'

/**
 * Where the judge does not say what the label says. The labels stay: each entry is a question to settle, in the code or in the shipped
 * policy, and the test fails as soon as the answer changes, so that the entry goes.
 */
export type Aspect = 'findings' | 'retention' | 'status'
export type Dispute = { readonly why: string; readonly cases: Readonly<Partial<Record<Aspect, readonly string[]>>> }

export const DISPUTED: readonly Dispute[] = [
  {
    why: 'GDPR art. 6(1)(b): without a contract there is no service to write about; the line "postal" of the policy lets customer_care through.',
    cases: { status: ['fifteen-tomorrow', 'fourteen-contact', 'on-the-suppression-list-and-opted-out'] },
  },
]

export function disputedCases(aspect: Aspect): readonly string[] {
  return [...new Set(DISPUTED.flatMap(({ cases }) => cases[aspect] ?? []))].toSorted()
}

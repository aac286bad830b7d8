/**
 * Where the judge does not say what the label says. The labels stay: each entry is a question to settle, in the code or in the shipped
 * policy, and the test fails as soon as the answer changes, so that the entry goes.
 */
export type Aspect = 'findings' | 'retention' | 'status'
export type Dispute = { readonly why: string; readonly cases: Readonly<Partial<Record<Aspect, readonly string[]>>> }

export const DISPUTED: readonly Dispute[] = [
  {
    why: 'GDPR art. 14(3)(a), Reg. (EEC) 1182/71 art. 3: a period of one month ends with the last hour of the same date; the notice is late the day after.',
    cases: { findings: ['purchased-a-month-ago'] },
  },
  {
    why: 'The policy warns thirty days before an idle account ends (warnBefore P30D), and so do the CNIL reference periods.',
    cases: { findings: ['account-idle-thirty-days-left'], status: ['account-idle-thirty-days-left'] },
  },
  {
    why: 'GDPR art. 5(1)(e): while a contract runs without a known end, nobody can say on which day the file is due; an older date says "keep until" a day long gone.',
    cases: {
      retention: [
        'consumer-customer',
        'contract-runs',
        'fourteen-with-contract',
        'kept-for-the-contract',
        'marketing-consumer-customer',
        'marketing-contact-not-informed',
        'on-the-suppression-list-with-contract',
      ],
    },
  },
  {
    why: 'CPCE L34-5: service mail is no marketing; a marketing contact whom only service mail may reach is marked without permission.',
    cases: {
      findings: ['marketing-consumer-customer', 'marketing-contact-not-informed'],
      status: ['marketing-consumer-customer', 'marketing-contact-not-informed'],
    },
  },
  {
    why: 'GDPR art. 6(1)(b): without a contract there is no service to write about; the line "postal" of the policy lets customer_care through.',
    cases: { status: ['fifteen-tomorrow', 'fourteen-contact', 'on-the-suppression-list-and-opted-out'] },
  },
]

export function disputedCases(aspect: Aspect): readonly string[] {
  return [...new Set(DISPUTED.flatMap(({ cases }) => cases[aspect] ?? []))].toSorted()
}

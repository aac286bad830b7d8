/** From what was written in policy.yaml to a policy that holds together, or to everything that is wrong with it. */
import { checkReferences } from './check.ts'
import { checkSafety } from './safety.ts'
import { PolicySchema, type Policy } from './schema.ts'
import { problemsOf, type Parsed } from './problem.ts'

const keys = [
  ...Object.keys(PolicySchema.shape),
  ...'controller dpo country locale timezone financialYearEnd ref confidence name siren address email audience consent startDate'.split(
    ' ',
  ),
  ...'id formerly label fr en needs everyMessage days hours publicHolidays maxCalls per silenceAfterRefusal lawfulBasis serviceOnly'.split(
    ' ',
  ),
  ...'assessedBy assessedOn channels fields enabled when refuseWhen exceptServiceOnly validFrom validTo channel purposes need validFor'.split(
    ' ',
  ),
  ...'reviewAfter keepProof actsOfThePerson holds rules effect category data who clock anchor duration warnBefore then how severity action'.split(
    ' ',
  ),
  ...'dryRunFirst maxShareErasedPerRun maxContactsErasedPerRun fourEyesAbove approvers waitAfterApproval maxDataAge within'.split(' '),
  ...'internalTarget monthEnd adds tellWithin reasonRequired default idDocument storage content defaultScope keepAtLeast'.split(' '),
  ...'reviewEvery until checkAt on ground keepFor record'.split(' '),
  ...'automatic lastMessage wait purpose raisedBecause'.split(' '),
]

/** The shape first; references between the parts only once the shape is right. Every problem found is returned. */
export function parsePolicy(raw: unknown): Parsed<Policy> {
  const read = PolicySchema.safeParse(raw, { reportInput: true })
  if (!read.success) return { ok: false, problems: problemsOf(read.error, keys) }
  const problems = [...checkReferences(read.data), ...checkSafety(read.data)]
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: read.data }
}

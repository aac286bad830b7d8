/** What the API tells of those who were erased and are seen again, and takes down of what is decided. */
import type { z } from 'zod'
import { CaseAnswer, CaseDecided, CaseDecisionBody, CaseList, CaseListPath, CasePath } from './case-body.ts'
import { HttpProblem } from './problem.ts'
import { defineRoute, type Answer, type Route } from './route.ts'

type Told = z.infer<typeof CaseAnswer>
type Decided = ({ outcome: 'changed' } & z.infer<typeof CaseDecided>) | { outcome: 'refused'; message: string } | { outcome: 'unknown' }
/** `decide` reads the CRMs, and is over after a minute at most. */
export type CaseParts = {
  list: () => Promise<readonly Told[]>
  show: (id: string) => Promise<Told | null>
  decide: (body: CaseDecisionBody) => Promise<Decided>
}

/** Each decision reads the records live. */
const DECISIONS_PER_MINUTE = 30

/** Deciding comes before the number of a case: neither may be taken for the other. */
export function caseRoutes(parts: CaseParts): readonly Route[] {
  return [listRoute(parts), decideRoute(parts), showRoute(parts)]
}

function listRoute({ list }: CaseParts): Route {
  return defineRoute({
    method: 'get',
    path: '/api/v1/cases',
    name: 'listCases',
    summary: 'List those who were erased and are seen again',
    description: 'One case for each person, by references alone. Marketing to such records has stopped with their first reading.',
    scope: 'cases:read',
    idempotent: false,
    perMinute: null,
    body: CaseListPath,
    example: null,
    answers: { 200: { description: 'The cases.', schema: CaseList } },
    problems: {},
    work: async () => ({ status: 200, body: CaseList.parse({ cases: await list() }) }),
  })
}

function showRoute({ show }: CaseParts): Route {
  return defineRoute({
    method: 'get',
    path: '/api/v1/cases/{id}',
    name: 'showCase',
    summary: 'Show one case',
    description: 'Its records by reference, how each came back, the proved consents that are newer than the erasure, and how it ended.',
    scope: 'cases:read',
    idempotent: false,
    perMinute: null,
    body: CasePath,
    example: null,
    answers: { 200: { description: 'How it stands.', schema: CaseAnswer } },
    problems: { 404: 'There is no such case.' },
    work: async ({ id }) => {
      const told = await show(id)
      if (told === null) throw unknown()
      return { status: 200, body: CaseAnswer.parse(told) }
    },
  })
}

function decideRoute({ decide }: CaseParts): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/cases/decide',
    name: 'decideCase',
    summary: 'Decide what becomes of somebody who came back',
    description:
      'Keeps them, by a new consent or as somebody else, or prepares one more erasure, which a user then approves by its digest. The records are read ' +
      'live. The decision stands in the ledger with the user who is named.',
    scope: 'cases:write',
    idempotent: false,
    perMinute: DECISIONS_PER_MINUTE,
    body: CaseDecisionBody,
    example: { decision: 'keep', case: '7d444840-9dc0-41d1-b245-5ffdce74fad2', because: 'somebody-else', user: 'dpo' },
    answers: { 200: { description: 'Decided.', schema: CaseDecided } },
    problems: {
      404: 'There is no such case.',
      422: 'Well formed, but not possible: the case is closed, no such proof is on file, or the records are gone.',
    },
    work: async (body): Promise<Answer> => {
      const decided = await decide(body)
      if (decided.outcome === 'unknown') throw unknown()
      if (decided.outcome === 'refused') throw new HttpProblem(422, 'decision_refused', decided.message)
      return { status: 200, body: CaseDecided.parse(decided) }
    },
  })
}

function unknown(): HttpProblem {
  return new HttpProblem(404, 'case_unknown', 'there is no case of that number')
}

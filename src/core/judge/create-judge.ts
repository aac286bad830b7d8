/** Compiles a policy and a mapping into the judge of one object of one connection: closures and tables, no clock, no I/O. */
import { actDayOf, compileActs, compileLatestYes } from './acts.ts'
import { compileAudience, sharedLocalParts } from '../policy/audience.ts'
import { dayOfIso, isoOf } from '../time/calendar.ts'
import { ageOfConsent, compileIsChild, compileOfAge } from '../consent/child.ts'
import { createCollector, type Collector } from './collect.ts'
import type { CompileContext } from '../policy/condition-compile.ts'
import { compileChildsYes } from '../consent/childs-yes.ts'
import { compileStatements, factsOf } from '../consent/facts.ts'
import { createSignalCheck, isLawful } from '../consent/findings.ts'
import { createConsentJudge, type ConsentOutcome } from '../consent/judge.ts'
import { createFieldChecks, type FieldChecks } from './field-checks.ts'
import type { ObjectInfo } from '../record/field-info.ts'
import { createFrameReader, noteDay, type Frame } from './frame.ts'
import { compileGates, OPEN_REQUEST, RESTRICTION, type Asked } from '../policy/gates.ts'
import { compileIdentity } from '../identity/identify.ts'
import type { Judge, JudgeContext } from './judge.ts'
import { createRecordReader, type Answers } from './judge-record.ts'
import { mappingProblems, mappedFields } from '../record/mapped-fields.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { createMirror } from '../consent/mirror.ts'
import { createNoticeCheck } from '../consent/notice.ts'
import { compileReach } from './reach.ts'
import { createStatementReader, sourcesFor } from '../consent/own-statements.ts'
import { compileBinding, compileOfPerson } from '../consent/of-person.ts'
import { createPairParts } from '../consent/pair-parts.ts'
import { createPermissionTable, type Choices } from '../policy/permission-table.ts'
import type { Policy } from '../policy/schema.ts'
import { fieldsUsedByRules, pairsOf } from '../policy/purposes.ts'
import { compileRetention, type RetentionOutcome } from '../retention/retention.ts'
import { createRowReader, type ColumnOf, type Row } from '../record/row.ts'
import { dayStartIn, localDayIn } from '../time/time-zone.ts'
import type { Finding, RecordStatus, Verdict } from './verdict.ts'
import { vocabulariesOf } from '../policy/vocabulary.ts'
import { createWriteBack } from './write-back.ts'

export type JudgeOptions = {
  readonly policy: Policy
  readonly mapping: ObjectMapping
  /** Id of the connection. */
  readonly connection: string
  readonly schema: ObjectInfo
  /** YYYY-MM-DD in the policy's time zone: the day as of which everything is judged. */
  readonly today: string
  /** Epoch milliseconds at which the run began. Absent: the end of `today`. */
  readonly now?: number
}

const nothing: ReadonlySet<string> = new Set()
/** Clocks of two systems disagree by that much. */
const graceMs = 5 * 60_000

export function createJudge(options: JudgeOptions): Judge {
  const { policy, mapping, connection, schema } = options
  const readable = new Set(schema.fields.map((field) => field.name))
  const localDay = localDayIn(policy.organisation.timezone)
  const today = dayOfIso(options.today)
  const dayStart = dayStartIn(policy.organisation.timezone)
  const rows = createRowReader()
  const { columnOf } = rows
  const statements = compileStatements({ mapping, connection, readable, columnOf, dayStart })
  const age = ageOfConsent(policy, today)
  const childOptions = { age, mapping, readable, columnOf, localDay, dayStart }
  const ofAge = compileOfAge(childOptions)
  const services = new Set(policy.purposes.filter((purpose) => purpose.serviceOnly).map((purpose) => purpose.id))
  // As of another day than that of the run, whatever happened since then is left out.
  const live = options.now !== undefined && localDay(options.now) === today
  const latest = live && options.now !== undefined ? options.now + graceMs : dayStart(today + 1) - 1
  const checks = createFieldChecks(policy, mapping, schema, columnOf)
  const writeBack = createWriteBack(policy, mapping, schema.fields, columnOf)
  const mirror = createMirror({ policy, mapping, connection, catalogue: schema.fields, columnOf })
  const isChild = compileIsChild(childOptions, today)
  const ofPerson = compileOfPerson({ ...childOptions, policy, connection, vocabularies: vocabulariesOf(policy), today, isChild, ofAge })
  const lastAct = compileActs({ acts: mapping.acts, counted: policy.retention.actsOfThePerson, readable, columnOf, today, localDay })
  const latestYes = compileLatestYes(statements, latest)
  const { ofFields, ofHeld } = createRecordReader(rows, {
    identity: compileIdentity({ mapping, genericLocalParts: sharedLocalParts(policy), homeCountry: policy.organisation.country }, columnOf),
    facts: (row, changedAt, ours = nothing) => {
      const until = live && changedAt !== undefined ? Math.max(latest, changedAt + graceMs) : latest
      const said = factsOf(statements, row, { latest: until, services, ofAge, ours })
      const bound = ofPerson(row)
      return bound.length === 0 ? said : [...said, ...bound]
    },
    childsYes: compileChildsYes({ ...childOptions, connection, services, today }),
    lastAct: (row) => actDayOf(lastAct(row, latestYes(row), null)),
    judge: compileRowJudge({ ...options, readable, columnOf, localDay, day: today, statements, latest, checks }),
    optOuts: mirror.wanted,
    patch: writeBack.patch,
  })
  return {
    reads: [...new Set([...mappedFields(mapping), ...writeBack.names, ...checks.watched, ...mirror.reads])],
    writes: writeBack.names,
    problems: mappingProblems({ policy, mapping, schema, unready: writeBack.unready, unmirrored: mirror.unready }),
    record: ofFields,
    recordHeld: ofHeld,
    identify: (fields) => ofFields(fields).identity(),
    facts: (fields, changedAt, ours) => ofFields(fields).facts(changedAt, ours),
    lastAct: (fields) => ofFields(fields).lastAct(),
    childsYes: (fields, said) => ofFields(fields).childsYes(said),
    judge: (fields, context) => ofFields(fields).judge(context),
    mirror,
  }
}

type Parts = JudgeOptions & {
  readonly readable: ReadonlySet<string>
  readonly columnOf: ColumnOf
  readonly localDay: (ms: number) => number
  readonly day: number
  readonly statements: ReturnType<typeof compileStatements>
  /** Epoch milliseconds after which nothing can have been said yet. */
  readonly latest: number
  readonly checks: FieldChecks
}

function compileRowJudge(parts: Parts): Answers['judge'] {
  const { policy, checks } = parts
  const rules = compileRules(parts)
  const { reviewDue, statusAt } = rules.consent
  const collector = createCollector()
  const rulesChange = nextRuleChange(policy, parts.day)
  const blocking = new Set(policy.detectors.filter(({ action }) => action === 'block').map(({ id }) => `sensitive.${id}`))
  return (row: Row, given: JudgeContext): Verdict => {
    collector.reset()
    const frame = rules.look(row, given)
    noteDay(frame, rulesChange)
    const bond = rules.bind(frame, given.facts)
    const { reachable, broken, reach } = rules.reachOf(frame, row)
    const { facts, suppressed } = given
    const audience = rules.audienceOf(frame)
    const gates = rules.gatesOf(frame, askedBy(given), bond.child)
    const choices = rules.table.choose(frame, audience)
    const own = rules.ownOf(row, collector)
    if (own.ahead !== Infinity) noteDay(frame, Math.max(parts.localDay(own.ahead), parts.day + 1))
    frame.yesAhead = own.provedAhead
    const { unreadable, allReadable } = own
    const outcome = rules.consent.judge(frame, { facts, suppressed, gates, choices, unreadable, allReadable, reachable, reach })
    const retention = rules.retentionOf({ frame, row, latestYes: own.latestYes, elsewhere: given.lastAct ?? null, held: bond.holds })
    const restricted = gates.standing.has('restricted')
    const child = gates.standing.has('child')
    rules.checkSignals({ row, own, outcome, statusAt, choices, facts, suppressed, restricted, child, reachable, reviewDue }, collector)
    rules.checkNotice(frame, gates, collector)
    if (given.restricted === true || bond.restricts) collector.add('consent.restricted', '')
    checkRetention(retention, collector)
    checks.check(row, frame, collector)
    if (isPurposeless(outcome, gates.marketing === null, retention, allReadable) && !isOutOfReach(outcome, choices, broken))
      collector.add('consent.no_purpose', '')
    const findings = collector.take()
    return {
      status: statusOf(findings, outcome, retention, blocking),
      audience: policy.audiences[audience]?.id ?? policy.unknowns.audience,
      findings,
      consent: outcome.views,
      permissions: outcome.permissions,
      lawfulBases: outcome.lawfulBases,
      retention: retention.view,
      nextReviewOn: frame.nextDay === Infinity ? null : isoOf(frame.nextDay),
    }
  }
}

function askedBy({ restricted, frozen }: JudgeContext): Asked {
  return restricted === true ? RESTRICTION : frozen === true ? OPEN_REQUEST : null
}

/** Everything that is worked out once for the whole run. */
function compileRules({ policy, mapping, readable, columnOf, localDay, day, statements, latest }: Parts) {
  const reader = createFrameReader({
    used: fieldsUsedByRules(policy),
    mapping,
    vocabularies: vocabulariesOf(policy),
    readable,
    columnOf,
    today: day,
    localDay,
  })
  const context: CompileContext = { slotOf: reader.slotOf, today: day }
  const pairs = pairsOf(policy)
  const pairParts = pairs.map(createPairParts)
  const marketing = new Map(Object.entries(mapping.marketing))
  return {
    look(row: Row, given: JudgeContext): Frame {
      reader.fill(row, { suppressed: given.suppressed, openRequest: given.openRequest === true })
      return reader.frame
    },
    bind: compileBinding(policy, { ...context, localDay, dayStart: dayStartIn(policy.organisation.timezone) }),
    reachOf: compileReach({ pairs, mapping, slotOf: reader.slotOf, columnOf, homeCountry: policy.organisation.country }),
    audienceOf: compileAudience(policy, context),
    gatesOf: compileGates(policy, context),
    table: createPermissionTable(policy, pairs, pairParts, context),
    ownOf: createStatementReader(sourcesFor(statements, pairs, readable), pairs.length, latest),
    consent: createConsentJudge({
      pairs,
      parts: pairParts,
      rules: policy.consentRules,
      child: childOf(policy, day, reader.slotOf),
      today: day,
      localDay,
    }),
    checkSignals: createSignalCheck({ pairs, marketing, legalBasis: legalBasisOf(mapping), columnOf }),
    checkNotice: createNoticeCheck(policy, reader.slotOf, day),
    retentionOf: compileRetention({ policy, context, acts: mapping.acts, readable, columnOf, localDay }),
  }
}

function childOf(policy: Policy, today: number, slotOf: (field: string) => number): { slot: number; age: number } | null {
  const age = ageOfConsent(policy, today)
  return age === null ? null : { slot: slotOf('birthDate'), age }
}

function legalBasisOf(mapping: ObjectMapping): { field: string; values: ReadonlyMap<string, string> } | null {
  return mapping.legalBasis === undefined
    ? null
    : { field: mapping.legalBasis.field, values: new Map(Object.entries(mapping.legalBasis.values)) }
}

function checkRetention({ action, clock, account }: RetentionOutcome, collector: Collector): void {
  if (account !== 'none') collector.add(account === 'due' ? 'retention.account_due' : 'retention.warning', 'accountCreatedAt')
  switch (action) {
    case 'none':
    case 'wait':
      return
    case 'warn':
      return collector.add('retention.warning', '')
    case 'unknown':
      for (const field of clock) if (field !== 'actsOfThePerson') collector.add('retention.start_unknown', field)
      return
    default:
      return collector.add(dueRules[action], '')
  }
}

/** Put together anew for each record, a text costs as much to find as a hash. */
const dueRules = {
  erase: 'retention.erase_due',
  archive: 'retention.archive_due',
  anonymise: 'retention.anonymise_due',
  review: 'retention.review_due',
} as const

function isPurposeless(outcome: ConsentOutcome, gateFree: boolean, retention: RetentionOutcome, allReadable: boolean): boolean {
  if (outcome.lawfulBases.length > 0 || !gateFree || retention.view.hold !== null) return false
  return (retention.action === 'none' || retention.action === 'warn') && allReadable
}

/** Something is allowed, and only the address or number has to be put right: that is a finding of its own. */
function isOutOfReach(outcome: ConsentOutcome, choices: Choices, broken: Uint8Array): boolean {
  return broken.some((isBroken, pair) => isBroken === 1 && isLawful(outcome, choices, pair))
}

/** `blocking`: the rules of detectors with `action: block`. What a word list found under `review` may be wrong: somebody reads it first. */
function statusOf(
  findings: readonly Finding[],
  outcome: ConsentOutcome,
  retention: RetentionOutcome,
  blocking: ReadonlySet<string>,
): RecordStatus {
  const over = retention.action === 'erase' || retention.action === 'archive' || retention.action === 'anonymise'
  if (over || !outcome.anyAllowed) return 'blocked'
  for (const { kind, rule, severity } of findings) if (kind === 'sensitive' ? blocking.has(rule) : severity === 'critical') return 'blocked'
  return findings.length > 0 ? 'attention' : 'ok'
}

/** First day after `today` on which some rule begins or has ended; Infinity for none. */
function nextRuleChange(policy: Policy, today: number): number {
  let next = Infinity
  for (const rule of [...policy.gates, ...policy.consentRules, ...policy.retention.holds, ...policy.retention.rules]) {
    if (!rule.enabled) continue
    const starts = rule.validFrom === undefined ? Infinity : dayOfIso(rule.validFrom)
    const ended = rule.validTo === undefined ? Infinity : dayOfIso(rule.validTo) + 1
    if (starts > today && starts < next) next = starts
    if (ended > today && ended < next) next = ended
  }
  return next
}

/**
 * What a copy says besides the data themselves (GDPR art. 15(1), 15(2), 13): who holds them, what for, from where, for how long, who gets them, what was
 * concluded, and what the person may do. In words of their language.
 */
import { remedies, sensitiveRemedy, undeclaredRemedy, type Remedy } from '../judge/remedies.ts'
import { RULES } from '../judge/rules.ts'
import { accessWordsIn, type AccessWords } from './words.ts'
import type { Language } from '../text/language.ts'
import { parseDuration } from '../policy/duration.ts'
import type { KnownConsent } from '../consent/known-consent.ts'
import { inForce, type Policy } from '../policy/schema.ts'
import type { FindingKind, Verdict } from '../judge/verdict.ts'

export type CopyKind = 'access' | 'portability'
/** What it is and what it says; `fields`: names in the system that it is about. */
export type Line = { readonly what: string; readonly says: string; readonly law: string | null; readonly fields: readonly string[] }
const line = (what: string, says: string, law: string | null = null, fields: readonly string[] = []): Line => ({ what, says, law, fields })
export type AccessHead = {
  readonly kind: CopyKind
  readonly language: Language
  readonly request: string
  /** ISO 8601. */
  readonly madeAt: string
  /** Of the controller: what the days of the copy are days of. */
  readonly timezone: string
  readonly controller: { readonly name: string; readonly address: string }
  readonly dpo: { readonly name: string; readonly email: string }
  /** What the person gave to be found by. */
  readonly askedWith: readonly string[]
  readonly systems: readonly { readonly system: string; readonly crm: string; readonly records: readonly Found[] }[]
  readonly purposes: readonly Line[]
  readonly consents: readonly Line[]
  readonly statements: readonly Line[]
  readonly suppressed: string
  readonly concluded: readonly Line[]
  readonly automated: string
  readonly sources: readonly Line[]
  readonly recipients: readonly Line[]
  readonly retention: readonly Line[]
  readonly rights: readonly Line[]
  readonly complaint: string
  readonly others: string
}
export type Found = { readonly object: string; readonly id: string; readonly because: string }

/** A statement made to the company itself, with its proof. Instants in ISO 8601. */
export type Statement = {
  readonly event: string
  readonly purpose: string
  readonly channel: string
  readonly at: string
  readonly text: { readonly id: string; readonly hash: string; readonly language: string } | null
  readonly form: string | null
  readonly confirmedAt: string | null
}
export type HeadFacts = {
  readonly kind: CopyKind
  readonly language: Language
  readonly request: string
  readonly madeAt: string
  readonly askedWith: readonly string[]
  readonly systems: AccessHead['systems']
  /** By record, as `system/object/id`. */
  readonly verdicts: readonly {
    readonly record: string
    readonly verdict: Pick<Verdict, 'status' | 'audience' | 'findings' | 'consent' | 'retention'>
  }[]
  readonly origins: readonly { readonly record: string; readonly source: string | null; readonly collectedAt: string | null }[]
  readonly consents: readonly KnownConsent[]
  readonly statements: readonly Statement[]
  readonly suppressed: boolean
  /** Those who are told or given data, besides the systems themselves. */
  readonly recipients: readonly { readonly name: string; readonly role: string }[]
}

/** `today`: epoch day. */
export function headOf(policy: Policy, facts: HeadFacts, today: number): AccessHead {
  const { language } = facts
  const { controller, dpo, timezone } = policy.organisation
  const words = accessWordsIn(language, timezone)
  const { kind, request, madeAt, askedWith, systems } = facts
  return {
    kind,
    language,
    request,
    madeAt,
    timezone,
    controller: { name: controller.name, address: controller.address },
    dpo,
    askedWith,
    systems,
    purposes: purposesOf(policy, language, words),
    consents: consentLines(policy, language, words, facts.consents),
    statements: facts.statements.map((statement) => statementLine(policy, language, words, statement)),
    suppressed: facts.suppressed ? words.suppressed : words.notSuppressed,
    concluded: facts.verdicts.flatMap((one) => concludedOf(policy, language, words, one)),
    automated: words.automated,
    sources: facts.origins.map(({ record, source, collectedAt }) =>
      line(record, words.sourceOf(source, collectedAt === null ? null : words.day(collectedAt))),
    ),
    recipients: [
      ...systems.map(({ system, crm }) => line(`${words.crm(crm)} (${system})`, words.processor)),
      ...facts.recipients.map(({ name, role }) => line(name, role)),
    ],
    retention: [...rulesOf(policy, language, words, today), ...facts.verdicts.map((one) => dueLine(policy, language, words, one))],
    rights: words.rights.map(({ what, says, law }) => line(what, says, law)),
    complaint: policy.organisation.country === 'FR' ? words.cnil : words.authority(policy.organisation.country),
    others: words.others,
  }
}

function purposesOf({ purposes, channels }: Policy, language: Language, words: AccessWords): readonly Line[] {
  return purposes
    .filter(({ enabled }) => enabled)
    .map(({ label, lawfulBasis, channels: by, ref, fields }) => {
      const ways = by.map((id) => labelIn(channels, id, language)).join(', ')
      return line(
        label[language],
        words.purpose(words.bases[lawfulBasis], ways),
        words.law(ref),
        fields.map((field) => words.contactFields[field] ?? field),
      )
    })
}

function labelIn(list: readonly { id: string; label: { fr: string; en: string } }[], id: string, language: Language): string {
  return list.find((one) => one.id === id)?.label[language] ?? id
}

/** What nothing is known about is said once for all. */
function consentLines({ purposes, channels }: Policy, language: Language, words: AccessWords, all: HeadFacts['consents']): readonly Line[] {
  const known = all.filter(({ status }) => status !== 'unknown')
  const told = known.map(({ purpose, channel, status, grade, since }) => {
    const day = since === null ? null : words.day(new Date(since).toISOString())
    const what = `${labelIn(purposes, purpose, language)}, ${labelIn(channels, channel, language)}`
    return line(what, words.consent(words.consentStatus[status], grade === null ? null : words.grades[grade], day))
  })
  return known.length === all.length ? told : [...told, line(words.restOf(known.length), words.consentStatus.unknown)]
}

function statementLine({ purposes, channels }: Policy, language: Language, words: AccessWords, statement: Statement): Line {
  const { event, purpose, channel, at, text, form, confirmedAt } = statement
  const what = `${words.day(at)}: ${labelIn(purposes, purpose, language)}, ${labelIn(channels, channel, language)}`
  const parts = [
    words.events[event] ?? event,
    ...(form === null ? [] : [words.form(form)]),
    ...(text === null ? [] : [words.text(text.id, text.hash)]),
    ...(confirmedAt === null ? [] : [words.confirmed(words.day(confirmedAt))]),
  ]
  return line(what, parts.join('; '), words.law('GDPR art. 7(1)'))
}

type Judged = HeadFacts['verdicts'][number]

/** Of the two families of rules that follow the policy. */
const openRemedies: { readonly [K in FindingKind]?: Remedy } = { sensitive: sensitiveRemedy, minimisation: undeclaredRemedy }

/** What the company's own check says of a record: the person may know how they are judged (art. 15(1)(h), 15(3)). */
function concludedOf(
  { audiences, detectors }: Policy,
  language: Language,
  words: AccessWords,
  { record, verdict }: Judged,
): readonly Line[] {
  const status = words.judged(words.status[verdict.status], labelIn(audiences, verdict.audience, language))
  const findings = verdict.findings.map(({ rule, kind, remedy, ref, fields }): Line => {
    const own = rule in RULES ? remedies[rule as keyof typeof RULES][language] : (openRemedies[kind]?.[language] ?? remedy)
    const detector = detectors.find(({ id }) => rule === `sensitive.${id}`)?.label[language]
    return line(detector ?? words.findings[kind], own, words.law(ref), fields)
  })
  return [line(record, status), ...findings]
}

function rulesOf({ retention }: Policy, language: Language, words: AccessWords, today: number): readonly Line[] {
  return retention.rules
    .filter((rule) => inForce(rule, today))
    .map(({ label, duration, then, ref }) =>
      line(label[language], words.kept(periodOf(duration, words), words.thens[then]), words.law(ref)),
    )
}

function periodOf(duration: string, { period }: AccessWords): string {
  const parsed = parseDuration(duration)
  return parsed === null ? duration : period(parsed.months, parsed.days, parsed.hours)
}

function dueLine({ retention }: Policy, language: Language, words: AccessWords, { record, verdict }: Judged): Line {
  const { rule, dueOn, then, hold } = verdict.retention
  const label = retention.rules.find(({ category }) => category === rule)?.label[language] ?? rule
  const held = hold === null ? null : (retention.holds.find(({ id }) => id === hold)?.label[language] ?? hold)
  return line(record, words.due(label, dueOn === null ? null : words.day(dueOn), words.thens[then], held))
}

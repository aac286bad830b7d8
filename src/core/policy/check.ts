/** Whether the parts of a policy fit together: every name that is used is declared once, and every list ends in an answer. */
import { contactFieldKind, systemFields } from '../record/contact-field.ts'
import { parseDuration } from './duration.ts'
import type { Condition } from './condition.ts'
import type { Policy, RetentionRule } from './schema.ts'
import { meant, type ConfigProblem } from './problem.ts'

type Path = readonly (string | number)[]
type Report = (path: Path, message: string, instead: string) => void

export function checkReferences(policy: Policy): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const report: Report = (path, message, instead) => problems.push({ path, message, instead })
  checkDuplicates(policy, report)
  checkFormerNames(policy, report)
  checkContactPoints(policy, report)
  checkPurposes(policy, report)
  checkAudiences(policy, report)
  checkConsentRules(policy, report)
  checkRetention(policy, report)
  checkErasureHolds(policy, report)
  return problems
}

function checkDuplicates(policy: Policy, report: Report): void {
  const lists: readonly (readonly [Path, readonly string[], string])[] = [
    [['contactFields'], policy.contactFields, ''],
    [['channels'], policy.channels.map((entry) => entry.id), 'id'],
    [['purposes'], policy.purposes.map((entry) => entry.id), 'id'],
    [['audiences'], policy.audiences.map((entry) => entry.id), 'id'],
    [['gates'], policy.gates.map((entry) => entry.id), 'id'],
    [['consentRules'], policy.consentRules.map((entry) => entry.id), 'id'],
    [['retention', 'holds'], policy.retention.holds.map((entry) => entry.id), 'id'],
    [['retention', 'rules'], policy.retention.rules.map((entry) => entry.category), 'category'],
    [['erasureHolds'], policy.erasureHolds.map((entry) => entry.id), 'id'],
    [['detectors'], policy.detectors.map((entry) => entry.id), 'id'],
    [['rights'], policy.rights.map((entry) => entry.id), 'id'],
  ]
  for (const [path, ids, key] of lists) {
    ids.forEach((id, index) => {
      if (ids.indexOf(id) !== index)
        report([...path, index, ...(key === '' ? [] : [key])], `"${id}" is used twice`, 'a name of its own for each')
    })
  }
}

/** An id that means two things at once would hand the refusals of one to the other. */
function checkFormerNames(policy: Policy, report: Report): void {
  for (const list of ['channels', 'purposes'] as const) {
    const taken = new Set([...policy[list].map((entry) => entry.id), ...policy.ended[list]])
    policy[list].forEach(({ formerly }, index) => {
      formerly.forEach((id, at) => {
        if (taken.has(id)) report([list, index, 'formerly', at], `"${id}" is in use, or claimed twice`, 'an id that nothing else has')
        taken.add(id)
      })
    })
  }
}

function checkContactPoints(policy: Policy, report: Report): void {
  policy.channels.forEach((channel, index) => checkField(policy, channel.needs, ['channels', index, 'needs'], report))
}

function checkPurposes(policy: Policy, report: Report): void {
  const channels = policy.channels.map((channel) => channel.id)
  policy.purposes.forEach((purpose, index) => {
    checkNames(purpose.channels, channels, 'channel', ['purposes', index, 'channels'], report)
    purpose.fields.forEach((field, at) => checkField(policy, field, ['purposes', index, 'fields', at], report))
    if (purpose.lawfulBasis !== 'legitimate_interest' && (purpose.assessedBy !== undefined || purpose.assessedOn !== undefined)) {
      report(['purposes', index, 'assessedBy'], 'only a legitimate interest is assessed', 'remove assessedBy and assessedOn')
    }
  })
}

function checkAudiences(policy: Policy, report: Report): void {
  const ids = policy.audiences.map((audience) => audience.id)
  policy.audiences.forEach((audience, index) => {
    const last = index === policy.audiences.length - 1
    if ((audience.when === 'otherwise') !== last) {
      report(
        ['audiences', index, 'when'],
        last ? 'the last audience must take everyone else' : 'nothing after "otherwise" would ever be read',
        last ? 'when: otherwise' : 'move it to the end',
      )
    }
    if (audience.when !== 'otherwise') checkCondition(policy, audience.when, ['audiences', index, 'when'], report)
  })
  checkName(policy.unknowns.audience, ids, 'audience', ['unknowns', 'audience'], report)
  policy.gates.forEach((gate, index) => checkCondition(policy, gate.refuseWhen, ['gates', index, 'refuseWhen'], report))
}

function checkConsentRules(policy: Policy, report: Report): void {
  const purposes = policy.purposes.map((purpose) => purpose.id)
  const channels = policy.channels.map((channel) => channel.id)
  const audiences = policy.audiences.map((audience) => audience.id)
  policy.consentRules.forEach((rule, index) => {
    const path = ['consentRules', index]
    checkNames(rule.purposes ?? [], purposes, 'purpose', [...path, 'purposes'], report)
    checkNames(rule.channel ?? [], channels, 'channel', [...path, 'channel'], report)
    checkNames(rule.audience ?? [], audiences, 'audience', [...path, 'audience'], report)
    if (rule.when !== undefined) checkCondition(policy, rule.when, [...path, 'when'], report)
    if (rule.need !== 'consent' && (rule.validFor ?? rule.reviewAfter ?? rule.keepProof) !== undefined) {
      report(
        [...path, 'need'],
        'validFor, reviewAfter and keepProof speak of a consent, which this rule does not need',
        'need: consent, or remove them',
      )
    }
    checkLife(rule, path, report)
  })
  const last = policy.consentRules.at(-1)
  const open = last?.purposes ?? last?.channel ?? last?.audience ?? last?.country ?? last?.when ?? last?.validFrom ?? last?.validTo
  if (last !== undefined && (open !== undefined || last.need !== 'forbidden' || !last.enabled)) {
    report(
      ['consentRules', policy.consentRules.length - 1],
      'the last consent rule must refuse everything that no rule allows',
      '{id: everything_else, need: forbidden, ref: "GDPR art. 5(2), 6"}',
    )
  }
}

function checkLife(rule: { validFrom?: string | undefined; validTo?: string | undefined }, path: Path, report: Report): void {
  if (rule.validFrom !== undefined && rule.validTo !== undefined && rule.validTo < rule.validFrom) {
    report([...path, 'validTo'], 'this rule ends before it begins', 'a validTo on or after validFrom')
  }
}

function checkRetention(policy: Policy, report: Report): void {
  policy.gates.forEach((gate, index) => checkLife(gate, ['gates', index], report))
  policy.retention.holds.forEach((hold, index) => {
    checkCondition(policy, hold.when, ['retention', 'holds', index, 'when'], report)
    checkLife(hold, ['retention', 'holds', index], report)
  })
  policy.retention.rules.forEach((rule, index) => {
    const path = ['retention', 'rules', index]
    const extra = systemFields[rule.data]
    if (rule.who !== 'any') checkCondition(policy, rule.who, [...path, 'who'], report, extra)
    rule.clock.forEach((field, at) => {
      if (field === 'actsOfThePerson') return
      checkField(policy, field, [...path, 'clock', at], report, extra)
      if (policy.contactFields.includes(field) && !contactFieldKind(field).startsWith('date')) {
        report(
          [...path, 'clock', at],
          `"${field}" is no date, so no clock can start there`,
          'a contact field that holds a date, or actsOfThePerson',
        )
      }
    })
    checkLife(rule, path, report)
    checkRetentionAct(policy, rule, path, report)
  })
  const last = policy.retention.rules.at(-1)
  if (last !== undefined && (last.who !== 'any' || last.data !== 'any')) {
    report(
      ['retention', 'rules', policy.retention.rules.length - 1],
      'the last retention rule must take whatever no rule names',
      'data: any, who: any',
    )
  }
}

function checkErasureHolds(policy: Policy, report: Report): void {
  policy.erasureHolds.forEach((hold, index) => {
    const path = ['erasureHolds', index]
    checkLife(hold, path, report)
    if (hold.keepFor !== undefined && endsAtOnce(hold.keepFor))
      report([...path, 'keepFor'], `"${hold.id}" would hold nothing`, 'a period such as P10Y, or no keepFor: then only while it is open')
    if (hold.keepFor === undefined && !canBeOpen.includes(hold.on))
      report([...path, 'on'], `of its kind nothing is ever open, so that this rule would hold nothing`, 'add keepFor: P10Y')
  })
}

/** The others are done with on their day. */
const canBeOpen: readonly string[] = ['contract', 'case', 'legal-hold']

function endsAtOnce(duration: string): boolean {
  const period = parseDuration(duration)
  return period !== null && period.months === 0 && period.days === 0 && period.hours === 0
}

/** What only makes sense where a record ends. */
function checkRetentionAct(policy: Policy, { data, then, automatic, lastMessage }: RetentionRule, path: Path, report: Report): void {
  const ends = (then === 'erase' || then === 'anonymise') && (data === 'contact' || data === 'any')
  const instead = 'data: contact with then: erase or anonymise, or remove it'
  if (automatic && !ends) report([...path, 'automatic'], 'nothing is destroyed by this rule', instead)
  if (lastMessage === undefined) return
  if (!ends) report([...path, 'lastMessage'], 'nothing ends by this rule, so that there is no last message', instead)
  const { purpose, channel } = lastMessage
  const known = policy.purposes.find(({ id }) => id === purpose)
  checkName(
    purpose,
    policy.purposes.map(({ id }) => id),
    'purpose',
    [...path, 'lastMessage', 'purpose'],
    report,
  )
  if (known?.serviceOnly === true)
    report([...path, 'lastMessage', 'purpose'], `"${purpose}" is no marketing, and this message is`, 'a purpose that advertises')
  if (known !== undefined) checkName(channel, known.channels, 'channel of this purpose', [...path, 'lastMessage', 'channel'], report)
}

function checkCondition(policy: Policy, condition: Condition, path: Path, report: Report, extra: readonly string[] = []): void {
  for (const { field, predicate } of condition) {
    checkField(policy, field, [...path, field], report, extra)
    const kind = contactFieldKind(field)
    const dated = predicate.is === 'within' || predicate.is === 'ageBelow'
    if (dated && !kind.startsWith('date')) report([...path, field], `"${field}" is no date`, 'a contact field that holds a date')
    if (predicate.is === 'email' && kind !== 'email') report([...path, field], `"${field}" is no e-mail address`, 'email')
  }
}

function checkField(policy: Policy, field: string, path: Path, report: Report, extra: readonly string[] = []): void {
  const known = [...policy.contactFields, ...extra]
  if (!known.includes(field))
    report(path, `unknown contact field "${field}"`, meant(field, known, 'a field of contactFields, or declare it there'))
}

function checkNames(used: readonly string[], declared: readonly string[], what: string, path: Path, report: Report): void {
  used.forEach((name, index) => checkName(name, declared, what, [...path, index], report))
}

function checkName(name: string, declared: readonly string[], what: string, path: Path, report: Report): void {
  if (!declared.includes(name)) report(path, `unknown ${what} "${name}"`, meant(name, declared, `one of: ${declared.join(', ')}`))
}

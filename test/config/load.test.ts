import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { settingsProblems } from '../../src/connectors/registry.ts'
import { ConfigError, loadConnections, loadPolicy, readConnections, readPolicy } from '../../src/config/load.ts'

const config = fileURLToPath(new URL('../../config', import.meta.url))
const policyText = readFileSync(`${config}/policy.yaml`, 'utf8')
const connectionsText = readFileSync(`${config}/connections.yaml`, 'utf8')

function problems(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** The shipped policy with one text replaced; the line on which the replacement begins stands for `LINE` in the expected messages. */
function broken(from: string, to: string, expected: readonly string[]): void {
  const at = policyText.indexOf(from)
  expect(at, `"${from}" is in the shipped policy`).toBeGreaterThan(-1)
  const line = policyText.slice(0, at).split('\n').length
  const changed = policyText.slice(0, at) + to + policyText.slice(at + from.length)
  expect(problems(() => readPolicy(changed, 'config/policy.yaml'))).toEqual(expected.map((text) => text.replace('LINE', String(line))))
}

describe('the shipped files', () => {
  it('load', () => {
    const policy = loadPolicy(config)
    const { connections } = loadConnections(
      config,
      { HUBSPOT_TOKEN: 't', SALESFORCE_CLIENT_ID: 'i', SALESFORCE_CLIENT_SECRET: 's' },
      { policy },
    )
    expect(connections.map((one) => [one.id, one.objects.map((object) => object.object)])).toEqual([
      ['hubspot', ['contacts']],
      ['salesforce', ['Contact', 'Lead']],
    ])
    expect(connections[0]?.settings).toMatchObject({ apiUrl: 'https://api.hubapi.com', auth: { token: 't' } })
  })
})

describe('a mistake in policy.yaml comes back with its line and what to write instead', () => {
  it('a misspelt key', () => {
    broken(
      'need: none, ref: "GDPR art. 6(1)(b)", confidence: primary}\n  - {id: service_event',
      'neeed: none, ref: "GDPR art. 6(1)(b)", confidence: primary}\n  - {id: service_event',
      [
        'config/policy.yaml:LINE: consentRules[0]: "need" is missing; add need: …, one of: none, information, consent, forbidden',
        'config/policy.yaml:LINE: consentRules[0].neeed: unknown key "neeed"; did you mean "need"?',
      ],
    )
  })
  it.each([
    ['an empty file', ''],
    ['a list', '- 1'],
    ['a sentence', 'Our policy is on the intranet.'],
  ])('%s', (_what, text) => {
    expect(problems(() => readPolicy(text, 'p.yaml'))).toEqual([
      'p.yaml:1: it is no list of "key: value"; copy the one that ships with Accord from config/p.yaml',
    ])
  })
  it.each([
    ['a bracket that stays open', 'version: 1\npurposes: [a, b\nchannels: []\n', /^p\.yaml:\d+: .+; close every \[, \{ and quote/],
    ['a tab', 'a:\n\tb: 1\n', /^p\.yaml:2: .+; indent with spaces/],
    ['lines that do not align', 'a:\n  b: 1\n c: 2\n', /^p\.yaml:3: .+; indent/],
    ['a colon in a text', 'a: b: c\n', /^p\.yaml:1: .+; put a text .* in quotes/],
    ['a quote that stays open', 'a: "b\nc: d\n', /^p\.yaml:\d+: .+; close every/],
  ])('broken YAML: %s', (_what, text, message) => {
    const [first] = problems(() => readPolicy(text, 'p.yaml'))
    expect(first).toMatch(message)
  })
  it('a hold that would hold nothing, or has no ground in the law', () => {
    broken('id: order, on: order, keepFor: P10Y', 'id: order, on: order', [
      'config/policy.yaml:LINE: erasureHolds[2].on: of its kind nothing is ever open, so that this rule would hold nothing; add keepFor: P10Y',
    ])
    broken('id: order, on: order, keepFor: P10Y', 'id: order, on: order, keepFor: P0D', [
      'config/policy.yaml:LINE: erasureHolds[2].keepFor: "order" would hold nothing; a period such as P10Y, or no keepFor: then only while it is open',
    ])
    broken('keepFor: P5Y, ground: "17(3)(e)"', 'keepFor: P5Y, ground: "17(1)"', [
      'config/policy.yaml:LINE: erasureHolds[0].ground: a value that the format does not know; one of: 17(3)(b), 17(3)(d), 17(3)(e)',
    ])
    broken('id: order, on: order, keepFor', 'id: order, on: oder, keepFor', [
      'config/policy.yaml:LINE: erasureHolds[2].on: a value that the format does not know; one of: won-deal, contract, order, invoice, case, legal-hold',
    ])
  })
  it('an impossible duration', () => {
    broken('duration: P13M', 'duration: 13M', [
      'config/policy.yaml:LINE: retention.rules[6].duration: impossible duration "13M"; an ISO 8601 duration such as P3Y, P1M, P30D or PT24H',
    ])
    broken('{contractEndedAt: {within: P5Y}}', '{contractEndedAt: {within: 5 years}}', [
      'config/policy.yaml:LINE: retention.holds[4].when.contractEndedAt.within: impossible duration "5 years"; an ISO 8601 duration such as P3Y, P1M or P30D',
    ])
  })
  it('a purpose without a lawful basis, or with one that the law does not know', () => {
    broken('lawfulBasis: consent,\n     channels: [email, sms, call]', '\n     channels: [email, sms, call]', [
      'config/policy.yaml:LINE: purposes[4]: "lawfulBasis" is missing; add lawfulBasis: …, one of: consent, contract, legal_obligation, legitimate_interest, public_interest, vital_interests',
    ])
    broken('lawfulBasis: consent,\n     channels: [email, sms, call]', 'lawfulBasis: habit,\n     channels: [email, sms, call]', [
      'config/policy.yaml:LINE: purposes[4].lawfulBasis: a value that the format does not know; one of: consent, contract, legal_obligation, legitimate_interest, public_interest, vital_interests',
    ])
  })
  it('two rules with one id', () => {
    broken('{id: service_event', '{id: service_customer', [
      'config/policy.yaml:LINE: consentRules[1].id: "service_customer" is used twice; a name of its own for each',
    ])
  })
  it('a rule about a purpose, a channel, an audience or a field that does not exist', () => {
    broken('{id: newsletter, channel: [email], purposes: [newsletter]', '{id: newsletter, channel: [mail], purposes: [newsleter]', [
      'config/policy.yaml:LINE: consentRules[5].purposes[0]: unknown purpose "newsleter"; did you mean "newsletter"?',
      'config/policy.yaml:LINE: consentRules[5].channel[0]: unknown channel "mail"; did you mean "email"?',
    ])
    broken('audience: [professional, generic_mailbox]', 'audience: [profesional, generic_mailbox]', [
      'config/policy.yaml:LINE: consentRules[12].audience[0]: unknown audience "profesional"; did you mean "professional"?',
    ])
    broken('when: {eventRegisteredAt: filled}', 'when: {eventRegistered: filled}', [
      'config/policy.yaml:LINE: consentRules[1].when.eventRegistered: unknown contact field "eventRegistered"; did you mean "eventRegisteredAt"?',
    ])
  })
  it('a date that does not exist, a rule that ends before it begins, and YAML that reads NO as a country', () => {
    broken('validFrom: "2026-08-11"', 'validFrom: "2026-02-30"', [
      'config/policy.yaml:LINE: consentRules[6].validFrom: no such date; a date in quotes, such as "2026-08-11"',
    ])
    broken('validFrom: "2026-08-11"', 'validFrom: "2026-08-11", validTo: "2026-01-01"', [
      'config/policy.yaml:LINE: consentRules[6].validTo: this rule ends before it begins; a validTo on or after validFrom',
    ])
    expect(problems(() => readPolicy(policyText.replace('country: [FR], purposes', 'country: [FR, NO], purposes'), 'p'))).toEqual([])
  })
  it('a condition that is none', () => {
    broken('{birthDate: {ageBelow: 15}}', '{birthDate: {ageBellow: 15}}', [
      'config/policy.yaml:LINE: gates[2].refuseWhen.birthDate.ageBellow: no such condition "ageBellow"; filled, empty, true, false, a value, or {in: […]}, {notIn: […]}, {ageBelow: 15}, {within: P5Y}, {localPartIn: […], domainNotIn: freeProviders}',
    ])
    broken('{birthDate: {ageBelow: 15}}', '{firstName: {ageBelow: 15}}', [
      'config/policy.yaml:LINE: gates[2].refuseWhen.firstName: "firstName" is no date; a contact field that holds a date',
    ])
  })
  it('a list without its last word', () => {
    broken('{id: everything_else, need: forbidden', '{id: everything_else, channel: [email], need: forbidden', [
      'config/policy.yaml:LINE: consentRules[15]: the last consent rule must refuse everything that no rule allows; {id: everything_else, need: forbidden, ref: "GDPR art. 5(2), 6"}',
    ])
    broken('data: any, who: any,', 'data: contact, who: any,', [
      'config/policy.yaml:LINE: retention.rules[8]: the last retention rule must take whatever no rule names; data: any, who: any',
    ])
    broken('when: otherwise}', 'when: {company: empty}}', [
      'config/policy.yaml:LINE: audiences[2].when: the last audience must take everyone else; when: otherwise',
    ])
  })
  it('a key that stands twice', () => {
    broken('asOf: "2026-11-21"', 'version: 1', ['config/policy.yaml:LINE: this key stands twice; keep one of them'])
  })
  it('all mistakes at once', () => {
    const text = policyText
      .replace('severity: high, action: review', 'severity: grave, action: review')
      .replace('need: information, validFrom', 'need: nothing, validFrom')
    expect(problems(() => readPolicy(text, 'p')).length).toBe(2)
  })
  it('a file that is not there', () => {
    expect(problems(() => loadPolicy('/nowhere'))).toEqual([
      '/nowhere/policy.yaml: cannot be read (ENOENT); copy the one that ships with Accord from config/policy.yaml',
    ])
  })
})

describe('connections.yaml', () => {
  const policy = loadPolicy(config)
  const read = (
    text: string,
    env: Record<string, string> = { HUBSPOT_TOKEN: 'pat-secret', SALESFORCE_CLIENT_ID: 'i', SALESFORCE_CLIENT_SECRET: 's' },
  ) => readConnections(text, 'connections.yaml', env, { policy })
  const lineOf = (text: string): number => connectionsText.slice(0, connectionsText.indexOf(text)).split('\n').length

  it('names every missing variable and shows no secret', () => {
    const found = problems(() => read(connectionsText.replace('crm: hubspot', 'crm: hubspotte'), { HUBSPOT_TOKEN: 'pat-secret' }))
    expect(found.map((text) => text.replace(/:\d+:/, ':'))).toEqual([
      'connections.yaml: connections[1].settings.auth.clientId: the environment variable SALESFORCE_CLIENT_ID is missing; set SALESFORCE_CLIENT_ID, or give a fallback: ${SALESFORCE_CLIENT_ID:-…}',
      'connections.yaml: connections[1].settings.auth.clientSecret: the environment variable SALESFORCE_CLIENT_SECRET is missing; set SALESFORCE_CLIENT_SECRET, or give a fallback: ${SALESFORCE_CLIENT_SECRET:-…}',
      'connections.yaml: connections[0].crm: a value that the format does not know; one of: hubspot, salesforce',
    ])
    expect(found.join('\n')).not.toContain('pat-secret')
  })
  it('leaves variables alone when only checked', () => {
    expect(readConnections(connectionsText, 'c', {}, { lenient: true }).connections.length).toBe(2)
  })
  it('lets Lead take over what it does not say itself', () => {
    const [contact, lead] = read(connectionsText).connections[1]?.objects ?? []
    expect(lead?.fields['company']?.from).toEqual(['Company'])
    expect(lead?.fields['birthDate']).toBeNull()
    expect(lead?.fields['siren']).toEqual(contact?.fields['siren'])
    expect(lead?.consents).toEqual(contact?.consents)
  })
  it('refuses a yes to everything, and words that the policy does not have', () => {
    const all = connectionsText.replace(
      '{purposes: "*", channels: [email], field: hs_email_optout, values: {"true": withdrawn}, mirror: {withdrawn: "true"}}',
      '{purposes: "*", channels: [email], field: hs_email_optout, values: {"true": given}}',
    )
    expect(problems(() => read(all))).toEqual([
      `connections.yaml:${lineOf('field: hs_email_optout')}: connections[0].objects[0].consents[7].values: a consent is given for one purpose on one channel, never for all; name the purposes and channels, or map the value to withdrawn or refused`,
    ])
    expect(problems(() => read(connectionsText.replace('\n          jobTitle: jobtitle\n', '\n          jobTitel: jobtitle\n')))).toEqual([
      `connections.yaml:${lineOf('          jobTitle: jobtitle\n')}: connections[0].objects[0].fields.jobTitel: unknown contact field "jobTitel"; did you mean "jobTitle"?`,
    ])
    expect(
      problems(() => read(connectionsText.replace('          signedIn: [last_sign_in]', '          opened: [hs_email_last_open_date]')))[0],
    ).toContain('unknown act of the person "opened"')
  })
  it('checks the settings of each connector, by line, without showing a value', () => {
    const env = {
      HUBSPOT_TOKEN: 'pat-\nsecret',
      SALESFORCE_CLIENT_ID: 'i',
      SALESFORCE_CLIENT_SECRET: 'clé-secrète',
      HUBSPOT_REQUESTS_PER_10S: 'abc',
    }
    const text = connectionsText
      .replace('apiUrl: "${HUBSPOT_API_URL:-https://api.hubapi.com}"', 'apiURL: https://api.hubapi.com')
      .replace('indexLagMs: "${HUBSPOT_INDEX_LAG_MS:-30000}"', 'indexLagMs: -1')
    const settings = (given: string, vars: Record<string, string>, lenient = false) =>
      problems(() => readConnections(given, 'c.yaml', vars, { policy, settings: settingsProblems, lenient }))
    const at = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length
    expect(settings(text, env)).toEqual([
      `c.yaml:${at('token:')}: connections[0].settings.auth.token: it holds a space, a line break or a letter that no credential has; the value alone, copied again from the CRM (the value comes from HUBSPOT_TOKEN)`,
      `c.yaml:${at('requestsPer10s:')}: connections[0].settings.requestsPer10s: no number that fits; a whole number, 1 or more (the value comes from HUBSPOT_REQUESTS_PER_10S)`,
      `c.yaml:${at('indexLagMs:')}: connections[0].settings.indexLagMs: no number that fits; a whole number, 0 or more`,
      `c.yaml:${at('apiURL:')}: connections[0].settings.apiURL: unknown key "apiURL"; did you mean "apiUrl"?`,
      `c.yaml:${at('clientSecret:')}: connections[1].settings.auth.clientSecret: it holds a space, a line break or a letter that no credential has; the value alone, copied again from the CRM (the value comes from SALESFORCE_CLIENT_SECRET)`,
    ])
    // Without its secrets a file can be checked as well: what is not known yet is not judged.
    expect(settings(text, {}, true).map((problem) => problem.replace(/^.*settings\./, ''))).toEqual([
      'indexLagMs: no number that fits; a whole number, 0 or more',
      'apiURL: unknown key "apiURL"; did you mean "apiUrl"?',
    ])
    const half = connectionsText.replace('auth: {token: "${HUBSPOT_TOKEN}"}', 'auth: {clientId: a, clientSecret: b}')
    expect(settings(half, {}, true).map((problem) => problem.replace(/^.*connections/, ''))).toEqual([
      '[0].settings.auth: "refreshToken" is missing; add refreshToken: …',
    ])
  })
  it('refuses aliases that unfold without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefg'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i]}, `.repeat(9)}]`),
    ]
    expect(problems(() => readConnections(bomb.join('\n'), 'c.yaml', {}))).toEqual([
      'c.yaml: its aliases (*name) unfold to too much; write out what they stand for',
    ])
  })
  it('refuses to write into a field that is read, and to write two things into one field', () => {
    const change = (from: string, to: string): readonly string[] => {
      expect(connectionsText).toContain(from)
      return problems(() => read(connectionsText.replace(from, to))).map((text) => text.replace(/:\d+:/, ':'))
    }
    const where = 'connections.yaml: connections[0].objects[0].writeBack'
    const remedy = 'a name of its own for each: {purpose} or {short} and {channel} in "consent", and a "short" of its own for each purpose'
    expect(change('status: accord_status', 'status: JobTitle')).toEqual([
      `${where}.status: "JobTitle" is read from the CRM: Accord would overwrite what people wrote there; a field of its own, which "accord provision" creates`,
    ])
    expect(change('proof: accord_consent_proof', 'proof: Accord_Findings')).toEqual([
      `${where}.proof: "Accord_Findings" is written twice (also by findings): it would change with every run; ${remedy}`,
    ])
    expect(change('"accord_consent_{purpose}_{channel}"', 'accord_consent')).toEqual([
      `${where}.consent: "accord_consent" is written twice (also by consent): it would change with every run; ${remedy}`,
    ])
    expect(change('open_tracking: opens, partner_sharing: partner}', 'open_tracking: partner, partner_sharing: partner}')).toEqual([
      `${where}.short: "partner" stands for two purposes; a short name of its own for each`,
    ])
    const salesforce = connectionsText.replaceAll('prospecting_consumer: prospect,', 'prospecting_consumer: newsletter,')
    expect(problems(() => read(salesforce)).map((text) => text.replace(/:\d+:/, ':'))).toEqual([
      `${where}.short: "newsletter" stands for two purposes; a short name of its own for each`,
      ...[0, 1].flatMap((index) => [
        `connections.yaml: connections[1].objects[${index}].writeBack.consent: "Accord_C_newsletter_email__c" is written twice (also by consent): it would change with every run; ${remedy}`,
        `connections.yaml: connections[1].objects[${index}].writeBack.short: "newsletter" stands for two purposes; a short name of its own for each`,
      ]),
    ])
  })
  it('refuses to take over from an object that is not above', () => {
    expect(problems(() => read(connectionsText.replace('like: Contact', 'like: Contacts')))[0]).toContain(
      'no object "Contacts" above this one; did you mean "Contact"?',
    )
  })
})

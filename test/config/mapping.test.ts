import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadPolicy, readConnections } from '../../src/config/load.ts'

const config = fileURLToPath(new URL('../../config', import.meta.url))
const text = readFileSync(`${config}/connections.yaml`, 'utf8')
const policy = loadPolicy(config)

/** The shipped connections with one text replaced: every mistake found, without its line. */
function mistakes(from: string, to: string): readonly string[] {
  expect(text).toContain(from)
  try {
    readConnections(text.replace(from, to), 'c.yaml', {}, { policy, lenient: true })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.replace(/^c\.yaml:\d+: connections/, ''))
    throw error
  }
  return []
}

describe('a mapping', () => {
  it('takes no open, mailing, modification or activity of staff for an act of the person', () => {
    const remedy = 'a field that only the person moves: a form, a reply, a click, a sign-in, a purchase'
    expect(mistakes('formSubmitted: [recent_conversion_date]', 'formSubmitted: [hs_email_last_open_date, lastmodifieddate]')).toEqual([
      `[0].objects[0].acts.formSubmitted: "hs_email_last_open_date" is no act of the person, but an open: it would keep people for ever; ${remedy}`,
      `[0].objects[0].acts.formSubmitted: "lastmodifieddate" is no act of the person, but a change by anybody: it would keep people for ever; ${remedy}`,
    ])
    expect(mistakes('signedIn: [Last_Sign_In__c]', 'signedIn: LastActivityDate').length).toBe(2)
  })
  it('maps no consent for a purpose on a channel that it does not have', () => {
    expect(
      mistakes(
        'purposes: [newsletter], channels: [email], field: consent_',
        'purposes: [newsletter], channels: [email, sms], field: consent_',
      ),
    ).toEqual([
      '[0].objects[0].consents[0].channels: the policy has no "newsletter" by "sms", so this consent would count for nothing; one of: email, or add the channel to the purpose in policy.yaml',
    ])
  })
})

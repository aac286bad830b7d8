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
  it('mirrors an opt-out only by a value that is read back as a no, that claims no date, and that the policy can reach', () => {
    const line = 'channels: [call], field: DoNotCall, values: {"true": withdrawn}, mirror: {withdrawn: "true"}'
    const at = '[1].objects[0].consents[8].mirror'
    expect(mistakes(line, line.replace('mirror: {withdrawn: "true"}', 'mirror: {withdrawn: "yes"}'))).toContain(
      `${at}.withdrawn: "yes" would not be read back as a no; a value that "values" translates to withdrawn or refused`,
    )
    expect(mistakes(line, `${line.replace('{"true": withdrawn}', '{"true": withdrawn}, at: Opted_Out_At__c')}`)).toContain(
      `${at}.withdrawn: "Opted_Out_At__c" would date our own writing as a newer no of the person; no "at" on a field that is mirrored: its no counts from the day it is first seen`,
    )
    expect(mistakes(line, line.replace('{withdrawn: "true"}', '{withdrawn: "true", granted: "false"}'))).toContain(
      `${at}.granted: one consent does not take back an opt-out of everything; remove "granted", or name the purposes and channels of this field`,
    )
    expect(mistakes(line, line.replace('[call]', '[fax]'))).toContain(
      `${at}: the policy uses none of these channels for these purposes, so nothing would ever be written; remove "mirror"`,
    )
    expect(mistakes(line, `${line}}\n          - {purposes: "*", ${line}`)).toContain(
      '[1].objects[0].consents[9].mirror: "DoNotCall" is mirrored twice; one "mirror" for each field',
    )
  })
})

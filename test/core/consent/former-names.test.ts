import { expect, it } from 'vitest'
import type { FactKind } from '../../../src/core/consent/consent.ts'
import { formerNames, lostNames } from '../../../src/core/consent/former-names.ts'
import { checkReferences } from '../../../src/core/policy/check.ts'
import type { Policy } from '../../../src/core/policy/schema.ts'
import { hubspot, policy } from '../judge-world.ts'

const kind = (purpose: string, channel: string, event: FactKind['event'] = 'withdrawn'): FactKind => ({
  purpose,
  channel,
  event,
  source: 'remembered',
  grade: 'claimed',
})
const formerly = (...ids: string[]): Policy => ({
  ...policy,
  purposes: policy.purposes.map((purpose) => (purpose.id === 'newsletter' ? { ...purpose, formerly: ids } : purpose)),
})
const stored = [kind('letters', 'email'), kind('*', 'pigeon'), kind('newsletter', 'email'), kind('gone', 'email', 'given')]

it('are lost where something was refused under a name that nothing stands for', () => {
  expect(lostNames(policy, [hubspot], stored)).toEqual([
    { what: 'purpose', id: 'letters' },
    { what: 'channel', id: 'pigeon' },
  ])
  expect(lostNames(formerly('letters'), [hubspot], stored)).toEqual([{ what: 'channel', id: 'pigeon' }])
  expect(lostNames({ ...policy, ended: { purposes: ['letters'], channels: ['pigeon'] } }, [hubspot], stored)).toEqual([])
})

it('are not lost while a box of the CRM still speaks of the channel, although the policy does not use it', () => {
  const fax = {
    ...hubspot,
    consents: [{ purposes: '*' as const, channels: ['pigeon'], field: 'no_pigeons', values: { true: 'withdrawn' as const } }],
  }
  expect(lostNames(formerly('letters'), [fax], stored)).toEqual([])
})

it('belong to one purpose, and to none that there is', () => {
  expect([...formerNames(formerly('letters', 'mailing')).purposes]).toEqual([
    ['letters', 'newsletter'],
    ['mailing', 'newsletter'],
  ])
  const index = policy.purposes.findIndex(({ id }) => id === 'newsletter')
  expect(checkReferences(formerly('letters', 'open_tracking', 'letters'))).toEqual([
    {
      path: ['purposes', index, 'formerly', 1],
      message: '"open_tracking" is in use, or claimed twice',
      instead: 'an id that nothing else has',
    },
    { path: ['purposes', index, 'formerly', 2], message: '"letters" is in use, or claimed twice', instead: 'an id that nothing else has' },
  ])
})

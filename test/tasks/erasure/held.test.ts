/** How long an answer to "does anything oblige us to keep this?" is believed. */
import { expect, it } from 'vitest'
import type { Plan } from '../../../src/core/erasure/plan.ts'
import { isFresh, noteRead } from '../../../src/tasks/erasure/held.ts'

const plan: Plan = {
  occasion: 'request',
  items: [],
  suggestions: [],
  unreachable: [],
  warnings: [],
  connections: ['salesforce', 'hubspot'],
  anonymises: [],
  calls: 0,
  minutes: 0,
  large: false,
  digest: 'd',
}
const hour = 3_600_000
const read = { plan, step: '1:salesforce', at: { wall: 10 * hour, monotonic: hour } }
const after = (wall: number, monotonic = wall) => ({ ...read, at: { wall: read.at.wall + wall, monotonic: read.at.monotonic + monotonic } })
noteRead(read)

it.each([
  ['is believed a moment later', after(59_999), true],
  ['is not believed a minute later', after(60_000), false],
  ['is not believed by a clock that was set back', after(-hour, 1_000), false],
  ['is not believed by a clock that was set back and has caught up', after(12_000, hour), false],
  ['is not believed by a machine that slept in between', after(hour, 1_000), false],
  ['is not believed at another CRM', { ...after(1), step: '1:hubspot' }, false],
  ['is not believed in another round', { ...after(1), step: '2:salesforce' }, false],
  ['is not believed of a plan that was loaded again', { ...after(1), plan: { ...plan } }, false],
])('%s', (_, reading, believed) => {
  expect(isFresh(reading)).toBe(believed)
})

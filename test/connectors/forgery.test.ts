/** A few thousand of what `npm run prove -- forgery` tries a million times. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { forgeInProcess, wycheproof } from '../prove/forgery.ts'
import { attackXml } from '../prove/hostile-xml.ts'
import { extend } from '../prove/length-extension.ts'

const say = () => undefined

it('Every vector of Project Wycheproof is taken or refused as it should be', () => {
  expect(wycheproof()).toEqual({ trials: 174, violations: [] })
})

it('No forged delivery is believed, and each genuine one is', () => {
  expect(forgeInProcess({ seed: 11, forged: 4_000, true: 200, say })).toEqual({ trials: 4_400, violations: [] })
})

it('Hostile XML is refused, and mutated messages do no harm', async () => {
  expect((await attackXml({ seed: 12, mutations: 200, say })).violations.filter((one) => !one.endsWith(' ms'))).toEqual([])
})

it('A hash over a secret can be lengthened by whoever does not know it', () => {
  const hex = '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8' // of "password"
  const forged = extend(hex, 4, Buffer.from('word'), Buffer.from('!'))
  expect(forged.hex).toBe(createHash('sha256').update('pass').update(forged.message).digest('hex'))
  expect(forged.message.toString('latin1')).toBe(`word\u0080${'\0'.repeat(54)}\u0040!`)
})

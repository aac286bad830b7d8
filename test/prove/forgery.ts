/** Deliveries that nobody signed, in every way we know to make one: none is believed. Those that are genuine are, all of them. */
import { readFileSync } from 'node:fs'
import { hubspot } from '../../src/connectors/hubspot/index.ts'
import { hasMac } from '../../src/connectors/hubspot/signature.ts'
import { testDeps } from '../connectors/deps.ts'
import { deliveryOf, forgeries, genuine, portalId, publicUrl, secrets } from './forgery-deliveries.ts'
import { attackXml } from './hostile-xml.ts'
import type { Proof } from './proof.ts'
import { randomFrom } from './random.ts'

export const forgery: Proof = async ({ short, seed, say }) => {
  // The service and its database are loaded for this part alone: the others are tests as well.
  const { forgeOverHttp } = await import('./forgery-http.ts')
  const parts = [
    wycheproof(),
    forgeInProcess({ seed, forged: short ? 100_000 : 1_000_000, true: short ? 2_000 : 10_000, say }),
    await attackXml({ seed, mutations: short ? 1_000 : 5_000, say }),
    await forgeOverHttp({ seed, forged: short ? 2_000 : 20_000, say }),
  ]
  return { trials: parts.reduce((sum, part) => sum + part.trials, 0), violations: parts.flatMap(({ violations }) => violations) }
}

type Vectors = {
  testGroups: { tagSize: number; tests: { tcId: number; key: string; msg: string; tag: string; result: 'valid' | 'invalid' }[] }[]
}

/** Project Wycheproof: a tag of 256 bits is taken when it is valid; one that was cut to 128 never is. */
export function wycheproof(): { trials: number; violations: string[] } {
  const file = new URL('../vectors/hmac_sha256_test.json', import.meta.url)
  const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as Vectors
  const tests = testGroups.flatMap(({ tagSize, tests: group }) => group.map((test) => ({ ...test, tagSize })))
  const violations = tests.flatMap(({ tcId, key, msg, tag, result, tagSize }) => {
    const taken = hasMac(Buffer.from(key, 'hex'), [Buffer.from(msg, 'hex')], Buffer.from(tag, 'hex').toString('base64'))
    return taken === (result === 'valid' && tagSize === 256) ? [] : [`Wycheproof vector ${tcId}`]
  })
  if (tests.length !== 174) violations.push(`${tests.length} Wycheproof vectors instead of 174`)
  return { trials: tests.length, violations }
}

type Options = { seed: number; forged: number; true: number; say: (line: string) => void }

export function forgeInProcess({ seed, forged, true: good, say }: Options): { trials: number; violations: string[] } {
  const random = randomFrom(seed)
  const now = Date.parse('2026-11-20T12:00:00Z')
  const deps = { ...testDeps(now), log: () => undefined, publicUrl }
  const connected = (more: object) => {
    const webhooks = { secrets: [...secrets], portalId: String(portalId), ...more }
    return hubspot.connect('hubspot', hubspot.settings.parse({ auth: { token: 'x' }, webhooks }), deps).webhooks!
  }
  const [strict, lax] = [connected({}), connected({ acceptV1: true, acceptV2: true })]
  const violations: string[] = []
  const attempt = (what: string, wanted: string, run: () => { outcome: string }): void => {
    try {
      const { outcome } = run()
      if (outcome !== wanted) violations.push(`${what}: ${outcome}`)
    } catch (error) {
      violations.push(`${what}: threw ${error instanceof Error ? error.name : 'something'}`)
    }
  }
  for (let trial = 0; trial < good; trial++) {
    const one = genuine(random, now - 300_000 + random(600_001))
    for (const webhooks of [strict, lax]) attempt('a genuine delivery', 'genuine', () => webhooks.open(deliveryOf(one)))
  }
  const kinds = Object.entries(forgeries)
  const pool = Array.from({ length: 500 }, () => genuine(random, now - 1 - random(1_000)))
  for (let trial = 0; trial < forged; trial++) {
    const [kind, { lax: both, make }] = kinds[trial % kinds.length]!
    const delivery = deliveryOf(make(pool[random(pool.length)]!, random))
    const webhooks = both && random(2) === 0 ? lax : strict
    attempt(kind, 'refused', () => webhooks.open(delivery))
  }
  say(`${good} genuine, ${forged} forged in ${kinds.length} ways, in process`)
  return { trials: good * 2 + forged, violations }
}

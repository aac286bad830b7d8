import { expect, it } from 'vitest'
import type { ConsentInput, ConsentOutcome } from '../../../src/core/consent/judge.ts'
import { createKnownOutcomes } from '../../../src/core/judge/known-outcomes.ts'
import type { Choices } from '../../../src/core/policy/permission-table.ts'

const choices: readonly Choices[] = [0, 1, 2, 2].map((number) => ({ byPair: [], number }))
const inputOf = (at: number, reach: number, code: number): ConsentInput => ({
  facts: [],
  suppressed: false,
  gates: { marketing: null, service: null, code, standing: new Set() },
  choices: choices[at] as Choices,
  unreadable: new Uint8Array(),
  allReadable: true,
  reachable: new Uint8Array(),
  reach,
})
const outcomeOf = (codes: Uint8Array, { choices: chosen, reach, gates }: ConsentInput): ConsentOutcome => {
  const lawfulBases = [`${codes.join()} ${choices.indexOf(chosen)} ${reach} ${gates.code}`]
  return { views: [], permissions: [], lawfulBases, anyAllowed: false }
}

it('gives what follows from the very numbers it is asked about, be they new, known, or pushed out meanwhile', () => {
  let concluded = 0
  const known = createKnownOutcomes((codes, input) => {
    concluded++
    return outcomeOf(codes, input)
  })
  const codes = new Uint8Array(17)
  const wrong: string[] = []
  // 7,500 combinations in all, more than are kept, each asked for twice in a row and again a while later.
  for (let i = 0; i < 30_000; i++) {
    const turn = Math.floor(i / 2) % 7_500
    for (let pair = 0; pair < codes.length; pair++) codes[pair] = (turn >> pair) % 64
    const input = inputOf(turn % 4, turn % 15, turn % 3)
    const [told] = known(codes, input).lawfulBases
    if (told !== outcomeOf(codes, input).lawfulBases[0]) wrong.push(`${i}: ${told}`)
  }
  expect([wrong, concluded > 7_500, concluded <= 15_000]).toEqual([[], true, true])
})

it('keeps apart what differs in one number only', () => {
  const known = createKnownOutcomes(outcomeOf)
  const given = Array.from({ length: 64 * 7 }, (_, i) => ({ pair: i % 7, code: Math.floor(i / 7) }))
  const ask = ({ pair, code }: (typeof given)[number]): string | undefined => {
    const codes = new Uint8Array(7)
    codes[pair] = code
    return known(codes, inputOf(0, 0, 0)).lawfulBases[0]
  }
  const first = given.map(ask)
  expect([given.map(ask), new Set(first).size]).toEqual([first, 7 * 63 + 1])
})
